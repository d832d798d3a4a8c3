"""Checking a publication: it says what publishing does, finds what it is refused for, keeps nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from connector.areas.products.check import check
from connector.areas.products.publish import publish
from connector.compose.tables import metadata
from connector.faces.cli.checking import say_checked
from connector.process.errors import BadRequest, VoileError
from crypto.words import LANGUAGES
from tests.catalog.product_texts import DELIVERIES, changed
from tests.connector.engines.files import line, write_csv
from tests.connector.products.test_api import acme
from tests.connector.products.test_clamped import prices
from tests.connector.products.test_publish import AREAS, FIRST, data, deliveries
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connector.party.node import Node
    from tests.simulators import Party

__all__ = ["acme"]
OTHER = changed('id = "delivery-records"', 'id = "others"')
FILE = """
id = "bulk"
kind = "file"
title = "Bulk"
domain = "production"
level = 1
[[offer]]
name = "file"
formats = ["HttpData-PULL"]
"""


@pytest.fixture
def node(party: Callable[..., Party]) -> Node:
    return party("acme", areas=AREAS).node


def everything(node: Node) -> tuple[Any, ...]:
    """Every row of every table, and every file and folder of the data folder."""
    with node.db.reading() as session:
        rows = {
            table.name: sorted(map(repr, session.execute(text(f"SELECT * FROM {table.name}"))))
            for table in metadata().sorted_tables
        }
    root = node.settings.data
    files = sorted(
        str(path.relative_to(root)) for path in root.rglob("*") if "voile.db" not in path.name
    )
    return rows, files


def codes(found: dict[str, Any]) -> list[str]:
    return [one["code"] for one in found["findings"]]


def test_it_says_what_publishing_says(node: Node, tmp_path: Path) -> None:
    """The same report but for the version's digest, of a first version and of a later one."""
    first, second = data(tmp_path, FIRST), data(tmp_path, [*FIRST, *FIRST[:3]], "b.csv")
    for path in (first, second):
        before = everything(node)
        found = check(node, DELIVERIES, path)
        assert everything(node) == before
        assert found["wouldPublish"] is True
        assert found["findings"] == []
        report = publish(node, DELIVERIES, path)
        del report["version"]["digest"]
        assert found["report"]["contributorIds"].pop("near") == {"count": 0, "some": []}
        assert found["report"] == report
    assert found["report"]["renewal"]
    assert len(found["orders"]) == 1, "an order that is published stays"
    assert check(node, DELIVERIES, second)["dataUnchanged"] is True
    assert check(node, DELIVERIES, None)["dataUnchanged"] is True


def test_orders_of_the_dimensions(node: Node, tmp_path: Path) -> None:
    """Each is what publishing in that order shows."""
    path = data(tmp_path, deliveries(("AIR", "ABCDEF"), ("RAIL", "GH"), ("ROAD", "IJKL")))
    orders = check(node, DELIVERIES, path)["orders"]
    names = ["year", "mode", "weight_band"]
    assert [one["dimensions"] for one in orders] == [
        names,
        names[::-1],
        ["weight_band", "year", "mode"],
    ]
    assert all(one["margins"] and one["finding"] is None for one in orders)
    assert len(check(node, DELIVERIES, path, orders=1)["orders"]) == 1
    parts = DELIVERIES.split("[[dimension]]")
    last, rest = parts[3].split("[[measure]]", 1)
    turned = "[[dimension]]".join([parts[0], last, parts[2], f"{parts[1]}[[measure]]{rest}"])
    assert publish(node, turned, path)["margins"] == orders[1]["margins"]


def test_all_that_is_wrong_is_found(node: Node, tmp_path: Path) -> None:
    """Clamped values, the rows of another product, and the same file: each as publishing says."""
    path = write_csv(tmp_path / "a.csv", prices(3, 200))
    publish(node, OTHER, path, accept_clamped=True)
    before = everything(node)
    found = check(node, DELIVERIES, path)
    assert codes(found) == ["product.same-rows", "product.clamped", "product.like-rows"]
    assert found["wouldPublish"] is False
    assert found["report"]["clamped"]["price"] == 3
    share = {"count": 3, "percent": "1.50"}
    assert found["shares"][0] == {
        "measure": "price",
        "clamped": share,
        "rounded": {"count": 0, "percent": "0.00"},
    }
    with pytest.raises(VoileError) as caught:
        publish(node, DELIVERIES, path)
    assert caught.value.code == "product.same-rows"
    assert found["findings"][0]["message"]["en"] == caught.value.said("en")
    assert found["findings"][0]["message"]["zh"] == caught.value.said("zh")
    assert "product.clamped" not in codes(check(node, DELIVERIES, path, accept_clamped=True))
    assert everything(node) == before


