"""Drafts of products: from a file that is handed in to what publishing would take, and is taken."""

from __future__ import annotations

import io
import random
import resource
import stat
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from catalog.product_file import read_product
from connector.areas.products import draft_api, spool, store
from connector.areas.products.draft_cells import cells_digest
from connector.areas.products.draft_rows import decided
from connector.areas.products.drafts import Drafts
from connector.areas.products.jobs import Publisher
from connector.areas.products.rows import ProductDraftRow, ProductRow
from connector.engines.errors import DataError
from connector.evidence.log import head
from connector.party.operation import Call
from connector.process.actor import Actor, acting
from connector.process.errors import VoileError
from tests.areas import OWN, PRODUCTS
from tests.connector.engines.workbooks import DATE, Cell, write_workbook
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.simulators import Party, StandingClock

AREAS = (OWN, PRODUCTS)
STEWARD = Actor("command", "test", frozenset({"steward"}))


@pytest.fixture
def acme(party: Callable[..., Party]) -> Iterator[Party]:
    """A party whose background works."""
    yield from working(party("acme", areas=AREAS))


def working(made: Party) -> Iterator[Party]:
    for worker in made.apps.workers:
        worker.start()
    yield made
    for worker in made.apps.workers:
        worker.stop()


def orders(*, bad: int = 0) -> str:
    """A CSV file with Chinese headers: 40 customers, two years, three ways, one rare region."""
    dice = random.Random(7)
    lines = ["客户,日期,运输方式,金额,备注"]
    for row in range(600):
        way = ("空运", "铁路", "公路")[row % 3]
        day = f"202{4 + row % 2}-0{1 + row % 9}-1{row % 9}"
        price = "很多" if row < bad else f"{dice.randint(1, 9000)}.{row % 10}0"
        lines.append(f"客户{row % 40},{day},{way},{price},说明 {row}")
    return "\n".join(lines) + "\n"


def begun(party: Party, data: bytes, name: str = "订单 2025.csv") -> dict[str, Any]:
    """Hand a file in as a page does, and wait until it has been read."""
    body = draft_api.Upload(name=name, stream=io.BytesIO(data))
    with acting(STEWARD):
        made = draft_api.begin(party.node, Call(actor=STEWARD, body=body))
    return settled(party, made.id)


def settled(party: Party, draft_id: str) -> dict[str, Any]:
    status, told = wait_for(
        lambda: party.manage("GET", f"/v1/product-drafts/{draft_id}"),
        lambda told: told[1]["draft"].get("working") is None,
        every=0.02,
    )
    assert status == 200
    return dict(told)


def confirm(party: Party, told: dict[str, Any], **changes: dict[str, Any]) -> dict[str, Any]:
    """Confirm every column in use, with changes by their source."""
    columns = []
    for column, found in zip(told["outline"]["columns"], told["survey"]["columns"], strict=True):
        made = column | changes.get(found["source"], {})
        columns.append(made | {"confirmed": made["role"] != "unused"})
    body = {"seen": told["draft"]["seen"], "columns": columns}
    path = f"/v1/product-drafts/{told['draft']['id']}"
    status, answer = party.manage("POST", f"{path}/columns", body)
    assert status == 200, answer
    return settled(party, told["draft"]["id"])


def offered(party: Party, told: dict[str, Any], **about: Any) -> dict[str, Any]:
    body = {
        "seen": told["draft"]["seen"],
        "about": told["outline"]["about"] | {"id": "orders", "table": "orders"} | about,
        "offer": {
            "audience": "named",
            "recipients": ["did:web:buyer.example"],
            "purposes": ["planning"],
            "until": "2027-06-30",
            "count": 50,
        },
    }
    status, answer = party.manage("POST", f"/v1/product-drafts/{told['draft']['id']}/offer", body)
    assert status == 200, answer
    return settled(party, told["draft"]["id"])


def previewed(party: Party, told: dict[str, Any]) -> dict[str, Any]:
    draft_id = told["draft"]["id"]
    status, answer = party.manage("POST", f"/v1/product-drafts/{draft_id}/preview", {})
    assert status == 202, answer
    return settled(party, draft_id)


def published(party: Party, told: dict[str, Any]) -> dict[str, Any]:
    body = {"seen": told["draft"]["seen"]}
    path = f"/v1/product-drafts/{told['draft']['id']}/publish"
    status, job = party.manage("POST", path, body)
    assert status == 202, job
    _, ended = wait_for(
        lambda: party.manage("GET", f"/v1/products/jobs/{job['job']}"),
        lambda told: told[1]["state"] in ("done", "failed"),
        every=0.02,
    )
    return dict(ended)


