"""Links: good once, until a day, for one person; what is chosen with one follows the rules."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pyotp
import pytest

from connector.process.errors import BadRequest, NotFound, VoileError, error_json
from crypto.words import LANGUAGES
from tests.connector.people.firm import OTHER, PASSWORD

if TYPE_CHECKING:
    from tests.connector.people.firm import Firm

DAY = 24 * 60 * 60


def test_a_link_says_what_it_is_for_and_is_good_once(firm: Firm):
    link = firm.link("Ada", "steward", language="zh")
    told = firm.people.invitation(link)
    assert told is not None
    assert (told.name, told.language, told.roles) == ("Ada", "zh", {"steward"})
    assert (told.factor, told.again) == (False, False)
    assert firm.visitor(firm.enrol(link, "Ada")).language == "zh"
    assert firm.people.invitation(link) is None
    for use in (firm.people.begin_enrolment, lambda link: firm.people.enrol(link, OTHER)):
        with pytest.raises(NotFound):
            use(link)
    assert firm.sign_in("Ada")


@pytest.mark.parametrize("link", ["", "x", "\ud800", "x" * 10_000])
def test_what_is_no_link_opens_nothing(firm: Firm, link: str):
    assert firm.people.invitation(link) is None
    with pytest.raises(NotFound) as caught:
        firm.people.enrol(link, PASSWORD)
    assert {error_json(caught.value, one)["error"]["code"] for one in LANGUAGES} == {
        "invitation-over"
    }


def test_a_link_ends_with_its_days_and_with_its_person(firm: Firm):
    short, long, gone = (
        firm.link("short", "steward", days=1),
        firm.link("long", "steward", days=30),
        firm.link("gone", "steward"),
    )
    firm.party.manage("POST", "/v1/people/gone/end")
    assert firm.people.invitation(gone) is None
    firm.clock.advance(DAY - 1)
    assert firm.people.invitation(short) is not None
    firm.clock.advance(1)
    assert firm.people.invitation(short) is None
    with pytest.raises(NotFound):
        firm.people.enrol(short, PASSWORD)
    assert firm.enrol(long, "long")


def test_of_two_who_use_a_link_at_once_one_gets_in(firm: Firm):
    """And what the other chose opens nothing."""
    link = firm.link("Ada", "steward")
    chosen = [f"Nine purple kettles {number}" for number in range(6)]
    entered, refusals = [], []

    def use(password: str) -> None:
        try:
            firm.people.enrol(link, password)
            entered.append(password)
        except VoileError as error:
            refusals.append(error.code)

    threads = [threading.Thread(target=use, args=(one,)) for one in chosen]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (len(entered), refusals) == (1, ["invitation-over"] * 5)
    assert firm.sign_in("Ada", entered[0])
    assert len(firm.leaves("PERSON_ENROLLED")) == 1


@pytest.mark.parametrize("role", ["cdo", "auditor"])
def test_who_decides_or_audits_needs_a_second_factor(firm: Firm, role: str):
    """A link is not used up by a code that lacks or is wrong, nor by one of another's secret."""
    link, other = firm.link("Ada", role), firm.link("Bea", role)
    secret = firm.people.begin_enrolment(link)
    assert firm.people.begin_enrolment(link) == secret, "what was scanned stays good"
    assert secret.secret in secret.uri
    assert secret.picture().startswith("data:image/svg+xml")
    firm.people.begin_enrolment(other)
    code = pyotp.TOTP(secret.secret).at(firm.clock.now())
    for used, given, error in (
        (link, "", "code-missing"),
        (link, " ", "code-missing"),
        (link, "000000", "code-wrong"),
        (other, code, "code-wrong"),
    ):
        with pytest.raises(BadRequest) as caught:
            firm.people.enrol(used, PASSWORD, given)
        assert caught.value.code == error
    assert firm.visitor(firm.people.enrol(link, PASSWORD, code)).roles == {role}


def test_a_code_without_a_secret_drawn_for_this_link_is_wrong(firm: Firm):
    """Also the code of the empty secret, and of the stand-in."""
    link = firm.link("Ada", "cdo")
    stand_in = pyotp.TOTP("A" * 32).at(firm.clock.now())
    with pytest.raises(BadRequest):
        firm.people.enrol(link, PASSWORD, stand_in)


def test_the_code_of_an_enrolment_is_used_up(firm: Firm):
    firm.join("Ada", "cdo", factor=True)
    with pytest.raises(VoileError):
        firm.sign_in("Ada", code=firm.code("Ada"))


def test_a_second_factor_is_free_to_others(firm: Firm):
    """And asked for from then on."""
    firm.join("Ada", "steward", factor=True)
    firm.clock.advance(60)
    with pytest.raises(VoileError):
        firm.sign_in("Ada")
    assert firm.sign_in("Ada", code=firm.code("Ada"))


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password-length"),
        ("Short pass1", "password-length"),
        ("Long enough 1" * 20, "password-length"),
        ("only small letters", "password-kinds"),
        ("ONLYCAPITALS 2026".replace(" ", ""), "password-kinds"),
        ("床前明月光疑是地上霜举头望明月", "password-kinds"),
        ("Password1234", "password-common"),
        ("P@ssw0rd2026", "password-common"),
        ("Admin@123456", "password-common"),
        ("Qwerty!Qwerty!", "password-common"),
        ("Aa1Aa1Aa1Aa1", "password-common"),
        ("Ada Lovelace 1", "password-common"),
    ],
)
def test_a_password_that_breaks_a_rule_is_refused_and_uses_nothing_up(
    firm: Firm, password: str, code: str
):
    link = firm.link("Ada Lovelace", "steward")
    with pytest.raises(BadRequest) as caught:
        firm.people.enrol(link, password)
    assert caught.value.code == code
    for language in LANGUAGES:
        said = error_json(caught.value, language)["error"]
        assert not password or password not in said["message"] + said["next"]
    assert firm.people.invitation(link) is not None


@pytest.mark.parametrize(
    "password",
    ["Nine purple kettles", "床前明月光，疑是地上霜 1", "tr0ub4dor&three", "Ada is here 9!"],
)
def test_long_passwords_of_three_kinds_are_taken(firm: Firm, password: str):
    link = firm.link("Ada", "steward")
    assert firm.enrol(link, "Ada", password=password)
    assert firm.sign_in("Ada", password)


def test_another_link_ends_what_was_before(firm: Firm):
    """Password, second factor, sessions, locks and older links; the person stays who it is."""
    token = firm.join("Ada", "cdo", factor=True)
    before = firm.visitor(token)
    status, made = firm.party.manage("POST", "/v1/people/Ada/renew", {"days": 2})
    assert status == 201
    older = made["link"].rsplit("/", 1)[1]
    assert firm.people.visitor(token) is None
    firm.clock.advance(60)
    with pytest.raises(VoileError):
        firm.sign_in("Ada", code=firm.code("Ada"))
    link = firm.party.manage("POST", f"/v1/people/{before.actor.name}/renew")[1]["link"]
    assert firm.people.invitation(older) is None
    told = firm.people.invitation(link.rsplit("/", 1)[1])
    assert told is not None
    assert (told.person, told.again) == (before.actor.name, True)
    again = firm.enrol(link.rsplit("/", 1)[1], "Ada", factor=True, password=OTHER)
    assert firm.visitor(again).actor == before.actor
    assert len(firm.leaves("PERSON_RENEWED")) == 2
