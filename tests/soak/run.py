"""One soak: two real connectors, faults on the wire between them, and what they are left with."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.soak import parties, stories, verdict
from tests.soak.faults import Plan, Tally

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EVERY_SECONDS = 5.0  # between two lines of progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a soak came to.

    Attributes:
        negotiations: that were begun, by either side.
        transfers: that were begun, by either side.
        faults: by kind.
        messages: protocol messages that reached a connector, with repeats.
        findings: whatever does not hold; empty: both sides agree.
        seconds: of the stories, and until both were at rest.
    """

    negotiations: int
    transfers: int
    faults: dict[str, int]
    messages: int
    seconds: tuple[float, float]
    findings: tuple[str, ...] = field(default=())

    def lines(self) -> list[str]:
        """The report's last lines."""
        injected = sum(self.faults.values())
        told, rested = self.seconds
        kinds = "  ".join(f"{kind} {count}" for kind, count in self.faults.items())
        quiet = f"at rest {rested:.1f} s after the last fault"
        begun = f"{self.negotiations} negotiations, {self.transfers} transfers"
        result = "both sides agree" if not self.findings else f"{len(self.findings)} findings"
        return [
            *(f"  {finding}" for finding in self.findings[:60]),
            f"faults: {kinds}",
            f"messages: {self.messages} reached a connector, in {told:.0f} s; {quiet}",
            f"soak: {begun}, {injected} faults injected: {result}",
        ]


def soak(
    count: int,
    plan: Plan,
    folder: Path,
    *,
    tellers: int = 12,
    say: Callable[[str], None] = print,
) -> Outcome:
    """Run ``count`` negotiations with their transfers through the faults of ``plan``."""
    tally, book = Tally(), stories.Book()
    firms = parties.pair(folder, tally)
    doors = [firm.door for firm in firms if firm.door is not None]
    try:
        for door in doors:
            door.plan = plan
        done = threading.Event()
        teller = threading.Thread(target=_progress, args=(book, tally, count, done, say))
        teller.start()
        began = time.monotonic()
        try:
            with parties.Killer(firms, plan, tally):
                findings = stories.tell_all(count, plan.seed, book, firms, tellers=tellers)
        finally:
            done.set()
            teller.join()
        told = time.monotonic() - began
        for door in doors:
            door.plan = None
        rested = verdict.rest(firms)
        findings += verdict.stuck(firms)
        findings += verdict.audit(firms, folder)
        for firm in firms:
            code = firm.stop()
            findings += [f"{firm.name} ended with {code}"] if code else []
        findings += verdict.compare(firms, book)
    finally:
        for firm in firms:
            firm.kill()
        for door in doors:
            door.close()
    return Outcome(
        negotiations=book.count("negotiation"),
        transfers=book.count("transfer"),
        faults=tally.faults(),
        messages=tally.counts().get("messages", 0),
        seconds=(told, rested),
        findings=tuple(findings),
    )


def _progress(
    book: stories.Book,
    tally: Tally,
    count: int,
    done: threading.Event,
    say: Callable[[str], None],
) -> None:
    began = time.monotonic()
    while not done.wait(EVERY_SECONDS):
        say(
            f"{time.monotonic() - began:5.0f} s  {book.told} of {count} stories told,"
            f" {book.count('transfer')} transfers, {sum(tally.faults().values())} faults"
        )
