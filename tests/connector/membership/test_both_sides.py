"""Whoever is not certified neither asks nor answers, whichever side it is and whoever looks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from connector.areas.delivery.fetch import Fetch
from connector.areas.delivery.may_flow import look
from connector.areas.delivery.part import Part
from connector.areas.dsp.rows import ProcessRow
from connector.areas.questions.rows import ChargeRow
from connector.identity.rows import StatusDocumentRow
from connector.process.errors import Refused
from contracts.evidence import parse_leaf
from crypto.canonical import canonical, digest_bytes
from policies.phrases import sentence
from policies.reasons import Reason
from tests.connector.membership.bazaar import TOTAL, Bazaar, named

if TYPE_CHECKING:
    from pathlib import Path

    from tests.connector.space import Space
    from tests.simulators import Net

CODE = "participant.not-certified"
COUNT = "SELECT COUNT(*) FROM deliveries"


@pytest.fixture
def bazaar(space: Space, net: Net, tmp_path: Path) -> Bazaar:
    return Bazaar.make(space, net, tmp_path)


def provider_states(bazaar: Bazaar, kind: str) -> list[str]:
    with bazaar.supplier.node.db.reading() as session:
        query = select(ProcessRow.state).where(ProcessRow.kind == kind)
        return list(session.exec(query))


@pytest.mark.long
@pytest.mark.parametrize("word", ["suspend", "revoke"])
def test_a_supplier_that_lost_its_standing_answers_nothing(bazaar: Bazaar, word: str) -> None:
    """Its own newest document binds it, also towards a buyer that has not heard: masked questions and
    their explanation, negotiations, transfers and files are refused by itself, naming itself; the
    refusal's leaf says under which status document; reinstated, it answers.
    """
    agreement = bazaar.agreement("deliveries")
    bazaar.transfer(agreement)
    assert bazaar.ask(agreement, questionId="urn:uuid:first")[0] == 200
    files = bazaar.agreement("parts")
    pid = bazaar.transfer(files, format="HttpData-PULL")[1]["pid"]
    theirs = bazaar.buyer.manage("GET", f"/v1/transfers/{pid}")[1]["providerPid"]
    node = bazaar.supplier.node
    with node.db.reading() as session:
        assert look(node, session, theirs).code == ""

    bazaar.act(word, "supplier", unheard_by="buyer")
    expected = [(CODE, bazaar.supplier.did)]
    status, body = bazaar.ask(agreement, COUNT)
    assert (status, named(body)) == (403, expected)
    told = bazaar.ask(agreement, COUNT, explain=True)[1]["explain"]
    assert (told["allowed"], [r["code"] for r in told["reasons"]]) == (False, [CODE])
    assert (
        bazaar.ask(agreement, questionId="urn:uuid:first")[0] == 200
    )  # what the buyer holds already is the buyer's
    with node.db.reading() as session:
        assert look(node, session, theirs).code == "peer.uncertified"
        assert len(session.exec(select(ChargeRow)).all()) == 1
    asked = bazaar.negotiate("parts")[1]["pid"]
    bazaar.settle()
    ended = bazaar.buyer.manage("GET", f"/v1/negotiations/{asked}")[1]["ended"]["reason"]
    assert [(r["code"], r["given"]) for r in ended] == expected
    assert provider_states(bazaar, "negotiation").count("FINALIZED") == 2
    assert bazaar.transfer(files, format="HttpData-PULL")[0] == 201
    assert provider_states(bazaar, "transfer").count("STARTED") == 2

    refused = bazaar.leaves("supplier", "REFUSAL")[-1]
    with node.db.reading() as session:
        held = session.exec(select(StatusDocumentRow)).one()
    assert refused["policy"]["standing"] == {
        "serial": held.serial,
        "digest": digest_bytes(held.jws.encode()),
    }
    if word == "suspend":
        bazaar.act("reinstate", "supplier")
        assert bazaar.ask(agreement, COUNT)[0] == 200


@pytest.mark.long
@pytest.mark.parametrize("word", ["suspend", "revoke"])
@pytest.mark.parametrize("which", ["supplier", "buyer"])
def test_nothing_is_sent_to_or_by_a_party_without_standing(
    bazaar: Bazaar, tmp_path: Path, which: str, word: str
) -> None:
    """`negotiate`, `ask`, its explanation, a transfer and `fetch` end at once, name the party and what
    to do, and not one request reaches the other side.
    """
    agreement, files = bazaar.agreement("deliveries"), bazaar.agreement("parts")
    bazaar.transfer(agreement)
    lost = bazaar.party(which)
    bazaar.act(word, which)
    bazaar.settle()
    before = bazaar.calls(bazaar.supplier)
    found = [
        bazaar.negotiate("deliveries"),
        bazaar.ask(agreement),
        bazaar.transfer(files, format="HttpData-PULL"),
    ]
    for status, body in found:
        assert (status, named(body)) == (403, [(CODE, lost.did)]), body
    told = bazaar.ask(agreement, explain=True)[1]["explain"]
    assert [(r["code"], r["given"]) for r in told["reasons"]] == [(CODE, lost.did)]
    with Part(tmp_path / "out.csv") as part, pytest.raises(Refused) as caught:
        Fetch(bazaar.buyer.node, files, part).run(lambda: None)
    assert [(r.code, r.given) for r in caught.value.reasons] == [(CODE, lost.did)]
    assert bazaar.calls(bazaar.supplier) == before

    reason = Reason.from_json(found[0][1]["error"]["reasons"][0])
    word_en = {"suspend": "suspended", "revoke": "revoked"}[word]
    assert f"{lost.did} is not certified now ({word_en})" in sentence(reason, "en")
    word_zh = {"suspend": "已暂停", "revoke": "已撤销"}[word]
    assert f"{lost.did} 当前未获认证（{word_zh}）" in sentence(reason, "zh")


def test_an_answer_of_a_supplier_that_lost_its_standing_meanwhile_is_not_taken(
    bazaar: Bazaar, net: Net
) -> None:
    """The document arrives between the provider's charge and the buyer's reading of the answer: it is
    refused and stays asked; reinstated, the same id gets the stored answer, uncharged.
    """
    agreement = bazaar.agreement("deliveries")
    bazaar.transfer(agreement)

    whole = net.apps[bazaar.supplier.url]

    def answered_then_suspended(environ: Any, start_response: Any) -> Any:
        answer = whole(environ, start_response)
        if environ["PATH_INFO"].endswith("/voile/v1/questions"):
            net.apps[bazaar.supplier.url] = whole
            bazaar.act("suspend", "supplier")
        return answer

    net.apps[bazaar.supplier.url] = answered_then_suspended
    status, body = bazaar.ask(agreement, questionId="urn:uuid:between")
    assert (status, named(body)) == (403, [(CODE, bazaar.supplier.did)])
    (row,) = bazaar.buyer.manage("GET", "/v1/questions")[1]["questions"]
    assert (row["questionId"], row["state"]) == ("urn:uuid:between", "asked")
    assert bazaar.leaves("buyer", "ANSWER") == []
    bazaar.act("reinstate", "supplier")
    found = bazaar.ask(agreement, questionId="urn:uuid:between")[1]
    assert found["repeated"] is True
    assert found["usage"]["used"] == 1


def test_leaves_name_the_status_document_and_older_ones_still_hold(bazaar: Bazaar) -> None:
    """Question and answer say on both sides under which document; a leaf without it is read too."""
    agreement = bazaar.agreement("deliveries")
    bazaar.transfer(agreement)
    assert bazaar.ask(agreement, TOTAL)[0] == 200
    for which in ("supplier", "buyer"):
        for kind in ("QUESTION", "ANSWER"):
            (leaf,) = bazaar.leaves(which, kind)
            assert leaf["policy"]["standing"]["serial"] == bazaar.serial(which)
            older: dict[str, Any] = {key: value for key, value in leaf.items() if key != "policy"}
            assert parse_leaf(canonical(older)) == older


def test_a_word_against_ourselves_outlives_its_document(bazaar: Bazaar, clock: Any) -> None:
    """A suspended supplier that is cut off from the hub does not become certified by waiting."""
    bazaar.act("suspend", "supplier")
    node = bazaar.supplier.node
    for _ in range(2):
        with node.db.reading() as session:
            assert node.status.standing(session, node.settings.did).status == "suspended"
        clock.advance(2 * 86_400)
