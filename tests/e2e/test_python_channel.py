"""The client against what is no connector: garbage, floods, redirects; its token goes nowhere."""

from __future__ import annotations

import copy
import gzip
import http.client
import io
import json
import pickle
import socket
import ssl
import tarfile
import threading
import traceback
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from connector.client import Connector, Failed, Misused, Refused, Unavailable, auditing, channel
from contracts.audit.trust import Trust, write_trust
from tests.connector.client.samples import SQL, reply

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN = "token-that-nobody-may-see"


@dataclass
class Server:
    """Answers what the test says, and remembers what it was sent."""

    port: int = 0
    status: int = 200
    body: bytes = field(default=b"{}", repr=False)
    headers: dict[str, str] = field(default_factory=dict)
    pieces: int = 0  # of a body without end
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/some/path"

    def connector(self, language: str = "en") -> Connector:
        return Connector(url=self.url, token=TOKEN, language=language)


@pytest.fixture
def servers() -> Iterator[list[Server]]:
    """Two of them."""
    made, running = [Server(), Server()], []

    def handler(server: Server) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                server.seen.append((self.path, dict(self.headers)))
                self.send_response(server.status)
                for name, value in server.headers.items():
                    self.send_header(name, value)
                if not server.pieces:
                    self.send_header("Content-Length", str(len(server.body)))
                self.end_headers()
                try:
                    self.wfile.write(server.body)
                    for _ in range(server.pieces):
                        self.wfile.write(b" " * (1 << 20))
                except OSError:  # nobody reads any more
                    return

            do_GET = do_POST = _answer  # noqa: N815

            def log_message(self, *_: Any) -> None:
                return

        return Handler

    for server in made:
        listening = ThreadingHTTPServer(("127.0.0.1", 0), handler(server))
        listening.daemon_threads = True
        server.port = listening.server_port
        threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True).start()
        running.append(listening)
    yield made
    for listening in running:
        listening.shutdown()
        listening.server_close()


def ask(server: Server, language: str = "en") -> Any:
    return server.connector(language).ask(SQL, agreement="urn:a", purpose="credit", typed=False)


