"""Refreshes: by hand and by schedule; one that fails keeps the last version and is told of."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from connector.areas.products.problems_refresh import CUT_OFF
from connector.areas.products.refresh import refresh
from connector.areas.products.refresh_state import Last, last_of, note
from connector.areas.products.refreshing import Refresher
from connector.areas.products.rows import ProductRow, ProductVersionRow
from connector.areas.products.taking_back import take_back
from connector.party.metrics import metrics_app
from connector.party.readiness import readiness
from connector.process.errors import Conflict
from connector.process.ports import unix_ms
from connector.store.rows import LogEntryRow
from tests.areas import OWN, PRODUCTS
from tests.catalog.test_schedule import BY_TIME, SOURCE, scheduled
from tests.connector.engines.files import line, write_csv
from tests.connector.products.test_databases import fill, settle
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.simulators import Party

AREAS = (OWN, PRODUCTS)
DAY = 24 * 3600
DAILY = scheduled("every day 06:00").replace('id = "deliv', 'zone = "Asia/Shanghai"\nid = "deliv')
ID = "delivery-records"
PATH = f"/v1/products/{ID}"


def order(n: int, year: int, price: object = None) -> tuple[object, ...]:
    """One of nine customers' orders, promised in a year."""
    day = f"{year}-03-10"
    mode = ("AIR", "RAIL", "ROAD")[n % 7 % 3]
    return line(f"c{n % 9}", year, mode, price=price or f"{n}.25", promised=day, received=day)


ROWS = [order(n, 2024 + n % 2) for n in range(240)]  # 2024 and 2025
MORE = [order(n, 2026) for n in range(240, 360)]


@pytest.fixture
def acme(party: Callable[..., Party]) -> Iterator[Party]:
    """A party at 2026-11-21 09:00 UTC, 17:00 in Shanghai, whose publisher works; it looks when told."""
    made = party("acme", areas=AREAS)
    (publisher,) = [w for w in made.apps.workers if type(w).__name__ == "Publisher"]
    publisher.start()
    yield made
    publisher.stop()


@pytest.fixture
def warehouse(acme: Party, tmp_path: Path) -> Path:
    path = fill(tmp_path / "warehouse.db", ROWS)
    settle(acme.node, path)
    return path


def ended(acme: Party, job: dict[str, Any]) -> dict[str, Any]:
    """A job at its end."""
    path = f"/v1/products/jobs/{job['job']}"
    _, job = wait_for(
        lambda: acme.manage("GET", path),
        lambda told: told[1]["state"] not in ("waiting", "running"),
        every=0.01,
    )
    return job


def published(acme: Party, text: str, data: Path | None = None) -> dict[str, Any]:
    """Publish, wait, and give the job."""
    body = {"product": text, "data": None if data is None else str(data)}
    status, job = acme.manage("POST", "/v1/products", body)
    assert status == 202, job
    return ended(acme, job)


def refreshed(acme: Party) -> dict[str, Any]:
    status, job = acme.manage("POST", f"{PATH}/refresh")
    assert status == 202, job
    return ended(acme, job)


def looked(acme: Party) -> Last | None:
    """Look once for what is due, wait for what is begun, and give how the last one stands."""
    refresher = acme.node.services[Refresher]
    refresher.look()
    for job in refresher._jobs.values():
        assert job.ended.wait(60)
    with acme.node.db.reading() as session:
        return last_of(session, ID)


def numbers(acme: Party) -> list[int]:
    with acme.node.db.reading() as session:
        query = select(ProductVersionRow.number).where(ProductVersionRow.product == ID)
        return sorted(session.exec(query).all())


def leaves(acme: Party) -> int:
    with acme.node.db.reading() as session:
        return len(session.exec(select(LogEntryRow.index)).all())


