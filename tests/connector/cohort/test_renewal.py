"""A cohort table is renewed when all owners ask; all answer from the same state, or not at all."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from connector.areas.audit.cohort_renewals import renewals
from connector.areas.audit.comparing import compare
from connector.areas.cohort import contributing, gatherer, renewal_deciding
from connector.areas.cohort.frozen import frozen
from connector.areas.cohort.renewal_rows import RenewalPartRow, RenewalRow
from connector.areas.cohort.renewing import Renewing
from connector.areas.cohort.speaking import say
from connector.faces.cli.products import renewal_said
from connector.process.errors import Unreachable, VoileError
from contracts.cohort.renewal_statements import Asked
from contracts.cohort.signing import digest_of
from crypto.canonical import digest
from crypto.disclosure.cohort_groups import groups_cleared
from crypto.disclosure.cohort_renewal import Decided
from tests.connector.cohort.alliance import BRANDS, SUPPLIERS, certified
from tests.connector.cohort.test_attacks import post
from tests.connector.cohort.test_faults import sweep
from tests.connector.cohort.test_tables import payload, ready
from tests.connector.cohort.test_tables_opened import made, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from connector.areas.cohort.frozen import Frozen
    from tests.connector.cohort.alliance import Alliance

DAY = 24 * 3600


def renew(alliance: Alliance, name: str) -> dict[str, Any]:
    """Ask as a supplier's owner, or see how far it is."""
    status, found = alliance.suppliers[name].manage("POST", "/v1/products/stock/renewal")
    assert status == 200, found
    return found


def later(alliance: Alliance, seconds: int) -> None:
    """Let time pass; everybody stays certified."""
    alliance.hub.node.clock.advance(seconds)  # type: ignore[attr-defined]
    alliance.space.renew()
    alliance.space.settle(alliance.buyer, *alliance.suppliers.values())


def settled(alliance: Alliance, names: Collection[str] = SUPPLIERS) -> None:
    """Let suppliers go on until nothing is left to do."""
    for _ in range(9):
        under_way = [Renewing(alliance.suppliers[name].node).sweep() for name in names]
        if not any(under_way):
            return


def renewed(alliance: Alliance) -> list[dict[str, Any]]:
    """Have all owners ask, and everybody go on."""
    for name in SUPPLIERS:
        renew(alliance, name)
    settled(alliance)
    return [renew(alliance, name) for name in SUPPLIERS]


def grown(alliance: Alliance, brands: Collection[str] = BRANDS, by: int = 1) -> None:
    """Publish more of some brands, in every plant of every supplier."""
    for number, name in enumerate(SUPPLIERS):
        alliance.publish(
            name,
            [
                (plant, brand, held + by * (7 + plant * 3 + number), f"{float(cost) + by:.2f}")
                if brand in brands
                else (plant, brand, held, cost)
                for plant, brand, held, cost in alliance.stocks[name]
            ],
        )


def at(alliance: Alliance, name: str) -> Frozen:
    with alliance.suppliers[name].node.db.reading() as db:
        found = frozen(db, "stock")
    assert found is not None
    return found


def held_by(alliance: Alliance) -> list[dict[str, int]]:
    """Return what all suppliers answer with, per class: rows and stock on hand."""
    all_of = [at(alliance, name) for name in SUPPLIERS]
    names = [f.name for f in all_of[0].common.table.figures]
    return [
        {
            figure: sum(one.figures[c][names.index(figure)] for one in all_of)
            for figure in ("rows", "available")
        }
        for c in range(len(all_of[0].table.classes))
    ]


def plain(alliance: Alliance) -> list[dict[str, int]]:
    """Return the same from their rows."""
    table = at(alliance, "acme")
    ((_, codes),) = table.common.table.dimensions
    found = []
    for cells in table.table.classes:
        brands = {codes[key[0]] for key in cells}
        rows = [r for name in SUPPLIERS for r in alliance.stocks[name] if r[1] in brands]
        found.append({"rows": len(rows), "available": sum(row[2] for row in rows)})
    return found


def released(answer: Any) -> dict[str, int]:
    """Return the brands whose stock an answer tells."""
    cells = answer["answer"]["cells"]
    told = {c["key"]["brand"]: c["values"].get("available:sum") for c in cells}
    return {brand: int(value) for brand, value in told.items() if value is not None}


