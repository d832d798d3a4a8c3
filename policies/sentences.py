"""What a policy grants and forbids, as sentences: one for each rule, in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crypto.words import Words, verbatim
from policies.phrase_words import clause
from policies.profile import short
from policies.terms import clauses
from policies.unmet import wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crypto.words import Language, Spoken
    from policies.model import Policy, Rule

_ACTIONS: Final[Mapping[str, Words]] = {
    "use": Words("使用", "use"),
    "compute": Words("计算", "computation"),
    "query": Words("提问", "questions"),
    "read": Words("读取", "reading"),
    "reproduce": Words("复制", "copying"),
    "distribute": Words("分发", "passing on"),
    "derive": Words("派生", "deriving"),
    "sell": Words("出售", "selling"),
    "transfer": Words("转让", "transferring"),
}
_GRANTS: Final = Words("允许{action}：{clauses}", "allowed is {action}: {clauses}")
_FORBIDS: Final = Words("禁止{action}：{clauses}", "forbidden is {action}: {clauses}")
_GRANTS_ALL: Final = Words("允许{action}，不附条件", "allowed is {action}, without conditions")
_FORBIDS_ALL: Final = Words("一律禁止{action}", "forbidden is {action}, always")
NOTHING: Final = Words("未允许任何事", "nothing is allowed")


@dataclass(frozen=True, slots=True)
class _Clauses:
    """The conditions of a rule, all of which must hold."""

    rule: Rule

    def said(self, language: Language) -> str:
        """Give them with semicolons of the language."""
        place = 0 if language == "zh" else 1
        texts = [clause(wording(one), place) for one in clauses(self.rule).values()]
        return ("；" if language == "zh" else "; ").join(texts)


def sentences(policy: Policy) -> tuple[Spoken, ...]:
    """Say a policy, a rule at a time; what it does not allow is not allowed.

    Args:
        policy: as it was parsed.
    """
    found = [_said(rule, _GRANTS, _GRANTS_ALL) for rule in policy.permissions]
    found += [_said(rule, _FORBIDS, _FORBIDS_ALL) for rule in policy.prohibitions]
    return tuple(found) if policy.permissions else (*found, NOTHING)


def _said(rule: Rule, words: Words, always: Words) -> Spoken:
    name = short(rule.action)
    action = _ACTIONS.get(name, verbatim(name))
    if not rule.constraints:
        return always.of(action=action)
    return words.of(action=action, clauses=_Clauses(rule))
