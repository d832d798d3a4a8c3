"""Questions made from declared names: each is read, bound and granted, whatever the names and terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from policies.model import Atomic, Rule
from policies.offers import QuestionTerms, question_offer
from policies.plan import bind
from policies.profile import PURPOSES, QUERY, purpose_iri
from policies.purpose_words import PURPOSE_WORDS, short_purpose
from policies.samples import Asker, samples
from policies.schema import Dimension, Measure, TableSchema
from policies.sql import parse

if TYPE_CHECKING:
    from policies.samples import Margins

SPACE = "https://space.example"
ASKER = Asker("did:web:us.example", SPACE, datetime(2026, 11, 30, tzinfo=UTC))
SCHEMA = TableSchema(
    product="p",
    table="t",
    dimensions=(
        Dimension(name="year", kind="integer", codes=("2024", "2025")),
        Dimension(name="maker", kind="code", codes=("O'Neil", "上海", "x")),
        Dimension(
            name="band",
            kind="bin",
            codes=("[0, 10)", "[10, inf)"),
            edges=(Decimal(0), Decimal(10), None),
            disclosure="filter",
        ),
    ),
    measures=(
        Measure(name="qty", lower=Decimal(0), upper=Decimal(9)),
        Measure(name="price", scale=2, unit="CNY", lower=Decimal(0), upper=Decimal(99)),
    ),
    contributor="",
    minimum_contributors=5,
)
TERMS: dict[str, dict[str, Any]] = {
    "all": {},
    "one measure": {"measures": ("price:avg",)},
    "counts": {"measures": ("*:count",)},
    "of a measure": {"measures": ("qty:count",)},
    "a filter alone": {"dimensions": ("band",), "measures": ("qty:sum",)},
    "quoted": {"dimensions": ("maker",)},
    "once": {"count": 1},
    "a floor": {"min_group_size": 50},
    "members": {"membership": SPACE},
    "for us": {"recipients": ("did:web:us.example", "did:web:them.example")},
    "dated": {"not_before": "2026-01-01Z", "not_after": "2026-12-31Z"},
    "totals": {
        "modes": ("homomorphic",),
        "aggregator": "did:web:hub.example",
        "cohort_members": ("did:web:a.example", "did:web:b.example", "did:web:c.example"),
        "min_cohort": 3,
    },
    "an IRI": {"purposes": ("https://example.org/audit",)},
}


def made(margins: Margins | None = None, asker: Asker = ASKER, **terms: Any) -> Any:
    offer = question_offer("o", QuestionTerms(**{"purposes": ("credit",), **terms}))
    return samples(SCHEMA, offer, asker, margins or {})


@pytest.mark.parametrize("name", TERMS)
def test_what_is_granted_is_found(name: str) -> None:
    """Under each kind of terms, up to three that differ; each means something on the table."""
    found, reasons = made(**TERMS[name])
    assert 1 <= len(found) <= 3
    assert reasons == ()
    assert len({one.sql for one in found}) == len(found)
    for one in found:
        bound = bind(parse(one.sql), SCHEMA)
        assert {o.name for o in bound.outputs} <= set(TERMS[name].get("measures", ())) or (
            "measures" not in TERMS[name]
        )
        assert set(bound.mentioned) <= set(TERMS[name].get("dimensions", bound.mentioned))


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"recipients": ("did:web:them.example",)}, "policy.recipient"),
        ({"membership": "https://other.example"}, "policy.membership"),
        ({"not_after": "2026-01-01Z"}, "policy.date-time"),
        ({"not_before": "2027-01-01Z"}, "policy.date-time"),
    ],
)
def test_what_grants_nothing_says_why(terms: dict[str, Any], code: str) -> None:
    """An offer for others, of another space, over, not begun."""
    found, reasons = made(**terms)
    assert found == ()
    assert [reason.code for reason in reasons] == [code]


def test_an_owner_sees_what_whom_it_is_for_would_see() -> None:
    """Without an asker it is the first recipient, or anybody."""
    nobody = replace(ASKER, did="")
    assert made(asker=nobody, recipients=("did:web:them.example",))[0]
    assert made(asker=nobody)[0]


def test_a_prohibition_counts() -> None:
    """As when it is asked."""
    offer = question_offer("o", QuestionTerms(purposes=("credit",)))
    ban = Rule(
        action=QUERY,
        constraints=(
            Atomic(offer.permissions[0].constraints[0].left, "eq", (purpose_iri("credit"),)),
        ),
    )
    found, reasons = samples(SCHEMA, replace(offer, prohibitions=(ban,)), ASKER, {})
    assert found == ()
    assert reasons


def test_what_is_not_shown_is_not_proposed() -> None:
    """By the public margins: nothing of it leaves it out, a part of it puts it last."""
    margins: Margins = {
        (frozenset({"year"}), "qty"): (2, 0),
        (frozenset({"maker"}), "price"): (3, 1),
    }
    found, _ = made(margins)
    sqls = [one.sql for one in found]
    assert not any(sql.startswith("SELECT year, SUM(qty)") for sql in sqls)
    partly = "SELECT maker, AVG(price) FROM t GROUP BY maker"
    assert partly not in sqls[:-1]
    assert partly in [one.sql for one in made()[0]]


def test_what_is_shown_whole_is_proposed_first() -> None:
    """One of four groups is no beginning where another measure has all; a filter may find none."""
    some = {"qty": (4, 1), "price": (4, 4), "*": (4, 4)}
    groupings = [{"year"}, {"maker"}, {"year", "maker"}, {"band"}]
    margins: Margins = {
        (frozenset(names), measure): found for names in groupings for measure, found in some.items()
    }
    margins |= {(frozenset(), measure): (1, 0) for measure in some}
    found, _ = made(margins)
    assert len(found) == 3
    for one in found:
        assert "qty" not in one.sql
    few, _ = made(margins, measures=("qty:sum",))
    assert few
    assert all("SUM(qty)" in one.sql and "WHERE" not in one.sql for one in few)
    margins[frozenset({"maker"}), "qty"] = (4, 3)
    assert "SELECT maker" in made(margins, measures=("qty:sum",))[0][0].sql
    nothing = {key: (groups, 0) for key, (groups, _) in margins.items()}
    assert made(nothing, measures=("qty:sum",))[0] == ()


def test_what_margins_do_not_surely_tell_comes_after_what_they_do() -> None:
    """How many rows have a value is not published, nor what a higher floor of the offer lets through."""
    whole = {"qty": (4, 4), "price": (4, 4), "*": (4, 4)}
    groupings = [{"year"}, {"maker"}, {"year", "maker"}]
    margins: Margins = {
        (frozenset(names), measure): found
        for names in groupings
        for measure, found in whole.items()
    }
    found, _ = made(margins)
    assert len(found) == 3
    assert all("SUM" in one.sql or "COUNT(*)" in one.sql for one in found)
    averages, _ = made(margins, measures=("qty:avg", "price:sum"))
    assert [("AVG" in one.sql) for one in averages] == sorted("AVG" in one.sql for one in averages)
    assert "SUM(price)" in averages[0].sql
    assert made(margins, min_group_size=50)[0], "a guess is better than none"
    few: Margins = dict.fromkeys(margins, (4, 0))
    assert all(
        "GROUP BY" not in one.sql or "WHERE" in one.sql
        for one in made(few, min_group_size=50, measures=("qty:sum",))[0]
    )


def test_every_purpose_has_words() -> None:
    """In both languages; the short name comes back from the IRI."""
    assert set(PURPOSE_WORDS) == set(PURPOSES)
    assert all(short_purpose(purpose_iri(name)) == name for name in PURPOSES)
    assert short_purpose("https://example.org/audit") == "https://example.org/audit"
