"""Files that need the same costly thing are one worker's, and each test is run once."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from xdist.remote import Producer

from tests.order import BROWSER, TREES, Files, rank, together

TESTS = Path(__file__).parents[1]


def test_who_looks_at_all_trees_is_listed():
    """A file that is not listed would have a second worker parse everything."""
    looking = {
        path.relative_to(TESTS.parent).as_posix()
        for path in TESTS.rglob("test_*.py")
        if "from tests.sources import" in path.read_text(encoding="utf-8")
    }
    assert looking - {Path(__file__).relative_to(TESTS.parent).as_posix()} == TREES


def test_the_browsers_files_are_one_workers_in_the_loop_alone():
    """All of them are work for several."""
    files = [f"{BROWSER}test_{name}.py" for name in ("guarding", "journeys")]
    assert {together(file, loop=True) for file in files} == {BROWSER}
    assert [together(file, loop=False) for file in files] == files
    assert len({together(file, loop=False) for file in TREES}) == 1
    assert [rank(f"{BROWSER}x.py", slow=False), rank("x.py", slow=True), rank("x.py", slow=False)]\
        == [0, 1, 2]  # fmt: skip


class Worker:
    """One that notes what it is given."""

    shutting_down = False
    gateway = SimpleNamespace(id="gw")

    def __init__(self) -> None:
        self.given: list[int] = []

    def send_runtest_some(self, indices: list[int]) -> None:
        self.given += indices

    def shutdown(self) -> None:
        self.shutting_down = True


class Two:
    """What a scheduler asks of the configuration of two workers."""

    option = SimpleNamespace(loadscopereorder=False)

    def getvalue(self, _name: str) -> list[str]:
        return ["2*popen"]


def test_each_test_is_given_to_one_worker_and_done_once():
    """Of two workers one ends what is together, the other has all the rest."""
    trees = sorted(TREES)[:2]
    names = [f"{file}::test_{n}" for file in (trees[0], "a.py", trees[1], "b.py", "c.py")
             for n in range(3)]  # fmt: skip
    made: Any = Files(cast("Any", Two()), Producer("order"), loop=True)
    workers = [Worker(), Worker()]
    for worker in workers:
        made.add_node(worker)
        made.add_node_collection(worker, names)
    made.schedule()
    done: list[int] = []
    while not made.tests_finished or any(made.assigned_work.values()):
        for worker in workers:
            for index in [one for one in worker.given if one not in done][:1]:
                made.mark_test_complete(worker, index)
                done.append(index)
    assert sorted(done) == list(range(len(names)))
    assert sorted(workers[0].given + workers[1].given) == sorted(done)
    whose = [one for one in workers if 0 in one.given]
    assert [set(range(3)) | set(range(6, 9)) <= set(one.given) for one in whose] == [True]
    assert all(worker.shutting_down for worker in workers)
