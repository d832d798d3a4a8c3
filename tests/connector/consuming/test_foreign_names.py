"""Contracts whose id no address carries, or that two providers use: each opens, is read and ends."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

import pytest

from connector.areas.dsp import agreements_bearing
from connector.console.text import harmless as shown
from contracts import messages as m
from contracts.messages import Pid
from tests.connector.consuming.desk import BASE, Desk, Reader, part
from tests.connector.consuming.test_by_forms import concluded
from tests.connector.dsp.playing import agreement, negotiate, serve

if TYPE_CHECKING:
    from tests.connector.dsp.conftest import Pair, Puppet

ODD = (
    "a/b",
    "a//b",
    "/a",
    "//evil.example/x",
    "a/",
    ".",
    "..",
    "../..",
    "%2e%2e",
    "%",
    "?x",
    "#x",
    "a?b=c&d#e",
    "a/end",
    "recover",
    "https://crow.example/agreements/1",
    "a b",
    "'; rm -r x; '",
    "\u202eurn:a\u2066",
    "\u2028",
    "合约/一",
    "x" * 512,
)


def conclude(pair: Pair, puppet: Puppet, name: str) -> str:
    """A contract under an id of the puppet's choice, in force; our pid of its negotiation."""
    theirs = Pid("urn:uuid:crow-odd")
    serve(pair, puppet, pid=theirs)
    puppet.answers["/signatures"] = (200, b'{"stages": {}}')
    pid = negotiate(pair, puppet)
    both = {"consumer_pid": Pid(pid), "provider_pid": theirs}
    body = agreement(pair, puppet, **{"@id": name})
    said = m.ContractAgreementMessage(id="urn:m:agreed", **both, agreement=body)
    assert puppet.send(pair.consumer, f"/negotiations/{pid}/agreement", said)[0] == 200
    pair.consumer.deliver()
    done = m.ContractNegotiationEventMessage(id="urn:m:done", **both, event_type="FINALIZED")
    assert puppet.send(pair.consumer, f"/negotiations/{pid}/events", done)[0] == 200
    return pid


def walks(href: str) -> str:
    """Where a browser goes for a link: dots between slashes are taken away on the way."""
    path, query = urlsplit(href).path, urlsplit(href).query
    assert not [each for each in path.split("/") if unquote(each) in {".", ".."}], href
    assert "//" not in path, href
    return f"{path}?{query}" if query else path


@pytest.mark.sweep
@pytest.mark.parametrize("name", ODD)
def test_a_contract_with_any_id_is_opened_read_and_ended(
    pair: Pair, puppet: Puppet, buyer: Desk, name: str
):
    """By the links of the pages alone: from the list, the search box, its negotiation."""
    pid = conclude(pair, puppet, name)
    (line,) = re.findall(r'href="(/contracts/[^"]+)"', buyer.get("/contracts"))
    html = buyer.get(walks(unescape(line)))
    assert shown(name)[:20] in "".join(Reader(html).text) or name in html or not name.strip()
    talk = re.findall(r'href="(/contracts/[^"]+)"', buyer.get(f"/negotiations/{part(pid)}"))
    assert talk == [line]
    for href in re.findall(r'href="(/(?:negotiations|dossiers|history|evidence)[^"]+)"', html):
        buyer.get(walks(unescape(href)))
    found = buyer.client.get(f"/search?id={quote(name, safe='')}", base_url=BASE)
    if name.strip() == name:
        assert found.headers["Location"].endswith(unescape(line)), found.headers
    opened = pair.consumer.manage("POST", "/v1/transfers", {"agreement": pid})[1]["pid"]
    delivery = buyer.get(f"/deliveries/{part(opened)}")
    assert re.findall(r'href="(/contracts/[^"]+)"', delivery) == [line]
    buyer.does(unescape(line), "end", reason="moved on", understood="yes")
    assert not buyer.get("/contracts?show=open").count(line)
    status, told = pair.consumer.manage("GET", f"/v1/agreements/{part(pid)}")
    assert (status, told["id"], told["state"]) == (200, name, "ended")


@pytest.mark.sweep
@pytest.mark.parametrize("name", [name for name in ODD if name not in {".", ".."}])
def test_its_id_names_it_to_commands_too(pair: Pair, puppet: Puppet, name: str):
    """What a path can carry is read out of it whole; what it cannot is named by our pid."""
    conclude(pair, puppet, name)
    status, told = pair.consumer.manage("GET", f"/v1/agreements/{quote(name, safe=':')}")
    if name.startswith("/"):
        assert status == 404
        return
    assert (status, told.get("id")) == (200, name)
    status, told = pair.consumer.manage("POST", f"/v1/agreements/{quote(name, safe=':')}/end", {})
    assert (status, told.get("id"), told.get("state")) == (200, name, "ended")


def test_two_under_one_id_have_a_page_each(pair: Pair, puppet: Puppet, buyer: Desk):
    """In a home of an earlier version: the search shows both, each page is of its own contract."""
    mine = concluded(pair, buyer)
    with pair.consumer.node.db.reading() as session:
        taken = agreements_bearing(session, _id_of(pair))[0].id
    pair.net.fault = puppet.hear
    pid = conclude(pair, puppet, "urn:a:apart")
    with pair.consumer.node.db.transaction() as tx:
        for table, of in (("dsp_agreement", "negotiation"), ("dsp_process", "pid")):
            more = ", namesakes = 1" if table == "dsp_agreement" else ""
            tx.session.connection().exec_driver_sql(
                f"UPDATE {table} SET agreement = ?{more} WHERE {of} = ?", (taken, pid)
            )
    theirs = f"/contracts/{part(pid)}"
    lines = re.findall(r'href="(/contracts/[^"]+)"', buyer.get("/contracts"))
    assert sorted(lines) == sorted([mine, theirs])
    both = buyer.get(f"/search?id={part(taken)}")
    assert mine in both
    assert theirs in both
    assert pair.provider.did in buyer.get(mine)
    assert puppet.did in buyer.get(theirs)
    refused = buyer.get(f"/contracts/{part(taken)}", 409)
    assert pid in refused
    opened = pair.consumer.manage("POST", "/v1/transfers", {"agreement": pid})[1]["pid"]
    delivery = buyer.get(f"/deliveries/{part(opened)}")
    assert re.findall(r'href="(/contracts/[^"]+)"', delivery) == [theirs]
    buyer.does(theirs, "end", reason="no", understood="yes")
    open_ones = buyer.get("/contracts?show=open")
    assert mine in open_ones
    assert theirs not in open_ones


def _id_of(pair: Pair) -> str:
    (found,) = pair.consumer.manage("GET", "/v1/agreements")[1]["agreements"]
    name: str = found["id"]
    return name
