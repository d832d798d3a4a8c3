"""What wrong parties try around a total, and that it gets them nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from connector.areas.cohort.rows import CohortAskRow, ProviderSessionRow
from connector.areas.cohort.tagging import seed_of
from connector.process.ports import Response
from contracts.cohort.ending import Ended
from contracts.cohort.session import Session
from crypto.b64 import b64url, unb64url
from crypto.canonical import canonical
from tests.connector.cohort.alliance import BRANDS, SUPPLIERS, certified, stock
from tests.connector.cohort.test_negotiated import negotiated
from tests.long import first_of

if TYPE_CHECKING:
    from tests.connector.cohort.alliance import Alliance


def post(alliance: Alliance, caller: Any, callee: Any, path: str, body: Any) -> Response:
    """One call between parties, with the caller's token."""
    url = f"{callee.url}/voile/v1/{path}"
    headers = {"Content-Type": "application/json"}
    return caller.node.peers.call(callee.did, "POST", url, body=canonical(body), headers=headers)


def opened(
    alliance: Alliance, session: dict[str, Any], question: Any, agreement: str, proof: Any
) -> Response:
    """Open a session at one supplier, with whatever the buyer signs."""
    body = {
        "session": signed(alliance, session),
        "question": question,
        "agreement": agreement,
        "proof": proof,
        "seed": b64url(seed_of(alliance.buyer.node, Session.from_json(session)).value),
    }
    acme = alliance.suppliers["acme"]
    return post(alliance, alliance.buyer, acme, f"cohorts/{session['session']}", body)


def captured(alliance: Alliance, step: str) -> list[tuple[str, bytes]]:
    """Return the calls of one step that crossed the network, as url and body."""
    return [(s.url, s.body) for s in alliance.buyer.net.sent if s.url.endswith(step)]


FOUR = ("acme", "bolt", "cogs", "dune")


@pytest.mark.long
def test_another_roster_is_refused_for_good(alliance: Alliance) -> None:
    """{1,2,3} then {1,2,3,4} would give away supplier 4: to nobody, also not to another buyer.

    Also not when every offer names the four from now on: the products are in their cohort.
    """
    alliance.supplier("dune", cohort=FOUR)
    alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
    three = alliance.agreements()
    agreements = alliance.regroup(FOUR)
    for name in SUPPLIERS:
        alliance.publish(name, alliance.stocks[name])
    alliance.answer(three)
    assert set(alliance.reasons(agreements)) == {"cohort.roster.other"}
    # {1,2,4}: two members are the same, the third is another
    assert set(alliance.reasons([*agreements[:2], agreements[3]])) == {"cohort.roster.other"}
    assert sum(alliance.used(name, a) for name, a in zip(FOUR, agreements, strict=True)) == 0
    second = certified(alliance.space, "eyre")
    alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
    alliance.buyer = second
    for name in SUPPLIERS[:2]:
        alliance.publish(name, alliance.stocks[name], cohort=FOUR)
        found = negotiated(alliance, name)
        assert found["state"] == "TERMINATED"
        assert "cohort.roster.changed" in str(found)


@pytest.mark.long
def test_the_asker_chooses_no_roster(alliance: Alliance) -> None:
    """Of four that the offers name, nobody gets a total of three, whoever asks first."""
    alliance.supplier("dune", cohort=FOUR)
    alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
    agreements = alliance.regroup(FOUR)
    assert set(alliance.reasons(agreements[:3])) == {"cohort.roster.other"}
    assert len(alliance.answer(agreements)["answer"]["cells"]) == 3


@pytest.mark.long
@pytest.mark.parametrize("turned", first_of([False, True]))
def test_no_difference_of_two_totals_is_one_suppliers(alliance: Alliance, *, turned: bool) -> None:
    """Only one supplier holds E5: a total with it minus one without it would be its figure.

    So E5 and another brand are one class, and a total has both or neither, whatever was asked
    before; how it is written makes no difference.
    """
    rows = [(plant, "E5", 1000 + plant, "1.00") for plant in range(30)]
    alliance.publish("acme", [*alliance.stocks["acme"], *rows])
    agreements = alliance.agreements()
    sql = "SELECT SUM(available) FROM stock WHERE brand IN ({})"
    released = {"'B2', 'E5'", "'C3'", "'B2', 'C3', 'E5'", "'A1', 'B2', 'C3', 'D4', 'E5'"}
    withheld = {"'B2'", "'E5'", "'C3', 'E5'", "'A1', 'B2'"}
    for brands in sorted(released | withheld, reverse=turned):
        answer = alliance.answer(agreements, sql.format(brands))["answer"]
        assert bool(answer["cells"]) == (brands in released), brands
    again = "SELECT COUNT(*) FROM stock WHERE NOT brand NOT IN ('E5', 'B2')"
    assert alliance.answer(agreements, again)["answer"]["cells"]


