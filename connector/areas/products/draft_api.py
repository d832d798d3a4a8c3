"""What the owner does with drafts of products."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final

from connector.areas.products import problems_drafts as problems
from connector.areas.products import spool
from connector.areas.products.api import publish_run
from connector.areas.products.draft_faults import check_whole
from connector.areas.products.draft_fresh import is_fresh
from connector.areas.products.draft_operations import (
    BEGIN,
    CANCEL,
    COLUMNS,
    DRAFT,
    DRAFTS,
    DROP,
    OFFER,
    PREVIEW,
    PUBLISH_DRAFT,
    READ,
)
from connector.areas.products.draft_records import (
    DraftListed,
    DraftShown,
    DraftsListed,
    Dropped,
    Working,
)
from connector.areas.products.draft_rows import OPEN, check_complete
from connector.areas.products.drafts import NAMED, Drafts
from connector.areas.products.operations import PUBLISH
from connector.areas.products.records import Publication
from connector.party.operation import Call
from connector.party.performing import perform
from connector.process.errors import BadRequest, Conflict
from crypto.records import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.areas.products.rows import ProductDraftRow
    from connector.party.node import Node
    from connector.party.operation import Operation
    from connector.party.routes import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that a browser hands in, or a name that it picks; a page's only.

    Attributes:
        name: of the file.
        stream: what it holds; None for a file of the import folder.
        product: of a new data version: the product that stands already.
    """

    name: str
    stream: IO[bytes] | None
    product: str = ""


def begin(node: Node, call: Call) -> DraftListed:
    """Begins a draft with a file that is handed in, or one of the import folder."""
    asked = call.body
    stream = asked.stream if isinstance(asked, Upload) else None
    if not asked.name:
        raise BadRequest(problems.NO_FILE, field="file")
    made = node.services[Drafts].begin(asked.name, stream, product=asked.product)
    return _now(node, made.id)


def _list(node: Node, _call: Call) -> DraftsListed:
    working = at_work(node)
    return DraftsListed(
        drafts=tuple(listed(row, working) for row in node.services[Drafts].listed()),
        on_hand=tuple(name for name, _ in spool.on_hand(node)),
        upload_bytes=node.settings.intake.upload_bytes,
    )


def show(node: Node, call: Call) -> DraftShown:
    """Gives a draft."""
    from catalog.outline import Outline

    working = at_work(node)
    row = node.services[Drafts].row(call.path["draft_id"])
    return DraftShown(
        draft=listed(row, working),
        text=row.text,
        sheet=row.sheet,
        sheets=tuple(json.loads(row.sheets)),
        survey=json.loads(row.survey) if row.survey else None,
        outline=read(Outline, json.loads(row.outline)) if row.outline else None,
        preview=json.loads(row.preview) if row.preview else None,
        fresh=is_fresh(node, row),
        error=json.loads(row.error) if row.error else None,
    )


def _read(node: Node, call: Call) -> DraftListed:
    drafts = node.services[Drafts]
    drafts.read(
        call.path["draft_id"], sheet=call.body.sheet, head=call.body.head, seen=call.body.seen
    )
    return _now(node, call.path["draft_id"])


def _columns(node: Node, call: Call) -> DraftListed:
    drafts = node.services[Drafts]
    drafts.decide(call.path["draft_id"], call.body.seen, call.body.columns, call.body.days)
    return _now(node, call.path["draft_id"])


def _offer(node: Node, call: Call) -> DraftListed:
    asked = call.body
    node.services[Drafts].describe(call.path["draft_id"], asked.seen, asked.about, asked.offer)
    return _now(node, call.path["draft_id"])


def _preview(node: Node, call: Call) -> DraftListed:
    drafts = node.services[Drafts]
    drafts.preview(call.path["draft_id"], accept_clamped=call.body.accept_clamped)
    return _now(node, call.path["draft_id"])


def _cancel(node: Node, call: Call) -> DraftListed:
    drafts = node.services[Drafts]
    row = drafts.row(call.path["draft_id"])
    drafts.jobs.cancel(row.id)
    return _now(node, row.id)


def _publish(node: Node, call: Call) -> object:
    """Publishes a draft, as whoever publishes a product file does."""
    row = node.services[Drafts].row(call.path["draft_id"])
    check_complete(row)
    if row.seen != call.body.seen:
        raise Conflict(problems.ELSEWHERE)
    check_whole(row)
    body = Publication(
        product=row.text, data=NAMED + row.id, accept_clamped=call.body.accept_clamped
    )
    return perform(node, PUBLISH, publish_run, Call(actor=call.actor, body=body))


def _drop(node: Node, call: Call) -> Dropped:
    node.services[Drafts].drop(call.path["draft_id"], seen=call.body.seen)
    return Dropped(id=call.path["draft_id"], state="dropped")


def at_work(node: Node) -> Mapping[str, Working]:
    """Says what is being done, by draft; to be asked before rows are read.

    What ends meanwhile is in its row then: the other way round it would seem to be interrupted.
    """
    return {
        job.draft: Working(
            state=job.state, reads=job.reads, stage=job.stage, done=round(job.done, 3)
        )
        for job in node.services[Drafts].jobs.under_way()
    }


def listed(row: ProductDraftRow, working: Mapping[str, Working]) -> DraftListed:
    """Gives a draft as lists have it."""
    return DraftListed(
        id=row.id,
        state=_STATES[row.state],
        name=row.name,
        bytes=row.size,
        product=row.product,
        began_by=row.began_by,
        created=row.created_ms,
        changed=row.changed_ms,
        seen=row.seen,
        working=working.get(row.id),
    )


def _now(node: Node, draft_id: str) -> DraftListed:
    working = at_work(node)
    row = node.services[Drafts].row(draft_id)
    return listed(row, working)


_STATES: Final[Mapping[str, Any]] = {
    name: name for name in ("reading", "failed", OPEN, "published")
}
OPERATIONS: Final[Mapping[Operation, Run]] = {
    BEGIN: begin,
    DRAFTS: _list,
    DRAFT: show,
    READ: _read,
    COLUMNS: _columns,
    OFFER: _offer,
    PREVIEW: _preview,
    CANCEL: _cancel,
    PUBLISH_DRAFT: _publish,
    DROP: _drop,
}
RUNS: Final[Mapping[str, Run]] = {operation.name: run for operation, run in OPERATIONS.items()}
