"""What members mark and what follows from it: another rule has another number, and another digest.

An aggregator that follows its own release would else be told wrong by an auditor of another one.
"""

from __future__ import annotations

import hashlib
from itertools import product
from typing import TYPE_CHECKING

import pytest

from crypto.disclosure import cohort_probes
from crypto.disclosure.bits import bits_of
from crypto.disclosure.cohort_changes import Changes, History, differences, make_changes
from crypto.disclosure.cohort_common import CommonTable
from crypto.disclosure.cohort_probes import probes
from crypto.disclosure.cohort_renewal import MOST_RENEWALS, MOST_ROUNDS, RULE, decide
from crypto.disclosure.cohort_table import CohortTable
from tests.crypto.disclosure.renewals import MEASURES

if TYPE_CHECKING:
    from crypto.disclosure.cohort_probes import Probes

PINNED = {
    1: "fc4087be6ba967130824bf47a4cff949ef359a1d8d37539c5971752188e06dea"
}  # rule -> what it marks and decides in the examples


def drawn(name: str, bits: int) -> int:
    """Return bits that follow from a name, whatever the language's own dice do."""
    return int.from_bytes(hashlib.shake_128(name.encode()).digest(bits // 8 + 1)) >> 8 - bits % 8


def table() -> Probes:
    """Return what is judged of three codes by two, a measure of which has a class of two cells."""
    common = CommonTable(
        dimensions=(("a", ("x", "y", "z")), ("b", ("u", "v"))), measures=(MEASURES["billed"],)
    )
    keys = tuple((key,) for key in product(range(3), range(2)))
    measure = (0b11, 0b100, 0b1000, 0b10000)
    made = CohortTable(min_cohort=3, classes=keys, measures=((), measure), blocked=())
    return probes(common, made)


def example(looked: Probes, number: int, renewal: int) -> str:
    """Return what members of some figures mark, and what is decided on these, on any and on few."""
    name = f"{number} {renewal}"
    ages = tuple(
        tuple(drawn(f"{name} {earlier} {i}", 8) % (earlier + 1) for i in range(6))
        for earlier in range(renewal)
    )
    turn = (0, MOST_ROUNDS - 3, MOST_ROUNDS - 2)[number % 3]
    held = (0, 0b11, 0b10000)[number // 3 % 3]
    own, marks, few = [], [], []
    for who in range(4):
        snapshots = tuple(
            tuple((drawn(f"{name} {who} {s} {i}", 1), 0) for i in range(6))
            for s in range(renewal + 1)
        )
        blocked = drawn(f"{name} {who} blocked", 6) if number % 7 == who else 0
        of = make_changes(looked, History(snapshots=snapshots, ages=ages), held, blocked)
        own.append(Changes(blocked=blocked, appeared=(), bits=of))
        width = looked.bits(len(differences(renewal)))
        rare = drawn(f"{name} {who} one", width) & drawn(f"{name} {who} other", width)
        rare &= drawn(f"{name} {who} third", width) & drawn(f"{name} {who} fourth", width)
        marks.append(Changes(blocked=0, appeared=((number % 3, who % 2),), bits=rare))
        places = {drawn(f"{name} {who} place {i}", 32) % width for i in range(1 + number % 4)}
        few.append(Changes(blocked=0, appeared=(), bits=bits_of(places)))
    found = [
        decide(looked, held, of, min_cohort=3, renewal=renewal, turn=turn)
        for of in (own, marks, few)
    ]
    return repr(([of.bits for of in own], [(of.held, of.appeared) for of in found]))


def test_another_rule_has_another_number() -> None:
    """If this fails, marks or decisions are others than they were: raise RULE, and pin it here."""
    looked = table()
    found = hashlib.sha256()
    held = set()
    for number, renewal in product(range(40), range(1, MOST_RENEWALS + 1)):
        text = example(looked, number, renewal)
        found.update(text.encode())
        held.add(text.rpartition("[")[2])
    assert len(held) > 20  # the examples tell rules apart
    assert {RULE: found.hexdigest()} == PINNED


@pytest.mark.parametrize("name", ["RULE", "MOST_ROUNDS"])
def test_another_rule_has_another_digest(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proposal that names the digest of another rule is unchecked, and not marked for."""
    looked = table()
    before = looked.digest
    monkeypatch.setattr(cohort_probes, name, getattr(cohort_probes, name) + 1)
    assert looked.digest != before


def test_other_differences_have_another_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = table()
    before = looked.digest
    turned = lambda earlier: differences(earlier)[::-1]  # noqa: E731
    monkeypatch.setattr(cohort_probes, "differences", turned)
    assert looked.digest != before
