"""The root of every error, and the two kinds that this room raises.

The tree above it is drawn in `connector.process.errors`. A message quotes the offending input in
back-ticks and never holds keys, tokens or data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from crypto.problem import Problem
from crypto.words import Either, Filled, verbatim

if TYPE_CHECKING:
    from crypto.words import Language, Words


class VoileError(Exception):
    """Something went wrong that a person can do something about.

    Attributes:
        problem: what kind of thing: its code and its words in both languages.
        params: the facts: they fill the words, and programs read them.
    """

    def __init__(
        self, problem: Problem | str, *, code: str = "", next_step: str = "", **params: object
    ) -> None:
        if isinstance(problem, str):  # told by somebody else, in a language of theirs
            problem = Problem(code, verbatim(problem), verbatim(next_step))
        super().__init__(problem.code)
        self.problem = problem
        self.params = params
        self._advice: tuple[Words, dict[str, object]] | None = None

    @classmethod
    def of(cls, error: VoileError) -> Self:
        """Make an error of this kind that says the same, with all that the other carries."""
        made = cls.__new__(cls)
        Exception.__init__(made, error.code)
        vars(made).update(vars(error))
        made.params = dict(error.params)
        return made

    @property
    def code(self) -> str:
        """What, for programs."""
        return self.problem.code

    @property
    def message(self) -> str:
        """What, in English."""
        return self.said("en")

    @property
    def next_step(self) -> str:
        """What to do now, in English; empty if there is nothing to say."""
        return self.following("en")

    @next_step.setter
    def next_step(self, text: str) -> None:
        self._advice = (verbatim(text), {})

    def said(self, language: Language) -> str:
        """Say what is wrong."""
        return self.problem.says.filled(language, self.params)

    def following(self, language: Language) -> str:
        """Say what to do now; empty if there is nothing to say."""
        return self.next.said(language)

    @property
    def next(self) -> Filled:
        """What to do now, for whoever says it later."""
        words, facts = self._advice or (self.problem.next, {})
        return Filled(words, {**self.params, **facts})

    def advise(self, words: Words, **facts: object) -> Self:
        """Say something else about what to do: whoever caught it knows better."""
        self._advice = (words, facts)
        return self

    def kept(self) -> Self:
        """Give the same error to be remembered.

        It has no traceback and nothing that led to it, nor have the errors among its facts: the
        frames of these would hold whatever was being read for as long as it is remembered.
        """
        made = type(self).of(self)
        made.params = {name: _kept(fact) for name, fact in self.params.items()}
        if self._advice is not None:
            words, facts = self._advice
            made.advise(words, **{name: _kept(fact) for name, fact in facts.items()})
        return made

    def __str__(self) -> str:
        step = self.next_step
        return f"{self.message}; {step}" if step else self.message


def _kept(fact: object) -> object:
    match fact:
        case VoileError():
            return fact.kept()
        case BaseException():
            return str(fact)
        case Filled():
            return Filled(fact.words, {name: _kept(inner) for name, inner in fact.facts.items()})
        case Either():
            return Either(tuple(map(_kept, fact.choices)))
        case tuple() | list():
            return tuple(map(_kept, fact))
        case _:
            return fact


class MalformedError(VoileError):
    """Bytes that are not what their format says."""


class VerificationError(VoileError):
    """A signature, proof, token or credential that does not hold."""
