"""The pages of deliveries on real nodes: what flowed, in which direction, and what helps."""

from __future__ import annotations

import csv
import html
import io
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from tests.areas import ASKING, AUDIT, COHORT, DELIVERY, DSP, OWN, PRODUCTS, QUESTIONS
from tests.connector.console.conftest import PORT, Browser
from tests.connector.console.door import Door
from tests.connector.console.test_workbench import people_of
from tests.connector.delivery.shop import CONTENT, DIGEST, Shop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.simulators import Net, Party, StandingClock

AREAS = (OWN, PRODUCTS, DSP, DELIVERY, QUESTIONS, COHORT, ASKING, AUDIT)
HEADS = ["Last change", "Direction", "Dataset", "Product", "Other side"]


@pytest.fixture
def desk(
    party: Callable[..., Party], net: Net, clock: StandingClock, tmp_path: Path
) -> Iterator[tuple[Shop, Browser, Browser]]:
    """A shop whose two firms have a console each: the provider's, then the consumer's."""
    made: list[Party] = []
    browsers: list[Browser] = []
    for name, other in (("acme", "bolt"), ("bolt", "acme")):
        door = Door()
        areas = (*AREAS, people_of(door))
        one = party(name, areas=areas, pin=[other], env={"VOILE_CONSOLE_PORT": str(PORT)})
        made.append(one)
        assert one.apps.console is not None
        browsers.append(Browser(one.apps.console(), door, one))
    shop = Shop(made[0], made[1], net, clock, tmp_path)
    net.fault = shop.sink.hear
    shop.publish()
    yield shop, browsers[0], browsers[1]
    for flow in shop.flows:
        flow.close()


def text_of(browser: Browser, path: str, status: int = 200) -> str:
    found = browser.get(path)
    text = found.get_data(as_text=True)
    assert found.status_code == status, (path, text[-1500:])
    return html.unescape(text)


def path_of(pid: str) -> str:
    return f"/deliveries/{quote(pid, safe='')}"


def send(browser: Browser, path: str, form: str, **fields: str) -> Any:
    return browser.post(path, {"_csrf": browser.token(path), "_form": form, **fields})


def lines(browser: Browser, path: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text_of(browser, path))))


def fetched(shop: Shop) -> str:
    """Open a transfer, have the file fetched, and give the consumer's pid."""
    pid = shop.pull()
    url, token = shop.token()
    assert shop.get(url, token).body == CONTENT
    return pid


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_flowed_is_listed_with_its_proof(desk: Any, language: str):
    """Direction, product, firm, amount, mode, state; the digest and the record on its page."""
    shop, provider, _ = desk
    pid = shop.theirs(fetched(shop))
    provider.enter("cdo", language)
    listed = text_of(provider, "/deliveries")
    said = {"zh": ("发往对方", "使用方取回", "进行中", "零件"),
            "en": ("To others", "fetched by the consumer", "running", "Parts")}[language]  # fmt: skip
    for one in (*said, shop.consumer.did, f"{len(CONTENT) / 1000:,.1f} kB", path_of(pid)):
        assert one in listed, one
    page = text_of(provider, f"/deliveries/{pid}")
    assert ("已送达" if language == "zh" else "arrived in full") in page
    assert DIGEST in page
    (record,) = set(re.findall(r'href="(/evidence/\d+)">[^<]*', page)[:1])
    assert pid in text_of(provider, record)
    assert page.count("/evidence/") >= 2  # it began, and it ended


def test_filters_stand_in_the_address_and_hold_for_the_file(desk: Any):
    """By direction, state, mode and firm; the file has the same rows, and no page's end."""
    shop, provider, consumer = desk
    fetched(shop)
    shop.push()
    shop.send_due()
    consumer.enter("steward")
    rows = lines(consumer, "/deliveries.csv")
    assert rows[0][:5] == HEADS
    assert len(rows) == 3
    assert all(row[1] == "To us" for row in rows[1:])
    only = lines(consumer, "/deliveries.csv?mode=HttpData-PUSH&after=1.x")
    assert [row[6] for row in only[1:]] == ["sent by the provider"]
    assert lines(consumer, f"/deliveries.csv?party={shop.provider.did}") == rows
    assert len(lines(consumer, "/deliveries.csv?party=did:web:nobody.example")) == 1
    assert len(lines(consumer, "/deliveries.csv?direction=out")) == 1
    assert len(lines(consumer, "/deliveries.csv?state=paused")) == 1
    none = text_of(consumer, "/deliveries?state=paused&direction=in")
    assert "No delivery fits these filters" in none
    odd = text_of(consumer, "/deliveries?state=odd&direction=x&mode=y&after=nonsense")
    assert len(re.findall(r'href="/deliveries/urn', odd)) == 2
    listed = text_of(consumer, "/deliveries?direction=in&state=completed")
    assert 'href="/deliveries.csv?direction=in&state=completed"' in listed
    provider.enter("steward")
    marked = provider.get("/deliveries.csv?bom=1").get_data()
    assert marked.startswith(b"\xef\xbb\xbf")


