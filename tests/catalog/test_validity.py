"""When offers hold: a slip of the owner's is found when it is published."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from catalog.errors import ProductError
from catalog.file_product import FileOffer
from catalog.product import ProductOffer
from catalog.validity import check_begins, expired
from policies.offers import QuestionTerms

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def _both(begins: str, ends: str) -> list[ProductOffer | FileOffer]:
    terms = QuestionTerms(purposes=("quality",), not_before=begins, not_after=ends)
    return [
        ProductOffer(name="a", terms=terms),
        FileOffer(name="b", formats=(), not_before=begins, not_after=ends),
    ]


@pytest.mark.parametrize(
    ("begins", "ends", "holds"),
    [
        ("2027-01-01Z", "2026-12-31Z", False),
        ("2027-01-01Z", "2027-01-01Z", True),  # the whole day
        ("2027-01-01T00:00:00Z", "2027-01-01T00:00:00Z", True),  # that instant
        ("2027-01-01T00:00:01Z", "2027-01-01T00:00:00Z", False),
        ("2027-01-01T00:00:00+08:00", "2026-12-31Z", True),  # still the day before in UTC
        ("2027-01-02T00:00:00Z", "2027-01-01Z", False),  # the day has just ended
        ("", "2020-01-01Z", True),
        ("2027-01-01Z", "", True),
    ],
)
def test_an_offer_that_is_over_before_it_begins_is_refused(begins: str, ends: str, holds: bool):
    """Days to their end, instants inclusive, zones heeded; the error names key and both values."""
    for offer in _both(begins, ends):
        if holds:
            check_begins([offer])
            continue
        with pytest.raises(ProductError) as caught:
            check_begins([*_both("", ""), offer])
        assert caught.value.field == "offer[3].valid_until"
        assert begins in caught.value.message
        assert ends in caught.value.message


@pytest.mark.parametrize(
    ("ends", "over"),
    [
        ("2026-11-20Z", True),
        ("2026-11-21Z", False),
        ("2026-11-21T09:00:00Z", False),
        ("2026-11-21T08:59:59Z", True),
        ("2026-11-21T16:00:00+08:00", True),
        ("", False),
    ],
)
def test_an_offer_that_is_over_is_named(ends: str, over: bool):
    """By the clock at which it is published."""
    assert expired(_both("", ends), NOW) == (("a", "b") if over else ())
