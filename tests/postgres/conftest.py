"""Tests of what only a PostgreSQL server can show; without one they are skipped aloud."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.engine import make_url

from tests.postgres import databases
from tests.postgres.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip where no server was named; those that bring their own are marked `own_server`."""
    for item in items:
        if HERE not in item.path.parents:
            continue
        item.add_marker(pytest.mark.enable_socket)
        if not databases.SERVER:
            item.add_marker(
                pytest.mark.skip(reason="needs a PostgreSQL server: make test-postgres")
            )


@pytest.fixture
def wire() -> Iterator[Wire]:
    """A socket in front of the server, in a folder whose name is short enough for one."""
    url = make_url(databases.SERVER)
    server = f"{url.query['host']}/.s.PGSQL.{url.query.get('port', 5432)}"
    with (
        tempfile.TemporaryDirectory(prefix="voile-w-") as folder,
        Wire(Path(folder), server) as found,
    ):
        yield found
