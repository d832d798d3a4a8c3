"""Rows of cohort tables and of their renewals, for `old_rows`: each read as the connector reads it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from connector.areas.cohort.frozen import digest_now, frozen, payload
from connector.areas.cohort.renewal_table import renewable
from contracts.cohort.renewal_statements import Asked, Changed, Proposed, Renewed
from contracts.cohort.signing import digest_of
from contracts.cohort.table_statements import Classes, Joining, Marked

if TYPE_CHECKING:
    from connector.areas.cohort.renewal_rows import (
        RenewalGatheringRow,
        RenewalPartRow,
        RenewalProposalRow,
        RenewalRoundRow,
        RenewalRow,
    )
    from connector.areas.cohort.table_rows import (
        CohortMembershipRow,
        GatheringPartRow,
        GatheringRow,
    )
    from connector.party.node import Node


def membership(node: Node, row: CohortMembershipRow) -> None:
    """A product's cohort table, with our figures on its classes; and what a renewal would need."""
    joining = Joining.from_json(payload(row.joining_jws))
    assert (joining.dataset, list(joining.roster)) == (row.dataset, json.loads(row.roster))
    assert Marked.from_json(payload(row.marks_jws)).number == row.number
    with node.db.reading() as db:
        found = frozen(db, row.dataset)
    assert found is not None
    assert len(found.figures) == len(found.table.classes) == len(json.loads(row.figures))
    of = renewable(row.joinings, row.classes_jws)
    assert (of.roster, of.table.classes) == (found.roster, found.table.classes)


def renewal(node: Node, row: RenewalRow) -> None:
    """A renewal of ours: what was asked, marked and renewed, as far as it is."""
    asked = Asked.from_json(payload(row.asked_jws))
    assert (asked.renewal, asked.cohort) == (row.renewal, row.cohort)
    assert bool(row.proposal_jws) is bool(row.marks_jws) is bool(row.number)
    if row.marks_jws:
        proposed = Proposed.from_json(payload(row.proposal_jws))
        changed = Changed.from_json(payload(row.marks_jws))
        assert digest_of(row.asked_jws) in proposed.asked.values()
        assert (changed.number, changed.version) == (row.number, row.version)
    with node.db.reading() as db:
        named = digest_now(db, row.dataset)
    assert (named == digest_of(row.renewed_jws)) is bool(row.renewed_jws)
    if row.renewed_jws:
        assert Renewed.from_json(payload(row.renewed_jws)).renewal == row.renewal
        assert row.renewal in json.loads(row.ages)


def turn(_node: Node, row: RenewalRoundRow) -> None:
    """One round of a renewal of ours."""
    assert Proposed.from_json(payload(row.proposal_jws)).turn == row.turn
    assert Changed.from_json(payload(row.marks_jws)).proposal == digest_of(row.proposal_jws)


def gathering(_node: Node, row: GatheringRow) -> None:
    """A cohort table that the hub has computed."""
    assert Classes.from_json(payload(row.classes_jws)).cohort == row.cohort


def gathering_part(_node: Node, row: GatheringPartRow) -> None:
    """What a member sent for it."""
    assert Joining.from_json(payload(row.joining_jws)).member == row.member
    assert Marked.from_json(payload(row.marks_jws)).member == row.member


def renewal_gathering(_node: Node, row: RenewalGatheringRow) -> None:
    """A renewal that the hub works out, if its owners have asked, or has worked out."""
    if row.proposal_jws:
        assert Proposed.from_json(payload(row.proposal_jws)).turn == row.turn
    if row.renewed_jws:
        assert Renewed.from_json(payload(row.renewed_jws)).proposal == digest_of(row.proposal_jws)


def renewal_part(_node: Node, row: RenewalPartRow) -> None:
    """What a member sent for it."""
    assert Asked.from_json(payload(row.asked_jws)).member == row.member
    assert bool(row.marks_jws) is (row.turn >= 0)
    if row.marks_jws:
        assert Changed.from_json(payload(row.marks_jws)).member == row.member


def renewal_proposal(_node: Node, row: RenewalProposalRow) -> None:
    """A proposal that the hub signed."""
    found = Proposed.from_json(payload(row.proposal_jws))
    assert (found.cohort, found.renewal, found.turn) == (row.cohort, row.renewal, row.turn)