def test_by_hand(acme: Party, warehouse: Path) -> None:
    """New rows are a version of the file as stored; the same rows change nothing, and no leaf."""
    assert published(acme, BY_TIME + SOURCE)["state"] == "done"
    before = leaves(acme)
    job = refreshed(acme)
    assert (job["state"], job["report"]["dataUnchanged"]) == ("done", True)
    assert (numbers(acme), leaves(acme)) == ([1], before)
    fill(warehouse, [*ROWS, *MORE])
    job = refreshed(acme)
    assert (job["report"]["version"]["number"], job["report"]["rows"]) == (2, 360)
    assert "dataUnchanged" not in job["report"]
    _, shown = acme.manage("GET", PATH)
    assert shown["refresh"]["last"]["state"] == "done"
    assert "schedule" not in shown["refresh"]
    with acme.node.db.reading() as session:
        row = session.get(ProductRow, ID)
        assert row is not None
        assert row.text == BY_TIME + SOURCE


def test_rows_in_another_order_are_no_version(acme: Party, warehouse: Path) -> None:
    """A query gives them as it likes: nothing that may be shown differs."""
    names = ", ".join(f'"{name}"' for name in
                      ("customer", "year", "Ship Mode", "promised", "received", "price", "weight",
                       "cost"))  # fmt: skip
    source = f"\n[source]\ndatabase = \"warehouse\"\nquery = 'SELECT {names} FROM deliveries'\n"
    assert published(acme, BY_TIME + source)["state"] == "done"
    fill(warehouse, ROWS[::-1])
    assert refreshed(acme)["report"]["dataUnchanged"] is True
    assert numbers(acme) == [1]


def test_who_cannot_be_refreshed(acme: Party, warehouse: Path, tmp_path: Path) -> None:
    """Nothing of that id; data from a path of the command line, or a file as it is; withdrawn."""
    assert acme.manage("POST", f"{PATH}/refresh")[0] == 404
    data = write_csv(tmp_path / "data.csv", ROWS)
    assert published(acme, BY_TIME, data)["state"] == "done"
    status, told = acme.manage("POST", f"{PATH}/refresh")
    assert (status, told["error"]["code"]) == (400, "product.no-source")
    assert "`[source]`" in told["error"]["next"]
    assert acme.manage("POST", f"{PATH}/refresh", {"what": 1})[0] == 400
    acme.manage("DELETE", PATH)
    assert acme.manage("POST", f"{PATH}/refresh")[0] == 404
    assert numbers(acme) == [1]


def test_a_schedule_needs_a_zone(acme: Party, warehouse: Path) -> None:
    """The product's or that of the settings; without, nothing is published."""
    job = published(acme, scheduled("every day 06:00"))
    assert (job["state"], job["error"]["code"]) == ("failed", "product.zone")
    assert "voile.toml" in job["error"]["next"]
    job = published(acme, DAILY.replace("Asia/Shanghai", "Mars/Olympus"))
    assert job["error"]["code"] == "product.zone"
    assert numbers(acme) == []


def test_by_schedule(acme: Party, warehouse: Path) -> None:
    """At 06:00 in Shanghai, 22:00 UTC: once; an hour before not, nor again until the next day."""
    assert published(acme, DAILY)["state"] == "done"
    fill(warehouse, [*ROWS, *MORE])
    clock = acme.node.clock
    assert looked(acme) is None
    _, shown = acme.manage("GET", PATH)
    assert shown["refresh"] == {
        "schedule": "every day 06:00",
        "zone": "Asia/Shanghai",
        "next": "2026-11-21T22:00:00Z",
    }
    clock.advance(12 * 3600)  # 21:00 UTC
    assert looked(acme) is None
    clock.advance(3600)
    last = looked(acme)
    assert last is not None
    assert (last.state, last.scheduled, last.at) == ("done", True, unix_ms(clock.now()))
    assert numbers(acme) == [1, 2]
    clock.advance(DAY - 1)
    assert looked(acme) == last
    clock.advance(1)
    last = looked(acme)
    assert last is not None
    assert (last.state, numbers(acme)) == ("unchanged", [1, 2])
    with acme.node.db.reading() as session:
        entry = session.exec(
            select(LogEntryRow.entry).where(LogEntryRow.kind == "PRODUCT")
            .order_by(LogEntryRow.index.desc())  # type: ignore[attr-defined]
        ).first()  # fmt: skip
    assert entry is not None
    assert "job:refresh" in str(entry)