@pytest.mark.long
def test_what_was_cleared_does_not_tell_who_contributes(alliance: Alliance) -> None:
    """All suppliers say the same in phase A, and say it again of the same question."""
    agreements, said = alliance.agreements(), set()
    for question in ("question-1", "question-2"):
        alliance.answer(agreements, question_id=question)
    for name in SUPPLIERS:
        with alliance.suppliers[name].node.db.reading() as db:
            for row in db.exec(select(ProviderSessionRow)):
                payload = json.loads(unb64url(row.indicators_jws.split(".")[1]))
                said.add(tuple(payload["columns"]))
    assert said == {("01101",) * 4}


@pytest.mark.long
def test_totals_stay_those_of_the_data_that_the_table_was_made_of(alliance: Alliance) -> None:
    """One row more at one supplier is in no total: the difference would be that row."""
    agreements = alliance.agreements()
    before = alliance.answer(agreements)["answer"]
    alliance.publish("acme", [*alliance.stocks["acme"], (3, "B2", 17, "1.00")])
    after = alliance.answer(agreements)["answer"]
    assert after["cells"] == before["cells"]
    assert after["dataVersions"] == before["dataVersions"]
    assert [alliance.used(n, a) for n, a in zip(SUPPLIERS, agreements, strict=True)] == [1, 1, 1]


@pytest.mark.long
@pytest.mark.parametrize(("name", "group"), first_of([("dune", "ID-buyer"), ("eyre", "ID-acme")]))
def test_puppets_do_not_fill_a_cohort(alliance: Alliance, name: str, group: str) -> None:
    """A firm of the buyer's own hand, and one of a supplier's, are refused by everybody."""
    roster = ("acme", "bolt", name)
    alliance.supplier(name, group=group, cohort=roster)
    alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
    agreements = alliance.regroup(roster)
    assert set(alliance.reasons(agreements)) == {"cohort.member.related"}


@pytest.mark.long
def test_offers_of_one_product_name_one_cohort(alliance: Alliance) -> None:
    """Without a roster, or with two, a product is in no cohort; its owner is named."""
    agreements = alliance.agreements()
    alliance.publish("acme", alliance.stocks["acme"], cohort=())
    assert set(alliance.reasons(agreements)) == {"cohort.roster.missing"}


def test_an_older_supplier_is_refused_by_name(alliance: Alliance) -> None:
    """It knows no cohort tables: the buyer says whose connector is too old, nothing is charged."""
    agreements = alliance.agreements()
    bolt = alliance.suppliers["bolt"]

    def fault(_method: str, url: str, _body: bytes) -> Response | None:
        if url != f"{bolt.url}/voile/v1/cohorts/tables/ready":
            return None
        error = {"error": {"code": "not-found", "message": "nothing here", "next": ""}}
        return Response(status=404, headers={}, body=canonical(error))

    alliance.buyer.net.fault = fault
    status, body = alliance.ask(agreements)
    assert (status, body["error"]["code"]) == (502, "cohort.peer.old")
    assert bolt.did in body["error"]["message"]
    assert alliance.sessions() == []


def test_an_aggregator_that_the_contract_does_not_name_is_refused(alliance: Alliance) -> None:
    """The buyer cannot route the ciphertexts through a party of its own choice."""
    other = certified(alliance.space, "dune")
    alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
    agreements = alliance.agreements()
    session, question, agreement, proof = forged_session(alliance, agreements, aggregator=other.did)
    answer = opened(alliance, session, question, agreement, proof)
    assert answer.status == 403
    codes = [reason["code"] for reason in json.loads(answer.body)["error"]["reasons"]]
    assert codes == ["policy.aggregator"]