@pytest.mark.long
def test_all_ask_and_all_answer_from_the_newer_data(alliance: Alliance) -> None:
    """Before the last owner asked, and by what a consumer does, nothing changes."""
    agreements = alliance.agreements()
    first = released(alliance.answer(agreements))
    before = [at(alliance, name) for name in SUPPLIERS]
    grown(alliance)
    assert renew(alliance, "acme")["missing"] == [
        alliance.suppliers[name].did for name in ("bolt", "cogs")
    ]
    renew(alliance, "bolt")
    settled(alliance)
    for name, agreement in zip(SUPPLIERS, agreements, strict=True):
        assert ready(alliance, name, agreement)[1]["table"] == before[0].digest
    assert [at(alliance, name) for name in SUPPLIERS] == before
    found = renewed(alliance)
    assert [(one["state"], one["renewal"]) for one in found] == [("renewed", 1)] * 3
    assert held_by(alliance) == plain(alliance)
    answer = alliance.answer(agreements)
    second = released(answer)
    assert {name: v["number"] for name, v in answer["answer"]["dataVersions"].items()} == {
        alliance.suppliers[name].did: 2 for name in SUPPLIERS
    }
    changed = {brand for brand in first if first[brand] != second[brand]}
    assert changed == set(first) - {"E5"}
    assert alliance.used("acme", agreements[0]) == 2  # another total is charged again
    leaves = alliance.leaves(alliance.suppliers["acme"], "COHORT")
    steps = [leaf["query"]["table"] for leaf in leaves if "table" in leaf.get("query", {})]
    assert steps == ["joining", "marks", "classes", "renewal", "changes", "renewed"]


def test_what_changes_at_few_is_held_and_not_told(alliance: Alliance) -> None:
    """One supplier's change shows in no total; one of both is of no state, and withheld."""
    made(alliance)
    before = held_by(alliance)
    grown(alliance, ["B2"])
    rows = [(p, b, n + 9 * (b == "C3"), c) for p, b, n, c in alliance.stocks["acme"]]
    alliance.publish("acme", rows)
    (found, *_) = renewed(alliance)
    assert (found["state"], found["classes"]) == ("renewed", {"all": 3, "held": 1})
    pairs = zip(before, held_by(alliance), plain(alliance), strict=True)
    assert [(now == was, now == true) for was, now, true in pairs] == [
        (True, True),
        (False, True),
        (True, False),
    ]
    answer = alliance.answer(alliance.agreements())
    assert {"B2", "C3"} <= set(released(answer))
    told = answer["answer"]["dataVersions"][alliance.suppliers["acme"].did]
    assert (told["number"], told["oldest"]) == (3, 1)
    cells = [("A1", "D4", "B2"), ("B2", "C3"), ("B2",)]
    assert [cleared(alliance, brands) for brands in cells] == [True, False, True]


@pytest.mark.long
def test_where_all_is_held_nothing_is_charged_again(alliance: Alliance) -> None:
    """Owners could have their consumers pay for the same figures, renewal by renewal."""
    agreements = alliance.agreements()

    def used() -> list[int]:
        return [alliance.used(n, a) for n, a in zip(SUPPLIERS, agreements, strict=True)]

    first = released(alliance.answer(agreements))
    for by in (1, 2):
        alliance.publish("acme", [(p, b, n + 9 * by, c) for p, b, n, c in alliance.stocks["acme"]])
        (found, *_) = renewed(alliance)
        assert found["classes"] == {"all": 3, "held": 3}
        assert released(alliance.answer(agreements)) == first
        assert used() == [1] * 3
        later(alliance, DAY)
    grown(alliance)
    (found, *_) = renewed(alliance)
    assert found["classes"]["held"] < 3
    assert released(alliance.answer(agreements)) != first
    assert used() == [2] * 3


