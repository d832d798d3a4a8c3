"""What one can see of the questions under one contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from connector.compose.asking_operations import Id
from connector.compose.received_operations import ReceivedQuestions
from connector.party.operation import Operation, Reading
from crypto.records import Range, Size
from crypto.words import Words

MOST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Which page; whose contract, where two parties have used the same id."""

    counterparty: Annotated[
        Id | None, Words("由此参与方提出：其 DID", "asked by this party: its DID")
    ] = None
    before: Annotated[
        Annotated[int, Range(0)] | None,
        Words("下一页：上一页的 `next`", "the next page: `next` of the page before"),
    ] = None
    limit: Annotated[int, Range(1, MOST), Words("最多列出的条数", "at most so many")] = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class History(ReceivedQuestions):
    """One page, newest first, and what its answered questions have in common.

    Attributes:
        compared: ids of the questions that are laid side by side: the newest answered ones.
        overlap: for each two of them the share of what they ask for in common, in hundredths.
    """

    compared: tuple[Id, ...]
    overlap: tuple[Annotated[tuple[Annotated[int, Range(0, 100)], ...], Size(0, 24)], ...]


HISTORY: Final = Operation(
    name="question.history",
    method="GET",
    path="/v1/questions/history/{agreement}",
    named={
        "agreement": Words(
            "合约的 @id，或本方协商的 pid",
            "@id of the agreement, or our own pid of its negotiation",
        )
    },
    slashes=frozenset({"agreement"}),
    words=Words(
        "一份合约下的提问历史：谁问了什么、结果、相互重叠",
        "the questions under one contract: who asked what, what came of it, how they overlap",
    ),
    detail="Overlap is of what was asked: the share of figures, groups and restrictions in common,"
    " for the newest 24 answered questions of a page. No figure of an answer goes into it",
    may=frozenset({"cdo", "security", "auditor"}),
    query=Which,
    reply=History,
    leaf="ACCESS",
    reading=Reading(state="HISTORY"),
)
