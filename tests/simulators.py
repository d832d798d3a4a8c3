"""Simulators of the shell's ports: a clock that stands, seeded entropy, a network in memory.

`Net` carries requests between the real applications of several nodes in one process, through the
real WSGI stack and without a socket, so that protocol tests of many parties are quick::

    net = Net()
    clock = StandingClock()
    acme = Party.make(tmp_path, "acme", net, clock)
    bolt = Party.make(tmp_path, "bolt", net, clock)      # both pin each other: see `pin`
    acme.node.peers.call(bolt.did, "GET", bolt.url + "/voile/v1/…")
    acme.deliver()                                       # run the outbox until nothing is due
"""

from __future__ import annotations

import hashlib
import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator
from werkzeug.test import Client

from connector.compose.assembly import Apps, assemble
from connector.compose.server import Mounted
from connector.http.addresses import named
from connector.party.area import Areas
from connector.party.gate import HELD, MEDIA
from connector.party.home import Plan
from connector.party.node import Node, open_node
from connector.process.errors import Unreachable
from connector.process.ports import Response, Streamed
from connector.process.settings import load
from crypto.record_schema import schema
from tests import templates
from tests.areas import OWN
from tests.postgres import databases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from connector.party.area import Area
    from connector.process.settings import Settings


class StandingClock:
    """A clock that moves only when it is told to."""

    def __init__(self, at: datetime = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)) -> None:
        self._at = at
        self._lock = threading.Lock()

    def now(self) -> datetime:
        with self._lock:
            return self._at

    def advance(self, seconds: float) -> None:
        with self._lock:
            self._at += timedelta(seconds=seconds)


class SeededEntropy:
    """Bytes that look random and are the same in every run."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self.count = 0
        self._lock = threading.Lock()

    def __call__(self, n: int, /) -> bytes:
        with self._lock:
            self.count += 1
            count = self.count
        return hashlib.shake_256(self.seed.encode() + count.to_bytes(8, "big")).digest(n)


@dataclass
class Sent:
    """One request that crossed the network in memory."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    status: int


@dataclass
class Net:
    """Implements `connector.process.ports.Transport` over WSGI applications by origin.

    ``fault``, if set, sees each request first: it may raise `Unreachable`, or give an answer of its own.
    """

    apps: dict[str, Any] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    fault: Callable[[str, str, bytes], Response | None] | None = None
    opened: list[Node] = field(default_factory=list)  # nodes that nobody has closed yet

    def request(
        self,
        method: str,
        url: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 10.0,  # noqa: ARG002 -- memory is quick
        max_bytes: int = 1 << 20,  # noqa: ARG002 -- and trusted
    ) -> Response:
        parts = urlsplit(url)
        if self.fault is not None:
            made = self.fault(method, url, body or b"")
            if made is not None:
                self.sent.append(Sent(method, url, dict(headers or {}), body or b"", made.status))
                return made
        app = self.apps.get(f"{parts.scheme}://{parts.netloc}")
        if app is None:
            raise Unreachable(f"nobody at `{parts.netloc}`", code="peer-unreachable")
        merged = {"Content-Type": "application/json", **(headers or {})}
        answer = Client(app).open(
            parts.path,
            method=method,
            base_url=f"{parts.scheme}://{parts.netloc}",
            query_string=parts.query,
            data=body,
            headers=merged,
        )
        self.sent.append(Sent(method, url, merged, body or b"", answer.status_code))
        found = {name.lower(): value for name, value in answer.headers.items()}
        data = answer.get_data()
        answer.close()
        return Response(status=answer.status_code, headers=found, body=data)

    @contextmanager
    def stream(
        self,
        method: str,
        url: str,
        *,
        body: Iterable[bytes] | None = None,
        length: int = 0,
        headers: Mapping[str, str] | None = None,
        idle: float = 60.0,
    ) -> Iterator[Streamed]:
        """Send all the pieces, then give the answer in pieces."""
        data = None if body is None else b"".join(body)
        assert data is None or len(data) == length
        named(url, loopback_http=False)
        answer = self.request(method, url, body=data, headers=headers, timeout=idle)
        pieces = (answer.body[at : at + 4096] for at in range(0, len(answer.body), 4096))
        yield Streamed(status=answer.status, headers=answer.headers, pieces=pieces)


