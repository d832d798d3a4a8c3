"""A policy as people read it, in Chinese and English: one sentence for each rule."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from crypto.words import Words, verbatim
from policies.model import Atomic
from policies.modes import PROFILE_MODES
from policies.phrase_words import clause as in_words
from policies.profile import (
    AGGREGATOR,
    COHORT_MEMBER,
    COMPUTE,
    COUNT,
    DATE_TIME,
    DIMENSION,
    MEASURE,
    MEMBERSHIP,
    MIN_COHORT,
    MIN_GROUP_SIZE,
    PURPOSE,
    QUERY,
    QUERY_MODE,
    RECIPIENT,
    USE,
    short,
)
from policies.purpose_words import PURPOSE_WORDS, short_purpose
from policies.unmet import wording

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crypto.words import Language, Spoken
    from policies.model import Constraint, Policy, Rule

MOST_VALUES: Final = 12  # named in a clause; the others are counted

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
_AMONG: Final = frozenset({"eq", "isAnyOf", "isA"})
_LEAST: Final = frozenset({"gteq"})
# operand -> operators, and what a clause with one of them says
_CLAUSES: Final[Mapping[str, tuple[frozenset[str], Words]]] = MappingProxyType(
    {
        PURPOSE: (_AMONG, Words("用途：{values}", "for {values}")),
        RECIPIENT: (_AMONG, Words("仅限 {values}", "by {values} only")),
        MEMBERSHIP: (
            _AMONG | {"isAllOf"},
            Words("仅限数据空间 {values} 的成员", "by members of the data space {values} only"),
        ),
        QUERY_MODE: (_AMONG, Words("方式：{values}", "mode: {values}")),
        MEASURE: (_AMONG, Words("指标：{values}", "figures: {values}")),
        DIMENSION: (_AMONG, Words("分组与筛选：{values}", "grouped and filtered by {values}")),
        MIN_GROUP_SIZE: (
            _LEAST,
            Words("每个单元格至少 {values} 个贡献者", "at least {values} contributors in a cell"),
        ),
        MIN_COHORT: (
            _LEAST,
            Words("合计至少 {values} 个供方", "at least {values} providers in a total"),
        ),
        AGGREGATOR: (_AMONG, Words("由 {values} 汇总", "added up by {values}")),
        COHORT_MEMBER: (_AMONG, Words("同组供方：{values}", "providers of a total: {values}")),
    }
)
_COUNTS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "lteq": Words("至多回答 {values} 次", "at most {values} answers"),
        "lt": Words("回答少于 {values} 次", "fewer than {values} answers"),
    }
)
_DATES: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "gteq": Words("自 {values} 起", "from {values}"),
        "gt": Words("晚于 {values}", "after {values}"),
        "lteq": Words("至 {values} 止", "until {values}"),
        "lt": Words("早于 {values}", "before {values}"),
    }
)
_FUNCTIONS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "sum": Words("{column} 的总和", "sum of {column}"),
        "avg": Words("{column} 的平均值", "average of {column}"),
        "count": Words("{column} 的计数", "count of {column}"),
    }
)
_QUOTED: Final = Words("“{purpose}”", "“{purpose}”")  # a purpose may have commas of its own
_ROWS: Final = Words("行数", "number of rows")
_MORE: Final = Words("{values} 等共 {count} 项", "{values} and others, {count} in all")
_MODES: Final = MappingProxyType({mode.name: verbatim(mode.zh, mode.en) for mode in PROFILE_MODES})
_MOMENT: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(:\d\d)?(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One rule: what it permits or prohibits, and under which clauses."""

    head: Spoken
    clauses: tuple[Spoken, ...]

    def said(self, language: Language) -> str:
        """Give the sentence."""
        head = self.head.said(language)
        zh = language == "zh"
        parts = ("；" if zh else "; ").join(one.said(language) for one in self.clauses)
        colon, stop = ("：", "。") if zh else (": ", ".")
        return f"{head}{colon if parts else ''}{parts}{stop}"


def sentences(policy: Policy, name: Callable[[str], Spoken] = verbatim) -> tuple[Sentence, ...]:
    """Say a policy, rule by rule.

    Args:
        policy: Offer or agreement.
        name: What a party is called, by its DID.
    """
    permitted = [_sentence(rule, 0, name) for rule in policy.permissions]
    return (*permitted, *(_sentence(rule, 1, name) for rule in policy.prohibitions))


def clause(constraint: Constraint, name: Callable[[str], Spoken] = verbatim) -> Spoken:
    """Say one constraint."""
    if isinstance(constraint, Atomic):
        said = _template(constraint)
        if said is not None:
            return said.of(values=_values(constraint, name))
    text = wording(constraint)
    return verbatim(in_words(text, 0), in_words(text, 1))


def action(name: str, *, prohibited: bool = False) -> Spoken:
    """Say what a rule lets one do, or forbids."""
    known = _ACTIONS.get(name)
    return known[prohibited] if known else _OTHER[prohibited].of(action=short(name))


def moment(text: str) -> str:
    """Write a day or a moment of a policy as people read it; it keeps its zone."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return text
    day, time, seconds, zone = found.groups()
    at = "" if time is None else f" {time}{seconds if seconds and seconds != ':00' else ''}"
    return f"{day}{at} {'UTC' if zone == 'Z' else zone}"


def _sentence(rule: Rule, place: int, name: Callable[[str], Spoken]) -> Sentence:
    head = action(rule.action, prohibited=bool(place))
    return Sentence(head, tuple(clause(one, name) for one in rule.constraints))


def _template(atomic: Atomic) -> Words | None:
    if atomic.left == COUNT:
        return _COUNTS.get(atomic.operator)
    if atomic.left == DATE_TIME:
        return _DATES.get(atomic.operator)
    operators, said = _CLAUSES.get(atomic.left, (frozenset[str](), None))
    return said if atomic.operator in operators else None


def _values(atomic: Atomic, name: Callable[[str], Spoken]) -> object:
    shown = [_value(atomic.left, one, name) for one in atomic.right[:MOST_VALUES]]
    if len(atomic.right) > MOST_VALUES:
        return _MORE.of(values=shown, count=len(atomic.right))
    return shown


def _value(left: str, text: str, name: Callable[[str], Spoken]) -> Spoken:
    if left == PURPOSE:
        short_name = short_purpose(text)
        return _QUOTED.of(purpose=PURPOSE_WORDS.get(short_name, verbatim(short_name)))
    if left == QUERY_MODE:
        return _MODES.get(text, verbatim(text))
    if left == MEASURE:
        return _figure(text)
    if left == DATE_TIME:
        return verbatim(moment(text))
    if left in (RECIPIENT, AGGREGATOR, COHORT_MEMBER):
        return name(text)
    return verbatim(text)


def _figure(text: str) -> Spoken:
    column, _, function = text.rpartition(":")
    if text == "*:count":
        return _ROWS
    said = _FUNCTIONS.get(function)
    return said.of(column=column) if said and column else verbatim(text)
