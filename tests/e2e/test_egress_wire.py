"""The way out on the wire: traps that must see nothing, and TLS that cannot be talked down."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import threading
import time
from typing import TYPE_CHECKING, Self

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from connector.http.addresses import Target
from connector.http.egress import Egress, prepare
from connector.process.errors import EgressRefused, Unreachable, VoileError
from tests.e2e.processes import request
from tests.waiting import PATIENCE, equals

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.processes import Space
    from tests.e2e.stranger import Stranger


class Trap:
    """A listener that counts who connects to it."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(0.05)
        self.port: int = self._socket.getsockname()[1]
        self.caught = 0
        self._open = True
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except TimeoutError:
                if self._open:
                    continue
                return  # whoever had connected before the end was counted
            self.caught += 1
            connection.close()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._open = False
        self._thread.join(PATIENCE)
        self._socket.close()


def test_no_spelling_of_an_address_reaches_the_trap():
    """Literals, mapped, decimal, names that resolve to loopback: zero connections."""
    with Trap() as trap:
        egress = Egress(loopback_http=False, resolver=lambda *_: ["127.0.0.1"])
        try:
            for host in (
                "127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433",
                "0x7f000001", "127.1", "017700000001", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
                "rebind.example", "user@rebind.example", "rebind.example.", "localhost.localdomain",
            ):  # fmt: skip
                for scheme in ("http", "https"):
                    with pytest.raises(EgressRefused):
                        egress.request("GET", f"{scheme}://{host}:{trap.port}/", timeout=PATIENCE)
        finally:
            egress.close()
    assert trap.caught == 0


def test_the_trap_works():
    """The control: under the test setting plain http to localhost does reach it."""
    with Trap() as trap:
        egress = Egress(loopback_http=True)
        with pytest.raises(VoileError):
            egress.request("GET", f"http://localhost:{trap.port}/", timeout=PATIENCE)
        egress.close()
    assert trap.caught >= 1


def test_strangers_cannot_make_a_node_call_anybody(space: Space, stranger: Callable[..., Stranger]):
    """Tokens of unknown issuers are refused before their DID is resolved; redirects are not followed."""
    peer = stranger("bolt")
    node = space.party("acme", pin=[peer.did]).start()
    url = node.url + "/voile/v1/standing"

    def call(token: str) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        return request(node.port, "GET", "/acme/voile/v1/standing", None, headers)[0]

    with Trap() as trap:
        for did in (
            f"did:web:localhost%3A{trap.port}:x",
            f"did:web:127.0.0.1%3A{trap.port}",
            f"did:web:localhost%3A{trap.port}",
            f"{peer.did}:x",
        ):
            assert call(peer.token(node.did, "GET", url, issuer=did, kid=f"{did}#k")) == 401
        peer.document_moved = f"http://localhost:{trap.port}/did.json"
        assert call(peer.token(node.did, "GET", url)) == 502  # a known party: it may come again
        peer.document_moved = ""
        equals(lambda: call(peer.token(node.did, "GET", url)), 200)  # a failure is remembered
    assert trap.caught == 0


# TLS


class TlsPeer:
    """A TLS server with its own authority, for one host name."""

    def __init__(self, folder: Path, name: str, *, highest: ssl.TLSVersion | None = None) -> None:
        self.ca = folder / "ca.pem"
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = dt.datetime.now(dt.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        pem = certificate.public_bytes(serialization.Encoding.PEM)
        self.ca.write_bytes(pem)
        chain = folder / "chain.pem"
        chain.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + pem
        )
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(chain)
        if highest is not None:
            self._context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
            self._context.maximum_version = highest
            self._context.set_ciphers("ALL:@SECLEVEL=0")
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self) -> None:
        raw, _ = self._socket.accept()
        try:
            with self._context.wrap_socket(raw, server_side=True) as secured:
                secured.recv(1000)
                secured.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        except OSError:
            raw.close()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join(5)
        self._socket.close()


def connect(peer: TlsPeer, host: str, *, trusted: bool) -> int:
    """Call as the way out does, at an address that passed its check; give the status."""
    context = ssl.create_default_context(cafile=str(peer.ca)) if trusted else None
    egress = Egress(context=context)
    target = Target("https", host, peer.port, "/", ("127.0.0.1",))
    try:
        deadline = time.monotonic() + PATIENCE
        request = prepare("GET", target)
        return egress.send(request, target, deadline=deadline, max_bytes=1024).status
    finally:
        egress.close()


def test_a_trusted_certificate_for_the_name_is_taken(tmp_path: Path):
    """The control: right authority, right name."""
    with TlsPeer(tmp_path, "peer.example") as peer:
        assert connect(peer, "peer.example", trusted=True) == 204


@pytest.mark.parametrize(("host", "trusted"), [("peer.example", False), ("other.example", True)])
def test_self_signed_and_foreign_certificates_are_refused(tmp_path: Path, host: str, trusted: bool):
    """An unknown authority, or another name: the handshake fails."""
    with (
        TlsPeer(tmp_path, "peer.example") as peer,
        pytest.raises(Unreachable, match="its TLS does not hold"),
    ):
        connect(peer, host, trusted=trusted)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_old_tls_is_refused(tmp_path: Path):
    """A server that offers TLS 1.1 at most is not talked to."""
    with (
        TlsPeer(tmp_path, "peer.example", highest=ssl.TLSVersion.TLSv1_1) as peer,
        pytest.raises(Unreachable, match="its TLS does not hold"),
    ):
        connect(peer, "peer.example", trusted=True)


def test_a_header_that_comes_twice_is_read_as_one():
    """Two `Link` headers count as one with a comma, in their order (RFC 9110, section 5.3)."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                head = b"HTTP/1.1 200 OK\r\nLink: <a>; rel=x\r\nlink: <b>; rel=y\r\n"
                connection.sendall(head + b"Content-Length: 0\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        egress = Egress(loopback_http=True)
        try:
            found = egress.request("GET", f"http://localhost:{server.getsockname()[1]}/")
        finally:
            egress.close()
            thread.join(5)
    assert found.headers["link"] == "<a>; rel=x, <b>; rel=y"
