"""What an owner can see of the questions that others asked of its data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal

from connector.compose.asking_operations import MOST_SQL, Id, Line, Reasons
from connector.party.operation import Operation, Reading
from crypto.records import Range, Text
from crypto.words import Words

MOST: Final = 1000  # questions shown at once
MOST_MS: Final = 253_402_300_800_000  # the end of the year 9999

State = Literal["answered", "refused", "open", "ended"]
Moment = Annotated[int, Range(0, MOST_MS)]
Asked = Annotated[str, Text(MOST_SQL, lines=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which questions are asked for.

    Attributes:
        counterparty: DID of who asked.
        agreement: id of the contract.
        product: id of the product.
        since: asked then or later, milliseconds since 1970.
        until: asked before then.
        state: what became of them.
        before: `next` of the page before.
        limit: at most so many.
    """

    counterparty: Annotated[
        Id | None, Words("由此参与方提出：其 DID", "asked by this party: its DID")
    ] = None
    agreement: Annotated[
        Id | None, Words("依据此合约提出：合约的 @id", "asked under this agreement: its @id")
    ] = None
    product: Annotated[
        Id | None, Words("关于此产品：其标识", "about this product: its identifier")
    ] = None
    since: Annotated[
        Moment | None,
        Words(
            "在此时刻或之后提出：自 1970 年起的毫秒数",
            "asked then or later, in milliseconds since 1970",
        ),
    ] = None
    until: Annotated[
        Moment | None,
        Words(
            "在此时刻之前提出：自 1970 年起的毫秒数",
            "asked before then, in milliseconds since 1970",
        ),
    ] = None
    state: Annotated[
        State | None,
        Words(
            "结果：answered、refused、open、ended；默认全部",
            "what became of it: answered, refused, open, ended; default: all",
        ),
    ] = None
    before: Annotated[
        Annotated[int, Range(0)] | None,
        Words("下一页：上一页的 `next`", "the next page: `next` of the page before"),
    ] = None
    limit: Annotated[int, Range(1, MOST), Words("最多列出的条数", "at most so many")] = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """A firm's certified names."""

    zh: Line
    en: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """How many cells came of a question.

    Attributes:
        released: with at least one figure; of a total, those that were cleared.
        withheld: without any.
        left_out: released, and left out by HAVING or LIMIT; none of a total.
        partly: of those released, with a figure that is withheld.
        figures_shown: a figure is what one aggregate gives in one cell.
        figures_merged: those that are shown in a sum with others only.
        figures_withheld: those that are there and in no sum that is shown; of a total whose text
            is not kept unknown, as the ones before.
    """

    released: int
    withheld: int
    left_out: int
    partly: int | None = None
    figures_shown: int | None = None
    figures_merged: int | None = None
    figures_withheld: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A question that was asked of us; `unreadable` stands for the rest if it cannot be read.

    Attributes:
        leaf: its place in the evidence log.
        question_id: the asker's; of a total, the id of its session.
        counterparty: DID of who asked.
        name: of who asked, as the newest status document has it.
        agreement: id of the contract.
        offer: id of the offer that the contract was made from.
        product: id of the product.
        asked: when, milliseconds since 1970.
        state: answered; refused; open, of a total under way; ended, of one that came to nothing.
        mode: masked, homomorphic, or the IRI of another.
        sql: as it was asked; none of a total that was refused at once, or if it was erased.
        purpose: its short name, or the IRI of another than ours; erased with the text.
        cells: of an answer.
        charged: whether it took one off the agreement's count.
        answered_as: the earlier question whose answer it got, which is not charged again.
        reasons: of a refusal.
        unreadable: why it cannot be read.
    """

    leaf: int
    question_id: Id
    counterparty: Id
    agreement: Id
    asked: int
    name: Names | None = None
    offer: Id | None = None
    product: Id | None = None
    state: State | None = None
    mode: str | None = None
    sql: Asked | None = None
    purpose: Annotated[str, Text(2048)] | None = None
    cells: Cells | None = None
    charged: bool | None = None
    answered_as: Id | None = None
    reasons: Reasons | None = None
    unreadable: Line | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedQuestions:
    """One page, newest first; `next` is the next one's `before`, none where this is the last."""

    questions: tuple[Received, ...]
    next: int | None


RECEIVED: Final = Operation(
    name="question.received",
    method="GET",
    path="/v1/questions/received",
    words=Words(
        "别人对我方数据的提问：谁、何时、依据哪份合约、结果如何",
        "questions asked of our data: by whom, when, under which contract, what came of them",
    ),
    may=frozenset({"steward", "cdo", "auditor"}),
    query=Wanted,
    reply=ReceivedQuestions,
    leaf="ACCESS",
    reading=Reading(state="HISTORY"),
    detail="From the evidence log and the rows behind it. Questions of parties without an agreement"
    " of ours, and refusals beyond a party's rate, are counted and not listed. The text of a total"
    " that was refused at once is not kept",
)
