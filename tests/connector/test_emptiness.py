"""What is empty, missing or null in what an owner sends or sets never means the most by a slip.

Every field of every record that an operation takes is tried, and every setting: one that takes an
empty value stands below with what that means, or this fails. So a new field joins by itself.
"""

from __future__ import annotations

import dataclasses
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, get_args

import pytest

from connector.areas.products import database
from connector.compose import hub, participant
from connector.party import management
from connector.process import settings
from connector.process.errors import SettingsError
from crypto.errors import MalformedError
from crypto.record_kinds import bare_of, fields_of
from crypto.record_readers import value_of
from policies.errors import PolicyError
from policies.odrl import parse_policy
from policies.profile import OPERANDS, PROFILE, USE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EMPTY: Final[tuple[Any, ...]] = ([], "", 0, None, {}, False)
NOT_SOUGHT: Final = "what is listed is not limited; it is shown to whoever may see all of it"
NO_WORD: Final = "a name or a reason that is not given; nothing follows from it"
UNCHANGED: Final = "no file was handed in: only description and offers are renewed"
NOT_CONFIRMED: Final = "the owner's word is not given: the stricter of the two"
NOT_ASKED: Final = "a command or program that does not say what it saw; pages always say"
NUMBER: Final = "a number like others"
REFUSED_LATER: Final = "read, and then refused for what it lacks, with words of its own"
# record.field: what its empty values mean
TAKEN: Final = {
    "Messages.state": NOT_SOUGHT,
    "Box.before": NOT_SOUGHT,
    "Asked.text": NOT_SOUGHT,
    "Asked.provider": NOT_SOUGHT,
    "Asked.domain": NOT_SOUGHT,
    "Asked.level": NOT_SOUGHT,
    "Asked.mode": NOT_SOUGHT,
    "Wanted.counterparty": NOT_SOUGHT,
    "Wanted.agreement": NOT_SOUGHT,
    "Wanted.product": NOT_SOUGHT,
    "Wanted.since": NOT_SOUGHT,
    "Wanted.until": NOT_SOUGHT,
    "Wanted.state": NOT_SOUGHT,
    "Wanted.before": NOT_SOUGHT,
    "Which.counterparty": NOT_SOUGHT,
    "Which.before": NOT_SOUGHT,
    "Which.party": NOT_SOUGHT,
    "WhichFile.party": NOT_SOUGHT,
    "From.provider": "our own",
    "Sought.party": NOT_SOUGHT,
    "Sought.agreement": NOT_SOUGHT,
    "Sought.process": NOT_SOUGHT,
    "Sought.kind": NOT_SOUGHT,
    "Sought.decision": NOT_SOUGHT,
    "Sought.since": NOT_SOUGHT,
    "Sought.until": NOT_SOUGHT,
    "Sought.id": NOT_SOUGHT,
    "Sought.before": NOT_SOUGHT,
    "Sought.after": NOT_SOUGHT,
    "Applied.state": NOT_SOUGHT,
    "Parties.party": "public keys of all parties that are known here are collected",
    "Opened.session": "no part of a total is opened",
    "NewPerson.language": "that of the node",
    "NewPerson.until": "an auditor without an end, which the page and the command say",
    "Form.legalGroup": "in its own hand",
    "Approval.legalGroup": "as the firm says itself",
    "Publication.product": REFUSED_LATER,
    "Publication.data": UNCHANGED,
    "Publication.seen": NOT_ASKED,
    "Check.seen": NOT_ASKED,
    "Ending.seen": NOT_ASKED,
    "Reread.seen": NOT_ASKED,
    "Dropping.seen": NOT_ASKED,
    "NewRoles.before": NOT_ASKED,
    "Form.seen": NOT_ASKED,
    "Publication.acceptClamped": NOT_CONFIRMED,
    "Check.product": REFUSED_LATER,
    "Check.data": UNCHANGED,
    "Check.acceptClamped": NOT_CONFIRMED,
    "Refresh.acceptClamped": NOT_CONFIRMED,
    "Previewing.acceptClamped": NOT_CONFIRMED,
    "Publishes.acceptClamped": NOT_CONFIRMED,
    "Ending.reason": NO_WORD,
    "Begin.product": "a product of its own",
    "Reread.sheet": "the sheet read last, or the first",
    "Columns.seen": NUMBER,
    "Offering.seen": NUMBER,
    "Publishes.seen": NUMBER,
    "Columns.columns": "nothing is decided",
    "Columns.days": "no measure is the days between two columns",
    "DaysOutline.later": NUMBER,
    "DaysOutline.earlier": NUMBER,
    "DaysOutline.name": REFUSED_LATER,
    "DaysOutline.zh": NO_WORD,
    "DaysOutline.en": NO_WORD,
    "DaysOutline.lower": REFUSED_LATER,
    "DaysOutline.upper": REFUSED_LATER,
    "ColumnOutline.place": NUMBER,
    "ColumnOutline.reading": NUMBER,
    "ColumnOutline.order": NUMBER,
    "ColumnOutline.name": "the one that stands",
    "ColumnOutline.zh": NO_WORD,
    "ColumnOutline.en": NO_WORD,
    "ColumnOutline.unit": "without a unit: compared with all measures without one",
    "ColumnOutline.codes": REFUSED_LATER,
    "ColumnOutline.lower": REFUSED_LATER,
    "ColumnOutline.upper": REFUSED_LATER,
    "ColumnOutline.confirmed": NOT_CONFIRMED,
    "Offering.offer": "null is no offer; {} names nobody, and is refused",
    "About.titleZh": NO_WORD,
    "About.titleEn": NO_WORD,
    "About.descriptionZh": NO_WORD,
    "About.descriptionEn": NO_WORD,
    "About.zone": "timestamps have no zone; one that has is refused",
    "About.separateRows": NOT_CONFIRMED,
    "OfferOutline.recipients": REFUSED_LATER,
    "OfferOutline.count": "no limit, as the page and the API say",
    "OfferOutline.minimum": "the product's own rule alone",
    "Wish.offer": "the only offer; of several none is chosen",
    "Wish.policy": "null: the provider is asked; {} is refused, it has no `@id`",
    "Acceptance.terms": "what was asked for; an offer that differs is refused",
    "Cause.code": NO_WORD,
    "Cause.reason": NO_WORD,
    "Opening.format": "questions",
    "Opening.dataAddress": "null: none; {} is refused, it says nowhere",
    "Ask.mode": "the one mode of the agreement; of several none is chosen",
    "Ask.questionId": "a new question",
    "Ask.explain": "it is asked",
}
SET: Final = {
    "pinned": "nobody is trusted point to point",
    "expose": "false: on this machine only",
    "testing.loopback_http": "off",
    "testing.profiles": "off",
    "testing.plain_peers": "there are none",
    "testing.reaction_ms": NUMBER,
}


