"""The agreements of this node, and the dossier of one; as a page, as a file, as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from flask import Response

from connector.areas.audit import dossier_words, leaf_words, page_words
from connector.areas.audit.dossier import KEPT, PAGE
from connector.areas.audit.dossier_api import file_of, made
from connector.areas.audit.dossier_operations import DOSSIER
from connector.areas.audit.drawing import moments
from connector.areas.audit.evidence_api import both
from connector.areas.audit.naming import namer
from connector.areas.dsp import agreements_page, contracts_stand
from connector.console.page import Page
from connector.console.paging import after_of, mark
from connector.console.render import Renderer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.console.page import Visit
    from connector.party.node import Node
    from connector.process.actor import Role

READERS: Final[frozenset[Role]] = frozenset({"security", "cdo", "auditor"})
ROWS: Final = 50
MOST_GAPS: Final = 50  # on a page; files have all


def listed(node: Node, visit: Visit) -> Mapping[str, Any]:
    """List agreements, the newest first."""
    before = after_of(visit.asked("after"))
    with node.db.reading() as session:
        found = agreements_page(session, before=before, limit=ROWS + 1)
        records = [one for _, one in found[:ROWS]]
        name = namer(node, session, (one.counterparty for one in records))
        stand = contracts_stand(node, session, records, node.clock.now())
        rows = [
            {
                "agreement": one.id,
                "party": one.counterparty,
                "name": both(name(one.counterparty)),
                "role": one.role,
                "product": one.dataset_id,
                "agreed": at,
                "state": stands,
                "href": _path("/dossiers", one.negotiation),
            }
            for (at, one), stands in zip(found[:ROWS], stand, strict=True)
        ]
    further = ""
    if len(found) > ROWS:
        at, ends = found[ROWS - 1]
        further = f"/dossiers?{urlencode({'after': mark(at, ends.negotiation)})}"
    return {
        "rows": rows,
        "next": further,
        "first": "/dossiers" if before else "",
        "roles": dossier_words.ROLES,
    }


def shown(node: Node, visit: Visit) -> Mapping[str, Any]:
    """Show one dossier."""
    party = visit.asked("party") or None
    found = made(node, visit.path["agreement"], party, PAGE, visit.visitor.actor)
    name = found["negotiation"]
    of = {"agreement": found["agreement"], "party": found["party"]}
    return {
        "d": found,
        "listed_gaps": found["gaps"][:MOST_GAPS],
        "page": PAGE,
        "kept": KEPT,
        "moments": moments(found, visit.language, Renderer(node.settings.zone).when),
        "roles": dossier_words.ROLES,
        "signed": dossier_words.SIGNED,
        "stages": tuple(dossier_words.OF_STAGE.items()),
        "kind_words": leaf_words.KINDS,
        "states": leaf_words.STATES,
        "file": _path("/dossier-file", name),
        "json": _path("/dossier-json", name),
        "history": _path("/history", name) if found["role"] == "provider" else "",
        "evidence": f"/evidence?{urlencode(of)}",
    }


def file(node: Node, visit: Visit) -> Response:
    """Give a dossier as one file, in the language of the person."""
    return file_of(node, _kept(node, visit), visit.language)


def as_json(node: Node, visit: Visit) -> Response:
    """Give it as JSON to keep."""
    text = json.dumps(_kept(node, visit), ensure_ascii=False, indent=1)
    response = Response(text + "\n", mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="dossier.json"'
    return response


def _kept(node: Node, visit: Visit) -> dict[str, Any]:
    return made(node, visit.path["agreement"], visit.asked("party") or None, KEPT)


def _path(below: str, negotiation: str) -> str:
    """Give an address by our own name for the contract: its id is for its provider to choose."""
    return f"{below}/{quote(negotiation, safe='')}"


def _page(name: str, path: str, view: Any, template: str = "", **more: Any) -> Page:
    return Page(
        name=f"audit.{name}",
        path=path,
        title=page_words.DOSSIERS if name == "dossiers" else dossier_words.TITLE,
        may=READERS,
        view=view,
        template=f"audit/{template or 'dossier'}.html",
        words=dossier_words,
        **more,
    )


_OF_ONE: Final[Mapping[str, Any]] = {
    "slashes": frozenset({"agreement"}),
    "reading": DOSSIER.reading,
}
RAILED: Final[frozenset[Role]] = frozenset({"security", "auditor"})
DOSSIERS: Final = (
    _page("dossiers", "/dossiers", listed, "dossiers", rail=("audit", 2), railed_for=RAILED),
    _page("dossier", "/dossiers/{agreement}", shown, **_OF_ONE),
    _page("dossier_file", "/dossier-file/{agreement}", file, "dossier-file", **_OF_ONE),
    _page("dossier_json", "/dossier-json/{agreement}", as_json, **_OF_ONE),
)
