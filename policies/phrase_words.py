"""Words for the codes that stand as values inside phrases: operators, standings, states of signing.

A code that is a name (a purpose, a measure, a state of the protocol) is shown as it is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

Words = Mapping[str, tuple[str, str]]

OPERATORS: Final[Words] = MappingProxyType(
    {
        "eq": ("等于", "equal to"),
        "neq": ("不等于", "other than"),
        "lt": ("小于", "less than"),
        "lteq": ("至多", "at most"),
        "gt": ("大于", "more than"),
        "gteq": ("至少", "at least"),
        "isA": ("属于", "a kind of"),
        "hasPart": ("包含", "containing"),
        "isPartOf": ("在以下范围内", "part of"),
        "isAllOf": ("恰为以下全部", "exactly all of"),
        "isAnyOf": ("为以下之一", "one of"),
        "isNoneOf": ("不为以下任何一个", "none of"),
    }
)
TIMES: Final[Words] = MappingProxyType(
    {
        "lt": ("早于", "before"),
        "lteq": ("不晚于", "not after"),
        "gt": ("晚于", "after"),
        "gteq": ("不早于", "not before"),
    }
)
STANDINGS: Final[Words] = MappingProxyType(
    {
        "certified": ("已认证", "certified"),
        "suspended": ("已暂停", "suspended"),
        "revoked": ("已撤销", "revoked"),
        "pending": ("待认证", "pending"),
        "unknown": ("未登记", "not registered"),
    }
)
SIGNATURES: Final[Words] = MappingProxyType(
    {
        "none": ("双方均未签署", "none"),
        "own": ("仅本方", "our own only"),
        "peer": ("仅对方", "the other side's only"),
        "mutual": ("双方", "both sides'"),
    }
)

# (code of a phrase, field) -> what its values are called; "" stands for every phrase
VALUES: Final[Mapping[tuple[str, str], Words]] = MappingProxyType(
    {
        ("", "operator"): OPERATORS,
        ("policy.date_time", "operator"): MappingProxyType({**OPERATORS, **TIMES}),
        ("participant.not_certified", "expected"): STANDINGS,
        ("agreement.not_mutual", "given"): SIGNATURES,
    }
)


def word(code: str, name: str, value: object, place: int) -> object:
    """Say one value of a phrase: a code that has a word by its word, anything else as it is.

    Args:
        code: Key of the phrase.
        name: Which placeholder.
        value: What it holds.
        place: 0 for Chinese, 1 for English.
    """
    words = VALUES.get((code, name)) or VALUES.get(("", name))
    found = words.get(value) if words and isinstance(value, str) else None
    return found[place] if found else value
