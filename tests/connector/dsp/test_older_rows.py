"""A home of the first schema: its rows are read after the migration, with nothing made up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlmodel import select

from connector.areas.dsp import agreements, processes
from connector.areas.dsp.naming import named
from connector.areas.dsp.offered import offered
from connector.areas.dsp.rows import AgreementRow
from connector.compose.tables import metadata
from connector.process.errors import Conflict
from connector.process.ports import SystemClock
from connector.store.database import Database
from connector.store.migrate import configuration, migrate
from contracts.agreements import agreement_of, message_offer
from tests.connector.dsp.area import OPEN, offer_of

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

OFFER = message_offer(offer_of(OPEN), dataset_id=OPEN)
PROVIDER, CONSUMER = "did:web:acme.example", "did:web:bolt.example"


def _first_schema(connection: Connection, revision: str = "0001") -> None:
    from alembic import command

    config = configuration(connection)
    config.attributes["metadata"] = metadata()
    command.upgrade(config, revision)


def _insert(connection: Connection, table: str, **values: object) -> None:
    names = ", ".join(values)
    placed = ", ".join(f":{name}" for name in values)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({placed})"), values)


def _process(connection: Connection, pid: str, **values: object) -> None:
    empty = dict.fromkeys(
        (
            *("callback", "opened_digest", "paused_by", "flying_event", "flying_source"),
            *("flying_target", "flying_message", "wanted", "agreement", "format"),
            *("data_address", "ended_by", "ended_code", "ended_reason", "trouble"),
        ),
        "",
    )
    common = {"kind": "negotiation", "role": "consumer", "counterparty": PROVIDER, "dataset": OPEN}
    times = {"created_ms": 1, "changed_ms": 1}
    _insert(connection, "dsp_process", pid=pid, **{**empty, **common, **times, **values})


def test_rows_of_the_first_schema_are_read(tmp_path: Path):
    """An offer on the table counts as not asked for; an agreement that ended, as by its provider."""
    db = Database(f"sqlite:///{tmp_path}/old.db", SystemClock())
    body = agreement_of(
        OFFER,
        agreement_id="urn:a",
        assigner=PROVIDER,
        assignee=CONSUMER,
        now=SystemClock().now(),
    )
    with db.engine.begin() as connection:
        _first_schema(connection)
        asked = json.dumps(OFFER)
        _process(connection, "urn:offered", state="OFFERED", offer=asked, peer_pid="urn:1")
        _process(connection, "urn:requested", state="REQUESTED", offer=asked, peer_pid="urn:2")
        for number, ended in enumerate((7, None)):
            _insert(
                connection,
                "dsp_agreement",
                negotiation=f"urn:n:{number}",
                agreement=f"urn:a:{number}",
                role="consumer",
                counterparty=PROVIDER,
                dataset=OPEN,
                body=json.dumps({**body, "@id": f"urn:a:{number}"}),
                consumer_pid=f"urn:n:{number}",
                provider_pid=f"urn:p:{number}",
                signatures="mutual",
                agreed_ms=number,
                finalized_ms=5,
                ended_ms=ended,
            )
    assert migrate(db) is True
    with db.reading() as session:
        waiting = processes.get(session, "urn:offered")
        requested = processes.get(session, "urn:requested")
        assert waiting is not None
        assert requested is not None
        found = offered(waiting)
        assert found is not None
        assert (found["differs"], found["asked"], found["policy"]) == (True, None, OFFER)
        same = offered(requested)
        assert same is not None
        assert (same["differs"], same["asked"]) == (False, OFFER)
        force, over = agreements.newest(session)
        assert (force.in_force, force.ended_by) == (True, "")
        assert (over.in_force, over.ended_by, over.ended_why) == (False, PROVIDER, {})
    db.close()


def test_agreements_that_share_an_id_stay_and_are_told_apart(tmp_path: Path):
    """They are numbered by when they were made; each is found by its pid, the others as before."""
    db = Database(f"sqlite:///{tmp_path}/old.db", SystemClock())
    held = (("n:1", "a", 9, PROVIDER), ("n:2", "a", 7, "did:web:crow.example"),
            ("n:3", "b", 7, PROVIDER), ("n:4", "a", 7, "did:web:dove.example"))  # fmt: skip
    with db.engine.begin() as connection:
        _first_schema(connection, "0014")
        for negotiation, name, agreed, party in held:
            _insert(
                connection,
                "dsp_agreement",
                negotiation=negotiation,
                agreement=name,
                role="consumer",
                counterparty=party,
                dataset=OPEN,
                body="{}",
                consumer_pid=negotiation,
                provider_pid="p",
                signatures="mutual",
                agreed_ms=agreed,
            )
    assert migrate(db) is True
    with db.reading() as session:
        rows = session.exec(select(AgreementRow)).all()
        assert {row.negotiation: row.namesakes for row in rows} == {
            "n:1": 2, "n:2": 0, "n:3": 0, "n:4": 1,
        }  # fmt: skip
        for negotiation, name, _, party in held:
            found = named(session, negotiation)
            assert found is not None
            assert (found.id, found.counterparty) == (name, party)
            assert agreements.find(session, name, counterparty=party) == found
        alone = named(session, "b")
        assert alone is not None
        with pytest.raises(Conflict):
            named(session, "a")
    db.close()
