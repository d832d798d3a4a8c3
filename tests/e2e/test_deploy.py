"""The reverse proxy's configuration in `deploy/`, run by a real nginx before a real connector."""

from __future__ import annotations

import json
import re
import shutil
import socket
import ssl
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from connector.areas.people.problems import NOT_LET_IN
from connector.console.problems import FORM_FOREIGN
from tests.e2e.processes import Running, free_ports, voile
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
OPENSSL = shutil.which("openssl")
HOST = "voile.example"
DESK = "desk.voile.example"
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(NGINX is None or OPENSSL is None, reason="needs nginx and openssl"),
]


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, ssl.SSLContext]]:
    """A connector with an https DID, behind nginx with the shipped configuration."""
    folder = tmp_path_factory.mktemp("deploy")
    port, front = free_ports(), free_ports(1)
    party = Running("acme", folder / "acme", port)
    made = voile(
        "init", str(party.home), "--did", f"did:web:{HOST}:acme",
        "--public-url", f"https://{HOST}/acme", "--port", str(port),
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    party.env["VOILE_CONSOLE_URL"] = f"https://{DESK}"
    party.start()
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        [
            OPENSSL, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-days", "2", "-subj", f"/CN={HOST}", "-addext",
            f"subjectAltName=DNS:{HOST},DNS:{DESK}", "-keyout", key, "-out", cert,
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    desk = (ROOT / "deploy" / "nginx-console.conf").read_text(encoding="utf-8")
    text = f"{text.rstrip().removesuffix('}')}\n{desk}\n}}\n"
    for name, value in (
        ("@SERVER_NAME@", HOST),
        ("@CERTIFICATE@", str(cert)),
        ("@KEY@", str(key)),
        ("@LISTEN@", f"127.0.0.1:{front}"),
        ("@UPSTREAM@", f"127.0.0.1:{port}"),
        ("@CONSOLE_NAME@", DESK),
        ("@CONSOLE@", f"127.0.0.1:{port + 3}"),
    ):
        text = "\n".join(
            line if line.startswith("#") else line.replace(name, value) for line in text.split("\n")
        )
    config = folder / "nginx.conf"
    config.write_text(f"daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\n{text}")
    (folder / "logs").mkdir()
    server = subprocess.Popen([NGINX, "-p", folder, "-c", config], stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", front), 1).close()
                break
            except OSError:
                assert server.poll() is None, (folder / "error.log").read_text()
                assert time.monotonic() < deadline
                time.sleep(0.05)
        yield front, ssl.create_default_context(cafile=str(cert))
    finally:
        server.terminate()
        server.wait(PATIENCE)
        party.kill()


def talk(front: int, context: ssl.SSLContext, raw: bytes, host: str = HOST) -> bytes:
    """Send raw bytes over TLS and read until the other side closes."""
    with (
        socket.create_connection(("127.0.0.1", front), PATIENCE) as plain,
        context.wrap_socket(plain, server_hostname=host) as line,
    ):
        line.sendall(raw)
        answer = b""
        while chunk := line.recv(65536):
            answer += chunk
        return answer


def get(path: str, host: str = HOST) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()


def sign_in(front: int, context: ssl.SSLContext, origin: str) -> bytes:
    """Try to sign in as nobody, with a form that says where it was sent from."""
    page = talk(front, context, get("/sign-in", DESK), DESK).decode()
    (before,) = re.findall(
        r"^set-cookie: (voile-before-\d+=[^;]+)", page, re.MULTILINE | re.IGNORECASE
    )
    token = re.findall(r'name="_csrf" value="([^"]+)"', page)[-1]
    body = urlencode({"name": "nobody", "password": "x" * 12, "_csrf": token})
    raw = (
        f"POST /sign-in HTTP/1.1\r\nHost: {DESK}\r\nConnection: close\r\nCookie: {before}\r\n"
        f"Origin: {origin}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    )
    return talk(front, context, raw.encode(), DESK)


def test_the_did_document_comes_through_the_proxy_over_tls(proxied):
    """A party's DID document is served under its https DID, with strict transport security."""
    head, _, body = talk(*proxied, get("/acme/did.json")).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert b"strict-transport-security" in head.lower()
    assert json.loads(body)["id"] == f"did:web:{HOST}:acme"


def test_old_tls_is_refused(proxied):
    """TLS 1.1 does not get as far as a request."""
    front, context = proxied
    old = ssl.create_default_context()
    old.check_hostname = False
    old.verify_mode = ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        old.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionError)):
        talk(front, old, get("/acme/did.json"))
    assert talk(front, context, get("/acme/did.json")).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: 4\r\nContent-Length: 5\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
    ],
)
def test_a_request_with_two_lengths_is_refused(proxied, headers):
    """Request smuggling by duplicate or mixed lengths ends at the proxy, with one answer."""
    raw = (
        b"POST /acme/dsp/2025-1/catalog/request HTTP/1.1\r\nHost: " + HOST.encode() + b"\r\n"
        b"Connection: close\r\n" + headers + b"\r\n0\r\n\r\nGET /acme/did.json HTTP/1.1\r\n\r\n"
    )
    answer = talk(*proxied, raw)
    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 501"))
    assert answer.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize("path", ["/v1/node", "/acme/v1/node", "/metrics", "/acme/metrics"])
def test_management_and_metrics_are_not_behind_the_proxy(proxied, path):
    """Only the protocol listener is reachable from outside."""
    assert talk(*proxied, get(path)).startswith(b"HTTP/1.1 404")


@pytest.mark.long
def test_an_oversized_body_is_refused_by_the_proxy(proxied):
    """A body over the proxy's cap never reaches the connector."""
    raw = (
        f"POST /acme/dsp/2025-1/catalog/request HTTP/1.1\r\nHost: {HOST}\r\n"
        f"Connection: close\r\nContent-Length: {17 << 20}\r\n\r\n"
    ).encode()
    assert talk(*proxied, raw).startswith(b"HTTP/1.1 413")


def test_the_console_is_behind_a_name_of_its_own(proxied):
    """It asks who comes, with cookies for TLS alone; under the connector's own name there is none."""
    front, context = proxied
    head, _, page = talk(front, context, get("/sign-in", DESK), DESK).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    lines = head.decode().lower().split("\r\n")
    (cookie,) = [line for line in lines if line.startswith("set-cookie: voile-before-")]
    assert "secure" in cookie
    assert "strict-transport-security: max-age=31536000" in lines
    assert any(line.startswith("content-security-policy: default-src 'none'") for line in lines)
    assert b"</form>" in page
    away = talk(front, context, get("/people", DESK), DESK).split(b"\r\n\r\n")[0].decode()
    assert re.search(r"^location: /sign-in", away, re.MULTILINE | re.IGNORECASE), away
    for name, served in ((HOST, b"404"), ("127.0.0.1", b"404")):
        assert talk(front, context, get("/sign-in", name)).split()[1] == served


@pytest.mark.parametrize(
    ("origin", "problem"),
    [(f"https://{DESK}", NOT_LET_IN), ("https://evil.example", FORM_FOREIGN)],
)
def test_a_form_comes_through_the_proxy_from_the_console_alone(proxied, origin, problem):
    """Who is not known is not let in; a form of another site is not even looked at."""
    answer = sign_in(*proxied, origin)
    assert answer.split()[1] == b"403"
    assert problem.says.en in answer.decode() or problem.says.zh in answer.decode()
