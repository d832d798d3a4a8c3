"""The work that a consumer's questions may take, refused ones included.

Work is counted in steps, about a microsecond each: characters read, runs of codes looked at, cells
walked. Never by a clock, so that the same questions cost the same on every machine, and never by
figures: a consumer is told how long to wait, and learns nothing else from it.
"""

from __future__ import annotations

from contextlib import contextmanager
from math import ceil
from typing import TYPE_CHECKING, Final

from connector.errors import TooMany

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.identity.auth import Caller
    from connector.node import Node
    from crypto.disclosure.published import PublishedTable

WORK_PER_SECOND: Final = 200_000.0  # steps that come back: a fifth of one core
WORK_SAVED: Final = 2_000_000.0  # at most, for a consumer that asked little
MOST: Final = 600_000  # one question: the longest text and the most complex filter
PER_QUESTION: Final = 5_000  # to take it, to look at the agreement, to write what came of it
PER_CHARACTER: Final = 10
PER_RUN: Final = 2  # of a filter: it is made, and written down as the question's meaning
PER_PAGE: Final = 100  # 2,000 characters of a statement that is verified and read
PER_CELL: Final = 2  # and output
WALKS: Final = 3  # of a session: when it is opened, in phase A, in phase B
PAID: Final = 4  # what is charged counts for the agreement: it costs a quarter here
PER_KEY: Final = 100_000  # a key of Paillier and its proof


class Work:
    """Counts the steps of one question."""

    def __init__(self) -> None:
        """Begin with what every question takes."""
        self.steps = PER_QUESTION

    def text(self, text: str) -> None:
        """Count the reading of a text."""
        self.steps += PER_CHARACTER * len(text)

    def runs(self, runs: int) -> None:
        """Count the making of a filter."""
        self.steps += PER_RUN * runs

    def statement(self, signed: str) -> None:
        """Count the reading of what another member of a cohort signed."""
        self.steps += PER_PAGE * (1 + len(signed) // 2000)

    def cells(self, table: PublishedTable, outputs: int = 1) -> None:
        """Count the walk over a table for some outputs, by the cells that its catalogue shows."""
        self.steps += _walk(table) * outputs

    def paid(self, table: PublishedTable, outputs: int = 1) -> None:
        """Take back most of the walk, of an answer that was charged."""
        self.steps -= _walk(table) * outputs * (PAID - 1) // PAID

    def part(self, table: PublishedTable, *, members: int, columns: int, cells: int) -> int:
        """Count the walk over a cohort table, for our part of a total.

        How many finest cells are in its classes follows from marks, which nobody but the aggregator
        may see. So our own table is counted, by what its catalogue shows, once for each member.

        Args:
            table: Of our product.
            members: Of the cohort.
            columns: Of the session.
            cells: Of the session.

        Returns:
            The steps.
        """
        steps = (_walk(table) * members + PER_CELL * cells) * columns
        self.steps += steps
        return steps

    def contributed(self, walk: int) -> None:
        """Take back most of a session's key and walks, once it was charged."""
        self.steps -= (PER_KEY + WALKS * walk) * (PAID - 1) // PAID

    def key(self) -> None:
        """Count the verification of a key."""
        self.steps += PER_KEY


def _walk(table: PublishedTable) -> int:
    return PER_CELL * table.index.seen


@contextmanager
def budgeted(node: Node, caller: Caller, *, most: int = MOST) -> Iterator[Work]:
    """Let a consumer's question be worked on, within the consumer's budget.

    Whatever the work comes to, an answer or a refusal, its steps are used up.

    Args:
        node: This node.
        caller: The authenticated consumer.
        most: Steps to set aside first.

    Raises:
        TooMany: Its budget is used up; the error says how long to wait.
    """
    consumer = str(caller.did)
    wait = node.work.begin(consumer, most)
    if wait:
        seconds = ceil(wait)
        node.refusals.count(consumer, "question: work")
        raise TooMany(
            f"your questions have used up the work that is set aside for you; {seconds} s until "
            "there is enough again",
            code="question-budget",
            next_step=f"ask again in {seconds} s; refused and explained questions count too",
            seconds=seconds,
        )
    work = Work()
    try:
        yield work
    finally:
        node.work.end(consumer, most, work.steps)


@contextmanager
def owed(node: Node, caller: Caller) -> Iterator[Work]:
    """Count what a later step of a session takes, which its first step was let in for.

    It is owed before the consumer's next question; holding it up would cost the other parties.

    Args:
        node: This node.
        caller: The authenticated consumer.
    """
    work = Work()
    try:
        yield work
    finally:
        node.work.end(str(caller.did), 0, work.steps)
