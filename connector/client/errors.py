# ruff: noqa: N818 -- an error is named for what happened
"""What goes wrong when a connector is asked: in the language of who asks, with code and next step.

::

    VoileError
    ├── Unavailable       home, token, address, or whoever answers there
    │   └── LibraryMissing  what an answer should become needs a library (an ImportError, too)
    ├── Misused           an argument that cannot be meant
    ├── Failed            the connector answered with an error: status, body
    │   └── Refused       and with reasons: a contract, a policy or the question
    ├── AwaitsApproval    kept until a second person agrees: nothing was done yet
    ├── Declined          a negotiation was ended by the other side, or by us
    └── StillWaiting      a negotiation is not over when the time is
        └── OtherTerms    it waits for us: other terms were offered
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from connector.client import problems
from connector.client.texts import plain
from connector.process.errors import CallerError, SettingsError, VoileError
from policies.phrases import sentence
from policies.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crypto.problem import Problem
    from crypto.words import Language


class Speaking(VoileError):
    """An error that speaks the language of who asked.

    Attributes:
        language: of `message`, `next_step` and of the text of the exception.
        facts: what fills its words, for programs.
    """

    language: Language = "en"

    def __init__(self, problem: Problem | str, *, code: str = "", **params: Any) -> None:
        super().__init__(problem, code=code, **params)

    def speaking(self, language: Language) -> Self:
        """Speak a language from now on."""
        self.language = language
        return self

    @property
    def facts(self) -> Mapping[str, object]:
        """The facts that its words name."""
        return self.params

    @property
    def message(self) -> str:
        """What is wrong."""
        return self.said(self.language)

    @property
    def next_step(self) -> str:
        """What to do now; empty if there is nothing to say."""
        return self.following(self.language)

    @next_step.setter
    def next_step(self, text: str) -> None:
        VoileError.next_step.fset(self, text)  # type: ignore[attr-defined]

    def __str__(self) -> str:
        mark = "；" if self.language == "zh" else "; "
        return plain(mark.join(filter(None, (self.message, self.next_step))))

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.args, vars(self))


def _again(kind: type[Speaking], args: tuple[Any, ...], held: dict[str, Any]) -> Speaking:
    """Make an error again that came from another process."""
    made = kind.__new__(kind)
    Exception.__init__(made, *args)
    vars(made).update(held)
    return made


class Unavailable(Speaking, SettingsError):
    """The home, the token, the address, or whoever answers there is not as it must be."""


class LibraryMissing(Unavailable, ImportError):
    """What an answer should become needs a library that is not installed."""


class Misused(Speaking, CallerError):
    """An argument that cannot be meant."""


class Failed(Speaking):
    """The connector answered with an error; its own words and its next step.

    Attributes:
        status: HTTP status.
        body: what it answered.
        reasons: of a refusal, each as JSON; empty else.
    """

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        error = body.get("error")
        inner: Mapping[str, Any] = error if isinstance(error, dict) else {}
        message = str(inner.get("message", ""))
        super().__init__(message or problems.ANSWERED, code=str(inner.get("code", "failed")))
        self.next_step = str(inner.get("next", ""))
        given = inner.get("params")
        told = dict(given) if isinstance(given, dict) else {}
        self.params = told or ({} if message else {"status": status})
        self.status = status
        self.body = body
        listed = inner.get("reasons")
        self.reasons: list[Any] = listed if isinstance(listed, list) else []

    @classmethod
    def told(cls, status: int, body: Mapping[str, Any]) -> Failed:
        """Make the error of an answer: a refusal where it has reasons."""
        failed = cls(status, body)
        return Refused(status, body) if failed.reasons else failed


class Refused(Failed):
    """A contract, a policy or the question itself: each reason says which clause."""

    @property
    def sentences(self) -> list[str]:
        """Each reason in words, with what to do."""
        read = (Reason.from_json(one) for one in self.reasons if isinstance(one, dict))
        return [sentence(one, self.language) for one in read]

    def __str__(self) -> str:
        return "\n".join(map(plain, self.sentences)) or super().__str__()


class AwaitsApproval(Speaking):
    """What was asked is kept until a second person agrees; nothing was done yet.

    Attributes:
        approval: id, operation, state, needs, roles, expires of the request.
        body: what the connector answered.
    """

    def __init__(self, body: Mapping[str, Any]) -> None:
        super().__init__(str(body.get("message", "")) or problems.AWAITS, code="approval-pending")
        self.next_step = str(body.get("next", ""))
        found = body.get("approval")
        self.approval: Mapping[str, Any] = found if isinstance(found, dict) else {}
        self.body = body


class Declined(Speaking):
    """A negotiation was ended, by the other side or by us.

    Attributes:
        pid: our own id of the negotiation.
        reasons: what was said, as it came.
    """

    pid: str = ""
    reasons: tuple[Any, ...] = ()


class StillWaiting(Speaking):
    """A negotiation is not over when the time is; it goes on.

    Attributes:
        pid: our own id of the negotiation.
        offer: what is on the table, as the API shows it; empty if nothing is.
    """

    pid: str = ""
    offer: Mapping[str, Any]


class OtherTerms(StillWaiting):
    """The provider offered other terms than were asked for: it waits for our yes or no."""
