"""The root of every error, and the two kinds that this room raises.

The tree above it is drawn in `connector.process.errors`. A message is lower case, quotes the
offending input in back-ticks and never holds keys, tokens or data.
"""

from __future__ import annotations


class VoileError(Exception):
    """Something went wrong that a person can do something about.

    Attributes:
        message: what, in words.
        code: what, for programs: lower case with hyphens; stable.
        next_step: what to do now; empty if there is nothing to say.
        params: the facts in the message, for translation and for programs.
    """

    def __init__(self, message: str, *, code: str, next_step: str = "", **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.next_step = next_step
        self.params = params

    def __str__(self) -> str:
        return f"{self.message}; {self.next_step}" if self.next_step else self.message


class MalformedError(VoileError):
    """Bytes that are not what their format says."""


class VerificationError(VoileError):
    """A signature, proof, token or credential that does not hold."""
