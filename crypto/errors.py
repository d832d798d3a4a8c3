"""The root of every error that Voile raises on purpose."""

from __future__ import annotations


class VoileError(Exception):
    """An error that says what is wrong and what to do next.

    Attributes:
        message: Lower case, the offending input in back-ticks, never a secret.
        code: Stable key for programs.
        next_step: What the reader can do about it; may be empty.
        params: Values for a translated message.
    """

    def __init__(self, message: str, *, code: str, next_step: str = "", **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.next_step = next_step
        self.params = params


class MalformedError(VoileError):
    """Bytes that are not what their format says."""


class VerificationError(VoileError):
    """A signature, proof, token or credential that does not hold."""
