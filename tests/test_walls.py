"""The walls inside connector/, computed from the source: which room imports which at run time.

`walls.toml` says the order; import-linter holds the imports to it. Here the graph itself is looked
at, imports inside functions and the words of areas included.
"""

from __future__ import annotations

import ast
import gc
import re
import subprocess
import sys
import tomllib
import weakref
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from connector.compose import hub, participant
from connector.compose.tables import metadata, tables
from tests.areas import DSP, OWN, PRODUCTS
from tests.simulators import Net, Party
from tests.sources import nodes, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.simulators import StandingClock

ROOT = Path(__file__).resolve().parent.parent
AREAS = "connector.areas."
FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in (ROOT / "connector").rglob("*.py")
}
# values that hold something of a node or of a process, if they are made once for all
HOLDERS = {"dict", "list", "set", "defaultdict", "WeakKeyDictionary", "WeakValueDictionary"}
HOLDERS |= {"Lock", "RLock", "Condition", "Event", "Queue", "Counter", "deque", "local"}


def room_of(module: str) -> str:
    """The room, or the area, that a module of connector/ lies in."""
    parts = module.split(".")
    return ".".join(parts[: 3 if module.startswith(AREAS) else 2])


def imports(tree: ast.AST) -> Iterator[str]:
    """Every module, or name of one, that a file imports when it runs."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in FILES else node.module
        else:  # an import is a statement: none stands in an expression
            waiting += [one for one in ast.iter_child_nodes(node) if not isinstance(one, ast.expr)]


def graph(trees: dict[str, ast.Module]) -> dict[str, set[str]]:
    """Which room imports which others."""
    found: dict[str, set[str]] = {}
    for module, tree in trees.items():
        mine = room_of(module)
        others = {room_of(name) for name in imports(tree) if name in FILES}
        found.setdefault(mine, set()).update(others - {mine, "connector"})
    return found


SOURCES = {module: path.read_text(encoding="utf-8") for module, path in FILES.items()}


def trees() -> dict[str, ast.Module]:
    """Every module of connector/, parsed."""
    return {module: parsed(path) for module, path in FILES.items()}


def test_the_rooms_import_each_other_in_no_circle():
    """A circle of imports at run time would be one room with many doors."""
    assert list(TopologicalSorter(graph(trees())).static_order())


def test_a_circle_would_be_found():
    """An import inside a function of the lowest room is enough."""
    more = "\ndef late():\n    from connector.areas import dsp\n"
    low = "connector.process.errors"
    with pytest.raises(CycleError):
        list(
            TopologicalSorter(
                graph({**trees(), low: ast.parse(SOURCES[low] + more)})
            ).static_order()
        )


def test_every_room_and_every_area_stands_in_the_order():
    """No exception is listed, and nothing is left out."""
    contracts = tomllib.loads((ROOT / "walls.toml").read_text())["tool"]["importlinter"]
    for contract in contracts["contracts"]:
        assert not {"ignore_imports", "unmatched_ignore_imports_alerting"} & contract.keys()
    rooms, areas = contracts["contracts"][:2]
    listed = {name.strip() for layer in rooms["layers"] for name in layer.split("|")}
    there = {module.split(".")[1] for module in FILES if module.count(".")}
    assert listed == there
    assert set(areas["layers"]) == {
        module.split(".")[2] for module in FILES if module.startswith(AREAS)
    }
    guarded = {name for c in contracts["contracts"][2:] for name in c["protected_modules"]}
    engines = {"connector.engines.duckdb.*"}
    assert guarded == {f"{AREAS}{name}.*" for name in areas["layers"]} | engines


def _loaders(path: Path) -> list[str]:
    return [
        f"line {node.lineno}: {name}"
        for node in nodes(path, ast.Call)
        for name in [getattr(node.func, "id", getattr(node.func, "attr", ""))]
        if name in {"import_module", "__import__"}
    ]


def test_nothing_is_found_by_its_name_at_run_time():
    """An import that stands in no import statement escapes every wall; four have a reason."""
    reasons = {
        "connector.compose.describing_errors": 1,  # writes a page of what all modules keep
        "connector.compose.preload": 1,  # names what must be imported before it listens
        "connector.faces.cli.parts": 1,  # its table of parts is held against what they register
        "connector.demo.altered": 3,  # the attackers of the demonstration alter their own program
    }
    found = {module: _loaders(path) for module, path in FILES.items()}
    assert {module: len(at) for module, at in found.items() if at} == reasons, found


def _held(tree: ast.Module) -> list[str]:
    """Module-level names for values that can be filled while the program runs."""
    found = []
    for node in tree.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        value = node.value
        empty = isinstance(value, ast.Dict | ast.List | ast.Set) and not (
            getattr(value, "keys", None) or getattr(value, "elts", None)
        )
        called = isinstance(value, ast.Call) and (
            getattr(value.func, "id", getattr(value.func, "attr", "")) in HOLDERS
        )
        if empty or called:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found += [ast.unparse(target) for target in targets]
    return found


def test_no_area_keeps_anything_for_the_whole_process():
    """What belongs to a node hangs on the node; statements made once are no node's."""
    allowed = {"connector.areas.dsp.processes": ["_updates"]}  # prepared statements
    found = {module: _held(tree) for module, tree in trees().items() if module.startswith(AREAS)}
    assert {module: names for module, names in found.items() if names} == allowed


