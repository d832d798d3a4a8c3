"""Errors of the policies room: a policy or a question that cannot be taken as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crypto.errors import VoileError

if TYPE_CHECKING:
    from policies.reasons import Reason


class PolicyError(VoileError):
    """A policy that is malformed, or says something that is not understood.

    Attributes:
        reasons: All findings, each with a JSON pointer in ``clause``.
    """

    def __init__(self, message: str, *, reasons: tuple[Reason, ...], next_step: str = "") -> None:
        super().__init__(message, code=reasons[0].code, next_step=next_step)
        self.reasons = reasons


class QueryError(VoileError):
    """A question that is not in the language, or not about what the product declares.

    Attributes:
        reasons: The findings, each with ``line:column`` in ``clause``.
    """

    def __init__(self, message: str, *, reasons: tuple[Reason, ...], next_step: str = "") -> None:
        super().__init__(message, code=reasons[0].code, next_step=next_step)
        self.reasons = reasons
