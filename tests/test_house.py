"""The walls of the house that import rules alone cannot see."""

import ast
from pathlib import Path

import pytest

from tests.sources import parsed

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
CORE_FILES = [path for path in FILES if path.relative_to(ROOT).parts[0] in CORE]


def _impure(tree: ast.AST) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and (node.value.id, node.attr) in IMPURE
        ):
            found.append(f"line {node.lineno}: {node.value.id}.{node.attr}")
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in IMPURE_CALLS
        ):
            found.append(f"line {node.lineno}: {node.func.id}()")
    return found


@pytest.mark.parametrize("path", CORE_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_core_reads_no_clock_no_file_and_no_hidden_randomness(path: Path):
    """Time, entropy and bytes reach the four lower rooms as arguments only."""
    assert _impure(parsed(path)) == []


def test_the_check_for_impurity_can_fail():
    """The rule above finds what it looks for."""
    source = "import datetime, os\nx = datetime.now()\ny = os.urandom(4)\nopen('f')\n"
    assert len(_impure(ast.parse(source))) == 3


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


def _readers(tree: ast.AST) -> set[str]:
    named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    named |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            named |= {alias.name for alias in node.names}
    return named & set(READERS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_instants_and_addresses_are_read_in_one_place(path: Path):
    """A text becomes a moment in `crypto.instants` and a URL in `crypto.url`, nowhere else."""
    here = str(path.relative_to(ROOT))
    found = _readers(parsed(path))
    assert {name for name in found if READERS[name] != here} == set()


def test_the_check_for_readers_can_fail():
    """The rule above finds what it looks for, however it is imported."""
    source = (
        "from urllib.parse import urlsplit as s\nimport datetime, urllib.parse\n"
        "s(x)\ndatetime.datetime.fromisoformat(x)\nurllib.parse.urlparse(x)\n"
    )
    assert _readers(ast.parse(source)) == {"urlsplit", "fromisoformat", "urlparse"}


WRITTEN = [path for path in FILES if path.parent.name != "versions"]  # migrations are generated


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_outgrows_its_author(path: Path):
    """A file over 300 lines says in its docstring why it is one file; none passes 500.

    But the one that an auditor takes and runs alone: it has no neighbours to move anything to.
    """
    text = path.read_text(encoding="utf-8")
    lines = text.count("\n")
    most = 1520 if path == ROOT / "connector" / "areas" / "audit" / "verify.py" else 500
    assert lines <= most, f"{lines} lines: move walls"
    if lines > 300:
        docstring = ast.get_docstring(ast.parse(text)) or ""
        assert "one file because" in docstring, f"{lines} lines and no word on why"


def test_only_one_file_imports_phe():
    """The library phe is GPL-3.0; the rest of Voile is Apache-2.0 and does not import it."""
    importers = []
    for path in FILES:
        for node in ast.walk(parsed(path)):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            if any(name.split(".")[0] == "phe" for name in names):
                importers.append(str(path.relative_to(ROOT)))
    assert set(importers) <= {"crypto/_hazmat/phe_interop.py"}
