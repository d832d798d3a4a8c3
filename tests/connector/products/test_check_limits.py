"""Checks among the publications: so many wait, and who may not check reads none."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from connector.areas.products import Publisher, jobs
from connector.areas.products.jobs import MOST_CHECKS
from tests.catalog.product_texts import DELIVERIES
from tests.connector.products.test_api import acme
from tests.connector.products.test_publish import FIRST, data
from tests.connector.test_few_roles import key

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.simulators import Party

__all__ = ["acme"]


def test_so_many_wait(acme: Party, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One more is refused and says what to do; a publication is taken; ended ones do not count."""
    go = threading.Event()

    def check(*_: Any, **__: Any) -> dict[str, Any]:
        assert go.wait(30)
        return {}

    monkeypatch.setattr(jobs, "check", check)
    body = {"product": DELIVERIES, "data": str(data(tmp_path, FIRST))}
    taken = []
    try:
        for _ in range(MOST_CHECKS):
            status, job = acme.manage("POST", "/v1/product-checks", body)
            assert status == 202
            taken.append(job["job"])
        status, refused = acme.manage("POST", "/v1/product-checks", body)
        assert (status, refused["error"]["code"]) == (429, "product.checks-wait")
        assert "try again" in refused["error"]["next"]
        status, job = acme.manage("POST", "/v1/products", body)
        assert status == 202
    finally:
        go.set()
    published = acme.node.services[Publisher].job(job["job"])
    assert published is not None
    assert published.ended.wait(30)
    assert published.state == "done"
    assert acme.manage("POST", "/v1/product-checks", body)[0] == 202


def test_a_check_is_read_by_who_may_check(acme: Party, tmp_path: Path) -> None:
    """An auditor reads of a publication, not what a check found of contributors."""
    auditor, _ = key(acme, "archive", "auditor")
    steward, _ = key(acme, "products", "steward")
    body = {"product": DELIVERIES, "data": str(data(tmp_path, FIRST))}
    for path, wanted in (("/v1/product-checks", 403), ("/v1/products", 200)):
        job = acme.manage("POST", path, body)[1]["job"]
        found = acme.node.services[Publisher].job(job)
        assert found is not None
        assert found.ended.wait(30)
        watched = f"/v1/products/jobs/{job}"
        assert acme.manage("GET", watched, token=steward)[0] == 200
        status, shown = acme.manage("GET", watched, token=auditor)
        assert status == wanted
        assert ("report" in shown) is (wanted == 200)
