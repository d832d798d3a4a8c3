"""Two leaves of one message: what a party writes otherwise into its own log is found."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connector.areas.questions.exchange import ATTEMPTS
from contracts.audit.agreeing import TABLE, differences
from contracts.audit.diff import diff
from contracts.audit.pairing import SENT
from contracts.audit.verify import verify
from contracts.evidence import KINDS
from crypto.canonical import canonical
from tests.contracts.audit.witnessed import Book, Deal, deal

OTHER = "sha-256:" + "0" * 64
KIND, DIGEST = "different-kind", "different-digest"
DECISION, CONTENT = "different-decision", "different-content"
LIES: list[tuple[str, dict[str, Any], str]] = [
    ("Answer", {"kind": "REFUSAL"}, KIND),
    ("Answer", {"kind": "QUESTION"}, KIND),
    ("Answer", {"sig": [OTHER]}, DIGEST),
    ("Answer", {"sig": None}, DIGEST),
    ("Answer", {"agreement": "urn:agreement:2"}, CONTENT),
    ("Answer", {"agreement": None}, CONTENT),
    ("Answer", {"role": None}, KIND),
    ("Answer", {"query.product": "stock"}, CONTENT),
    ("Answer", {"query.product": None}, CONTENT),
    ("Answer", {"query.plan": OTHER}, DIGEST),
    ("Answer", {"query.plan": None}, DIGEST),
    ("Answer", {"query.dataVersion": OTHER}, DIGEST),
    ("Answer", {"query.mode": "homomorphic"}, CONTENT),
    ("Answer", {"query.cells": 6}, CONTENT),
    ("Answer", {"query.cells": None}, CONTENT),
    ("Answer", {"query.withheld": {}}, CONTENT),
    ("Answer", {"query.withheld": None}, CONTENT),
    ("Answer", {"query": None}, CONTENT),
    ("Answer", {"policy": {"decision": "deny"}}, DECISION),
    ("Answer", {"msg.type": "Refusal"}, KIND),
    ("Answer", {"msg.id": "question-9"}, CONTENT),
    ("Answer", {"msg.direction": "in"}, KIND),
    ("Question", {"query.mode": None}, CONTENT),
    ("Question", {"process": "question-9"}, CONTENT),
    ("Question", {"agreement": None}, CONTENT),
    ("Refusal", {"kind": "ANSWER"}, KIND),
    ("Refusal", {"policy.decision": "allow"}, DECISION),
    ("Refusal", {"policy.reasons": ["question.budget"]}, DECISION),
    ("Refusal", {"policy": None}, DECISION),
    ("ContractAgreementMessage", {"to": "VERIFIED"}, KIND),
    ("ContractAgreementMessage", {"from": "OFFERED"}, KIND),
    ("ContractAgreementMessage", {"agreement": None}, CONTENT),
    ("ContractNegotiationEventMessage", {"consumerPid": "urn:other"}, CONTENT),
    ("ContractNegotiationEventMessage", {"providerPid": "urn:other"}, CONTENT),
    ("ContractRequestMessage", {"kind": "TRANSFER"}, KIND),
    ("ContractRequestMessage", {"role": "aggregator"}, KIND),
    ("ContractRequestMessage", {"space": "urn:elsewhere"}, CONTENT),
]


def bent(line: bytes, change: dict[str, Any]) -> bytes:
    """A leaf with members set, or taken out where the value is None."""
    leaf = json.loads(line)
    for path, value in change.items():
        *parts, last = path.split(".")
        inner = leaf
        for part in parts:
            inner = inner[part]
        if value is None:
            inner.pop(last, None)
        elif path == "msg.direction":
            inner[last] = {"in": "out", "out": "in"}[inner[last]]
        else:
            inner[last] = value
    return canonical(leaf)


def lying(made: Deal, book: Book, message: str, change: dict[str, Any]) -> list[bytes]:
    """The leaves of a party that writes one of them otherwise."""
    mark = f'"type":"{message}"'.encode()
    at = next(index for index, line in enumerate(book.lines) if mark in line)
    return [*book.lines[:at], bent(book.lines[at], change), *book.lines[at + 1 :]]


@pytest.fixture(scope="module")
def made() -> Deal:
    """One story for all lies; nobody changes it."""
    return deal()


@pytest.mark.sweep
@pytest.mark.parametrize(("message", "change", "code"), LIES)
@pytest.mark.parametrize("opened", ["none", "all"])
def test_a_field_that_one_side_writes_otherwise_is_found(
    made: Deal, message: str, change: dict[str, Any], code: str, opened: Any
):
    """By either side, in closed and opened bundles; the bundle of the liar is whole by itself."""
    sides = made.buyer, made.seller
    honest = [made.bundle(book, opened=opened) for book in sides]
    for number, book in enumerate(sides):
        bundle = made.bundle(book, lines=lying(made, book, message, change), opened=opened)
        pair = (bundle, honest[1]) if number == 0 else (honest[0], bundle)
        report = diff(*pair)
        assert report.exit_code == 1
        assert code in {one.code for one in report.findings}, report.findings
        told = [one for one in report.findings if one.code == code]
        assert all(one.level == "finding" for one in told)


@pytest.mark.parametrize(
    ("name", "value"), [("charge", 5), ("epsilon", 1000), ("released", 4), ("providers", 3)]
)
def test_what_both_leaves_say_of_a_question_must_be_the_same(name: str, value: int):
    """A charge, or whatever a later version writes: where both write it, it is compared."""
    a = {"kind": "ANSWER", "role": "consumer", "agreement": "a", "sig": ["x"],
         "msg": {"direction": "in", "type": "Answer", "id": "q"},
         "query": {"mode": "masked", "cells": 5, name: value}}  # fmt: skip
    b = {**a, "role": "provider", "msg": a["msg"] | {"direction": "out"}}
    assert list(differences(a, b)) == []
    other = {**b, "query": b["query"] | {name: value + 1}}
    assert [code for code, _ in differences(a, other)] == [CONTENT]


def test_one_serial_has_one_status_document():
    """Standings of two moments differ; two documents of one serial are somebody's lie."""
    a = {"kind": "QUESTION", "role": "consumer", "agreement": "a", "process": "q",
         "msg": {"direction": "out", "type": "Question", "id": "q"}, "query": {"mode": "masked"},
         "policy": {"standing": {"serial": 7, "digest": "x"}}}  # fmt: skip
    b = a | {"role": "provider", "msg": a["msg"] | {"direction": "in"}}
    assert list(differences(a, b)) == []
    later = b | {"policy": {"standing": {"serial": 8, "digest": "y"}}}
    assert list(differences(a, later)) == []
    split = b | {"policy": {"standing": {"serial": 7, "digest": "y"}}}
    assert [code for code, _ in differences(a, split)] == [DIGEST]