@pytest.mark.long
def test_nothing_is_marked_once_the_owner_withdrew_the_product(alliance: Alliance) -> None:
    """Between its asking and the first proposal; offered again, the renewal goes on."""
    made(alliance)
    grown(alliance)
    acme = alliance.suppliers["acme"]
    renew(alliance, "acme")
    renew(alliance, "bolt")
    assert acme.manage("DELETE", "/v1/products/stock")[0] == 200
    renew(alliance, "cogs")
    settled(alliance)
    with acme.node.db.reading() as db:
        (row,) = db.exec(select(RenewalRow)).all()
    assert (row.marks_jws, row.proposal_jws) == ("", "")
    alliance.publish("acme", alliance.stocks["acme"])
    settled(alliance)
    assert [renew(alliance, name)["state"] for name in SUPPLIERS] == ["renewed"] * 3


def cleared(alliance: Alliance, brands: Collection[str]) -> bool:
    """Say whether the stock of some brands together is released."""
    of = at(alliance, "acme")
    ((_, codes),) = of.common.table.dimensions
    figure = [f.name for f in of.common.table.figures].index("available")
    group: Callable[[tuple[int, ...]], bool | None] = lambda k: codes[k[0]] in brands or None  # noqa: E731
    return bool(groups_cleared(of.table, figure, group, of.ages)[0])


@pytest.mark.long
def test_where_somebody_appeared_is_withheld(alliance: Alliance) -> None:
    """A cell that was nobody's was a total of nought; nobody would count what is there now."""
    made(alliance)
    assert cleared(alliance, ["B2"])
    grown(alliance)
    rows = [*alliance.stocks["bolt"], *((plant, "E5", 3, "1.00") for plant in range(20))]
    alliance.publish("bolt", rows)
    found = renewed(alliance)
    assert [one["classes"]["held"] for one in found] == [0] * 3
    assert [one["withheld"] for one in found] == [{"before": 0, "after": 1}] * 3
    for name in SUPPLIERS:
        of = at(alliance, name)
        assert [of.common.table.dimensions[0][1][key[0]] for key in of.table.blocked] == ["E5"]
    assert not cleared(alliance, ["B2", "E5"])


@pytest.mark.long
def test_a_supplier_with_codes_of_later_stays_at_what_it_showed(alliance: Alliance) -> None:
    """A total of all codes would leave them out: it has no newer figures, for anybody."""
    made(alliance)
    before = at(alliance, "acme")
    grown(alliance)
    rows = [*alliance.stocks["acme"], *((plant, "F6", 3, "1.00") for plant in range(20))]
    alliance.publish("acme", rows, brands=[*BRANDS, "F6"])
    found = renewed(alliance)
    assert {one["classes"]["held"] for one in found} == {3}  # two change, three are enough
    assert at(alliance, "acme").figures == before.figures
    assert (at(alliance, "acme").number, at(alliance, "bolt").number) == (1, 1)


@pytest.mark.long
def test_one_that_lags_behind_gives_no_total(alliance: Alliance) -> None:
    """A session names the state; who is at another refuses it before it looks at a figure."""
    agreements = alliance.agreements()
    made(alliance)
    before = at(alliance, "acme").digest
    grown(alliance)
    for name in SUPPLIERS:
        renew(alliance, name)
    for name in (*SUPPLIERS, "cogs"):  # acme and bolt mark, cogs learns what is renewed
        with contextlib.suppress(VoileError):
            Renewing(alliance.suppliers[name].node).sweep()
    states = {at(alliance, name).digest for name in SUPPLIERS}
    assert len(states) == 2
    assert before in states
    assert alliance.reasons(agreements) == ["cohort.table.waiting"]
    assert [alliance.used(n, a) for n, a in zip(SUPPLIERS, agreements, strict=True)] == [0] * 3
    settled(alliance)
    assert len({at(alliance, name).digest for name in SUPPLIERS}) == 1


