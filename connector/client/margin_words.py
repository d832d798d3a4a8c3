"""What the published margins say of a question: before it is asked, and where it showed too little.

Nothing here looks at a figure: of an answer only which of its aggregates were not released.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from connector.client.answer_notes import status_of
from connector.client.margin_table import term_of
from crypto.words import Words
from policies.errors import QueryError
from policies.margins import grouping_by, groupings_of, shown_by
from policies.plan import ROWS
from policies.sql import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from crypto.words import Spoken
    from policies.margins import Grouping

MOST: Final = 4  # groupings that are named
# what the table withholds; a contract's own floor and HAVING have words of their own
_OF_THE_TABLE: Final = frozenset({"blocked", "merged", "withheld", "mixed", "protected"})

_OF_GROUPS: Final = Words(
    "提供方公布：这样分组共 {groups} 组，其中 {released} 组显示 {term}",
    "the provider publishes: {term} is shown of {released} of the {groups}"
    " {groups|group|groups} of this grouping",
)
_NONE: Final = Words(
    "提供方公布的可问分组都不显示 {term}",
    "no published grouping that you may ask for shows {term}",
)
_SHOWN: Final = Words(
    "不加 WHERE 时显示 {term} 的分组：{groupings}",
    "{term} is shown, without WHERE, {groupings}",
)
_WHOLE: Final = Words("按 {by}（全部 {groups} 组）", "by {by} (all {groups} groups)")
_PART: Final = Words("按 {by}（{groups} 组中的 {released} 组）", "by {by} ({released} of {groups})")
_OVERALL: Final = Words("不分组", "of everything together")
_MORE: Final = Words("另有 {count} 种", "and by {count} more")
_FILTERED: Final = Words(
    "加了 WHERE：事先无法知道哪些会显示", "with WHERE it is not known before which are shown"
)


def foreseen_margins(
    sql: str, found: Mapping[str, Any], margins: Sequence[Mapping[str, Any]]
) -> list[Spoken]:
    """Say what is published of what a question asks for; nothing where nothing is.

    Args:
        sql: the question.
        found: its explanation: names of its `outputs`.
        margins: what is published of groupings that its contract lets one ask for.
    """
    try:
        query = parse(sql)
    except QueryError:
        return []
    by = [column.name for column in query.group_by]
    terms = dict.fromkeys(_measure_of(str(name)) for name in found.get("outputs", ()))
    said: list[Spoken] = []
    for measure in (one for one in terms if one):
        groupings = groupings_of(margins, measure)
        here = grouping_by(groupings, by) if query.where is None else None
        if here is not None:
            facts = {"groups": here.groups, "released": here.released}
            said.append(_OF_GROUPS.of(term=term_of(measure), **facts))
        if groupings and (here is None or not here.is_whole):
            said.append(_where_shown(measure, groupings))
    return [_FILTERED, *said] if said and query.where is not None else said


def helpful_margins(
    answer: Mapping[str, Any], names: Sequence[str], margins: Sequence[Mapping[str, Any]]
) -> list[Spoken]:
    """Say which groupings show what an answer withholds, or that none does.

    Args:
        answer: the payload.
        names: of its outputs that are shown.
        margins: what is published of groupings that its contract lets one ask for.
    """
    cells = (*answer["cells"], *answer["withheld"])
    lacking = dict.fromkeys(
        _measure_of(name)
        for name in names
        if any(status_of(cell, name) in _OF_THE_TABLE for cell in cells)
    )
    return [
        _where_shown(measure, groupings)
        for measure in lacking
        if measure and (groupings := groupings_of(margins, measure))
    ]


def _measure_of(output: str) -> str:
    """Name the measure whose margins tell of an output; none tells how many rows have a value."""
    measure, _, function = output.rpartition(":")
    return measure if function in ("sum", "avg") or measure == ROWS else ""


def _where_shown(measure: str, groupings: Sequence[Grouping]) -> Spoken:
    shown, term = shown_by(groupings), term_of(measure)
    if not shown:
        return _NONE.of(term=term)
    named: list[Spoken] = list(_named(shown[:MOST]))
    if len(shown) > MOST:
        named.append(_MORE.of(count=len(shown) - MOST))
    return _SHOWN.of(term=term, groupings=named)


def _named(shown: Sequence[Grouping]) -> Iterator[Spoken]:
    for one in shown:
        if not one.dimensions:
            yield _OVERALL
            continue
        words = _WHOLE if one.is_whole else _PART
        yield words.of(by=" + ".join(one.dimensions), groups=one.groups, released=one.released)
