"""The profile for a live EDC: who it lets in by what header, and what it says to whom."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.test import Client

from connector.compose.profiles.base import choose
from connector.party.node import open_node
from tests.connector.profiles.kit import CONTEXT, URL, settings_of
from tests.contracts.dsp_vectors import VECTORS, needs_vectors, read
from tests.simulators import SeededEntropy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from connector.compose.assembly import Apps
    from connector.process.ports import Response
    from tests.simulators import StandingClock

BASE = "http://localhost:19194/protocol/2025-1"
CONSUMER = "http://localhost:29194/protocol/2025-1"
CATALOG = {"@context": CONTEXT, "@type": "CatalogRequestMessage"}


class Wire:
    """Keeps the headers of what is sent; nobody answers."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Mapping[str, str]]] = []

    def request(self, _method: str, url: str, **more: Any) -> Response:
        from connector.process.errors import Unreachable

        self.sent.append((url, more["headers"]))
        raise Unreachable("nobody", code="peer-unreachable")


@pytest.fixture
def wire() -> Wire:
    """The way out."""
    return Wire()


@pytest.fixture
def apps(tmp_path: Path, clock: StandingClock, wire: Wire) -> Iterator[Apps]:
    """The applications of a node under the profile, which knows `provider` and `consumer`."""
    peers = f"provider={BASE},consumer={CONSUMER}/"
    settings = settings_of(tmp_path, clock, TESTING_PLAIN_PEERS=peers)
    profile = choose("edc", settings)
    node = open_node(
        settings,
        clock=clock,
        entropy=SeededEntropy("edc"),
        transport=wire,  # type: ignore[arg-type]
        parts=profile.parts,
    )
    yield profile.apps(node)
    node.close()


def _post(apps: Apps, path: str, body: Any, header: str | None) -> tuple[int, Any]:
    answer = Client(apps.protocol).post(
        path,
        base_url=URL,
        data=json.dumps(body),
        headers={"Content-Type": "application/json; charset=utf-8"}
        | ({"Authorization": header} if header is not None else {}),
    )
    return answer.status_code, answer.get_json()


def _says(**keys: str) -> str:
    return json.dumps({"region": "eu", "audience": URL, "clientId": "consumer"} | keys)


def test_a_peer_of_the_settings_comes_in_by_its_name(apps: Apps):
    """The raw JSON is enough; nothing else is proved, so the profile is for tests."""
    status, body = _post(apps, "/dsp/2025-1/catalog/request", CATALOG, _says())
    assert (status, body["@type"]) == (200, "Catalog")


@pytest.mark.parametrize("more", [{}, {"region": ""}, {"region": 7, "audience": None}])
def test_its_client_id_is_enough(apps: Apps, more: dict[str, object]):
    """EDC 0.18 sends no `region` any more; what else stands in the header proves nothing anyway."""
    header = json.dumps({"clientId": "consumer", **more})
    assert _post(apps, "/dsp/2025-1/catalog/request", CATALOG, header)[0] == 200


@pytest.mark.sweep
@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "{",
        "[]",
        "{}",
        '{"region":"eu"}',
        '{"region":"eu","clientId":""}',
        '{"region":"eu","clientId":7}',
        _says(clientId="stranger"),
        "Bearer eyJhbGciOiJFUzI1NiJ9.e30.AA",
        _says(audience="x" * 5000),
    ],
)
def test_anything_else_is_401(apps: Apps, header: str | None):
    """A stranger, half a header, a token that does not hold: all look alike."""
    status, body = _post(apps, "/dsp/2025-1/catalog/request", CATALOG, header)
    assert (status, body["code"], body["reason"]) == (401, "unauthenticated", ["not authenticated"])


def test_we_say_who_we_are_as_the_mock_wants_it(apps: Apps, wire: Wire, tmp_path: Path):
    """To a peer of the settings: region, its base, our DID; no DID document is asked for."""
    token = next(tmp_path.rglob("management.token")).read_text().strip()
    answer = Client(apps.management).post(
        "/v1/catalog", json={"provider": "provider"}, headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 502
    ((url, headers),) = wire.sent
    assert url == f"{BASE}/catalog/request"
    assert json.loads(headers["Authorization"]) == {
        "region": "eu",
        "audience": BASE,
        "clientId": "did:web:localhost%3A18080",
    }


@needs_vectors
def test_recorded_requests_of_a_consumer_come_in(apps: Apps):
    """Its own header and body are taken as they were recorded; an unknown offer is a 400."""
    folder = VECTORS / "edc" / "push"
    asked = read(folder / "01-consumer-request-CatalogRequestMessage.json")
    header = asked["meta"]["headers"]["Authorization"]
    assert _post(apps, "/dsp/2025-1/catalog/request", asked["body"], header)[0] == 200
    wanted = read(folder / "03-consumer-request-ContractRequestMessage.json")
    status, body = _post(apps, "/dsp/2025-1/negotiations/request", wanted["body"], header)
    assert (status, body["code"]) == (400, "offer.unknown")
