"""The attacker's own party: a connector opened in this process, so that it can be patched.

It has a home, keys and a certificate like any other, listens on loopback, and works as it should
until `fault` says otherwise: that sees every request on its way out and may change or answer it.
"""

from __future__ import annotations

import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

from waitress.server import create_server
from werkzeug.test import Client

from connector.compose import participant
from connector.compose.assembly import assemble
from connector.compose.preload import preload
from connector.compose.server import Mounted
from connector.http.egress import Egress
from connector.party.node import open_node
from connector.process.lock import FolderLock
from connector.process.logs import silent
from connector.process.settings import load
from tests.listeners import end

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from connector.process.ports import Response

BIG = 16 << 20


@dataclass(frozen=True)
class Sent:
    """One request that went out, and what came back."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    answer: Response


@dataclass
class Tapped:
    """The way out of the attacker's connector: it keeps what goes.

    `fault` sees each request first and may answer in the place of the other party.
    """

    real: Egress
    sent: list[Sent] = field(default_factory=list)
    fault: Callable[[str, str, bytes], Response | None] | None = None

    def request(
        self,
        method: str,
        url: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 10.0,
        max_bytes: int = 1 << 20,
    ) -> Response:
        if self.fault is not None:
            made = self.fault(method, url, body or b"")
            if made is not None:
                return made
        answer = self.real.request(
            method, url, body=body, headers=headers, timeout=max(timeout, 30.0), max_bytes=max_bytes
        )
        self.sent.append(Sent(method, url, dict(headers or {}), body or b"", answer))
        return answer

    def stream(self, *args: Any, **more: Any) -> Any:
        return self.real.stream(*args, **more)

    def close(self) -> None:
        self.real.close()


class Insider:
    """See the module.

    Args:
        home: made by `voile init`.
        env: more settings, as environment variables.
        areas: what it serves.
    """

    def __init__(self, home: Path, env: Mapping[str, str], areas: Any = participant.AREAS) -> None:
        self.home, self.env = home, dict(env)
        settings = load(home, self.env)
        self.tap = Tapped(Egress(loopback_http=True))
        self._lock = FolderLock(settings.data, what="attack", now=_now())
        self._lock.__enter__()
        self.node = open_node(settings, transport=self.tap, log=silent())
        self.apps = assemble(self.node, areas)
        preload()
        mounted = Mounted(self.apps.protocol, prefix=settings.prefix, did=settings.did)
        self._server = create_server(
            mounted, host="127.0.0.1", port=settings.protocol.port, threads=8, ident=None
        )
        self._thread = threading.Thread(target=self._serve, daemon=True)
        node = self.node
        self._workers = [node.checkpoints, node.refusals, node.outbox, *self.apps.workers]

    def __enter__(self) -> Self:
        self._thread.start()
        for worker in self._workers:
            worker.start()
        return self

    def __exit__(self, *_: object) -> None:
        for worker in reversed(self._workers):
            worker.stop()
        end(self._server, self._thread)
        self.node.close()
        self._lock.__exit__()

    def _serve(self) -> None:
        with suppress(OSError):
            self._server.run()

    @property
    def did(self) -> str:
        return self.node.settings.did

    @property
    def url(self) -> str:
        return self.node.settings.public_url

    def manage(self, method: str, path: str, value: object | None = None) -> tuple[int, Any]:
        """Use its own management API."""
        token = self.node.settings.token_file.read_text().strip()
        answer = Client(self.apps.management).open(
            path,
            method=method,
            data=None if value is None else json.dumps(value).encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        data = answer.get_data()
        answer.close()
        parsed = json.loads(data) if data and answer.mimetype == "application/json" else data
        return answer.status_code, parsed

    def call(
        self, party: Any, method: str, path: str, value: object = None, **headers: str
    ) -> Response:
        """Call a route of another party with a token of our own; `value` is JSON, or bytes."""
        body = value if isinstance(value, bytes) or value is None else json.dumps(value).encode()
        known = {"Content-Type": "application/json"} if body is not None else {}
        return self.node.peers.call(
            party.did,
            method,
            party.url + path,
            body=body,
            headers=known | {name.replace("_", "-"): text for name, text in headers.items()},
            timeout=30.0,
            max_bytes=BIG,
        )

    def agree(self, party: Any, dataset: str, offer: str | None = None) -> str:
        """Negotiate about a dataset to the end; give the agreement's id."""
        body = {"provider": party.did, "dataset": dataset} | ({"offer": offer} if offer else {})
        status, opened = self.manage("POST", "/v1/negotiations", body)
        assert status == 201, opened
        state = wait(
            lambda: self.manage("GET", f"/v1/negotiations/{opened['pid']}")[1],
            lambda found: found["state"] in {"FINALIZED", "TERMINATED"},
        )
        assert state["state"] == "FINALIZED", state
        agreement = state["agreement"]
        status, body = self.manage("POST", "/v1/transfers", {"agreement": agreement})
        assert status == 201, body
        wait(
            lambda: self.manage("GET", f"/v1/transfers/{body['pid']}")[1],
            lambda found: found["state"] == "STARTED",
        )
        return agreement

    def ask(self, agreements: str | list[str], sql: str, **more: Any) -> tuple[int, Any]:
        """Ask through our own connector, as a consumer's programme would."""
        named = [agreements] if isinstance(agreements, str) else list(agreements)
        body = {"agreements": named, "sql": sql, "purpose": "stockPlanning"}
        return self.manage("POST", "/v1/questions", body | more)

    def question(self, agreement: str, sql: str) -> dict[str, Any]:
        """Make the body of a question as our own connector sends it, under a fresh id."""
        before = len(self.tap.sent)
        self.ask(agreement, sql, explain=True)
        sent = (s for s in self.tap.sent[before:] if s.url.endswith("/voile/v1/questions"))
        body: dict[str, Any] = json.loads(next(sent).body)
        body.pop("explain")
        return body | {"questionId": f"urn:uuid:{uuid4()}"}


def wait(read: Callable[[], Any], good: Callable[[Any], bool], seconds: float = 60) -> Any:
    """Read until it is good; give what was read."""
    end = time.monotonic() + seconds
    while not good(found := read()):
        assert time.monotonic() < end, f"it did not happen: {found}"
        time.sleep(0.03)
    return found


def _now() -> Any:
    from datetime import UTC, datetime

    return datetime.now(UTC)
