"""Descriptions: whoever shows one, only its provider can have written it, and all of it is known."""

import copy
from datetime import UTC, datetime

import pytest

from catalog.audience import open_to_all, shown_to
from catalog.description import MAX_DESCRIPTION_BYTES, sign_description, verify_description
from catalog.search import parse, terms, weigh
from crypto import jws
from crypto.canonical import canonical
from crypto.errors import MalformedError, VerificationError
from policies.evaluate import compile_policy
from policies.offers import QuestionTerms
from tests.catalog.datasets import V, dataset
from tests.catalog.parties import ALDER, BIRCH, HUB, NOW, SPACE, party


def signed(what=None, by=ALDER, **over):
    values = {
        "provider": by.did,
        "space": SPACE,
        "version": 3,
        "now": NOW,
        "key": by.signers.agreements,
        "kid": by.kid,
    }
    return sign_description(what or dataset(), **(values | over))


def checked(description, **over):
    values = {
        "expected_provider": ALDER.did,
        "expected_space": SPACE,
        "find_key": ALDER.find_key,
        "now": NOW,
    }
    return verify_description(description, **(values | over))


def test_a_description_gives_what_the_catalogue_shows():
    """Dataset, titles, grading and modes come out as the provider wrote them."""
    found = checked(signed())
    assert found.dataset == dataset()
    assert (found.title.zh, found.title.en) == ("交付记录", "Delivery records")
    assert found.summary.zh == found.summary.en == "Order lines\nand when they came."
    assert (found.domain, found.level, found.modes) == ("production", "1", ("masked",))
    assert (found.provider, found.version, found.issued) == (ALDER.did, 3, NOW)


@pytest.mark.parametrize(
    "question", ["交付", "准时率", "延误", "运输方式", "delivery record", "ship_mode"]
)
def test_it_is_found_in_both_languages(question):
    """Title, keyword, dimension and measure are found, in Chinese and in English."""
    weights = weigh(checked(signed()).texts())
    assert set(parse(question).wanted) <= set(weights)


def test_the_title_weighs_most():
    """A word in the title counts for more than the same word in the description."""
    weights = weigh(checked(signed()).texts())
    assert weights["record"] > weights["order"]
    assert all(term in weights for term in terms("交付记录"))


def test_a_hub_cannot_forge_or_alter_one():
    """Signed by the hub, or altered under the provider's signature, it is refused."""
    with pytest.raises(VerificationError):
        checked(signed(by=HUB))
    with pytest.raises(VerificationError):
        checked(signed(by=HUB, provider=ALDER.did, kid=ALDER.kid))
    head, _, tail = signed().split(".")
    middle = signed(dataset(en="Other")).split(".")[1]
    with pytest.raises(VerificationError):
        checked(f"{head}.{middle}.{tail}")


def test_a_provider_cannot_describe_in_anothers_name():
    """Neither Birch for Alder, nor a name that begins like Alder's."""
    evil = party("alder.example.evil")
    for who in (BIRCH, evil):
        for find_key in (who.find_key, ALDER.find_key):
            with pytest.raises(VerificationError):
                checked(signed(by=who), find_key=find_key)
            with pytest.raises(VerificationError):
                checked(signed(by=who, provider=ALDER.did), find_key=find_key)
    with pytest.raises(VerificationError, match="described by"):
        checked(signed(provider=BIRCH.did))


def test_space_and_time_are_checked():
    """Another space's description, and tomorrow's, are refused."""
    with pytest.raises(VerificationError, match="space"):
        checked(signed(space=SPACE + "2"))
    with pytest.raises(VerificationError, match="future"):
        checked(signed(now=NOW + 31))


def test_another_kind_of_signature_is_refused():
    """An agreement signed with the same key is not a description."""
    other = jws.sign(
        canonical({}), ALDER.signers.agreements, typ="voile-agreement+jws", kid=ALDER.kid
    )
    with pytest.raises(VerificationError, match="type"):
        checked(other)


