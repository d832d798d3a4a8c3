"""From a provider's catalogue to a contract, its transfer and its end, by the forms of the pages."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from contracts import messages as m
from contracts.agreements import message_offer
from contracts.messages import Pid
from tests.connector.consuming.desk import Desk, forms, part, told
from tests.connector.dsp.area import OPEN, offer_of
from tests.connector.dsp.playing import P, negotiate, serve

if TYPE_CHECKING:
    from tests.connector.dsp.conftest import Pair, Puppet

LANGUAGES = ("en", "zh")
TICKED = re.compile(r'name="understood"[^>]* checked')


def product(pair: Pair) -> str:
    return f"/catalogue/{part(pair.provider.did)}/{part(OPEN)}"


def concluded(pair: Pair, buyer: Desk) -> str:
    """A contract by forms; give the path of its page."""
    there = buyer.does(product(pair), "ask")
    pair.settle()
    found = re.search(r'href="(/contracts/[^"]+)"', buyer.get(there))
    assert found
    return found[1]


def test_a_whole_contract_by_forms(pair: Pair, buyer: Desk, seller: Desk):
    """Look at a provider, ask for an offer, open it for questions, pause, resume, end: both see it."""
    catalogue = buyer.get(f"/catalogue/{part(pair.provider.did)}")
    assert OPEN in told(catalogue)
    there = buyer.does(product(pair), "ask")
    assert there.startswith("/negotiations/")
    page = told(buyer.get(there))
    assert "Asked; the provider is being told" in page
    assert "at most 5 answers" in page
    pair.settle()
    assert "Open the contract" in told(buyer.get(there))
    (line,) = re.findall(r'href="(/contracts/[^"]+)"', buyer.get("/contracts"))
    providing = seller.get("/contracts?role=provider")
    (theirs,) = re.findall(r'href="(/contracts/[^"]+)"', providing)  # each names it by its own pid
    assert "No contract fits" in told(seller.get("/contracts?role=consumer"))

    page = told(buyer.get(line))
    assert "Questions may be asked: for “planning of capacity”; mode: masked" in page
    assert "It cannot be used now" in page  # no transfer runs yet
    buyer.does(line, "open")
    pair.settle()
    assert "It may be used" in told(buyer.get(line))
    assert "It may be used" in told(seller.get(theirs))
    assert "open" not in forms(buyer.get(line))

    seller.does(theirs, "pause", reason="the data is being mended")
    pair.settle()
    assert "It cannot be used now" in told(seller.get(theirs))
    seller.does(theirs, "resume")
    pair.settle()
    assert "It may be used" in told(seller.get(theirs))

    refused = buyer.send(line, "end", reason="moved on")
    assert refused.status_code == 400
    assert "console-not-confirmed" in refused.get_data(as_text=True)
    assert "moved on" in refused.get_data(as_text=True)
    assert "1 open transfer ends" in told(buyer.get(line))
    buyer.does(line, "end", reason="moved on", understood="yes")
    pair.settle()
    for desk, path in ((buyer, line), (seller, theirs)):
        page = desk.get(path)
        assert "moved on" in told(page)
        assert not forms(page) & {"end", "open"}
    assert "No contract fits" in told(buyer.get("/contracts?show=open"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_draws_in_both_languages(pair: Pair, buyer: Desk, language: str):
    """With data and without; each has its title in the language of the person."""
    empty = ["/negotiations", "/contracts", "/catalogue"]
    for path in empty:
        assert buyer.sit("cdo", language).get(path)
    line = concluded(pair, buyer.sit("cdo", "en"))
    buyer.does(line, "open")
    pair.settle()
    (talk,) = re.findall(r'href="(/negotiations/[^"?]+)"', buyer.get("/negotiations"))
    buyer.sit("cdo", language)
    titles = {
        "/negotiations": ("Negotiations", "协商"),
        talk: ("History", "经过"),
        "/contracts": ("Contracts", "合约"),
        line: ("May it be used now?", "现在能否使用"),
        product(pair): ("Offers", "要约"),
        f"/catalogue/{part(pair.provider.did)}": ("Dataset", "数据集"),
    }
    for path, words in titles.items():
        html = buyer.get(path)
        assert words[language == "zh"] in told(html), path
        assert len(html.encode()) < 150_000


def other_terms() -> dict:
    offer = json.loads(json.dumps(offer_of(OPEN)))
    for clause in offer["permission"][0]["constraint"]:
        if clause["leftOperand"] == "odrl:count":
            clause["rightOperand"] = "500"
    return offer


def counter(pair: Pair, puppet: Puppet, pid: str, offer: dict, number: int = 1) -> None:
    message = m.ContractOfferMessage(
        id=f"urn:o:{number}",
        consumer_pid=Pid(pid),
        provider_pid=P,
        offer=message_offer(offer, dataset_id=OPEN),
    )
    answer = puppet.send(pair.consumer, f"/negotiations/{pid}/offers", message)
    assert answer[0] == 200, answer


def test_other_terms_stand_side_by_side_and_are_accepted_knowingly(
    pair: Pair, puppet: Puppet, buyer: Desk
):
    """What changed is marked; without the tick nothing is accepted; stale terms are refused."""
    serve(pair, puppet)
    pid = negotiate(pair, puppet)
    path = f"/negotiations/{part(pid)}"
    assert "accept" not in forms(buyer.get(path))
    counter(pair, puppet, pid, other_terms())
    html = buyer.get(path)
    assert re.search(r"<del><bdi>at most 5 answers</bdi></del>", html)
    assert re.search(r"<ins><bdi>at most 500 answers</bdi></ins>", html)
    page = told(buyer.get("/contracts"))
    assert "Contracts 1 " in page  # in the rail: one waits for us
    assert "1 offer waits" in page
    assert "other terms than we asked for" in told(buyer.get("/negotiations?show=open"))
    assert buyer.send(path, "accept").status_code == 400
    stale = buyer.send(path, "accept", understood="yes", terms="sha-256:" + "0" * 64)
    assert stale.status_code == 409
    assert not TICKED.search(stale.get_data(as_text=True)), "it was said of other terms"
    buyer.does(path, "accept", understood="yes")
    sent = [one for one in puppet.got if "/events" in one[1]]
    assert not sent  # not before it is delivered
    pair.consumer.deliver()
    assert [one for one in puppet.got if "/events" in one[1]]


def test_a_negotiation_is_ended_with_a_reason_that_is_kept(pair: Pair, puppet: Puppet, buyer: Desk):
    serve(pair, puppet)
    path = f"/negotiations/{part(negotiate(pair, puppet))}"
    empty = buyer.send(path, "terminate", reason="  ")
    assert empty.status_code == 400
    assert "console-reason-empty" in empty.get_data(as_text=True)
    buyer.does(path, "terminate", reason="too dear")
    pair.consumer.deliver()
    page = buyer.get(path)
    assert "too dear" in told(page)
    assert not forms(page)
    assert "No negotiation fits" in told(buyer.get("/negotiations?show=open"))


@pytest.mark.parametrize("role", ["steward", "auditor"])
def test_who_only_reads_gets_no_form_and_no_way_around(pair: Pair, buyer: Desk, role: str):
    """A steward may open for questions, an auditor nothing; both see the contract."""
    line = concluded(pair, buyer)
    buyer.sit(role)
    html = buyer.get(line)
    assert forms(html) == ({"open"} if role == "steward" else set())
    answer = buyer.client.post(
        line,
        base_url="http://localhost:23456",
        data={
            "_form": "end",
            "_csrf": re.findall(r'name="_csrf" value="(\w+)"', html)[0],
            "reason": "x",
            "understood": "yes",
        },
        headers={"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost:23456"},
    )
    assert answer.status_code == 403
    if role == "auditor":
        buyer.get(product(pair), 403)
        assert not forms(buyer.get("/catalogue"))
    else:
        assert "ask" not in forms(buyer.get(product(pair)))


def test_a_provider_that_cannot_be_reached_is_one_refusal_on_the_page(buyer: Desk):
    """The page stays, with the way back; nothing fails."""
    for path in ("/catalogue/did%3Aweb%3Anobody.example", "/catalogue/nonsense",
                 "/catalogue/did%3Aweb%3Anobody.example/urn%3Ax"):  # fmt: skip
        html = buyer.get(path)
        assert html.count('class="refusal"') == 1, path
        assert 'href="/catalogue"' in html


def test_ids_with_slashes_are_found(pair: Pair, buyer: Desk):
    """A dataset's id may be a URL: two slashes in a row stay two."""
    html = buyer.get(f"/catalogue/{part(pair.provider.did)}/{part('https://x.example//a/b')}")
    assert "https://x.example//a/b" in html
    assert html.count('class="refusal"') == 1