def every() -> dict[str, Any]:
    """The records of what operations take, and the records within, by name."""
    found: dict[Any, None] = {}

    def records(kind: Any) -> None:
        bare = bare_of(kind)
        if dataclasses.is_dataclass(bare):
            if bare not in found:
                found[bare] = None
                for one in fields_of(bare):  # type: ignore[arg-type]
                    records(one.kind)
            return
        for inner in get_args(bare):
            if not isinstance(inner, str | int | type(None)):
                records(inner)

    for operation in operations():
        records(operation.body)
        records(operation.query)
    return found


def operations() -> Iterator[Any]:
    yield from management.OPERATIONS
    for area in (*participant.AREAS, *hub.AREAS):
        yield from area.operations


def test_every_empty_value_that_is_taken_is_said():
    taken = set()
    for record in every():
        for one in fields_of(record):
            for value in EMPTY:
                with suppress(MalformedError):
                    value_of(one.kind, value, "/x")
                    taken.add(f"{record.__name__}.{one.key}")
    assert taken == TAKEN.keys()


def test_lists_of_those_who_may_are_never_empty():
    """Roles of persons and keys: somebody without a role would be a slip, and all roles a worse."""
    kinds = {f"{r.__name__}.{one.key}": one.kind for r in every() for one in fields_of(r)}
    for field in ("NewPerson.roles", "NewRoles.roles", "NewKey.roles", "Form.roles"):
        for value in (*EMPTY, [""], [None]):
            with pytest.raises(MalformedError):
                value_of(kinds[field], value, "/roles")


def test_every_empty_setting_that_is_taken_is_said():
    taken = set()
    for key, read in settings._KEYS.items():
        for value in EMPTY:
            if value is None:
                continue  # neither TOML nor an environment has one
            with suppress(SettingsError):
                read(value, key)
                taken.add(key)
    assert taken == SET.keys()


def test_no_setting_is_empty_in_the_environment(tmp_path: Path):
    (tmp_path / "voile.toml").write_text(
        'did = "did:web:a.example"\npublic_url = "https://a.example"'
    )
    for name in settings._ENVIRONMENT:
        with pytest.raises(SettingsError):
            settings.load(tmp_path, {name: ""})


def test_no_database_is_empty():
    for one in fields_of(database._Database):
        for value in EMPTY:
            with pytest.raises(MalformedError):
                value_of(one.kind, value, "/x")


def policy(**rule: Any) -> dict[str, Any]:
    return {
        "@id": "urn:offer",
        "@type": "Offer",
        "profile": [PROFILE],
        "permission": [{"action": USE} | rule],
    }


def test_no_condition_of_a_policy_is_empty():
    """None of, any of or all of nothing: neither holds for all nor for nobody; it is refused."""
    parse_policy(policy(), kind="Offer")
    for left, operand in OPERANDS.items():
        for operator in operand.operators:
            for right in (*EMPTY, [""], [None], [[]]):
                given = {"leftOperand": left, "operator": operator, "rightOperand": right}
                with pytest.raises(PolicyError):
                    parse_policy(policy(constraint=[given]), kind="Offer")
            missing = {"leftOperand": left, "operator": operator}
            with pytest.raises(PolicyError):
                parse_policy(policy(constraint=[missing]), kind="Offer")


@pytest.mark.parametrize("name", ["and", "or", "xone"])
@pytest.mark.parametrize("inner", [[], [{}], {}, None, ""])
def test_no_connective_is_empty(name: str, inner: Any):
    with pytest.raises(PolicyError):
        parse_policy(policy(constraint=[{name: inner}]), kind="Offer")


@pytest.mark.parametrize("given", [{}, None, "", 0, [{}], [None]])
def test_a_condition_that_says_nothing_is_none_of_ours(given: Any):
    with pytest.raises(PolicyError):
        parse_policy(policy(constraint=given), kind="Offer")


@pytest.mark.parametrize("empty", [[], None, {}, ""])
def test_a_policy_without_rules_grants_nothing(empty: Any):
    without = {key: one for key, one in policy().items() if key != "permission"}
    for rules in ({}, {"permission": empty}, {"permission": empty, "prohibition": empty}):
        with pytest.raises(PolicyError):
            parse_policy(without | rules, kind="Offer")
