"""A policy as people read it, in Chinese and English: one sentence for each rule."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from crypto.words import Words, verbatim
from policies.clause_words import EVERY, MOST_VALUES, clause, moment
from policies.profile import COMPUTE, QUERY, USE, short

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crypto.words import Language, Spoken
    from policies.model import Policy, Rule

__all__ = ["EVERY", "MOST_VALUES", "Sentence", "action", "clause", "moment", "sentences"]

_ACTIONS: Final[Mapping[str, tuple[Words, Words]]] = MappingProxyType(
    {  # what is permitted, what is prohibited
        USE: (Words("可以使用", "It may be used"), Words("不得使用", "It must not be used")),
        COMPUTE: (
            Words("可以用于计算", "It may be computed with"),
            Words("不得用于计算", "It must not be computed with"),
        ),
        QUERY: (
            Words("可以提问", "Questions may be asked"),
            Words("不得提问", "No questions may be asked"),
        ),
        "read": (Words("可以读取", "It may be read"), Words("不得读取", "It must not be read")),
        "reproduce": (
            Words("可以复制", "It may be copied"),
            Words("不得复制", "It must not be copied"),
        ),
        "distribute": (
            Words("可以转给他人", "It may be passed on"),
            Words("不得转给他人", "It must not be passed on"),
        ),
        "derive": (
            Words("可以加工成新数据", "New data may be derived"),
            Words("不得加工成新数据", "No new data may be derived"),
        ),
        "sell": (Words("可以出售", "It may be sold"), Words("不得出售", "It must not be sold")),
        "transfer": (
            Words("可以转让", "It may be made over to others"),
            Words("不得转让", "It must not be made over to others"),
        ),
    }
)
_OTHER: Final = (
    Words("可以进行“{action}”", "“{action}” is permitted"),
    Words("不得进行“{action}”", "“{action}” is prohibited"),
)
_MEETING: Final[Mapping[str, Words]] = MappingProxyType(
    {  # strategy where a permission and a prohibition meet
        "prohibit": Words(
            "许可与禁止相抵触时，以禁止为准", "Where both meet, the prohibition holds"
        ),
        "invalid": Words(
            "许可与禁止相抵触时，一概不许可", "Where both meet, nothing at all is permitted"
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One rule: what it permits or prohibits, and under which clauses.

    Attributes:
        head: what it permits or prohibits.
        clauses: all of them must hold.
        bans: whether it prohibits, so that its clauses say of what, and grant nothing.
    """

    head: Spoken
    clauses: tuple[Spoken, ...]
    bans: bool = False

    def said(self, language: Language) -> str:
        """Give the sentence."""
        head = self.head.said(language)
        zh = language == "zh"
        parts = ("；" if zh else "; ").join(one.said(language) for one in self.clauses)
        colon, stop = ("：", "。") if zh else (": ", ".")
        if self.bans and parts:
            colon = "，凡以下各项全部满足者：" if zh else " where all of this holds: "
        return f"{head}{colon if parts else ''}{parts}{stop}"


def sentences(
    policy: Policy, name: Callable[[str], Spoken] = verbatim, *, most: int = MOST_VALUES
) -> tuple[Sentence, ...]:
    """Say a policy, rule by rule, and what holds where rules meet.

    Args:
        policy: Offer or agreement.
        name: What a party is called, by its DID.
        most: So many values of a clause are named; `EVERY` where somebody is to agree to them.
    """
    found = [_sentence(rule, name, most, bans=False) for rule in policy.permissions]
    found += [_sentence(rule, name, most, bans=True) for rule in policy.prohibitions]
    if policy.permissions and policy.prohibitions:
        found.append(Sentence(_MEETING[policy.conflict], ()))
    return tuple(found)


def action(name: str, *, prohibited: bool = False) -> Spoken:
    """Say what a rule lets one do, or forbids."""
    known = _ACTIONS.get(name)
    return known[prohibited] if known else _OTHER[prohibited].of(action=short(name))


def _sentence(rule: Rule, name: Callable[[str], Spoken], most: int, *, bans: bool) -> Sentence:
    head = action(rule.action, prohibited=bans)
    said = tuple(clause(one, name, most=most, plain=bans) for one in rule.constraints)
    return Sentence(head, said, bans)
