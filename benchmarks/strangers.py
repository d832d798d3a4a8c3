"""A certified caller while 32 connections send tokens that name hosts which never answer.

At the hub the tokens name strangers, on the route for applications; at a participant they name a
certified party whose host hangs. Each directly and, where nginx and openssl are there, behind the
shipped nginx configuration. The caller's requests go on at 50 a second: quiet, under attack, quiet
again; the 99th percentiles stand side by side. Every process is real.

`python -m benchmarks.strangers SECONDS` says how long an attack lasts: 60 by default.

Reference: the same caller, the same requests, nobody else there.
"""

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.forged_tokens import connection, hanging
from connector.party.node import Node, open_node
from connector.process.logs import silent
from connector.process.settings import load
from tests.attack.scene import certify
from tests.e2e.processes import Running, Space, environment, free_ports

if TYPE_CHECKING:
    import http.client

GOAL = 1.5
SECONDS = 60
EVERY = 0.02  # seconds between the caller's requests
ROOT = Path(__file__).resolve().parents[1]
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
OPENSSL = shutil.which("openssl")


def run(seconds: float = SECONDS) -> dict[str, Any]:
    """Measure all cases and return the rows."""
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name, Space(Path(name), quiet=True) as space:
        hub = space.party("hub", role="hub").start()
        acme, caller, mire = (space.party(n, hub=hub.did).start() for n in ("acme", "bolt", "mire"))
        certify(hub, {party.name: party for party in (acme, caller, mire)})
        caller.stop()
        mire.stop()  # its host hangs from now on
        acme.stop()
        acme.start()  # which knows nobody's document any more
        serve = _document_of(caller)
        with (
            closing(hanging(mire.port)),
            closing(hanging()) as trap,
            closing(open_node(load(caller.home, caller.env), log=silent())) as node,
            serve,
        ):
            port = trap.getsockname()[1]
            strangers = [f"did:web:localhost%3A{port}:s{n}" for n in range(64)]
            cases = (
                ("hub", hub, "POST", "applications", strangers, "catalog/search?size=1"),
                ("participant", acme, "GET", "standing", [mire.did], "standing"),
            )
            for what, party, method, path, issuers, asked in cases:
                for proxied in (False, True):
                    if proxied and not (NGINX and OPENSSL):
                        continue
                    with _front(party, Path(name), proxied=proxied) as at:
                        attack = [str(at), method, f"/{party.name}/voile/v1/{path}", party.did]
                        found = _measure(node, party, at, asked, [*attack, *issuers], seconds)
                    rows.append(_row(f"{what}{', behind nginx' if proxied else ''}", *found))
    return {"rows": rows}


