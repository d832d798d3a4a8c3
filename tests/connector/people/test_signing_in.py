"""Signing in: what fails looks alike and counts, names are locked, codes are good once."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlmodel import select

from connector.areas.people import passwords, signing_in
from connector.areas.people.rows import SignInTryRow
from connector.process.errors import Forbidden, TooMany, VoileError, error_json
from connector.process.rate import Buckets
from tests.connector.people.firm import OTHER, PASSWORD

if TYPE_CHECKING:
    from tests.connector.people.firm import Firm


def refused(firm: Firm, name: str, password: str = PASSWORD, code: str = "") -> dict[str, object]:
    """What somebody sees who is not let in, in both languages."""
    firm.people.proofs.rate = Buckets(rate=1.0, burst=100.0)
    with pytest.raises(Forbidden) as caught:
        firm.sign_in(name, password, code, source="10.0.0.1")
    return {one: error_json(caught.value, one) for one in ("zh", "en")}  # type: ignore[arg-type]


def test_a_person_signs_in_by_name_and_password(firm: Firm):
    """However its name and password are typed: other case, other width, other spaces."""
    firm.join("Ada Wú", "steward")
    for name in ("Ada Wú", "ada  wú", "ＡＤＡ Wu\u0301"):
        found = firm.visitor(firm.sign_in(name))
        assert (found.name, found.roles) == ("Ada Wú", {"steward"})
    assert firm.sign_in("ada wú", PASSWORD.replace(" ", "\u3000"))


def test_all_that_fails_looks_alike(firm: Firm):
    """Unknown, invited, ended, over, wrong password, no code, wrong code, used code: one answer."""
    firm.join("right", "steward")
    firm.join("coded", "cdo", factor=True)
    used = firm.code("coded")  # by the enrolment
    firm.link("invited", "steward")
    firm.join("gone", "steward")
    firm.party.manage("POST", "/v1/people/gone/end")
    seen = [
        refused(firm, "nobody"),
        refused(firm, ""),
        refused(firm, "invited"),
        refused(firm, "invited", ""),
        refused(firm, "gone"),
        refused(firm, "right", PASSWORD + "!"),
        refused(firm, "right", "\ud800" * 3000),
        refused(firm, "coded"),
        refused(firm, "coded", code="000000"),
        refused(firm, "coded", code=used),
    ]
    assert [one for one in seen if one != seen[0]] == []
    assert seen[0]["en"]["error"]["code"] == "sign-in"  # type: ignore[index]


def test_an_unknown_name_costs_a_hash_too(firm: Firm):
    """And the stand-in is hashed as real passwords are."""
    firm.join("right", "steward")
    before = firm.people.hashing.verified
    for name in ("right", "nobody", "invited"):
        refused(firm, name, "wrong")
    assert firm.people.hashing.verified == before + 3
    hashing = passwords.Hashing()
    real = hashing.hash(PASSWORD)
    assert real.split("$")[:4] == hashing.dummy.split("$")[:4]
    assert hashing.verify(real, PASSWORD)
    assert not hashing.verify("", PASSWORD)


@pytest.mark.parametrize("name", ["right", "nobody"])
def test_five_failures_lock_a_name_for_longer_and_longer(firm: Firm, name: str):
    """A quarter of an hour, then half of one, up to a day; also a name that nobody has."""
    firm.join("right", "steward")
    for minutes in (15, 30, 60):
        for _ in range(5):
            refused(firm, name, "wrong")
        assert firm.leaves("PERSON_LOCKED")[-1]["query"]["minutes"] == minutes
        refused(firm, name)  # locked, with the right password
        firm.clock.advance(minutes * 60 - 1)
        refused(firm, name)
        firm.clock.advance(1)
    whose = [leaf["query"].get("person") for leaf in firm.leaves("PERSON_LOCKED")]
    assert (None in whose) is (name == "nobody")
    if name == "right":
        assert firm.sign_in(name)


def test_a_locked_name_says_until_when_and_not_whose_it_is(firm: Firm):
    """The same words for a name that somebody has, right password or wrong, and one that nobody
    has; from the failure that locks it until it is over.
    """
    firm.join("right", "steward")
    names = {"right": "wrong", "nobody": "wrong"}
    for number in range(5):
        seen = [refused(firm, name, password) for name, password in names.items()]
        assert seen[0] == seen[1]
        code = seen[0]["en"]["error"]["code"]  # type: ignore[index]
        assert code == ("sign-in-locked" if number == 4 else "sign-in")
    seen += [refused(firm, "right"), refused(firm, "nobody")]
    assert [one for one in seen if one != seen[0]] == []
    end = firm.clock.now() + timedelta(minutes=15)
    told = seen[0]["zh"]["error"]  # type: ignore[index]
    assert f"{end:%H:%M} UTC" in told["message"] + told["next"]
    firm.clock.advance(14 * 60)
    assert refused(firm, "right") == seen[0]
    firm.clock.advance(60)
    assert firm.sign_in("right")


def test_a_lock_is_never_longer_than_a_day(firm: Firm):
    for _ in range(12):
        for _ in range(5):
            refused(firm, "nobody")
        firm.clock.advance(24 * 60 * 60)
    assert firm.leaves("PERSON_LOCKED")[-1]["query"]["minutes"] == 24 * 60


def test_a_lock_survives_a_restart(firm: Firm):
    """And so do failures before it."""
    firm.join("right", "steward")
    for _ in range(4):
        refused(firm, "right", "wrong")
        refused(firm, "other", "wrong")
    refused(firm, "right", "wrong")
    firm.restart()
    refused(firm, "other", "wrong")
    assert len(firm.leaves("PERSON_LOCKED")) == 2
    refused(firm, "right")
    firm.clock.advance(15 * 60)
    assert firm.sign_in("right")


def test_failures_are_forgotten_after_a_success_or_a_day(firm: Firm):
    firm.join("right", "steward")
    for _ in range(3):
        for _ in range(4):
            refused(firm, "right", "wrong")
        firm.sign_in("right")
    for _ in range(4):
        refused(firm, "right", "wrong")
    firm.clock.advance(25 * 60 * 60)
    refused(firm, "right", "wrong")
    assert firm.sign_in("right")
    assert firm.leaves("PERSON_LOCKED") == []


def test_names_that_were_tried_are_kept_for_two_days_and_never_in_clear(firm: Firm):
    refused(firm, "Correct-Horse-1")  # a password in the wrong field
    firm.clock.advance(3 * 24 * 60 * 60)
    refused(firm, "other")
    with firm.node.db.reading() as session:
        rows = session.exec(select(SignInTryRow)).all()
    assert len(rows) == 1
    assert "orrect" not in repr(rows)


def test_a_code_is_good_once(firm: Firm):
    """Nor is an older one good after it."""
    firm.join("coded", "cdo", factor=True)
    firm.clock.advance(60)
    earlier, code = firm.code("coded", -1), firm.code("coded")
    assert firm.sign_in("coded", code=code)
    refused(firm, "coded", code=code)
    refused(firm, "coded", code=earlier)
    firm.clock.advance(30)
    refused(firm, "coded", code=code)
    assert firm.sign_in("coded", code=firm.code("coded"))


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_phone_may_be_half_a_minute_off(firm: Firm, steps: int, good: bool):
    firm.join("coded", "auditor", factor=True)
    firm.clock.advance(300)
    code = firm.code("coded", steps)
    if good:
        assert firm.sign_in("coded", code=f" {code[:3]} {code[3:]}")
    else:
        refused(firm, "coded", code=code)


def test_one_code_at_eight_doors_opens_one(firm: Firm):
    """Whoever looks over a shoulder is not quicker by being at the same time."""
    firm.join("coded", "cdo", factor=True)
    firm.clock.advance(60)
    code, opened, refusals = firm.code("coded"), [], []

    def enter(number: int) -> None:
        try:
            opened.append(firm.people.sign_in("coded", PASSWORD, code, source=f"10.1.{number}.1"))
        except VoileError as error:
            refusals.append(error.code)

    threads = [threading.Thread(target=enter, args=(number,)) for number in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (len(opened), len(refusals)) == (1, 7)
    assert set(refusals) <= {"sign-in", "sign-in-locked"}, "five in a row lock the name"


def test_many_tries_at_once_are_no_more_than_so_many_in_turn(firm: Firm):
    """The right password is among them, and comes too late as often as not: five count, no more."""
    firm.join("right", "steward")

    def attempt(number: int) -> None:
        with pytest.raises(Forbidden):
            firm.people.sign_in("right", f"wrong {number}", source=f"10.2.{number}.1")

    threads = [threading.Thread(target=attempt, args=(number,)) for number in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(firm.leaves("PERSON_LOCKED")) == 1
    refused(firm, "right")


def test_a_source_has_so_many_tries(firm: Firm):
    """Whatever names it tries; others are not kept out by it."""
    firm.join("right", "steward")
    rate, burst = signing_in.TRIES_PER_SECOND, signing_in.TRIES_BURST
    firm.people.proofs.rate = Buckets(rate=rate, burst=burst, clock=lambda: 0.0)
    for number in range(20):
        with pytest.raises(Forbidden):
            firm.sign_in(f"name {number}", "wrong", source="10.0.0.9")
    verified = firm.people.hashing.verified
    with pytest.raises(TooMany) as caught:
        firm.sign_in("right", source="10.0.0.9")
    assert firm.people.hashing.verified == verified, "it costs nothing"
    assert error_json(caught.value, "zh")["error"]["code"] == "sign-in-rate"
    assert firm.sign_in("right", source="10.0.0.10")


def test_no_more_than_two_are_hashed_at_a_time(firm: Firm, monkeypatch: pytest.MonkeyPatch):
    """A third waits its turn, and is turned away when it takes too long."""
    hashing, inside, most = firm.people.hashing, [0], [0]
    real, turn = hashing._hasher(), threading.Lock()

    class Counting:
        def verify(self, encoded: str, password: bytes) -> bool:
            with turn:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            try:
                return bool(real.verify(encoded, password))
            finally:
                with turn:
                    inside[0] -= 1

    hashing._made = Counting()
    threads = [threading.Thread(target=hashing.verify, args=("", "x")) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert 1 <= most[0] <= passwords.AT_ONCE, "two meet only where the machine lets them"
    monkeypatch.setattr(passwords, "WAIT_SECONDS", 0.01)
    with hashing._turn(), hashing._turn(), pytest.raises(TooMany):  # two, and no third
        hashing.verify("", "x")
    assert hashing.verify("", "x") is False, "and the turns are given back"


def test_signing_in_and_failing_leave_traces(firm: Firm):
    """The first by the person's id; the second counted per source; names nowhere."""
    firm.join("Ada", "steward")
    firm.sign_in("Ada")
    (leaf,) = firm.leaves("SIGNED_IN")
    assert leaf["actor"] == f"person:{leaf['query']['person']}"
    refused(firm, "Ada", "wrong")
    firm.node.refusals.flush()
    assert [leaf["to"] for leaf in firm.leaves() if leaf["kind"] == "ACCESS"] == [
        "SIGNED_IN",
        "REFUSED",
    ]
    assert "Ada" not in repr(firm.leaves())


