"""Publishing in the background of the node: one file at a time, watched by polling."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from queue import Queue
from typing import TYPE_CHECKING, Any, Final, Literal

from connector.areas.products.files import clean_up
from connector.areas.products.publish import publish
from connector.party.credentials import check_acts
from connector.process.actor import Actor, act_as, actor
from connector.process.errors import error_json
from connector.process.room import lacks_room, no_room
from crypto.errors import VoileError

if TYPE_CHECKING:
    from pathlib import Path

    from connector.engines.progress import Stage
    from connector.party.node import Node

_KEPT: Final = 100  # finished jobs remembered
_ID_BYTES: Final = 12


@dataclass(slots=True)
class Job:
    """One publication, from the request to its end.

    Attributes:
        id: Random.
        product: Identifier of the product.
        state: How it stands.
        stage: What is being done.
        done: How much of the stage, 0 to 1.
        report: The owner's report, once done.
        error: The error as JSON, once failed.
    """

    id: str
    product: str
    state: Literal["waiting", "running", "done", "failed"] = "waiting"
    stage: Stage = "read"
    done: float = 0.0
    report: dict[str, Any] | None = None
    error: dict[str, Any] | None = None
    ended: threading.Event = field(default_factory=threading.Event)

    def to_json(self) -> dict[str, Any]:
        """Returns the job as the API shows it."""
        shown: dict[str, Any] = {
            "job": self.id,
            "product": self.product,
            "state": self.state,
            "stage": self.stage,
            "done": round(self.done, 3),
        }
        if self.report is not None:
            shown["report"] = self.report
        if self.error is not None:
            shown |= self.error
        return shown


class Publisher:
    """A thread that publishes what is handed to it, in order."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._queue: Queue[tuple[Job, str, Path | None, bool, Actor] | None] = Queue()
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Starts the thread."""
        clean_up(self._node)
        self._thread = threading.Thread(target=self._work, name="publisher", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finishes what is under way; what waits is not begun."""
        with self._lock:
            while not self._queue.empty():
                self._queue.get_nowait()
        self._queue.put(None)
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def submit(
        self, product: str, text: str, data: Path | None, *, accept_clamped: bool = False
    ) -> Job:
        """Takes a publication; returns at once."""
        job = Job(self._node.entropy(_ID_BYTES).hex(), product)
        with self._lock:
            ended = [known for known in self._jobs.values() if known.ended.is_set()]
            for known in ended[:-_KEPT]:
                del self._jobs[known.id]
            self._jobs[job.id] = job
        self._queue.put((job, text, data, accept_clamped, actor()))
        return job

    def job(self, job_id: str) -> Job | None:
        """Returns a job, or None if this process does not know it."""
        with self._lock:
            return self._jobs.get(job_id)

    def _work(self) -> None:
        while (item := self._queue.get()) is not None:
            job, text, data, accept_clamped, who = item
            act_as(who)  # whoever asked for it
            job.state = "running"

            def report(stage: Stage, done: float, job: Job = job) -> None:
                job.stage, job.done = stage, done

            try:
                check_acts(self._node, who)
                job.report = publish(
                    self._node, text, data, accept_clamped=accept_clamped, progress=report
                )
                job.state = "done"
            except VoileError as error:
                job.error = error_json(error)
                job.state = "failed"
            except Exception as error:  # a bug of ours: the job must still end, and be seen
                if lacks_room(error):
                    job.error = error_json(no_room(error))
                else:
                    self._node.log.exception(
                        "publishing crashed", product=job.product, exc_info=error
                    )
                    job.error = {
                        "error": {
                            "code": "internal",
                            "message": "an error inside the connector; nothing was published",
                            "next": "see the log of the connector",
                        }
                    }
                job.state = "failed"
            finally:
                job.ended.set()
