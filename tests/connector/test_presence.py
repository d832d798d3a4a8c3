"""Whether others find us: our own document, fetched through the public address and compared."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from connector.identity.keyring import own_document
from connector.identity.presence import Presence, look
from connector.party.metrics import readiness
from connector.process.errors import Unreachable
from connector.process.ports import Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulators import Net, Party

DOCUMENT = "https://acme.example/.well-known/did.json"
AT_PUBLIC_URL = "https://acme.example/did.json"


def seen(acme: Party) -> Presence:
    """What comes when we look now."""
    return acme.node.presence.look()


def answer(net: Net, at: str, body: bytes, status: int = 200) -> None:
    """Let something else answer at one address."""
    net.fault = lambda _method, url, _body: (
        Response(status=status, headers={}, body=body) if url == at else None
    )


@pytest.fixture
def acme(party: Callable[..., Party]) -> Party:
    return party("acme")


def test_a_node_that_is_found_says_nothing(acme: Party, net: Net):
    """Both at the DID's own address and below the public URL, with our keys: no warning."""
    assert seen(acme).found == "ok"
    assert [sent.url for sent in net.sent] == [DOCUMENT, AT_PUBLIC_URL]
    assert "identity" not in readiness(acme.node)["notes"]


def test_before_anything_came_nothing_is_said(acme: Party):
    """A node that has just started does not warn of what it has not looked at."""
    assert acme.node.presence.seen is None
    assert "identity" not in readiness(acme.node)["notes"]


@pytest.mark.parametrize("at", [DOCUMENT, AT_PUBLIC_URL])
def test_another_node_under_our_did_is_named(
    acme: Party, party: Callable[..., Party], net: Net, at: str
):
    """The same DID with other keys is not us: others would refuse our tokens."""
    other = party("bolt").node
    theirs = own_document(acme.node.settings, other.keys)
    answer(net, at, json.dumps(theirs).encode())
    found = seen(acme)
    assert found.found == "foreign"
    assert "other keys" in found.text
    assert at in found.text
    assert "another node" in found.next_step
    assert readiness(acme.node)["notes"]["identity"] == found.warning
    assert readiness(acme.node)["ready"], "a proxy may come later"


def test_a_key_of_ours_under_its_own_name_is_not_enough(acme: Party, net: Net):
    """The keys themselves are compared, not what they are called."""
    bent = json.loads(json.dumps(own_document(acme.node.settings, acme.node.keys)))
    first, second = bent["verificationMethod"][1:]
    first["publicKeyJwk"], second["publicKeyJwk"] = second["publicKeyJwk"], first["publicKeyJwk"]
    answer(net, DOCUMENT, json.dumps(bent).encode())
    assert seen(acme).found == "foreign"


def test_our_keys_in_an_older_document_are_told_apart(acme: Party, net: Net):
    """A copy on a web server whose services lead elsewhere."""
    old = {**own_document(acme.node.settings, acme.node.keys), "service": []}
    answer(net, DOCUMENT, json.dumps(old).encode())
    assert seen(acme).found == "different"


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"null", b'{"id":5}', b'{"id":"did:web:acme.example"}',
     b'{"id":"did:web:acme.example","verificationMethod":{}}', b'{"id":"did:web:bolt.example"}'],
)  # fmt: skip
def test_what_is_not_our_document_is_said(acme: Party, net: Net, body: bytes):
    """A page of a proxy, another party's document, one without keys."""
    answer(net, DOCUMENT, body)
    found = seen(acme)
    assert found.found == "foreign"
    assert DOCUMENT in found.text


def test_no_answer_or_another_status_is_said_with_what_came(acme: Party, net: Net):
    """So that its owner sees which proxy it was; the word changes when it does."""
    answer(net, DOCUMENT, b"", status=502)
    assert (seen(acme).found, "502" in seen(acme).text) == ("unreachable", True)

    def away(_method: str, _url: str, _body: bytes) -> Response | None:
        raise Unreachable("no whole answer from `acme.example`: Timeout", code="peer-unreachable")

    net.fault = away
    assert "Timeout" in seen(acme).warning
    net.fault = None
    assert seen(acme).warning == ""


def test_a_did_that_others_refuse_is_said_without_a_call(acme: Party, net: Net):
    """A home made before: it runs, and is told that nobody can resolve it."""
    from dataclasses import replace

    old: Any = replace(acme.node.settings, did="did:web:Acme.example")
    found = look(old, own_document(old, acme.node.keys), net)
    assert found.found == "unresolvable"
    assert "did:web:acme.example" in found.next_step
    assert net.sent == []
