"""In what two policies differ: what stands there, not merely that something does."""

from __future__ import annotations

from typing import Any

from policies.differences import differences
from policies.odrl import parse_policy, same_terms

COUNT = {"leftOperand": "odrl:count", "operator": "lteq", "rightOperand": "5"}
FEWER = {**COUNT, "rightOperand": "3"}
UNTIL = {
    "leftOperand": "odrl:dateTime",
    "operator": "lt",
    "rightOperand": {"@value": "2027-01-01T00:00:00Z", "@type": "xsd:dateTime"},
}


def _policy(*rules: dict[str, Any], target: str = "urn:d", **more: Any) -> Any:
    offer = {"@id": "urn:o", "@type": "Offer", "target": target, "permission": list(rules), **more}
    return parse_policy(offer, kind="Offer")


def _use(*clauses: dict[str, Any]) -> dict[str, Any]:
    return {"action": "use", "constraint": list(clauses)}


def _said(before: Any, after: Any) -> list[tuple[str, str, str, Any]]:
    found = [item.to_json() for item in differences(before, after)]
    return [
        (item["change"], item["kind"], item["action"], (item["clause"] or {}).get("rightOperand"))
        for item in found
    ]


def test_a_changed_value_is_one_clause_less_and_one_more():
    """The clause as it was, and the clause as it is; what both say is not mentioned."""
    assert _said(_policy(_use(COUNT, UNTIL)), _policy(_use(FEWER, UNTIL))) == [
        ("removed", "permission", "use", "5"),
        ("added", "permission", "use", "3"),
    ]


def test_the_same_terms_in_another_spelling_differ_in_nothing():
    """Nesting, order and spelling: no difference, as `same_terms` has it."""
    nested = _policy(_use({"and": [FEWER, COUNT]}))
    flat = _policy(_use(COUNT, FEWER))
    assert same_terms(nested, flat)
    assert _said(nested, flat) == []


def test_rules_of_their_own_are_named_whole():
    """A prohibition that came, a permission that went: the rule, then its clauses."""
    after = _policy(_use(), prohibition=[_use(FEWER)])
    before = _policy(_use(), _use(COUNT))
    assert _said(before, after) == [
        ("removed", "permission", "use", None),
        ("removed", "permission", "use", "5"),
        ("added", "prohibition", "use", None),
        ("added", "prohibition", "use", "3"),
    ]


def test_another_dataset_is_a_difference():
    """The same terms about something else are something else."""
    assert _said(_policy(_use(), target="urn:a"), _policy(_use(), target="urn:b")) == [
        ("removed", "target", "urn:a", None),
        ("added", "target", "urn:b", None),
    ]


def test_where_nothing_was_asked_for_everything_is_new():
    """A provider that opens with an offer: each rule and clause is added."""
    assert _said(None, _policy(_use(COUNT))) == [
        ("added", "permission", "use", None),
        ("added", "permission", "use", "5"),
    ]
