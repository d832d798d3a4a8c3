"""The attacks of the demonstration can come to something: each then says so, and is no success."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from connector.areas.cohort import aggregation
from connector.areas.cohort import opening as several
from connector.areas.questions import choosing
from connector.demo import altered, wire
from connector.demo.command import Teller
from connector.demo.data import LONE_DISTRICT
from connector.demo.processes import Processes
from connector.demo.stage import Stage
from connector.demo.steps import behind, subtract, wrong
from connector.demo.subtractions import behind as cells_behind
from connector.demo.subtractions import subtractions
from crypto.paillier import frame
from crypto.paillier.encrypt import Encryptor
from crypto.paillier.gate import own
from crypto.paillier.keys import SecretKey
from crypto.paillier.layout import Layout
from policies.planner import Choice
from tests.connector.demo.samples import drill, findings
from tests.crypto.paillier.conftest import seeded
from tests.e2e.forty import forty

if TYPE_CHECKING:
    from pathlib import Path

TARGET = frozenset({("1995", "AIR", LONE_DISTRICT)})


def _answered(*, withheld: bool) -> list[tuple[Any, dict[str, Any]]]:
    """Answer the subtractions; without the target's cells if these are withheld."""
    found = []
    for pair in subtractions():
        for question in pair:
            key = {name: code for name, code in (("promised_year", "1995"), ("ship_mode", "AIR"))
                   if name in question.group_by}  # fmt: skip
            cell = {"key": key, "values": {"x": "7"}}
            hidden = withheld and question.where
            answer = {
                "cells": [] if hidden else [cell],
                "withheld": [{"key": key}] if hidden else [],
            }
            found.append((question, {"answer": answer}))
    return found


def test_the_subtractions_are_among_the_forty_and_speak_of_the_target_alone():
    """Everything less everything but the target is the target."""
    pairs = subtractions()
    assert len(pairs) == 5
    assert {question.sql for pair in pairs for question in pair} <= {one.sql for one in forty()}
    for whole, rest in pairs:
        key = {name: "1995" if name == "promised_year" else "AIR" for name in whole.group_by}
        alone = cells_behind(whole, key) - cells_behind(rest, key)
        assert {district for _, _, district in alone} == {LONE_DISTRICT}
        assert (whole.outputs, whole.group_by) == (rest.outputs, rest.group_by)


@pytest.mark.parametrize("withheld", [True, False])
def test_a_subtraction_that_can_be_made_is_found(*, withheld: bool):
    """Where both numbers were released, the customer's figure follows."""
    pairs = subtract.formed(_answered(withheld=withheld), TARGET)
    assert pairs.wanted == 5
    assert len(pairs.formed) == (0 if withheld else 5)
    told = subtract.told(pairs, asked=10, lines=32)
    assert told.held is withheld
    assert f" {len(pairs.formed)} can be" in told.came.en


def test_a_target_that_is_in_nothing_asked_proves_nothing():
    """Nothing to subtract is no success."""
    none = subtract.formed(_answered(withheld=True), frozenset())
    assert not subtract.told(none, asked=10, lines=32).held


NOTHING = wire.Parts(100, frozenset(), 0)


@pytest.mark.parametrize(
    ("codes", "found", "held"),
    [
        (["a", "b"], NOTHING, True),
        (["a", ""], NOTHING, False),
        (["a", "b"], replace(NOTHING, figures=frozenset({b"17"})), False),
        (["a", "b"], replace(NOTHING, encrypted=1), False),
    ],
)
def test_what_was_not_refused_or_came_all_the_same_is_said(codes, found, held):
    """One answer instead of a refusal, one figure, one ciphertext: each is enough."""
    told = behind.told(codes, found, 9, 3)
    assert told.held is held
    assert (told.inferred.en.isupper()) is not held


@pytest.mark.parametrize(
    ("cheated", "seen", "held"),
    [
        ({altered.LEFT_OUT: wrong.FALSE, altered.TWICE: wrong.FALSE}, 0, True),
        ({altered.LEFT_OUT: wrong.FALSE, altered.TWICE: "41"}, 0, False),
        ({altered.LEFT_OUT: "unreachable", altered.TWICE: wrong.FALSE}, 0, False),
        ({altered.LEFT_OUT: wrong.FALSE, altered.TWICE: wrong.FALSE}, 1, False),
        ({}, 0, False),
    ],
)
def test_a_wrong_total_that_is_shown_is_said(cheated, seen, held):
    """A number instead of the one refusal that means it, or a figure at the operator."""
    told = wrong.told(cheated, "1234567", seen)
    assert told.held is held
    assert all(code in told.came.en and code in told.came.zh for code in cheated.values())
    assert "1,234,567" in told.came.en


def test_the_number_of_an_answer_is_read_as_it_is_shown():
    """An answer without a released number shows none."""
    assert wrong.shown({"answer": {"cells": [{"values": {"x": "12"}}]}}) == "12"
    assert wrong.shown({"answer": {"cells": []}}) == ""


