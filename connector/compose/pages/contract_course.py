"""The course of a contract, from its negotiation to its end, as moments of a timeline."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlmodel import col, select

from connector.areas.dsp import AgreementRecord, ProcessRow, SignatureRow
from connector.compose.contract_facts import ms
from connector.compose.pages import contract_words as w
from policies.errors import PolicyError
from policies.span import span

if TYPE_CHECKING:
    from datetime import datetime

    from sqlmodel import Session

    from crypto.words import Words

Step = tuple[int, "Words", bool]  # when, what, whether it is still to come
_BLINK: Final = timedelta(milliseconds=1)


def course(session: Session, one: AgreementRecord, now: datetime) -> list[Step]:
    """Give its moments in order: milliseconds since 1970, what, and whether they are ahead."""
    found: list[tuple[int, int, Words]] = []
    began = session.exec(
        select(ProcessRow.created_ms).where(ProcessRow.pid == one.negotiation)
    ).first()
    if began is not None:
        found.append((began, 0, w.BEGAN))
    signed = session.exec(
        select(SignatureRow.stage, SignatureRow.signed_ms).where(
            col(SignatureRow.negotiation) == one.negotiation
        )
    ).all()
    for place, (stage, said) in enumerate(w.STAGES.items(), 1):
        found += [(at, place, said) for name, at in signed if name == stage]
    if not signed and one.finalized_at is not None:
        found.append((ms(one.finalized_at), 3, w.STAGE_FINALIZED))
    if not isinstance(one.terms, PolicyError):
        start, end = span(one.terms)
        if one.ended_at is not None:  # what would have come does not
            start, end = (at if at and at < one.ended_at else None for at in (start, end))
        if start is not None:
            found.append((ms(start), 4, w.DATE_FROM))
        if end is not None:
            found.append((ms(end - _BLINK), 5, w.DATE_UNTIL))
    if one.ended_at is not None:
        found.append((ms(one.ended_at), 6, w.ENDED_THEN))
    return [(at, said, at > ms(now)) for at, _, said in sorted(found, key=lambda step: step[:2])]
