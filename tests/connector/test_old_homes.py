"""Homes that an earlier version filled: migrated, and every stored row read by the present code.

No process and no socket: what running parties make of the same homes stands in
`tests/e2e/test_old_home.py`, what is in them in `tests/fixtures/homes/README.md`.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import select

from connector.areas.cohort.frozen import frozen
from connector.areas.cohort.renewal_rows import RenewalRoundRow, RenewalRow
from connector.compose.participant import AREAS
from connector.compose.tables import metadata
from connector.party.area import Areas
from connector.party.node import open_node
from connector.process.settings import load
from connector.store.database import Database
from connector.store.migrate import current, migrate, newest
from connector.store.rows import AckRow, LogEntryRow, LogTermRow
from contracts.evidence import parse_leaf
from contracts.leaf_terms import terms_of
from crypto.keys import PublicKey
from tests.connector.old_rows import READERS, after_migrations, in_time
from tests.fixtures.homes.later import EMPTY, KNOWN
from tests.fixtures.homes.pack import HERE, unpack, versions
from tests.simulators import StandingClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connector.areas.questions import Mode
    from connector.party.node import Node

PARTIES = ("hub", "buyer", "acme", "bolt", "cogs")
# what stands in the JSON file of a version that can it
TOLD = {
    "endings": ["ended"],
    "measures": ["partly"],
    "renewals": ["renewals"],
    "rotation": ["rotated"],
}


@pytest.fixture(scope="module", params=versions())
def version(request: pytest.FixtureRequest) -> str:
    """The version that the homes are of."""
    return str(request.param)


@pytest.fixture(scope="module")
def folder(version: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the homes lie, out of their archive."""
    found = tmp_path_factory.mktemp("homes")
    unpack(version, found)
    return found