def test_a_registry_would_be_found():
    """In each of its forms."""
    source = (
        "A = {}\nB: Final[dict[str, int]] = {}\nC = WeakKeyDictionary()\nD = threading.Lock()\n"
    )
    assert _held(ast.parse(source)) == ["A", "B", "C", "D"]
    assert not _held(ast.parse("A = {1: 2}\nB = frozenset()\nC = re.compile('x')\n"))


def test_every_table_belongs_to_the_store_or_to_one_area():
    """A migration sees each, and nobody else's area writes it."""
    assert {row.__table__ for row in tables()} == set(metadata().tables.values())  # type: ignore[attr-defined]
    areas = {*participant.AREAS, *hub.AREAS}
    rows = [row for area in areas for row in area.tables]
    assert len(rows) == len(set(rows))


def _opened_and_closed(folder: Path, clock: StandingClock, areas: Any) -> list[weakref.ref[Any]]:
    made = Party.make(folder, "acme", Net(), clock, areas=areas)
    for worker in made.apps.workers:
        worker.start()
    for worker in made.apps.workers:
        worker.stop()
    made.node.close()
    return [weakref.ref(value) for value in (made.node, made.node.db, made.node.peers)]


@pytest.mark.parametrize("areas", [participant.AREAS, (OWN, PRODUCTS, DSP)])
def test_a_closed_node_can_be_collected(areas: Any, tmp_path: Path, clock: StandingClock):
    """Nothing of the process holds on to a node, its keys or its database."""
    seen = _opened_and_closed(tmp_path, clock, areas)
    gc.collect()
    assert [ref() for ref in seen] == [None, None, None]


def test_the_command_line_starts_without_what_works():
    """Help costs a quarter of a second: no engine, no database, no server is imported for it."""
    program = (
        "import sys, connector.__main__; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    heavy = {"duckdb", "sqlglot", "sqlalchemy", "sqlmodel", "flask", "waitress", "cryptography"}
    assert not heavy & set(done.stdout.split())


def test_threads_are_jobs():
    """Work in the background is a job; who else starts a thread has a reason."""
    reasons = {
        "connector.process.job": "the jobs",
        "connector.identity.spending": "a timer: what was spent is written down once a while",
        "connector.http.watchdog": "one for all sockets, made with the first",
        "connector.compose.server": "the listeners",
        "connector.engines.duckdb.session": "tells how far a query is",
        "connector.demo.bound": "waits for the end of the demonstration, below any node",
        "connector.demo.steps.audit": "the demonstration runs commands side by side",
        "connector.demo.steps.revoke": "the demonstration asks while it revokes",
    }
    found = {
        module
        for module, source in SOURCES.items()
        if re.search(r"\b(ThreadPoolExecutor|Thread|threading\.Timer)\(", source)
    }
    assert found == set(reasons)


def test_processes_have_a_reason():
    """What is started beside us is ended with us, and for a reason."""
    reasons = {
        "connector.engines.workbook_process": "a workbook may end what reads it",
        "connector.compose.make_migration": "puts a new migration in form, for who wrote it",
        "connector.demo.data": "the demonstration makes data by its own program",
        "connector.demo.processes": "the demonstration runs several connectors",
    }
    found = {
        module
        for module, source in SOURCES.items()
        if re.search(
            r"\b(subprocess\.(run|Popen|check_\w+|call)|os\.fork|multiprocessing\.Process)\(",
            source,
        )
    }
    assert found == set(reasons)
