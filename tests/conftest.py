"""Fixtures for every test: vectors, a clock, a network in memory, parties on it."""

from __future__ import annotations

import atexit
import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from connector.faces.cli import client
from tests import memory, order, templates
from tests.postgres import databases
from tests.simulators import Net, Party, StandingClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parent.parent
LOOP = "--loop"
LEFT_OUT = pytest.StashKey[int]()
SELDOM = (10_000, 20, 20)  # a test makes more than a request does, and most of it lasts as long
EVERY = 5  # case of a sweep is in the loop


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """The developer's own VOILE_ variables do not reach a test."""
    for name in list(os.environ):
        if name.startswith("VOILE_") and name != "VOILE_VECTORS":
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _nothing_printed_yet() -> None:
    """A command that ran in this process is another process's, for the next test."""
    client.begin()


@pytest.fixture(autouse=True)
def _own_databases() -> Iterator[None]:
    """What a test made on PostgreSQL goes with it; what its module made stays for the next."""
    before = databases.mark()
    yield
    databases.give_back(before)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make test` is the loop; everything else runs all tests."""
    parser.addoption(LOOP, action="store_true", help="leave out what is marked long")


def pytest_configure(config: pytest.Config) -> None:
    """Applications are made by the thousand here, by the one in a process that serves; so are files."""
    memory.use(os.environ)
    templates.routes_compiled_once()
    templates.statements_compiled_once()
    templates.pages_compiled_once()
    config.stash[LEFT_OUT] = 0


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What is imported and collected is here to stay: nobody looks through it for garbage.

    Nor often through what a test makes: a twelfth of the time of those that make much.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
        gc.set_threshold(*SELDOM)
        atexit.register(gc.unfreeze)  # libraries count what is left when the interpreter goes


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the files of slow tests, see `tests.order`.

    In the loop a long test runs only if it is asked for by its name, and of a sweep every fifth
    case; every test and case runs without `--loop`.
    """
    slow = {item.path for item in items if any(map(item.get_closest_marker, ("slow", "long")))}
    items.sort(key=lambda item: order.rank(_file(item.nodeid), slow=item.path in slow))
    if not config.getoption(LOOP) or any("::" in asked for asked in config.args):
        return
    left = {item.nodeid for item in items if item.get_closest_marker("long")}
    sweeps: dict[str, list[str]] = {}
    for item in items:
        if item.get_closest_marker("sweep"):
            sweeps.setdefault(item.nodeid.partition("[")[0], []).append(item.nodeid)
    for cases in sweeps.values():
        left |= {*cases} - {*cases[::EVERY]}
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in left])
    items[:] = [item for item in items if item.nodeid not in left]
    config.stash[LEFT_OUT] = len(left)
    getattr(config, "workeroutput", {})["left out"] = len(left)


def _file(nodeid: str) -> str:
    return nodeid.split("::", 1)[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object | None:
    """Have files that need the same thing done by one worker."""
    if config.getoption("dist") != "loadfile":
        return None
    return order.Files(config, log, loop=config.getoption(LOOP))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Hear from a worker how many it left out; all collect the same."""
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left out", 0)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say what was left out, and what runs it."""
    if count := config.stash[LEFT_OUT]:
        said = f"{count} long tests and cases left out: make test-all runs them, too, as CI does"
        terminalreporter.write_line(said)


def pytest_sessionfinish() -> None:
    """Leave nothing on the server."""
    databases.drop_all()


@pytest.fixture(scope="session")
def vectors() -> Path:
    """The folder of test vectors; tests that need it are skipped aloud where it is absent."""
    folder = Path(os.environ.get("VOILE_VECTORS", ROOT.parent / "shared" / "vectors"))
    if not folder.is_dir():
        pytest.skip(f"no test vectors at {folder}: set VOILE_VECTORS")
    return folder


@pytest.fixture
def clock() -> StandingClock:
    """A clock that stands until it is advanced."""
    return StandingClock()


@pytest.fixture
def net() -> Net:
    """A network in memory."""
    return Net()


@pytest.fixture
def party(tmp_path: Path, net: Net, clock: StandingClock) -> Iterator[Callable[..., Party]]:
    """Make parties by name on one network: ``party("acme", pin=["bolt"])``; see `Party.make`."""
    made: list[Party] = []

    def make(name: str, **options: Any) -> Party:
        found = Party.make(tmp_path, name, net, clock, **options)
        made.append(found)
        return found

    yield make
    for found in made:
        found.close()
    for node in [*net.opened]:  # of a party that was restarted
        node.close()
