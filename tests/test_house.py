"""The walls of the house that import rules alone cannot see."""

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.sources import by_kind, kinds_of, nodes, parsed

ROOT = Path(__file__).resolve().parent.parent
CORE = ("crypto", "policies", "contracts", "catalog")
ROOMS = (*CORE, "connector")

# (object, attribute) pairs that read a clock, a file, the environment or hidden randomness
IMPURE = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("os", "urandom"),
    ("os", "environ"),
    ("os", "getenv"),
    ("uuid", "uuid1"),
    ("uuid", "uuid4"),
}
IMPURE_CALLS = {"open", "print", "input"}
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
Kinds = Mapping[type[Any], list[Any]]  # the nodes of a tree
CORE_FILES = [path for path in FILES if path.relative_to(ROOT).parts[0] in CORE]


def _impure(kinds: Kinds) -> list[str]:
    return [
        f"line {node.lineno}: {node.value.id}.{node.attr}"
        for node in kinds.get(ast.Attribute, ())
        if isinstance(node.value, ast.Name) and (node.value.id, node.attr) in IMPURE
    ] + [
        f"line {node.lineno}: {node.func.id}()"
        for node in kinds.get(ast.Call, ())
        if isinstance(node.func, ast.Name) and node.func.id in IMPURE_CALLS
    ]


def test_the_core_reads_no_clock_no_file_and_no_hidden_randomness():
    """Time, entropy and bytes reach the four lower rooms as arguments only."""
    found = {str(path.relative_to(ROOT)): _impure(kinds_of(path)) for path in CORE_FILES}
    assert {here: at for here, at in found.items() if at} == {}


def test_the_check_for_impurity_can_fail():
    """The rule above finds what it looks for."""
    source = "import datetime, os\nx = datetime.now()\ny = os.urandom(4)\nopen('f')\n"
    assert len(_impure(by_kind(ast.parse(source)))) == 3


def test_there_is_no_sixth_package():
    """The top level holds the five rooms, the tests and the benchmarks, and no other package."""
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages <= {*ROOMS, "tests", "benchmarks"}
    assert set(ROOMS) <= packages


# The standard library's readers of instants and addresses raise what nobody expects of a stranger's
# text, and differ between its versions: each has one place, where what they raise becomes our error.
READERS = {
    "fromisoformat": "",
    "strptime": "",
    "parsedate_to_datetime": "",
    "urlparse": "",
    "urlsplit": "",
    "urldefrag": "",
    "urljoin": "crypto/url.py",
    "getaddrinfo": "connector/http/addresses.py",
}


def _readers(kinds: Kinds) -> set[str]:
    named = {node.attr for node in kinds.get(ast.Attribute, ())}
    named |= {node.id for node in kinds.get(ast.Name, ())}
    named |= {alias.name for node in kinds.get(ast.ImportFrom, ()) for alias in node.names}
    return named & set(READERS)


def test_instants_and_addresses_are_read_in_one_place():
    """A text becomes a moment in `crypto.instants` and a URL in `crypto.url`, nowhere else."""
    found = {
        (name, here)
        for path in FILES
        for here in [str(path.relative_to(ROOT))]
        for name in _readers(kinds_of(path))
        if READERS[name] != here
    }
    assert found == set()


def test_the_check_for_readers_can_fail():
    """The rule above finds what it looks for, however it is imported."""
    source = (
        "from urllib.parse import urlsplit as s\nimport datetime, urllib.parse\n"
        "s(x)\ndatetime.datetime.fromisoformat(x)\nurllib.parse.urlparse(x)\n"
    )
    assert _readers(by_kind(ast.parse(source))) == {"urlsplit", "fromisoformat", "urlparse"}


WRITTEN = [path for path in FILES if path.parent.name != "versions"]  # migrations are generated


def test_no_file_outgrows_its_author():
    """A file over 300 lines says in its docstring why it is one file; none passes 500.

    But the one that an auditor takes and runs alone: it has no neighbours to move anything to.
    """
    for path in WRITTEN:
        here = path.relative_to(ROOT)
        lines = path.read_text(encoding="utf-8").count("\n")
        most = 1520 if path == ROOT / "connector" / "areas" / "audit" / "verify.py" else 500
        assert lines <= most, f"{here}: {lines} lines: move walls"
        if lines > 300:
            docstring = ast.get_docstring(parsed(path)) or ""
            assert "one file because" in docstring, f"{here}: {lines} lines and no word on why"


def test_only_one_file_imports_phe():
    """The library phe is GPL-3.0; the rest of Voile is Apache-2.0 and does not import it."""
    importers = []
    for path in FILES:
        for node in nodes(path, ast.Import, ast.ImportFrom):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            if any(name.split(".")[0] == "phe" for name in names):
                importers.append(str(path.relative_to(ROOT)))
    assert set(importers) <= {"crypto/_hazmat/phe_interop.py"}
