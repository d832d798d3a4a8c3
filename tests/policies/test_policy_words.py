"""A policy as a sentence: each kind of clause in both languages, and what has no words as written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from policies.model import Atomic, Logical, Policy, Rule
from policies.offers import QuestionTerms, question_offer
from policies.policy_words import MOST_VALUES, action, clause, moment, sentences
from policies.profile import ACTIONS, DIMENSION, OPERANDS
from policies.span import span

WHOLE = QuestionTerms(
    purposes=("capacityPlanning", "https://example.org/audit"),
    modes=("masked",),
    not_before="2026-01-01Z",
    not_after="2026-12-31T16:30:00+08:00",
    count=12,
    recipients=("did:web:bolt.example",),
    measures=("late:sum", "price:avg", "*:count"),
    dimensions=("mode",),
    min_group_size=5,
)


def test_an_offer_of_questions_is_one_sentence():
    (said,) = sentences(question_offer("urn:o", WHOLE), lambda _did: _Bolt())
    assert said.said("en") == (
        "Questions may be asked: for “planning of capacity”, “https://example.org/audit”;"
        " mode: masked; from 2026-01-01 UTC; until 2026-12-31 16:30 +08:00; at most 12 answers;"
        " by Bolt only; figures: sum of late, average of price, number of rows;"
        " grouped and filtered by mode; at least 5 contributors in a cell."
    )
    assert said.said("zh") == (
        "可以提问：用途：“产能计划”、“https://example.org/audit”；方式：屏蔽统计；"
        "自 2026-01-01 UTC 起；至 2026-12-31 16:30 +08:00 止；至多回答 12 次；仅限 Bolt；"
        "指标：late 的总和、price 的平均值、行数；分组与筛选：mode；每个单元格至少 5 个贡献者。"
    )


class _Bolt:
    def said(self, _language: str) -> str:
        return "Bolt"


@pytest.mark.parametrize("operand", sorted(OPERANDS))
def test_every_operand_and_operator_is_said(operand: str):
    """In words of the language, never as an operator or an IRI of ours."""
    for operator in OPERANDS[operand].operators:
        said = clause(Atomic(operand, operator, ("5",)))
        for language in ("zh", "en"):
            text = said.said(language)
            assert "5" in text
            assert operator not in text.split(), text
            assert "w3id.org" not in text


@pytest.mark.parametrize("name", [*ACTIONS, "https://example.org/act"])
def test_every_action_is_permitted_or_prohibited(name: str):
    for language in ("zh", "en"):
        may, must_not = (action(name, prohibited=which).said(language) for which in (False, True))
        assert may
        assert must_not
        assert may != must_not


def test_what_is_nested_and_what_is_long():
    nested = Logical("or", (Atomic("count", "lteq", ("3",)), Atomic("purpose", "eq", ("urn:x",))))
    assert (
        clause(nested).said("en")
        == "any of(the number of answers at most 3; the purpose equal to urn:x)"
    )
    many = Atomic(DIMENSION, "isAnyOf", tuple(f"c{n}" for n in range(40)), listed=True)
    text = clause(many).said("en")
    assert f"c{MOST_VALUES - 1}" in text
    assert f"c{MOST_VALUES}" not in text
    assert "40 in all" in text


def test_braces_of_others_are_text():
    said = clause(Atomic(DIMENSION, "eq", ("{values}{{x}}",)))
    assert "{values}{{x}}" in said.said("en")


def test_moments_keep_their_zone():
    assert moment("2026-12-31Z") == "2026-12-31 UTC"
    assert moment("2026-12-31T23:59:59+08:00") == "2026-12-31 23:59:59 +08:00"
    assert moment("soon") == "soon"


def test_a_span_is_as_wide_as_its_widest_permission():
    def rule(*clauses: tuple[str, str]) -> Rule:
        return Rule(
            action="use", constraints=tuple(Atomic("dateTime", o, (v,)) for o, v in clauses)
        )

    def of(*rules: Rule) -> tuple[datetime | None, datetime | None]:
        return span(Policy(kind="Offer", uid="urn:o", permissions=rules))

    first = rule(("gteq", "2026-01-01Z"), ("lteq", "2026-03-31Z"))
    later = rule(("gt", "2026-01-31Z"), ("lt", "2026-12-31Z"))
    assert of(first) == (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    assert of(later) == (datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC))
    assert of(first, later) == (
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 12, 31, tzinfo=UTC),
    )
    assert of(first, rule()) == (None, None)
    assert of() == (None, None)
