"""Suppliers open what they contributed; the total is added up again, and who cheated is named."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from connector.areas.audit.comparing import compare
from connector.areas.audit.export import export
from connector.areas.audit.folder import read_folder
from connector.areas.audit.trusting import known_parties, trust_of
from connector.areas.cohort import aggregation
from connector.areas.cohort.contributing import Contributing
from connector.areas.cohort.sessions import Sessions
from connector.process.errors import NotFound
from connector.process.ports import unix
from contracts.audit import layout
from contracts.audit.diff import diff
from contracts.audit.drill import drill
from contracts.audit.opened_total import path_of, read_total
from contracts.audit.totals import totals
from contracts.audit.verify import Bundle, verify
from contracts.cohort.statements import Released
from crypto.b64 import unb64url
from crypto.canonical import canonical, digest_bytes
from crypto.jws import read_header, sign
from crypto.paillier.encrypt import Encryptor
from crypto.strict_json import loads
from tests.connector.audit.forging import resign_as
from tests.connector.audit.second import NOT_CHECKABLE, judged, outcome
from tests.connector.cohort.alliance import SUPPLIERS
from tests.connector.cohort.test_cheats import CODE, Cheat, cheating
from tests.long import first_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from contracts.audit.report import Report
    from tests.connector.cohort.alliance import Alliance

OTHER = "sha-256:" + "0" * 64
EVERYBODY = ("hub", "buyer", *SUPPLIERS)


def bundles(
    alliance: Alliance, session: str, *, opening: Collection[str] = EVERYBODY, **more: Any
) -> dict[str, Bundle]:
    """Everybody's bundle, opened for one session by some of them."""
    parties = {"hub": alliance.hub, "buyer": alliance.buyer, **alliance.suppliers}
    clock = alliance.hub.node.clock
    clock.advance(120)  # type: ignore[attr-defined]
    alliance.space.renew()
    trust, failed = trust_of(alliance.hub.node, known_parties(alliance.hub.node))
    assert not failed
    found = {}
    for name, party in parties.items():
        folder = alliance.folder / f"{name}.{clock.now():%H%M%S}"
        export(party.node, folder, sessions=[session] if name in opening else [], **more)
        files, odd = read_folder(folder)
        found[name] = Bundle(files=files, trust=trust, now=unix(clock.now()), oddities=odd)
        assert verify(found[name]).findings == (), name
        second = judged(found[name])  # Paillier is beyond it, and it says so
        opens = path_of(session) in files
        assert outcome(second) == ("UNCHECKED" if opens else "OK"), name
        assert {one.code for one in second.found} == ({NOT_CHECKABLE} if opens else set()), name
    return found


def again(
    alliance: Alliance, found: dict[str, Bundle], *, everywhere: bool, **changes: Any
) -> list[Bundle]:
    """Bundles with another release, signed by the hub: instead of the first in all, or in its own."""
    keys = alliance.hub.node.keys
    made = []
    for name, bundle in found.items():
        files = dict(bundle.files)
        for path in [path for path in files if path.startswith("signed/")]:
            header, payload, _ = files[path].decode().split(".")
            if read_header(header)["typ"] != Released.TYP or not (everywhere or name == "hub"):
                continue
            said = loads(unb64url(payload), max_bytes=1 << 20)
            said |= {field: change(said[field]) for field, change in changes.items()}
            text = sign(canonical(said), keys.agreements, typ=Released.TYP,
                        kid=keys.agreements_kid).encode()  # fmt: skip
            del files[path]
            files[f"signed/{digest_bytes(text).removeprefix('sha-256:')}.jws"] = text
        party = {"hub": alliance.hub, "buyer": alliance.buyer, **alliance.suppliers}[name]
        made.append(resign_as(party, replace(bundle, files=files)))
    return made


def named(report: Report) -> set[tuple[str, str, str]]:
    return {(one.level, one.code, one.where) for one in report.findings}