def forged_session(
    alliance: Alliance, agreements: list[str], **changes: Any
) -> tuple[dict[str, Any], Any, str, Any]:
    """Take the parts of a fresh honest session, and change what the buyer would sign."""
    status, _ = alliance.ask(agreements, purpose="credit")
    assert status == 403
    (_url, body) = next(
        (url, body)
        for url, body in reversed(captured(alliance, ""))
        if url.rpartition("/")[0] == f"{alliance.suppliers['acme'].url}/voile/v1/cohorts"
    )
    sent = json.loads(body)
    session = json.loads(unb64url(sent["session"].split(".")[1]))
    question = sent["question"] | {"purpose": "https://w3id.org/voile/ns/purpose/stockPlanning"}
    from contracts.cohort.session import Question

    read = Question.from_json(question)
    session |= {"query": read.query_digest, "domain": read.domain_digest} | changes
    return session, question, agreements[0], sent["proof"]


def signed(alliance: Alliance, session: dict[str, Any]) -> str:
    """Sign a session as the buyer."""
    from connector.areas.cohort.speaking import say

    node = alliance.buyer.node
    return say(node, Session.from_json(session), node.clock.now())


@pytest.mark.parametrize("what", first_of(["proof", "prime", "other agreement"]))
def test_a_wrong_key_gets_one_uniform_answer(alliance: Alliance, what: str) -> None:
    """A broken proof, a prime modulus, a proof for another contract: the same refusal, no trace."""
    agreements = alliance.agreements()
    session, question, agreement, proof = forged_session(alliance, agreements)
    if what == "proof":
        proof = [proof[1], proof[0], *proof[2:]]
    elif what == "prime":
        import gmpy2

        n = int.from_bytes(unb64url(session["key"]["n"]), "big")
        prime = int(gmpy2.next_prime(n))
        session["key"] = session["key"] | {"n": b64url(prime.to_bytes(256, "big"))}
    else:
        agreement = alliance.another("acme")
    if what == "prime":
        from crypto.paillier.jwk import public_from_jwk

        session["key"].pop("kid")
        session["key"]["kid"] = public_from_jwk(session["key"]).thumbprint()
    leaves = len(alliance.leaves(alliance.suppliers["acme"], "QUESTION", "COHORT"))
    answer = opened(alliance, session, question, agreement, proof)
    error = json.loads(answer.body)["error"]
    assert answer.status == 403
    assert error == {
        "code": "paillier.refused",
        "message": "the homomorphic batch or key was refused",
        "next": "start the question again with a fresh session",
    }
    assert len(alliance.leaves(alliance.suppliers["acme"], "QUESTION", "COHORT")) == leaves


@pytest.mark.long
def test_strangers_find_no_session(alliance: Alliance) -> None:
    """A certified firm that is not in a session finds neither it nor its product, anywhere."""
    stranger = certified(alliance.space, "eyre")
    alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
    session = alliance.answer(alliance.agreements())["answer"]["session"]
    acme, hub = alliance.suppliers["acme"], alliance.hub
    for callee, path, body in (
        (hub, f"aggregations/{session}/end", {"reason": "x", "about": ""}),
        (hub, f"aggregations/{session}/indicators", {"indicators": "x"}),
        (acme, f"cohorts/{session}/roster", {"acceptances": {}}),
        (acme, f"cohorts/{session}/contribute", {"cleared": "x"}),
        (acme, f"cohorts/{session}/end", {"outcome": ""}),
    ):
        assert post(alliance, stranger, callee, path, body).status == 404, path
    for path in (f"aggregations/{session}", f"aggregations/{session}/product"):
        answer = stranger.node.peers.call(hub.did, "GET", f"{hub.url}/voile/v1/{path}")
        assert answer.status == 404
    # a provider in the session may follow it, but the product is the buyer's alone
    url = f"{hub.url}/voile/v1/aggregations/{session}"
    assert acme.node.peers.call(hub.did, "GET", url).status == 200
    assert acme.node.peers.call(hub.did, "GET", url + "/product").status == 404


@pytest.mark.long
def test_a_product_that_was_changed_on_its_way_is_not_believed(alliance: Alliance) -> None:
    """An aggregator or relay that swaps the product is caught by its own signature."""
    agreements = alliance.agreements()
    net = alliance.buyer.net

    def swap(method: str, url: str, _body: bytes) -> Response | None:
        if method == "GET" and url.endswith("/product"):
            return Response(status=200, headers={}, body=b"VPB\x01 another product")
        return None

    net.fault = swap
    status, body = alliance.ask(agreements, question_id="question-1")
    assert (status, body["error"]["code"]) == (403, "cohort.released")
    assert alliance.states()["buyer"] == ["ASKED"]
    net.fault = None
    outcome = alliance.answer(agreements, question_id="question-1")
    assert len(outcome["answer"]["cells"]) == 3
    assert all(alliance.used(n, a) == 1 for n, a in zip(SUPPLIERS, agreements, strict=True))


