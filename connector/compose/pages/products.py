"""One's own products: the list, and the page of each with what can be done about it."""

from __future__ import annotations

import json
import tomllib
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func
from sqlmodel import col, select

from catalog.product_file import read_product
from connector.areas.dsp import agreements_page, contracts_stand
from connector.areas.products import (
    FILE,
    PUBLISH,
    PUBLISHED,
    REFRESH,
    STAGES,
    WITHDRAW,
    Ending,
    FileVersionRow,
    ProductRow,
    ProductVersionRow,
    Publication,
    Publisher,
    Refresh,
    emptied,
    mark_of,
    publish_run,
    refresh_run,
    seen,
    seen_words,
    sentences,
    withdraw_run,
)
from connector.compose import problems_page, problems_pages
from connector.compose.page_operations import From
from connector.compose.pages import products_words as words
from connector.compose.pages.product_lines import STATES, domain, in_force, listed, name
from connector.compose.pages.product_text import against, file_offers, has_source
from connector.compose.product_page import product_page
from connector.compose.taking_back import check_unused, unpublish
from connector.compose.taking_back_operations import UNPUBLISH
from connector.console import words as c
from connector.console.page import Form, Page
from connector.console.tables import Column, Time, table_file
from connector.party.operation import Call
from connector.process.errors import BadRequest, Conflict, NotFound, VoileError
from crypto.words import verbatim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlmodel import Session

    from connector.console.page import Visit
    from connector.party.node import Node
    from connector.process.actor import Role

_PER_PAGE: Final = 50
OPENING: Final[frozenset[Role]] = frozenset({"steward", "cdo"})  # one of them, or a new one


def products(node: Node, visit: Visit) -> Mapping[str, Any]:
    """Gives a page of the products, by id."""
    after, state = visit.asked("after")[:63], visit.asked("state")
    query = select(ProductRow).where(col(ProductRow.id) > after).order_by(col(ProductRow.id))
    if state in STATES:
        query = query.where(ProductRow.state == state)
    with node.db.reading() as session:
        rows = session.exec(query.limit(_PER_PAGE + 1)).all()
        lines = listed(node, session, rows[:_PER_PAGE], visit)
    more = f"/products?state={state}&after={lines[-1]['id']}" if len(rows) > _PER_PAGE else ""
    return {
        "products": lines,
        "opens": bool(OPENING & visit.visitor.roles),
        "state": state if state in STATES else "",
        "states": [("", words.ALL), *((key, said) for key, (_, said) in STATES.items())],
        "next": more,
        "first": f"/products?state={state}" if after else "",
    }


def product(node: Node, visit: Visit) -> Mapping[str, Any]:
    """Gives one product: what it is, who uses it, and what would follow from taking it off."""
    product_id = visit.path["product_id"]
    with node.db.reading() as session:
        row = session.get(ProductRow, product_id)
        if row is None:
            raise NotFound(problems_page.PAGE_MISSING, product=product_id[:200])
        (made,) = listed(node, session, [row], visit)
        version = session.get(ProductVersionRow, (row.id, row.number))
        newest = agreements_page(session, role="provider", dataset=row.id, limit=_PER_PAGE)
        stand = contracts_stand(node, session, [one for _, one in newest], node.clock.now())
        agreements = [
            {
                "agreement": one.id,
                "with": one.counterparty,
                "name": name(node, session, one.counterparty),
                "since": at,
                "stands": stands,
            }
            for (at, one), stands in zip(newest, stand, strict=True)
        ]
        force = in_force(session, row.id)
        kept = _kept(session, row.id)
        versions = int(
            session.exec(
                select(func.count())
                .select_from(FileVersionRow if row.kind == FILE else ProductVersionRow)
                .where(
                    (FileVersionRow if row.kind == FILE else ProductVersionRow).product == row.id
                )
            ).one()
        )
        text, on_offer = row.text, row.state == PUBLISHED
        stands = mark_of(session, row)
        cells = json.loads(version.report)["cells"] if version is not None else None
        digest = version.digest if version is not None else ""
    return {
        "one": made,
        "renew": f"/new-product?product={product_id}",
        "domain_said": domain(made["domain"]),
        "text": text,
        **against(visit, stands, text),
        "on_offer": on_offer,
        "sentences": sentences(node, text),
        "emptied": emptied(product_id, text) if on_offer else [],
        "file_offers": file_offers(text) if made["is_file"] else 0,
        "cells": cells,
        "digest": digest,
        "agreements_listed": agreements,
        "in_force": force,
        "kept": kept,
        "versions": versions,
        "seen": _seen(node, visit, text) if on_offer and not made["is_file"] else None,
        "sw": seen_words,
        "has_source": has_source(text),
        "job": _job(node, visit.asked("job")),
    }