@pytest.mark.long
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_from_a_file_to_a_product(acme: Party, encoding: str) -> None:
    """What is previewed is what is published, cell for cell, and nothing is there before."""
    told = begun(acme, orders().encode(encoding))
    assert told["draft"]["state"] == "open", told["error"]
    assert told["draft"]["name"] == "订单 2025.csv"
    roles = {
        found["source"]: column["role"]
        for column, found in zip(told["outline"]["columns"], told["survey"]["columns"], strict=True)
    }
    assert roles == {
        "客户": "contributor",
        "日期": "dimension",
        "运输方式": "dimension",
        "金额": "measure",
        "备注": "unused",
    }
    assert told["survey"]["columns"][2]["samples"] == ["空运", "铁路", "公路"]
    status, refused = acme.manage("POST", f"/v1/product-drafts/{told['draft']['id']}/preview", {})
    assert (status, refused["error"]["code"]) == (400, "draft.unconfirmed")
    told = confirm(acme, told, 金额={"unit": "元", "zh": "订单金额", "en": "amount of the order"})
    told = previewed(acme, told)
    assert told["preview"]["findings"] == []
    assert told["fresh"]
    cells = told["preview"]["cells"]
    assert cells["count"] == len(cells["cells"]) > 0
    assert {cell[1][0] for cell in cells["cells"]} <= {"s", "m", "w"}
    told = offered(acme, told)
    assert told["fresh"]  # names and offers change no cell
    before = acme.manage("GET", "/v1/products")[1]["products"]
    assert before == []
    assert read_product(told["text"]).id == "orders"
    job = published(acme, told)
    assert job["state"] == "done", job
    with acme.node.db.reading() as session:
        table = store.protected_table(session, "orders")
        row = session.get(ProductRow, "orders")
        assert row is not None
        assert row.text == told["text"]
    assert cells_digest(table.table) == told["preview"]["cells"]["digest"]
    assert told["preview"]["cells"]["digest"] == cells["digest"]
    told = settled(acme, told["draft"]["id"])
    assert (told["draft"]["state"], told["draft"]["product"]) == ("published", "orders")
    assert list(spool.spool_folder(acme.node).iterdir()) == []


def rows(party: Party) -> tuple[int, int]:
    """How many products and leaves there are."""
    with party.node.db.reading() as session:
        return len(session.exec(select(ProductRow)).all()), head(session).size


def workbook(path: Path, *, bad: int = 0) -> bytes:
    """The same orders as a workbook of two sheets; so many amounts are errors."""
    lines: list[list[object]] = []
    for number, line in enumerate(orders().splitlines()):
        who, day, way, price, note = line.split(",")
        if not number:
            lines.append([who, day, way, price, note])
            continue
        serial = (date.fromisoformat(day) - date(1899, 12, 30)).days
        amount: object = "很多" if number <= bad else Cell(price)
        lines.append([who, Cell(f"{serial}", style=DATE), way, amount, note])
    return write_workbook(
        path, {"说明": [["orders", "of"], ["x", "y"]], "数据": lines}
    ).read_bytes()


def reread(party: Party, told: dict[str, Any], sheet: str) -> dict[str, Any]:
    path = f"/v1/product-drafts/{told['draft']['id']}/read"
    status, answer = party.manage("POST", path, {"sheet": sheet})
    assert status == 202, answer
    return settled(party, told["draft"]["id"])


@pytest.mark.long
def test_a_workbook(acme: Party, tmp_path: Path) -> None:
    """The sheet is chosen by its name; what is previewed is published, from the cells."""
    told = begun(acme, workbook(tmp_path / "a.xlsx"), "订单.xlsx")
    assert (told["sheet"], told["sheets"]) == ("说明", ["说明", "数据"])
    told = reread(acme, told, "数据")
    assert [c["source"] for c in told["survey"]["columns"]][:2] == ["客户", "日期"]
    told = previewed(acme, confirm(acme, told))
    assert told["preview"]["wouldPublish"], told["preview"]["findings"]
    told = offered(acme, told)
    assert 'sheet = "数据"' in told["text"]
    assert published(acme, told)["state"] == "done"


