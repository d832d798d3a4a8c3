"""One thing that `voile doctor` looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from crypto.words import NOTHING, Words, verbatim

if TYPE_CHECKING:
    from crypto.errors import VoileError
    from crypto.words import Language

State = Literal["ok", "note", "wrong"]
SKEW_NOTE_SECONDS = 60
SKEW_WRONG_SECONDS = 300


class Check:
    """One thing that was looked at.

    Args:
        name: what, for programs; people read words of it.
        state: how it is.
        says: what came, in both languages; a text alone is in none: a command, a reason of others.
        following: what to do now.
        facts: what fills their places.
    """

    __slots__ = ("_facts", "_following", "_says", "name", "state")

    def __init__(
        self,
        name: str,
        state: State,
        says: Words | str,
        following: Words | str = NOTHING,
        /,
        **facts: object,
    ) -> None:
        self.name = name
        self.state = state
        self._says = verbatim(says) if isinstance(says, str) else says
        self._following = verbatim(following) if isinstance(following, str) else following
        self._facts = facts

    @classmethod
    def of(cls, name: str, error: VoileError, state: State = "wrong") -> Check:
        """Make the check for an error: it says the same."""
        says = verbatim(error.said("zh"), error.said("en"))
        following = verbatim(error.following("zh"), error.following("en"))
        return cls(name, state, says, following)

    def said(self, language: Language) -> str:
        """Say what came."""
        return self._says.filled(language, self._facts)

    def following(self, language: Language) -> str:
        """Say what to do now; empty if there is nothing to say."""
        return self._following.filled(language, self._facts)

    @property
    def text(self) -> str:
        """What came, in English: for programs."""
        return self.said("en")

    @property
    def next_step(self) -> str:
        """What to do now, in English; empty if there is nothing to say."""
        return self.following("en")

    @property
    def mark(self) -> str:
        """A sign for the terminal."""
        return {"ok": "✓", "note": "•", "wrong": "✗"}[self.state]
