"""The door, the seeds and the two calls that make the connector a consumer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import func, select

from connector.areas.dsp.rows import AgreementRow, ProcessRow
from tests.connector.profiles.kit import CALLBACK, Judged, Kit, judged, settings_of
from tests.tck.profile.table import seeds

if TYPE_CHECKING:
    from pathlib import Path

    from tests.simulators import StandingClock

TOLD = {
    "providerId": "TCK_PARTICIPANT",
    "connectorAddress": CALLBACK,
    "offerId": "offerACNC0101",
    "datasetId": "ACNC0101",
}
PULL = {
    "providerId": "TCK_PARTICIPANT",
    "connectorAddress": CALLBACK + "/",
    "agreementId": "ATPC0101",
    "format": "HttpData-PULL",
}


def count(node: Judged, table: type[Any]) -> int:
    with node.node.db.reading() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def test_told_to_negotiate_it_asks_for_the_offer_that_was_named(node: Judged):
    """The request goes to the address that was named, with our callback address."""
    status, answer = node.call("POST", "/tck/negotiations", TOLD)
    assert status == 200
    node.settle()
    ((path, body),) = node.kit.sent
    assert path == "/negotiations/request"
    assert body["offer"]["@id"] == "offerACNC0101"
    assert body["offer"]["target"] == "ACNC0101"
    assert body["callbackAddress"] == "http://localhost:18080/dsp/2025-1"
    assert body["consumerPid"] == answer["pid"]
    assert node.state(answer["pid"]) == "REQUESTED"


def test_told_to_pull_it_opens_a_transfer_each_time(node: Judged):
    """A transfer that an earlier run left open is not taken for the new one."""
    pids = {node.call("POST", "/tck/transfers", PULL)[1]["pid"] for _ in range(2)}
    node.settle()
    assert [path for path, _ in node.kit.sent] == ["/transfers/request"] * 2
    assert {body["consumerPid"] for _, body in node.kit.sent} == pids
    assert {node.state(pid, "transfers") for pid in pids} == {"REQUESTED"}


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/tck/negotiations", {**TOLD, "offerId": ""}, 400, "webhook-key"),
        ("/tck/negotiations", {**TOLD, "datasetId": 7}, 400, "webhook-key"),
        ("/tck/negotiations", {**TOLD, "providerId": "other"}, 400, "webhook-provider"),
        ("/tck/negotiations", {**TOLD, "connectorAddress": "x"}, 400, "webhook-address"),
        ("/tck/negotiations", [], 400, "json-not-object"),
        ("/tck/transfers", {**PULL, "agreementId": "ATPC9999"}, 404, "agreement-missing"),
        ("/tck/transfers", {**PULL, "agreementId": "ATP0101"}, 404, "agreement-missing"),
    ],
)
def test_a_call_that_cannot_be_followed_changes_nothing(
    path: str, body: Any, status: int, code: str, node: Judged
):
    """A clear error, no process, no message."""
    before = count(node, ProcessRow)
    given, answer = node.call("POST", path, body)
    assert (given, answer["error"]["code"]) == (status, code)
    node.settle()
    assert count(node, ProcessRow) == before
    assert node.kit.sent == []


@pytest.mark.parametrize("header", [None, "", "Bearer tck-fixed-token", "tck-fixed-token ", "x"])
def test_whoever_is_not_the_kit_needs_a_token(header: str | None, node: Judged):
    """Webhooks and protocol stand behind the same door."""
    assert node.call("POST", "/tck/negotiations", TOLD, header=header)[0] == 401
    assert node.call("GET", "/dsp/2025-1/catalog/datasets/CAT0101", header=header)[0] == 401


def test_the_catalogue_shows_all_seeds_on_its_first_page(node: Judged):
    """The kit reads one page; the dataset that it must not find is not there."""
    status, catalog = node.post("/catalog/request", "CatalogRequestMessage")
    assert status == 200
    listed = [item["@id"] for item in catalog["dataset"]]
    assert listed == ["CAT0101", "CAT0102", *seeds("ACN")]
    status, error = node.call("GET", "/dsp/2025-1/catalog/datasets/CAT0103")
    assert (status, error["@type"]) == (404, "CatalogError")


def test_the_version_document_is_also_where_the_kit_looks(node: Judged):
    """Below `/dsp`, with a path that starts there; and at the root as in production."""
    for root in ("", "/dsp"):
        status, document = node.call("GET", f"{root}/.well-known/dspace-version", header=None)
        (version,) = document["protocolVersions"]
        assert status == 200
        assert root + version["path"] == "/dsp/2025-1"


def test_agreements_are_sown_once(tmp_path: Path, clock: StandingClock):
    """30 of them, in force, in either role; a restart adds none."""
    settings = settings_of(tmp_path, clock)
    node = judged(settings, clock, Kit())
    assert count(node, AgreementRow) == 30
    with node.node.db.reading() as session:
        rows = session.exec(select(AgreementRow)).all()
    assert {row.role for row in rows if row.agreement.startswith("ATPC")} == {"consumer"}
    assert all(row.finalized_ms is not None for row in rows)
    node.node.close()
    node = judged(settings, clock, Kit(), again="2")
    assert count(node, AgreementRow) == 30
    node.node.close()
