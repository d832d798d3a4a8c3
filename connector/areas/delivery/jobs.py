"""Fetches in the background of the node, watched by polling."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from connector.areas.delivery import problems
from connector.areas.delivery.fetch import Fetch
from connector.areas.delivery.part import Part
from connector.party import problems_jobs
from connector.party.credentials import check_acts
from connector.process.actor import Actor, act_as, actor
from connector.process.errors import Conflict, TooMany, VoileError, error_json

if TYPE_CHECKING:
    from pathlib import Path

    from connector.party.node import Node
    from crypto.words import Language

AT_ONCE: Final = 4
MOST: Final = 32  # that run or wait
_KEPT: Final = 100  # ended ones remembered
_ID_BYTES: Final = 12


class _StoppingError(Conflict):
    """The process stops."""


@dataclass(slots=True, eq=False)
class Job:
    """One fetch, from the request to its end."""

    id: str
    agreement: str
    out: Path
    state: Literal["waiting", "running", "done", "failed"] = "waiting"
    part: Part | None = None
    fetch: Fetch | None = None
    report: dict[str, Any] | None = None
    error: VoileError | None = None

    def to_json(self, language: Language = "en") -> dict[str, Any]:
        """Give it as the API shows it, an error in the language that is asked for."""
        shown: dict[str, Any] = {
            "job": self.id,
            "agreement": self.agreement,
            "out": str(self.out),
            "state": self.state,
            "transfer": self.fetch.pid if self.fetch else "",
            "bytes": self.part.size if self.part else 0,
            "total": self.fetch.total if self.fetch else 0,
        }
        if self.report is not None:
            shown["report"] = self.report
        return shown | (error_json(self.error, language) if self.error is not None else {})


class Fetcher:
    """Fetches files, a few at once; those of one agreement one after the other."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._turns: dict[str, threading.Lock] = {}
        self._stopping = threading.Event()
        self._pool: ThreadPoolExecutor | None = None

    def start(self) -> None:
        """Be ready."""
        self._pool = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="fetch")

    def stop(self) -> None:
        """Stop what runs at its next piece; what has come of it is kept."""
        self._stopping.set()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def submit(self, agreement: str, out: Path) -> Job:
        """Take a fetch; returns at once.

        Raises:
            TooMany: There are too many, or this connector is stopping.
        """
        with self._lock:
            ended = [known for known in self._jobs.values() if known.state in ("done", "failed")]
            if len(self._jobs) - len(ended) >= MOST or self._pool is None:
                raise TooMany(problems.FETCHES_BUSY, most=MOST)
            for known in ended[:-_KEPT]:
                del self._jobs[known.id]
            job = Job(self._node.entropy(_ID_BYTES).hex(), agreement, out)
            self._jobs[job.id] = job
            turn = self._turns.setdefault(agreement, threading.Lock())
            self._pool.submit(self._work, job, turn, actor())
        return job

    def job(self, job_id: str) -> Job | None:
        """Find a job; this process knows only its own."""
        with self._lock:
            return self._jobs.get(job_id)

    def _work(self, job: Job, turn: threading.Lock, who: Actor) -> None:
        act_as(who)  # whoever asked for it
        try:
            check_acts(self._node, who)
            with turn, Part(job.out) as part:
                self._go_on()
                job.part, job.fetch = part, Fetch(self._node, job.agreement, part)
                job.state = "running"
                job.report = job.fetch.run(self._go_on)
            job.state = "done"
        except VoileError as error:
            job.error = error
            job.state = "failed"
        except Exception:  # a bug of ours: the owner is told, the pool goes on
            self._node.log.exception("fetch-crashed", agreement=job.agreement)
            job.error = VoileError(problems_jobs.FETCH_CRASHED)
            job.state = "failed"

    def _go_on(self) -> None:
        if self._stopping.is_set():
            raise _StoppingError(problems.STOPPING)
