"""What is said of a connection that failed names no class of a library."""

from __future__ import annotations

import http.client
import socket
import ssl

import pytest
import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError, ReadTimeoutError

from connector.http.troubles import trouble

POOL = None


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            requests.ConnectionError(
                MaxRetryError(
                    POOL,  # type: ignore[arg-type]
                    "/x",
                    NewConnectionError(POOL, "no connection: ConnectionRefusedError"),  # type: ignore[arg-type]
                )
            ),
            "nobody listens there",
        ),
        (ReadTimeoutError(POOL, "/x", "read timed out"), "it was too slow"),  # type: ignore[arg-type]
        (TimeoutError("timed out"), "it was too slow"),
        (requests.exceptions.SSLError(ssl.SSLCertVerificationError("self-signed")), "its TLS does not hold"),
        (ProtocolError("broken", http.client.IncompleteRead(b"")), "it broke off"),
        (http.client.RemoteDisconnected("gone"), "it broke off"),
        (ConnectionResetError(104, "reset"), "it broke off"),
        (socket.gaierror(-2, "unknown"), "the connection failed"),
    ],
)  # fmt: skip
def test_each_kind_of_failure_has_its_words(error: Exception, words: str):
    """Refused, too slow, TLS, broken off: told apart however deep the library wraps them."""
    assert trouble(error).en == words
