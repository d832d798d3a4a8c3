"""The management API of products, with the publisher's thread at work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.areas import OWN, PRODUCTS
from tests.catalog.product_texts import DELIVERIES, changed
from tests.connector.engines.files import line, write_csv
from tests.waiting import equals, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.simulators import Party

AREAS = (OWN, PRODUCTS)
LINES = [line(who) for who in "ABCDEF"]


@pytest.fixture
def acme(party: Callable[..., Party]) -> Iterator[Party]:
    """A party whose background works."""
    made = party("acme", areas=AREAS)
    for worker in made.apps.workers:
        worker.start()
    yield made
    for worker in made.apps.workers:
        worker.stop()


def published(party: Party, text: str, data: Path | None) -> dict[str, Any]:
    """Publish and wait for the end of the job."""
    body = {"product": text, "data": None if data is None else str(data)}
    status, job = party.manage("POST", "/v1/products", body)
    assert status == 202, job
    path = f"/v1/products/jobs/{job['job']}"
    status, job = wait_for(
        lambda: party.manage("GET", path),
        lambda told: told[1]["state"] not in ("waiting", "running"),
        every=0.01,
    )
    assert status == 200
    ended: dict[str, Any] = job
    return ended


def test_publish_list_show_withdraw(acme: Party, tmp_path: Path) -> None:
    """A job runs to its report; the product is listed and shown; withdrawing takes it off."""
    job = published(acme, DELIVERIES, write_csv(tmp_path / "data.csv", LINES))
    assert job["state"] == "done"
    assert job["report"]["rows"] == 6
    _, listed = acme.manage("GET", "/v1/products")
    (row,) = listed["products"]
    assert (row["id"], row["state"], row["rows"]) == ("delivery-records", "published", 6)
    _, shown = acme.manage("GET", "/v1/products/delivery-records")
    assert shown["report"] == job["report"]
    assert shown["offers"][0]["@type"] == "Offer"
    status, _ = acme.manage("DELETE", "/v1/products/delivery-records")
    assert status == 200
    assert acme.manage("GET", "/v1/products/delivery-records")[0] == 404
    assert acme.manage("GET", "/v1/products")[1]["products"][0]["state"] == "withdrawn"


def test_a_bad_data_file_fails_the_job(acme: Party, tmp_path: Path) -> None:
    """The job ends failed with the error's code, message, next step, field and row."""
    path = write_csv(tmp_path / "data.csv", [*LINES, line("Z", price="x")])
    job = published(acme, DELIVERIES, path)
    assert job["state"] == "failed"
    assert job["error"]["code"] == "data.value"
    assert job["error"]["next"]
    assert job["error"]["params"] == {
        "field": "price",
        "row": 7,
        "column": "price",
        "place": "line 8",
        "expected": "a number of 12 digits, 2 after the point",
        "got": "`x`",
        "hint": "",
    }
    assert acme.manage("GET", "/v1/products")[1] == {"products": []}


def test_an_offer_out_of_its_time_is_found_when_it_is_published(
    acme: Party, tmp_path: Path
) -> None:
    """Over before it begins: nothing is published. Over by now: published, and the report says so."""
    path = write_csv(tmp_path / "data.csv", LINES)
    kept = 'valid_until = "2027-12-31Z"'
    slip = 'valid_from = "2027-01-02Z"\nvalid_until = "2027-01-01Z"'
    job = published(acme, changed(kept, slip), path)
    assert (job["state"], job["error"]["code"]) == ("failed", "offer.over-before-it-begins")
    assert job["error"]["params"]["field"] == "offer[1].valid_until"
    assert acme.manage("GET", "/v1/products")[1] == {"products": []}
    job = published(acme, changed(kept, 'valid_until = "2026-11-20Z"'), path)
    assert (job["state"], job["report"]["expiredOffers"]) == ("done", ["reliability"])
    job = published(acme, DELIVERIES, path)
    assert "expiredOffers" not in job["report"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"product": changed("level = 1", "levl = 1")}, "product.key"),
        ({"product": changed("level = 1", "level = 9")}, "product.field"),
        ({"product": 5}, "field-wrong"),
        ({}, "field-wrong"),
        ({"product": DELIVERIES, "data": "relative.csv"}, "field-wrong"),
        ({"product": DELIVERIES, "data": "/tmp/x\x00y"}, "field-wrong"),
        ({"product": DELIVERIES, "path": "/tmp/x"}, "field-wrong"),
        ({"product": DELIVERIES, "acceptClamped": 1}, "field-wrong"),
        ({"product": ""}, "product.field"),
        ({"product": "#" * (256 << 10) + "#"}, "product.field"),
    ],
)
def test_bad_requests_start_nothing(acme: Party, body: dict[str, Any], code: str) -> None:
    """A product file or request that is wrong is answered at once, without a job."""
    status, answer = acme.manage("POST", "/v1/products", body)
    assert (status, answer["error"]["code"]) == (400, code)
    assert answer["error"]["next"]


def test_jobs_of_others_and_products_that_are_not_there(acme: Party) -> None:
    """Unknown jobs and products are 404."""
    assert acme.manage("GET", "/v1/products/jobs/00")[0] == 404
    assert acme.manage("GET", "/v1/products/none")[0] == 404
    assert acme.manage("DELETE", "/v1/products/none")[0] == 404


def test_jobs_run_one_after_the_other(acme: Party, tmp_path: Path) -> None:
    """Two publications handed in together both end well."""
    other = changed('id = "delivery-records"', 'id = "other"\nseparate_rows = true')
    jobs = []
    for name, text in (("one", DELIVERIES), ("two", other)):
        path = write_csv(tmp_path / f"{name}.csv", [*LINES, line(name)])
        _, job = acme.manage("POST", "/v1/products", {"product": text, "data": str(path)})
        jobs.append(job["job"])
    equals(
        lambda: {acme.manage("GET", f"/v1/products/jobs/{j}")[1]["state"] for j in jobs}, {"done"}
    )
    assert len(acme.manage("GET", "/v1/products")[1]["products"]) == 2


def test_what_a_killed_process_left_is_cleaned_up(
    party: Callable[..., Party], tmp_path: Path
) -> None:
    """Scratch of a publication that was killed is gone once the connector runs again."""
    made = party("acme", areas=AREAS)
    left = made.node.settings.data / "products" / "scratch-abc"
    left.mkdir(parents=True)
    (left / "basis.parquet").write_bytes(b"half")
    for worker in made.apps.workers:
        worker.start()
    try:
        assert not left.exists()
        path = write_csv(tmp_path / "data.csv", LINES)
        assert published(made, DELIVERIES, path)["state"] == "done"
        assert not list(left.parent.glob("scratch-*"))
    finally:
        for worker in made.apps.workers:
            worker.stop()
