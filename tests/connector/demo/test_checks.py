"""The checks of the demonstration can fail: each finds what it looks for."""

from __future__ import annotations

import base64
import gzip
from dataclasses import replace
from decimal import Decimal

import pytest

from connector.demo import compare, wire
from connector.demo.asked import Asked, cells_of
from connector.demo.plaintext import cell_id
from connector.demo.results import Text
from connector.demo.subtractions import behind
from tests.connector.demo.samples import cell, question
from tests.e2e.algebra import isolates, smallest_around
from tests.e2e.forty import forty

KEY = {"brand": "B1"}
TRUTH = {cell_id(KEY, "SUM(x)"): Decimal("12.50")}


def _checked(value: str | None, truth=TRUTH, **more: object):
    asked = cell(value, plaintext="", equal=None, **more)
    compared = compare.beside_plaintext([asked], truth)
    return compared[0], compare.checks(question(*compared), truth)


def test_an_equal_number_is_equal_whatever_its_zeros():
    """12.5 and 12.50 are one number."""
    found, checks = _checked("12.5")
    assert found.equal is True
    assert found.plaintext == "12.50"
    assert all(check.ok for check in checks)


@pytest.mark.parametrize("wrong", ["12.51", "12.49", "-12.5", "125", "12.5e0", "nonsense", "12.5 "])
def test_a_number_that_is_off_by_one_unit_is_found(wrong):
    """A difference in the last unit, and what is no number, is reported as not equal."""
    found, checks = _checked(wrong)
    assert found.equal is False
    assert not checks[0].ok


def test_a_cell_that_the_answer_lost_is_found():
    """A cell of the plaintext answer that is neither released nor named is reported."""
    more = TRUTH | {cell_id({"brand": "B2"}, "SUM(x)"): Decimal(1)}
    _, checks = _checked("12.5", more)
    assert [check.ok for check in checks] == [True, False, True]
    assert "B2" in checks[1].detail


def test_a_number_that_comes_from_nowhere_is_compared_with_zero():
    """A released number for a cell without rows has to be 0."""
    assert _checked("0", {}, key={"brand": "B9"})[0].equal is True
    assert _checked("1", {}, key={"brand": "B9"})[0].equal is False


def test_a_cell_with_both_value_and_reason_is_found():
    """A cell has a value or a reason."""
    assert not _checked("12.5", reason="protected")[1][2].ok
    assert not _checked(None, reason=None)[1][2].ok


def test_nothing_released_is_not_a_success():
    """An answer in which nothing was released does not count as equal."""
    assert not _checked(None)[1][0].ok
    assert not compare.tally([question(cell(None))]).ok


def test_the_tally_of_small_questions_finds_one_wrong_number():
    """One wrong number among many questions is named."""
    right = question(cell("12"))
    wrong = question(cell("13"), name="attack-07")
    assert compare.tally([right, right]).ok
    found = compare.tally([right, wrong])
    assert not found.ok
    assert "attack-07" in found.detail


def _sets(*texts: str) -> list[frozenset[str]]:
    return [frozenset(text) for text in texts]


@pytest.mark.parametrize(
    ("totals", "target", "alone"),
    [
        (("abc", "ab"), "c", True),  # a difference
        (("a",), "a", True),  # outright
        (("ab", "bc", "ac"), "a", True),  # (ab + ac - bc) / 2
        (("abcd", "ab", "cd"), "a", False),
        (("abc", "d"), "c", False),
        (("abcd", "abc"), "cd", True),  # a part of the target
        ((), "a", False),
        (("ab", "ac", "ad", "abcd"), "a", True),  # (ab + ac + ad - abcd) / 2
        (("ab", "bc", "cd", "da"), "a", False),  # an even cycle says nothing
    ],
)
def test_the_algebra_finds_what_follows(totals, target, alone):
    """A combination that speaks of the target alone is found exactly if there is one."""
    assert isolates(_sets(*totals), frozenset(target)) is alone


def test_the_smallest_sets_around_a_target_are_found():
    """By one total or the difference of two; a set that contains another of them is left out."""
    assert smallest_around(_sets("abcdef", "abcd", "abcde"), frozenset("f")) == _sets("f")
    assert smallest_around(_sets("abc"), frozenset("c")) == _sets("abc")
    assert smallest_around(_sets("abc", "cde", "ab"), frozenset("c")) == _sets("c")
    assert set(smallest_around(_sets("abc", "cde"), frozenset("c"))) == set(_sets("abc", "cde"))
    assert smallest_around(_sets("ab"), frozenset("c")) == []


def test_the_attack_would_succeed_on_an_unprotected_table():
    """Were every number of the forty questions released, the customer would be found."""
    questions = forty()
    assert len(questions) == 40
    everything = {behind(q, {}) for q in questions if not q.group_by}
    target = frozenset(cell for cell in behind(questions[0], {}))
    assert {district for _, _, district in target} == {"D30"}
    assert isolates(everything, target)
    assert isolates(everything - {target}, target), "also by differences alone"


