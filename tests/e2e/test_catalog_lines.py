"""What `voile catalog` prints of a foreign catalogue, from what the management API tells it."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.processes import voile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROVIDER = "did:web:crow.example"
DATASET = {"@id": "urn:d", "hasPolicy": [{"@id": "urn:o"}]}
WHOLE = {"participantId": PROVIDER, "provider": PROVIDER, "claimsToBe": None, "dataset": [DATASET],
         "shown": 1, "unreadable": [], "pages": 1, "repeated": 0, "cut": None}  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Any]:
    """A home whose management listener answers what the test says."""
    told: dict[str, Any] = {}

    class Api(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name that http.server asks for
            self.rfile.read(int(self.headers["Content-Length"]))
            body = json.dumps(told).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with HTTPServer(("127.0.0.1", 0), Api) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "management.token").write_text("token")
        (tmp_path / "voile.toml").write_text(
            'did = "did:web:a.example"\npublic_url = "https://a.example"\nlanguage = "en"\n'
            f"[management]\nport = {server.server_port}\n"
        )
        yield tmp_path, told
        server.shutdown()


def _said(home: Any, **change: Any) -> list[str]:
    folder, told = home
    told.update(WHOLE | change)
    done = voile("catalog", PROVIDER, "--home", str(folder))
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.long
def test_a_whole_catalogue_is_only_counted(home: Any):
    """Who was asked, how many came, and what they are."""
    assert _said(home) == [
        f"{PROVIDER} offers us 1 dataset",
        "  urn:d",
        "    offer urn:o",
    ]


def test_a_cut_a_repetition_and_a_claim_are_said(home: Any):
    """The party that was asked is named; what it calls itself stands beside it."""
    cut = {"after": 1, "page": 3, "why": "the link leads back"}
    said = _said(home, claimsToBe="did:web:dove.example", repeated=4, cut=cut)
    assert said[0] == f"{PROVIDER} offers us 1 dataset"
    assert "did:web:dove.example" in said[1]
    assert "  4 more came twice and are not shown again" in said
    assert "  cut after 1 dataset on page 3: the link leads back" in said
    assert said[-1].startswith("  next: ")