def _kept(session: Session, product_id: str) -> Any:
    """Says why a product cannot be taken back whole, if it cannot."""
    try:
        check_unused(session, product_id)
    except Conflict as error:
        return error
    return None


def _seen(node: Node, visit: Visit, text: str) -> Any:
    call = Call(actor=visit.visitor.actor, path=visit.path, query=From())
    with suppress(VoileError):
        return seen(node, product_page(node, call), read_product(text, stored=True))
    return None


def _job(node: Node, job_id: str) -> dict[str, Any] | None:
    found = node.services[Publisher].job(job_id) if job_id else None
    if found is None or found.checks:
        return None
    told = found.error
    return {
        "works": found.state in ("waiting", "running"),
        "stage": STAGES[found.stage],
        "failed": None
        if told is None
        else verbatim(told["zh"]["error"]["message"], told["en"]["error"]["message"]),
    }


def _ending(visit: Visit) -> Call:
    reason = visit.sent("reason").strip()
    if not reason or visit.sent("understood") != "yes":
        raise BadRequest(problems_pages.UNSAID, field="reason")
    return Call(
        actor=visit.visitor.actor,
        path=visit.path,
        body=Ending(reason=" ".join(reason.split())[:500], seen=_seen_by(visit)),
    )


def _seen_by(visit: Visit) -> str:
    return visit.sent("seen")[:80] or "-"  # a page that says nothing of it has seen nothing


def _offers(visit: Visit) -> Call:
    text = visit.sent("text").replace("\r\n", "\n")
    with suppress(tomllib.TOMLDecodeError, RecursionError):  # that is said by who reads it
        other = tomllib.loads(text.removeprefix("\ufeff")).get("id")
        if isinstance(other, str) and other != visit.path["product_id"]:
            raise BadRequest(
                problems_pages.OTHER_PRODUCT, product=visit.path["product_id"], other=other[:63]
            )
    body = Publication(product=text, seen=_seen_by(visit))
    return Call(actor=visit.visitor.actor, body=body)


def _again(visit: Visit) -> Call:
    return Call(actor=visit.visitor.actor, path=visit.path, body=Refresh())


def _watched(visit: Visit, made: Any) -> str:
    job = made.get("job") if isinstance(made, dict) else None
    here = f"/products/{visit.path['product_id']}"
    return f"{here}?job={job}" if isinstance(job, str) else here


_MAY: Final[frozenset[Role]] = frozenset({"steward", "cdo", "auditor"})
LIST_PAGE: Final = Page(
    name="products.list",
    path="/products",
    title=words.LIST,
    may=_MAY,
    view=products,
    template="compose/products.html",
    words=words,
    rail=("provide", 1),
)
ONE_PAGE: Final = Page(
    name="products.one",
    path="/products/{product_id}",
    title=words.ONE,
    may=OPENING,
    view=product,
    template="compose/product.html",
    words=words,
    forms=(
        Form(
            name="withdraw",
            operation=WITHDRAW,
            run=withdraw_run,
            read=_ending,
            then=lambda visit, _made: f"/products/{visit.path['product_id']}",
            done=words.WITHDRAWN_DONE,
        ),
        Form(
            name="unpublish",
            operation=UNPUBLISH,
            run=unpublish,
            read=_ending,
            then=lambda _visit, _made: "/products",
            done=words.UNPUBLISHED_DONE,
        ),
        Form(
            name="refresh",
            operation=REFRESH,
            run=refresh_run,
            read=_again,
            then=_watched,
            done=words.REFRESH_BEGUN,
        ),
        Form(
            name="offers",
            operation=PUBLISH,
            run=publish_run,
            read=_offers,
            then=_watched,
            done=words.TEXT_BEGUN,
        ),
    ),
)
LIST_FILE: Final = table_file(
    LIST_PAGE,
    rows="products",
    columns=(
        Column(c.ID, lambda one: one["id"]),
        Column(c.NAME, lambda one: one["title"]),
        Column(c.STATE, lambda one: one["said"]),
        Column(words.KIND, lambda one: words.KIND_FILE if one["is_file"] else words.KIND_TABLE),
        Column(words.LEVEL, lambda one: one["level"]),
        Column(words.VERSION, lambda one: one["number"]),
        Column(words.PUBLISHED_AT, lambda one: Time(one["published"])),
        Column(words.AGREEMENTS, lambda one: one["agreements"]),
    ),
)
PAGES: Final = (LIST_PAGE, LIST_FILE, ONE_PAGE)