def test_what_contradicts_an_earlier_version(node: Node, tmp_path: Path) -> None:
    """The shape is fixed; a table is made all the same, by itself."""
    publish(node, DELIVERIES, data(tmp_path, FIRST))
    before = everything(node)
    found = check(
        node, changed("bounds = [0, 1000]", "bounds = [0, 900]"), data(tmp_path, FIRST[1:], "b.csv")
    )
    assert codes(found) == ["product.reshaped"]
    assert found["report"]["version"]["number"] == 1
    assert everything(node) == before


def test_a_file_that_is_not_as_declared(node: Node, tmp_path: Path) -> None:
    """The first bad line is the finding; nothing can be made. A product file that is none is refused."""
    before = everything(node)
    found = check(node, DELIVERIES, data(tmp_path, [*FIRST, line("Z", price="much")]))
    assert len(found["findings"]) == 1
    assert found["report"] is None
    assert codes(check(node, DELIVERIES, None)) == ["product.data"]
    assert codes(check(node, DELIVERIES, data(tmp_path, [line("A")])))[0].startswith("data.")
    with pytest.raises(BadRequest):
        check(node, "id = 3", None)
    assert everything(node) == before


def test_ids_that_look_alike(node: Node, tmp_path: Path) -> None:
    """Full width, case, and marks or zeros: each kind by itself."""
    ids = ["C-001", "C001", "c 1", "KAPPA", "kappa", "Ｌambda", "Lambda", "Mu", "Nu"]
    found = check(node, DELIVERIES, data(tmp_path, [line(who) for who in ids * 2]))
    told = found["report"]["contributorIds"]
    assert told["near"] == {"count": 1, "some": [["C-001", "C001", "c 1"]]}
    assert told["caseOnly"]["some"] == [["KAPPA", "kappa"]]
    assert told["together"]["some"] == [["Lambda", "Ｌambda"]]


def test_a_file_product(node: Node, tmp_path: Path) -> None:
    """No copy is made; what contradicts it is found."""
    path = data(tmp_path, FIRST)
    before = everything(node)
    found = check(node, FILE, path)
    assert everything(node) == before
    assert found["wouldPublish"] is True
    assert found["report"]["bytes"] == path.stat().st_size
    publish(node, DELIVERIES, path)
    assert codes(check(node, FILE, path)) == ["product.same-rows"]
    assert codes(check(node, FILE, None)) == ["product.data"]


def test_a_check_is_a_job(acme: Party, tmp_path: Path) -> None:
    """Asked for as a publication is, with its roles; its result is the job's report."""
    body = {"product": DELIVERIES, "data": str(data(tmp_path, FIRST)), "orders": 2}
    status, job = acme.manage("POST", "/v1/product-checks", body)
    assert status == 202
    _, job = wait_for(
        lambda: acme.manage("GET", f"/v1/products/jobs/{job['job']}"),
        lambda told: told[1]["state"] not in ("waiting", "running"),
        every=0.01,
    )
    assert job["state"] == "done", job
    assert job["report"]["wouldPublish"] is True
    assert len(job["report"]["orders"]) == 2
    assert acme.manage("GET", "/v1/products")[1] == {"products": []}
    assert acme.manage("POST", "/v1/product-checks", body | {"orders": 4})[0] == 400
    assert acme.manage("POST", "/v1/product-checks", body | {"data": "data.csv"})[0] == 400


@pytest.mark.parametrize("tongue", LANGUAGES)
def test_what_is_printed(
    node: Node,
    tmp_path: Path,
    tongue: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Findings with what to do, the report, shares, orders; in both languages."""
    monkeypatch.setenv("VOILE_LANG", tongue)
    zh = tongue == "zh"
    say_checked(check(node, DELIVERIES, data(tmp_path, [*FIRST, line("A.")])))
    said = capsys.readouterr().out
    english = ("this could be published", "orders of the dimensions", "values clamped", "A  A.")
    chinese = ("可以发布", "维度次序", "截断", "A  A.")
    assert all(words in said for words in (chinese if zh else english))
    say_checked(check(node, DELIVERIES, None))
    said = capsys.readouterr().out
    assert ("不能发布，共 1 处" if zh else "could not be published, 1 finding") in said
    assert ("下一步：" if zh else "next: ") in said
