"""What travels between asker and provider: the question, and the payload of a signed answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from connector.areas.questions import problems
from connector.process.errors import BadRequest
from crypto.canonical import digest, digest_bytes
from crypto.strict_json import kind_of
from policies.profile import MASKED, MODES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from connector.areas.questions.answers import Cells
    from connector.areas.questions.enforcement import Granted
    from policies.plan import BoundQuery

ANSWER_TYP: Final = "voile-answer+jws"
MAX_ANSWER_BYTES: Final = 8 << 20
_ID: Final = re.compile(r"[A-Za-z0-9:._\-]{8,200}")
_FIELDS: Final = frozenset(
    {"questionId", "agreementId", "sql", "purpose", "mode", "explain", "answers"}
)
ANSWER_VERSION: Final = 2  # of the signed answers that we give; 1 had a status per cell
READ_VERSIONS: Final = (ANSWER_VERSION,)
_MOST_VERSIONS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question as it is asked of one provider.

    Attributes:
        id: The asker's.
        agreement: Its id.
        sql: Text.
        purpose: IRI or short name.
        mode: How it is to be answered.
        explain: Whether it is only asked what would be decided.
        answers: Versions of signed answers that the asker reads; none by older connectors. What is
            asked does not depend on it.
    """

    id: str
    agreement: str
    sql: str
    purpose: str
    mode: str = MASKED
    explain: bool = False
    answers: tuple[int, ...] = field(default=(), compare=False)

    def to_wire(self) -> dict[str, Any]:
        """Return the body of the request."""
        body = self.to_json()
        return body | {"answers": list(self.answers)} if self.answers else body

    def to_json(self) -> dict[str, Any]:
        """Return what is asked; both sides' logs hold its digest."""
        body: dict[str, Any] = {
            "questionId": self.id,
            "agreementId": self.agreement,
            "sql": self.sql,
            "purpose": self.purpose,
            "mode": self.mode,
        }
        return body | {"explain": True} if self.explain else body

    @property
    def content(self) -> str:
        """Digest of everything that is asked; the same id stands for one content only."""
        return digest(self.to_json())


def read_question(body: Mapping[str, Any], modes: Sequence[str] = MODES) -> Question:
    """Read the body of a question, in one of these modes.

    Raises:
        BadRequest: A field is missing, wrong or not known; the message names it.
    """
    unknown = sorted(set(body) - _FIELDS)
    if unknown:
        raise _bad(unknown[0], problems.NO_FIELD, problems.SOMETHING)
    texts = {
        name: _text(body, name, most)
        for name, most in (("questionId", 200), ("agreementId", 500), ("sql", 20_000))
    }
    if not _ID.fullmatch(texts["questionId"]):
        raise _bad("questionId", problems.ID_FORM, texts["questionId"][:40])
    mode = body.get("mode", MASKED)
    if mode not in modes:
        raise _bad("mode", " or ".join(modes), str(mode)[:40])
    explain = body.get("explain", False)
    if not isinstance(explain, bool):
        raise _bad("explain", problems.BOOLEAN, kind_of(explain))
    versions = body.get("answers", [])
    listed = isinstance(versions, list) and len(versions) <= _MOST_VERSIONS
    if not listed or not all(type(one) is int and one > 0 for one in versions):
        raise _bad("answers", problems.VERSION_LIST.of(most=_MOST_VERSIONS), kind_of(versions))
    return Question(
        id=texts["questionId"],
        agreement=texts["agreementId"],
        sql=texts["sql"],
        purpose=_text(body, "purpose", 500),
        mode=mode,
        explain=explain,
        answers=tuple(versions),
    )


def sql_digest(sql: str) -> str:
    """Return the digest of a question's text."""
    return digest_bytes(sql.encode("utf-8", "surrogatepass"))


def answer_payload(
    granted: Granted, cells: Cells, question: Question, *, provider: str, now: datetime
) -> dict[str, Any]:
    """Return what the provider signs: the cells, bound to all that they depend on.

    Args:
        granted: What the contract grants.
        cells: The answer.
        question: What was asked.
        provider: Our DID.
        now: When it is answered.
    """
    bound = granted.bound
    dimensions = [bound.schema.dimensions[index] for index in bound.group_by]
    return {
        "v": ANSWER_VERSION,
        "questionId": question.id,
        "agreementId": question.agreement,
        "provider": provider,
        "consumer": granted.agreement.counterparty,
        "product": bound.schema.product,
        "dataVersion": {"number": granted.table.number, "digest": granted.table.version},
        "sqlDigest": sql_digest(question.sql),
        "meaning": granted.meaning,
        "purpose": granted.purpose,
        "mode": granted.mode,
        "answeredAt": now.isoformat(timespec="milliseconds"),
        "minimumContributors": granted.minimum_contributors,
        "dimensions": [{"name": d.name, "unit": d.unit} for d in dimensions],
        "outputs": [
            {
                "name": output.name,
                "measure": output.measure,
                "function": output.function,
                "unit": output.unit,
                "scale": output.scale,
            }
            for output in bound.outputs
        ],
        "measures": declared_bounds(bound),
        "cells": list(cells.released),
        "withheld": list(cells.withheld),
        "leftOut": cells.filtered,
    }


def declared_bounds(bound: BoundQuery) -> list[dict[str, str]]:
    """Return the bounds of each measure that is asked for, whether or not a value was clamped.

    Whether one was is a fact about single rows; what is declared is not.
    """
    return [
        {
            "name": measure.name,
            "unit": measure.unit,
            "lower": f"{measure.lower:f}",
            "upper": f"{measure.upper:f}",
        }
        for measure in bound.schema.measures
        if measure.name in bound.measures
    ]


def _text(body: Mapping[str, Any], name: str, most: int) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise _bad(name, problems.TEXT, problems.NOTHING if value is None else kind_of(value))
    if len(value) > most:
        raise _bad(name, problems.CHARACTERS.of(most=most), str(len(value)))
    return value


def _bad(name: str, expected: object, got: object) -> BadRequest:
    return BadRequest(problems.MALFORMED, field=name, expected=expected, got=got)
