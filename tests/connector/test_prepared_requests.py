"""How a request of ours is framed: what the caller says, and what is the client's own."""

from __future__ import annotations

import pytest

from connector.http.addresses import Target
from connector.http.streams import FRAMING, prepare
from connector.process.errors import EgressRefused

TARGET = Target("https", "acme.example", 8443, "/in?x=1", ("192.0.2.1",))


def test_a_body_has_its_length_and_type():
    """Unless the caller names another type, in whatever spelling; it stands there once."""
    made = prepare("post", TARGET, b"{}", {"Authorization": "Bearer x"})
    assert (made.method, made.body) == ("POST", b"{}")
    assert made.headers == {
        "Accept-Encoding": "identity",
        "User-Agent": "voile",
        "Content-Type": "application/json",
        "Authorization": "Bearer x",
        "Host": "acme.example:8443",
        "Content-Length": "2",
    }
    other = prepare("POST", TARGET, b"{}", {"content-type": "text/plain", "USER-AGENT": "me"})
    assert [text for name, text in other.headers.items() if name.lower() == "content-type"] == [
        "text/plain"
    ]
    assert [text for name, text in other.headers.items() if name.lower() == "user-agent"] == ["me"]


@pytest.mark.parametrize(("method", "length"), [("GET", None), ("HEAD", None), ("DELETE", "0")])
def test_no_body_has_a_length_only_where_one_is_expected(method: str, length: str | None):
    """RFC 9110 §8.6: a method that expects a body says that there is none."""
    for body in (None, b""):
        made = prepare(method, TARGET, body)
        assert made.headers.get("Content-Length") == length
        assert made.body is None


@pytest.mark.parametrize("name", sorted(FRAMING))
def test_what_frames_the_message_is_not_the_callers(name: str):
    """Two lengths or hosts would be two messages to two readers."""
    with pytest.raises(EgressRefused):
        prepare("GET", TARGET, None, {name.title(): "x"})