@pytest.mark.long
def test_a_total_whose_parts_are_opened_is_added_up_again(alliance: Alliance) -> None:
    """Figures, batches and product fit to the last bit; every change of an opened bundle is found."""
    session = alliance.answer(alliance.agreements())["answer"]["session"]
    found = bundles(alliance, session)
    report = totals(list(found.values()))
    assert report.findings == ()
    assert report.counts == {"contributionsOpened": 3, "totalsAddedUp": 1}
    value, code = compare(list(found.values()))
    assert (code, value["findings"]) == (0, [])
    assert len(value["pairs"]) == 10
    assert all(pair["findings"] == [] for pair in value["pairs"])
    two, code = compare([found["buyer"], found["acme"]])
    assert code == 3
    assert {f["code"] for f in two["findings"]} == {"not-opened"}
    for name in ("buyer", "acme"):
        tallies = drill(found[name], flips_per_file=2)
        assert not [tally for tally in tallies if tally.found != tally.made], name
    cogs = alliance.suppliers["cogs"].did
    # a release of another batch than cogs shows: one of the two signed twice, or the hub lies
    released = again(alliance, found, everywhere=True, batches=lambda has: has | {cogs: OTHER})
    for order in (released, released[::-1]):
        (told,) = totals(order).findings
        assert (told.level, told.code) == ("finding", "altered")
        assert alliance.hub.did in told.text
        assert cogs in told.text
    # the hub shows another release than it gave to the buyer, who holds what it was given
    released = again(alliance, found, everywhere=False, product=lambda _: OTHER)
    for order in (released, released[::-1]):
        assert totals(order).findings == ()
    (told,) = [one for one in diff(released[0], released[1]).findings if one.level == "proof"]
    assert (told.code, alliance.hub.did in told.text) == ("contradiction", True)


@pytest.mark.long
def test_contributions_are_opened_by_naming_their_session_only(alliance: Alliance) -> None:
    """A bundle opened as a whole holds the details of all leaves but these; a default one none."""
    agreements = alliance.agreements()
    first = alliance.answer(agreements)["answer"]["session"]
    second = alliance.answer(agreements, "SELECT COUNT(*) FROM stock WHERE brand IN ('B2')")
    acme = alliance.suppliers["acme"].node

    def opened(name: str, **how: Any) -> tuple[str, list[str]]:
        export(acme, alliance.folder / name, **how)
        files, _ = read_folder(alliance.folder / name)
        lines = files.get(layout.OPENED, b"").splitlines()
        kept = [loads(line, max_bytes=1 << 20)["detail"] for line in lines]
        told = layout.read_manifest(files[layout.MANIFEST]).opened
        return told, [detail["cleared"] for detail in kept if "noise" in detail]

    assert opened("closed") == ("none", [])
    assert opened("whole", opened="all") == ("all", [])
    told, parts = opened("one", sessions=[first])
    assert (told, len(parts)) == ("sessions", 1)
    told, parts = opened("both", opened="all", sessions=[second["answer"]["session"]])
    assert (told, len(parts)) == ("all", 1)
    with pytest.raises(NotFound):
        opened("nothing", sessions=["AAAAAAAAAAAAAAAAAAAAAA"])
    assert not (alliance.folder / "nothing").exists()


@pytest.mark.long
def test_who_has_not_opened_is_said(alliance: Alliance) -> None:
    """It is no finding against anybody, and nothing is called added up."""
    session = alliance.answer(alliance.agreements())["answer"]["session"]
    found = bundles(alliance, session, opening=("buyer", "acme", "bolt"))
    report = totals(list(found.values()))
    assert named(report) == {("unchecked", "not-opened", alliance.suppliers["cogs"].did)}
    assert report.counts == {"contributionsOpened": 2, "totalsAddedUp": 0}
    kept_back = [
        replace(one, files={n: d for n, d in one.files.items() if not n.startswith("signed/")})
        for one in found.values()
    ]
    report = totals(kept_back)
    assert [(one.level, one.where) for one in report.findings] == [("unchecked", session)]
    closed = bundles(alliance, session, opening=())
    assert totals(list(closed.values())).findings == ()


CHEATS: list[tuple[Callable[[Cheat], list[list[int]]], str, int]] = [
    (Cheat.drop, "dropped", 1),
    (Cheat.double, "doubled", 1),
    (Cheat.swap_suppliers, "swapped", 2),
    (Cheat.swap_columns, "swapped", 0),
    (Cheat.move_between_cells, "altered", 0),
    (Cheat.scale_all, "altered", 0),
]


@pytest.mark.parametrize(
    ("cheat", "code", "whose"),
    first_of(CHEATS),
    ids=lambda one: getattr(one, "__name__", None) or str(one),
)
def test_an_aggregator_that_cheated_is_proved(
    alliance: Alliance,
    monkeypatch: pytest.MonkeyPatch,
    cheat: Callable[[Cheat], list[list[int]]],
    code: str,
    whose: int,
) -> None:
    """Its own signature stands under the product; what it did to whose contribution is named."""
    agreements = alliance.agreements()
    cheating(monkeypatch, cheat)
    status, body = alliance.ask(agreements)
    assert (status, body["error"]["code"]) == (403, CODE)
    report = totals(list(bundles(alliance, body["error"]["params"]["session"]).values()))
    assert ("proof", code, alliance.hub.did) in named(report)
    assert {(level, did) for level, _, did in named(report)} == {("proof", alliance.hub.did)}
    suppliers = [alliance.suppliers[name].did for name in SUPPLIERS]
    (told,) = {tuple(did in one.text for did in suppliers) for one in report.findings}
    assert sum(told) == whose


