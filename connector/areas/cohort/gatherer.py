"""The aggregator of a cohort table, as a member calls it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from connector.areas.cohort import problems_tables
from connector.areas.cohort.wire import TABLES, post
from connector.evidence import statements
from connector.process.errors import NotFound, PeerRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.party.node import Node
    from crypto.words import Words


@dataclass(frozen=True, slots=True)
class Gathered:
    """How far a cohort table is, as its aggregator tells a member."""

    joinings: dict[str, str]  # by DID, signed; empty until all have joined
    missing: tuple[str, ...]
    classes: str  # signed, or empty


@dataclass(frozen=True, slots=True)
class Renewal:
    """How far a renewal is, as its aggregator tells a member."""

    missing: tuple[str, ...]  # members whose owners have not asked
    proposal: str  # signed; empty until all have
    renewed: str  # signed, or empty


class Gatherer:
    """The aggregator of a cohort table, called by a member."""

    def __init__(self, node: Node, did: str) -> None:
        self._node = node
        self._did = did

    def join(self, joining: str) -> Gathered:
        """Send our joining; get those of all, when everybody has joined."""
        found = self._post("join", {"joining": joining, "v": TABLES}, joining)
        joinings, missing = found.get("joinings"), found.get("missing")
        texts = joinings if isinstance(joinings, dict) else {}
        return Gathered(
            {str(did): str(text) for did, text in texts.items()},
            tuple(map(str, missing)) if isinstance(missing, list) else (),
            _text(found.get("classes")),
        )

    def mark(self, marks: str) -> str:
        """Send our marks; get the signed classes, or nothing while others' are missing."""
        return _text(self._post("marks", {"marks": marks}, marks).get("classes"))

    def renew(self, asked: str) -> Renewal:
        """Send what our owner asks; learn how far the renewal is."""
        return _renewal(self._post("renew", {"asked": asked}, asked))

    def change(self, changes: str) -> Renewal:
        """Send what would change with us; learn how far the renewal is."""
        return _renewal(self._post("changes", {"changes": changes}, changes))

    def _post(self, step: str, body: Mapping[str, Any], signed: str) -> dict[str, Any]:
        base = self._node.peers.endpoint(self._did, "VoileHub")
        url = f"{base}/aggregations/tables/{step}"
        what = (
            problems_tables.COHORT_TABLES if step in {"join", "marks"} else problems_tables.RENEWALS
        )
        try:
            return post(
                self._node,
                self._did,
                url,
                body,
                kind=f"cohort-table-{step}",
                marks=lambda _: statements.marks(signed),
            )
        except NotFound as error:
            if error.code in {"cohort.table.unknown", "cohort.renewal.unknown"}:
                raise
            raise older_than_tables(self._did, what) from error
        except PeerRefused as error:
            if error.code == "cohort.body":  # it names cohorts otherwise: ours would not be there
                raise older_than_tables(self._did, what) from error
            raise


def older_than_tables(did: str, what: Words = problems_tables.COHORT_TABLES) -> PeerRefused:
    """Make the error for a party whose connector does not know them: it is named."""
    error = PeerRefused(
        replace(problems_tables.CONNECTOR_OLDER, code="cohort.peer.old"),
        peer_status=404,
        member=did,
        what=what,
    )
    return error.advise(problems_tables.HAVE_IT_UPDATED)


def _renewal(found: Mapping[str, Any]) -> Renewal:
    missing = found.get("missing")
    return Renewal(
        tuple(map(str, missing)) if isinstance(missing, list) else (),
        _text(found.get("proposal")),
        _text(found.get("renewed")),
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
