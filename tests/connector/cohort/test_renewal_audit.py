"""What an audit says of renewals where statements are under other keys, or are anybody's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from connector.areas.audit.cohort_renewals import renewals
from connector.areas.cohort import renewal_deciding
from connector.areas.cohort.renewal_rows import RenewalRow
from connector.areas.cohort.speaking import say
from connector.areas.cohort.table_rows import CohortMembershipRow
from contracts.audit.trust import Trust
from contracts.cohort.renewal_statements import Changed, Proposed, Renewed
from contracts.cohort.signing import digest_of
from contracts.cohort.table_statements import Classes
from crypto.canonical import digest
from crypto.disclosure.cohort_renewal import Decided
from tests.connector.cohort.alliance import SUPPLIERS
from tests.connector.cohort.test_renewal import grown, renewed
from tests.connector.cohort.test_tables import payload
from tests.connector.cohort.test_tables_opened import made, opened

if TYPE_CHECKING:
    from contracts.audit.verify import Bundle
    from contracts.cohort.signing import Statement
    from tests.connector.cohort.alliance import Alliance
    from tests.simulators import Party

EVERYBODY = ("hub", *SUPPLIERS)


def named(bundles: list[Bundle]) -> set[tuple[str, str, str]]:
    return {(one.level, one.code, one.where) for one in renewals(bundles).findings}


def signed(party: Party, statement: Statement) -> str:
    return say(party.node, statement, party.node.clock.now())


def with_more(bundles: list[Bundle], *texts: str) -> list[Bundle]:
    more = {f"signed/{digest_of(text).removeprefix('sha-256:')}.jws": text for text in texts}
    files = {path: text.encode() for path, text in more.items()}
    return [replace(one, files={**one.files, **files}) for one in bundles]


@pytest.mark.long
def test_what_only_a_bundle_vouches_for_convicts_nobody(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The aggregator's cheat is proof under its own keys, and unchecked under brought ones."""
    made(alliance)
    grown(alliance, ["B2"])
    alliance.publish("acme", [(p, b, n + 9, c) for p, b, n, c in alliance.stocks["acme"]])

    def none_held(looked: Any, held: int, marks: Any, **more: Any) -> Decided:
        return Decided(held=held, appeared=())

    monkeypatch.setattr(renewal_deciding, "decide", none_held)
    renewed(alliance)
    bundles, hub = opened(alliance, EVERYBODY), alliance.hub.did
    (found,) = renewals(bundles).findings
    assert (found.level, found.where) == ("proof", hub)
    assert found.basis
    assert all(one.trusted for one in found.basis)
    for trust in (Trust(bundles[0].trust.parties, None), Trust()):
        under = [replace(one, trust=trust) for one in bundles]
        assert named(under) == {("unchecked", "wrong-renewal", hub)}
    # keys of members that only bundles bring: their changes are not opened by anybody trusted
    alone = Trust((), bundles[0].trust.hub)
    under = [replace(one, files=without_register(one), trust=alone) for one in bundles]
    assert {(level, code) for level, code, _ in named(under)} == {("unchecked", "not-opened")}


def without_register(bundle: Bundle) -> dict[str, bytes]:
    return {path: data for path, data in bundle.files.items() if "register" not in path}


@pytest.mark.long
def test_no_statement_of_the_aggregator_makes_a_member_guilty(alliance: Alliance) -> None:
    """Whatever it signs beside what is so: its own signature names it, and nobody else."""
    made(alliance)
    grown(alliance)
    renewed(alliance)
    bundles, hub = opened(alliance, EVERYBODY), alliance.hub
    assert named(bundles) == set()
    acme, bolt = (alliance.suppliers[name] for name in ("acme", "bolt"))
    with bolt.node.db.reading() as db:
        row, of = db.exec(select(RenewalRow)).one(), db.exec(select(CohortMembershipRow)).one()
    honest = Renewed.from_json(payload(row.renewed_jws))
    first = Proposed.from_json(payload(row.proposal_jws))
    own = Changed.from_json(payload(row.marks_jws))
    marks = dict(honest.marks)

    # changes of one member under the name of another
    other = replace(honest, marks={**marks, acme.did: marks[bolt.did]})
    assert named(with_more(bundles, signed(hub, other))) == {("proof", "wrong-renewal", hub.did)}

    # changes that are not on what is judged, of a proposal that is not here
    wide = replace(own.changes, bits=1 << 900_000)
    astray = signed(bolt, replace(own, proposal=digest("elsewhere"), changes=wide))
    other = replace(honest, marks={**marks, bolt.did: digest_of(astray)})
    found = named(with_more(bundles, astray, signed(hub, other)))
    assert found == {("proof", "wrong-renewal", hub.did)}

    # the same under this proposal: the member signed what it should not have, and is named, too
    wrong = signed(bolt, replace(own, changes=wide))
    other = replace(honest, marks={**marks, bolt.did: digest_of(wrong)})
    found = named(with_more(bundles, wrong, signed(hub, other)))
    assert found == {("proof", "wrong-renewal", hub.did), ("proof", "wrong-mark", bolt.did)}

    # of a table that is none: nothing can be worked out, and nothing breaks
    table = Classes.from_json(payload(of.classes_jws))
    cells = tuple((*key, 0) for keys in table.table.classes for key in keys)
    for hostile in (
        replace(table.table, measures=()),
        replace(table.table, classes=(cells,), measures=((),) * len(table.table.measures)),
    ):
        classes = signed(hub, replace(table, table=hostile))
        proposal = signed(hub, replace(first, previous=digest_of(classes)))
        step = replace(honest, previous=digest_of(classes), proposal=digest_of(proposal))
        found = named(with_more(bundles, classes, proposal, signed(hub, step)))
        assert {where for _, _, where in found} == {hub.did}