def test_an_end_that_the_aggregator_did_not_sign_gives_nothing_back(alliance: Alliance) -> None:
    """The buyer cannot have its charge back by its own word, before or after the release."""
    agreements = alliance.agreements()
    session_id = alliance.answer(agreements)["answer"]["session"]
    node = alliance.buyer.node
    with node.db.reading() as db:
        row = db.exec(select(CohortAskRow)).one()
    session = Session.from_json(json.loads(unb64url(row.session_jws.split(".")[1])))
    from connector.areas.cohort.speaking import say

    forged = say(
        node,
        Ended(
            session=session_id,
            transcript=session.transcript,
            aggregator=session.aggregator,
            reason="cohort.deadline",
            about="",
            by=session.aggregator,
            cleared="",
        ),
        node.clock.now(),
    )
    acme = alliance.suppliers["acme"]
    for outcome in (forged, "", row.outcome_jws):
        post(alliance, alliance.buyer, acme, f"cohorts/{session_id}/end", {"outcome": outcome})
        assert alliance.used("acme", agreements[0]) == 1
    assert alliance.states()["acme"] == ["SETTLED"]


@pytest.mark.long
def test_replayed_phases_change_nothing(alliance: Alliance) -> None:
    """Every body of a finished session sent again gets its stored answer or a refusal."""
    agreements = alliance.agreements()
    alliance.answer(agreements)
    before = {
        name: len(alliance.leaves(p, "COHORT", "ANSWER", "QUESTION", "REFUSAL"))
        for name, p in alliance.suppliers.items()
    }
    states = alliance.states()
    for url, body in captured(alliance, ""):
        if "/cohorts/" in url and "/explain" not in url:
            callee = next(p for p in alliance.suppliers.values() if url.startswith(p.url))
            path = url.split("/voile/v1/")[1]
            answer = post(alliance, alliance.buyer, callee, path, json.loads(body))
            assert answer.status in {200, 403, 409}
    after = {
        name: len(alliance.leaves(p, "COHORT", "ANSWER", "QUESTION", "REFUSAL"))
        for name, p in alliance.suppliers.items()
    }
    assert alliance.states() == states
    assert after == before
    assert all(alliance.used(n, a) == 1 for n, a in zip(SUPPLIERS, agreements, strict=True))


def with_dune(alliance: Alliance, **dune: Any) -> list[str]:
    """Have acme and bolt offer totals with a supplier `dune`; give the agreements."""
    roster = ("acme", "bolt", "dune")
    alliance.supplier("dune", cohort=roster, **dune)
    alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
    for name in roster[:2]:
        alliance.publish(name, alliance.stocks[name], cohort=roster)
        alliance.agreed.pop(name)
    return alliance.agreements(roster)


@pytest.mark.long
def test_providers_that_mean_something_else_are_told_apart(alliance: Alliance) -> None:
    """Another unit under the same name is refused before anything is asked."""
    agreements = with_dune(alliance, unit="t")
    assert set(alliance.reasons(agreements)) == {"cohort.table.differs.measures"}


@pytest.mark.long
def test_a_supplier_without_a_code_has_nothing_to_add_there(alliance: Alliance) -> None:
    """Codes may differ: the domain is their union. What two of three hold goes with a third's."""
    rows = stock("dune", BRANDS[1:3])
    agreements = with_dune(alliance, rows=rows, brands=BRANDS[1:3])
    answer = alliance.answer(agreements)["answer"]
    assert {cell["key"]["brand"] for cell in answer["cells"]} == {"C3", "E5"}
    assert {cell["key"]["brand"] for cell in answer["withheld"]} == {"A1", "B2", "D4"}
    together = "SELECT SUM(available) FROM stock WHERE brand <> 'C3'"
    (cell,) = alliance.answer(agreements, together)["answer"]["cells"]
    plain = alliance.plain(("acme", "bolt", "dune"))
    expected = sum(row[2] for brand in ("A1", "B2", "D4") for row in plain[brand])
    assert cell["values"]["available:sum"] == str(expected)
