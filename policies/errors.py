"""Errors of the policies room: a policy or a question that cannot be taken as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crypto.errors import VoileError
from crypto.problem import Problem
from crypto.words import verbatim
from policies.phrases import known, render
from policies.reasons import Reason

if TYPE_CHECKING:
    from crypto.words import Language


class ReasonedError(VoileError):
    """An error that carries reasons; without words of its own it says the first of them.

    Attributes:
        reasons: All of them, each with where it is in ``clause``.
    """

    def __init__(
        self,
        problem: Problem | str | None = None,
        *,
        reasons: tuple[Reason, ...] = (),
        code: str = "",
        next_step: str = "",
        **params: object,
    ) -> None:
        if not isinstance(problem, Problem):
            problem = _said_by(reasons, told=problem or "", code=code, next_step=next_step)
        super().__init__(problem)
        self.params = params
        self.reasons = reasons

    @property
    def code(self) -> str:
        """The code of the first reason, or of the problem where there is none."""
        return self.problem.code or (self.reasons[0].code if self.reasons else "")


class PolicyError(ReasonedError):
    """A policy that is malformed, or says something that is not understood.

    Attributes:
        reasons: All findings, each with a JSON pointer in ``clause``.
    """


class QueryError(ReasonedError):
    """A question that is not in the language, or not about what the product declares.

    Attributes:
        reasons: The findings, each with ``line:column`` in ``clause``.
    """


def _said_by(reasons: tuple[Reason, ...], *, told: str, code: str, next_step: str) -> Problem:
    """Make the problem that the first reason is, in our words; in a peer's where we have none."""
    first = reasons[0] if reasons else None
    said, following = (told, told), (next_step, next_step)
    if first is not None and known(first.code):
        said = (_line(first, "zh"), told or _line(first, "en"))
    if first is not None and known(first.next):
        after = Reason(code=first.next, params=first.params)
        following = (_line(after, "zh"), next_step or _line(after, "en"))
    return Problem(
        code or (first.code if first is not None else ""), verbatim(*said), verbatim(*following)
    )


def _line(what: Reason, language: Language) -> str:
    return render(what, language).rstrip("。.")