def told(error: BaseException) -> str:
    """All that an error says, with the local values of every frame that it holds."""
    lines = list(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    return "".join(lines) + repr(error) + str(error) + repr(vars(error))


def test_what_is_asked_bears_the_token_and_the_language(servers: list[Server]) -> None:
    """At the address that was given, its path included."""
    servers[0].body = json.dumps(reply()).encode()
    assert ask(servers[0], "zh").rows[0]["COUNT(*)"] == 7
    ((path, headers),) = servers[0].seen
    assert path == "/some/path/v1/questions"
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert headers["Accept-Language"] == "zh"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(servers: list[Server], status: int) -> None:
    """The token stays where it was sent; whoever redirects is no connector."""
    servers[0].status, servers[0].headers = status, {"Location": servers[1].url}
    with pytest.raises(Unavailable) as caught:
        ask(servers[0])
    assert caught.value.code == "not-a-connector"
    assert not servers[1].seen


@pytest.mark.parametrize(
    "body",
    [
        b"<html>hello</html>",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"3",
        b"",
        b'{"answer": 1}',
        b'{"answer": {}, "answer": {}}',
        b'{"questionId": "q", "mode": "m", "answer": {"cells": NaN}}',
        b"[" * 100_000,
        json.dumps({**reply(), "answer": {**reply()["answer"], "cells": [{"key": {}}]}}).encode(),
        json.dumps(reply()).replace("0.00000001", "1e999999999").encode(),
    ],
)
def test_garbage_is_one_clear_error(servers: list[Server], body: bytes) -> None:
    """Whatever it is, in both languages, and it says who answered."""
    servers[0].body = body
    for language, word in (("en", str(servers[0].port)), ("zh", "应答")):
        with pytest.raises(Unavailable) as caught:
            ask(servers[0], language)
        assert caught.value.code == "not-a-connector"
        assert word in str(caught.value)
        assert caught.value.next_step


def test_a_catalogue_that_fails_loses_no_answer(servers: list[Server]) -> None:
    """It was asked what keys are, gave something else, and they stay text."""
    servers[0].body = json.dumps(reply()).encode()
    answer = servers[0].connector().ask(SQL, agreement="urn:a", purpose="credit")
    assert [path for path, _ in servers[0].seen] == [
        "/some/path/v1/questions",
        "/some/path/v1/catalog",
    ]
    assert answer.rows[0]["year"] == "2023"
    total = reply()
    del total["answer"]["provider"]
    total["answer"]["dataVersions"] = {}
    servers[0].body = json.dumps(total).encode()
    answer = servers[0].connector().ask(SQL, agreement=["urn:a", "urn:b"], purpose="credit")
    assert answer.rows[0]["year"] == "2023"


def test_an_answer_that_cannot_be_read_names_its_question(servers: list[Server]) -> None:
    """Asked again under it, it is not charged twice."""
    found = reply()
    del found["answer"]["outputs"]
    servers[0].body = json.dumps(found).encode()
    with pytest.raises(Unavailable) as caught:
        ask(servers[0])
    assert caught.value.facts["questionId"] == "urn:uuid:q"


def test_an_answer_without_end_is_not_read_to_its_end(
    servers: list[Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading stops at a bound."""
    monkeypatch.setattr(channel, "MOST_BYTES", 1 << 20)
    servers[0].pieces = 1 << 16
    with pytest.raises(Unavailable):
        ask(servers[0])


def test_an_error_speaks_and_carries_code_step_facts_and_reasons(servers: list[Server]) -> None:
    """As the connector said it; reasons become sentences in the language asked for."""
    reason = {"code": "policy.purpose", "given": "credit", "expected": "quality"}
    error = {"code": "policy.purpose", "message": "m", "next": "n", "params": {"questionId": "q"}}
    servers[0].status = 403
    servers[0].body = json.dumps({"error": error | {"reasons": [reason]}}).encode()
    with pytest.raises(Refused) as caught:
        ask(servers[0], "zh")
    refused = caught.value
    assert (refused.code, refused.message, refused.next_step) == ("policy.purpose", "m", "n")
    assert refused.facts == {"questionId": "q"}
    assert "合约未授予用途 credit" in str(refused)
    servers[0].body = json.dumps({"error": error | {"message": "a\x1b]0;x\u202eb"}}).encode()
    with pytest.raises(Failed) as plain:
        ask(servers[0])
    assert not isinstance(plain.value, Refused)
    assert str(plain.value).isprintable()
    again = pickle.loads(pickle.dumps(refused))
    assert (type(again), str(again), again.reasons) == (Refused, str(refused), [reason])


@pytest.mark.parametrize("status", [401, 403, 500])
def test_errors_without_words_are_errors(servers: list[Server], status: int) -> None:
    """A status is enough; an odd body adds nothing."""
    servers[0].status, servers[0].body = status, b'{"error": [1], "reasons": 3}'
    with pytest.raises((Failed, Unavailable)):
        ask(servers[0])


def test_no_error_holds_the_token(servers: list[Server]) -> None:
    """Neither its text nor any local value of a frame, as verbose tracebacks print them."""
    servers[0].status = 500
    cases = [servers[0].connector(), Connector(url="http://127.0.0.1:9", token=TOKEN)]
    for status in (302, 401, 403, 200):
        servers[0].status = status
        servers[0].body = b"garbage"
        cases.append(servers[0].connector())
        for connector in cases:
            with pytest.raises((Failed, Unavailable)) as caught:
                connector.ask(SQL, agreement="urn:a", purpose="credit")
            assert TOKEN not in told(caught.value)


def test_reading_that_is_broken_off_shows_no_token(
    servers: list[Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by the keyboard: the frames of such a traceback do not hold it either."""

    def broken(*_: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(http.client.HTTPResponse, "read", broken)
    with pytest.raises(KeyboardInterrupt) as caught:
        ask(servers[0])
    assert TOKEN not in told(caught.value)


def test_a_connector_shows_and_copies_no_token(servers: list[Server], tmp_path: Path) -> None:
    """Neither repr, nor vars, nor pickle, nor a deep copy."""
    connector = servers[0].connector()
    assert TOKEN not in repr(connector) + repr(vars(connector)) + repr(vars(connector._channel))
    for copying in (pickle.dumps, copy.deepcopy):
        for held in (connector, connector._channel, connector._channel._secret):
            with pytest.raises((Misused, TypeError)):
                copying(held)


@pytest.mark.parametrize(
    ("url", "token"),
    [
        ("http://connector.example", TOKEN),  # in clear, to somewhere else
        ("http://127.0.0.1.example", TOKEN),
        ("http://evil.localhost", TOKEN),  # what a resolver may send anywhere
        ("http://localhost.", TOKEN),
        ("http://0.0.0.0", TOKEN),
        ("http://[::]", TOKEN),
        ("http://192.0.2.1", TOKEN),
        ("https://user@connector.example", TOKEN),
        ("https://connector.example?x=1", TOKEN),
        ("ftp://connector.example", TOKEN),
        ("https://connector.example", "two words"),
        ("https://connector.example", "a\r\nHost: x"),
        ("https://connector.example", "\u00e4"),
        ("https://connector.example", ""),
        ("", TOKEN),
    ],
)
def test_an_address_or_a_token_that_cannot_be_meant_is_refused(url: str, token: str) -> None:
    """Before anything is called, and without quoting the token."""
    with pytest.raises(Misused) as caught:
        Connector(url=url, token=token)
    assert not token or token not in told(caught.value).replace(f"token = '{token}'", "")


@pytest.mark.parametrize(
    "url", ["http://localhost:9", "http://LOCALHOST:9", "http://127.0.0.1:9", "http://127.8.8.8:9",
            "http://[::1]:9", "https://connector.example"]
)  # fmt: skip
def test_plain_http_is_taken_to_this_machine(url: str) -> None:
    """By its name and by any of its own addresses."""
    assert "Connector" in repr(Connector(url=url, token=TOKEN))


ECHO = f"the header was Bearer {TOKEN}!"
ESCAPED = TOKEN.replace("t", "\\u0074")  # read back, it is the token again


ECHOES = [
    (400, json.dumps({"error": {"code": "x", "message": ECHO, "next": ECHO}})),
    (403, json.dumps({"error": {"code": ECHO, "params": {ECHO: [ECHO]}, "reasons": [ECHO]}})),
    (403, json.dumps({"error": {"reasons": [{"code": "policy.purpose", "given": ECHO}]}})),
    (
        400,
        f'{{"error": {{"code": "x", "message": "{ESCAPED}", "params": {{"{ESCAPED}": 1}}}}}}',
    ),
    (401, json.dumps({"error": ECHO})),
    (500, ECHO),
    (302, ECHO),
    (200, ECHO),
    (200, json.dumps({"answer": ECHO, "questionId": ECHO})),
    (200, f'{{"{TOKEN}": 1, "{TOKEN}": 2}}'),
    (200, f'{{"{ESCAPED}": 1, "{ESCAPED}": 2}}'),
]


@pytest.mark.parametrize("number", range(len(ECHOES)))
def test_an_answer_that_writes_the_token_back_puts_it_into_no_error(
    servers: list[Server], number: int
) -> None:
    """Neither into words, facts and reasons nor into a frame, however it is written."""
    servers[0].status, servers[0].body = ECHOES[number][0], ECHOES[number][1].encode()
    for language in ("en", "zh"):
        with pytest.raises((Failed, Unavailable)) as caught:
            ask(servers[0], language)
        assert TOKEN not in told(caught.value)
        assert TOKEN.encode() not in pickle.dumps(caught.value)
        assert str(caught.value)


@pytest.mark.parametrize(("language", "word"), [("en", "certificate"), ("zh", "证书")])
def test_a_certificate_that_does_not_hold_gets_no_token(
    language: str, word: str, tmp_path: Path
) -> None:
    """The connection ends before anything is sent."""
    got: list[bytes] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_self_signed(tmp_path))

    def serve(listening: socket.socket) -> None:
        with listening.accept()[0] as raw:
            try:
                with context.wrap_socket(raw, server_side=True) as secure:
                    got.append(secure.recv(1 << 16))
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,), daemon=True)
        thread.start()
        url = f"https://localhost:{listening.getsockname()[1]}"
        with pytest.raises(Unavailable) as caught:
            Connector(url=url, token=TOKEN, language=language).agreements()
        thread.join()
    assert caught.value.code == "not-trusted"
    assert word in str(caught.value)
    assert not any(TOKEN.encode() in piece for piece in got)
    assert TOKEN not in told(caught.value)


def _self_signed(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = folder / "pair.pem"
    file.write_bytes(pem + certificate.public_bytes(serialization.Encoding.PEM))
    return file


def _tar(*members: tuple[str, bytes, bytes]) -> bytes:
    """A tar of members: name, kind, content."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, kind, content in members:
            info = tarfile.TarInfo(name)
            info.type, info.size, info.linkname = kind, len(content), "/etc/passwd"
            tar.addfile(info, io.BytesIO(content))
    return out.getvalue()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no tar",
        _tar(("manifest.json", tarfile.REGTYPE, b"x" * 5000))[:3000],
        _tar(("link", tarfile.SYMTYPE, b"")),
        _tar(("../out", tarfile.REGTYPE, b"x")),
        _tar(("/etc/x", tarfile.REGTYPE, b"x")),
        _tar(("a", tarfile.REGTYPE, b"x"), ("a", tarfile.REGTYPE, b"y")),
        _tar(("a", tarfile.DIRTYPE, b"")),
        gzip.compress(_tar(("a", tarfile.REGTYPE, b"x"))),
    ],
)
def test_an_odd_bundle_is_one_clear_error(
    servers: list[Server], body: bytes, tmp_path: Path
) -> None:
    """Nothing of it is written anywhere."""
    trust = tmp_path / "trust.json"
    trust.write_bytes(write_trust(Trust()))
    servers[0].body = body
    with pytest.raises(Unavailable) as caught:
        servers[0].connector().audit_verify(trust)
    assert caught.value.code == "evidence-unreadable"
    trust.write_bytes(b"{}")
    with pytest.raises(Unavailable) as odd:
        servers[0].connector("zh").audit_verify(trust)
    assert (odd.value.code, "voile audit trust" in odd.value.next_step) == (
        "trust-unreadable",
        True,
    )


def test_a_bundle_larger_than_its_bound_is_not_kept(
    servers: list[Server], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By what its members say of themselves, before they are read."""
    monkeypatch.setattr(auditing, "MOST_BYTES", 10)
    trust = tmp_path / "trust.json"
    trust.write_bytes(write_trust(Trust()))
    servers[0].body = _tar(("a", tarfile.REGTYPE, b"x" * 11))
    with pytest.raises(Unavailable, match="over 10 bytes"):
        servers[0].connector().audit_verify(trust)


def test_threads_share_a_connector(servers: list[Server]) -> None:
    """Each call has a connection of its own."""
    servers[0].body = json.dumps(reply()).encode()
    connector, found = servers[0].connector(), []

    def asking() -> None:
        for _ in range(10):
            answer = connector.ask(SQL, agreement="urn:a", purpose="credit", typed=False)
            found.append(len(answer))

    threads = [threading.Thread(target=asking) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [4] * 80


def test_ids_cannot_leave_their_place_in_a_path(servers: list[Server]) -> None:
    """Whatever stands in them is one part of it; an empty one is refused here."""
    servers[0].status, servers[0].body = 404, b'{"error": {"code": "x", "message": "m"}}'
    with pytest.raises(Failed):
        servers[0].connector().agreement("a/../../v1/node?x=1#y")
    assert servers[0].seen[0][0] == "/some/path/v1/agreements/a%2F..%2F..%2Fv1%2Fnode%3Fx%3D1%23y"
    with pytest.raises(Misused):
        servers[0].connector().agreement(" ")
    for agreement in ("", [], ["urn:a", ""]):
        with pytest.raises(Misused):
            servers[0].connector().ask(SQL, agreement=agreement, purpose="credit")
    assert len(servers[0].seen) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_home_that_is_none_is_told_as_commands_tell_it(tmp_path: Path, language: str) -> None:
    """With what to do next, in the language asked for."""
    with pytest.raises(Unavailable) as caught:
        Connector(tmp_path / "none", language=language)
    assert "voile init" in caught.value.next_step
    with pytest.raises(Misused):
        Connector(language="fr")
    with pytest.raises(Misused):
        Connector()