@pytest.fixture(scope="module")
def batch() -> bytes:
    secret = SecretKey.generate(seeded("demo"), bits=2048)
    layout = Layout.plan(
        "x", modulus_bits=2048, count=200, lower=0, upper=1000, rows=1 << 20, addends=3
    )
    made = Encryptor.make(own(secret), seeded("supplier"), expected=20)
    return frame.to_bytes(made.encrypt([(layout, range(200))]))


def test_ciphertexts_are_found_wherever_they_are(batch):
    """Each ciphertext of a batch is found in other bytes, plain and encoded; the header is none."""
    parts = wire.ciphertexts(batch)
    assert len(parts) > 1
    assert b"".join(parts) == batch[-sum(map(len, parts)) :]
    header = batch[: -sum(map(len, parts))]
    assert wire.search([header], frozenset(), parts).encrypted == 0
    assert wire.search([b"x" + parts[0]], frozenset(), parts).encrypted == 1
    told = json.dumps({"batch": base64.urlsafe_b64encode(b"y" + batch).decode()}).encode()
    assert wire.search([b"{}", told], frozenset(), parts).encrypted == len(parts)


def test_figures_are_found_as_whole_numbers():
    """A figure is found in JSON and in signed text; a longer number, or a digest, is another."""
    figures = frozenset({b"123456", b"12.50"})
    signed = b"eyJ." + base64.urlsafe_b64encode(b'{"x":"123456"}').rstrip(b"=") + b".sig"
    assert wire.search([signed], figures, ()).figures == {b"123456"}
    assert wire.search([b'{"a":12.50}'], figures, ()).figures == {b"12.50"}
    for form in (b"123456", b'["x",123456]', b"-123456\n", b"sum=123456;", b"(123456)"):
        assert wire.search([form], figures, ()).figures == {b"123456"}
    others = [b"1234567", b"0123456", b"123456.5", b"112.50", b"12.503", b"12.5"]
    others.append(b'"sha-256:c5c29dad123456ed710c59d2"')  # by chance, in a digest
    found = wire.search(others, figures, ())
    assert not found.figures
    assert found.size == sum(map(len, others))


def _altered(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Alter this process as the demonstration alters its attackers; undone after the test."""
    honest = {
        (aggregation, "add"): list,
        (choosing, "choose_mode"): lambda _policies, _wanted: "refused",
        (several, "ready"): lambda _node, providers: f"table of {providers}",
        (several, "propose"): lambda **named: named,
    }
    for (module, name), stand_in in honest.items():
        monkeypatch.setattr(module, name, stand_in)
    word = altered._Word(home / altered.ALTERED)
    altered._adding(word)
    altered._asking(word)


def test_an_altered_operator_adds_other_parts_only_while_it_is_told(monkeypatch, tmp_path):
    """Without the file each part is added once; with it one is missing, or counts twice."""
    _altered(monkeypatch, tmp_path)
    added: Any = aggregation.add
    assert added(["a", "b", "c"]) == ["a", "b", "c"]
    for word, parts in ((altered.LEFT_OUT, ["b", "c"]), (altered.TWICE, ["b", "b", "c"])):
        with altered.doing(tmp_path, word):
            assert added(["a", "b", "c"]) == parts
    assert added(["a", "b", "c"]) == ["a", "b", "c"]


def test_an_altered_buyer_refuses_nothing_at_home_only_while_it_is_told(monkeypatch, tmp_path):
    """Without the file its own checks refuse; with it, all goes out."""
    _altered(monkeypatch, tmp_path)
    choose: Any = choosing.choose_mode
    ready, propose = (getattr(several, name) for name in ("ready", "propose"))
    parties = {"aggregator": "hub", "consumer": "me"}
    assert choose([1, 2], None) == "refused"
    assert ready(None, "three") == "table of three"
    assert propose(**parties) == parties
    with altered.doing(tmp_path, altered.UNCHECKED):
        assert choose([1], "masked") == Choice("masked", "plan.asked")
        assert choose([1, 2], None) == Choice("homomorphic", "plan.asked")
        assert ready(None, "two") == "table of three"
        assert propose(**parties) == parties
    with altered.doing(tmp_path, altered.ITSELF):
        assert propose(**parties) == {"aggregator": "me", "consumer": "me"}
    assert choose([1, 2], None) == "refused"


def test_a_drill_that_came_to_something_is_a_check_that_failed(tmp_path):
    """What is printed of a drill and what the run is judged by are one thing."""
    found = findings()
    stage = Stage(out=tmp_path, processes=Processes(tmp_path), held=(), findings=found)
    stage.tell(drill())
    stage.tell(drill(held=False))
    assert [check.ok for check in stage.checks] == [True, False]
    assert "ALL FOLLOWS" in stage.checks[1].detail
    assert len(found.drills) == 3


@pytest.mark.parametrize("zh", [True, False])
def test_the_command_prints_each_drill_in_its_language(capsys, *, zh: bool):
    """Title with its mark, and three lines."""
    found = findings()
    found.drills.append(drill(held=False))
    Teller(zh=zh).drills(found)
    lines = [line for line in capsys.readouterr().out.splitlines() if line]
    assert [line[0] for line in lines if line[0] != " "] == ["✓", "✗"]
    assert len(lines) == 8
    assert ("得到了这个" in lines[2]) is zh
