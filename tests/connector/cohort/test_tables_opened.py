"""Members open their marks; the cohort table is made again, and who cheated is named."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from connector.areas.audit.cohort_tables import tables
from connector.areas.audit.comparing import compare
from connector.areas.audit.export import export
from connector.areas.audit.folder import read_folder
from connector.areas.audit.trusting import known_parties, trust_of
from connector.areas.cohort import gathering, tabling
from connector.areas.cohort.speaking import say
from connector.process.ports import unix
from contracts.audit.verify import Bundle
from contracts.cohort.signing import digest_of
from contracts.cohort.table_statements import Classes, Joining
from tests.connector.cohort.alliance import SUPPLIERS
from tests.connector.cohort.test_tables import membership, payload, ready

if TYPE_CHECKING:
    from collections.abc import Collection

    from tests.connector.cohort.alliance import Alliance


def opened(alliance: Alliance, names: Collection[str]) -> list[Bundle]:
    """The bundles of the hub and all suppliers; some of the parties open theirs."""
    clock = alliance.hub.node.clock
    clock.advance(120)  # type: ignore[attr-defined]
    alliance.space.renew()
    trust, failed = trust_of(alliance.hub.node, known_parties(alliance.hub.node))
    assert not failed
    found = []
    for name, party in {"hub": alliance.hub, **alliance.suppliers}.items():
        folder = alliance.folder / f"{name}.{clock.now():%H%M%S}"
        export(party.node, folder, opened="all" if name in names else "none")
        files, odd = read_folder(folder)
        found.append(Bundle(files=files, trust=trust, now=unix(clock.now()), oddities=odd))
    return found


def made(alliance: Alliance) -> None:
    """Have the table made, whether or not everybody takes it."""
    pairs = list(zip(SUPPLIERS, alliance.agreements(), strict=True))
    for pair in pairs * 3:
        ready(alliance, *pair)


def named(bundles: list[Bundle]) -> set[tuple[str, str, str]]:
    return {(one.level, one.code, one.where) for one in tables(bundles).findings}


@pytest.mark.long
def test_a_table_whose_marks_are_opened_is_made_again(alliance: Alliance) -> None:
    """Marks are opened by their own member only: the aggregator's bundle holds nobody's."""
    made(alliance)
    bundles = opened(alliance, ("hub", *SUPPLIERS))
    assert tables(bundles).findings == ()
    assert tables(bundles).counts == {"tablesMadeAgain": 1}
    value, code = compare(bundles)
    assert (code, value["findings"], value["counts"]["tablesMadeAgain"]) == (0, [], 1)
    for position, name in enumerate(("hub", *SUPPLIERS)):
        texts = {data for path, data in bundles[position].files.items() if "signed/" in path}
        held = {
            other
            for other in SUPPLIERS
            if (row := membership(alliance, other)) and row.marks_jws.encode() in texts
        }
        assert held == {name} - {"hub"}
    dids = {alliance.suppliers[name].did for name in ("bolt", "cogs")}
    some = opened(alliance, ("hub", "acme"))
    assert named(some) == {("unchecked", "not-opened", did) for did in dids}
    assert tables(opened(alliance, ())).findings == ()


def test_classes_that_do_not_follow_from_the_marks_are_the_aggregators(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It gives a measure on finer classes than enough members carry: its signature shows it."""
    honest = gathering.make_cohort_table

    def without(*arguments: Any, **more: Any) -> Any:
        table = honest(*arguments, **more)
        assert table.measures[1]
        return replace(table, measures=((), (), *table.measures[2:]))

    monkeypatch.setattr(gathering, "make_cohort_table", without)
    made(alliance)
    found = named(opened(alliance, ("hub", *SUPPLIERS)))
    assert found == {("proof", "wrong-classes", alliance.hub.did)}


def test_a_table_of_other_marks_than_a_member_opens_is_said(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which of the two lies, its aggregator or the member, their signatures do not show."""
    acme = alliance.suppliers["acme"].did

    def other(**values: Any) -> Classes:
        return Classes(**values | {"marks": {**values["marks"], acme: digest_of("others")}})

    monkeypatch.setattr(gathering, "Classes", other)
    made(alliance)
    found = named(opened(alliance, ("hub", *SUPPLIERS)))
    assert found == {("finding", "wrong-mark", acme)}


def test_marks_of_forms_that_there_are_not_make_no_table(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The aggregator signs nothing that it was made of."""
    honest = tabling.make_marks

    def wrong(table: Any, own: Any, common: Any) -> Any:
        marks = honest(table, own, common)
        carries = {key: bits | 1 << 900 for key, bits in marks.carries.items()}
        return replace(marks, carries=carries)

    monkeypatch.setattr(tabling, "make_marks", wrong)
    made(alliance)
    assert all((row := membership(alliance, n)) and not row.classes_jws for n in SUPPLIERS)


@pytest.mark.long
def test_no_member_keeps_a_table_from_being_audited(alliance: Alliance) -> None:
    """However many joinings a member signed: the table names the one of each that it is of."""
    made(alliance)
    bolt, row = alliance.suppliers["bolt"], membership(alliance, "bolt")
    assert row is not None
    said, now = payload(row.joining_jws), bolt.node.clock.now()
    more = {}
    for least in range(4, 304):
        text = say(bolt.node, Joining.from_json(said | {"minCohort": least}), now)
        more[f"signed/{digest_of(text).removeprefix('sha-256:')}.jws"] = text.encode()
    bundles = opened(alliance, ("hub", *SUPPLIERS))
    hostile = [replace(one, files={**one.files, **more}) for one in bundles]
    found = tables(hostile)
    assert (found.findings, found.counts) == ((), {"tablesMadeAgain": 1})


def test_a_table_of_other_joinings_than_it_names_is_the_aggregators(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its name and the joinings that it names do not belong together: nobody freezes it."""

    def other(**values: Any) -> Classes:
        joinings = dict.fromkeys(values["joinings"], digest_of("others"))
        return Classes(**values | {"joinings": joinings})

    monkeypatch.setattr(gathering, "Classes", other)
    made(alliance)
    assert all((row := membership(alliance, n)) and not row.classes_jws for n in SUPPLIERS)
    found = named(opened(alliance, ("hub", *SUPPLIERS)))
    assert found == {("proof", "wrong-classes", alliance.hub.did)}
