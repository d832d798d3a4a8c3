"""Fetches in the background of the node, watched by polling."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from connector.areas.delivery import problems
from connector.areas.delivery.fetch import Fetch
from connector.areas.delivery.part import Part
from connector.areas.dsp import named_agreement
from connector.party import problems_jobs
from connector.party.errands import Errand, Errands
from connector.process.errors import Conflict, TooMany

if TYPE_CHECKING:
    from pathlib import Path

    from connector.party.node import Node
    from crypto.words import Language

AT_ONCE: Final = 4
MOST: Final = 32  # that run or wait


class _StoppingError(Conflict):
    """The process stops."""


@dataclass(slots=True, eq=False, kw_only=True)
class Job(Errand):
    """One fetch."""

    agreement: str
    out: Path
    part: Part | None = None
    fetch: Fetch | None = None

    def to_json(self, language: Language) -> dict[str, Any]:
        """Give it as the API shows it."""
        return {
            "job": self.id,
            "agreement": self.agreement,
            "out": str(self.out),
            "state": self.state,
            "transfer": self.fetch.pid if self.fetch else "",
            "bytes": self.part.size if self.part else 0,
            "total": self.fetch.total if self.fetch else 0,
        } | self.outcome(language)


class Fetcher:
    """Fetches files, a few at once; those of one agreement one after the other."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._turns: dict[str, threading.Lock] = {}
        self._stopping = threading.Event()
        self._jobs: Errands[Job] = Errands(node, "fetch", AT_ONCE, problems_jobs.FETCH_CRASHED)

    def start(self) -> None:
        """Be ready."""
        self._jobs.start()

    def stop(self) -> None:
        """Stop what runs at its next piece; what has come of it is kept."""
        self._stopping.set()
        self._jobs.stop()

    def submit(self, agreement: str, out: Path) -> Job:
        """Take a fetch; returns at once.

        Raises:
            TooMany: There are too many, or this connector is stopping.
        """
        job = Job(agreement=agreement, out=out)
        if not self._jobs.submit(job, self._fetch, most=MOST):
            raise TooMany(problems.FETCHES_BUSY, most=MOST)
        return job

    def job(self, job_id: str) -> Job | None:
        """Find a job; this process knows only its own."""
        return self._jobs.find(job_id)

    def of_transfer(self, transfer: str) -> Job | None:
        """Find the newest job that went through a transfer, by our pid."""
        jobs = self._jobs.all()
        return next(
            (one for one in reversed(jobs) if one.fetch and one.fetch.pid == transfer), None
        )

    def _fetch(self, job: Job) -> dict[str, Any]:
        with self._node.db.reading() as session:
            meant = named_agreement(session, job.agreement, role="consumer")
        name = meant.negotiation if meant is not None else job.agreement
        turn = self._turns.setdefault(name, threading.Lock())
        with turn, Part(job.out) as part:
            self._go_on()
            job.part, job.fetch = part, Fetch(self._node, job.agreement, part)
            job.state = "running"
            return job.fetch.run(self._go_on)

    def _go_on(self) -> None:
        if self._stopping.is_set():
            raise _StoppingError(problems.STOPPING)