def test_a_bad_workbook_names_twenty_cells(acme: Party, tmp_path: Path) -> None:
    """A column that holds other things than numbers is a text, unless its owner knows better."""
    told = reread(acme, begun(acme, workbook(tmp_path / "b.xlsx", bad=30), "b.xlsx"), "数据")
    assert told["outline"]["columns"][3]["role"] == "unused"
    told = confirm(acme, told, 金额={"role": "measure", "lower": "0", "upper": "10000"})
    assert told["outline"]["columns"][3]["confirmed"] is False  # it is read as numbers now
    told = previewed(acme, confirm(acme, told))
    (found,) = told["preview"]["findings"]
    assert found["code"] == "data.cells"
    assert found["message"]["en"].count("D") >= 20
    assert told["preview"]["cells"] is None
    assert rows(acme)[0] == 0


def test_a_bad_line_is_named(acme: Party) -> None:
    told = begun(acme, orders(bad=3).encode())
    told = confirm(acme, told, 金额={"role": "measure", "lower": "0", "upper": "10000"})
    told = previewed(acme, confirm(acme, told))
    assert [one["code"] for one in told["preview"]["findings"]] == ["data.value"]


def test_hostile_headers(acme: Party) -> None:
    """Whatever a header says, the product file says no more than its name."""
    hostile = [
        'a"b',
        "it's",
        "select",
        "<script>alert(1)</script>",
        "\u202ereversed",
        '" ]\nid = "evil',
        "{{ 7*7 }}",
        "way",
        "firm",
        "way",
        " ",
    ]
    text = [",".join('"' + one.replace('"', '""') + '"' for one in hostile)]
    for row in range(200):
        cells = ["x"] * 11
        cells[7], cells[8], cells[3] = f"w{row % 3}", f"firm {row % 30}", f"{row}"
        cells[0] = f"k{row % 2}"
        text.append(",".join(cells))
    told = begun(acme, ("\n".join(text) + "\n").encode(), "../../etc/<b>x</b>\u202e.csv")
    assert told["draft"]["state"] == "open", told["error"]
    assert told["draft"]["name"] == "b>.csv"
    told = offered(acme, confirm(acme, told, firm={"role": "contributor"}))
    product = read_product(told["text"])
    assert product.id == "orders"
    assert {c.source for c in product.columns} <= set(hostile)
    assert '\nid = "evil' not in told["text"]


