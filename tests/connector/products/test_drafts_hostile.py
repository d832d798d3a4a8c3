"""Drafts under attack: what is published is what was seen, and no draft takes the node with it."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, Any

import pytest

from catalog.product_file import read_product
from connector.areas.products import draft_api, spool
from connector.areas.products import draft_rows as rows
from connector.areas.products.jobs import Publisher
from connector.party.operation import Call
from connector.process.actor import acting
from connector.process.errors import NotFound, VoileError
from tests.connector.products.test_drafts import (
    AREAS,
    STEWARD,
    begun,
    confirm,
    offered,
    orders,
    previewed,
    published,
    settled,
    working,
)
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.simulators import Party


@pytest.fixture
def acme(party: Callable[..., Party]) -> Iterator[Party]:
    """A party whose background works."""
    yield from working(party("acme", areas=AREAS))


def offering(party: Party, told: dict[str, Any], level: int, **offer: Any) -> Any:
    about = told["outline"]["about"] | {"id": "orders", "table": "orders", "level": level}
    body = {
        "seen": told["draft"]["seen"],
        "about": about,
        "offer": {"purposes": ["planning"], "until": "2027-06-30"} | offer,
    }
    return party.manage("POST", f"/v1/product-drafts/{told['draft']['id']}/offer", body)


def job_of(party: Party, answer: tuple[int, dict[str, Any]]) -> dict[str, Any]:
    status, job = answer
    assert status == 202, job
    _, ended = wait_for(
        lambda: party.manage("GET", f"/v1/products/jobs/{job['job']}"),
        lambda told: told[1]["state"] in ("done", "failed"),
        every=0.02,
    )
    return dict(ended)


def renewal(party: Party, data: str) -> dict[str, Any]:
    body = draft_api.Upload(name="b.csv", stream=io.BytesIO(data.encode()), product="orders")
    with acting(STEWARD):
        made = draft_api.begin(party.node, Call(actor=STEWARD, body=body))
    return settled(party, made.id)


@pytest.mark.parametrize("offer", [{"audience": "named", "recipients": []}, {}])
def test_an_offer_for_nobody_is_not_one_for_everybody(acme: Party, offer: dict[str, Any]) -> None:
    """At level 1, where a product file without recipients is open to whoever is certified."""
    told = confirm(acme, begun(acme, orders().encode()))
    status, refused = offering(acme, told, 1, **offer)
    assert (status, refused["error"]["code"]) == (400, "draft.recipients")
    assert settled(acme, told["draft"]["id"])["outline"] == told["outline"]
    status, answer = offering(acme, told, 1, audience="all")
    assert status == 200, answer
    (open_to_all,) = read_product(settled(acme, told["draft"]["id"])["text"]).offers
    assert open_to_all.terms.recipients == ()


@pytest.mark.long
def test_terms_that_were_narrowed_do_not_come_back_with_new_data(acme: Party) -> None:
    """A draft of new data was begun before the product's recipients changed."""
    told = offered(acme, confirm(acme, begun(acme, orders().encode())), level=1)
    assert published(acme, told)["state"] == "done"
    later = previewed(acme, renewal(acme, orders().replace("说明 7", "说明")))
    narrower = told["text"].replace("did:web:buyer.example", "did:web:other.example")
    anew = acme.manage("POST", "/v1/products", {"product": narrower, "data": None})
    assert job_of(acme, anew)["state"] == "done"

    path = f"/v1/product-drafts/{later['draft']['id']}"
    seen = {"seen": later["draft"]["seen"]}
    status, refused = acme.manage("POST", f"{path}/publish", seen)
    assert (status, refused["error"]["code"]) == (409, "draft.product-changed")
    later = previewed(acme, later)  # which shows what stands now
    assert later["text"] == narrower
    assert later["fresh"]

    # what changes while it waits for its turn is seen as well
    with acme.node.services[Publisher].alone("nothing"):
        third = narrower.replace("did:web:other.example", "did:web:third.example")
        first = acme.manage("POST", "/v1/products", {"product": third, "data": None})
        second = acme.manage("POST", f"{path}/publish", {"seen": later["draft"]["seen"]})
    assert job_of(acme, first)["state"] == "done"
    ended = job_of(acme, second)
    assert (ended["state"], ended["error"]["code"]) == ("failed", "draft.product-changed")
    offers = acme.manage("GET", "/v1/products/orders")[1]["offers"]
    assert "third.example" in str(offers)
    assert "other.example" not in str(offers)
    assert published(acme, previewed(acme, later))["state"] == "done"


def test_what_was_published_is_no_draft_again(acme: Party) -> None:
    """A preview that waited behind the publication of its draft changes nothing of it."""
    told = offered(acme, confirm(acme, begun(acme, orders().encode())))
    path = f"/v1/product-drafts/{told['draft']['id']}"
    with acme.node.services[Publisher].alone("nothing"):
        publication = acme.manage("POST", f"{path}/publish", {"seen": told["draft"]["seen"]})
        assert acme.manage("POST", f"{path}/preview", {})[0] == 202
    assert job_of(acme, publication)["state"] == "done"
    ended = settled(acme, told["draft"]["id"])
    assert (ended["draft"]["state"], ended["draft"]["product"]) == ("published", "orders")
    assert ended["error"] is None
    assert not list(spool.spool_folder(acme.node).iterdir())


