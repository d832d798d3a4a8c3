"""Parsing policies fail-closed, writing them for the wire, and comparing what they say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft201909Validator
from referencing import Registry, Resource

from policies.errors import PolicyError
from policies.model import Atomic, Logical, Policy
from policies.odrl import parse_policy, same_terms, to_wire
from policies.offers import (
    QuestionTerms,
    count_limit,
    granted,
    most_answers,
    question_offer,
    release_floor,
)
from policies.profile import (
    COUNT,
    MIN_GROUP_SIZE,
    ODRL,
    PROFILE,
    PURPOSE,
    QUERY,
    QUERY_MODE,
    USE,
    V,
)
from tests.policies.samples import CAPACITY, CREDIT, agreement, atom, policies

if TYPE_CHECKING:
    from pathlib import Path

GOOD = atom(PURPOSE, "isAnyOf", [CAPACITY])


def codes(obj: Any) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        parse_policy(obj, kind="Agreement")
    return [reason.code for reason in caught.value.reasons]


@pytest.mark.parametrize(
    ("obj", "code", "pointer"),
    [
        (agreement(profile=["urn:other"]), "policy.profile.unknown", "/profile/0"),
        (agreement(action="teleport"), "policy.action.unknown", "/permission/0/action"),
        (agreement(action="voile:query"), "policy.action.unknown", "/permission/0/action"),
        (
            agreement(atom("inForceDate", "gteq", "x")),
            "policy.operand.unknown",
            "/permission/0/constraint/0/leftOperand",
        ),
        (
            agreement(atom(V + "rate", "lteq", "1/P1D")),
            "policy.operand.unknown",
            "/permission/0/constraint/0/leftOperand",
        ),
        (
            agreement(atom(COUNT, "term-lteq", "1")),
            "policy.operator.unknown",
            "/permission/0/constraint/0/operator",
        ),
        (
            agreement(atom(PURPOSE, "gteq", CAPACITY)),
            "policy.operator.unsuitable",
            "/permission/0/constraint/0/operator",
        ),
        (
            agreement(atom(COUNT, "lteq", "many")),
            "policy.literal.bad",
            "/permission/0/constraint/0/rightOperand",
        ),
        (
            agreement(atom("dateTime", "lteq", "2027-12-31T00:00:00")),
            "policy.literal.bad",
            "/permission/0/constraint/0/rightOperand",
        ),
        (
            agreement(atom(PURPOSE, "eq", "capacityPlanning")),
            "policy.literal.bad",
            "/permission/0/constraint/0/rightOperand",
        ),
        (
            agreement(atom(QUERY_MODE, "isAnyOf", ["secureSum"])),
            "policy.literal.bad",
            "/permission/0/constraint/0/rightOperand",
        ),
        (
            agreement(atom(COUNT, "lteq", ["1", "2"])),
            "policy.literal.count",
            "/permission/0/constraint/0/rightOperand",
        ),
        (
            agreement(atom(PURPOSE, "isAnyOf", [])),
            "policy.literal.count",
            "/permission/0/constraint/0/rightOperand",
        ),
        (agreement({"or": []}), "policy.logic.empty", "/permission/0/constraint/0/or"),
        (
            agreement({"andSequence": [GOOD]}),
            "policy.key.lost",
            "/permission/0/constraint/0/andSequence",
        ),
        (agreement({"or": [GOOD], "and": [GOOD]}), "policy.shape", "/permission/0/constraint/0"),
        (
            agreement({**GOOD, "odrl:unit": "x"}),
            "policy.key.lost",
            "/permission/0/constraint/0/odrl:unit",
        ),
        (
            agreement({**GOOD, "rightOperand": 3}),
            "policy.shape",
            "/permission/0/constraint/0/rightOperand",
        ),
        (agreement(conflict="prohibit"), "policy.key.lost", "/conflict"),
        (agreement(inheritFrom="urn:x"), "policy.key.lost", "/inheritFrom"),
        (agreement(**{"@context": {"use": "urn:evil"}}), "policy.key.lost", "/@context"),
        (
            agreement(**{"odrl:conflict": {"@id": "odrl:perm"}}),
            "policy.conflict.unknown",
            "/odrl:conflict",
        ),
        (agreement(obligation=[{"action": "use"}]), "policy.duty.unsupported", "/obligation/0"),
        (agreement(**{ODRL + "target": "x"}), "policy.key.twice", f"/{ODRL}target"),
        ({**agreement(), "permission": []}, "policy.empty", ""),
        ({**agreement(), "@type": "Offer"}, "policy.type", "/@type"),
        (
            {k: v for k, v in agreement().items() if k != "timestamp"},
            "policy.key.missing",
            "/timestamp",
        ),
        ({k: v for k, v in agreement().items() if k != "@id"}, "policy.key.missing", "/@id"),
    ],
)
def test_what_is_not_understood_refuses_the_policy(obj: Any, code: str, pointer: str) -> None:
    """Each unknown or malformed part is a finding with its JSON pointer, and nothing is guessed."""
    with pytest.raises(PolicyError) as caught:
        parse_policy(obj, kind="Agreement")
    assert (code, pointer) in [(r.code, r.clause) for r in caught.value.reasons]


def test_all_findings_are_listed() -> None:
    """One look tells everything that is wrong, not only the first thing."""
    obj = agreement(atom("a", "eq", "1"), atom(COUNT, "lteq", "x"), action="teleport")
    assert codes(obj) == ["policy.action.unknown", "policy.operand.unknown", "policy.literal.bad"]


def test_depth_and_size_are_capped() -> None:
    """Nests deeper than 8 and more than 256 constraints are refused before they cost anything."""
    deep: Any = GOOD
    for _ in range(12):
        deep = {"and": [deep]}
    assert "policy.too-large" in codes(agreement(deep))
    assert "policy.too-large" in codes(agreement(*[GOOD] * 300))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "@id",
                    "@type",
                    "permission",
                    "action",
                    "constraint",
                    "and",
                    "leftOperand",
                    "operator",
                    "rightOperand",
                    "odrl:conflict",
                    "x",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.text(max_size=12), JSON, max_size=4), JSON)
def test_any_json_gives_a_policy_or_one_error(extra: dict[str, Any], inner: Any) -> None:
    """Fuzzed JSON is a policy or a `PolicyError`, never anything else."""
    for obj in ({**agreement(), "permission": inner}, {**agreement(), **extra}):
        try:
            policy = parse_policy(obj, kind="Agreement")
        except PolicyError as error:
            assert error.reasons  # noqa: PT017
        else:
            assert isinstance(policy, Policy)


@settings(max_examples=100, deadline=None)
@given(policies())
def test_compact_and_expanded_terms_are_the_same(policy: Policy) -> None:
    """Bare, `odrl:` and absolute keys and operators parse to the same policy."""

    def expand(value: Any) -> Any:
        if isinstance(value, dict):
            names = ("permission", "prohibition", "constraint", "action", "leftOperand", "operator")
            more = (*names, "rightOperand", "and", "or", "xone", "target", "assignee")
            return {ODRL + k if k in more else k: expand(v) for k, v in value.items()}
        return [expand(v) for v in value] if isinstance(value, list) else value

    wire = to_wire(policy)
    assert parse_policy(expand(wire), kind="Agreement") == policy
    assert same_terms(parse_policy(wire, kind="Agreement"), policy)


def test_spelling_makes_no_difference_to_terms() -> None:
    """Order, nesting of `and`, absent against empty, scalar against list, forms of numbers."""
    a = agreement(GOOD, atom(COUNT, "lteq", "100"), atom("dateTime", "lt", "2027-01-01T00:00:00Z"))
    b = agreement(
        {
            "and": [
                atom("dateTime", "lt", "2027-01-01T08:00:00+08:00"),
                atom(COUNT, "lteq", "100.0"),
            ]
        },
        atom(PURPOSE, "isAnyOf", CAPACITY),
        prohibition=[],
    )
    assert same_terms(parse_policy(a, kind="Agreement"), parse_policy(b, kind="Agreement"))


@pytest.mark.parametrize(
    "other",
    [
        agreement(atom(COUNT, "lteq", "101")),
        agreement(),
        agreement(atom(COUNT, "lt", "100")),
        agreement(atom(COUNT, "lteq", "100"), action=USE),
        agreement(atom(COUNT, "lteq", "100"), target="elsewhere"),
        agreement(atom(COUNT, "lteq", "100"), prohibition=[{"action": QUERY}]),
        agreement({"or": [atom(COUNT, "lteq", "100"), GOOD]}),
    ],
)
def test_a_changed_or_lost_clause_is_noticed(other: Any) -> None:
    """Another number, operator, action, target, a lost clause or a new ban is not the same."""
    ours = parse_policy(agreement(atom(COUNT, "lteq", "100")), kind="Agreement")
    assert not same_terms(ours, parse_policy(other, kind="Agreement"))


@pytest.mark.long
@settings(max_examples=100, deadline=None)
@given(policies(), policies())
def test_sameness_is_symmetric_and_means_one_normal_form(a: Policy, b: Policy) -> None:
    """Reflexive and symmetric; equal policies are the same."""
    assert same_terms(a, a)
    assert same_terms(a, b) == same_terms(b, a)


def test_xone_counts_its_branches() -> None:
    """A branch named twice can never be exactly one, so it is not the same as named once."""
    one = agreement({"xone": [GOOD]})
    twice = agreement({"xone": [GOOD, GOOD]})
    parsed = [parse_policy(obj, kind="Agreement") for obj in (one, twice)]
    assert not same_terms(*parsed)


@pytest.fixture
def contract_schema(vectors: Path) -> Any:
    """DSP's schema of an Offer or an Agreement, by definition name."""
    schema = json.loads((vectors / "dsp/negotiation/contract-schema.json").read_text())
    registry: Registry[Any] = Registry().with_resource(
        schema["$id"], Resource.from_contents(schema)
    )

    def validate(kind: str, obj: Any) -> None:
        ref = {"$ref": f"{schema['$id']}#/definitions/{kind}"}
        Draft201909Validator(ref, registry=registry).validate(obj)

    return validate


