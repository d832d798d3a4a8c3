"""Every code that a reason can bear is said in Chinese and in English."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from policies.clauses import FALSE, UNKNOWN
from policies.compiled import Clause
from policies.model import Atomic, Logical
from policies.phrase_words import clause
from policies.phrases import LANGUAGES, PHRASES, render, sentence
from policies.profile import OPERANDS, OPERATORS, PURPOSES
from policies.reasons import Reason
from policies.unmet import clause_reason, wording
from tests.sources import nodes

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("connector", "policies", "contracts", "catalog", "crypto")
FAMILIES = ("policy", "question", "agreement", "transfer", "participant", "plan", "answer", "next")
CODE = re.compile(rf"({'|'.join(FAMILIES)})(\.[a-zA-Z-]+)+")


def reasons_in(path: Path) -> set[str]:
    """The constant ``code=`` and ``next=`` of every ``Reason(…)`` in a module."""
    found = set()
    for node in nodes(path, ast.Call):
        if getattr(node.func, "id", "") == "Reason":
            for keyword in node.keywords:
                if keyword.arg in ("code", "next") and isinstance(keyword.value, ast.Constant):
                    found.add(str(keyword.value.value))
    return found - {""}


def sources() -> dict[str, Path]:
    return {
        str(path.relative_to(ROOT)): path
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
    }


def test_every_reason_in_the_source_is_said_in_both_languages() -> None:
    """Codes and next steps of all reasons anywhere in the five rooms have a zh and an en phrase."""
    missing = {
        (code, where)
        for where, path in sources().items()
        for code in reasons_in(path)
        if code not in PHRASES
    }
    assert not missing


def test_every_code_in_the_policies_room_is_said_in_both_languages() -> None:
    """Also codes that are passed on or stand in tables: every literal of their form is a phrase."""
    missing = {
        (node.value, where)
        for where, path in sources().items()
        if where.startswith(("policies/", "connector/areas/questions/"))
        for node in nodes(path, ast.Constant)
        if isinstance(node.value, str) and CODE.fullmatch(node.value) and node.value not in PHRASES
    }
    assert not missing


@pytest.mark.parametrize("code", sorted(PHRASES))
def test_phrases_say_something_in_their_language(code: str) -> None:
    """Both are there, the Chinese one is Chinese, and both have the same placeholders."""
    zh, en = PHRASES[code]
    assert re.search(r"[\u4e00-\u9fff]", zh)
    assert not re.search(r"[\u4e00-\u9fff]", en)
    names = re.compile(r"\{(\w+)\}")
    assert set(names.findall(zh)) == set(names.findall(en))


def test_codes_are_spelled_one_way() -> None:
    """Words joined by hyphens, topics by dots; one names a status of answers, as these write it."""
    odd = {code for code in PHRASES if not re.fullmatch(r"[a-z]+([.-][a-z]+)*", code)}
    assert odd == {"answer.minGroupSize"}


def test_codes_of_earlier_versions_are_still_said() -> None:
    """What a home has stored, or an older peer sends, is read with underscores, too."""
    old = Reason(code="policy.query_mode", next="next.choose_mode")
    assert sentence(old) == sentence(Reason(code="policy.query-mode", next="next.choose-mode"))
    assert render("no.such_code") == "no.such_code"


def test_a_reason_is_a_sentence_with_its_values() -> None:
    """Placeholders are filled from the reason; a missing one shows as a dash."""
    reason = Reason(
        code="policy.purpose", expected="capacityPlanning", given="credit", next="next.negotiate"
    )
    assert sentence(reason, "en") == (
        "The contract does not grant the purpose credit; it grants capacityPlanning. "
        "Negotiate a new contract."
    )
    assert (
        sentence(reason, "zh")
        == "合约未授予用途 credit；已授予：capacityPlanning。请协商一份新合约。"
    )
    assert "—" in render("policy.purpose", "en")
    assert render("no.such.code", "zh") == "no.such.code"
    assert LANGUAGES == ("zh", "en")


def test_reasons_survive_json() -> None:
    """What a peer sends is read back; what is no text in it is dropped, never an error."""
    reason = Reason(code="policy.count", given="5", params={"operator": "lteq", "n": 3})
    assert Reason.from_json(reason.to_json()) == reason
    odd = Reason.from_json({"code": "x", "given": 7, "params": {"a": [], "b": True}})
    assert odd == Reason(code="x")


def test_every_rule_of_a_cohort_is_said_in_both_languages() -> None:
    """A broken rule becomes a reason with the rule's code: each literal code of one is a phrase."""
    missing = set()
    for where, path in sources().items():
        # the `wrong` of records is given a pointer, no code
        pointed = any(
            node.module == "crypto.record_errors"
            and any(each.name == "wrong" for each in node.names)
            for node in nodes(path, ast.ImportFrom)
        )
        makers = {"CohortError"} if pointed else {"CohortError", "wrong"}
        for node in nodes(path, ast.Call):
            name = getattr(node.func, "id", "")
            if name not in makers or "cohort" not in where:
                continue
            given = [k.value for k in node.keywords if k.arg == "code"]
            given += node.args[:1] if name == "wrong" else []
            codes = {str(v.value) for v in given if isinstance(v, ast.Constant)}
            missing |= {(code, where) for code in codes - set(PHRASES)}
    assert missing == set()