def _measure(
    node: Node, party: Running, port: int, path: str, attack: list[str], seconds: float
) -> tuple[list[float], list[float], dict[str, int]]:
    """Give the caller's seconds in quiet and under attack, and what the attacker was told."""
    command = [sys.executable, "-m", "benchmarks.forged_tokens", *attack]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment({k: v for k, v in os.environ.items() if k.startswith("VOILE_BENCH")})
        | {k: v for k, v in os.environ.items() if k.startswith("VOILE_BENCH")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as attacker:
        assert attacker.stdin is not None
        assert attacker.stdout is not None
        assert attacker.stdout.readline() == "ready\n"
        _times(node, party, port, path, 2)  # warm
        quiet = _times(node, party, port, path, seconds / 2)
        attacker.stdin.write("go\n")
        attacker.stdin.flush()
        loud = _times(node, party, port, path, seconds)
        attacker.stdin.write("rest\n")
        attacker.stdin.flush()
        told = json.loads(attacker.stdout.readline())
        attacker.stdin.close()
        time.sleep(6)  # until what was held back is gone
        quiet += _times(node, party, port, path, seconds / 2)
    return quiet, loud, told


def _times(node: Node, party: Running, port: int, path: str, seconds: float) -> list[float]:
    """Call as a certified party does; each call must be answered."""
    found: list[float] = []
    made: http.client.HTTPConnection | None = None
    url = f"{party.url}/voile/v1/{path.partition('?')[0]}"
    end = time.monotonic() + seconds
    while (begun := time.monotonic()) < end:
        made = made or connection(port, "127.0.0.3")
        said = node.peers.authorization(party.did, "GET", url, b"")
        start = time.monotonic()
        made.request("GET", f"/{party.name}/voile/v1/{path}", headers={"Authorization": said})
        answer = made.getresponse()
        body = answer.read()
        found.append(time.monotonic() - start)
        assert answer.status == 200, (answer.status, body)
        time.sleep(max(0.0, begun + EVERY - time.monotonic()))
    if made is not None:
        made.close()
    return found


@contextmanager
def _document_of(party: Running) -> Iterator[None]:
    """Serve a party's DID document while its home is opened here: a process that only does that."""
    with closing(open_node(load(party.home, party.env), log=silent())) as node:
        from connector.identity.keyring import own_document

        document = json.dumps(own_document(node.settings, node.keys))
    program = (
        "import sys; from wsgiref.simple_server import make_server as m; "
        "d = sys.argv[2].encode(); "
        "m('127.0.0.1', int(sys.argv[1]), lambda e, s: (s('200 OK', "
        "[('Content-Type', 'application/json'), ('Content-Length', str(len(d)))]), [d])[1])"
        ".serve_forever()"
    )
    served = subprocess.Popen(
        [sys.executable, "-c", program, str(party.port), document], stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        served.kill()
        served.wait()


@contextmanager
def _front(party: Running, folder: Path, *, proxied: bool) -> Iterator[int]:
    """Give the port where a party is reached: its own, or that of an nginx with TLS before it."""
    os.environ.pop("VOILE_BENCH_CA", None)
    if not proxied:
        yield party.port
        return
    assert NGINX is not None
    assert OPENSSL is not None
    port, place = free_ports(1), folder / f"nginx-{party.name}"
    (place / "logs").mkdir(parents=True)
    cert, key = place / "cert.pem", place / "key.pem"
    make = (
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost"
    )
    more = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(cert)]
    subprocess.run([OPENSSL, *make.split(), *more], check=True, capture_output=True)
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for name, value in (
        ("@SERVER_NAME@", "localhost"),
        ("@CERTIFICATE@", str(cert)),
        ("@KEY@", str(key)),
        ("@LISTEN@", f"127.0.0.1:{port}"),
        ("@UPSTREAM@", f"127.0.0.1:{party.port}"),
    ):
        text = "\n".join(
            line if line.startswith("#") else line.replace(name, value) for line in text.split("\n")
        )
    config = place / "nginx.conf"
    config.write_text(f"daemon off;\npid {place}/pid;\nerror_log {place}/error.log;\n{text}")
    server = subprocess.Popen(
        [NGINX, "-p", str(place), "-c", str(config)], stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        os.environ["VOILE_BENCH_CA"] = str(cert)
        yield port
    finally:
        os.environ.pop("VOILE_BENCH_CA", None)
        server.terminate()
        server.wait(10)


def _row(what: str, quiet: list[float], loud: list[float], told: dict[str, int]) -> dict[str, Any]:
    before, after = (statistics.quantiles(times, n=100)[98] for times in (quiet, loud))
    ratio = after / before
    return {
        "name": f"certified caller's p99 under forged tokens: {what} (attacker was told {told})",
        "value": after * 1000,
        "unit": "ms",
        "reference": f"quiet, {before * 1000:.1f} ms; medians "
        f"{statistics.median(quiet) * 1000:.1f} and {statistics.median(loud) * 1000:.1f} ms",
        "ratio": ratio,
        "goal": f"at most {GOAL} times",
        "met": ratio <= GOAL,
    }


if __name__ == "__main__":
    print(json.dumps(run(float(sys.argv[1]) if sys.argv[1:] else SECONDS), indent=2))
