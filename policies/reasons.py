"""Why something was refused, or would be: a value, as rich as an answer.

``code`` and ``next`` are keys of `policies.phrases`, where each stands in Chinese and English.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any


def _no_params() -> Mapping[str, str | int]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason of a refusal.

    Attributes:
        code: Key of the phrase that says what is wrong.
        rule: The rule it comes from: a policy rule's id or pointer, or a rule's name.
        clause: JSON pointer of the clause inside the policy, or position in the question.
        operand: What was compared, e.g. ``purpose``.
        expected: What the clause wants, in its own words.
        given: What was there instead; empty when nothing was, or when it may not be told.
        cause: ``unsatisfied``, ``missing``, ``forbidden``, ``malformed`` and the like.
        next: Key of the phrase that says what to do.
        params: Values for the phrases' placeholders.
    """

    code: str
    rule: str = ""
    clause: str = ""
    operand: str = ""
    expected: str = ""
    given: str = ""
    cause: str = ""
    next: str = ""
    params: Mapping[str, str | int] = field(default_factory=_no_params, hash=False)

    def to_json(self) -> dict[str, Any]:
        """Return the reason as JSON: set fields only, always with ``code``."""
        found: dict[str, Any] = {"code": self.code}
        for name in ("rule", "clause", "operand", "expected", "given", "cause", "next"):
            if value := getattr(self, name):
                found[name] = value
        if self.params:
            found["params"] = dict(self.params)
        return found

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Reason:
        """Read a reason that a peer sent; what is not text is left out, never an error.

        Args:
            value: The parsed JSON object.

        Returns:
            The reason, with an empty code when there was none.
        """
        names = ("code", "rule", "clause", "operand", "expected", "given", "cause", "next")
        texts = {n: value[n] for n in names if isinstance(value.get(n), str)}
        given = value.get("params")
        params = (
            {
                str(k): v
                for k, v in given.items()
                if isinstance(v, str | int) and not isinstance(v, bool)
            }
            if isinstance(given, Mapping)
            else {}
        )
        return cls(**{"code": "", **texts}, params=MappingProxyType(params))
