"""The work that a party's requests may take, refused ones included: questions, totals, all others.

`authenticate` counts every request of a party, and holds it up while what it took before is owed.
What may take long is let in by `budgeted`; what a later step of a session takes is `owed`.

Work is counted in steps, about a microsecond each: characters read, runs of codes looked at, cells
walked. Never by a clock, so that the same questions cost the same on every machine, and never by
figures: a consumer is told how long to wait, and learns nothing else from it.
"""

from __future__ import annotations

from contextlib import contextmanager
from math import ceil
from typing import TYPE_CHECKING, Final

from connector.identity import problems
from connector.process.errors import TooMany

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.identity.auth import Caller
    from connector.party.node import Node
    from crypto.disclosure.published import PublishedTable

WORK_PER_SECOND: Final = 200_000.0  # steps that come back: a fifth of one core
WORK_SAVED: Final = 2_000_000.0  # at most, for a consumer that asked little
MOST: Final = 600_000  # one question: the longest text and the most complex filter
PER_QUESTION: Final = 5_000  # to take it, to look at the agreement, to write what came of it
PER_CHARACTER: Final = 10
PER_RUN: Final = 2  # of a filter: it is made, and written down as the question's meaning
PER_PAGE: Final = 100  # 2,000 characters of a statement that is verified and read
PER_CALL: Final = 200  # any request of a party, once it is authenticated
PER_PROMISE: Final = 300  # that its answer was taken: a look, and a signature
PER_BODY: Final = 100  # bytes of its body for one step: they are parsed, as a rule
PER_CELL: Final = 2  # and output
PER_MERGE: Final = 4  # cell that a member marked, and form
WALKS: Final = 3  # of a session: when it is opened, in phase A, in phase B
PAID: Final = 4  # what is charged counts for the agreement: it costs a quarter here
PER_KEY: Final = 100_000  # a key of Paillier and its proof, or what encrypts under it
PER_JUDGED: Final = 25  # form on a set of a cohort table, when it is not remembered
PER_DECISION: Final = 3  # mark that a member gives in a round of a renewal
PER_SEARCH: Final = 20_000  # of the shared catalogue: it looks at all that stands in it
PER_CIPHERTEXT: Final = 2_000  # that is made; one that is read takes a tenth
STEPS_PER_SECOND: Final = 0.2  # that one step of a session is let in though work is owed
STEPS_SAVED: Final = 10.0  # at most: an answer got lost, or the session's end is looked for


class Work:
    """Counts the steps of one question, or of another request."""

    def __init__(self, steps: int = PER_QUESTION) -> None:
        """Begin with what every question takes."""
        self.steps = steps

    def text(self, text: str) -> None:
        """Count the reading of a text."""
        self.steps += PER_CHARACTER * len(text)

    def runs(self, runs: int) -> None:
        """Count the making of a filter."""
        self.steps += PER_RUN * runs

    def statement(self, signed: object) -> None:
        """Count the verification and reading of what somebody signed, or says so."""
        self.pages(len(signed) if isinstance(signed, str) else 0)

    def pages(self, size: int) -> None:
        """Count what is read, or sent on, by its characters or bytes."""
        self.steps += PER_PAGE * (1 + size // 2000)

    def ciphertexts(self, made: int = 0, *, read: int = 0) -> int:
        """Count the making and the reading of ciphertexts; give the steps."""
        steps = PER_CIPHERTEXT * made + PER_CIPHERTEXT * read // 10
        self.steps += steps
        return steps

    def cells(self, table: PublishedTable, outputs: int = 1) -> None:
        """Count the walk over a table for some outputs, by the cells that its catalogue shows."""
        self.steps += _walk(table) * outputs

    def paid(self, table: PublishedTable, outputs: int = 1) -> None:
        """Take back most of the walk, of an answer that was charged."""
        self.steps -= _walk(table) * outputs * (PAID - 1) // PAID

    def part(self, *, finest: int, columns: int, cells: int) -> int:
        """Count the walk over a cohort table, for our part of a total.

        How many finest cells are in its classes follows from marks, which nobody but the aggregator
        may see. So all that there can be are counted, which follows from what members declare.

        Args:
            finest: Cells that the common dimensions have, at most as many as a table may name.
            columns: Of the session.
            cells: Of the session.

        Returns:
            The steps.
        """
        steps = PER_CELL * (finest + cells) * columns
        self.steps += steps
        return steps

    def contributed(self, walk: int, packed: int) -> None:
        """Take back most of a session's keys, walks and ciphertexts, once it was charged."""
        self.steps -= (2 * PER_KEY + WALKS * walk + packed) * (PAID - 1) // PAID

    def released(self) -> None:
        """Take back most of what a release took: its suppliers have charged it."""
        self.steps -= self.steps * (PAID - 1) // PAID

    def merging(self, marked: int, forms: int) -> None:
        """Count one member's part of the making of a cohort table, by the cells that it marked."""
        self.steps += PER_MERGE * marked * (1 + forms)

    def judged(self, marks: int) -> None:
        """Count looking at what is judged of a renewal, where it is remembered."""
        self.steps += marks

    def making(self, forms: int) -> None:
        """Count the making of what is judged, by forms on sets: as often as it is made."""
        self.steps += PER_JUDGED * forms

    def deciding(self, marks: int) -> None:
        """Count one member's part of working out a round of a renewal, by what it marks."""
        self.steps += PER_DECISION * marks

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
        raise _used_up(node, consumer, wait)
    work = Work()
    try:
        yield work
    finally:
        node.work.end(consumer, most, work.steps)


@contextmanager
def owed(node: Node, caller: Caller) -> Iterator[Work]:
    """Count what a later step of a session takes, which its first step was let in for.

    It is owed before the party's next request.

    Args:
        node: This node.
        caller: The authenticated party.
    """
    work = Work()
    try:
        yield work
    finally:
        node.work.end(str(caller.did), 0, work.steps)


def ours() -> Work:
    """Give what counts work that we do for ourselves: nobody owes it."""
    return Work(0)


def hold(node: Node, party: str, step: str = "") -> None:
    """Hold a party up while it owes work, before anything of its request is read.

    A later step of a session is let in all the same: holding it up would cost the other parties.
    But who takes one step of one session again and again is held up as anywhere else.

    Args:
        node: This node.
        party: Who calls.
        step: Names a later step of a session that there is.

    Raises:
        TooMany: It owes work; the error says how long to wait.
    """
    if step and node.steps.take(f"{party} {step}"):
        return
    if wait := node.work.debt(party):
        raise _used_up(node, party, wait)


def _used_up(node: Node, party: str, wait: float) -> TooMany:
    seconds = ceil(wait)
    node.refusals.count(party, "question: work")
    return TooMany(problems.BUDGET, seconds=seconds)
