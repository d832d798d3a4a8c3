"""What the owner does with products: publish, watch, list, withdraw."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlmodel import col, select

from catalog.file_product import FileProduct, use_offers
from catalog.product import Product
from connector.areas.products import audited, delivered, problems, store
from connector.areas.products.draft_standing import check_stands
from connector.areas.products.drafts import NAMED, Drafts
from connector.areas.products.file_publish import MEDIA
from connector.areas.products.jobs import Publisher
from connector.areas.products.operations import (
    CHECK,
    LIST,
    PUBLISH,
    REFRESH,
    SHOW,
    WATCH,
    WITHDRAW,
)
from connector.areas.products.publish import read_declared
from connector.areas.products.refresh_state import told
from connector.areas.products.refreshing import Refresher
from connector.areas.products.rows import FILE, FileVersionRow, ProductRow, ProductVersionRow
from connector.areas.products.standing import check_seen, mark_of
from connector.areas.products.weighing import agreed_data
from connector.areas.products.withdraw import withdraw
from connector.party.performing import check_may
from connector.party.private_files import check_public
from connector.party.web import language
from connector.process.errors import NotFound
from connector.process.lists import each
from crypto.record_errors import wrong
from policies.odrl import to_wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlmodel import Session

    from connector.party.node import Node
    from connector.party.operation import Call, Operation
    from connector.party.routes import Run

# what is no data file of ours, and is told what to do instead by who looks into it
# beside these: what is read into a table, and formats of tables whose readers say what helps
TOLD: Final = (
    *(".xlsx", ".csv.gz", ".csv.zst"),
    *(".xls", ".ods", ".zip", ".parquet.gz", ".parquet.zst"),
)


def publish_run(node: Node, call: Call) -> dict[str, Any]:
    """Publishes a product file with its data, which may be those of a draft."""
    asked = call.body
    declared = read_declared(asked.product)
    draft = draft_named(asked.data)
    data = path_of_data(node, declared, asked.data)

    def first() -> None:
        if draft:
            check_stands(node, node.services[Drafts].row(draft), asked.product)
        with node.db.reading() as session:
            check_seen(session, declared.id, asked.seen)

    first()  # refused at once, and again in its turn

    def then() -> None:
        if draft:
            node.services[Drafts].published(draft, declared.id)

    job = node.services[Publisher].submit(
        declared.id,
        asked.product,
        data,
        accept_clamped=asked.accept_clamped,
        agreed=agreed_data(call.seen),
        seen=asked.seen,
        first=first,
        then=then,
    )
    return job.to_json(language())


def draft_named(data: str | None) -> str:
    """Give the id of the draft whose file is named as data; empty for other data."""
    return data.removeprefix(NAMED) if data is not None and data.startswith(NAMED) else ""


def _check(node: Node, call: Call) -> dict[str, Any]:
    asked = call.body
    declared = read_declared(asked.product)
    with node.db.reading() as session:
        check_seen(session, declared.id, asked.seen)
    data = path_of_data(node, declared, asked.data)
    job = node.services[Publisher].check(
        declared.id,
        asked.product,
        data,
        accept_clamped=asked.accept_clamped,
        orders=asked.orders,
    )
    return job.to_json(language())


def path_of_data(node: Node, declared: Product | FileProduct, given: str | None) -> Path | None:
    """Give the path of data that an owner named, if one did; refuses what is none."""
    if given is None:
        return None
    if given.startswith(NAMED):
        drafts = node.services[Drafts]
        return drafts.path(drafts.row(draft_named(given)))
    if not Path(given).is_absolute():
        raise wrong("/data", given, problems.FILE_PATH)
    suffixes: tuple[str, ...] = (*MEDIA, *TOLD)
    if isinstance(declared, Product) and Path(given).is_dir():  # its files are looked at later
        suffixes = (Path(given).resolve().suffix.lower(),)
    return check_public(node.settings, Path(given), suffixes=suffixes)


def _watch(node: Node, call: Call) -> dict[str, Any]:
    job = node.services[Publisher].job(call.path["job_id"])
    if job is None:
        raise NotFound(problems.JOB_MISSING, name=call.path["job_id"])
    if job.checks:
        check_may(CHECK.name, CHECK.may, at=node.settings.role)
    found = job.to_json(language())
    return found if audited.is_owner(call.actor) else audited.job(found, language())


def refresh_run(node: Node, call: Call) -> dict[str, Any]:
    """Reads the rows of a product again from its declared source."""
    refresher = node.services[Refresher]
    job = refresher.submit(call.path["product_id"], accept_clamped=call.body.accept_clamped)
    return job.to_json(language())


def _list(node: Node, call: Call) -> dict[str, Any]:
    listed = [*_listed(node), *_listed_files(node)]
    if not audited.is_owner(call.actor):
        listed = [audited.line(one, language()) for one in listed]
    return {"products": sorted(listed, key=lambda item: str(item["id"]))}


def _show(node: Node, call: Call) -> dict[str, Any]:
    product_id = call.path["product_id"]
    with node.db.reading() as session:
        found = store.product(session, product_id)
        file = delivered.published_file(session, product_id)
        changed = 0 if found is None else store.changed_ms(session, product_id)
        stands = {} if found is None else told(node, session, found.product, changed, language())
        row = session.get(ProductRow, product_id)
        stands |= {} if row is None else {"mark": mark_of(session, row)}
    if file is not None:
        return _file(file) | stands
    if found is None:
        raise NotFound(problems.PRODUCT_MISSING, name=product_id)
    told_all = audited.is_owner(call.actor)
    return {
        "id": found.id,
        "title": {"zh": found.product.title.zh, "en": found.product.title.en},
        "published": found.publication.published,
        "offers": [to_wire(offer) for offer in found.offers],
        "report": found.report if told_all else audited.report(found.report),
        "protection": audited.protection(found.product),
        **(stands if told_all else audited.refreshes(stands, language())),
    }


def withdraw_run(node: Node, call: Call) -> dict[str, Any]:
    """Takes a product off the catalogue."""
    withdraw(node, call.path["product_id"], reason=call.body.reason, seen=call.body.seen)
    return {"id": call.path["product_id"], "state": "withdrawn"}


def _listed(node: Node) -> list[dict[str, Any]]:
    query = (
        select(ProductRow, ProductVersionRow)
        .where(
            ProductVersionRow.product == ProductRow.id,
            ProductVersionRow.number == ProductRow.number,
        )
        .order_by(col(ProductRow.id))
    )
    with node.db.reading() as session:
        found = session.exec(query).all()
        return each(
            found,
            lambda both: _shown(node, session, *both),
            lambda both: _named(both[0]),
            language(),
        )


def _shown(
    node: Node, session: Session, row: ProductRow, version: ProductVersionRow
) -> dict[str, Any]:
    declared = store.as_published(row, version)
    report = json.loads(version.report)
    return {
        "id": row.id,
        "title": {"zh": declared.title.zh, "en": declared.title.en},
        "kind": row.kind,
        "state": row.state,
        "domain": declared.domain,
        "level": declared.level,
        "modes": list(declared.modes),
        "offers": [offer.name for offer in declared.offers],
        "version": {"number": version.number, "digest": version.digest},
        "published": store.instant(version.published_ms),
        "rows": report["rows"],
        "cells": report["cells"],
        "rowsAtFinest": report["rowsAtFinest"],
        **_lost(report),
        **told(node, session, declared, row.changed_ms, language()),
    }


def _lost(report: Mapping[str, Any]) -> dict[str, int]:
    """Count the figures that the table showed before it was migrated, and does not show now."""
    cells = sum(cells["count"] for cells in report.get("noLonger", {}).values())
    return {"noLonger": cells} if cells else {}


def _named(row: ProductRow) -> dict[str, Any]:
    """Give what stands for a product whose declaration cannot be read."""
    return {"id": row.id, "kind": row.kind, "state": row.state}


def _listed_files(node: Node) -> list[dict[str, Any]]:
    query = select(ProductRow, FileVersionRow).where(
        FileVersionRow.product == ProductRow.id,
        FileVersionRow.number == ProductRow.number,
        ProductRow.kind == FILE,
    )
    with node.db.reading() as session:
        rows = session.exec(query).all()
    return each(rows, lambda both: _shown_file(*both), lambda both: _named(both[0]), language())


def _shown_file(row: ProductRow, version: FileVersionRow) -> dict[str, Any]:
    found = delivered.made(row, version)
    offers = [offer.name for offer in found.product.offers]
    return {**_file(found), "offers": offers, "state": row.state}


def _file(found: delivered.PublishedFile) -> dict[str, Any]:
    product, version = found.product, found.version
    return {
        "id": product.id,
        "title": {"zh": product.title.zh, "en": product.title.en},
        "kind": FILE,
        "domain": product.domain,
        "level": product.level,
        "formats": list(product.formats),
        "offers": [to_wire(offer) for offer in use_offers(product, life=found.life)],
        "version": {"number": version.number, "digest": version.digest},
        "published": version.published,
        "bytes": version.size,
        "mediaType": version.media,
    }


# what an owner can do with products
OPERATIONS: Final[Mapping[Operation, Run]] = {
    PUBLISH: publish_run,
    CHECK: _check,
    WATCH: _watch,
    REFRESH: refresh_run,
    LIST: _list,
    SHOW: _show,
    WITHDRAW: withdraw_run,
}
