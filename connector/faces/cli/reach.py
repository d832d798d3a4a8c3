"""Reaching a node for its evidence: over its management API while it runs, else by opening it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, cast
from urllib.parse import urlencode

from connector.faces.cli.client import Management
from connector.process.errors import SettingsError
from contracts.audit.trust import Trust, read_trust

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from connector.party.node import Node
    from connector.process.settings import Settings
    from contracts.audit.layout import Opened


def fetch_bundle(
    settings: Settings,
    out: Path,
    *,
    opened: Opened,
    sessions: Sequence[str] = (),
    accept_head: bool = False,
) -> None:
    """Write a bundle of a node into a folder that is not there yet.

    A node that does not run is opened and writes a leaf of the export: ``accept_head`` as to
    `voile serve`.

    Raises:
        Failed: the running node refused.
        Unreadable: it sent half a bundle.
        SettingsError: neither does it run nor can its home be opened.
    """
    try:
        _stream(settings, out, opened, sessions)
    except SettingsError as error:
        if error.code != "not-running":
            raise
    else:
        return
    from connector.areas.audit import export_bundle, known, log_export

    with _opened(settings, accept_head=accept_head) as node:
        with node.db.reading() as db:
            known(db, sessions)
        log_export(node, opened, sessions)
        export_bundle(node, out, opened=opened, sessions=sessions)


def fetch_trust(settings: Settings, parties: Sequence[str]) -> tuple[Trust, dict[str, str]]:
    """Ask a node for parties' keys as it sees them; for all it knows if none are named.

    Returns:
        The trust, and for each party without keys why.
    """
    query = urlencode([("party", did) for did in parties])
    try:
        answer = Management(settings).get(f"/v1/audit/trust?{query}")
    except SettingsError as error:
        if error.code != "not-running":
            raise
    else:
        return read_trust(answer["trust"].encode("utf-8")), dict(answer["failed"])
    from connector.areas.audit import known_parties, trust_of

    with _opened(settings) as node:
        return trust_of(node, parties or known_parties(node))


def _stream(settings: Settings, out: Path, opened: Opened, sessions: Sequence[str]) -> None:
    query = urlencode([("opened", opened), *(("session", name) for name in sessions)])
    client = Management(settings)
    with client.stream("POST", f"/v1/audit/bundle?{query}", b"") as response:
        client.refuse(response)
        from connector.areas.audit import unpack

        unpack(cast("IO[bytes]", response), out)


@contextmanager
def _opened(settings: Settings, *, accept_head: bool = False) -> Iterator[Node]:
    """Open a node that does not run, and keep others from starting it meanwhile."""
    from connector.party.node import open_node
    from connector.process.lock import FolderLock
    from connector.process.logs import silent
    from connector.process.ports import SystemClock

    with FolderLock(settings.data, what="voile audit", now=SystemClock().now()):
        node = open_node(settings, log=silent(), accept_head=accept_head)
        try:
            yield node
        finally:
            node.close()