def test_a_message_confirmed_later_tells_the_state_of_then():
    """Messages cross: who confirms late writes where it is by now, and the agreement it has."""
    a = {"kind": "NEGOTIATION", "role": "consumer", "from": "TERMINATED", "to": "TERMINATED",
         "msg": {"direction": "out", "type": "ContractRequestMessage", "id": "m"},
         "agreement": "urn:a"}  # fmt: skip
    b = {"kind": "NEGOTIATION", "role": "provider", "to": "REQUESTED",
         "msg": {"direction": "in", "type": "ContractRequestMessage", "id": "m"}}  # fmt: skip
    assert list(differences(a, b)) == []
    agreed = {"msg": a["msg"] | {"type": "ContractAgreementMessage"}}
    kept = b | {"from": "REQUESTED", "to": "AGREED", "agreement": "urn:a"}
    kept |= {"msg": agreed["msg"] | {"direction": "in"}}
    without = {name: value for name, value in (a | agreed).items() if name != "agreement"}
    assert {code for code, _ in differences(without, kept)} == {CONTENT}


def test_the_table_knows_every_message_that_both_sides_log():
    """Each with its fields; kinds in the story are kinds of the log."""
    assert {"Question", "Answer", "Refusal", "CohortContribution"} <= set(TABLE)
    assert len([name for name in TABLE if name.startswith("Contract")]) == 6
    assert len([name for name in TABLE if name.startswith("Transfer")]) == 5
    assert {json.loads(line)["kind"] for line in deal().buyer.lines} <= KINDS


