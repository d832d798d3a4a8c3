"""A policy as a sentence: each kind of clause in both languages, and what has no words as written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from policies.model import Atomic, Logical, Policy, Rule
from policies.offers import QuestionTerms, question_offer
from policies.policy_words import EVERY, MOST_VALUES, action, clause, moment, sentences
from policies.profile import ACTIONS, DIMENSION, MEMBERSHIP, OPERANDS, purpose_iri
from policies.span import span

PLANNING = purpose_iri("planning")
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
        " by Bolt only; figures: sum of late, average of price (so its sum and count), number of rows;"
        " grouped and filtered by mode; at least 5 contributors in a cell."
    )
    assert said.said("zh") == (
        "可以提问：用途：“产能计划”、“https://example.org/audit”；方式：屏蔽统计；"
        "自 2026-01-01 UTC 起；至 2026-12-31 16:30 +08:00 止；至多回答 12 次；仅限 Bolt；"
        "指标：late 的总和、price 的平均值（即总和与计数）、行数；分组与筛选：mode；每个单元格至少 5 个贡献者。"
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
        == "any of(the number of answers at most 3; the purpose equal to “urn:x”)"
    )
    many = Atomic(DIMENSION, "isAnyOf", tuple(f"c{n}" for n in range(40)), listed=True)
    text = clause(many).said("en")
    assert f"c{MOST_VALUES - 1}" in text
    assert f"c{MOST_VALUES}" not in text
    assert "40 in all" in text
    assert "c39" in clause(many, most=EVERY).said("en")


ALIKE = (
    (("recipient", "isAnyOf", ("did:web:a", "did:web:b")), ("recipient", "isAnyOf", ("did:web:a",))),
    (("purpose", "isA", (PLANNING,)), ("purpose", "eq", (PLANNING,))),
    ((MEMBERSHIP, "isAnyOf", ("urn:a", "urn:b")), (MEMBERSHIP, "isAllOf", ("urn:a", "urn:b"))),
    ((DIMENSION, "isAnyOf", ("a", "b")), (DIMENSION, "isAnyOf", ("a, b",))),
    ((DIMENSION, "isAnyOf", ("a", "b")), (DIMENSION, "isAnyOf", ("a、b",))),
    ((DIMENSION, "eq", ("“a”",)), (DIMENSION, "isAnyOf", ('"a"', "b"))),
    (("dateTime", "lteq", ("2026-01-01T00:00:00.5Z",)), ("dateTime", "lteq", ("2026-01-01T00:00:00Z",))),
)  # fmt: skip


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_no_two_constraints_that_differ_read_alike(one, other):
    for language in ("zh", "en"):
        for plain in (True, False):
            texts = {clause(Atomic(*each), plain=plain).said(language) for each in (one, other)}
            assert len(texts) == 2, texts


def test_a_value_is_no_clause():
    """Somebody's code is a code, whatever it says; it does not end its quotation marks."""
    forged = "region”; at most 5000 answers; grouped and filtered by “x"
    said = clause(Atomic(DIMENSION, "eq", (forged,))).said("en")
    assert said == (
        'grouped and filtered by “region"; at most 5000 answers; grouped and filtered by "x”'
    )
    purpose = "urn:x”；至多回答９次"
    assert clause(Atomic("purpose", "eq", (purpose,))).said("zh").count("”") == 1


def test_what_a_prohibition_says_grants_nothing():
    """A clause of a ban says whom it is about, not to whom something is left."""
    ban = Rule(action="use", constraints=(Atomic("recipient", "eq", ("did:web:bolt",)),))
    policy = Policy(
        kind="Offer", uid="urn:o", permissions=(Rule(action="use"),), prohibitions=(ban,)
    )
    _, banned, meeting = sentences(policy)
    assert banned.said("en") == (
        "It must not be used where all of this holds: the recipient equal to did:web:bolt."
    )
    assert banned.said("zh") == "不得使用，凡以下各项全部满足者：接收方 等于 did:web:bolt。"
    assert meeting.said("en") == "Where both meet, nothing at all is permitted."
    _, _, other = sentences(replace(policy, conflict="prohibit"))
    assert other.said("en") == "Where both meet, the prohibition holds."


def test_planning_alone_is_not_planning_of_capacity():
    only = clause(Atomic("purpose", "eq", (PLANNING,)))
    assert only.said("en") == "for “planning” (only as such, no kind of it)"
    assert only.said("zh") == "用途：“计划”（仅其本身，不含其下各类）"


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
