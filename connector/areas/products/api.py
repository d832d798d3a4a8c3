"""Routes of the owner's own API about products: publish, watch, list, withdraw."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response
from sqlmodel import col, select

from catalog.file_product import use_offers
from connector.areas.products import delivered, store
from connector.areas.products.jobs import Publisher
from connector.areas.products.publish import read_declared
from connector.areas.products.rows import FILE, FileVersionRow, ProductRow, ProductVersionRow
from connector.areas.products.withdraw import withdraw
from connector.party.web import json_object, missing, reply
from connector.process.errors import BadRequest
from connector.process.lists import each
from policies.odrl import to_wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.party.node import Node


def management_routes(node: Node) -> Blueprint:
    """Routes for the owner's commands."""
    routes = Blueprint("products", __name__, url_prefix="/v1/products")
    publisher = node.services[Publisher]

    @routes.post("")
    def start() -> Response:
        body = json_object()
        text, data = _request(body)
        accept = body.get("acceptClamped", False)
        if not isinstance(accept, bool):
            raise BadRequest(
                "`acceptClamped`: expected true or false",
                code="field-wrong",
                next_step="say true to let more than one value in a hundred be clamped",
            )
        declared = read_declared(text)
        job = publisher.submit(declared.id, text, data, accept_clamped=accept)
        return reply(job.to_json(), 202)

    @routes.get("/jobs/<job_id>")
    def watch(job_id: str) -> Response:
        job = publisher.job(job_id)
        if job is None:
            raise missing("job", job_id, "see `voile products`, or publish again")
        return reply(job.to_json())

    @routes.get("")
    def listed() -> Response:
        listed = [*_listed(node), *_listed_files(node)]
        return reply({"products": sorted(listed, key=lambda item: str(item["id"]))})

    @routes.get("/<product_id>")
    def show(product_id: str) -> Response:
        with node.db.reading() as session:
            found = store.product(session, product_id)
            file = delivered.published_file(session, product_id)
        if file is not None:
            return reply(_file(file))
        if found is None:
            raise missing("product", product_id, "see `voile products`")
        return reply(
            {
                "id": found.id,
                "title": {"zh": found.product.title.zh, "en": found.product.title.en},
                "published": found.publication.published,
                "offers": [to_wire(offer) for offer in found.offers],
                "report": found.report,
            }
        )

    @routes.delete("/<product_id>")
    def remove(product_id: str) -> Response:
        withdraw(node, product_id)
        return reply({"id": product_id, "state": "withdrawn"})

    return routes


def _request(body: dict[str, Any]) -> tuple[str, Path | None]:
    unknown = sorted(body.keys() - {"product", "data", "acceptClamped"})
    if unknown:
        raise BadRequest(f"unknown key `{unknown[0]}`", code="field-unknown", next_step="remove it")
    text, data = body.get("product"), body.get("data")
    if not isinstance(text, str):
        raise BadRequest(
            "`product`: expected the text of a product file",
            code="field-wrong",
            next_step="send the TOML text",
        )
    if data is None:
        return text, None
    if not isinstance(data, str) or "\x00" in data or not Path(data).is_absolute():
        raise BadRequest(
            "`data`: expected the absolute path of a file on the connector's machine",
            code="field-wrong",
            next_step="correct the path",
        )
    return text, Path(data)


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
    return each(found, lambda both: _shown(*both), lambda both: _named(both[0]))


def _shown(row: ProductRow, version: ProductVersionRow) -> dict[str, Any]:
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
    return each(rows, lambda both: _shown_file(*both), lambda both: _named(both[0]))


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
        "offers": [to_wire(offer) for offer in use_offers(product)],
        "version": {"number": version.number, "digest": version.digest},
        "published": version.published,
        "bytes": version.size,
        "mediaType": version.media,
    }