def test_one_that_was_down_does_it_once(acme: Party, warehouse: Path) -> None:
    """Three days later, in a new process: one refresh, not three."""
    published(acme, DAILY)
    acme.node.clock.advance(3 * DAY + 14 * 3600)
    (publisher,) = [w for w in acme.apps.workers if type(w).__name__ == "Publisher"]
    publisher.stop()
    again = acme.restart(AREAS)
    (publisher,) = [w for w in again.apps.workers if type(w).__name__ == "Publisher"]
    publisher.start()
    first = looked(again)
    assert first is not None
    assert first.state == "unchanged"
    again.node.clock.advance(3600)
    assert looked(again) == first
    publisher.stop()
    again.close()


def test_one_that_fails_keeps_the_version_and_says_so(acme: Party, warehouse: Path) -> None:
    """In the list, the product, readiness, metrics; the node serves; tried at the next time only."""
    published(acme, DAILY)
    _, before = acme.manage("GET", PATH)
    fill(warehouse, [*ROWS, order(1, 2026, price="secret")])
    acme.node.clock.advance(13 * 3600)
    last = looked(acme)
    assert last is not None
    assert last.state == "failed"
    assert numbers(acme) == [1]
    _, shown = acme.manage("GET", PATH)
    assert shown["report"] == before["report"]
    error = shown["refresh"]["last"]["error"]
    assert (error["code"], bool(error["next"])) == ("data.value", True)
    _, listed = acme.manage("GET", "/v1/products")
    assert listed["products"][0]["refresh"]["last"]["error"] == error
    acme.node.checkpoints.sign()
    found = readiness(acme.node)
    assert found["ready"] is True
    said = found["notes"][f"refresh {ID}"]
    assert "failed, and data version 1 stays: `data.value`" in said
    assert "secret" not in str(found)
    assert "失败" in readiness(acme.node, "zh")["notes"][f"refresh {ID}"]
    figures = b"".join(metrics_app(acme.node)({"PATH_INFO": "/metrics"}, lambda *_: None))
    assert f'voile_refresh_failed{{product="{ID}"}} 1.0'.encode() in figures
    acme.node.clock.advance(DAY - 1)
    assert looked(acme) == last
    fill(warehouse, [*ROWS, *MORE])
    acme.node.clock.advance(1)
    after = looked(acme)
    assert after is not None
    assert (after.state, numbers(acme)) == ("done", [1, 2])
    assert f"refresh {ID}" not in readiness(acme.node)["notes"]


def test_publishing_settles_one_that_failed(acme: Party, warehouse: Path) -> None:
    """The owner has seen to it: nothing is said any more."""
    published(acme, DAILY)
    warehouse.unlink()
    acme.node.clock.advance(14 * 3600)
    last = looked(acme)
    assert last is not None
    assert last.state == "failed"
    assert f"refresh {ID}" in readiness(acme.node)["notes"]
    fill(warehouse, [*ROWS, *MORE])
    acme.node.clock.advance(60)
    assert published(acme, DAILY)["state"] == "done"
    assert f"refresh {ID}" not in readiness(acme.node)["notes"]
    assert acme.manage("GET", PATH)[1]["refresh"]["last"]["settled"] is True


def test_a_schedule_renews_the_newest_codes_only(acme: Party, warehouse: Path) -> None:
    """A row of 2024 that changes fails the run; by hand it is a version, and then it goes on."""
    published(acme, DAILY)
    fill(warehouse, [*ROWS[:100], *(order(n, 2024, price="999.00") for n in range(100, 160, 2)),
                     *ROWS[160:], *MORE])  # fmt: skip
    acme.node.clock.advance(14 * 3600)
    last = looked(acme)
    assert last is not None
    assert last.error is not None
    assert (last.state, last.error["en"]["code"]) == ("failed", "product.refresh.old-codes")
    assert "`2024` of dimension `year_of`" in last.error["en"]["message"]
    assert numbers(acme) == [1]
    assert refreshed(acme)["report"]["version"]["number"] == 2
    acme.node.clock.advance(DAY)
    last = looked(acme)
    assert last is not None
    assert last.state == "unchanged"


def test_a_row_that_is_taken_away_of_an_old_code_fails_too(acme: Party, warehouse: Path) -> None:
    """And one of the newest code does not."""
    published(acme, DAILY)
    fill(warehouse, ROWS[1:])  # of 2024
    with pytest.raises(Conflict) as caught:
        refresh(acme.node, ID, scheduled=True)
    assert caught.value.code == "product.refresh.old-codes"
    fill(warehouse, [*ROWS[:1], *ROWS[2:]])  # of 2025
    refresh(acme.node, ID, scheduled=True)