TERMS = QuestionTerms(
    purposes=("capacityPlanning",),
    modes=("masked", "homomorphic"),
    not_after="2027-12-31Z",
    count=100,
    recipients=("did:web:buyer.example",),
    membership="urn:space",
    measures=("qty:sum", "*:count"),
    dimensions=("year",),
    min_group_size=7,
    aggregator="did:web:hub.example",
    cohort_members=("did:web:a.example", "did:web:b.example"),
)


def test_offers_of_questions_fit_the_protocols_schema(contract_schema: Any) -> None:
    """Our offer, as catalogue offer and as agreement, validates against DSP 2025-1's own schema."""
    wire = to_wire(question_offer("urn:offer:1", TERMS))
    contract_schema("Offer", wire)
    contract_schema("Agreement", {**agreement(), "permission": wire["permission"]})
    assert wire["profile"] == [PROFILE]
    assert parse_policy(wire, kind="Offer") == question_offer("urn:offer:1", TERMS)


def test_an_offer_of_plain_use_carries_none_of_our_terms() -> None:
    """Every plain peer can take it: no profile, no `odrl:` key, nothing of ours."""
    text = json.dumps(to_wire(parse_policy(agreement(action=USE), kind="Agreement")))
    assert "odrl:" not in text
    assert V not in text


