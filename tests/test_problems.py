"""Every error says in both languages what is wrong and what to do, with the facts that it needs."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from connector.compose.describing import ERRORS
from connector.compose.describing_errors import ROOMS, modules, problems, written
from crypto.errors import VoileError
from crypto.problem import Problem
from crypto.words import LANGUAGES, MISSING, NOTHING, Words, verbatim
from policies.errors import QueryError
from policies.phrases import PHRASES, line
from policies.reasons import Reason
from policies.sql import parse
from tests.sources import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*")
HAN = re.compile(r"[\u4e00-\u9fff]")
# raised for programmers, or named for what it says of a bundle: never shown in words of ours
OTHERS = {"Wrong", "Reason", "Check", "Finding"}
# where words are made: of texts that are escaped, or of names of our own
ESCAPED = ["connector/store/check_words.py", "connector/store/secrets.py", "crypto/words.py"]
LOGGING = {"info", "warning", "error", "exception"}  # what is logged has a name, and is English

KEPT = {
    (module.__name__, name): problem
    for module in modules()
    for name, problem in problems(module).items()
}


def sources() -> Iterator[Path]:
    """Every module of the five rooms."""
    for room in ROOMS:
        yield from sorted((ROOT / room).rglob("*.py"))


def tables(path: Path) -> dict[str, str]:
    """The modules `problems…` that a module imports: full name by the name that it uses."""
    found = {}
    for node in nodes(path, ast.ImportFrom):
        if node.module:
            for alias in node.names:
                if alias.name.startswith("problems"):
                    found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return found


def uses(path: Path) -> list[tuple[ast.Attribute, tuple[str, str]]]:
    """Where a module names a problem."""
    known = tables(path)
    return [
        (node, (known[node.value.id], node.attr))
        for node in nodes(path, ast.Attribute)
        if isinstance(node.value, ast.Name) and node.value.id in known
    ]


@pytest.mark.parametrize("where", sorted(KEPT), ids=".".join)
def test_a_problem_is_said_in_both_languages(where: tuple[str, str]) -> None:
    """Chinese is Chinese, English has none, both need the same facts, the code is spelled alike."""
    problem = KEPT[where]
    assert not problem.code or CODE.fullmatch(problem.code)
    for words in (problem.says, problem.next):
        if words == NOTHING and words is problem.next:
            continue
        assert HAN.search(words.zh)
        assert not HAN.search(words.en)
        assert words.en
        assert not words.en.endswith(".")
        assert not words.zh.endswith("。")
        assert Words(words.zh, words.zh).places == Words(words.en, words.en).places


def test_a_code_is_one_areas() -> None:
    """No two modules keep a problem under one code, and none has the code of a reason's phrase."""
    homes: dict[str, set[str]] = {}
    for (module, _name), problem in KEPT.items():
        homes.setdefault(problem.code, set()).add(module.rpartition(".")[0])
    shared = {code: found for code, found in homes.items() if code and len(found) > 1}
    assert not shared
    own = {code: problem for (_where, problem) in KEPT.items() for code in [problem.code]}
    assert not {code for code in own if code in PHRASES and not code.startswith("policy.")}


def test_every_problem_is_raised() -> None:
    """A problem that nothing names is dead."""
    used = {name for path in sources() for _node, name in uses(path)}
    assert not set(KEPT) - used


def test_an_error_is_raised_with_all_its_facts() -> None:
    """Who makes an error of a problem gives what its words need, by name."""
    lacking = []
    for path in sources():
        named = {id(node): name for node, name in uses(path)}
        for call in nodes(path, ast.Call):
            if not call.args or id(call.args[0]) not in named:
                continue
            callee = call.func.attr if isinstance(call.func, ast.Attribute) else call.func
            label = callee if isinstance(callee, str) else getattr(callee, "id", "")
            problem = KEPT.get(named[id(call.args[0])])
            given = {keyword.arg for keyword in call.keywords}
            given |= {"status"} if "peer_status" in given else set()
            if problem is None or not label[:1].isupper() or None in given:
                continue
            if missing := problem.places - given:
                lacking.append(f"{path.relative_to(ROOT)}:{call.lineno}: {sorted(missing)}")
    assert not lacking


