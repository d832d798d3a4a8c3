"""What leaves say by ids, in names: parties, the firm's own people and keys, pages that were read.

A leaf itself names no person: its ids are random, and whoever gets a bundle or a dossier to keep
reads those alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from sqlmodel import col, select

from connector.areas.audit import leaf_words as w
from connector.areas.audit.leaf_lines import Names
from connector.areas.audit.reads import AGREEMENTS
from connector.areas.people import names_of
from connector.party.area import Areas
from connector.party.credentials import ManagementKeyRow
from crypto.words import Spoken, verbatim

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sqlmodel import Session

    from connector.identity.standing import Standing
    from connector.party.node import Node

_PART: Final = re.compile(r"\{(\w+)\}")


def namer(node: Node, session: Session, dids: Iterable[str] = ()) -> Callable[[str], Spoken]:
    """Give what says a party's certified name; of one that has none its DID.

    Args:
        node: this node.
        session: any session.
        dids: parties that will be asked for: they are looked up at once.
    """
    known = {
        did: _named(standing) for did, standing in node.status.standings(session, {*dids}).items()
    }

    def name(did: str) -> Spoken:
        if did not in known:
            known[did] = _named(node.status.standing(session, did))
        return known[did]

    return name


def names(
    node: Node, session: Session, leaves: Iterable[Mapping[str, Any]], *, own: bool = True
) -> Names:
    """Give the names for what some leaves say.

    Args:
        node: this node.
        session: to read in.
        leaves: those that will be said.
        own: whether the firm's own people and keys are named, too.
    """
    dids: set[str] = set()
    ids: dict[str, set[str]] = {"person": set(), "key": set()}
    for leaf in leaves:
        dids.add(leaf.get("counterparty", ""))
        kind, _, rest = leaf.get("actor", "").partition(":")
        if own and kind in ids:
            ids[kind].add(rest)
    key = ManagementKeyRow
    keys = select(key.id, key.name).where(col(key.id).in_(ids["key"]))
    known = {
        "person": names_of(session, ids["person"]) if ids["person"] else {},
        "key": dict(session.exec(keys).all()) if ids["key"] else {},
    }
    return Names(
        party=namer(node, session, dids - {""}),
        own=lambda kind, name: verbatim(known.get(kind, {}).get(name) or name),
        read=lambda what, leaf: _read(node, what, leaf),
    )


def _read(node: Node, what: str, leaf: Mapping[str, Any]) -> Spoken:
    """Say what an auditor read by its name: a page, or what the API and commands give."""
    areas = node.services[Areas].areas
    for page in (page for area in areas for page in area.pages):
        if page.name == what:
            return w.AT_PATH.of(title=page.title, path=_filled(page.path, leaf))
    for operation in (one for area in areas for one in area.operations):
        if operation.name == what:
            return w.AT_PATH.of(title=operation.words, path=_filled(operation.path, leaf))
    return verbatim(what)  # an older version had it


def _filled(path: str, leaf: Mapping[str, Any]) -> str:
    """Put what was asked for into a path: a leaf has it, its agreement in a place of its own."""
    asked = leaf.get("query", {}).get("asked")
    known: dict[str, Any] = dict.fromkeys(AGREEMENTS, leaf.get("agreement"))
    known |= asked if isinstance(asked, dict) else {}
    return _PART.sub(lambda part: str(known.get(part[1]) or part[0]), path)


def _named(standing: Standing) -> Spoken:
    return verbatim(standing.name_zh or standing.did, standing.name_en or standing.did)
