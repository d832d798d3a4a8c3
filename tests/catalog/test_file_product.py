"""File products: what a product file may say of one, and the offers that it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from catalog.dcat import DATA_LEVEL
from catalog.description import sign_description, verify_description
from catalog.errors import ProductError
from catalog.file_product import (
    FILE,
    FileProduct,
    FileVersion,
    file_dataset,
    use_offers,
)
from catalog.product_file import read_declaration, read_product
from policies.odrl import parse_policy, to_wire
from policies.profile import PROFILE, V
from tests.catalog.parties import ALDER, NOW, SPACE

if TYPE_CHECKING:
    from collections.abc import Mapping

HEAD = """
id = "parts"
kind = "file"
title = { zh = "零件", en = "Parts" }
keywords = ["parts"]
domain = "production"
level = %d
"""
PLAIN = '[[offer]]\nformats = ["HttpData-PULL"]\n'
DID = "did:web:buyer.example"
VERSION = FileVersion(
    number=3,
    digest="sha-256:" + "ab" * 32,
    size=17,
    media="text/csv",
    published="2026-11-21T09:00:00Z",
)


def read(text: str = PLAIN, level: int = 1) -> FileProduct:
    found = read_declaration(HEAD % level + text)
    assert isinstance(found, FileProduct)
    return found


def operands(wire: Mapping[str, Any]) -> list[str]:
    """What an offer's permission looks at, ODRL's prefix undone."""
    return [
        term["leftOperand"].removeprefix("odrl:") for term in wire["permission"][0]["constraint"]
    ]


def test_an_offer_without_terms_is_a_bare_permission_to_use():
    """So that every plain peer can take it: no profile, no constraint, no key of ours."""
    (offer,) = use_offers(read())
    wire = to_wire(offer)
    assert {key: wire[key] for key in wire if key != "@id"} == {
        "@type": "Offer",
        "permission": [{"action": "use"}],
    }
    assert parse_policy(wire, kind="Offer") == offer


def test_terms_of_odrl_alone_need_no_profile():
    """Validity and recipients are ODRL's own words."""
    text = f'{PLAIN}valid_until = "2027-12-31Z"\nrecipients = ["{DID}"]\n'
    wire = to_wire(use_offers(read(text))[0])
    assert "profile" not in wire
    assert V not in str(wire)
    assert operands(wire) == ["dateTime", "recipient"]


@pytest.mark.parametrize("term", ['purposes = ["quality"]', f'members_of = "{V}space/default"'])
def test_terms_of_ours_declare_the_profile(term: str):
    """A peer that does not know them sees that it does not."""
    assert use_offers(read(PLAIN + term + "\n"))[0].profiles == (PROFILE,)


def test_another_term_or_format_is_another_offer():
    """The `@id` ends in a digest of both."""
    names = {
        use_offers(read(text))[0].uid
        for text in (
            PLAIN,
            PLAIN + 'valid_until = "2027-12-31Z"\n',
            PLAIN.replace("PULL", "PUSH"),
        )
    }
    assert len(names) == 3


@pytest.mark.parametrize(
    ("level", "terms"),
    [
        (3, ""),
        (3, f'recipients = ["{DID}"]\npurposes = ["quality"]\n'),
        (2, ""),
        (2, f'recipients = ["{DID}"]\n'),
        (2, 'purposes = ["quality"]\n'),
    ],
)
def test_graver_data_needs_more_than_the_offer_says(level: int, terms: str):
    """Level 3 is never offered; level 2 goes to named recipients for a purpose."""
    with pytest.raises(ProductError, match=f"level {level}"):
        read(PLAIN + terms, level)


def test_level_2_goes_to_named_recipients_for_a_purpose():
    """And carries both as constraints."""
    text = f'{PLAIN}recipients = ["{DID}"]\npurposes = ["quality"]\n'
    wire = to_wire(use_offers(read(text, 2))[0])
    assert operands(wire) == ["purpose", "recipient"]


def test_level_3_may_be_declared_without_an_offer():
    """It can be kept, described to nobody and delivered to nobody."""
    assert read("", 3).formats == ()


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("[[offer]]\n", "offer[1].formats"),
        ('[[offer]]\nformats = ["Voile-Question"]\n', "offer[1].formats[1]"),
        (PLAIN + "count = 3\n", "offer[1].count"),
        (PLAIN + 'modes = ["masked"]\n', "offer[1].modes"),
        ('table = "x"\n', "table"),
        ("[[column]]\n", "column"),
        (PLAIN + PLAIN, "offer[2].name"),
        (PLAIN + 'valid_until = "2027"\n', "offer[1].valid_until"),
        (PLAIN + 'recipients = ["nobody"]\n', "offer[1].recipients[1]"),
    ],
)
def test_what_has_no_meaning_for_a_file_is_refused(text: str, field: str):
    """By the name of the field."""
    with pytest.raises(ProductError) as error:
        read(text)
    assert error.value.params["field"] == field


def test_a_file_is_no_table():
    """Who needs a table says so in the error, and a kind that is none is refused."""
    with pytest.raises(ProductError, match="`kind`"):
        read_product(HEAD % 1)
    with pytest.raises(ProductError, match="`kind`"):
        read_declaration((HEAD % 1).replace('"file"', '"folder"'))


def test_formats_belong_to_the_offer_that_was_agreed():
    """By its `@id`, by its name when its terms have changed since, else what is granted now."""
    text = PLAIN + '[[offer]]\nname = "sent"\nformats = ["HttpData-PUSH"]\n'
    product = read(text)
    pulled, sent = (offer.uid for offer in use_offers(product))
    assert product.formats_of(pulled) == ("HttpData-PULL",)
    assert product.formats_of(sent) == ("HttpData-PUSH",)
    assert product.formats_of("parts:sent:000000000000") == ("HttpData-PUSH",)
    assert product.formats_of("parts:gone:000000000000") == ("HttpData-PULL", "HttpData-PUSH")
    assert product.formats_of("urn:uuid:1") == ("HttpData-PULL", "HttpData-PUSH")


def test_the_dataset_names_formats_grade_and_version():
    """As DSP has it: one distribution per format, the service inlined."""
    service = {"@id": "x", "@type": "DataService", "endpointURL": "https://a.example/dsp"}
    found = file_dataset(read(PLAIN, 1), VERSION, service=service)
    assert found["distribution"] == [
        {"@type": "Distribution", "format": "HttpData-PULL", "accessService": service}
    ]
    assert found[DATA_LEVEL] == "1"
    assert found[FILE]["@value"] == {
        "mediaType": "text/csv",
        "bytes": 17,
        "digest": VERSION.digest,
        "version": 3,
    }


def test_the_shared_catalogue_takes_its_description():
    """It has no table and no query mode, and is found by its texts all the same."""
    service = {"@id": "x", "@type": "DataService", "endpointURL": "https://a.example/dsp"}
    signed = sign_description(
        file_dataset(read(), VERSION, service=service),
        provider=ALDER.did,
        space=SPACE,
        version=1,
        now=NOW,
        key=ALDER.signers.agreements,
        kid=ALDER.kid,
    )
    found = verify_description(
        signed,
        expected_provider=ALDER.did,
        expected_space=SPACE,
        find_key=ALDER.find_key,
        now=NOW,
    )
    assert (found.modes, found.level, found.title.zh) == ((), "1", "零件")
    assert ("Parts", 8) in found.texts()
