"""Reading and previewing drafts, in the turn of publications: few at a time, cancelled at will."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from connector.areas.products import problems_drafts as problems
from connector.areas.products.jobs import Job, Publisher
from connector.party import problems_jobs
from connector.process.errors import Conflict, TooMany

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.engines.progress import Stage
    from connector.party.node import Node

MOST: Final = 2  # drafts that are read or previewed, or wait for it: one of each


@dataclass(slots=True, eq=False, kw_only=True)
class DraftJob(Job):
    """Reading or previewing a draft.

    Attributes:
        draft: its id.
        reads: whether its file is being read for the first time.
        cancelled: set by whoever wants it no more.
    """

    draft: str
    reads: bool = False
    cancelled: threading.Event = field(default_factory=threading.Event)

    def report_progress(self, stage: Stage, done: float) -> None:
        """Notes how far it is; ends here if it was cancelled."""
        self.stage, self.done = stage, done
        self.check()

    def check(self) -> None:
        """Ends if it was cancelled.

        Raises:
            Conflict: It was.
        """
        if self.cancelled.is_set():
            raise Conflict(problems.CANCELLED)


class DraftJobs:
    """Those of one node: one a draft, and a short queue."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._lock = threading.Lock()
        self._jobs: dict[str, DraftJob] = {}

    def submit(self, job: DraftJob, work: Callable[[DraftJob], dict[str, Any]]) -> DraftJob:
        """Takes one; returns at once.

        Raises:
            Conflict: This draft has one under way.
            TooMany: Others wait already, or this connector is stopping.
        """

        def run(_taken: Job) -> dict[str, Any]:
            job.check()
            return work(job)

        with self._lock:
            under_way = [one for one in self._jobs.values() if not one.ended.is_set()]
            if any(one.draft == job.draft for one in under_way):
                raise Conflict(problems.BUSY)
            if len(under_way) >= MOST:
                raise TooMany(problems.QUEUE)
            if not self._node.services[Publisher].take(job, run):
                raise TooMany(problems_jobs.STOPPING)
            self._jobs = {one.draft: one for one in under_way} | {job.draft: job}
        return job

    def of(self, draft: str) -> DraftJob | None:
        """Returns the newest job of a draft, if this process knows one."""
        with self._lock:
            return self._jobs.get(draft)

    def under_way(self) -> list[DraftJob]:
        """Returns those that are at work or wait."""
        with self._lock:
            return [job for job in self._jobs.values() if not job.ended.is_set()]

    def cancel(self, draft: str) -> None:
        """Has the job of a draft end soon."""
        job = self.of(draft)
        if job is not None:
            job.cancelled.set()

    def is_under_way(self, draft: str) -> bool:
        """Says whether a draft is being read or previewed."""
        job = self.of(draft)
        return job is not None and not job.ended.is_set()