CODES_OF_OPERATORS = re.compile(rf"\b({'|'.join(sorted(OPERATORS))})\b")
WRITTEN = (
    "policy.operator.",
    "policy.literal.",
)  # what the text of a policy must say, as it is written


def said_of_everything() -> list[tuple[str, str]]:
    """Every phrase with values in its places, in both languages; and each decision about a clause."""
    found = []
    samples: dict[str, Any] = dict.fromkeys(("given", "expected", "clause", "rule"), "sample")
    samples |= {"params": {"cells": 3, "member": "did:web:x", "other": "did:web:y"}}
    for code in PHRASES:
        if code.startswith(WRITTEN):
            continue
        for operator in sorted(OPERATORS):
            values = samples | {"params": samples["params"] | {"operator": operator}}
            values |= {"expected": f"or(count {operator} 3; purpose {operator} x)"}
            values = values if code == "policy.clause" else values | {"expected": "sample"}
            reason = Reason(code=code, operand="minGroupSize", **values)
            found += [(code, render(reason, language)) for language in LANGUAGES]
    return found


def test_no_sentence_for_people_holds_a_raw_code_or_a_python_value() -> None:
    """Whatever stands in the places: operators and operands by their words, no dict, no list."""
    for code, text in said_of_everything():
        assert not CODES_OF_OPERATORS.search(text), (code, text)
        assert not re.search(r"\{'|\['|minGroupSize", text), (code, text)


VALUES: dict[str, Any] = {"number": 7, "instant": datetime(2026, 1, 1, tzinfo=UTC)}


@pytest.mark.parametrize("operand", sorted(OPERANDS))
def test_every_clause_that_is_not_met_is_said_in_words(operand: str) -> None:
    """Alone and inside logic, with a value and without, for every operator that the operand takes."""
    literal = {"number": "3", "instant": "2020-01-01Z"}.get(OPERANDS[operand].kind, "did:web:x")
    for operator in sorted(OPERANDS[operand].operators):
        atomic = Atomic(left=operand, operator=operator, right=(literal,))
        nested = Logical(connective="or", operands=(atomic, atomic))
        for constraint in (atomic, nested):
            for value in (None, VALUES.get(OPERANDS[operand].kind, frozenset({"sample"}))):
                verdict = UNKNOWN if value is None else FALSE
                test = Clause(constraint, "/permission/0/constraint/0", lambda _, v=verdict: v)
                facts = {operand: value}
                reason = clause_reason("rule", test, facts)
                for language in LANGUAGES:
                    text = sentence(reason, language)
                    assert not CODES_OF_OPERATORS.search(text), text
                    assert "—" not in text, text
        assert not CODES_OF_OPERATORS.search(clause(wording(nested), 0))


def test_a_code_given_as_the_cause_is_said_by_its_phrase() -> None:
    """What a provider gave as a code is a sentence, in the reader's language."""
    reason = Reason(code="transfer.ended-by-provider", given="agreement.ended")
    assert render(reason, "en").endswith("saying: The agreement has ended.")
    assert render(reason, "zh").endswith("给出的理由：合约已终止。")
    for code in ("protected", "minGroupSize", "cohort"):  # why a cell is withheld
        assert f"answer.{code}" in PHRASES


def test_a_refused_purpose_names_those_that_are_granted() -> None:
    """And the command names those that there are."""
    reason = Reason(code="policy.purpose", given="credit", expected="planning", next="")
    assert "planning" in render(reason, "en")
    assert set(PURPOSES) >= {"capacityPlanning", "stockPlanning", "credit", "planning"}
