"""Step 5 of the wizard: what is left to do, then the publication itself; and the text as a file."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from flask import Response

from catalog.errors import ProductError
from catalog.product_file import read_product
from connector.areas.products.draft_api import RUNS
from connector.areas.products.draft_operations import PUBLISH_DRAFT
from connector.areas.products.draft_records import Publishes
from connector.areas.products.draft_rows import check_complete
from connector.areas.products.drafts import Drafts
from connector.areas.products.jobs import Publisher
from connector.areas.products.operations import STEWARDS
from connector.areas.products.pages import publish_words as words
from connector.areas.products.pages.offer import sentences
from connector.areas.products.pages.wizard import (
    STAGES,
    around,
    call_of,
    common_forms,
    draft_of,
    failure_of,
    seen_of,
)
from connector.areas.products.pages.wizard_words import WORKING_STAGE
from connector.areas.products.rows import ProductRow
from connector.console.page import Form, Page
from connector.process.errors import VoileError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.areas.products.draft_records import DraftShown
    from connector.console.page import Visit
    from connector.party.node import Node
    from connector.party.operation import Call


def view(node: Node, visit: Visit) -> Mapping[str, Any]:
    """Gives what is left to do, or how the publication stands."""
    shown = draft_of(node, visit)
    made = around(shown, "publish")
    made |= _job(node, visit.asked("job"), renewal=made["renewal"])
    made["published"] = made["published"] or (
        shown.draft.product if shown.draft.state == "published" and visit.asked("job") else ""
    )
    confirmed = _confirmed(node, shown)
    found = shown.preview or {}
    previewed = shown.fresh and bool(found.get("wouldPublish"))
    offered = sentences(node, shown.text)
    checks = [
        (words.CHECK_COLUMNS, words.DO_COLUMNS, confirmed, "columns"),
        (words.CHECK_PREVIEW, words.DO_PREVIEW, previewed, "preview"),
        (words.CHECK_OFFER, words.DO_OFFER, bool(offered), "offer"),
    ]
    made["checks"] = [
        {"said": said, "does": does, "done": done, "href": f"/drafts/{shown.draft.id}/{step}"}
        for said, does, done, step in checks
        if not made["renewal"] or step == "preview"
    ]
    left = [one for one in made["checks"] if not one["done"]]
    made["onward"] = left[0] if left and not (confirmed and previewed) else None
    made["ready"] = confirmed and previewed
    made["offered"] = offered
    made["cells"] = ((found.get("report") or {}).get("cells") or {}) if previewed else {}
    made |= {"product": None, "stands": False}
    with suppress(ProductError):
        product = read_product(shown.text, stored=True)
        made["product"] = {"id": product.id, "level": product.level}
        with node.db.reading() as session:
            made["stands"] = session.get(ProductRow, product.id) is not None
    return made


def _confirmed(node: Node, shown: DraftShown) -> bool:
    try:
        check_complete(node.services[Drafts].row(shown.draft.id))
    except VoileError:
        return False
    return True


def _job(node: Node, job_id: str, *, renewal: bool) -> dict[str, Any]:
    made: dict[str, Any] = {"publishing": None, "published": "", "refused": None}
    job = node.services[Publisher].job(job_id) if job_id else None
    if job is None or job.checks:
        return made
    if job.state == "done":
        made["published"] = job.product
    elif job.state == "failed" and job.error is not None:
        made["refused"] = failure_of(job.error, renewal=renewal)
    else:
        made["publishing"] = WORKING_STAGE.of(
            stage=STAGES[job.stage], percent=round(100 * job.done)
        )
    return made


def _read(visit: Visit) -> Call:
    clamped = visit.sent("clamped") == "yes"
    return call_of(visit, Publishes(seen=seen_of(visit), accept_clamped=clamped))


def _then(visit: Visit, made: Any) -> str:
    here = f"/drafts/{visit.path['draft_id']}/publish"
    job = made.get("job") if isinstance(made, dict) else None
    return f"{here}?job={job}" if isinstance(job, str) else here


def text(node: Node, visit: Visit) -> Response:
    """Gives the product file so far as a file: `voile publish` takes it."""
    shown = draft_of(node, visit)
    response = Response(shown.text, mimetype="application/toml")
    given = shown.outline.about.id if shown.outline is not None else shown.draft.product
    name = "".join(c for c in given if c.isascii() and (c.isalnum() or c in "-_")) or "product"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.toml"'
    return response


PUBLISH_PAGE: Final = Page(
    name="products.publish",
    path="/drafts/{draft_id}/publish",
    title=words.TITLE,
    may=STEWARDS,
    view=view,
    template="products/publish.html",
    words=words,
    forms=(
        Form(
            name="publish",
            operation=PUBLISH_DRAFT,
            run=RUNS[PUBLISH_DRAFT.name],
            read=_read,
            then=_then,
            done=words.BEGUN,
        ),
        *common_forms("publish"),
    ),
)
TEXT_PAGE: Final = Page(
    name="products.text",
    path="/drafts/{draft_id}/product.toml",
    title=words.DRAFT_FILE,
    may=STEWARDS,
    view=text,
    template="products/publish.html",
    words=words,
)
