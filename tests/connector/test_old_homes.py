"""Homes that an earlier version filled: migrated, and every stored row read by the present code.

No process and no socket: what running parties make of the same homes stands in
`tests/e2e/test_old_home.py`, what is in them in `tests/fixtures/homes/README.md`.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import select

from connector.compose.tables import metadata
from connector.party.node import open_node
from connector.process.settings import load
from connector.store.database import Database
from connector.store.migrate import current, migrate, newest
from tests.connector.old_rows import READERS, in_time
from tests.fixtures.homes.pack import HERE, unpack, versions
from tests.simulators import StandingClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connector.party.node import Node

PARTIES = ("hub", "buyer", "acme", "bolt", "cogs")


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
        for table, rows in told.items():
            query = f'SELECT count(*) FROM "{table}"'
            assert raw.execute(query).fetchone()[0] == rows, table


@pytest.mark.parametrize("name", PARTIES)
def test_every_stored_row_is_read(nodes: dict[str, Node], expected: dict[str, Any], name: str):
    """Each row of each table passes through the mapper that its area reads it with."""
    told = expected["tables"][name]
    assert set(told) - {"alembic_version"} <= set(READERS)
    node = nodes[name]
    for table, rows in told.items():
        if table != "alembic_version":
            assert READERS[table](node) == rows, table


def test_no_table_of_an_archive_is_empty_everywhere(expected: dict[str, Any]):
    """There is something to read in each."""
    tables = expected["tables"].values()
    assert {name for told in tables for name, rows in told.items() if rows} == set(
        expected["tables"]["hub"]
    )


@pytest.mark.parametrize("name", PARTIES)
def test_an_old_home_is_whole(nodes: dict[str, Node], name: str):
    """Keys and secrets open, and the log is the one that was signed: the node may write."""
    assert not nodes[name].db.read_only


def test_what_the_owners_see_is_what_they_saw(nodes: dict[str, Node], expected: dict[str, Any]):
    """Agreements, negotiations, transfers, questions and firms as the old version listed them."""
    from connector.areas.cohort.entry import asked_totals
    from connector.areas.dsp import agreements, store
    from connector.areas.dsp.views import agreement_shown, shown
    from connector.areas.hub import certifying
    from connector.compose.asking import listed

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
    assert listed(nodes["buyer"]) == expected["questions"]["questions"]
    assert asked_totals(nodes["buyer"]) == expected["questions"]["totals"]
    with nodes["hub"].db.reading() as session:
        firms = certifying.participants(session, 0)
    for firm, old in zip(firms, expected["participants"], strict=True):
        assert old.items() <= firm.items()


def test_stored_answers_are_the_numbers_that_were_told(
    nodes: dict[str, Node], expected: dict[str, Any]
):
    """At the asker byte for byte, masked and totals; at the provider under the same signature."""
    from connector.areas.cohort.rows import CohortAskRow
    from connector.areas.questions.rows import AskedQuestionRow, GivenAnswerRow
    from crypto.b64 import unb64url

    with nodes["buyer"].db.reading() as mine, nodes["acme"].db.reading() as theirs:
        for old in expected["masked"]:
            row = mine.get(AskedQuestionRow, old["id"])
            assert row is not None
            assert json.loads(unb64url(row.jws.split(".")[1])) == old["answer"]
            assert json.loads(row.usage) == old["usage"]
            given = theirs.get(GivenAnswerRow, (nodes["buyer"].settings.did, old["id"]))
            assert given is not None
            assert given.jws == row.jws
        for session in expected["questions"]["totals"]:
            row_of_total = mine.get(CohortAskRow, session["session"])
            assert row_of_total is not None
            for old in expected["totals"]:
                if old["id"] == session["questionId"]:
                    assert json.loads(row_of_total.answer) == old["answer"]


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
