"""The rules of an agreement by the names that leaves have of them: numbered, and in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from connector.areas.audit import leaf_words as w
from connector.areas.audit.dossier_words import NOTHING_ALLOWED
from policies.errors import PolicyError
from policies.policy_words import sentences

if TYPE_CHECKING:
    from collections.abc import Callable

    from crypto.words import Language, Spoken
    from policies.model import Policy

_POINTER: Final = re.compile(r"/(permission|prohibition)/(\d{1,4})(?:/constraint/(\d{1,4}))?")
_KINDS: Final = {"permission": w.PERMISSION, "prohibition": w.PROHIBITION}


@dataclass(frozen=True, slots=True)
class Joined:
    """Several things in one breath."""

    parts: tuple[Spoken, ...]

    def said(self, language: Language) -> str:
        """Give them with commas of the language."""
        comma = "，" if language == "zh" else ", "
        return comma.join(part.said(language) for part in self.parts)


def rule_named(name: str) -> Spoken:
    """Say which rule is meant: people count from 1; one with an id of its own has that."""
    found = _POINTER.fullmatch(name)
    if found is None:
        return w.RULE.of(name=name)
    rule = _KINDS[found[1]].of(number=int(found[2]) + 1)
    return rule if found[3] is None else w.CLAUSE.of(rule=rule, number=int(found[3]) + 1)


def rules_of(policy: Policy | PolicyError | None) -> Callable[[str], Spoken]:
    """Give what says a rule of a policy: its number, and what it permits or prohibits."""
    if policy is None or isinstance(policy, PolicyError):
        return rule_named
    heads = [one.head for one in sentences(policy)]
    said = {
        name: w.RULE_SAYS.of(rule=rule_named(pointer), says=head)
        for (name, pointer), head in zip(_names(policy), heads, strict=False)
    }
    return lambda name: said.get(name) or rule_named(name)


def policy_said(policy: Policy | PolicyError) -> tuple[Spoken, ...]:
    """Say a policy, each rule with its number."""
    if isinstance(policy, PolicyError):
        return (policy,)
    said: list[Spoken] = list(sentences(policy))
    for at, (_, pointer) in enumerate(_names(policy)):
        said[at] = w.NUMBERED.of(rule=rule_named(pointer), says=said[at])
    return tuple(said) if policy.permissions else (*said, NOTHING_ALLOWED)


def _names(policy: Policy) -> list[tuple[str, str]]:
    """Give the name and the place of each rule, in the order of its sentences."""
    found = [
        (one.uid, f"/{kind}/{at}")
        for kind, rules in (
            ("permission", policy.permissions),
            ("prohibition", policy.prohibitions),
        )
        for at, one in enumerate(rules)
    ]
    return [(uid or pointer, pointer) for uid, pointer in found]
