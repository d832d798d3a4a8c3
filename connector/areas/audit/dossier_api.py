"""What is answered to who asks for a dossier, and the file of it."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from flask import Response

from connector.areas.audit import dossier_words, leaf_words
from connector.areas.audit.dossier import KEPT, dossier
from connector.areas.audit.dossier_operations import MEDIA_TYPE
from connector.areas.audit.drawing import moments
from connector.areas.audit.evidence_api import both, brief
from connector.areas.audit.naming import names

if TYPE_CHECKING:
    from connector.areas.audit.dossier import Depth, Dossier
    from connector.areas.audit.leaf_lines import Names
    from connector.party.node import Node
    from connector.party.operation import Call
    from connector.process.actor import Actor
    from crypto.words import Language

_STYLE: Final = Path(__file__).parent / "pages" / "dossier-file.css"


def as_json(node: Node, call: Call) -> dict[str, Any]:
    """Give the dossier of an agreement."""
    return made(node, call.path["agreement"], call.query.party, KEPT)


def as_file(node: Node, call: Call) -> Response:
    """Give it as a file."""
    found = made(node, call.path["agreement"], call.query.party, KEPT)
    return file_of(node, found, call.query.lang)


def made(
    node: Node, agreement: str, party: str | None, depth: Depth, reader: Actor | None = None
) -> dict[str, Any]:
    """Make a dossier.

    Args:
        node: this node.
        agreement: its id, or our pid of its negotiation.
        party: the counterparty, where two have used the same id.
        depth: how far it looks.
        reader: to whom it is shown; None: it is kept, and names nobody.

    Raises:
        NotFound: there is no such agreement.
    """
    with node.db.reading() as session:
        found = dossier(node, session, agreement, party=party, depth=depth)
        leaves = (event.read.leaf for event in found.events)
        return _shown(node, found, names(node, session, leaves, reader))


def file_of(node: Node, found: dict[str, Any], language: Language) -> Response:
    """Draw a dossier as a file that nobody's page can be: sandboxed, without script, to be kept."""
    from markupsafe import Markup

    from connector.console.render import Renderer

    style, digest = _style()
    policy = f"default-src 'none'; style-src '{digest}'; base-uri 'none'; form-action 'none'"
    renderer = Renderer(node.settings.zone)
    values = {
        "d": found,
        "moments": moments(found, language, renderer.when),
        # a file of ours, whose digest is in the policy
        "style": Markup(f"<style>{style}</style>"),  # noqa: S704
        "policy": policy,
        "read": KEPT.read,
        "roles": dossier_words.ROLES,
        "signed": dossier_words.SIGNED,
        "states": leaf_words.STATES,
        "stages": tuple(dossier_words.OF_STAGE.items()),
    }
    html = renderer.draw("audit/dossier-file.html", language, dossier_words, values)
    name = hashlib.sha256(found["agreement"].encode()).hexdigest()[:12]
    response = Response(html, mimetype=MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="dossier-{name}.html"'
    response.headers["Content-Security-Policy"] = f"{policy}; frame-ancestors 'none'; sandbox"
    return response


@cache
def _style() -> tuple[str, str]:
    text = _STYLE.read_text(encoding="utf-8").strip()
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return text, f"sha256-{digest}"


def _shown(node: Node, found: Dossier, named: Names) -> dict[str, Any]:
    row = found.row
    return {
        "agreement": row.agreement,
        "negotiation": row.negotiation,
        "digest": found.digest,
        "role": row.role,
        "party": row.counterparty,
        "name": both(named.party(row.counterparty)),
        "product": row.dataset,
        "signatures": row.signatures,
        "policy": [both(said) for said in found.policy],
        "agreed": row.agreed_ms,
        "finalized": row.finalized_ms,
        "ended": row.ended_ms,
        "signed": [
            {
                "stage": one.stage,
                "signer": one.signer,
                "time": one.time_ms,
                "digest": one.digest,
                "leaf": one.index,
            }
            for one in found.signed
        ],
        "events": [
            {"stage": event.stage, "record": brief(event.read, named, found.rule)}
            for event in found.events
        ],
        "counts": dict(found.counts),
        "leftOut": found.left_out,
        "cut": found.cut,
        "gaps": [
            {"code": gap.code, "leaf": gap.index, "text": both(gap.words)} for gap in found.gaps
        ],
        "size": found.size,
        "root": found.root.hex(),
        "made": found.made_ms,
        "by": node.settings.did,
    }