@pytest.mark.long
def test_a_product_that_is_no_batch_is_proved(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The aggregator signed bytes that hold nothing."""
    agreements = alliance.agreements()
    monkeypatch.setattr(aggregation.Aggregation, "_product", lambda *_: b"VPB\x01 nothing")
    _, body = alliance.ask(agreements)
    report = totals(list(bundles(alliance, body["error"]["params"]["session"]).values()))
    assert named(report) == {("proof", "altered", alliance.hub.did)}


@pytest.mark.long
def test_a_supplier_that_sent_something_else_than_it_opens_is_proved(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The total holds, since the supplier tagged what it sent; its opening does not fit its batch."""
    here = threading.local()
    cogs, contribute, encrypt = (
        alliance.suppliers["cogs"].did,
        Contributing._contribute,
        Encryptor.encrypt,
    )

    def marked(self: Contributing, *arguments: Any) -> Any:
        here.lies = self._sessions.did == cogs
        return contribute(self, *arguments)

    def other(self: Encryptor, columns: Any, **more: Any) -> Any:
        if getattr(here, "lies", False):
            columns = [(lay, [values[0] + 1, *values[1:]]) for lay, values in columns]
        return encrypt(self, columns, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Contributing, "_contribute", marked)
        patch.setattr(Encryptor, "encrypt", other)
        session = alliance.answer(alliance.agreements())["answer"]["session"]
    report = totals(list(bundles(alliance, session).values()))
    assert named(report) == {("proof", "altered", cogs)}


@pytest.mark.long
def test_a_buyer_that_opens_something_else_is_found(alliance: Alliance) -> None:
    """Nothing but what the ciphertexts hold can be shown of them; the key is not shown at all."""
    session = alliance.answer(alliance.agreements())["answer"]["session"]
    found = bundles(alliance, session)
    path = path_of(session)
    said = loads(found["buyer"].files[path], max_bytes=1 << 20)
    assert set(said) == {"v", "session", "product", "plaintexts", "roots"}
    plain = said["plaintexts"]
    plain[0][0], plain[1][0] = plain[1][0], plain[0][0]
    files = {**found["buyer"].files, path: canonical(said)}
    anybodys = replace(found["buyer"], files=files)
    wrong = resign_as(alliance.buyer, anybodys)
    assert read_total(files[path]).session == session
    assert "opened-total" in {one.code for one in verify(wrong).findings}
    others = [found[name] for name in ("hub", *SUPPLIERS)]
    report = totals([wrong, *others])
    assert named(report) == {("proof", "altered", alliance.buyer.did)}
    # who holds the buyer's bundle may write into it: the buyer has not signed that
    report = totals([anybodys, *others])
    assert named(report) == {("unchecked", "altered", alliance.buyer.did)}
    report = totals([*others, anybodys, found["buyer"]])
    assert report.findings == ()


@pytest.mark.long
def test_an_aggregator_that_clears_other_than_the_marks_is_proved(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All say that the last cell is a union of classes; it withholds it. The marks are signed."""
    honest = aggregation.clear
    with monkeypatch.context() as patch:
        patch.setattr(
            aggregation, "clear", lambda *a: tuple(marks[:-1] + "0" for marks in honest(*a))
        )
        session = alliance.answer(alliance.agreements())["answer"]["session"]
    report = totals(list(bundles(alliance, session).values()))
    assert ("proof", "wrong-mark", alliance.hub.did) in named(report)
    assert {did for _, _, did in named(report)} == {alliance.hub.did}


@pytest.mark.long
def test_a_supplier_that_sends_what_it_marked_as_withheld_is_proved(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says that a count is no union of classes, so nobody is shown it, and sends it."""
    cogs, granted = alliance.suppliers["cogs"].did, Sessions.still_granted

    def lying(self: Sessions, *arguments: Any, **more: Any) -> Any:
        part = granted(self, *arguments, **more)
        if self.did == cogs:
            first, *others = part.own.marks
            marks = (first[:1] + "0" + first[2:], *others)
            part = replace(part, own=replace(part.own, marks=marks))
        return part

    with monkeypatch.context() as patch:
        patch.setattr(Sessions, "still_granted", lying)
        answer = alliance.answer(alliance.agreements())["answer"]
    (cell,) = [cell for cell in answer["cells"] if cell["key"] == {"brand": "B2"}]
    assert "cohort" in cell["statuses"].values()
    report = totals(list(bundles(alliance, answer["session"]).values()))
    assert named(report) == {("proof", "wrong-mark", cogs)}