def test_no_error_is_worded_where_it_is_raised() -> None:
    """Words stand in `problems`, in both languages; only a peer's are passed on as they came."""
    worded = []
    for path in sources():
        where = str(path.relative_to(ROOT))
        for call in nodes(path, ast.Call):
            if any(k.arg == "code" for k in call.keywords):
                label = getattr(call.func, "id", getattr(call.func, "attr", ""))
                if label not in OTHERS | LOGGING and call.args and _is_text(call.args[0]):
                    worded.append(f"{where}:{call.lineno}")
    assert not worded


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr | ast.BinOp) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def test_the_page_of_errors_is_up_to_date() -> None:
    """docs/errors.md says what the source says: `python -m connector.compose.describing`."""
    assert ERRORS.read_text(encoding="utf-8") == written()


def test_words_are_filled_in_a_language() -> None:
    """Lists have the comma of the language, what speaks both is asked, a lack shows as a dash."""
    words = Words("{whom} 缺少 {what}{{}}", "{whom} lacks {what}{{}}")
    facts = {"whom": Words("甲方", "the first party"), "what": ["a", "b"]}
    assert words.filled("zh", facts) == "甲方 缺少 a、b{}"
    assert words.filled("en", facts) == "the first party lacks a, b{}"
    assert words.filled("en", {}) == f"{MISSING} lacks {MISSING}{{}}"
    assert words.places == {"whom", "what"}
    reaching = Words("{a.b}", "{a[0].__class__}")
    assert reaching.filled("zh", {"a": "x"}) == "{a.b}"
    assert reaching.filled("en", {"a": "x"}) == "{a[0].__class__}"


@pytest.mark.parametrize("text", ["{", "}", "a}", "{x}", "{x:>2000000000}", "{x!r}", "{0}", "{{"])
def test_what_fills_a_place_is_never_a_text_with_places(text: str) -> None:
    """Whatever a peer, a question or a product file says stands in an error as it is."""
    problem = Problem(
        "x", Words("见 {it}：{why}", "see {it}: {why}"), Words("写 {it}", "write {it}")
    )
    why = line(Reason(code="question.undeclared-code", given=text, expected=f"A, {text}"))
    error = VoileError(problem, it=text, why=why)
    for language in LANGUAGES:
        assert error.said(language).count(text) >= 2
        assert error.following(language).endswith(text)
    with pytest.raises(QueryError) as refused:
        parse(f"SELECT COUNT(*) FROM t WHERE {text} = 1")
    assert len(refused.value.said("zh")) < 300
    assert VoileError(text, code="told").message == text
    assert Words(text, text).said("en")  # not well formed: still no error, and nothing made of it


def test_words_are_written_and_never_made() -> None:
    """A text that comes from elsewhere is `verbatim`: as `Words` it would be read for places."""
    made = {
        str(path.relative_to(ROOT))
        for path in sources()
        for call in nodes(path, ast.Call)
        if getattr(call.func, "id", "") == "Words"
        if not all(isinstance(one, ast.Constant) for one in call.args)
    }
    assert sorted(made) == ESCAPED


def test_an_error_speaks_both_languages_and_is_passed_on_whole() -> None:
    """What wraps it says the same, in either language; who knows better advises something else."""
    problem = Problem("x.y", Words("缺 {n}", "lacks {n}"), Words("补上", "add it"))
    inner = VoileError(problem, n=3)
    outer = VoileError(Problem("z", Words("{why}（行）", "{why} (row)")), why=inner)
    assert (outer.said("zh"), outer.message) == ("缺 3（行）", "lacks 3 (row)")
    assert (str(inner), inner.following("zh")) == ("lacks 3; add it", "补上")
    again = VoileError.of(inner).advise(Words("删去 {n}", "remove {n}"))
    assert (again.code, again.message, again.next_step) == ("x.y", "lacks 3", "remove 3")
    assert inner.next_step == "add it"
    told = VoileError("{odd} text", code="told", next_step="{x}")
    assert (told.said("zh"), told.following("en")) == ("{odd} text", "{x}")
    assert verbatim("", "") == NOTHING
