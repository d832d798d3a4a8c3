"""What wrong parties try around a total, and that it gets them nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from connector.cohort.rows import CohortAskRow
from connector.cohort.tagging import seed_of
from connector.ports import Response
from contracts.cohort.ending import Ended
from contracts.cohort.session import Session
from crypto.b64 import b64url, unb64url
from crypto.canonical import canonical
from tests.connector.cohort.alliance import BRANDS, SQL, SUPPLIERS, certified, stock

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


def test_two_rosters_over_one_cell_are_refused(alliance: Alliance) -> None:
    """{1,2,3} then {1,2,3,4} would give away supplier 4: to nobody, also not to another buyer."""
    alliance.supplier("dune")
    alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
    agreements = alliance.agreements(("acme", "bolt", "cogs", "dune"))
    alliance.answer(agreements[:3])
    codes = alliance.reasons(agreements)
    assert set(codes) == {"cohort.roster.changed"}
    # {1,2,4}: two members are the same, the third is another
    assert set(alliance.reasons([*agreements[:2], agreements[3]])) == {"cohort.roster.changed"}

    second = certified(alliance.space, "eyre")
    alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
    theirs = [alliance.agreement(name, second) for name in ("acme", "bolt", "dune")]
    alliance.buyer = second
    assert set(alliance.reasons(theirs)) == {"cohort.roster.changed"}
    # a cell that was withheld the first time was answered to nobody, and is free
    assert alliance.answer(theirs, SQL.replace("GROUP", "WHERE brand = 'E5' GROUP"))


def test_a_difference_of_two_totals_over_one_roster_is_refused(alliance: Alliance) -> None:
    """Only one supplier holds E5: a total with it minus one without it would be its figure.

    Whichever of the two comes first, the other is refused; the same cells again are not, however
    they are written.
    """
    rows = [(plant, "E5", 1000 + plant, "1.00") for plant in range(30)]
    for first, second in (("B2", "B2,E5"), ("C3,E5", "C3")):
        only = {b: ", ".join(f"'{x}'" for x in b.split(",")) for b in (first, second)}
        if first == "B2":
            alliance.publish("acme", [*alliance.stocks["acme"], *rows])
        agreements = alliance.agreements()
        sql = "SELECT SUM(available) FROM stock WHERE brand IN ({})"
        released = alliance.answer(agreements, sql.format(only[first]))["answer"]["cells"]
        assert released
        assert set(alliance.reasons(agreements, sql.format(only[second]))) == {
            "cohort.cell.overlaps"
        }
        again = alliance.answer(
            agreements, f"SELECT COUNT(*) FROM stock WHERE NOT brand NOT IN ({only[first]})"
        )
        assert again["answer"]["cells"]
    whole = alliance.reasons(agreements, "SELECT SUM(available) FROM stock")
    assert set(whole) == {"cohort.cell.overlaps"}
    by_brand = "SELECT brand, SUM(available) FROM stock WHERE brand = 'B2' GROUP BY brand"
    assert alliance.answer(agreements, by_brand)["answer"]["cells"]


def test_a_cell_is_remembered_by_content_across_data_versions(alliance: Alliance) -> None:
    """A new data version that leaves a cell as it was does not free it for another roster."""
    alliance.supplier("dune")
    alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
    agreements = alliance.agreements(("acme", "bolt", "cogs", "dune"))
    sql = "SELECT brand, SUM(available) FROM stock WHERE brand = 'B2' GROUP BY brand"
    alliance.answer(agreements[:3], sql)
    more = [(plant, "E5", 100 + plant, "9.00") for plant in range(30)]
    for name in SUPPLIERS:
        alliance.publish(name, [*alliance.stocks[name], *more])
    assert set(alliance.reasons(agreements, sql)) == {"cohort.roster.changed"}


def test_puppets_do_not_fill_a_cohort(alliance: Alliance) -> None:
    """A fourth firm of the buyer's own hand, and one of a supplier's, are refused by everybody."""
    alliance.supplier("dune", group="ID-buyer")
    alliance.supplier("eyre", group="ID-acme")
    alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
    agreements = alliance.agreements(("acme", "bolt", "dune", "eyre"))
    assert set(alliance.reasons([*agreements[:2], agreements[2]])) == {"cohort.member.related"}
    assert set(alliance.reasons([*agreements[:2], agreements[3]])) == {"cohort.member.related"}


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
    from connector.cohort.speaking import say

    node = alliance.buyer.node
    return say(node, Session.from_json(session), node.clock.now())


@pytest.mark.parametrize("what", ["proof", "prime", "other agreement"])
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
    assert len(outcome["answer"]["cells"]) == 2
    assert all(alliance.used(n, a) == 1 for n, a in zip(SUPPLIERS, agreements, strict=True))


def test_an_end_that_the_aggregator_did_not_sign_gives_nothing_back(alliance: Alliance) -> None:
    """The buyer cannot have its charge back by its own word, before or after the release."""
    agreements = alliance.agreements()
    session_id = alliance.answer(agreements)["answer"]["session"]
    node = alliance.buyer.node
    with node.db.reading() as db:
        row = db.exec(select(CohortAskRow)).one()
    session = Session.from_json(json.loads(unb64url(row.session_jws.split(".")[1])))
    from connector.cohort.speaking import say

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


def test_providers_that_mean_something_else_are_told_apart(alliance: Alliance) -> None:
    """Another unit under the same name is refused before anything is asked."""
    agreements = alliance.agreements()
    alliance.publish("bolt", alliance.stocks["bolt"], unit="t")
    assert alliance.reasons(agreements) == ["cohort.unit.differs"]


def test_a_supplier_without_a_code_has_nothing_to_add_there(alliance: Alliance) -> None:
    """Codes may differ: the domain is their union, and its cells need three contributors anyway."""
    alliance.supplier("dune", rows=stock("dune", BRANDS[1:3]), brands=BRANDS[1:3])
    alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
    answer = alliance.answer(alliance.agreements(("acme", "bolt", "dune")))["answer"]
    assert {cell["key"]["brand"] for cell in answer["cells"]} == {"B2", "C3"}
    assert {cell["key"]["brand"] for cell in answer["withheld"]} == {"A1", "D4", "E5"}