@pytest.mark.parametrize(
    ("message", "ours", "theirs", "may"),
    [
        ("ContractNegotiationEventMessage", "FINALIZED", "TERMINATED", False),
        ("ContractAgreementVerificationMessage", "VERIFIED", "TERMINATED", True),
        ("ContractAgreementVerificationMessage", "VERIFIED", "FINALIZED", True),
        ("ContractAgreementVerificationMessage", "VERIFIED", "AGREED", False),
        ("ContractAgreementVerificationMessage", "VERIFIED", "NOWHERE", False),
        ("ContractOfferMessage", "OFFERED", "REQUESTED", True),
        ("TransferStartMessage", "STARTED", "SUSPENDED", True),
        ("TransferCompletionMessage", "COMPLETED", "TERMINATED", False),
        ("TransferCompletionMessage", "COMPLETED", "STARTED", False),
    ],
)
def test_a_late_confirmation_tells_a_state_that_can_have_come_since(
    message: str, ours: str, theirs: str, may: bool
):
    """Who writes that it confirms may differ in where it was before, and in nothing else."""
    a = {"kind": "NEGOTIATION", "role": "consumer", "from": theirs, "to": theirs,
         "agreement": "urn:a", "msg": {"direction": "in", "type": message, "id": "m"}}  # fmt: skip
    b = a | {"role": "provider", "from": "before", "to": ours}
    b |= {"msg": a["msg"] | {"direction": "out"}}
    for pair in ((a, b), (b, a)):
        assert [code for code, _ in differences(*pair)] == ([] if may else [KIND])


def test_a_question_leaves_as_often_as_the_audit_says():
    """What an audit takes for an honest repeat is what a connector does."""
    assert SENT == ATTEMPTS


@pytest.mark.parametrize(
    ("buyer", "seller", "expected"),
    [
        (["a", "b"], ["a", "b"], set()),
        (["b"], ["a", "b"], set()),  # the first was not heard, and the question came again
        (["b"], ["a", "b", "b"], set()),
        (["b"], ["b"] * 4, {"doubled"}),  # more often than one asks until it hears
        (["b"], ["b"] * 5, {"doubled"}),
        (["b"] * 2, ["b"] * 5, set()),
        (["a", "b"], ["a"], {"different-decision", "unanswerable"}),
        (["a", "a"], ["a"], {"unanswerable"}),  # beyond a rate refusals are only counted
        (["c"], ["a", "b"], {"different-decision"}),
        (["a", "b"], ["b", "a"], {"different-decision"}),
    ],
)
def test_refusals_of_a_question_that_came_again(buyer: list, seller: list, expected: set):
    """Who refuses may not be heard, or only count; a reason that was never given is a difference."""
    made = deal()
    for book, reasons in ((made.buyer, buyer), (made.seller, seller)):
        mark = b'"type":"Refusal"'
        at = next(index for index, line in enumerate(book.lines) if mark in line)
        leaf = json.loads(book.lines[at])
        book.lines[at : at + 1] = [
            canonical(leaf | {"id": f"{number:032x}", "policy": {"decision": "deny",
                                                                 "reasons": [reason]}})
            for number, reason in enumerate(reasons)
        ]  # fmt: skip
    report = diff(made.bundle(made.buyer), made.bundle(made.seller))
    assert {one.code for one in report.findings} == expected
    assert {one.level for one in report.findings if one.code == "doubled"} <= {"unchecked"}
    turned = diff(made.bundle(made.seller), made.bundle(made.buyer))
    assert {one.code for one in turned.findings} == expected
    assert verify(made.bundle(made.buyer, opened="none")).findings == ()