@dataclass
class Party:
    """A node with its applications, reachable through a `Net`."""

    node: Node
    apps: Apps
    home: Path
    net: Net

    @classmethod
    def make(
        cls,
        folder: Path,
        name: str,
        net: Net,
        clock: StandingClock,
        *,
        areas: Sequence[Area] = (OWN,),
        role: str = "participant",
        hub: str | None = None,
        pin: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
    ) -> Party:
        """Make a home and open it.

        Args:
            folder: where the home goes.
            name: a short name; the DID is ``did:web:<name>.example``.
            net: the network it joins.
            clock: its clock.
            areas: as in `connector.compose.participant.AREAS`.
            role: participant or hub.
            hub: DID of the hub.
            pin: names of parties that are trusted without a hub.
            env: more settings, as environment variables.
        """
        url = f"https://{name}.example"
        plan = Plan(
            did=f"did:web:{name}.example", public_url=url, role=role, hub=hub, language="en"
        )
        entropy = SeededEntropy(name)
        home = folder / name
        known = {**databases.settings(), **(env or {})}
        settings = templates.home(home, plan, known, clock=clock, entropy=entropy)
        return cls._open(_pinning(settings, pin), home, net, clock, entropy, areas)

    @classmethod
    def reopen(
        cls,
        home: Path,
        net: Net,
        clock: StandingClock,
        *,
        areas: Sequence[Area] = (OWN,),
        pin: Sequence[str] = (),
    ) -> Party:
        """Open the copy of a home that was closed; see `make`."""
        entropy = SeededEntropy(f"{home.name} of the copy")
        return cls._open(_pinning(load(home, {}), pin), home, net, clock, entropy, areas)

    @classmethod
    def _open(
        cls, settings: Any, home: Path, net: Net, clock: Any, entropy: Any, areas: Sequence[Area]
    ) -> Party:
        node = open_node(settings, clock=clock, entropy=entropy, transport=net)
        net.opened.append(node)
        apps = assemble(node, areas)
        mounted = Mounted(apps.protocol, prefix=settings.prefix, did=settings.did)
        parts = urlsplit(settings.public_url)
        net.apps[f"{parts.scheme}://{parts.netloc}"] = mounted
        return cls(node, apps, home, net)

    def restart(self, areas: Sequence[Area] = (OWN,)) -> Party:
        """Close the node and open its home again, as a restarted process would."""
        node = self.node
        self.close()
        entropy = SeededEntropy(f"{node.settings.did} again")
        return self._open(node.settings, self.home, self.net, node.clock, entropy, areas)

    @property
    def did(self) -> str:
        return self.node.settings.did

    @property
    def url(self) -> str:
        return self.node.settings.public_url

    def manage(
        self, method: str, path: str, value: object | None = None, *, token: str = ""
    ) -> tuple[int, Any]:
        """Call the management API with the first token, or another; give status and parsed body
        (bytes if no JSON).
        """
        token = token or self.node.settings.token_file.read_text().strip()
        answer = Client(self.apps.management).open(
            path,
            method=method,
            data=None if value is None else json.dumps(value).encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        data = answer.get_data()
        answer.close()
        held = answer.mimetype == MEDIA  # it waits for a second person
        spoken = held or answer.mimetype == "application/json"
        parsed = json.loads(data) if data and spoken else data
        if held:
            wrong = [*Draft202012Validator(HELD).iter_errors(parsed)]
            assert not wrong
            return answer.status_code, parsed
        self._keeps_its_word(method, path, answer.status_code, parsed)
        return answer.status_code, parsed or None

    def _keeps_its_word(self, method: str, path: str, status: int, answer: Any) -> None:
        """Hold an answer that went well against what its operation declares."""
        if not 200 <= status < 300:
            return
        routes = self.apps.management.url_map.bind("localhost")
        rule, _ = routes.match(urlsplit(path).path, method=method, return_rule=True)
        for operation in self.node.services[Areas].operations:
            if (operation.method, operation.rule) != (method, rule.rule):
                continue
            assert status == operation.status, f"{operation.name}: {status}"
            if operation.reply is not None:
                wrong = [*Draft202012Validator(schema(operation.reply)).iter_errors(answer)]
                assert not wrong, f"{operation.name}: {wrong[0].message} at {wrong[0].json_path}"

    def deliver(self, rounds: int = 20) -> int:
        """Deliver what is due in the outbox, in this thread; give the number of attempts."""
        return self.node.outbox.deliver_due(rounds)

    def close(self) -> None:
        self.net.opened[:] = [node for node in self.net.opened if node is not self.node]
        self.node.close()


def _pinning(settings: Settings, names: Sequence[str]) -> Settings:
    return replace(settings, pinned=frozenset(f"did:web:{name}.example" for name in names))
