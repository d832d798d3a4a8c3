"""How a cohort table is made: once, of signed marks, for those whom the offer names."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select, update

from connector.areas.cohort import gathering
from connector.areas.cohort.speaking import say
from connector.areas.cohort.table_rows import CohortMembershipRow, GatheringPartRow, GatheringRow
from connector.areas.dsp.rows import AgreementRow
from contracts.cohort.signing import digest_of
from contracts.cohort.table_statements import Joining
from crypto.b64 import unb64url
from tests.connector.cohort.alliance import BRANDS, SUPPLIERS, certified
from tests.connector.cohort.test_attacks import post
from tests.connector.cohort.test_both_sides import CODE as STANDING

if TYPE_CHECKING:
    from connector.process.ports import Response
    from tests.connector.cohort.alliance import Alliance


def membership(alliance: Alliance, name: str) -> CohortMembershipRow | None:
    with alliance.suppliers[name].node.db.reading() as db:
        return db.get(CohortMembershipRow, "stock")


def ready(alliance: Alliance, name: str, agreement: str) -> tuple[int, Any]:
    supplier = alliance.suppliers[name]
    body = {"agreement": agreement}
    answer = post(alliance, alliance.buyer, supplier, "cohorts/tables/ready", body)
    return answer.status, json.loads(answer.body)


def payload(jws: str) -> Any:
    return json.loads(unb64url(jws.split(".")[1]))


def sent_to_hub(alliance: Alliance) -> list[str]:
    return [s.url for s in alliance.buyer.net.sent if s.url.startswith(alliance.hub.url)]


def test_a_table_is_made_step_by_step_and_once(alliance: Alliance) -> None:
    """Join, mark, take the classes; afterwards nobody is called for it, whoever asks what."""
    agreements = alliance.agreements()
    dids = sorted(alliance.suppliers[name].did for name in SUPPLIERS)
    pairs = list(zip(SUPPLIERS, agreements, strict=True))
    told = [ready(alliance, *pair)[1] for pair in pairs]
    assert told[0] == {"roster": dids, "table": "", "missing": dids[1:]}
    assert [answer["missing"] for answer in told[1:]] == [dids[2:], []]
    tables = [ready(alliance, *pair)[1]["table"] for pair in pairs + pairs]
    assert tables[:1] == [""]
    (table,) = set(tables[3:])
    calls = len(sent_to_hub(alliance))
    assert ready(alliance, *pairs[0])[1] == {"roster": dids, "table": table, "missing": []}
    assert len(sent_to_hub(alliance)) == calls
    rows = [membership(alliance, name) for name in SUPPLIERS]
    assert {digest_of(row.classes_jws) for row in rows if row} == {table}
    for row in filter(None, rows):
        said = payload(row.joining_jws)["measures"]
        assert [measure["group"] for measure in said] == [0, 1]  # which columns is not told
        assert all("columns" not in measure for measure in said)


@pytest.mark.long
def test_marks_go_to_the_aggregator_alone(alliance: Alliance) -> None:
    """No other supplier and no buyer gets them; each side has leaves that name what was signed."""
    alliance.answer(alliance.agreements())
    rows = {name: membership(alliance, name) for name in SUPPLIERS}
    for name, row in rows.items():
        assert row is not None
        for other in SUPPLIERS:
            kept = rows[other]
            assert kept is not None
            if other != name:
                assert row.marks_jws not in str(kept.model_dump())
        seen = [s for s in alliance.buyer.net.sent if row.marks_jws.encode() in s.body]
        assert seen
        assert all(s.url.startswith(alliance.hub.url) for s in seen)
        named = list(alliance.leaves(alliance.suppliers[name], "COHORT"))
        tables = [leaf["query"]["table"] for leaf in named if "table" in leaf.get("query", {})]
        assert tables == ["joining", "marks", "classes"]
        digests = {digest for leaf in named for digest in leaf["sig"]}
        assert {digest_of(row.joining_jws), digest_of(row.marks_jws)} <= digests
        ours = {d for leaf in alliance.leaves(alliance.hub, "COHORT") for d in leaf["sig"]}
        assert {digest_of(row.marks_jws), digest_of(row.classes_jws)} <= ours
    with alliance.hub.node.db.reading() as db:
        (made,) = db.exec(select(GatheringRow))
        parts = {part.member: part.marks_jws for part in db.exec(select(GatheringPartRow))}
    said = payload(made.classes_jws)["marks"]
    assert said == {did: digest_of(text) for did, text in parts.items()}


@pytest.mark.long
def test_strangers_and_latecomers_do_not_join(alliance: Alliance) -> None:
    """A firm outside the roster, a joining under another's name, another one after the classes."""
    alliance.answer(alliance.agreements())
    row = membership(alliance, "acme")
    assert row is not None
    stranger = certified(alliance.space, "eyre")
    alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
    path, acme = "aggregations/tables/join", alliance.suppliers["acme"]

    def join(party: Any, signed: str) -> Response:
        return post(alliance, party, alliance.hub, path, {"joining": signed, "v": 2})

    assert join(stranger, row.joining_jws).status == 403
    assert join(alliance.suppliers["bolt"], row.joining_jws).status == 403
    assert json.loads(join(acme, row.joining_jws).body)["classes"] == row.classes_jws
    other = Joining.from_json(payload(row.joining_jws) | {"minCohort": 4})
    answer = join(acme, say(acme.node, other, acme.node.clock.now()))
    assert (answer.status, json.loads(answer.body)["error"]["code"]) == (409, "cohort.table.made")
    marks = {"marks": row.marks_jws}
    wrong = post(alliance, stranger, alliance.hub, "aggregations/tables/marks", marks)
    assert wrong.status == 403


