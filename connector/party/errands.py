"""What an owner asked for and does not wait for: a few at a time, watched by polling.

Each goes on as whoever asked, if that key may still act when its turn comes. How one ended is kept
while the process lives; of those that ended long ago only the newest.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, TypeVar

from connector.party.credentials import check_acts
from connector.process.actor import actor
from connector.process.errors import error_json
from connector.process.job import Pool
from connector.process.room import lacks_room, no_room
from crypto.errors import VoileError
from crypto.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.party.node import Node
    from connector.process.actor import Actor
    from crypto.problem import Problem
    from crypto.words import Language

_KEPT: Final = 100  # ended ones remembered
_ID_BYTES: Final = 12


@dataclass(slots=True, eq=False, kw_only=True)
class Errand:
    """One of them, from the request to its end.

    Attributes:
        id: random; drawn when it is taken.
        state: how it stands.
        report: what came of it, once done.
        error: why nothing did, once failed: in each language, as the API gives it. The error itself
            would keep all that its frames hold, for as long as this is remembered.
    """

    id: str = ""
    state: Literal["waiting", "running", "done", "failed"] = "waiting"
    report: dict[str, Any] | None = None
    error: dict[Language, dict[str, Any]] | None = None
    ended: threading.Event = field(default_factory=threading.Event)

    def outcome(self, language: Language) -> dict[str, Any]:
        """Give the end of its JSON form: the report or the error, if there is one."""
        shown: dict[str, Any] = {} if self.report is None else {"report": self.report}
        return shown | (self.error[language] if self.error is not None else {})

    def fail(self, error: VoileError) -> None:
        """Note why it failed."""
        self.error = {language: error_json(error, language) for language in LANGUAGES}
        self.state = "failed"


E = TypeVar("E", bound=Errand)


class Errands(Generic[E]):
    """The errands of one kind.

    Args:
        node: the node.
        name: of the threads, and of the event in the log when one crashes: ``NAME-crashed``.
        at_once: how many at a time.
        crashed: what the owner is told of a bug of ours.
    """

    def __init__(self, node: Node, name: str, at_once: int, crashed: Problem) -> None:
        self._node = node
        self._crash = f"{name}-crashed"
        self._crashed = crashed
        self._pool = Pool(name, at_once, node.log)
        self._lock = threading.Lock()
        self._known: dict[str, E] = {}

    def start(self) -> None:
        """Be ready."""
        self._pool.start()

    def stop(self) -> None:
        """Finish what is under way; what waits is not begun."""
        self._pool.stop()

    def submit(self, errand: E, work: Callable[[E], dict[str, Any]], *, most: int = 0) -> bool:
        """Take one; returns at once.

        Args:
            errand: the errand.
            work: does it, and gives its report; it says when `state` is running.
            most: of those that run or wait; 0 for any number.

        Returns:
            Whether it was taken: not while there are too many, nor by one that stops.
        """
        with self._lock:
            ended = [one for one in self._known.values() if one.ended.is_set()]
            if most and len(self._known) - len(ended) >= most:
                return False
            errand.id = self._node.entropy(_ID_BYTES).hex()
            who = actor()
            if not self._pool.submit(lambda: self._do(errand, work, who)):
                return False
            for old in ended[:-_KEPT]:
                del self._known[old.id]
            self._known[errand.id] = errand
        return True

    def find(self, errand_id: str) -> E | None:
        """Find one; this process knows only its own."""
        with self._lock:
            return self._known.get(errand_id)

    def all(self) -> list[E]:
        """Give all that are remembered, the newest last."""
        with self._lock:
            return list(self._known.values())

    def _do(self, errand: E, work: Callable[[E], dict[str, Any]], who: Actor) -> None:
        try:
            check_acts(self._node, who)
            errand.report = work(errand)
            errand.state = "done"
        except VoileError as error:
            errand.fail(error)
        except Exception as error:  # a bug of ours: the owner is told, the others go on
            if lacks_room(error):
                errand.fail(no_room(error))
            else:
                self._node.log.exception(self._crash, errand=errand.id)
                errand.fail(VoileError(self._crashed))
        finally:
            errand.ended.set()
