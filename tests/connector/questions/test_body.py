"""What an owner sends to ask: read strictly, before anything is looked up, kept or sent."""

from __future__ import annotations

from typing import get_args, get_type_hints

import pytest

from connector.compose.asking_operations import Ask
from policies.profile import MODES

BODY = {"agreements": ["urn:uuid:a"], "sql": "SELECT COUNT(*) FROM t", "purpose": "planning"}
LONG = "x" * 2049


def test_the_record_knows_every_mode():
    """The modes that may be insisted on are those that there are."""
    literal, _iri, _none = get_args(get_type_hints(Ask)["mode"])
    assert get_args(literal) == MODES


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"agreements": []}, "/agreements"),
        ({"agreements": "urn:uuid:a"}, "/agreements"),
        ({"agreements": ["urn:uuid:a"] * 2}, "/agreements"),
        ({"agreements": [f"urn:uuid:{n}" for n in range(65)]}, "/agreements"),
        ({"agreements": [""]}, "/agreements/0"),
        ({"sql": ""}, "/sql"),
        ({"sql": "SELECT \x00"}, "/sql"),
        ({"purpose": None}, "/purpose"),
        ({"purpose": LONG}, "/purpose"),
        ({"mode": "open"}, "/mode"),
        ({"questionId": 7}, "/questionId"),
        ({"questionId": LONG}, "/questionId"),
        ({"explain": "yes"}, "/explain"),
        ({"agreement": "urn:uuid:a"}, "/agreement"),
    ],
)
def test_a_wrong_field_is_named(market, change, pointer):
    """400 with its pointer; nothing is asked."""
    status, found = market.consumer.manage("POST", "/v1/questions", BODY | change)
    assert (status, found["error"]["code"]) == (400, "field-wrong")
    assert found["error"]["params"]["pointer"] == pointer
    assert market.consumer.manage("GET", "/v1/questions")[1] == {"questions": [], "totals": []}


def test_a_question_may_have_lines_and_its_bounds_are_the_languages_own(market):
    """Lines end as on any system; what is too long is refused in the words for questions."""
    agreement = market.agreement()
    market.answer(agreement, "SELECT SUM(qty)\r\n\tFROM deliveries\n")
    long = "SELECT SUM(qty) FROM deliveries WHERE " + " OR ".join(["qty > 1"] * 1500)
    assert "question.too-long" in market.reasons(agreement, long)
    asked = market.consumer.manage("GET", "/v1/questions")[1]["questions"]
    assert {row["state"] for row in asked} == {"answered", "refused"}