@pytest.mark.long
def test_what_an_owner_publishes_before_its_classes_come_ends_no_cohort(alliance: Alliance) -> None:
    """It marked, the others froze what they marked with it: it takes the classes first of all."""
    agreements = alliance.agreements()
    pairs = list(zip(SUPPLIERS, agreements, strict=True))
    for pair in (*pairs, *pairs):
        ready(alliance, *pair)
    rows = [membership(alliance, name) for name in SUPPLIERS]
    assert [bool(row and row.classes_jws) for row in rows] == [False, True, True]
    appended = [*BRANDS, "a brand of later"]
    alliance.publish("acme", alliance.stocks["acme"], brands=appended)
    found = alliance.answer(agreements)["answer"]
    assert [cell["key"]["brand"] for cell in found["cells"]]
    tables = {row.classes_jws for name in SUPPLIERS if (row := membership(alliance, name))}
    assert len(tables) == 1


@pytest.mark.long
def test_a_product_marks_once_until_its_owner_publishes_it_again(alliance: Alliance) -> None:
    """Joinings that change at will get no second marks: the owner must act first."""
    agreements = alliance.agreements()
    pairs = list(zip(SUPPLIERS, agreements, strict=True))
    for pair in [*pairs, pairs[0]]:
        assert ready(alliance, *pair)[0] == 200
    before = membership(alliance, "acme")
    assert before is not None
    assert before.marks_jws
    bolt = alliance.suppliers["bolt"]
    row = membership(alliance, "bolt")
    assert row is not None
    for dataset in ("other", "another"):
        lie = Joining.from_json(payload(row.joining_jws) | {"dataset": dataset})
        signed = {"joining": say(bolt.node, lie, bolt.node.clock.now()), "v": 2}
        answer = post(alliance, bolt, alliance.hub, "aggregations/tables/join", signed)
        assert answer.status == 200
        status, body = ready(alliance, *pairs[0])
        assert status == 403
        (reason,) = body["error"]["reasons"]
        acme = alliance.suppliers["acme"].did
        assert (reason["code"], reason["given"]) == ("cohort.table.again", acme)
        after = membership(alliance, "acme")
        assert after == before
    alliance.hub.node.clock.advance(2)
    alliance.publish("acme", alliance.stocks["acme"])
    assert ready(alliance, *pairs[0])[0] == 200
    after = membership(alliance, "acme")
    assert after is not None
    assert after.cohort not in {"", before.cohort}
    assert after.marks_jws not in {"", before.marks_jws}