def test_a_publication_is_told_of_as_it_went(acme: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose draft is dropped in the last moment is published all the same, and says so."""
    told = offered(acme, confirm(acme, begun(acme, orders().encode())))
    drafts = acme.node.services[draft_api.Drafts]
    note = drafts.published

    def dropped_before(draft_id: str, product: str) -> None:
        drafts.drop(draft_id)
        note(draft_id, product)

    monkeypatch.setattr(drafts, "published", dropped_before)
    assert published(acme, told)["state"] == "done"
    assert acme.manage("GET", "/v1/products/orders")[0] == 200
    assert not list(spool.spool_folder(acme.node).iterdir())


def test_a_dimension_with_every_word_for_nothing(acme: Party) -> None:
    """Rows without a value get a code that no row with one has, whatever the codes are."""
    words = ("empty", "no_value", "(empty)", "(empty 2)", "")
    lines = "\n".join(f"C{row % 23},{words[row % 5]},{row % 50}" for row in range(690))
    told = begun(acme, f"customer,plant,amount\n{lines}\n".encode(), "n.csv")
    assert told["draft"]["state"] == "open", told["error"]
    kept = {"codes": ["no_value"]}  # not even of those that a person left out
    for changes in ({}, {"plant": kept}):
        told = confirm(acme, told, **changes)
        (plant,) = [d for d in read_product(told["text"]).dimensions if d.name == "plant"]
        assert plant.codes[-1] == "(empty 3)"


def test_a_number_of_a_billion_digits_is_no_number(acme: Party) -> None:
    """Written out it would fill the memory; its reader refuses it by name."""
    told = confirm(acme, begun(acme, orders().encode()))
    path = f"/v1/product-drafts/{told['draft']['id']}/columns"
    price, day = 3, 1
    assert [told["survey"]["columns"][n]["source"] for n in (price, day)] == ["金额", "日期"]
    for place, ends in (
        (price, {"lower": "0", "upper": "1e999999999"}),
        (price, {"lower": "-1e-999999999", "upper": "9"}),
        (price, {"lower": "0", "upper": "1e5000"}),
        (day, {"lower": "1e99999999", "upper": "2025"}),
    ):
        body = {
            "seen": told["draft"]["seen"],
            "columns": [told["outline"]["columns"][place] | ends],
        }
        status, refused = acme.manage("POST", path, body)
        assert (status, refused["error"]["code"]) == (400, "draft.column-field")
    assert settled(acme, told["draft"]["id"])["text"] == told["text"]


def test_drafts_have_an_end(acme: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many files wait, and no more; those that were published or dropped do not count."""
    monkeypatch.setattr("connector.areas.products.drafts.MOST_OPEN", 2)
    told = [begun(acme, orders().encode(), f"{n}.csv") for n in range(2)]
    body = draft_api.Upload(name="c.csv", stream=io.BytesIO(orders().encode()))
    with acting(STEWARD), pytest.raises(VoileError) as full:
        draft_api.begin(acme.node, Call(actor=STEWARD, body=body))
    assert full.value.code == "draft.too-many"
    assert len(list(spool.spool_folder(acme.node).iterdir())) == 2
    ready = offered(acme, confirm(acme, told[0]))
    assert published(acme, ready)["state"] == "done"
    assert begun(acme, orders().encode(), "c.csv")["draft"]["state"] == "open"


def test_a_list_of_drafts_reads_no_previews(acme: Party) -> None:
    """What a draft holds may be megabytes: a list of two hundred has none of it in memory."""
    previewed(acme, offered(acme, confirm(acme, begun(acme, orders().encode()))))
    (one,) = acme.node.services[draft_api.Drafts].listed()
    assert not {"survey", "outline", "text", "preview", "error"} & vars(one).keys()


def test_a_crash_is_told_with_its_draft(acme: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody foresaw ends the reading for its owner too: it is not `reading` for ever."""

    def broken(*_args: object, **_more: object) -> str:
        raise RuntimeError("a value of the file")

    monkeypatch.setattr(rows, "product_text", broken)
    told = begun(acme, orders().encode())
    assert told["draft"]["state"] == "failed"
    assert told["error"]["en"]["error"]["code"] == "internal"
    assert "a value of the file" not in str(told["error"])


def test_a_pipe_in_the_place_of_a_file(
    party: Callable[..., Party], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The import folder is others' too: what is listed may be another thing when it is opened."""
    folder = tmp_path / "import"
    folder.mkdir()
    (folder / "orders.csv").write_text(orders(), encoding="utf-8")
    acme = party("acme", areas=AREAS, env={"VOILE_INTAKE_FOLDER": str(folder)})
    listed = spool.on_hand(acme.node)
    (folder / "orders.csv").unlink()
    os.mkfifo(folder / "orders.csv")
    assert spool.on_hand(acme.node) == []
    monkeypatch.setattr(spool, "on_hand", lambda _node: listed)
    with pytest.raises(NotFound) as refused:
        spool.bring_in(acme.node, "orders.csv")
    assert refused.value.code == "draft.not-on-hand"
    assert not list(spool.spool_folder(acme.node).iterdir())


def test_cells_that_are_held_say_so_of_their_measures(acme: Party) -> None:
    """New data in which one customer moved: rows and measure keep an earlier state alike."""
    told = offered(acme, confirm(acme, begun(acme, orders().encode())))
    assert published(acme, told)["state"] == "done"
    first = orders().splitlines()[1]
    moved = orders().replace(first, first.replace("客户0", "客户1"), 1)
    later = previewed(acme, renewal(acme, moved))
    held = [cell for cell in later["preview"]["cells"]["cells"] if "h" in cell[1]]
    assert held
    assert all(set(cell[1]) == {"h"} for cell in held)