def lock(firm: Firm, name: str, mark: str = "") -> None:
    """Fail until the name is locked, from somewhere else."""
    firm.people.proofs.rate = Buckets(rate=1.0, burst=100.0)
    for _ in range(5):
        with pytest.raises(Forbidden):
            firm.people.sign_in(name, "wrong", source="10.0.0.9", mark=mark)


def test_who_locks_a_name_does_not_keep_its_own_browser_out(firm: Firm):
    """Names are no secret: whoever knows those of all could else keep everybody out, day by day."""
    mark = firm.people.mark(firm.join("Ada", "steward"))
    lock(firm, "Ada")
    refused(firm, "Ada")
    token = firm.people.sign_in("Ada", PASSWORD, source="10.0.0.2", mark=mark)
    visitor = firm.visitor(token)
    with pytest.raises(Forbidden):
        firm.people.change_password(visitor, PASSWORD, OTHER, source="10.0.0.2")
    again = firm.people.change_password(visitor, PASSWORD, OTHER, source="10.0.0.2", mark=mark)
    with pytest.raises(Forbidden):  # it was of the password before
        firm.people.sign_in("Ada", OTHER, source="10.0.0.2", mark=mark)
    assert firm.people.sign_in("Ada", OTHER, source="10.0.0.2", mark=firm.people.mark(again))


def test_a_browser_of_ones_own_guesses_no_more_than_any(firm: Firm):
    """Its failures lock it, and leave the name alone."""
    mark = firm.people.mark(firm.join("Ada", "steward"))
    lock(firm, "Ada", mark)
    with pytest.raises(Forbidden):
        firm.people.sign_in("Ada", PASSWORD, source="10.0.0.2", mark=mark)
    assert firm.sign_in("Ada")


@pytest.mark.parametrize("forged", ["", ".", "x", "x.y", "\ud800.\ud800", "Bea's", "cut"])
def test_a_mark_that_is_none_or_anothers_counts_as_none(firm: Firm, forged: str):
    mark = firm.people.mark(firm.join("Ada", "steward"))
    other = firm.people.mark(firm.join("Bea", "steward"))
    lock(firm, "Ada")
    given = {"Bea's": other, "cut": mark[:-1]}.get(forged, forged)
    with pytest.raises(Forbidden):
        firm.people.sign_in("Ada", PASSWORD, source="10.0.0.2", mark=given)


def test_nothing_is_made_of_a_session_that_is_over(firm: Firm):
    assert firm.people.mark("nobody's") == ""