@pytest.mark.long
def test_after_twelve_versions_it_fails_and_says_so(acme: Party, warehouse: Path) -> None:
    """Scheduled ones count: the twelfth stays, and what helps is told."""
    rows = [*ROWS, *MORE]
    fill(warehouse, rows)
    published(acme, DAILY)
    for number in range(2, 13):
        rows += [order(n, 2026) for n in range(9 * number, 9 * number + 90)]
        fill(warehouse, rows)
        acme.node.clock.advance(DAY)
        last = looked(acme)
        assert last is not None
        assert last.state == "done", last.error
        assert numbers(acme)[-1] == number
    fill(warehouse, [*rows, *(order(n, 2026) for n in range(90))])
    acme.node.clock.advance(DAY)
    last = looked(acme)
    assert last is not None
    assert last.error is not None
    assert (last.state, numbers(acme)[-1]) == ("failed", 12)
    assert "12" in last.error["en"]["message"]
    assert last.error["en"]["next"]


def test_one_withdrawn_meanwhile_stays_withdrawn(acme: Party, warehouse: Path) -> None:
    """What the owner did while it ran holds."""
    published(acme, DAILY)
    fill(warehouse, [*ROWS, *MORE])

    def progress(stage: str, _done: float) -> None:
        if stage == "merge" and acme.manage("GET", PATH)[0] == 200:
            acme.manage("DELETE", PATH)

    with pytest.raises(Conflict) as caught:
        refresh(acme.node, ID, progress=progress)
    assert caught.value.code == "product.raced"
    assert numbers(acme) == [1]
    with acme.node.db.reading() as session:
        row = session.get(ProductRow, ID)
        assert row is not None
        assert row.state == "withdrawn"
    acme.node.clock.advance(2 * DAY)
    assert looked(acme) is None


def test_one_that_was_cut_off_is_told_and_not_begun_again(acme: Party, warehouse: Path) -> None:
    """A process that was killed: its refresh failed, and comes at the next time."""
    published(acme, DAILY)
    acme.node.clock.advance(14 * 3600)
    at = unix_ms(acme.node.clock.now())
    note(acme.node, ID, Last(at=at, state="running", scheduled=True))
    acme.node.services[Refresher]._close_cut_off()
    last = looked(acme)
    assert last is not None
    assert last.error is not None
    assert (last.at, last.state, last.error["zh"]["code"]) == (at, "failed", CUT_OFF.code)
    acme.node.clock.advance(DAY)
    after = looked(acme)
    assert after is not None
    assert after.state == "unchanged"


def test_one_taken_back_is_forgotten(acme: Party, warehouse: Path) -> None:
    """What comes under its id later has no refresh behind it."""
    published(acme, DAILY)
    assert refreshed(acme)["state"] == "done"
    with acme.node.db.transaction() as tx:
        take_back(tx, acme.node, ID)
    with acme.node.db.reading() as session:
        assert last_of(session, ID) is None
    acme.node.clock.advance(2 * DAY)
    assert looked(acme) is None


def test_others_are_not_kept_from_theirs(acme: Party, warehouse: Path) -> None:
    """A product file that cannot be read any more hides no other schedule."""
    published(acme, DAILY)
    with acme.node.db.transaction() as tx:
        tx.session.add(ProductRow(id="aaa", text="refresh = ", number=1, changed_ms=0))
        tx.session.add(
            ProductVersionRow(product="aaa", number=1, digest="", protected=b"", shape="{}",
                              source="", report="{}", basis="", published_ms=0)
        )  # fmt: skip
    acme.node.clock.advance(14 * 3600)
    last = looked(acme)
    assert last is not None
    assert last.state == "unchanged"


def test_the_warehouse_is_read_and_never_written(acme: Party, warehouse: Path) -> None:
    """The control of the tests above: the table holds what was put there."""
    published(acme, DAILY)
    with sqlite3.connect(warehouse) as session:
        assert session.execute("SELECT count(*) FROM deliveries").fetchone() == (240,)
