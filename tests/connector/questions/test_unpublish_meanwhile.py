"""Taking back while something is published: no file stays, none is missing, nothing crashes."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from connector.areas.products import Publisher, file_publish, jobs
from connector.areas.products import publish as publishing
from connector.areas.products.publish import publish
from connector.areas.products.rows import FileVersionRow
from connector.process.errors import Conflict
from tests.connector.questions.market import PRODUCT
from tests.connector.questions.test_unpublish import FILE, PATH, as_csv, kept, unpublish

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.connector.questions.market import Market


def after_keeping(module: Any, act: Callable[[], object], patch: pytest.MonkeyPatch) -> None:
    """Does something once, between a file of a version and the rows that name it."""
    real = module.keep_file

    def keep(written: Path, path: Path) -> None:
        real(written, path)
        patch.setattr(module, "keep_file", real)
        act()

    patch.setattr(module, "keep_file", keep)


@pytest.mark.parametrize("kind", ["table", "file"])
def test_who_loses_takes_its_file_along(
    market: Market, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """A publication that finds its product gone leaves neither file nor folder."""
    node, text, module = market.provider.node, PRODUCT, publishing
    if kind == "file":
        text, module = FILE, file_publish  # type: ignore[assignment]
        assert unpublish(market)[0] == 200
        publish(node, text, as_csv(tmp_path))
    after_keeping(module, lambda: unpublish(market), monkeypatch)
    with pytest.raises(Conflict) as refused:
        publish(node, text, as_csv(tmp_path, skip=3))
    assert "withdrawn" in str(refused.value)
    assert kept(market) == []
    assert list((node.settings.data / "products").iterdir()) == []


def test_who_loses_leaves_the_file_that_a_version_names(
    market: Market, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two publications of the same data: what the first has kept is there."""
    node, data = market.provider.node, as_csv(tmp_path, skip=3)
    after_keeping(publishing, lambda: publish(node, PRODUCT, data), monkeypatch)
    with pytest.raises(Conflict):
        publish(node, PRODUCT, data)
    assert sum(name.startswith("basis-") for name in kept(market)) == 2
    publish(node, PRODUCT, as_csv(tmp_path, skip=5))  # reads them all


@pytest.mark.parametrize("kind", ["table", "file"])
def test_a_product_withdrawn_meanwhile_does_not_come_back(
    market: Market, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """By a publication that began before; one that begins after brings it back, as ever."""
    node, text, module = market.provider.node, PRODUCT, publishing
    if kind == "file":
        text, module = FILE, file_publish  # type: ignore[assignment]
        assert unpublish(market)[0] == 200
        publish(node, text, as_csv(tmp_path))
    after_keeping(module, lambda: market.provider.manage("DELETE", PATH), monkeypatch)
    data = as_csv(tmp_path, skip=3)
    before = kept(market)
    with pytest.raises(Conflict) as refused:
        publish(node, text, data)
    assert refused.value.code == "product.raced"
    assert market.provider.manage("GET", PATH)[0] == 404
    assert [name for name in before if not name.startswith("file-")] == kept(market)
    publish(node, text, data)
    assert market.provider.manage("GET", PATH)[0] == 200


def test_it_waits_for_what_is_under_way(
    market: Market, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another product reads the rows of this one: refused meanwhile, taken back after."""
    node = market.provider.node
    publisher = node.services[Publisher]
    reached, go = threading.Event(), threading.Event()
    real = publishing.keep_file

    def keep(written: Path, path: Path) -> None:
        reached.set()
        assert go.wait(30)
        real(written, path)

    monkeypatch.setattr(publishing, "keep_file", keep)
    monkeypatch.setattr(jobs, "PATIENCE_SECONDS", 0.2)
    publisher.start()
    try:
        job = publisher.submit("deliveries", PRODUCT, as_csv(tmp_path, skip=3))
        assert reached.wait(30)
        before = kept(market)
        assert unpublish(market) == (409, "product.under-way")
        assert kept(market) == before
        go.set()
        assert job.ended.wait(30)
        assert job.state == "done"
        assert unpublish(market)[0] == 200
    finally:
        go.set()
        publisher.stop()
    assert kept(market) == []


def test_nothing_begins_while_it_is_taken_back(
    market: Market, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not before its files are gone: what comes then has its own, and keeps it."""
    node = market.provider.node
    publisher = node.services[Publisher]
    assert unpublish(market)[0] == 200
    data = as_csv(tmp_path, skip=1190)
    publish(node, FILE, data)
    publisher.start()
    try:
        with publisher.alone("deliveries"):
            job = publisher.submit("deliveries", FILE, data)
            assert not job.ended.wait(0.5)
            assert job.state == "waiting"
        assert job.ended.wait(30)
        for _ in range(10):
            job = publisher.submit("deliveries", FILE, data)
            assert unpublish(market)[0] == 200 or job.ended.wait(30)
            assert job.ended.wait(30)
            with node.db.reading() as session:
                rows = session.exec(select(FileVersionRow)).all()
            copies = {name for name in kept(market) if name.startswith("file-")}
            assert copies == {row.name for row in rows if row.number == max(r.number for r in rows)}
            if not rows:
                publish(node, FILE, data)
    finally:
        publisher.stop()


def test_nothing_stays_in_the_journal(market: Market) -> None:
    """Neither the text of the product nor a folder of its id."""
    node = market.provider.node
    assert unpublish(market)[0] == 200
    assert not (node.settings.data / "products" / "deliveries").exists()
    found = [path for path in node.settings.data.glob("*.db*") if path.is_file()]
    assert found
    for path in found:
        assert b"Delivery records" not in path.read_bytes(), path.name
