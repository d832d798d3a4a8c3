"""One constraint of a policy in words, in Chinese and English.

No two constraints that differ may read alike: whoever accepts terms reads these words. A value that
could be taken for more than a name stands in quotation marks, and none of its own ends them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from crypto.words import Words, verbatim
from policies.model import Atomic
from policies.modes import PROFILE_MODES
from policies.phrase_words import CONNECTIVES, OPERANDS, OPERATORS, TIMES
from policies.profile import (
    AGGREGATOR,
    BROADER,
    COHORT_MEMBER,
    COUNT,
    DATE_TIME,
    DIMENSION,
    MEASURE,
    MEMBERSHIP,
    MIN_COHORT,
    MIN_GROUP_SIZE,
    PURPOSE,
    QUERY_MODE,
    RECIPIENT,
    short,
)
from policies.purpose_words import BARE_WORDS, PURPOSE_WORDS, short_purpose

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crypto.words import Language, Spoken
    from policies.model import Constraint

MOST_VALUES: Final = 12  # named in a clause; the others are counted
EVERY: Final = 1 << 30  # values of a clause that somebody is to agree to

_AMONG: Final = frozenset({"eq", "isAnyOf"})
_LEAST: Final = frozenset({"gteq"})
# operand -> operators, and what a clause with one of them says
_CLAUSES: Final[Mapping[str, tuple[frozenset[str], Words]]] = MappingProxyType(
    {
        PURPOSE: (_AMONG, Words("用途：{values}", "for {values}")),
        RECIPIENT: (_AMONG, Words("仅限 {values}", "by {values} only")),
        MEMBERSHIP: (
            _AMONG,
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
        "avg": Words(
            "{column} 的平均值（即总和与计数）", "average of {column} (so its sum and count)"
        ),
        "count": Words("{column} 的计数", "count of {column}"),
    }
)
_QUOTED: Final = Words("“{text}”", "“{text}”")  # a purpose may have commas of its own
_KINDS_OF: Final = Words("用途：{values}，含其下各类", "for {values}, with all kinds of it")
_ITSELF: Final = Words(
    "“{text}”（仅其本身，不含其下各类）", "“{text}” (only as such, no kind of it)"
)
_OF_ANY: Final = Words(
    "仅限以下任一数据空间的成员：{values}", "by members of any of these data spaces only: {values}"
)
_OF_ALL: Final = Words(
    "仅限同时为以下各数据空间的成员：{values}",
    "by members of all of these data spaces only: {values}",
)
_COMPARED: Final = Words("{operand} {operator} {values}", "{operand} {operator} {values}")
_NAME: Final = re.compile(r"[\w*](?:[\w.:/*#%+@~-]*[\w*])?")  # what cannot be read as more
_ROWS: Final = Words("行数", "number of rows")
_MORE: Final = Words("{values} 等共 {count} 项", "{values} and others, {count} in all")
_MODES: Final = MappingProxyType({mode.name: verbatim(mode.zh, mode.en) for mode in PROFILE_MODES})
_MOMENT: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(:\d\d)?(\.\d+)?)?(Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class _Nested:
    """Constraints of which all, any or exactly one must hold."""

    connective: str
    inside: tuple[Spoken, ...]

    def said(self, language: Language) -> str:
        zh = language == "zh"
        parts = ("；" if zh else "; ").join(one.said(language) for one in self.inside)
        return f"{CONNECTIVES[self.connective][0 if zh else 1]}({parts})"


def clause(
    constraint: Constraint,
    name: Callable[[str], Spoken] = verbatim,
    *,
    most: int = MOST_VALUES,
    plain: bool = False,
) -> Spoken:
    """Say one constraint.

    Args:
        constraint: it.
        name: what a party is called, by its DID.
        most: so many values are named; the others are counted.
        plain: say what is compared with what, as in a prohibition, whose constraints grant nothing.
    """
    if not isinstance(constraint, Atomic):
        inside = (clause(one, name, most=most, plain=True) for one in constraint.operands)
        return _Nested(constraint.connective, tuple(inside))
    values = _values(constraint, name, most)
    said = None if plain else _template(constraint)
    if said is not None:
        return said.of(values=values)
    known = {**OPERATORS, **TIMES} if constraint.left == DATE_TIME else OPERATORS
    operand, operator = OPERANDS[short(constraint.left)], known[constraint.operator]
    return _COMPARED.of(operand=verbatim(*operand), operator=verbatim(*operator), values=values)


def moment(text: str) -> str:
    """Write a day or a moment of a policy as people read it; it keeps its zone."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return text
    day, time, seconds, part, zone = found.groups()
    part = (part or "").rstrip("0").rstrip(".")
    exact = f"{seconds}{part}" if seconds and (part or seconds != ":00") else ""
    at = "" if time is None else f" {time}{exact}"
    return f"{day}{at} {'UTC' if zone == 'Z' else zone}"


def _template(atomic: Atomic) -> Words | None:
    match atomic.left, atomic.operator:
        case left, operator if left == COUNT:
            return _COUNTS.get(operator)
        case left, operator if left == DATE_TIME:
            return _DATES.get(operator)
        case left, "isA" if left == PURPOSE:
            return _KINDS_OF
        case left, "isAllOf" if left == MEMBERSHIP:
            return _OF_ALL
        case left, "isAnyOf" if left == MEMBERSHIP and len(atomic.right) > 1:
            return _OF_ANY
    operators, said = _CLAUSES.get(atomic.left, (frozenset[str](), None))
    return said if atomic.operator in operators else None


def _values(atomic: Atomic, name: Callable[[str], Spoken], most: int) -> object:
    shown = [_value(atomic, one, name) for one in atomic.right[:most]]
    if len(atomic.right) > most:
        return _MORE.of(values=shown, count=len(atomic.right))
    return shown


def _value(atomic: Atomic, text: str, name: Callable[[str], Spoken]) -> Spoken:
    left = atomic.left
    if left == PURPOSE:
        short_name = short_purpose(text)
        itself = text in BROADER.values() and atomic.operator != "isA"
        words = {**PURPOSE_WORDS, **BARE_WORDS} if itself else PURPOSE_WORDS
        said = words.get(short_name, verbatim(_unmarked(short_name)))
        return (_ITSELF if itself else _QUOTED).of(text=said)
    if left == QUERY_MODE:
        return _MODES.get(text, _code(text))
    if left == MEASURE:
        return _figure(text)
    if left == DATE_TIME:
        return verbatim(moment(text))
    if left in (RECIPIENT, AGGREGATOR, COHORT_MEMBER):
        return name(text)
    return _code(text)


def _figure(text: str) -> Spoken:
    column, _, function = text.rpartition(":")
    if text == "*:count":
        return _ROWS
    said = _FUNCTIONS.get(function)
    return said.of(column=_code(column)) if said and column else _code(text)


def _code(text: str) -> Spoken:
    return verbatim(text) if _NAME.fullmatch(text) else verbatim(f"“{_unmarked(text)}”")


def _unmarked(text: str) -> str:
    """Give a text that does not end the quotation marks around it."""
    return text.replace("“", '"').replace("”", '"')
