"""The page on which a product is begun: a file, and the drafts that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from connector.areas.people import names_of
from connector.areas.products import spool
from connector.areas.products.draft_api import Upload, at_work, begin, listed
from connector.areas.products.draft_operations import BEGIN
from connector.areas.products.drafts import DAYS, Drafts
from connector.areas.products.operations import STEWARDS
from connector.areas.products.pages import begin_words as words
from connector.console.page import Form, Page
from connector.party.operation import Call
from connector.process.actor import read_actor
from connector.process.settings import MOST_UPLOAD
from crypto.words import verbatim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.areas.products.draft_records import DraftListed
    from connector.console.page import Visit
    from connector.party.node import Node
    from crypto.words import Words

MOST_SENT: Final = MOST_UPLOAD + (1 << 20)  # the spool counts by the setting, and says so
_STATES: Final[Mapping[str, tuple[str, Words]]] = {
    "reading": ("wait", words.READING),
    "failed": ("bad", words.FAILED),
    "open": ("info", words.OPEN),
    "published": ("good", words.PUBLISHED),
}
_MEGABYTE: Final = 1 << 20


def view(node: Node, visit: Visit) -> Mapping[str, Any]:
    """Gives the drafts, and what may be begun with."""
    working = at_work(node)
    rows = node.services[Drafts].listed()
    with node.db.reading() as session:
        names = names_of(session, (read_actor(row.began_by).name for row in rows))
    return {
        "most": _bytes(node.settings.intake.upload_bytes),
        "days": DAYS,
        "names": [(name, verbatim(name)) for name, _ in spool.on_hand(node)],
        "product": visit.asked("product")[:63],
        "drafts": [_shown(listed(row, working), names) for row in rows],
    }


def _shown(draft: DraftListed, names: Mapping[str, str]) -> dict[str, Any]:
    kind, said = _STATES[draft.state]
    if draft.state == "reading" and draft.working is None:
        kind, said = "bad", words.STALLED
    step = "publish" if draft.state == "published" else "preview" if draft.product else "columns"
    by = read_actor(draft.began_by).name
    return {
        "draft": draft,
        "kind": kind,
        "said": said,
        "href": f"/drafts/{draft.id}/{step}",
        "by": by,
        "by_name": names.get(by, ""),
    }


def _bytes(count: int) -> str:
    return f"{count // _MEGABYTE:,} MB" if count >= _MEGABYTE else f"{count:,} B"


def _read(visit: Visit) -> Call:
    file = visit.files.get("file")
    product = visit.sent("product")[:63]
    if file is not None and file.filename:
        body = Upload(name=file.filename, stream=file.stream, product=product)
    else:
        body = Upload(name=visit.sent("name"), stream=None, product=product)
    return Call(actor=visit.visitor.actor, body=body)


def _then(visit: Visit, made: DraftListed) -> str:
    return f"/drafts/{made.id}/{'preview' if visit.sent('product') else 'columns'}"


BEGIN_PAGE: Final = Page(
    name="products.begin",
    path="/new-product",
    title=words.TITLE,
    may=STEWARDS,
    view=view,
    template="products/begin.html",
    words=words,
    forms=(
        Form(name="upload", operation=BEGIN, run=begin, read=_read, then=_then, done=words.BEGUN),
    ),
    rail=("provide", 2),
    most_bytes=MOST_SENT,
)
