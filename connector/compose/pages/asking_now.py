"""Questions that people ask on pages: several providers take long, so nobody's browser waits."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from connector.areas.dsp import fresh_urn
from connector.areas.questions import Wanted, ask, explain
from connector.compose import problems_pages as problems
from connector.process.job import Pool
from crypto.b64 import b64url
from crypto.errors import VoileError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from connector.compose.asking_operations import Ask
    from connector.party.node import Node
    from connector.party.operation import Call

AT_ONCE: Final = 4  # totals driven for pages
QUICK_ONES: Final = 8  # questions to one provider, and checks
PATIENCE: Final = 1.5  # seconds that a browser waits for what may be quick
_KEPT: Final = 256
_TOKEN_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class Checked:
    """What a person wanted to know before asking.

    Attributes:
        person: who.
        body: what would be asked.
        found: what came; None while nothing has.
        failed: why nothing can come.
    """

    person: str
    body: Ask
    found: Mapping[str, Any] | None = None
    failed: VoileError | None = None


class AskingNow:
    """What pages have under way, in memory: after a stop a question goes on from its rows."""

    def __init__(self, node: Node) -> None:
        self.pool = Pool("page-question", AT_ONCE, node.log)
        self.quick = Pool("page-quick", QUICK_ONES, node.log)  # totals take long, so not with them
        self._lock = threading.Lock()
        self._running: set[str] = set()
        self._failed: OrderedDict[str, VoileError] = OrderedDict()
        self._checked: OrderedDict[str, Checked] = OrderedDict()

    def running(self, question: str) -> bool:
        """Whether it is being asked now."""
        with self._lock:
            return question in self._running

    def failure(self, question: str) -> VoileError | None:
        """Give why it could not be asked, the last time that a page tried."""
        with self._lock:
            return self._failed.get(question)

    def checked(self, token: str, person: str) -> Checked | None:
        """Give what somebody wanted to know; to nobody else."""
        with self._lock:
            found = self._checked.get(token)
        return found if found is not None and found.person == person else None

    def check(self, node: Node, call: Call) -> dict[str, Any]:
        """Say whether a question would be answered, and keep that for the page.

        A provider that takes its time is waited for by nobody's browser: the page says so.
        """
        token, one = b64url(node.entropy(_TOKEN_BYTES)), Checked(call.actor.name, call.body)
        done = threading.Event()

        def work() -> None:
            try:
                self._keep(token, replace(one, found=explain(node, wanted_of(call.body))))
            except VoileError as error:
                self._keep(token, replace(one, failed=error))
            except Exception as error:  # a bug of ours: the page says so, the pool goes on
                node.log.exception("page-check")
                failed = VoileError(problems.NOT_ASKED, why=type(error).__name__)
                self._keep(token, replace(one, failed=failed))
            finally:
                done.set()

        self._keep(token, one)
        self._do(self.quick, work, done)
        came = self.checked(token, call.actor.name)
        if came is not None and came.failed is not None:
            raise came.failed
        return {"token": token}

    def _keep(self, token: str, one: Checked) -> None:
        with self._lock:
            self._checked[token] = one
            while len(self._checked) > _KEPT:
                self._checked.popitem(last=False)

    def _do(self, pool: Pool, work: Callable[[], None], done: threading.Event) -> None:
        """Have it done, and wait a moment; where pages have no threads of their own, do it here."""
        if not pool.is_ready or not pool.submit(work):
            work()
        done.wait(PATIENCE)

    def ask(self, node: Node, call: Call) -> dict[str, Any]:
        """Ask, and wait a moment: its page tells how it goes on.

        Returns:
            `question_id`: where the answer is, or will be.
        """
        wanted = wanted_of(call.body)
        question = wanted.id or fresh_urn(node.entropy)
        wanted = Wanted(
            agreements=wanted.agreements,
            sql=wanted.sql,
            purpose=wanted.purpose,
            mode=wanted.mode,
            id=question,
        )
        pool = self.quick if len(wanted.agreements) == 1 else self.pool
        if not pool.is_ready:
            ask(node, wanted)
        else:
            self._begin(node, wanted, question, pool)
        return {"question_id": question}

    def _begin(self, node: Node, wanted: Wanted, question: str, pool: Pool) -> None:
        done = threading.Event()
        with self._lock:
            begun = question not in self._running
            self._running.add(question)
            self._failed.pop(question, None)
        if not begun:
            return

        def work() -> None:
            try:
                ask(node, wanted)
            except VoileError as error:
                self._fail(question, error)
            except Exception as error:  # as a request of its own would be told
                node.log.exception("page-question", process=question)
                self._fail(question, VoileError(problems.NOT_ASKED, why=type(error).__name__))
            finally:
                with self._lock:
                    self._running.discard(question)
                done.set()

        self._do(pool, work, done)
        failed = self.failure(question)
        if failed is not None:
            raise failed

    def _fail(self, question: str, error: VoileError) -> None:
        with self._lock:
            self._failed[question] = error
            while len(self._failed) > _KEPT:
                self._failed.popitem(last=False)


def wanted_of(body: Ask) -> Wanted:
    """Give what is asked, as the API does."""
    return Wanted(
        agreements=body.agreements,
        sql=body.sql,
        purpose=body.purpose,
        mode=body.mode,
        id=body.question_id,
    )