def test_a_page_of_the_list_ends_and_goes_on(desk: Any, monkeypatch: pytest.MonkeyPatch):
    """By keyset: no row twice, none left out; the file holds all of them, up to its bound."""
    from connector.areas.delivery.pages import deliveries
    from connector.console import tables

    shop, _, consumer = desk
    agreement = shop.agreement()
    for _ in range(3):
        pid = shop.pull(agreement)
        shop.steer(pid, "complete")
        shop.settle()
    monkeypatch.setattr(deliveries, "PER_PAGE", 2)
    consumer.enter("steward")
    first = text_of(consumer, "/deliveries")
    (further,) = re.findall(r'href="(/deliveries\?after=[^"]+)"', first)
    second = text_of(consumer, further)
    seen = [re.findall(r'<a href="/deliveries/([^"]+)"><bdi>', one) for one in (first, second)]
    assert [len(one) for one in seen] == [2, 1]
    assert len({*seen[0], *seen[1]}) == 3
    assert len(lines(consumer, "/deliveries.csv")) == 4
    monkeypatch.setattr(tables, "MOST", 2)
    assert len(lines(consumer, "/deliveries.csv")) == 3


def test_a_delivery_is_paused_resumed_and_ended_on_its_page(desk: Any):
    """Each by the operation of the API: its roles, its reason, the other side hears of it."""
    shop, _, consumer = desk
    pid = shop.pull()
    path = f"/deliveries/{pid}"
    consumer.enter("steward")
    (made,) = shop.consumer.manage("GET", "/v1/negotiations")[1]["negotiations"]
    assert f"voile transfer fetch {made['pid']} --out" in text_of(consumer, path), "our own name"
    assert send(consumer, path, "pause", reason="").status_code == 400
    assert shop.state(pid) == "STARTED"
    assert send(consumer, path, "pause", reason="stocktaking").status_code == 303
    shop.settle()
    assert shop.state(pid) == "SUSPENDED"
    assert "nothing flows until it is resumed below" in text_of(consumer, path)
    assert send(consumer, path, "resume").status_code == 303
    shop.settle()
    assert shop.state(pid) == "STARTED"
    assert 'data-form="end"' not in text_of(consumer, path)  # a steward may not
    assert send(consumer, path, "end", reason="x", understood="yes").status_code == 403
    consumer.enter("cdo")
    assert "Only this transfer ends" in text_of(consumer, path)
    assert send(consumer, path, "end", reason="no more").status_code == 400  # not confirmed
    assert send(consumer, path, "end", reason="no more", understood="yes").status_code == 303
    shop.settle()
    assert shop.state(pid) == "TERMINATED"
    over = text_of(consumer, path)
    assert "no more" in over
    assert 'data-form="pause"' not in over


def test_a_file_that_is_not_taken_is_said_with_what_helps(desk: Any):
    """The provider sees tries and the last answer; given up, both are told on their first page."""
    from connector.areas.delivery.push import MAX_ATTEMPTS

    shop, provider, consumer = desk
    shop.sink.statuses = [500] * MAX_ATTEMPTS
    pid = shop.push()
    shop.send_due()
    own = shop.theirs(pid)
    provider.enter("steward")
    page = text_of(provider, f"/deliveries/{own}")
    assert "failed 1 time" in page
    assert "http.500" in page
    assert "The connector sends the file by itself" in page
    for _ in range(MAX_ATTEMPTS):
        shop.clock.advance(seconds=900)
        shop.send_due()
    assert shop.state(pid) == "TERMINATED"
    for browser in (provider, consumer):
        browser.enter("steward")
        home = text_of(browser, "/")
        assert "1 delivery of the last 14 days ended" in home
        assert 'href="/deliveries?state=ended"' in home
        assert len(lines(browser, "/deliveries.csv?state=ended")) == 2


def test_home_counts_each_file_once_and_leads_to_the_list(desk: Any):
    """A file that began and ended has two leaves and is one file."""
    shop, provider, _ = desk
    fetched(shop)
    provider.enter("cdo")
    home = text_of(provider, "/")
    (chart,) = re.findall(r'<div class="scroll".*?</table>', home.split("</svg>")[-1], re.DOTALL)[
        :1
    ]
    assert "Files sent" in chart
    figures = [one for one in re.findall(r'<td class="number">([^<]*)</td>', chart) if one != "0"]
    assert figures == ["1"]
    assert 'href="/deliveries?direction=out&state=running"' in home
    assert 'href="/deliveries"' in home


def test_an_id_of_a_transfer_leads_to_its_page(desk: Any):
    shop, _, consumer = desk
    pid = shop.pull()
    consumer.enter("steward")
    found = consumer.get(f"/search?id={pid}")
    assert (found.status_code, found.location) == (303, path_of(pid))
    contract = text_of(consumer, f"/contracts/{shop.shown(pid)['agreement']}")
    assert f'href="{path_of(pid)}"' in contract
    assert "/deliveries?party=" in contract
    text_of(consumer, "/deliveries/urn:uuid:none", 404)


def test_an_auditor_reads_and_does_nothing(desk: Any):
    shop, _, consumer = desk
    pid = shop.pull()
    consumer.enter("auditor")
    page = text_of(consumer, f"/deliveries/{pid}")
    assert "data-form=" not in page
    assert lines(consumer, "/deliveries.csv")[0][:5] == HEADS
    records = lines(consumer, "/evidence.csv?kind=TRANSFER")
    assert records[0][:3] == ["Leaf", "Time", "Kind"]
    assert {one[7] for one in records[1:]} == {shop.shown(pid)["agreement"]}
    assert len(lines(consumer, "/evidence.csv?kind=TRANSFER&party=did:web:nobody.example")) == 1
    consumer.enter("security")
    assert consumer.get("/deliveries").status_code == 403
    assert consumer.get("/deliveries.csv").status_code == 403