def test_edc_offers_are_read_or_refused_by_name(vectors: Path) -> None:
    """EDC's plain offer parses; its two `inForceDate` constraints are named as not understood."""
    body = json.loads((vectors / "edc/constraint/02-provider-answer-Catalog.json").read_text())
    plain, dated = (dataset["hasPolicy"][0] for dataset in body["body"]["dataset"])
    assert parse_policy(plain, kind="Offer").permissions[0].action == USE
    with pytest.raises(PolicyError) as caught:
        parse_policy(dated, kind="Offer")
    assert [r.given for r in caught.value.reasons] == ["inForceDate", "inForceDate"]


def test_floors_and_limits_are_read_out_of_a_policy() -> None:
    """The strictest k wins, and a contract cannot lower the owner's; the largest count is shown."""
    policy = question_offer("urn:o", TERMS)
    assert release_floor(policy, MIN_GROUP_SIZE, 5) == 7
    assert release_floor(policy, MIN_GROUP_SIZE, 9) == 9
    above = parse_policy(agreement(atom(MIN_GROUP_SIZE, "gt", "7")), kind="Agreement")
    assert release_floor(above, MIN_GROUP_SIZE, 5) == 8
    assert count_limit(policy) == 100
    assert count_limit(parse_policy(agreement(atom(COUNT, "lt", "3")), kind="Agreement")) == 2
    assert granted(policy, QUERY_MODE) == ("masked", "homomorphic")


