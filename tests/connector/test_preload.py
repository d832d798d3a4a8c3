"""No import is left to a request: what functions import is there before a process listens."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.sources import nodes

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("connector", "catalog", "contracts", "policies", "crypto")
# commands and what only they call; test profiles; migrations are run before anything listens;
# what runs in a process of its own
ELSEWHERE = (
    "connector/faces/cli/",
    "connector/demo/",
    "connector/compose/profiles/",
    "connector/store/migrations/",
    "connector/store/make_migration.py",
    "connector/store/migrate.py",
    "connector/compose/doctor.py",
    "connector/party/home.py",
    "connector/client/",
    "connector/areas/products/contract_file.py",
    "connector/areas/products/contract_yaml.py",
    "connector/engines/workbook_child.py",
)
# what the one worker that publishes imports, and nobody beside it
OF_ONE_THREAD = {
    ("compression.zstd", "connector/engines/packing.py"),
    ("psycopg", "connector/engines/databases.py"),
    ("psycopg", "connector/engines/postgres_text.py"),
    ("sqlite3", "connector/engines/databases.py"),
}
# what nobody needs before a person signs in, each under a lock of its own: a console costs nothing
# until then
UNDER_A_LOCK = {
    ("argon2", "connector/areas/people/passwords.py"),
    ("argon2.exceptions", "connector/areas/people/passwords.py"),
    ("pyotp", "connector/areas/people/factors.py"),
    ("segno", "connector/areas/people/factors.py"),
    ("segno", "connector/areas/people/values.py"),
    ("stdnum", "connector/areas/hub/numbers.py"),
    ("stdnum.cn", "connector/areas/hub/numbers.py"),
    ("stdnum.eu", "connector/areas/hub/numbers.py"),
}
LOADED = """
import json, sys
from connector.compose import hub as operator
from connector.compose import participant
from connector.compose import server
from connector.compose.preload import preload
assert (participant if sys.argv[1] == "participant" else operator).AREAS
preload()
print(json.dumps(sorted(sys.modules)))
"""


@cache
def put_off() -> set[tuple[str, str]]:
    """Every module that a function of serving code imports, with the file that does."""
    found = set()
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if name.startswith(ELSEWHERE):
                continue
            for function in nodes(path, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda):
                found |= {(module, name) for module in imported(function)}
    return found


def imported(function: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            found.add(str(node.module))
    return found


@pytest.mark.long
@pytest.mark.parametrize("role", ["participant", "hub"])
def test_what_functions_import_is_loaded_before_a_process_listens(role: str) -> None:
    """Held against a fresh interpreter that has the areas of a role and what `serve` loads besides."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, role], capture_output=True, text=True, check=True, cwd=ROOT
    )
    loaded = set(json.loads(done.stdout))
    late = {(module, where) for module, where in put_off() if module not in loaded}
    assert late <= OF_ONE_THREAD | UNDER_A_LOCK


def test_the_search_finds_imports_inside_functions() -> None:
    """The rule above finds what it looks for."""
    assert ("duckdb", "connector/engines/duckdb/session.py") in put_off()
    source = "import a\ndef f():\n    import b.c\n    def g():\n        from d import e\n"
    (function, _) = (n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef))
    assert imported(function) == {"b.c", "d"}


@pytest.mark.long
def test_what_was_imported_is_left_out_of_every_full_collection() -> None:
    code = (
        "import gc\nfrom connector.compose import server\nfrom connector.compose.preload import preload\n"
        "preload()\nprint(gc.get_freeze_count(), len(gc.get_objects()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stderr == "", "what is frozen is not reported as leaked at the end"
    left_out, looked_at = map(int, done.stdout.split())
    assert left_out > 100 * looked_at
