"""A firm's first page: what waits, how contracts stand, what was asked and delivered, health."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from sqlalchemy import func, select
from sqlmodel import col

from connector.areas.dsp import AgreementRow
from connector.areas.products import ProductRow
from connector.areas.questions import AskedQuestionRow
from connector.compose.pages import home_words as w
from connector.compose.pages.home_figures import by_state, days, deliveries, expiring, given_up
from connector.compose.pages.protections import protections
from connector.compose.pages.shared import own_standing, way_to
from connector.console.page import Page
from connector.party.area import Areas
from connector.store.outbox_rows import PARKED, OutboxRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlmodel import Session

    from connector.console.page import Visit
    from connector.party.node import Node
    from crypto.words import Spoken

MOST_COUNTED: Final = 1000
_APPLY: Final = "voile apply"


def _view(node: Node, visit: Visit) -> Mapping[str, Any]:
    visitor = visit.visitor
    listed = way_to(node, visitor, "/deliveries")
    with node.db.reading() as session:
        steps = list(_steps(node, session, visit))
        waits = [*_standing(node, session, visit)]
        waits += [*_pages(node, visit), *_parked(node, session, visit)]
        if failed := given_up(node, session):
            ended = _filtered(listed, {"state": "ended"})
            waits.append((w.FAILED.of(count=failed), ended))
        waits += expiring(node, session, visitor)
        chart, bounded = days(node, session, visit.language)
        contracts, passed = by_state(session), deliveries(session)
    wrong = sum(one.kind == "bad" for one in protections(node))
    return {
        "steps": [] if _begun(steps) else steps,
        "waits": waits,
        "chart": chart,
        "bounded": bounded,
        "contracts": contracts,
        "passed": [
            (said, *((count, _filtered(listed, query)) for count, query in counted))
            for said, *counted in passed
        ],
        "deliveries": listed,
        "wrong": wrong,
        "unhealthy": w.UNHEALTHY.of(count=wrong),
        "connector": way_to(node, visitor, "/connector"),
    }


def _standing(node: Node, session: Session, visit: Visit) -> Iterator[tuple[Spoken, str]]:
    """Say that the operator has stopped this firm: nothing else on these pages would tell why."""
    said = w.STOPPED.get(own_standing(node, session))
    if said is not None:
        yield said.of(), way_to(node, visit.visitor, "/membership")


def _filtered(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if path else ""


def _pages(node: Node, visit: Visit) -> Iterator[tuple[Spoken, str]]:
    """Give the pages on which something waits for this person."""
    for page in node.services[Areas].pages:
        if page.waiting is None or not page.may & visit.visitor.roles or "{" in page.path:
            continue
        if count := page.waiting(node, visit.visitor):
            yield w.WAITING.of(title=page.title, count=count), page.path


def _parked(node: Node, session: Session, visit: Visit) -> Iterator[tuple[Spoken, str]]:
    some = select(col(OutboxRow.id)).where(col(OutboxRow.state) == PARKED).limit(MOST_COUNTED)
    count = session.execute(select(func.count()).select_from(some.subquery())).scalar_one()
    if count:
        yield w.PARKED.of(count=count), way_to(node, visit.visitor, "/connector/messages")


def _begun(steps: Sequence[tuple[Spoken, str, bool, Spoken | None]]) -> bool:
    """Whether the first steps are done: as provider or as consumer, a firm need not be both."""
    certified, published, agreed, asked = (done for _, _, done, _ in steps)
    return certified and agreed and (published or asked)


def _steps(
    node: Node, session: Session, visit: Visit
) -> Iterator[tuple[Spoken, str, bool, Spoken | None]]:
    """Give the first steps: what, where, whether it is done, and how."""
    visitor, settings = visit.visitor, node.settings
    known = own_standing(node, session) == "certified" or bool(settings.pinned)
    apply = way_to(node, visitor, "/membership")
    yield w.CERTIFIED, apply, known, None if apply else w.CERTIFIED_HOW.of(command=_APPLY)
    product = session.execute(select(col(ProductRow.id)).limit(1)).first() is not None
    yield w.PUBLISHED, way_to(node, visitor, "/new-product"), product, None
    agreed = session.execute(
        select(col(AgreementRow.negotiation))
        .where(col(AgreementRow.finalized_ms).is_not(None))
        .limit(1)
    ).first()
    yield w.AGREED, way_to(node, visitor, "/catalogue"), agreed is not None, None
    asked = session.execute(select(col(AskedQuestionRow.attempt)).limit(1)).first() is not None
    yield w.QUESTION, way_to(node, visitor, "/questions/new"), asked, None


HOME: Final = Page(
    name="firm.home",
    path="/",
    title=w.TITLE,
    may=frozenset({"steward", "cdo", "security"}),
    view=_view,
    template="compose/home.html",
    words=w,
    rail=("", 0),
)