def test_a_permission_without_a_count_goes_on() -> None:
    """What is used up by one permission may go on by another, or by an alternative of its own."""

    def most(*rules: list[Any], action: str = QUERY) -> int | None:
        wire = agreement(*rules[0])
        wire["permission"] = [{"action": action, "constraint": one} for one in rules]
        return most_answers(parse_policy(wire, kind="Agreement"))

    three, ten = atom(COUNT, "lteq", "3"), atom(COUNT, "lt", "10")
    credit = atom("purpose", "eq", CREDIT)
    assert most([three]) == 3
    assert most([three], action="use") == 3
    assert most([three], [ten, credit]) == 9
    assert most([three, ten]) == 3
    assert most([{"and": [three, credit]}]) == 3
    assert most([three], [credit]) is None
    assert most([{"or": [three, credit]}]) is None


def test_nested_policies_survive_the_wire() -> None:
    """Or inside xone inside and comes back as it went."""
    left, right = Atomic(COUNT, "lteq", ("1",)), Atomic(COUNT, "gteq", ("9",))
    nested = Logical("and", (Logical("xone", (Logical("or", (left, right)), left)), right))
    policy = parse_policy(agreement(), kind="Agreement")
    (rule,) = policy.permissions
    changed = Policy(
        kind="Set",
        uid="urn:x",
        permissions=(type(rule)(action=QUERY, constraints=(nested,)),),
    )
    assert parse_policy(to_wire(changed), kind="Set") == changed


def test_terms_that_dsps_context_lacks_leave_as_odrl_names():
    """Left operands and actions but `use` are prefixed, ours stay IRIs; the way back is the same."""
    policy = parse_policy(
        {
            "@id": "urn:x",
            "@type": "Offer",
            "permission": [
                {
                    "action": "use",
                    "constraint": [
                        {"leftOperand": "purpose", "operator": "isAnyOf", "rightOperand": "urn:p"},
                        {
                            "leftOperand": "https://w3id.org/voile/ns/queryMode",
                            "operator": "eq",
                            "rightOperand": "masked",
                        },
                    ],
                }
            ],
            "prohibition": [{"action": "distribute"}],
        },
        kind="Offer",
    )
    wire = to_wire(policy)
    (permission,) = wire["permission"]
    assert permission["action"] == "use"
    assert [c["leftOperand"] for c in permission["constraint"]] == [
        "odrl:purpose",
        "https://w3id.org/voile/ns/queryMode",
    ]
    assert wire["prohibition"] == [{"action": "odrl:distribute"}]
    assert same_terms(parse_policy(wire, kind="Offer"), policy)