TOKEN = b"SO-0123456789ab"


@pytest.mark.parametrize(
    "hidden",
    [
        TOKEN,
        b'{"note":"' + TOKEN + b'"}',
        base64.b64encode(b"xx" + TOKEN),
        b"eyJ." + base64.urlsafe_b64encode(b'{"a":"' + TOKEN + b'"}').rstrip(b"=") + b".sig",
        base64.urlsafe_b64encode(base64.urlsafe_b64encode(b"y" * 7 + TOKEN)),
        gzip.compress(b"z" + TOKEN, mtime=0),
    ],
)
def test_a_row_is_found_however_it_is_packed(hidden):
    """A row's token is found in plain, in JSON, in signed text, twice encoded, and compressed."""
    assert TOKEN in wire.tokens_in(b'{"before":1}\n' + hidden if hidden[:1] != b"\x1f" else hidden)


def test_rows_are_counted_to_the_kind_of_message(tmp_path):
    """What was received is counted; a row counts; bytes that were not recorded are said."""
    (tmp_path / "000001-questions-ask-did-web.bin").write_bytes(b"{}" + TOKEN)
    (tmp_path / "000002-hub-status-did-web.bin").write_bytes(b"[1]")
    lines = [
        {"peer": "x", "kind": "questions.ask", "direction": "in", "messages": 2, "bytes": 20},
        {"peer": "x", "kind": "hub.status", "direction": "in", "messages": 1, "bytes": 3},
        {"peer": "x", "kind": "hub.status", "direction": "out", "messages": 9, "bytes": 900},
    ]
    received, unrecorded = wire.what_it_saw(tmp_path, lines, frozenset({TOKEN}))
    assert {(k.kind, k.messages, k.bytes, k.rows) for k in received} == {
        ("questions.ask", 2, 20, 1),
        ("hub.status", 1, 3, 0),
    }
    assert unrecorded == 23 - 17 - 3
    clean, _ = wire.what_it_saw(tmp_path, lines, frozenset())
    assert sum(kind.rows for kind in clean) == 0


def test_cells_of_an_answer_bear_value_or_reason():
    """Released, partly released and withheld cells of an answer become rows of the report."""
    found = cells_of(
        {
            "outputs": [
                {"name": "late:sum", "measure": "late", "function": "sum", "unit": "lines"},
                {"name": "*:count", "measure": "", "function": "count", "unit": ""},
            ],
            "cells": [
                {
                    "key": {"m": "A"},
                    "statuses": {},
                    "values": {"late:sum": "1", "*:count": "2"},
                },
                {
                    "key": {"m": "B"},
                    "statuses": {"late:sum": "merged"},
                    "advice": {"late:sum": {"togetherWith": [{"m": "E"}]}},
                    "values": {"late:sum": None, "*:count": "9"},
                },
            ],
            "withheld": [
                {"key": {"m": "C"}, "reason": "merged", "togetherWith": [{"m": "D"}]},
                {
                    "key": {"m": "F"},
                    "reason": "having",
                    "statuses": {"late:sum": "withheld"},
                },
            ],
        }
    )
    assert [(c.key["m"], c.measure, c.value, c.reason) for c in found] == [
        ("A", "SUM(late)", "1", None),
        ("A", "COUNT(*)", "2", None),
        ("B", "SUM(late)", None, "merged; released only together with E"),
        ("B", "COUNT(*)", "9", None),
        ("C", "SUM(late)", None, "merged; released only together with D"),
        ("C", "COUNT(*)", None, "merged; released only together with D"),
        ("F", "SUM(late)", None, "withheld"),
        ("F", "COUNT(*)", None, "having"),
    ]
    assert all((c.value is None) == (c.reason is not None) for c in found)


def test_a_question_is_said_twice_from_one_description():
    """Voile's text and the plain SQL ask the same of the same rows."""
    asked = Asked(
        id="q",
        title=Text("q", "q"),
        table="delivery_records",
        group_by=("ship_mode",),
        outputs=(("late", "sum"), ("*", "count")),
        suppliers=("alder",),
        where={"promised_year": ("1995", "1996")},
    )
    assert asked.sql == (
        "SELECT ship_mode, SUM(late), COUNT(*) FROM delivery_records "
        "WHERE promised_year IN (1995, 1996) GROUP BY ship_mode"
    )
    assert asked.reference.sql == (
        "SELECT ship_mode, count(*) AS lines, sum(CASE WHEN received_date > promised_date THEN 1 "
        "ELSE 0 END) AS late FROM deliveries WHERE firm IN ('alder') "
        "AND promised_year IN (1995, 1996) GROUP BY ship_mode"
    )
    assert replace(asked, text="SELECT 1").sql == "SELECT 1"