def test_the_spool_has_bounds(acme: Party) -> None:
    """Too large, empty, of another kind: one clear error, and nothing is left behind."""
    node = acme.node
    folder = spool.spool_folder(node)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    small = io.BytesIO(b"x" * 5000)
    for name, stream, most, code in (
        ("a.csv", small, 4999, "draft.file-too-large"),
        ("a.csv", io.BytesIO(b""), None, "draft.file"),
        ("a.exe", io.BytesIO(b"x"), None, "draft.file"),
        (".csv", io.BytesIO(b"x"), None, "draft.file"),
        ("", io.BytesIO(b"x"), None, "draft.file"),
    ):
        with pytest.raises(VoileError) as caught:
            spool.take(node, name, stream, most=most)
        assert caught.value.code == code
    assert list(folder.iterdir()) == []
    kept = spool.take(node, "C:\\data\\..\\ 订\u0000单\u202e.CSV", io.BytesIO(b"a,b\n1,2\n"))
    assert kept.name == "订单.csv"
    path = folder / kept.file
    assert path.parent == folder
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        with pytest.raises(DataError) as full:
            spool.take(node, "b.csv", io.BytesIO(b"x" * 50_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert full.value.code == "data.disk"
    assert [one.name for one in folder.iterdir()] == [kept.file]


def test_the_import_folder(party: Callable[..., Party], tmp_path: Path) -> None:
    """Only regular files of its own, by their names."""
    folder = tmp_path / "import"
    folder.mkdir()
    (folder / "orders.csv").write_text(orders(), encoding="utf-8")
    (folder / "secret.key").write_text("k", encoding="utf-8")
    outside = tmp_path / "outside.csv"
    outside.write_text(orders(), encoding="utf-8")
    (folder / "link.csv").symlink_to(outside)
    for acme in working(party("bolt", areas=AREAS, env={"VOILE_INTAKE_FOLDER": str(folder)})):
        _, listed = acme.manage("GET", "/v1/product-drafts")
        assert listed["onHand"] == ["orders.csv"]
        for name in ("link.csv", "../outside.csv", str(outside), "secret.key", "orders.csv\0"):
            status, refused = acme.manage("POST", "/v1/product-drafts", {"name": name})
            assert (status, refused["error"]["code"]) == (404, "draft.not-on-hand"), name
        status, made = acme.manage("POST", "/v1/product-drafts", {"name": "orders.csv"})
        assert status == 201
        assert settled(acme, made["id"])["draft"]["state"] == "open"


def test_a_crash_in_the_middle(party: Callable[..., Party]) -> None:
    """What was begun is still there, and is read again; a file that nobody has is gone."""
    made = party("acme", areas=AREAS)  # nothing works in its background: it reads nothing
    with acting(STEWARD):
        begun_ = draft_api.begin(
            made.node,
            Call(
                actor=STEWARD,
                body=draft_api.Upload(name="a.csv", stream=io.BytesIO(orders().encode())),
            ),
        )
    spool.take(made.node, "half.csv", io.BytesIO(b"half"))
    again = made.restart(areas=AREAS)
    assert len(list(spool.spool_folder(again.node).iterdir())) == 1
    for acme in working(again):
        _, told = acme.manage("GET", f"/v1/product-drafts/{begun_.id}")
        assert told["draft"]["state"] == "reading"
        assert "working" not in told["draft"] or told["draft"]["working"] is None
        told = reread(acme, told, "")
        assert told["draft"]["state"] == "open"
        told = confirm(acme, told)
        told = previewed(acme, told)
        assert told["fresh"]
        with acme.node.db.reading() as session:
            row = session.get(ProductDraftRow, begun_.id)
            assert row is not None
            assert decided(row)[0].unconfirmed == ()
    again.close()


def test_two_drafts_at_once_and_two_people(acme: Party) -> None:
    """Each is its own; of one draft, whoever saw an older state changes nothing."""
    first = begun(acme, orders().encode(), "first.csv")
    second = begun(acme, orders(bad=1).encode(), "second.csv")
    _, listed = acme.manage("GET", "/v1/product-drafts")
    assert {one["name"] for one in listed["drafts"]} == {"first.csv", "second.csv"}
    told = confirm(acme, first)
    body = {"seen": first["draft"]["seen"], "columns": first["outline"]["columns"]}
    path = f"/v1/product-drafts/{first['draft']['id']}/columns"
    status, refused = acme.manage("POST", path, body)
    assert (status, refused["error"]["code"]) == (409, "draft.changed")
    assert settled(acme, told["draft"]["id"])["outline"] == told["outline"]
    assert settled(acme, second["draft"]["id"])["outline"] == second["outline"]
    _, key = acme.manage("POST", "/v1/management-keys", {"name": "other", "roles": ["steward"]})
    status, seen = acme.manage("GET", path.removesuffix("/columns"), token=key["token"])
    assert status == 200
    assert seen["outline"] == told["outline"]
    for roles in (["security"], ["auditor"]):
        _, key = acme.manage("POST", "/v1/management-keys", {"name": roles[0], "roles": roles})
        assert acme.manage("GET", "/v1/product-drafts", token=key["token"])[0] == 403


def test_previews_wait_in_a_short_queue(party: Callable[..., Party]) -> None:
    """One a draft, one that waits; what is cancelled leaves the draft as it was."""
    acme = party("acme", areas=AREAS)
    workers = acme.apps.workers
    for worker in workers:
        worker.start()
    told = [confirm(acme, begun(acme, orders().encode(), f"{n}.csv")) for n in range(3)]
    publisher = acme.node.services[Publisher]
    with publisher.alone("nothing"):
        paths = [f"/v1/product-drafts/{one['draft']['id']}" for one in told]
        assert acme.manage("POST", f"{paths[0]}/preview", {})[0] == 202
        status, refused = acme.manage("POST", f"{paths[0]}/preview", {})
        assert (status, refused["error"]["code"]) == (409, "draft.busy")
        assert acme.manage("DELETE", paths[0])[0] == 409
        assert acme.manage("POST", f"{paths[1]}/preview", {})[0] == 202
        status, refused = acme.manage("POST", f"{paths[2]}/preview", {})
        assert (status, refused["error"]["code"]) == (429, "draft.previews-wait")
        assert acme.manage("POST", f"{paths[1]}/cancel")[0] == 200
    assert settled(acme, told[0]["draft"]["id"])["fresh"]
    ended = settled(acme, told[1]["draft"]["id"])
    assert ended["preview"] is None
    assert ended["draft"]["state"] == "open"
    assert acme.manage("DELETE", paths[1])[0] == 200
    assert len(list(spool.spool_folder(acme.node).iterdir())) == 2
    for worker in workers:
        worker.stop()


def test_new_data_of_a_product(acme: Party) -> None:
    """A draft of what stands already has its product file, and only previews and publishes."""
    told = offered(acme, confirm(acme, begun(acme, orders().encode())))
    assert published(acme, told)["state"] == "done"
    more = orders() + "".join(f"客户{n},2025-03-11,空运,5.00,新\n" for n in range(40))
    body = draft_api.Upload(name="b.csv", stream=io.BytesIO(more.encode()), product="orders")
    with acting(STEWARD):
        made = draft_api.begin(acme.node, Call(actor=STEWARD, body=body))
    later = settled(acme, made.id)
    assert later["text"] == told["text"]
    path = f"/v1/product-drafts/{made.id}/columns"
    assert acme.manage("POST", path, {"seen": 0, "columns": []})[0] == 409
    later = previewed(acme, later)
    assert later["preview"]["findings"] == []
    assert published(acme, later)["state"] == "done"
    with acme.node.db.reading() as session:
        table = store.protected_table(session, "orders")
    assert table.number == 2
    assert cells_digest(table.table) == later["preview"]["cells"]["digest"]


def test_cells_say_which_rule(acme: Party) -> None:
    """A way that few customers use is merged or withheld, and it says why; others are shown."""
    text = orders() + "".join(f"客户{n},2025-01-11,海运,7.00,少\n" for n in range(2))
    told = begun(acme, text.encode())
    ways = {"role": "dimension", "codes": ["空运", "铁路", "公路", "海运"], "order": 2}
    told = previewed(acme, confirm(acme, confirm(acme, told, 运输方式=ways)))
    assert told["preview"]["findings"] == []
    cells = told["preview"]["cells"]
    codes = {one["name"]: one["codes"] for one in cells["dimensions"]}
    place = codes["运输方式"].index("海运")
    (rare,) = [cell for cell in cells["cells"] if cell[0][-1] == place]
    assert rare[1][0] in "mw"
    assert "minimum_contributors" in rare[2]
    report, names = told["preview"]["report"], ["rows", *cells["measures"]]
    assert [one["name"] for one in report["figures"]] == names
    finest = report["margins"][-1]
    for number, one in enumerate(report["figures"]):
        letters = [cell[1][number] for cell in cells["cells"]]
        counts = [letters.count(letter) for letter in "smw"]
        assert counts == [one["shown"], one["merged"], one["withheld"]]
        assert sum(counts) == finest["groups"] == cells["count"]
        shown = finest["measures"][one["name"]] if number else finest["released"]
        assert counts[0] == shown
    assert any(cell[1][0] == "s" for cell in cells["cells"])


def test_old_drafts_go(acme: Party, clock: StandingClock) -> None:
    """After thirty days without a change a draft and its file are gone."""
    begun(acme, orders().encode())
    drafts = acme.node.services[Drafts]
    clock.advance(29 * 86_400)
    drafts.tidy()
    assert len(drafts.listed()) == 1
    clock.advance(2 * 86_400)
    drafts.tidy()
    assert drafts.listed() == []
    assert list(spool.spool_folder(acme.node).iterdir()) == []


@pytest.mark.long
def test_a_preview_is_stale_by_what_it_hangs_on_alone(acme: Party) -> None:
    """Names, grading and offer change nothing of it; columns do, and an identifier that is taken."""
    told = previewed(acme, confirm(acme, begun(acme, orders().encode())))
    cells = told["preview"]["cells"]["digest"]
    for about in ({}, {"id": "other", "table": "another", "titleEn": "Other", "level": 1}):
        told = offered(acme, told, **about)
        assert told["fresh"]
    told = previewed(acme, told)
    assert told["preview"]["cells"]["digest"] == cells
    changed = confirm(acme, told, 金额={"upper": "20000"})
    assert not changed["fresh"]
    told = confirm(acme, changed, 金额={"upper": told["outline"]["columns"][3]["upper"]})
    assert told["fresh"]
    assert not offered(acme, told, separateRows=True)["fresh"]
    told = offered(acme, settled(acme, told["draft"]["id"]), separateRows=False)
    assert told["fresh"]
    second = offered(acme, confirm(acme, begun(acme, orders().encode(), "b.csv")))
    assert published(acme, second)["state"] == "done"
    assert not settled(acme, told["draft"]["id"])["fresh"]
