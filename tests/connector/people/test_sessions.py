"""Sessions: new at each sign-in, over when idle, after half a day, and with what they stood for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyotp
import pytest
from sqlmodel import select

from connector.areas.people.rows import PersonSessionRow
from connector.areas.people.sessions import _FIND
from connector.process.actor import Actor
from connector.process.errors import BadRequest, Forbidden, StoreError, VoileError
from tests.connector.people.firm import OTHER, PASSWORD
from tests.postgres import databases

if TYPE_CHECKING:
    from tests.connector.people.firm import Firm

MINUTE = 60


def rows(firm: Firm) -> list[PersonSessionRow]:
    with firm.node.db.reading() as session:
        return list(session.exec(select(PersonSessionRow)).all())


def test_each_sign_in_draws_a_token(firm: Firm):
    """So nobody is given one that another knows; the database has its digest alone."""
    tokens = {firm.join("Ada", "steward"), firm.sign_in("Ada"), firm.sign_in("Ada")}
    assert len(tokens) == 3
    assert len({firm.visitor(one).session for one in tokens}) == 3
    for token in tokens:
        assert len(token) == 43
        assert token not in repr(rows(firm))
        assert firm.visitor(token).actor == Actor("person", firm.visitor(token).actor.name)


@pytest.mark.parametrize("token", ["", "x", "\ud800", "x" * 10_000])
def test_what_is_no_token_opens_nothing(firm: Firm, token: str):
    assert firm.people.visitor(token) is None
    assert not firm.people.csrf_holds(firm.join("Ada", "steward"), token)
    firm.people.sign_out(token)


def test_a_session_is_over_when_nobody_uses_it(firm: Firm):
    token = firm.join("Ada", "steward")
    for _ in range(5):
        firm.clock.advance(29 * MINUTE)
        assert firm.people.visitor(token) is not None
    firm.clock.advance(31 * MINUTE)
    assert firm.people.visitor(token) is None


def test_a_session_is_over_after_half_a_day(firm: Firm):
    """However much it is used; a later sign-in clears the row away."""
    token = firm.join("Ada", "steward")
    for _ in range(12 * 3):
        assert firm.people.visitor(token) is not None
        firm.clock.advance(20 * MINUTE)
    assert firm.people.visitor(token) is not None
    firm.clock.advance(1)
    assert firm.people.visitor(token) is None
    firm.sign_in("Ada")
    assert len(rows(firm)) == 1


def test_use_is_written_once_a_minute_at_most(firm: Firm):
    token = firm.join("Ada", "steward")
    commits = firm.node.db.commits
    for _ in range(60):
        firm.people.visitor(token)
        firm.clock.advance(1)
    assert firm.node.db.commits == commits
    firm.clock.advance(1)
    firm.people.visitor(token)
    firm.people.visitor(token)
    assert firm.node.db.commits == commits + 1


def test_what_can_be_read_is_shown_when_nothing_can_be_written(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
):
    token = firm.join("Ada", "steward")
    firm.clock.advance(2 * MINUTE)
    monkeypatch.setattr(firm.node.db, "read_only", "the disk is full")
    assert firm.people.visitor(token) is not None
    with pytest.raises(StoreError):
        firm.people.sign_out(token)


def test_forms_carry_what_follows_from_the_session_alone(firm: Firm):
    """The same each time, another in another session, and nothing that opens one."""
    one, other = firm.join("Ada", "steward"), firm.sign_in("Ada")
    made = firm.people.csrf(one)
    assert firm.people.csrf_holds(one, made)
    assert not firm.people.csrf_holds(other, made)
    assert not firm.people.csrf_holds(one, made[:-1])
    assert firm.people.visitor(made) is None
    assert one not in made


def test_a_session_ends_alone_or_with_all_others(firm: Firm):
    one, two, three = firm.join("Ada", "steward"), firm.sign_in("Ada"), firm.sign_in("Ada")
    bea = firm.join("Bea", "steward")
    firm.people.sign_out(one)
    assert [firm.people.visitor(each) is None for each in (one, two, three)] == [True, False, False]
    who = firm.visitor(two).actor.name
    firm.people.sign_out_everywhere(who)
    assert [firm.people.visitor(each) for each in (one, two, three)] == [None] * 3
    assert firm.people.visitor(bea) is not None
    (leaf,) = firm.leaves("SIGNED_OUT_EVERYWHERE")
    assert (leaf["actor"], leaf["query"]) == (f"person:{who}", {"person": who, "sessions": 2})


def test_another_password_ends_all_sessions_and_begins_one(firm: Firm):
    one, two = firm.join("Ada", "steward"), firm.sign_in("Ada")
    who = firm.visitor(one)
    with pytest.raises(Forbidden):
        firm.people.change_password(who, "wrong", OTHER, source="a")
    with pytest.raises(BadRequest):
        firm.people.change_password(who, PASSWORD, "short", source="a")
    assert firm.people.visitor(two) is not None
    fresh = firm.people.change_password(who, PASSWORD, OTHER, source="a")
    assert [firm.people.visitor(each) for each in (one, two)] == [None, None]
    assert firm.visitor(fresh).actor == who.actor
    with pytest.raises(Forbidden):
        firm.sign_in("Ada")
    assert firm.sign_in("Ada", OTHER)
    assert len(firm.leaves("PERSON_PASSWORD")) == 1


def test_whoever_finds_a_session_open_does_not_guess_its_password(firm: Firm):
    """Failures count as at the door."""
    token = firm.join("Ada", "steward")
    for number in range(5):
        with pytest.raises(Forbidden):
            firm.people.change_password(firm.visitor(token), f"wrong {number}", OTHER, source="a")
    with pytest.raises(Forbidden):
        firm.people.change_password(firm.visitor(token), PASSWORD, OTHER, source="b")
    with pytest.raises(Forbidden):
        firm.sign_in("Ada")


def test_a_second_factor_is_put_in_the_place_of_the_first(firm: Firm):
    """With the password and a code of both; one drawn in another session is not taken."""
    token = firm.join("Ada", "cdo", factor=True)
    firm.clock.advance(60)
    other = firm.sign_in("Ada", code=firm.code("Ada"))
    firm.clock.advance(60)
    who, old = firm.visitor(token), firm.code("Ada")
    elsewhere = pyotp.TOTP(firm.people.begin_factor(firm.visitor(other)).secret)
    fresh = pyotp.TOTP(firm.people.begin_factor(who).secret)
    code = fresh.at(firm.clock.now())
    for given, was, kind in (
        ("000000", old, BadRequest),
        (elsewhere.at(firm.clock.now()), old, BadRequest),
        (code, "000000", Forbidden),
    ):
        with pytest.raises(kind):
            firm.people.renew_factor(who, PASSWORD, given, old_code=was, source="a")
    made = firm.people.renew_factor(who, PASSWORD, code, old_code=old, source="a")
    assert [firm.people.visitor(each) for each in (token, other)] == [None, None]
    assert firm.visitor(made).actor == who.actor
    firm.clock.advance(60)
    with pytest.raises(VoileError):
        firm.sign_in("Ada", code=firm.code("Ada"))
    assert firm.sign_in("Ada", code=fresh.at(firm.clock.now()))


def test_a_language_is_kept(firm: Firm):
    token = firm.join("Ada", "steward")
    firm.people.set_language(firm.visitor(token).actor.name, "zh")
    assert firm.visitor(token).language == "zh"


@pytest.mark.skipif(bool(databases.SERVER), reason="asks SQLite how it reads")
def test_a_visitor_is_one_indexed_read(firm: Firm):
    """Ten thousand other sessions are not looked at: nothing is scanned."""
    token = firm.join("Ada", "steward")
    who = firm.visitor(token).actor.name
    with firm.node.db.transaction() as tx:
        tx.session.add_all(
            PersonSessionRow(
                digest=f"{number:064}",
                id=f"s{number}",
                person=who,
                created_ms=0,
                seen_ms=0,
                factor=False,
            )
            for number in range(10_000)
        )
    assert firm.visitor(token) is not None
    with firm.node.db.reading() as session:
        asked, values = f"EXPLAIN QUERY PLAN {_FIND._text}", _FIND._values({"digest": "x"})
        plan = session.connection().exec_driver_sql(asked, tuple(values))
        steps = [row[-1] for row in plan]
    assert any("person_session USING" in step and "(digest=?)" in step for step in steps), steps
    assert not any("SCAN" in step for step in steps), steps


def test_the_list_of_sessions_leaves_out_those_that_are_over(firm: Firm):
    first = firm.join("Ada", "steward")
    person = firm.visitor(first).actor.name
    firm.clock.advance(20 * MINUTE)
    second = firm.visitor(firm.sign_in("Ada")).session
    listed = firm.people.sessions(person)
    assert [one.id for one in listed] == [second, firm.visitor(first).session]
    assert listed[0].begun_ms - listed[1].begun_ms == 20 * MINUTE * 1000
    firm.clock.advance(31 * MINUTE)
    assert firm.people.sessions(person) == ()
