"""The agreements of this node, and the dossier of one; as a page, as a file, as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from flask import Response
from sqlmodel import col, select

from connector.areas.audit import dossier_words, leaf_words, page_words
from connector.areas.audit.dossier_api import file_of, made
from connector.areas.audit.drawing import moments
from connector.areas.audit.evidence_api import both, namer
from connector.areas.dsp import AgreementRow
from connector.console.page import Page
from connector.party.operation import Call

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.console.page import Visit
    from connector.party.node import Node
    from connector.process.actor import Role

READERS: Final[frozenset[Role]] = frozenset({"security", "cdo", "auditor"})
ROWS: Final = 50


def listed(node: Node, visit: Visit) -> Mapping[str, Any]:
    """List agreements, the newest first."""
    page = int(text) if (text := visit.asked("page", "0")).isdecimal() and len(text) < 5 else 0
    query = (
        select(AgreementRow)
        .order_by(col(AgreementRow.agreed_ms).desc(), col(AgreementRow.negotiation))
        .offset(page * ROWS)
        .limit(ROWS + 1)
    )
    with node.db.reading() as session:
        name = namer(node, session)
        rows = [
            {
                "agreement": row.agreement,
                "party": row.counterparty,
                "name": both(name(row.counterparty)),
                "role": row.role,
                "product": row.dataset,
                "agreed": row.agreed_ms,
                "state": _state(row),
                "href": _path("/dossiers", row.agreement, row.counterparty),
            }
            for row in session.exec(query)
        ]
    return {
        "rows": rows[:ROWS],
        "next": f"/dossiers?page={page + 1}" if len(rows) > ROWS else "",
        "first": "/dossiers" if page else "",
        "roles": dossier_words.ROLES,
    }


def shown(node: Node, visit: Visit) -> Mapping[str, Any]:
    """Show one dossier."""
    found = _found(node, visit)
    agreement, party = found["agreement"], found["party"]
    of = {"agreement": agreement, "party": party}
    return {
        "d": found,
        "moments": moments(found, visit.language),
        "roles": dossier_words.ROLES,
        "signed": dossier_words.SIGNED,
        "stages": tuple(dossier_words.OF_STAGE.items()),
        "kind_words": leaf_words.KINDS,
        "states": leaf_words.STATES,
        "file": _path("/dossier-file", agreement, party),
        "json": _path("/dossier-json", agreement, party),
        "history": _path("/history", agreement, party) if found["role"] == "provider" else "",
        "evidence": f"/evidence?{urlencode(of)}",
    }


def file(node: Node, visit: Visit) -> Response:
    """Give a dossier as one file, in the language of the person."""
    return file_of(node, _found(node, visit), visit.language)


def as_json(node: Node, visit: Visit) -> Response:
    """Give it as JSON to keep."""
    text = json.dumps(_found(node, visit), ensure_ascii=False, indent=1)
    response = Response(text + "\n", mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="dossier.json"'
    return response


def _found(node: Node, visit: Visit) -> dict[str, Any]:
    call = Call(actor=visit.visitor.actor, path=visit.path)
    return made(node, call, visit.path["agreement"], visit.asked("party") or None)


def _path(below: str, agreement: str, party: str) -> str:
    return f"{below}/{quote(agreement, safe='')}?{urlencode({'party': party})}"


def _state(row: AgreementRow) -> tuple[str, Any]:
    if row.ended_ms is not None:
        return "off", dossier_words.STATE_ENDED
    if row.finalized_ms is None:
        return "wait", dossier_words.STATE_OPEN
    return "good", dossier_words.STATE_FORCE


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


_ID: Final = frozenset({"agreement"})
RAILED: Final[frozenset[Role]] = frozenset({"security", "auditor"})
DOSSIERS: Final = (
    _page("dossiers", "/dossiers", listed, "dossiers", rail=("audit", 2), railed_for=RAILED),
    _page("dossier", "/dossiers/{agreement}", shown, slashes=_ID),
    _page("dossier_file", "/dossier-file/{agreement}", file, "dossier-file", slashes=_ID),
    _page("dossier_json", "/dossier-json/{agreement}", as_json, slashes=_ID),
)