@pytest.mark.long
def test_a_session_under_way_ends_with_the_state_that_it_names(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Renewed between its phases: no supplier adds newer figures to older ones; nobody pays."""
    agreements = alliance.agreements()
    made(alliance)
    grown(alliance)
    honest = contributing.pack

    def late(*arguments: Any) -> Any:
        monkeypatch.setattr(contributing, "pack", honest)
        renewed(alliance)
        return honest(*arguments)

    monkeypatch.setattr(contributing, "pack", late)
    status, body = alliance.ask(agreements)
    assert status == 403, body
    assert body["error"]["reasons"][0]["code"] in {"cohort.version.changed", "cohort.table.other"}
    assert [alliance.used(n, a) for n, a in zip(SUPPLIERS, agreements, strict=True)] == [0] * 3


@pytest.mark.long
def test_a_session_that_a_renewal_cuts_off_is_never_paid_for(alliance: Alliance) -> None:
    """Nor where no supplier can have its end signed: asking again would not be free."""
    agreements = alliance.agreements()
    made(alliance)
    grown(alliance)
    net, contributed = alliance.buyer.net, []

    def fault(_method: str, url: str, _body: bytes) -> None:
        if url.endswith("/end"):
            raise Unreachable("it is away", code="peer-unreachable")
        if url.endswith("/contribute"):
            contributed.append(url)
            if len(contributed) == 3:
                renewed(alliance)

    net.fault = fault
    status, body = alliance.ask(agreements)
    assert status == 403, body
    net.fault = None
    assert "CONTRIBUTED" in {state for name in SUPPLIERS for state in alliance.states()[name]}
    later(alliance, 400)
    for _ in range(2):
        sweep(alliance)
        later(alliance, 60)
    assert {state for found in alliance.states().values() for state in found} == {"ENDED"}
    assert [alliance.used(n, a) for n, a in zip(SUPPLIERS, agreements, strict=True)] == [0] * 3
    alliance.answer(agreements)
    assert [alliance.used(n, a) for n, a in zip(SUPPLIERS, agreements, strict=True)] == [1] * 3


@pytest.mark.long
def test_steps_that_are_cut_off_are_taken_again_and_once(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The aggregator's answers are lost, each once; what was signed is sent again as it was."""
    made(alliance)
    grown(alliance)
    lost: set[str] = set()
    honest = gatherer.Gatherer._post

    def lossy(self: Any, step: str, body: Any, *rest: Any, **more: Any) -> Any:
        found = honest(self, step, body, *rest, **more)
        if (key := f"{self._node.settings.did} {step} {digest(body)}") not in lost:
            lost.add(key)
            raise Unreachable("lost", code="peer-unreachable")
        return found

    monkeypatch.setattr(gatherer.Gatherer, "_post", lossy)
    renewed(alliance)
    settled(alliance)
    found = renewed(alliance)
    assert [one["state"] for one in found] == ["renewed"] * 3
    assert held_by(alliance) == plain(alliance)
    for name in SUPPLIERS:
        leaves = alliance.leaves(alliance.suppliers[name], "COHORT")
        steps = [leaf["query"]["table"] for leaf in leaves if "renewal" in leaf.get("query", {})]
        assert steps == ["renewal", "changes", "renewed"]
    leaves = alliance.leaves(alliance.hub, "COHORT")
    steps = [leaf["query"]["table"] for leaf in leaves if "renewal" in leaf.get("query", {})]
    assert steps == [*["renewal"] * 3, "proposal", *["changes"] * 3, "renewed"]


@pytest.mark.long
def test_a_table_is_renewed_three_times_a_day_apart(alliance: Alliance) -> None:
    """Asked again within a day, an owner sees the last one; the aggregator minds the day, too."""
    made(alliance)
    for number in (1, 2, 3):
        grown(alliance, by=number)
        assert [one["renewal"] for one in renewed(alliance)] == [number] * 3
        assert held_by(alliance) == plain(alliance)
        assert renew(alliance, "acme")["renewal"] == number
        acme = alliance.suppliers["acme"].node
        with acme.db.reading() as db:
            row = db.get(RenewalRow, ("stock", number))
        assert row is not None
        early = Asked.from_json(
            payload(row.asked_jws)
            | {"renewal": min(3, number + 1), "previous": digest_of(row.renewed_jws)}
        )
        signed = {"asked": say(acme, early, acme.clock.now())}
        path = "aggregations/tables/renew"
        if number < 3:
            assert (
                post(alliance, alliance.suppliers["acme"], alliance.hub, path, signed).status == 409
            )
        later(alliance, DAY)
    status, body = alliance.suppliers["acme"].manage("POST", "/v1/products/stock/renewal")
    assert (status, body["error"]["code"]) == (409, "cohort.renewal.most")


@pytest.mark.long
def test_nobody_else_renews(alliance: Alliance) -> None:
    """A buyer, a stranger, one under another's name: as if there were no table."""
    status, body = alliance.suppliers["acme"].manage("POST", "/v1/products/stock/renewal")
    assert (status, body["error"]["code"]) == (404, "cohort.table.missing")
    made(alliance)
    renew(alliance, "acme")
    acme = alliance.suppliers["acme"].node
    with acme.db.reading() as db:
        (row,) = db.exec(select(RenewalRow)).all()
    stranger = certified(alliance.space, "eyre")
    alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
    path = "aggregations/tables/renew"
    for party in (alliance.buyer, stranger, alliance.suppliers["bolt"]):
        assert post(alliance, party, alliance.hub, path, {"asked": row.asked_jws}).status == 403
        own = Asked.from_json(payload(row.asked_jws) | {"member": party.did})
        signed = {"asked": say(party.node, own, party.node.clock.now())}
        expected = 200 if party is alliance.suppliers["bolt"] else 404
        assert post(alliance, party, alliance.hub, path, signed).status == expected
    with alliance.hub.node.db.reading() as db:
        parts = db.exec(select(RenewalPartRow.member)).all()
    assert sorted(parts) == [alliance.suppliers[name].did for name in ("acme", "bolt")]


@pytest.mark.long
def test_a_renewal_is_worked_out_again_by_who_has_all_bundles(alliance: Alliance) -> None:
    """Each opens its own changes; totals of before and after still add up."""
    agreements = alliance.agreements()
    alliance.answer(agreements)
    grown(alliance)
    renewed(alliance)
    alliance.answer(agreements)
    bundles = opened(alliance, ("hub", *SUPPLIERS))
    assert renewals(bundles).findings == ()
    assert renewals(bundles).counts == {"renewalsWorkedOut": 1}
    value, code = compare(bundles)
    assert (code, value["findings"], value["counts"]["renewalsWorkedOut"]) == (0, [], 1)
    for position, name in enumerate(("hub", *SUPPLIERS)):
        texts = {data for path, data in bundles[position].files.items() if "signed/" in path}
        held = {other for other in SUPPLIERS if changes_of(alliance, other).encode() in texts}
        assert held == {name} - {"hub"}
    few = {(f.level, f.code) for f in renewals(opened(alliance, ("hub", "acme"))).findings}
    assert few == {("unchecked", "not-opened")}
    assert renewals(opened(alliance, ())).findings == ()


def changes_of(alliance: Alliance, name: str) -> str:
    with alliance.suppliers[name].node.db.reading() as db:
        return db.exec(select(RenewalRow.marks_jws)).one()


@pytest.mark.long
def test_an_aggregator_that_renews_what_too_few_change_is_named(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Members cannot see it; the changes that they open show it."""
    made(alliance)
    grown(alliance, ["B2"])
    alliance.publish("acme", [(p, b, n + 9, c) for p, b, n, c in alliance.stocks["acme"]])

    def none_held(looked: Any, held: int, marks: Any, **more: Any) -> Decided:
        return Decided(held=held, appeared=())

    monkeypatch.setattr(renewal_deciding, "decide", none_held)
    assert [one["classes"]["held"] for one in renewed(alliance)] == [0] * 3
    bundles = opened(alliance, ("hub", *SUPPLIERS))
    found = {(one.level, one.code, one.where) for one in renewals(bundles).findings}
    assert found == {("proof", "wrong-renewal", alliance.hub.did)}


def test_an_owner_reads_how_far_it_is() -> None:
    """In both languages: who has not asked, that it is under way, what came of it."""
    asked = {"renewal": 1, "state": "asked", "missing": ["did:web:bolt.example"]}
    done = {
        "renewal": 2,
        "state": "renewed",
        "missing": [],
        "classes": {"all": 5, "held": 2},
        "withheld": {"before": 4, "after": 17},
    }
    for lang in ("en", "zh"):
        assert "did:web:bolt.example" in renewal_said(asked, lang)
        assert renewal_said(asked | {"missing": []}, lang)
        said = renewal_said(done, lang)
        assert re.findall("[0-9]+", said) == ["2", "3", "2", "4", "17"]
