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
from connector.areas.people import LIST_PEOPLE, names_of
from connector.party.area import Areas
from connector.party.credentials import ManagementKeyRow
from connector.party.operations import LIST_KEYS
from crypto.words import Spoken, verbatim

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sqlmodel import Session

    from connector.identity.standing import Standing
    from connector.party.node import Node
    from connector.process.actor import Actor, Role

ID_CHARACTERS: Final = 6  # of a random id, beside a name
# whom an owner's list of them is for
_LISTED: Final[Mapping[str, frozenset[Role]]] = {"person": LIST_PEOPLE.may, "key": LIST_KEYS.may}
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
    node: Node,
    session: Session,
    leaves: Iterable[Mapping[str, Any]],
    reader: Actor | None = None,
) -> Names:
    """Give the names for what some leaves say.

    Args:
        node: this node.
        session: to read in.
        leaves: those that will be said.
        reader: to whom our people and keys are named, as far as they may be listed to it; None:
            what is said is kept, and goes to others.
    """
    dids: set[str] = set()
    roles = reader.roles if reader is not None else frozenset()
    ids: dict[str, set[str]] = {kind: set() for kind, may in _LISTED.items() if may & roles}
    for leaf in leaves:
        dids.add(leaf.get("counterparty", ""))
        kind, _, rest = leaf.get("actor", "").partition(":")
        if kind in ids:
            ids[kind].add(rest)
    key = ManagementKeyRow
    keys = select(key.id, key.name).where(col(key.id).in_(ids.get("key", ())))
    known = {
        "person": names_of(session, ids["person"]) if ids.get("person") else {},
        "key": dict(session.exec(keys).all()) if ids.get("key") else {},
    }
    return Names(
        party=namer(node, session, dids - {""}),
        own=lambda kind, name: _called(known.get(kind, {}).get(name), name),
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


def _called(name: str | None, id_: str) -> Spoken:
    """Say a name with the beginning of its id: once it is free, another may get it."""
    return verbatim(id_) if not name else w.KNOWN_AS.of(name=name, id=id_[:ID_CHARACTERS])


def _filled(path: str, leaf: Mapping[str, Any]) -> str:
    """Put what was asked for into a path: a leaf has it, its agreement in a place of its own."""
    asked = leaf.get("query", {}).get("asked")
    known: dict[str, Any] = dict.fromkeys(AGREEMENTS, leaf.get("agreement"))
    known |= asked if isinstance(asked, dict) else {}
    return _PART.sub(lambda part: str(known.get(part[1]) or part[0]), path)


def _named(standing: Standing) -> Spoken:
    return verbatim(standing.name_zh or standing.did, standing.name_en or standing.did)
