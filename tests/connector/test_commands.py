"""Commands follow from the operations: each has one or a reason, and nothing is said twice."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import typer

from connector.compose.describing import AREAS, describing_commands, operations
from connector.faces.cli import single as building
from connector.faces.cli.client import Failed, put
from connector.faces.cli.declared import FILE, declared
from connector.faces.cli.does import does, sentence
from connector.faces.cli.help_zh_own import SHARED, WORDS
from connector.faces.cli.helping import helping
from connector.faces.cli.single import Spelled, single
from connector.faces.cli.tongue import speaking
from connector.process.actor import ROLES
from crypto.words import LANGUAGES
from policies.profile import PURPOSES
from tests.connector.test_help_words import ALL, CHINESE, ROOT, own_of
from tests.sources import nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.simulators import Party

# operations that no command is of, and why
WITHOUT = {
    "delivery.show": "`voile transfer fetch` asks it until the file is there",
    "draft.begin": "a page of the console: `voile product draft` begins one in an editor",
    "draft.cancel": "a page of the console",
    "draft.columns": "a page of the console: in an editor it is the product file",
    "draft.drop": "a page of the console",
    "draft.list": "a page of the console",
    "draft.offer": "a page of the console: in an editor it is the product file",
    "draft.preview": "a page of the console; `voile publish --check` tells the same",
    "draft.publish": "a page of the console; `voile publish` does the same",
    "draft.read": "a page of the console",
    "draft.show": "a page of the console",
    "listing.search": "for a page of the operator's own; members search by `voile search`",
    "node.openapi": "a document for programs",
    "node.show": "`voile doctor` says it, of a node that stands still, too",
    "node.traffic": "counts for programs; the metrics have them, too",
    "product.refresh": "`voile publish --refresh PRODUCT`",
    "product.show": "`voile products PRODUCT`",
    "product.watch": "`voile publish` asks it until the table is there",
    "status.pushes": "`voile hub status --serial`, and each decision with --wait",
    "transfer.show": "`voile transfer start --wait` and `transfer send` ask it",
}
# fields that are documents: a command for such an operation is written by hand
DOCUMENTS = {
    "negotiation.open": "policy",
    "transfer.open": "data_address",
    "draft.offer": "about",
}
VERBS = {"get", "post", "delete", "call"}  # of the client of the management API
FACES = sorted((ROOT / "connector" / "faces" / "cli").glob("*.py"))


def done(command: Any) -> Any:
    """What a command of Typer does of the operations, if it does."""
    return vars(command.callback).get("does") if command.callback else None


DOING = {path: found for path, (command, _) in ALL.items() if (found := done(command))}


def test_what_commands_read_is_what_is_declared():
    """`python -m connector.compose.describing` has been run."""
    assert describing_commands.FILE == FILE
    everything = (one for who in AREAS for one in operations(who))
    assert FILE.read_text(encoding="utf-8") == describing_commands.written(everything)
    names = {one.name: one for who in AREAS for one in operations(who)}
    assert set(declared()) == set(names)
    for name, one in declared().items():
        expected = names[name]
        assert (one.method, one.path) == (expected.method, expected.path)
        for language in LANGUAGES:
            assert one.words.said(language) == expected.words.said(language)


def test_words_that_list_codes_list_all_of_them():
    """Purposes of questions and roles of keys, as the program knows them."""
    for operation, field, codes in (
        ("question.ask", "purpose", [*PURPOSES]),
        ("key.add", "roles", [*ROLES]),
    ):
        found = declared()[operation].field(field)
        assert found
        assert re.findall("[A-Za-z]+", found.words.zh.removesuffix(" IRI")) == codes
        assert re.findall("[A-Za-z]+", found.words.en.split(": ")[1].split(";")[0]) == codes


def test_every_operation_has_a_command_or_a_reason():
    """A new one is missing here until it has either; a reason that is none any more is found."""
    commanded = {found.operation.name for found in DOING.values()}
    commanded |= {found.also.name for found in DOING.values() if found.also}
    assert commanded | set(WITHOUT) == set(declared())
    assert commanded & set(WITHOUT) == set()
    assert all(WITHOUT.values())


def test_what_a_command_says_of_a_field_is_of_one():
    """A name that the operation does not have would be said of nothing."""
    for path, found in DOING.items():
        names = {item.name for item in ALL[path][0].params}
        assert set(found.more) <= names, path
        assert {*found.fields} <= names, path
        assert [one for one in found.fields if not found.field(one)] == []


def literals(sources: list[Any]) -> Iterator[str]:
    """English words of arguments, options and groups, as they stand in the source."""
    for path in sources:
        for node in nodes(path, ast.keyword):
            if node.arg == "help":
                yield ast.literal_eval(node.value)


@pytest.mark.long
def test_no_help_is_written_twice():
    """Neither what an operation says already, nor the same beside two options or in two rows."""
    declares = [*declared().values()]
    fields = [each.words for one in declares for each in one.fields]
    known = {sentence(words.en) for words in (*fields, *(one.words for one in declares))}
    own = {
        item.help
        for path, (command, _) in ALL.items()
        for item in command.params
        if item.opts[0] in own_of(path)
    }
    own |= {command.help for path, (command, _) in ALL.items() if path not in DOING}
    assert len(own) > 50
    assert own & known == set()
    assert [text for text, count in Counter(literals(FACES)).items() if count > 1] == []
    chinese = {words.zh for words in (*fields, *(one.words for one in declares))}
    tables = (ROOT / "connector" / "faces" / "cli" / "help_zh_own.py").read_text(encoding="utf-8")
    rows = [
        node.value
        for node in ast.walk(ast.parse(tables))
        if isinstance(node, ast.Constant) and CHINESE.search(str(node.value))
    ]
    assert [text for text, count in Counter(rows).items() if count > 1] == []
    said = {text for each in WORDS.values() for text in (each.does, *each.of.values())}
    assert ({*rows, *SHARED.values()} | said) & chinese == set()


def test_no_command_words_its_operation_itself():
    """The docstring of such a function is about the function."""
    for path, found in DOING.items():
        own = (ALL[path][0].callback.__doc__ or "").rstrip(".").casefold()
        assert not own or own not in found.words.en.casefold(), path


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("end a negotiation", "End a negotiation."),
        ("why: told to the firm", "Why: told to the firm."),
        ("did:web:… of the provider", "did:web:… of the provider."),
        ("@id of the agreement", "@id of the agreement."),
        ("SELECT … FROM … [WHERE …] …", "SELECT … FROM … [WHERE …] …"),
        ("draw keys\n\nThey are used later.", "Draw keys.\n\nThey are used later."),
    ],
)
def test_words_become_a_sentence(words: str, expected: str):
    """English words begin lower case and have no stop; help is in sentences, names stay."""
    assert sentence(words) == expected


@pytest.mark.parametrize("path", DOING)
def test_a_command_begins_with_the_words_of_its_operation(path: str):
    """In both languages, but where a command is another thing than the operation."""
    found = DOING[path]
    if path == "transfer send":
        return
    assert found.words.zh.startswith(found.operation.words.zh)
    assert found.words.en.startswith(found.operation.words.en)


def app_of(*commands: tuple[str, Callable[..., None]]) -> Any:
    """A command line with these commands, as `connector.faces.cli` builds one."""
    app = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
    for name, function in commands:
        app.command(name)(function)
    app.callback()(lambda: None)
    helping(app)
    return typer.main.get_command(app)


@pytest.mark.parametrize("name", declared())
def test_a_command_of_any_operation_costs_no_more_than_a_printer(name: str):
    """Each field that can be typed is a parameter with its words, and required where it must be."""
    if name in DOCUMENTS:
        with pytest.raises(TypeError, match=DOCUMENTS[name]):
            single(name, put)
        return
    one = declared()[name]
    made = app_of(("it", single(name, put))).commands["it"]
    assert made.help == sentence(one.words.en)
    assert made.declared.does == one.words
    taken = {item.name: item for item in made.params}
    for each in one.fields:
        if each.name == "lang":
            continue
        known = each.name.removesuffix("_id") if each.place == "path" else each.name
        item = taken.pop(known)
        assert item.required is each.required
        assert item.help == sentence(each.words.en)
        assert made.declared.of[known] == each.words
        assert item.param_type_name == ("argument" if each.place == "path" else "option")
    assert set(taken) == {"home", "_lang", "as_json"}


@pytest.fixture
def acme(party: Callable[..., Party], monkeypatch: pytest.MonkeyPatch) -> Party:
    """A participant; single commands call it without a socket."""
    made = party("acme", areas=AREAS["participant"])

    class Direct:
        def call(self, method: str, path: str, value: object | None = None) -> Any:
            status, found = made.manage(method, path, value)
            if status >= 400:
                raise Failed(status, found)
            return found

    monkeypatch.setattr(building, "management", lambda _home: Direct())
    return made


def run(command: Any, *words: str) -> int:
    """Run a line as the console script does; give the exit code."""
    code = command.main([*words, "--home", "home"], standalone_mode=False)
    return code if isinstance(code, int) else 0


def test_a_command_sends_what_is_declared_and_prints_the_reply(
    acme: Party, capsys: pytest.CaptureFixture[str]
):
    """Body, path and query from what was typed; one JSON value with `--json`, else the printer."""
    lines: list[Any] = []
    command = app_of(
        ("add", single("key.add", lines.append, spelled={"roles": Spelled("--role")})),
        ("revoke", single("key.revoke", lines.append)),
        ("list", single("key.list", lines.append)),
        ("sent", single("outbox.list", lines.append)),
    )
    assert run(command, "add", "--name", "a.b-c", "--role", "auditor", "--role", "steward") == 0
    assert lines[-1]["key"]["roles"] == ["steward", "auditor"]
    assert run(command, "revoke", "a.b-c") == 0
    assert lines[-1]["revoked"]
    assert run(command, "list", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in found["keys"]][1:] == ["a.b-c"]
    assert run(command, "sent", "--limit", "3", "--state", "parked") == 0
    assert lines[-1] == {"messages": [], "counts": {}}
    with pytest.raises(typer.BadParameter):
        run(command, "sent", "--limit", "1001")
    with pytest.raises(Failed) as caught:
        run(command, "revoke", "nobody")
    assert caught.value.status == 404


def test_a_command_speaks_the_language_of_the_line(acme: Party, monkeypatch: pytest.MonkeyPatch):
    """`lang` of a query is no option of its own."""
    sent: list[str] = []

    class Direct:
        def call(self, _method: str, path: str, _value: object | None = None) -> Any:
            sent.append(path)
            return {}

    monkeypatch.setattr(building, "management", lambda _home: Direct())
    command = app_of(("explain", single("process.explain", lambda _: None)))
    for lang in ("zh", "en"):
        with speaking(lang):
            run(command, "explain", "urn:uuid:a/b")
    assert sent == [f"/v1/explain/urn:uuid:a%2Fb?lang={lang}" for lang in ("zh", "en")]


def test_an_answer_can_be_a_failure(acme: Party):
    """The exit code says so, after it was printed."""
    lines: list[Any] = []
    command = app_of(("list", single("key.list", lines.append, failed=lambda _: True)))
    assert run(command, "list") == 1
    assert len(lines) == 1


def test_help_reads_the_declarations_and_imports_none():
    """Neither areas nor the room where operations are declared: the file alone."""
    program = (
        "import sys\nfrom connector.__main__ import main\n"
        "sys.argv = ['voile', 'agreements', 'end', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    loaded = done.stdout.splitlines()[-1].split()
    assert "connector.faces.cli.declared" in loaded
    rooms = re.compile(r"connector\.(areas|compose|engines|party|store|evidence)(\.|$)")
    assert [name for name in loaded if rooms.match(name)] == []


def places() -> Iterator[str]:
    """Routes that commands written by hand spell out; `*` for what is filled in."""
    for path in FACES:
        for node in nodes(path, ast.Call):
            if getattr(node.func, "attr", "") in VERBS:
                for each in node.args[:2]:
                    parts = each.values if isinstance(each, ast.JoinedStr) else [each]
                    texts = [getattr(part, "value", "*") for part in parts]
                    fixed = "".join(text if isinstance(text, str) else "*" for text in texts)
                    if fixed.startswith("/v1/"):
                        yield fixed.partition("?")[0]


def test_a_command_calls_only_what_is_declared():
    """A route that is none is found here, not by who types the command."""
    routes = [re.sub(r"\{\w+\}", "x", one.path) for one in declared().values()]
    called = set(places())
    assert len(called) > 15
    kinds = {place: re.escape(place).replace(r"\*", ".+") for place in called}
    assert [
        place
        for place, kind in kinds.items()
        if not any(re.fullmatch(kind, route) for route in routes)
    ] == []


def test_whoever_marks_a_command_names_an_operation():
    """A name that is none is found when the module is read."""
    with pytest.raises(KeyError):
        does("outbox.forget")
    with pytest.raises(KeyError):
        does("outbox.list", also="outbox.forget")
