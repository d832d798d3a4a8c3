"""Which files are one worker's together, and which are begun first.

A worker that gets a long file last keeps the others waiting. Files that need the same costly thing
are one worker's: the trees of all modules (`tests.sources`), and in the loop the browser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from xdist.scheduler import LoadFileScheduling

if TYPE_CHECKING:
    import pytest

BROWSER: Final = "tests/browser/"
TREES: Final = frozenset({
    "tests/connector/audit/test_finding_words.py",
    "tests/connector/audit/test_leaf_lines.py",
    "tests/connector/profiles/test_no_special_case.py",
    "tests/connector/test_commands.py",
    "tests/connector/test_named_commands.py",
    "tests/connector/test_preload.py",
    "tests/crypto/test_words.py",
    "tests/connector/test_said_lines.py",
    "tests/policies/test_phrases.py",
    "tests/test_house.py",
    "tests/test_one_reader.py",
    "tests/test_problems.py",
    "tests/test_walls.py",
})  # fmt: skip


def together(file: str, *, loop: bool) -> str:
    """Name what a file is part of: itself, mostly. All of `tests/browser` has work for several."""
    if file in TREES:
        return "tests.sources"
    return BROWSER if loop and file.startswith(BROWSER) else file


def rank(file: str, *, slow: bool) -> int:
    """Say when a file is begun: what takes long first."""
    if file.startswith(BROWSER):
        return 0
    return 1 if slow or file in TREES or file.startswith("tests/e2e/") else 2


class Files(LoadFileScheduling):
    """Give a worker files, those that are together at once."""

    def __init__(self, config: pytest.Config, log: Any, *, loop: bool) -> None:
        super().__init__(config, log)
        self.loop = loop
        self.places: dict[str, int] = {}

    def _split_scope(self, nodeid: str) -> str:
        return together(nodeid.split("::", 1)[0], loop=self.loop)

    def _assign_work_unit(self, node: Any) -> None:
        """Do as the base does, which searches a list of all tests for each of them."""
        scope, unit = self.workqueue.popitem(last=False)
        self.assigned_work.setdefault(node, {})[scope] = unit
        if not self.places:  # all workers have collected the same
            self.places = {name: at for at, name in enumerate(self.registered_collections[node])}
        node.send_runtest_some([self.places[name] for name, done in unit.items() if not done])

    def mark_test_complete(self, node: Any, item_index: int, duration: float = 0) -> None:  # noqa: ARG002
        """Forget what is done: what is left of a worker's work is counted after each test."""
        name = self.registered_collections[node][item_index]
        scope, units = self._split_scope(name), self.assigned_work[node]
        units[scope][name] = True
        if all(units[scope].values()):
            del units[scope]
        self._reschedule(node)