@pytest.fixture(scope="module")
def expected(version: str) -> dict[str, Any]:
    """What the homes hold."""
    found: dict[str, Any] = json.loads((HERE / f"{version}.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def nodes(folder: Path) -> Iterator[dict[str, Node]]:
    """Every party's node, opened as at its start."""
    found = {name: open_node(load(folder / name, {})) for name in PARTIES}
    yield found
    for node in found.values():
        node.close()


@pytest.mark.sweep
@pytest.mark.parametrize("name", PARTIES)
def test_an_old_database_migrates_to_the_models(version: str, name: str, tmp_path: Path):
    """From its old schema each database comes to exactly the present one, and loses no row."""
    unpack(version, tmp_path)
    told = json.loads((HERE / f"{version}.json").read_text(encoding="utf-8"))["tables"][name]
    path = tmp_path / name / "data" / "voile.db"
    db = Database(f"sqlite:///{path}", StandingClock())
    try:
        migrate(db)
        assert migrate(db) is False, "a second time there is nothing to do"
        with db.engine.connect() as connection:
            assert current(connection) == newest()
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, metadata()) == []
    finally:
        db.close()
    with closing(sqlite3.connect(path)) as raw:
        for table, rows in after_migrations(told).items():
            query = f'SELECT count(*) FROM "{table}"'
            assert raw.execute(query).fetchone()[0] == rows, table


@pytest.mark.long
@pytest.mark.sweep
@pytest.mark.parametrize("name", PARTIES)
def test_every_stored_row_is_read(nodes: dict[str, Node], expected: dict[str, Any], name: str):
    """Each row of each table passes through the mapper that its area reads it with."""
    told = after_migrations(expected["tables"][name])
    assert set(told) - {"alembic_version"} <= set(READERS)
    node = nodes[name]
    for table, rows in told.items():
        if table != "alembic_version":
            assert READERS[table](node) == rows, table


@pytest.mark.sweep
@pytest.mark.parametrize("name", PARTIES)
def test_every_old_leaf_is_found_by_what_stands_in_it(nodes: dict[str, Node], name: str):
    """Migrated, a log has the terms of each of its leaves, and of nothing else."""
    with nodes[name].db.reading() as session:
        leaves = session.exec(select(LogEntryRow)).all()
        stored = {(row.term, row.time_ms, row.index) for row in session.exec(select(LogTermRow))}
    made = {
        (term, row.time_ms, row.index)
        for row in leaves
        for term in terms_of(parse_leaf(row.entry), row.leaf_hash)
    }
    assert stored == made
    assert len(made) > len(leaves)
    assert READERS["log_term"](nodes[name]) == len(stored)


def test_no_table_of_an_archive_is_empty_everywhere(expected: dict[str, Any]):
    """There is something to read in each."""
    tables = expected["tables"].values()
    kept = {name for told in tables for name, rows in told.items() if rows}
    assert kept | set(expected["empty"]) == set(expected["tables"]["hub"])
    assert kept.isdisjoint(expected["empty"])
    assert set(expected["empty"]) <= set(EMPTY)


@pytest.mark.parametrize("name", PARTIES)
def test_an_old_home_is_whole(nodes: dict[str, Node], name: str):
    """Keys and secrets open, and the log is the one that was signed: the node may write."""
    assert not nodes[name].db.read_only


def test_what_the_owners_see_is_what_they_saw(nodes: dict[str, Node], expected: dict[str, Any]):
    """Agreements, negotiations, transfers, questions and firms as the old version listed them."""
    from connector.areas.dsp import agreements, store
    from connector.areas.dsp.views import agreement_shown, shown
    from connector.areas.hub import certifying
    from connector.areas.questions import listed

    for name, told in expected["listed"].items():
        with nodes[name].db.reading() as session:
            found = {
                "agreements": [
                    agreement_shown(one, nodes[name].clock.now())
                    for one in agreements.newest(session)
                ],
                "negotiations": [shown(row) for row in store.newest(session, "negotiation")],
                "transfers": [shown(row) for row in store.newest(session, "transfer")],
            }
        for kind, before in told.items():
            now = {one.get("pid", one.get("id")): one for one in found[kind]}
            assert len(now) == len(before), (name, kind)
            for old in before:
                assert in_time(expected, old).items() <= now[old.get("pid", old.get("id"))].items()
    asked = listed(nodes["buyer"], participant_modes())
    assert asked == {name: expected["questions"][name] for name in ("questions", "totals")}
    with nodes["hub"].db.reading() as session:
        firms = certifying.participants(session, 0)
    for firm, old in zip(firms, expected["participants"], strict=True):
        assert old.items() <= firm.items()


def test_stored_answers_are_the_numbers_that_were_told(
    nodes: dict[str, Node], expected: dict[str, Any]
):
    """At the asker byte for byte, masked and totals; at the provider under the same signature."""
    from connector.areas.questions.rows import AskedQuestionRow, GivenAnswerRow
    from crypto.b64 import unb64url

    with nodes["buyer"].db.reading() as mine, nodes["acme"].db.reading() as theirs:
        for old in [*expected["masked"], *partly(expected)]:
            row = mine.get(AskedQuestionRow, old["id"])
            assert row is not None
            assert json.loads(unb64url(row.jws.split(".")[1])) == old["answer"]
            assert json.loads(row.usage) == old["usage"]
            given = theirs.get(GivenAnswerRow, (nodes["buyer"].settings.did, old["id"]))
            assert given is not None
            assert given.jws == row.jws
        for session in expected["questions"]["totals"]:
            row_of_total = mine.get(AskedQuestionRow, session["session"])
            assert row_of_total is not None
            for old in expected["totals"]:
                if old["id"] == session["questionId"]:
                    assert json.loads(row_of_total.answer) == old["answer"]


def participant_modes() -> tuple[Mode, ...]:
    """The modes of every participant."""
    return Areas(AREAS).modes


def partly(expected: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the question of which some outputs are told and others are not, if there is one."""
    return [] if "measures" in expected["lacks"] else [expected["partly"]]


def test_a_version_says_what_it_lacks(expected: dict[str, Any]):
    """By names that are known, and nothing of it stands in its file."""
    lacks = set(expected["lacks"])
    assert lacks <= set(KNOWN)
    for name, keys in TOLD.items():
        assert {key for key in keys if key in expected} == (set() if name in lacks else set(keys))


def test_outputs_that_are_not_released_say_why_and_have_no_figure(expected: dict[str, Any]):
    """Of one cell a figure is told and another is not: of one provider, and of a cohort."""
    told = {} if "renewals" in expected["lacks"] else expected["renewals"]
    for old in [*partly(expected), *(told[name] for name in ("open", "half") if told)]:
        cells = old["answer"]["cells"]
        assert any(cell.get("statuses") and set(cell["values"].values()) - {None} for cell in cells)


def test_cohort_tables_stand_where_their_renewals_left_them(
    nodes: dict[str, Node], expected: dict[str, Any]
):
    """One at the newer data version, class by class; the others at the first, their renewals open:
    one asked for by all owners but one, one for which a member has marked and another has not.
    """
    if "renewals" in expected["lacks"]:
        pytest.skip("the version could not renew totals")
    done, under_way, half = (expected["renewals"][name] for name in ("done", "open", "half"))
    for name, told in done["states"].items():
        with nodes[name].db.reading() as session:
            newer, first = (frozen(session, one["product"]) for one in (done, under_way))
            renewal = session.get(RenewalRow, (under_way["product"], 1))
        assert newer is not None
        assert first is not None
        assert {"number": newer.number, "digest": newer.version} == told["dataVersion"]
        assert len(newer.ages) == told["classes"]["all"]
        assert sum(age != told["renewal"] for age in newer.ages) == told["classes"]["held"]
        assert (first.number, first.ages) == (1, ())
        assert (renewal is None) is (name == under_way["missing"])
        assert renewal is None or not (renewal.proposal_jws or renewal.renewed_jws)
    marked = {}
    for name in done["states"]:
        with nodes[name].db.reading() as session:
            renewal = session.get(RenewalRow, (half["product"], 1))
            rounds = session.exec(select(RenewalRoundRow)).all()
        assert renewal is not None
        assert not renewal.renewed_jws
        marked[name] = bool(renewal.marks_jws)
        assert [one.turn for one in rounds if one.dataset == half["product"]] == [0] * marked[name]
    assert (marked[half["marked"]], marked[half["asked"]]) == (True, False)


def test_leaves_of_every_kind_are_what_they_were(nodes: dict[str, Node], expected: dict[str, Any]):
    """Read by what a leaf is: kind and state, of each party; refusals, admission and keys too."""
    if "leaves" not in expected:
        pytest.skip("the version's file does not count them")
    for name, told in expected["leaves"].items():
        with nodes[name].db.reading() as session:
            rows = session.exec(select(LogEntryRow)).all()
        leaves = [parse_leaf(row.entry) for row in rows]
        found = Counter(f"{leaf['kind']} {leaf.get('to', '')}".strip() for leaf in leaves)
        assert found == told, name


def test_promises_lie_on_both_sides(nodes: dict[str, Node], expected: dict[str, Any]):
    """What one party keeps is a leaf of the other's log, by its index and hash."""
    if "promises" in expected["lacks"]:
        pytest.skip("the version gave none")
    by_did = {node.settings.did: node for node in nodes.values()}
    for name, node in nodes.items():
        with node.db.reading() as session:
            kept = session.exec(select(AckRow)).all()
        assert bool(kept) is (name != "hub"), "what the hub sends is no message of a process"
        for one in kept:
            with by_did[one.did].db.reading() as session:
                leaf = session.get(LogEntryRow, one.index)
            assert leaf is not None
            assert leaf.leaf_hash.hex() == one.leaf_hash


def test_promises_name_the_newest_admission_before_them(
    nodes: dict[str, Node], expected: dict[str, Any]
):
    """Those of the firm that was started with `--accept-head`, from that leaf on; no others."""
    if {"admitted", "promises"} & set(expected["lacks"]):
        pytest.skip("the version wrote no leaf of it, or promised nothing")
    did = nodes["cogs"].settings.did
    with nodes["cogs"].db.reading() as session:
        (admission,) = (
            leaf
            for leaf in session.exec(select(LogEntryRow)).all()
            if parse_leaf(leaf.entry).get("to") == "HEAD_ACCEPTED"
        )
    with nodes["buyer"].db.reading() as session:
        kept = session.exec(select(AckRow)).all()
    after = {one.corr for one in kept if one.did == did and one.index > admission.index}
    assert after
    assert {one.corr for one in kept if one.accepted} == after
    assert {one.accepted for one in kept if one.corr in after} == {admission.leaf_hash.hex()}


def test_rotated_keys_are_the_ones_in_use(nodes: dict[str, Node], expected: dict[str, Any]):
    """The firm signs under the new ones and has the log's still; it promised under both."""
    if "rotation" in expected["lacks"]:
        pytest.skip("no firm of that version has rotated its keys")
    told = expected["rotated"]
    keys = nodes[told["firm"]].keys.now()
    found = {use: getattr(keys, use).public.thumbprint() for use in told["keys"]}
    assert found == told["keys"]
    assert {use for use in found if found[use] == told["before"][use]} == {"log"}
    with nodes["buyer"].db.reading() as session:
        query = select(AckRow.jwk).where(AckRow.did == nodes[told["firm"]].settings.did)
        jwks = set(session.exec(query))
    thumbprints = {PublicKey.from_jwk(json.loads(jwk)).thumbprint() for jwk in jwks}
    assert thumbprints == {told["before"]["agreements"], told["keys"]["agreements"]}


def test_stored_files_are_whole(nodes: dict[str, Node], expected: dict[str, Any]):
    """The copy of each file on offer lies where its row says, with its digest."""
    from connector.areas.products import delivered
    from connector.areas.products.rows import FILE, ProductRow

    found = {}
    for name in ("acme", "cogs"):
        with nodes[name].db.reading() as session:
            for row in session.exec(select(ProductRow).where(ProductRow.kind == FILE)):
                one = delivered.published_file(session, row.id)
                if one is None:
                    continue  # withdrawn
                data = delivered.path_of(nodes[name], one).read_bytes()
                assert "sha-256:" + hashlib.sha256(data).hexdigest() == one.version.digest
                found[one.product.id] = one.version.digest
    assert found == expected["files"]
