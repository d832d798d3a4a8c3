"""What an owner can ask of others, of one or of several, and see of what was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from connector.party.operation import Operation
from crypto.records import Size, Text
from crypto.words import Words

MOST_AGREEMENTS: Final = 64
MOST_SQL: Final = 64 << 10  # characters; what is too long for a question is said in its own words

Id = Annotated[str, Text(2048)]
Line = Annotated[str, Text(4096, empty=True)]
Reasons = tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A question.

    Attributes:
        agreements: one asks its provider, several ask for a total.
        sql: the question.
        purpose: short name or IRI.
        mode: the mode that it must be, by its word or its IRI; left out, the cheapest that fits.
        question_id: of one that was asked before: the same answer, not charged twice.
        explain: say whether it would be answered, and charge nothing.
    """

    agreements: Annotated[
        tuple[Id, ...],
        Size(1, MOST_AGREEMENTS, distinct=True),
        Words(
            "合约编号，或本方协商的 pid；重复给出，则对多家求合计",
            "agreement id, or our own pid of its negotiation; repeat it for a total over several",
        ),
    ]
    sql: Annotated[
        str,
        Text(MOST_SQL, lines=True),
        Words("提问：SELECT … FROM … [WHERE …] …", "SELECT … FROM … [WHERE …] …"),
    ]
    purpose: Annotated[
        str,
        Text(2048),
        Words(
            "用途：planning、capacityPlanning、stockPlanning、deliveryReliability、quality、carbon、"
            "credit，或 IRI",
            "purpose: planning, capacityPlanning, stockPlanning, deliveryReliability, quality, "
            "carbon, credit; or an IRI",
        ),
    ]
    mode: Annotated[
        Literal["masked", "homomorphic"] | Annotated[str, Text(500, iri=True)] | None,
        Words(
            "方式：masked 或 homomorphic；默认取可行的最省方式",
            "mode: masked or homomorphic; default: the cheapest that fits",
        ),
    ] = None
    question_id: Annotated[
        Annotated[str, Text(2048)] | None,
        Words(
            "重复先前的提问：答案相同，不再计次", "ask again: the same answer, not charged twice"
        ),
    ] = None
    explain: Annotated[
        bool,
        Words("只说明是否允许，不计次", "say whether it would be allowed; nothing is charged"),
    ] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why a question was answered in this mode."""

    code: str
    zh: Line
    en: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer, or with `explain` whether there would be one.

    Attributes:
        question_id: asked again under it, it is not charged twice.
        mode: how it was answered.
        why: in this mode.
        seconds: from asking to the verified answer.
        repeated: whether it was given before, and not charged again.
        usage: what is used of the agreement's count; of a total, by provider.
        answer: the verified payload (docs/answers.md).
        signature: the signed answer, a compact JWS; of a total, all statements behind it.
        explain: `allowed`, `reasons`, `mode`, `why`, `usage`, and what providers tell besides.
        margins: with `explain`, or where a figure is withheld: what the provider publishes of the
            groupings that the agreement lets one ask for (`dimensions`, `groups`, of how many of
            them COUNT(*) is `released`, and per measure its sum); left out where nothing is known.
    """

    question_id: Id | None = None
    mode: str | None = None
    why: Why | None = None
    seconds: str | None = None
    repeated: bool | None = None
    usage: Mapping[str, Any] | None = None
    answer: Mapping[str, Any] | None = None
    signature: Any = None
    explain: Mapping[str, Any] | None = None
    margins: tuple[Mapping[str, Any], ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What was asked of one provider; `unreadable` stands for the rest where it cannot be read.

    Times are milliseconds since 1970; `reasons` are those of a refusal.
    """

    question_id: Id
    provider: Id
    agreement: Id
    state: str
    sql: Annotated[str, Text(MOST_SQL, lines=True)] | None = None
    purpose: Annotated[str, Text(2048)] | None = None
    mode: str | None = None
    reasons: Reasons | None = None
    asked: int | None = None
    ended: int | None = None
    unreadable: Line | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """What was asked of several, with the agreement of each; the rest as of a `Question`."""

    question_id: Id
    session: Id
    state: str
    agreements: Mapping[str, Id] | None = None
    mode: str | None = None
    reasons: Reasons | None = None
    asked: int | None = None
    ended: int | None = None
    unreadable: Line | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """What was asked of one provider and of several, newest first."""

    questions: tuple[Question, ...]
    totals: tuple[Total, ...]


ASK: Final = Operation(
    name="question.ask",
    method="POST",
    path="/v1/questions",
    words=Words(
        "在合约下提问：一份合约问其提供方，多份合约求合计",
        "ask a question: one agreement asks its provider, several ask for a total",
    ),
    may=frozenset({"steward", "cdo"}),
    body=Ask,
    reply=Answered,
    leaf="QUESTION",
    detail="`purpose`: `planning`, `capacityPlanning`, `stockPlanning`, `deliveryReliability`,"
    " `quality`, `carbon`, `credit`, or an IRI; a refusal names those granted. `explain` goes the"
    " same way and charges nothing. `answer` is the verified payload (`docs/answers.md`). An error"
    " after the question was sent names its `questionId`: asked again under it, it is not charged"
    " twice",
)
LIST: Final = Operation(
    name="question.list",
    method="GET",
    path="/v1/questions",
    words=Words("本方提过的问题，最新的在前", "the questions that we asked, newest first"),
    detail="Of one provider (`questions`) and of several (`totals`), with state and reasons",
    may=frozenset({"steward", "cdo", "auditor"}),
    reply=Questions,
)
