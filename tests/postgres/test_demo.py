"""The demonstration on PostgreSQL: five processes, five databases, everything that had to hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from connector.demo.databases import MARK
from tests.e2e.processes import voile
from tests.postgres import databases

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection

pytestmark = pytest.mark.e2e
PARTIES = ("operator", "alder", "birch", "cedar", "maple")


@pytest.fixture
def server() -> Iterator[Connection]:
    """The server; its databases of demonstrations go with the test."""
    engine = create_engine(databases.SERVER, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
        for slug in PARTIES:
            connection.execute(text(f'DROP DATABASE IF EXISTS "voile_demo_{slug}" WITH (FORCE)'))
    engine.dispose()


def leaves(slug: str) -> int:
    engine = create_engine(make_url(databases.SERVER).set(database=f"voile_demo_{slug}"))
    with engine.connect() as connection:
        found = connection.execute(text("SELECT size FROM log_head")).scalar_one()
    engine.dispose()
    return int(found)


@pytest.mark.slow
def test_everything_holds_on_postgresql(server: Connection, tmp_path: Path):
    """All its checks hold; what each party did lies in its own database, and no SQLite file is made."""
    server.execute(text('CREATE DATABASE "voile_demo_alder"'))
    server.execute(
        text(f"COMMENT ON DATABASE \"voile_demo_alder\" IS '{MARK}'")
    )  # an earlier run's
    out = tmp_path / "out"
    done = voile("demo", "--scale", "0.01", "--out", str(out), "--lang", "en",
                 "--database", databases.SERVER, timeout=480)  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert re.match(r"voile demo: all held \(12 steps, \d+ checks", done.stdout.splitlines()[-1])
    assert [slug for slug in PARTIES if leaves(slug) < 10] == []
    assert list(out.glob("parties/*/data/*.db")) == []


def test_a_database_of_somebody_else_is_left_alone(server: Connection, tmp_path: Path):
    """A database under a name that the demonstration wants, not made by it: refused, untouched."""
    server.execute(text('CREATE DATABASE "voile_demo_birch"'))
    created = text("SELECT oid FROM pg_database WHERE datname = 'voile_demo_birch'")
    before = server.execute(created).scalar()
    done = voile("demo", "--out", str(tmp_path / "out"), "--database", databases.SERVER)
    assert done.returncode == 2
    assert "`voile_demo_birch` exists and is not of an earlier demonstration" in done.stderr
    assert server.execute(created).scalar() == before


def test_a_server_that_lets_nobody_in_is_said(tmp_path: Path):
    """No server there, or another dialect: refused before any process starts."""
    for url, words in (
        ("postgresql://voile:geheim@127.0.0.1:1/x", "does not let the demonstration"),
        ("mysql://voile:geheim@127.0.0.1/x", "got `mysql`"),
    ):
        done = voile("demo", "--out", str(tmp_path / "out"), "--database", url)
        assert done.returncode == 2
        assert words in done.stderr
        assert "geheim" not in done.stderr + done.stdout
        assert not list(tmp_path.glob("out/parties/*"))
