"""Words for the codes that stand as values inside phrases: operators, standings, states of signing.

A code that is a name (a purpose, a measure, a state of the protocol) is shown as it is written.
"""

from __future__ import annotations

import re
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

OPERANDS: Final[Words] = MappingProxyType(
    {
        "purpose": ("用途", "the purpose"),
        "dateTime": ("时间", "the time"),
        "count": ("回答次数", "the number of answers"),
        "recipient": ("接收方", "the recipient"),
        "membership": ("成员资格", "the membership"),
        "queryMode": ("查询模式", "the mode"),
        "measure": ("指标", "the measures"),
        "dimension": ("维度", "the dimensions"),
        "minGroupSize": ("每格贡献者数", "the contributors per cell"),
        "minCohort": ("供方数量（串通者数 + 2）", "the number of providers (colluders + 2)"),
        "aggregator": ("聚合方", "the aggregator"),
        "cohortMember": ("同组供方", "the providers of the cohort"),
    }
)
CONNECTIVES: Final[Words] = MappingProxyType(
    {
        "and": ("同时满足", "all of"),
        "or": ("满足其一", "any of"),
        "xone": ("恰满足其一", "exactly one of"),
        "andSequence": ("依次满足", "in turn"),
    }
)

# (code of a phrase, field) -> what its values are called. What the text of a policy must say, as in
# `policy.operator.unknown`, is shown as it must be written.
_DECIDED: Final = ("policy.missing", "policy.date-time", "policy.count", "policy.recipient")
VALUES: Final[Mapping[tuple[str, str], Words]] = MappingProxyType(
    {
        **dict.fromkeys(((code, "operator") for code in _DECIDED), OPERATORS),
        ("policy.date-time", "operator"): MappingProxyType({**OPERATORS, **TIMES}),
        ("policy.missing", "operand"): OPERANDS,
        ("participant.not-certified", "expected"): STANDINGS,
        ("agreement.not-mutual", "given"): SIGNATURES,
    }
)
_CLAUSE: Final = re.compile(rf"\b({'|'.join(OPERANDS)}) ({'|'.join(OPERATORS)})(?= )")
# an average is released where its sum and its count are, and both follow from it with COUNT
_GRANTED_AVERAGE: Final = re.compile(r"(?<=\bmeasure )(isAnyOf|eq) [^;)]*?:avg\b[^;)]*")
_AVERAGE: Final = re.compile(r":avg(?=[,;)\s]|$)")
_GIVES: Final = ("（即总和与计数）", " (so its sum and count)")
_NESTED: Final = re.compile(rf"\b({'|'.join(CONNECTIVES)})(\(|: )")


def word(code: str, name: str, value: object, place: int) -> object:
    """Say one value of a phrase: a code that has a word by its word, anything else as it is.

    Args:
        code: Key of the phrase.
        name: Which placeholder.
        value: What it holds.
        place: 0 for Chinese, 1 for English.
    """
    if not isinstance(value, str):
        return value
    if (code, name) == ("policy.clause", "expected"):
        return clause(value, place)
    found = VALUES.get((code, name), {}).get(value)
    return found[place] if found else value


def clause(text: str, place: int) -> str:
    """Say a constraint that `policies.unmet.wording` wrote, in words.

    Args:
        text: For instance ``count lteq 12``, or ``or(count lteq 12; purpose eq credit)``; a
            connective may also stand before a colon.
        place: 0 for Chinese, 1 for English.
    """

    def comparison(found: re.Match[str]) -> str:
        left, operator = found.groups()
        known = {**OPERATORS, **TIMES} if left == "dateTime" else OPERATORS
        return f"{OPERANDS[left][place]} {known[operator][place]}"

    text = _GRANTED_AVERAGE.sub(
        lambda found: _AVERAGE.sub(lambda average: average[0] + _GIVES[place], found[0]), text
    )
    said = _CLAUSE.sub(comparison, text)
    return _NESTED.sub(lambda found: f"{CONNECTIVES[found[1]][place]}{found[2]}", said)