def test_a_joining_declares_what_it_describes(alliance: Alliance) -> None:
    """What is computed with is what everybody is shown: else nobody marks for it."""
    agreements = alliance.agreements()
    pairs = list(zip(SUPPLIERS, agreements, strict=True))
    for pair in pairs[:2]:
        assert ready(alliance, *pair)[0] == 200
    bolt = alliance.suppliers["bolt"]
    row = membership(alliance, "bolt")
    assert row is not None
    said: Any = payload(row.joining_jws)
    said["described"]["measures"][1]["upper"] = "999"
    signed = {"joining": say(bolt.node, Joining.from_json(said), bolt.node.clock.now()), "v": 2}
    assert post(alliance, bolt, alliance.hub, "aggregations/tables/join", signed).status == 200
    status, body = ready(alliance, *pairs[2])
    assert status == 403
    (reason,) = body["error"]["reasons"]
    assert (reason["code"], reason["given"]) == ("cohort.table.described", bolt.did)
    cogs = membership(alliance, "cogs")
    assert cogs is not None
    assert cogs.marks_jws == ""


def test_who_has_no_agreement_learns_nothing(alliance: Alliance) -> None:
    """A stranger, and a buyer with another id: the same refusal, and nothing is begun."""
    agreements = alliance.agreements()
    assert ready(alliance, "acme", "urn:uuid:other")[0] == 403
    stranger = certified(alliance.space, "eyre")
    alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
    alliance.buyer = stranger
    status, body = ready(alliance, "acme", agreements[0])
    assert (status, body["error"]["reasons"][0]["code"]) == (403, "agreement.unknown")
    assert membership(alliance, "acme") is None


def test_a_table_begins_under_an_agreement_that_lets_its_holder_ask(alliance: Alliance) -> None:
    """Another mode, an ended one, a supplier that is suspended: nothing is begun."""
    (agreement,) = alliance.agreements(["acme"])

    def code() -> str:
        status, body = ready(alliance, "acme", agreement)
        assert status == 403
        found: str = body["error"]["reasons"][0]["code"]
        return found

    acme = alliance.suppliers["acme"].node

    def change(**values: Any) -> None:
        with acme.db.transaction() as tx:
            tx.session.execute(update(AgreementRow).values(**values))

    with acme.db.reading() as db:
        kept = db.exec(select(AgreementRow.body)).one()
    change(body=kept.replace("homomorphic", "masked"))
    assert code() == "policy.query-mode"
    change(body=kept, ended_ms=1)
    assert code() == "agreement.ended"
    change(ended_ms=None)
    alliance.space.act("participants/suspend", alliance.suppliers["acme"])
    alliance.space.settle(alliance.buyer)
    assert code() == STANDING
    assert membership(alliance, "acme") is None


@pytest.mark.long
def test_classes_that_cut_a_suppliers_cells_are_not_taken(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An aggregator that splits what lies together at one supplier gets no figure of it."""
    honest = gathering.make_cohort_table

    def cut(*arguments: Any, **more: Any) -> Any:
        made = honest(*arguments, **more)
        parts = [
            ((key,) for key in cells) if len(cells) > 1 else (cells,) for cells in made.classes
        ]
        classes = tuple(sorted(cells for part in parts for cells in part))
        assert len(classes) > len(made.classes)
        return replace(made, classes=classes, measures=tuple(() for _ in made.measures))

    monkeypatch.setattr(gathering, "make_cohort_table", cut)
    status, body = alliance.ask(alliance.agreements())
    assert status == 403, body
    assert {reason["code"] for reason in body["error"]["reasons"]} == {"cohort.table.wrong"}
    cogs = membership(alliance, "cogs")  # whose A1 and D4 are one cell
    assert cogs is not None
    assert cogs.classes_jws == ""


def test_a_supplier_that_stays_away_is_named(alliance: Alliance) -> None:
    """Its offer names another cohort: the table of the others is not made without it."""
    agreements = alliance.agreements()
    alliance.publish("cogs", alliance.stocks["cogs"], cohort=("cogs", "eyre", "fern"))
    codes = alliance.reasons(agreements)
    assert set(codes) == {"cohort.roster.other"}
    pairs = list(zip(SUPPLIERS, agreements, strict=True))
    told = [ready(alliance, *pair)[1] for pair in pairs[:2]]
    assert [answer["table"] for answer in told] == ["", ""]
    assert told[1]["missing"] == [alliance.suppliers["cogs"].did]
