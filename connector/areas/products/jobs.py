"""Publishing in the background of the node: one file at a time, watched by polling."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from connector.areas.products import problems_owner
from connector.areas.products.check import check
from connector.areas.products.files import clean_up
from connector.areas.products.publish import publish
from connector.areas.products.taking_back import forget_taken_back
from connector.party import problems_jobs
from connector.party.errands import Errand, Errands
from connector.process.errors import Conflict, TooMany

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from connector.engines.progress import Progress, Stage
    from connector.party.node import Node
    from crypto.words import Language

MOST_CHECKS: Final = 8  # that run or wait: publications wait behind them
PATIENCE_SECONDS: Final = 5.0  # that something else waits for what is under way


@dataclass(slots=True, eq=False, kw_only=True)
class Job(Errand):
    """One publication.

    Attributes:
        product: Identifier of the product.
        checks: Whether it checks only: what it finds tells of contributors, as no publication does.
        stage: What is being done.
        done: How much of the stage, 0 to 1.
    """

    product: str
    checks: bool = False
    stage: Stage = "read"
    done: float = 0.0

    def report_progress(self, stage: Stage, done: float) -> None:
        """Notes how far it is."""
        self.stage, self.done = stage, done

    def to_json(self, language: Language) -> dict[str, Any]:
        """Returns the job as the API shows it."""
        return {
            "job": self.id,
            "product": self.product,
            "state": self.state,
            "stage": self.stage,
            "done": round(self.done, 3),
        } | self.outcome(language)


class Publisher:
    """Publishes what is handed in, in order."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._jobs: Errands[Job] = Errands(node, "publish", 1, problems_jobs.PUBLISH_CRASHED)
        self._counting = threading.Lock()
        self._checks: list[Job] = []
        self._turn = threading.Lock()  # of the one at work, or of `alone`

    def start(self) -> None:
        """Removes what a killed process left, and is ready."""
        clean_up(self._node)
        forget_taken_back(self._node)
        self._jobs.start()

    def stop(self) -> None:
        """Finishes what is under way; what waits is not begun."""
        self._jobs.stop()

    def submit(
        self,
        product: str,
        text: str,
        data: Path | None,
        *,
        accept_clamped: bool = False,
        agreed: str = "",
        seen: str | None = None,
        first: Callable[[], object] = lambda: None,
        then: Callable[[], object] = lambda: None,
    ) -> Job:
        """Takes a publication; returns at once.

        Args:
            product: Its id.
            text: The product file.
            data: The data file or folder.
            accept_clamped: As in `publish`.
            agreed: Digest of the data that a second person agreed to; empty where none had to.
            seen: As in `publish`.
            first: Done in its turn, before anything; what it raises ends the publication.
            then: Done when it was published.

        Raises:
            TooMany: If this connector is stopping.
        """

        def work(progress: Progress) -> dict[str, Any]:
            first()
            report = publish(
                self._node,
                text,
                data,
                accept_clamped=accept_clamped,
                agreed=agreed,
                seen=seen,
                progress=progress,
            )
            then()
            return report

        return self._submit(product, work)

    def check(
        self,
        product: str,
        text: str,
        data: Path | None,
        *,
        accept_clamped: bool,
        orders: int,
    ) -> Job:
        """Takes a check of a publication, in its turn; returns at once.

        Raises:
            TooMany: If this connector is stopping, or so many run or wait already.
        """

        def work(progress: Progress) -> dict[str, Any]:
            return check(
                self._node,
                text,
                data,
                accept_clamped=accept_clamped,
                orders=orders,
                progress=progress,
            )

        with self._counting:
            self._checks = [job for job in self._checks if not job.ended.is_set()]
            if len(self._checks) >= MOST_CHECKS:
                raise TooMany(problems_owner.CHECKS_WAIT, most=MOST_CHECKS)
            job = self._submit(product, work, checks=True)
            self._checks.append(job)
        return job

    @contextmanager
    def alone(self, product: str) -> Iterator[None]:
        """Lets nothing be published, checked or refreshed meanwhile.

        Whatever does reads files of other products, too: none may vanish under it.

        Raises:
            Conflict: Something is under way, and does not end soon.
        """
        if not self._turn.acquire(timeout=PATIENCE_SECONDS):
            raise Conflict(problems_owner.UNDER_WAY, product=product)
        try:
            yield
        finally:
            self._turn.release()

    def _submit(
        self, product: str, work: Callable[[Progress], dict[str, Any]], *, checks: bool = False
    ) -> Job:
        def run(job: Job) -> dict[str, Any]:
            return work(job.report_progress)

        job = Job(product=product, checks=checks)
        if not self.take(job, run):
            raise TooMany(problems_jobs.STOPPING)
        return job

    def take(self, job: Job, work: Callable[[Job], dict[str, Any]]) -> bool:
        """Takes whatever publishes; says whether it will be done."""

        def begun(job: Job) -> dict[str, Any]:
            with self._turn:
                job.state = "running"
                return work(job)

        return self._jobs.submit(job, begun)

    def job(self, job_id: str) -> Job | None:
        """Returns a job, or None if this process does not know it."""
        return self._jobs.find(job_id)
