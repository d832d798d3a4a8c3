"""What a search and a record answer."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from connector.areas.audit import problems
from connector.areas.audit.leaf_lines import line_of
from connector.areas.audit.naming import names
from connector.areas.audit.record import ALGORITHM, record
from connector.areas.audit.rules_said import rule_named, rules_of
from connector.areas.audit.searching import Filter, read_leaves, search
from connector.areas.dsp import find_agreement
from connector.process.errors import BadRequest, NotFound
from connector.store.rows import LogEntryRow
from contracts.leaf_terms import decision_of
from crypto.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sqlmodel import Session

    from connector.areas.audit.leaf_lines import Names
    from connector.areas.audit.record import Covered
    from connector.areas.audit.searching import Read
    from connector.party.node import Node
    from connector.party.operation import Call
    from crypto.words import Spoken

_FIELDS = tuple(field.name for field in dataclasses.fields(Filter))


def searched(node: Node, call: Call, *, kept: bool = False) -> dict[str, Any]:
    """Give one page of a search.

    Args:
        node: this node.
        call: what is searched for.
        kept: whether it becomes part of a file: without facets, and with people by their ids.
    """
    asked = call.query
    if asked.before is not None and asked.after is not None:
        raise BadRequest(problems.ONE_DIRECTION)
    wanted = Filter(**{name: getattr(asked, name) for name in _FIELDS})
    with node.db.reading() as session:
        found = search(
            session,
            wanted,
            before=asked.before,
            after=asked.after,
            limit=asked.limit,
            facets=not kept,
        )
        leaves = (leaf.leaf for leaf in found.leaves)
        named = names(node, session, leaves, None if kept else call.actor)
        return {
            "records": [brief(leaf, named) for leaf in found.leaves],
            "next": found.older,
            "previous": found.newer,
            "lookedTo": found.looked,
            "kinds": dict(found.kinds),
            "parties": dict(found.parties),
            "decisions": dict(found.decisions),
        }


def opened(node: Node, call: Call) -> dict[str, Any]:
    """Give one record."""
    index = place_of(call.path["index"])
    with node.db.reading() as session:
        found = record(node, session, index)
        leaf = found.read.leaf
        named = names(node, session, [leaf], call.actor)
        agreement, party = leaf.get("agreement", ""), leaf.get("counterparty", "")
        agreed = find_agreement(session, agreement, counterparty=party) if agreement else None
        line = line_of(leaf, named, rules_of(agreed.terms if agreed is not None else None))
    return {
        "record": brief(found.read, named),
        "who": both(line.who),
        "what": both(line.what),
        "why": both(line.why),
        "result": both(line.result),
        "leaf": dict(found.read.leaf),
        "raw": found.read.entry.decode("utf-8"),
        "leafHash": found.read.leaf_hash.hex(),
        "detail": found.detail,
        "head": _head(found.covered, node.settings.did) if found.covered else None,
        "previous": found.before,
        "next": found.after,
    }


def place_of(text: str) -> int:
    """Read a place in the log.

    Raises:
        NotFound: it is no number that a place can be.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise NotFound(problems.NO_LEAF, index=text[:40])
    return int(text)


def both(said: Spoken) -> dict[str, str]:
    """Say something in both languages."""
    return {language: said.said(language) for language in LANGUAGES}


def brief(
    read: Read,
    named: Names,
    rule: Callable[[str], Spoken] = rule_named,
) -> dict[str, Any]:
    """Give a leaf as lists show it."""
    leaf = read.leaf
    did = leaf.get("counterparty", "")
    line = line_of(leaf, named, rule)
    return {
        "index": read.index,
        "time": read.time_ms,
        "kind": leaf["kind"],
        "actor": leaf.get("actor", ""),
        "role": leaf.get("role", ""),
        "party": did,
        "name": both(named.party(did)) if did else {"zh": "", "en": ""},
        "agreement": leaf.get("agreement", ""),
        "process": leaf.get("process", ""),
        "decision": decision_of(leaf),
        "line": {language: line.said(language) for language in LANGUAGES},
    }


def _head(covered: Covered, did: str) -> dict[str, Any]:
    return {
        "size": covered.size,
        "root": covered.root.hex(),
        "signed": covered.time_ms,
        "origin": covered.origin,
        "algorithm": ALGORITHM,
        "keyId": covered.key_id,
        "thumbprint": covered.thumbprint,
        "signer": did,
        "note": covered.note,
        "path": [
            {
                "sibling": step.sibling.hex(),
                "side": "left" if step.left else "right",
                "result": step.result.hex(),
            }
            for step in covered.path
        ],
    }


def why_answered(
    node: Node, session: Session, asked: Collection[tuple[str, str]]
) -> dict[tuple[str, str], tuple[int, Spoken]]:
    """Give the leaves of the answers to questions of others, and by what each was allowed.

    Args:
        node: this node.
        session: to read in.
        asked: counterparty and question of each, as many as fit on a page.

    Returns:
        By counterparty and question, of those that have one, the newest.
    """
    place = col(LogEntryRow.index)
    query = (
        select(col(LogEntryRow.counterparty), col(LogEntryRow.process), func.max(place))
        .where(
            col(LogEntryRow.process).in_({process for _, process in asked}),
            col(LogEntryRow.kind) + "" == "ANSWER",
        )
        .group_by(col(LogEntryRow.counterparty), col(LogEntryRow.process))
    )
    rows = session.execute(query).all()
    places = {(did, process): at for did, process, at in rows if (did, process) in asked}
    leaves, named = read_leaves(session, sorted(places.values())), names(node, session, ())
    return {
        key: (at, line_of(leaves[at].leaf, named).why) for key, at in places.items() if at in leaves
    }
