"""What the two databases could see differently: characters, order, numbers, sessions' settings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select, text
from sqlalchemy.engine import make_url
from sqlmodel import col

from connector.compose.tables import metadata
from connector.outbox import Outgoing
from connector.process.errors import BadRequest, SettingsError, StoreError
from connector.process.ports import SystemClock
from connector.store.database import Database
from connector.store.facts import fact, set_fact
from connector.store.migrate import migrate
from connector.store.rows import FactRow, SecretRow
from tests.connector.dsp.area import AREAS, OPEN
from tests.postgres import databases

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulators import Party


def test_a_text_with_u0000_is_the_callers_fault(party: Callable[..., Party]):
    """PostgreSQL keeps no U+0000: one error of the caller's, in writing and reading; no change."""
    db = party("acme").node.db

    def write() -> None:
        with db.transaction() as tx:
            set_fact(tx.session, "x", "1")
            set_fact(tx.session, "y", "a\x00b")

    with pytest.raises(BadRequest, match="NUL"):
        write()
    with db.reading() as session:
        assert fact(session, "x") is None
    with pytest.raises(BadRequest, match="NUL"), db.reading() as session:
        fact(session, "a\x00b")
    with db.transaction() as tx:
        set_fact(tx.session, "x", "2")


def test_a_message_with_u0000_is_refused_at_the_door(party: Callable[..., Party]):
    """A peer's code that holds U+0000 reaches no table: 400 in the protocol's form, no change."""
    acme = party("acme", pin=["bolt"], areas=AREAS)
    bolt = party("bolt", pin=["acme"], areas=AREAS)
    bolt.manage("POST", "/v1/negotiations", {"provider": acme.did, "dataset": OPEN})
    bolt.deliver(1)
    (negotiation,) = acme.manage("GET", "/v1/negotiations")[1]["negotiations"]
    end = {
        "@context": ["https://w3id.org/dspace/2025/1/context.jsonld"],
        "@type": "ContractNegotiationTerminationMessage",
        "consumerPid": negotiation["consumerPid"],
        "providerPid": negotiation["providerPid"],
        "code": "a\x00b",
    }
    url = f"{acme.url}/dsp/2025-1/negotiations/{negotiation['providerPid']}/termination"
    answer = bolt.node.peers.call(acme.did, "POST", url, body=json.dumps(end).encode())
    assert (answer.status, json.loads(answer.body)["@type"]) == (400, "ContractNegotiationError")
    assert acme.manage("GET", "/v1/negotiations")[1]["negotiations"] == [negotiation]
    end["code"] = "ab"
    answer = bolt.node.peers.call(acme.did, "POST", url, body=json.dumps(end).encode())
    assert answer.status == 200


def test_text_is_ordered_by_its_bytes(party: Callable[..., Party]):
    """The server's dictionary order (a, B, c) is not ours: an index is walked as SQLite walks it."""
    db = party("acme").node.db
    names = ["b", "B", "a-b", "ab", "a b", "Ä", "ä", "é", "z", "中", "_", "~", "10", "9"]
    with db.transaction() as tx:
        for name in names:
            set_fact(tx.session, f"t {name}", "")
        server = tx.session.execute(text("SELECT 'B' < 'a'")).scalar()
    with db.reading() as session:
        found = session.execute(
            select(col(FactRow.name)).where(col(FactRow.name) >= "t ", col(FactRow.name) < "t!")
            .order_by(col(FactRow.name))
        ).scalars().all()  # fmt: skip
    assert found == sorted((f"t {name}" for name in names), key=str.encode)
    assert server is False, "the server of this test orders as a dictionary, else it proves nothing"


def test_every_text_column_is_ordered_by_bytes(party: Callable[..., Party]):
    """No table of ours has a text column in the server's own order."""
    with party("acme").node.db.reading() as session:
        found = session.execute(
            text(
                "SELECT table_name, column_name FROM information_schema.columns"
                " WHERE table_schema = current_schema() AND data_type = 'character varying'"
                " AND collation_name IS DISTINCT FROM 'C' AND table_name <> 'alembic_version'"
            )
        ).all()
    assert found == []


def test_the_migration_makes_exactly_the_models_here_too():
    """On PostgreSQL nothing is left to migrate, types of columns included."""
    db = Database(databases.fresh(), SystemClock())
    try:
        assert migrate(db) is True
        assert migrate(db) is False
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, metadata()) == []
    finally:
        db.close()


def test_numbers_of_the_outbox_grow_beyond_32_bits_and_over_gaps(party: Callable[..., Party]):
    """A number that was rolled back is not used again; order stays; 2^31 is no end."""
    db = party("acme").node.db
    outgoing = Outgoing(peer="did:web:b.example", url="https://b.example", body=b"", kind="t")
    with db.transaction() as tx:
        tx.session.execute(text("SELECT setval('outbox_id_seq', 2147483646)"))
    with db.transaction() as tx:
        first = tx.send(outgoing)

    def undone() -> None:
        with db.transaction() as tx:
            tx.send(outgoing)
            raise KeyError

    with pytest.raises(KeyError):
        undone()
    with db.transaction() as tx:
        third = tx.send(outgoing)
    assert (first, third) == (2**31 - 1, 2**31 + 1)


def test_sessions_are_set_as_the_store_needs_them(party: Callable[..., Party]):
    """Durable even where the server says off; read committed; limits; readers cannot write."""
    node = party("acme").node
    ask = text("SELECT current_setting(:name)")
    name = make_url(node.settings.database_url).database
    databases._execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    databases._execute(f'ALTER DATABASE "{name}" SET default_transaction_isolation = serializable')
    node.db.close()
    try:
        with node.db.transaction() as tx:
            found = {
                key: tx.session.execute(ask, {"name": key}).scalar()
                for key in ("synchronous_commit", "transaction_isolation", "statement_timeout")
            }
            assert tx.session.get(SecretRow, "key/data") is not None
    finally:
        databases._execute(f'ALTER DATABASE "{name}" RESET ALL')
    assert found == {
        "synchronous_commit": "on",
        "transaction_isolation": "read committed",
        "statement_timeout": "30s",
    }
    with pytest.raises(StoreError, match="read-only"), node.db.reading() as session:
        session.execute(text("DELETE FROM secret"))


def test_parties_may_share_a_database_by_schemas():
    """Two schemas of one database: each has its own tables, and its own writer's lock."""
    url = make_url(databases.fresh())
    found = []
    admin = Database(url.render_as_string(hide_password=False), SystemClock())
    with admin.engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA one; CREATE SCHEMA two"))
    admin.close()
    try:
        for name in ("one", "two"):
            own = url.update_query_dict({"options": f"-csearch_path={name}"})
            found.append(Database(own.render_as_string(hide_password=False), SystemClock()))
            migrate(found[-1])
            with found[-1].transaction() as tx:
                assert fact(tx.session, "x") is None
                set_fact(tx.session, "x", name)
        for db, name in zip(found, ("one", "two"), strict=True):
            with db.reading() as session:
                assert fact(session, "x") == name
    finally:
        for db in found:
            db.close()


def test_a_schema_that_is_not_there_is_said():
    """A search path that leads nowhere: refused, and no table is made elsewhere."""
    url = make_url(databases.fresh()).update_query_dict({"options": "-csearch_path=nowhere"})
    db = Database(url.render_as_string(hide_password=False), SystemClock())
    try:
        with pytest.raises(SettingsError, match="search path"):
            migrate(db)
    finally:
        db.close()