def _without(name):
    def change(value):
        del value[name]

    return change


def _with(name, new):
    def change(value):
        value[name] = new

    return change


def _offer(**over):
    def change(value):
        value["hasPolicy"][0].update(over)

    return change


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        (_without("@id"), "/dataset/@id"),
        (_without("hasPolicy"), "/dataset/hasPolicy"),
        (_with("hasPolicy", []), "/dataset/hasPolicy"),
        (_with("hasPolicy", ["odrl:use"]), "/dataset/hasPolicy/0"),
        (_without("distribution"), "/dataset/distribution"),
        (_with("distribution", [{"format": "x"}]), "/dataset/distribution/0/accessService"),
        (_with("@type", "Catalog"), "/dataset/@type"),
        (_without("dct:title"), "/dataset/dct:title"),
        (_with("dct:title", []), "/dataset/dct:title"),
        (_without(V + "dataDomain"), f"/dataset/{V}dataDomain"),
        (_with(V + "dataDomain", "production"), f"/dataset/{V}dataDomain"),
        (_with(V + "dataDomain", "miit-2020/core"), f"/dataset/{V}dataDomain"),
        (_without(V + "dataLevel"), f"/dataset/{V}dataLevel"),
        (_with(V + "dataLevel", "4"), f"/dataset/{V}dataLevel"),
        (_offer(target="urn:x"), "/dataset/hasPolicy/0/target"),
        (_offer(obligation=[{"action": "pay"}]), "/dataset/hasPolicy/0/obligation/0"),
        (_offer(permission=[{"action": "fly"}]), "/dataset/hasPolicy/0/permission/0/action"),
    ],
)
def test_every_part_must_be_there_and_be_known(change, pointer):
    """What lacks a part, or has an offer with an unknown term, is refused by its place."""
    value = copy.deepcopy(dataset())
    change(value)
    with pytest.raises(MalformedError) as caught:
        checked(signed(value))
    assert caught.value.params["pointer"] == pointer


def test_a_description_has_a_cap():
    """One provider cannot fill the catalogue with one description."""
    with pytest.raises(MalformedError):
        checked(signed(dataset(en="x" * 400) | {"padding": "y" * MAX_DESCRIPTION_BYTES}))


WHEN = datetime.fromtimestamp(NOW, UTC)


def shown(asker, **terms_):
    terms_ = QuestionTerms(purposes=("quality",), **terms_)
    offers = checked(signed(dataset(terms=terms_))).offers
    return shown_to(asker.did, map(compile_policy, offers), space=SPACE, now=WHEN)


def test_an_offer_to_named_firms_is_shown_to_them_only():
    """A recipient sees it; another certified firm does not, nor one with a longer name."""
    assert shown(BIRCH, recipients=(BIRCH.did,))
    assert not shown(HUB, recipients=(BIRCH.did,))
    assert not shown(party("birch.example.evil"), recipients=(BIRCH.did,))


def test_an_offer_to_another_spaces_members_is_not_shown():
    """Membership is of this space, which the hub certified."""
    assert shown(BIRCH, membership=SPACE)
    assert not shown(BIRCH, membership=SPACE + "2")


def test_an_offer_whose_time_is_over_is_not_shown():
    """What cannot be granted any more is not offered."""
    assert shown(BIRCH, not_after="2030-01-01T00:00:00Z")
    assert not shown(BIRCH, not_after="2020-01-01T00:00:00Z")


def test_what_is_open_to_all_needs_no_decision():
    """Exactly the offers that name neither recipient, space nor time are open to all."""

    def opened(**terms_):
        terms_ = QuestionTerms(purposes=("quality",), **terms_)
        return open_to_all(checked(signed(dataset(terms=terms_))).offers)

    assert opened()
    assert opened(count=3)
    assert not opened(recipients=(BIRCH.did,))
    assert not opened(membership=SPACE)
    assert not opened(not_after="2030-01-01T00:00:00Z")
