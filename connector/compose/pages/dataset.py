"""Another firm's product: what it is, what may be asked of it, and asking for an offer of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from connector.areas.dsp import NEGOTIATE, RUNS
from connector.client.margin_table import margin_row
from connector.compose import problems_page as problems
from connector.compose.page_operations import PAGE as PRODUCT_PAGE
from connector.compose.page_operations import From
from connector.compose.pages import dataset_words as w
from connector.compose.pages.away import Away
from connector.compose.pages.catalogue import both, spoken_mode
from connector.compose.product_page import product_page
from connector.console.page import Form, Page
from connector.console.terms import name_of, namer, reason_said, terms_file, terms_of
from connector.party.operation import Call
from connector.process.errors import NotFound, VoileError
from crypto.records import read
from crypto.strict_json import loads
from crypto.words import verbatim
from policies.policy_words import EVERY, MOST_VALUES, moment
from policies.purpose_words import PURPOSE_WORDS, short_purpose

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask import Response
    from sqlmodel import Session

    from connector.console.page import Visit
    from connector.party.node import Node
    from crypto.words import Language, Spoken

MOST_CODES: Final = 12  # of a dimension in its row
MOST_COLUMNS: Final = 60
MOST_MARGINS: Final = 16
MOST_OFFERS: Final = 12
MOST_DIFFERENCES: Final = 12
MOST_POLICY: Final = 8192  # characters of terms that a form carries


def view(node: Node, visit: Visit) -> Mapping[str, Any]:
    """Give the page; a provider that cannot be reached is said, and the way back stays."""
    provider, dataset = visit.path["provider"][:2048], visit.path["dataset"][:2048]
    with node.db.reading() as session:
        name = name_of(node, session, provider, visit.language)
    made: dict[str, Any] = {
        "did": provider,
        "name": name,
        "dataset": dataset,
        "of_provider": f"/catalogue/{quote(provider, safe='')}",
        "failed": None,
        "seen": None,
    }
    call = Call(
        actor=visit.visitor.actor, path={"product_id": dataset}, query=From(provider=provider)
    )
    try:
        with node.services[Away].place():
            page = product_page(node, call)
    except VoileError as error:
        return made | {"failed": error}
    with node.db.reading() as session:
        return made | {"seen": _seen(node, session, page, visit.language)}


def _seen(
    node: Node, session: Session, page: Mapping[str, Any], language: Language
) -> dict[str, Any]:
    offers = page["offers"][:MOST_OFFERS]
    numbers = {one["id"]: at for at, one in enumerate(page["offers"], 1)}
    return {
        "own": page["own"],
        "title": both(page["title"], language) or page["id"],
        "description": both(page["description"], language),
        "formats": page["formats"][:20],
        "table": page["table"] and _table(page["table"], language),
        "margins": [margin_row(one) for one in page["margins"][:MOST_MARGINS]],
        "more_margins": max(0, len(page["margins"]) - MOST_MARGINS),
        "offers": [
            _offer(node, session, one, at, asks=page["table"] is not None, there=_terms_at(page))
            for at, one in enumerate(offers, 1)
        ],
        "more_offers": len(page["offers"]) - len(offers),
        "unreadable": page["unreadable"],
        "differences": [
            {
                "offer": numbers[one["offer"]],
                "beyond": numbers[one["beyond"]],
                "grants": [_grant(more) for more in one["grants"]],
            }
            for one in page["differences"][:MOST_DIFFERENCES]
        ],
    }


def _terms_at(page: Mapping[str, Any]) -> str:
    parts = (quote(page[name], safe="") for name in ("provider", "id"))
    return "/catalogue-terms/" + "/".join(parts)


def file(node: Node, visit: Visit) -> Response:
    """Give the terms of an offer to save, the first if none is named, as they are shown now."""
    provider, dataset = visit.path["provider"][:2048], visit.path["dataset"][:2048]
    wanted = visit.asked("offer")
    call = Call(
        actor=visit.visitor.actor, path={"product_id": dataset}, query=From(provider=provider)
    )
    with node.services[Away].place():
        page = product_page(node, call)
    named = (one["policy"] for one in page["offers"] if wanted in ("", one["id"]))
    found = next(named, None)
    if found is None:
        raise NotFound(problems.NO_OFFER, offer=wanted[:200], dataset=dataset[:200])
    return terms_file(found)


def _table(table: Mapping[str, Any], language: Language) -> dict[str, Any]:
    dimensions, measures = table["dimensions"], table["measures"]
    return {
        "name": table["name"],
        "least": table["minimumContributors"],
        "dimensions": [
            {
                "name": one["name"],
                "title": _title(one, language),
                "unit": one["unit"],
                "groups": one["groups"],
                "codes": one["codes"][:MOST_CODES],
                "count": len(one["codes"]),
            }
            for one in dimensions[:MOST_COLUMNS]
        ],
        "measures": [one | {"title": _title(one, language)} for one in measures[:MOST_COLUMNS]],
        "more": max(0, len(dimensions) - MOST_COLUMNS) + max(0, len(measures) - MOST_COLUMNS),
    }


def _title(one: Mapping[str, Any], language: Language) -> str:
    title = both(one["title"], language)
    return title if title != one["name"] else ""


def _offer(
    node: Node, session: Session, one: Mapping[str, Any], at: int, *, asks: bool, there: str
) -> dict[str, Any]:
    policy = json.dumps(one["policy"], ensure_ascii=False, separators=(",", ":"))
    asks_for = len(policy) <= MOST_POLICY  # whoever asks for an offer agrees to all of it
    most = EVERY if asks_for else MOST_VALUES
    terms = terms_of(one["policy"], "Offer", namer(node, session), most=most)
    return {
        "number": at,
        "id": one["id"],
        "sentences": terms.sentences,
        "purposes": [
            (purpose["name"], PURPOSE_WORDS.get(purpose["name"]))
            for purpose in one["purposes"][:MOST_CODES]
        ],
        "questions": [
            {
                "sql": question["sql"],
                "purpose": PURPOSE_WORDS.get(question["purpose"], verbatim(question["purpose"])),
                "mode": spoken_mode(question["mode"]),
            }
            for question in one["questions"]
        ],
        "reasons": [reason_said(reason) for reason in one["reasons"]] if asks else [],
        "terms": terms,
        "file": f"{there}?{urlencode({'offer': one['id']})}",
        "policy": policy if asks_for else "",
    }


def _grant(more: Mapping[str, Any]) -> tuple[Spoken, Spoken]:
    """Say what one offer grants beyond another: of which kind, and the values."""
    values: Sequence[Spoken] = [_value(more["of"], value) for value in more["values"]]
    kind = w.KINDS.get(more["of"], verbatim(more["of"]))
    count = max(0, len(values) - MOST_CODES) + more["more"]
    listed = list(values[:MOST_CODES])
    if count:
        return kind, w.AND_MORE.of(values=_Listed(listed), count=count)
    return kind, _Listed(listed)


class _Listed:
    """Values with the commas of the language."""

    def __init__(self, values: Sequence[Spoken]) -> None:
        self._values = values

    def said(self, language: Language) -> str:
        """Give them."""
        return ("、" if language == "zh" else ", ").join(one.said(language) for one in self._values)


def _value(kind: str, value: str) -> Spoken:
    if not value:
        return w.ANY
    match kind:
        case "purpose":
            name = short_purpose(value)
            said = PURPOSE_WORDS.get(name, verbatim(name))
            return verbatim(f"“{said.zh}”", f"“{said.en}”")
        case "queryMode":
            return spoken_mode(value)
        case "from" | "until":
            return verbatim(moment(value))
        case _:
            return verbatim(value)


def _ask(visit: Visit) -> Call:
    wish = {
        "provider": visit.path["provider"],
        "dataset": visit.path["dataset"],
        "policy": loads(visit.sent("policy").encode()),
    }
    return Call(actor=visit.visitor.actor, path=visit.path, body=read(NEGOTIATE.body, wish))


def _there(_visit: Visit, made: Any) -> str:
    return f"/negotiations/{quote(made['pid'], safe='')}"


DATASET: Final = Page(
    name="asking.dataset",
    path="/catalogue/{provider}/{dataset}",
    slashes=frozenset({"dataset"}),
    title=w.TITLE,
    may=PRODUCT_PAGE.may,
    view=view,
    template="compose/dataset.html",
    words=w,
    forms=(
        Form(
            name="ask",
            operation=NEGOTIATE,
            run=RUNS[NEGOTIATE],
            read=_ask,
            then=_there,
            done=w.ASKED_NOW,
        ),
    ),
)
DATASET_TERMS: Final = Page(
    name="asking.dataset_terms",
    path="/catalogue-terms/{provider}/{dataset}",
    slashes=frozenset({"dataset"}),
    title=w.AS_WRITTEN,
    may=PRODUCT_PAGE.may,
    view=file,
    template="compose/dataset.html",
    words=w,
)
