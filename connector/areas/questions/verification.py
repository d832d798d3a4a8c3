"""Checking an answer before it is believed: signature, binding, shape.

(1) signed by a key for agreements of the provider with whom the agreement is;
(2) a payload of the form we know; an older form only where the answer was stored before;
(3) about this agreement, its two parties and its dataset;
(4) for the purpose and in the mode that were asked for;
(5) to this question; or to an earlier one of ours under the same agreement, when the provider says
    that both mean the same;
(6) with exactly the aggregates and dimensions that were asked for;
(7) at a time that can be;
(8) with cells of the announced form, each number a decimal text, each data version a number;
(9) with the bounds of every measure; older connectors do not tell them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from connector.areas.questions import problems_answers
from connector.areas.questions.messages import (
    ANSWER_TYP,
    ANSWER_VERSION,
    MAX_ANSWER_BYTES,
    Question,
    sql_digest,
)
from connector.areas.questions.verified_cells import NUMBER, check_cell, check_withheld
from connector.process.errors import MalformedError, VerificationError
from connector.process.refusing import refusal
from crypto import jws, strict_json
from crypto.instants import read_instant
from policies.profile import purpose_iri
from policies.query import Aggregate, Column
from policies.reasons import Reason
from policies.sql import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from connector.areas.dsp import AgreementRecord
    from connector.process.errors import Refused
    from crypto.did import DidDocument

AHEAD: Final = timedelta(seconds=300)
MAX_CELLS: Final = 1 << 32  # no question has as many
OLD_VERSION: Final = 1  # of answers that first-edition tables gave
_FIELDS: Final[Mapping[str, type]] = {
    "questionId": str,
    "agreementId": str,
    "provider": str,
    "consumer": str,
    "product": str,
    "dataVersion": dict,
    "sqlDigest": str,
    "meaning": str,
    "purpose": str,
    "mode": str,
    "answeredAt": str,
    "minimumContributors": int,
    "dimensions": list,
    "outputs": list,
    "cells": list,
    "withheld": list,
    "leftOut": int,
}


def verify_answer(
    signed: str,
    *,
    expected_question: Question,
    expected_agreement: AgreementRecord,
    expected_consumer: str,
    provider: DidDocument,
    repeated: bool,
    earlier: Callable[[str], str | None],
    now: datetime,
) -> dict[str, Any]:
    """Verify an answer.

    Args:
        signed: Compact JWS, as it came.
        expected_question: What we asked.
        expected_agreement: Under which agreement.
        expected_consumer: Our DID.
        provider: The DID document of the agreement's provider.
        repeated: Whether the provider says that it gave the answer before.
        earlier: Gives the SQL text of an earlier question of ours under this agreement, by id.
        now: The time.

    Returns:
        The payload.

    Raises:
        Refused: The provider's connector is older.
        MalformedError: Not a signature, or not JSON.
        VerificationError: One of the checks does not hold.
    """
    question, agreement = expected_question, expected_agreement
    # (1) signed by the provider's key for agreements
    verified = jws.verify(
        signed,
        expected_typ=ANSWER_TYP,
        find_key=lambda kid: provider.key(kid, relationship="assertionMethod", former=True),
        max_bytes=2 * MAX_ANSWER_BYTES,
    )
    # (2) the form we know
    payload = strict_json.loads(verified.payload, max_bytes=MAX_ANSWER_BYTES)
    if not isinstance(payload, dict) or payload.get("v") not in (OLD_VERSION, ANSWER_VERSION):
        raise _wrong("v", str(ANSWER_VERSION))
    version = payload["v"]
    if version == OLD_VERSION and not repeated:
        raise older_provider(agreement.counterparty)
    for name, kind in _FIELDS.items():
        if type(payload.get(name)) is not kind:
            raise _wrong(name, kind.__name__)
    # (3) this agreement, its parties and its dataset
    # (4) this purpose and mode
    bindings = {
        "agreementId": agreement.id,
        "provider": agreement.counterparty,
        "consumer": expected_consumer,
        "product": agreement.dataset_id,
        "purpose": purpose_iri(question.purpose),
        "mode": question.mode,
    }
    for name, expected in bindings.items():
        if payload[name] != expected:
            raise _wrong(name, f"`{expected}`")
    # (5) this question, or an earlier one of ours that means the same
    ours = question.sql if payload["questionId"] == question.id else earlier(payload["questionId"])
    if ours is None or payload["sqlDigest"] != sql_digest(ours):
        raise _wrong("questionId", problems_answers.OUR_QUESTION)
    # (6) the aggregates and dimensions asked for
    _check_columns(payload, question.sql)
    # (7) the time
    try:
        answered = read_instant(payload["answeredAt"])
    except MalformedError:
        raise _wrong("answeredAt", problems_answers.INSTANT) from None
    begun = agreement.finalized_at
    if answered > now + AHEAD or begun is None or answered < begun - AHEAD:
        raise _wrong("answeredAt", problems_answers.TIME_SINCE)
    provider.check_time(verified.key, answered.timestamp())
    # (8) the cells
    outputs = {output["name"] for output in payload["outputs"]}
    dimensions = {dimension["name"] for dimension in payload["dimensions"]}
    for cell in payload["cells"]:
        if wrong := check_cell(cell, dimensions, outputs, old=version == OLD_VERSION):
            raise _wrong("cells", wrong)
    for cell in payload["withheld"]:
        if wrong := check_withheld(cell, dimensions, outputs):
            raise _wrong("withheld", wrong)
    if not 0 <= payload["leftOut"] <= MAX_CELLS:
        raise _wrong("leftOut", problems_answers.LEFT_OUT)
    # (9) the bounds
    if "measures" in payload:
        _check_measures(payload["measures"], outputs)
    return payload


def _check_columns(payload: Mapping[str, Any], sql: str) -> None:
    query = parse(sql)
    asked = {_output_name(o.term) for o in query.outputs if isinstance(o.term, Aggregate)}
    given = [str(o.get("name")) if isinstance(o, dict) else "" for o in payload["outputs"]]
    if {name.casefold() for name in given} != asked or len(given) != len(asked):
        raise _wrong("outputs", sorted(asked))
    grouped = {column.name.casefold() for column in query.group_by}
    names = [str(d.get("name")) if isinstance(d, dict) else "" for d in payload["dimensions"]]
    if {name.casefold() for name in names} != grouped or len(names) != len(grouped):
        raise _wrong("dimensions", sorted(grouped) or problems_answers.NONE)


def _output_name(aggregate: Aggregate) -> str:
    column: Column | None = aggregate.column
    return f"{'*' if column is None else column.name.casefold()}:{aggregate.function}"


def _check_measures(measures: Any, outputs: set[str]) -> None:
    if not isinstance(measures, list) or not all(isinstance(m, dict) for m in measures):
        raise _wrong("measures", problems_answers.MEASURES)
    for measure in measures:
        texts = [measure.get(name) for name in ("name", "unit", "lower", "upper")]
        if not all(isinstance(text, str) for text in texts):
            raise _wrong("measures", problems_answers.MEASURE_TEXTS)
        if not all(NUMBER.fullmatch(measure[end]) for end in ("lower", "upper")):
            raise _wrong("measures", problems_answers.BOUND_TEXTS)
    asked = {name.rpartition(":")[0] for name in outputs} - {"*"}
    if sorted(measure["name"] for measure in measures) != sorted(asked):
        raise _wrong("measures", sorted(asked) or problems_answers.NONE)


def older_provider(provider: str) -> Refused:
    """Name a provider that gives answers of an older form."""
    return refusal(
        Reason(
            code="answer.older-provider",
            given=provider,
            expected=str(ANSWER_VERSION),
            next="next.upgrade-provider",
        )
    )


def _wrong(field: str, expected: object) -> VerificationError:
    return VerificationError(problems_answers.UNVERIFIED, field=field, expected=expected)
