"""Disclosure labels: a meet semilattice, and what each use needs."""

from __future__ import annotations

from itertools import product

import pytest

from policies.columns import LABELS, Label, Use, meet, permits, strictest

USES: tuple[Use, ...] = ("output", "aggregate", "group", "filter", "join")


def test_labels_are_a_meet_semilattice() -> None:
    """Meet is commutative, associative and idempotent; `never` absorbs, `plaintext` is neutral."""
    labels: list[Label] = sorted(LABELS)  # type: ignore[arg-type]
    for a, b, c in product(labels, repeat=3):
        assert meet(a, b) == meet(b, a)
        assert meet(a, meet(b, c)) == meet(meet(a, b), c)
        assert meet(a, a) == a
        assert meet(a, "never") == "never"
        assert meet(a, "plaintext") == a


def test_the_meet_never_permits_more_than_either() -> None:
    """What the strictest of two labels permits, both permit."""
    labels: list[Label] = sorted(LABELS)  # type: ignore[arg-type]
    for a, b, use in product(labels, labels, USES):
        if permits(meet(a, b), use):
            assert permits(a, use)
            assert permits(b, use)


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        ((), "never"),
        (("plaintext", "group_key"), "group_key"),
        (("group_key", "filter"), "filter"),
        (("aggregate", "group_key"), "never"),
        (("join_key", "aggregate"), "never"),
        (("plaintext", "plaintext"), "plaintext"),
    ],
)
def test_the_strictest_of_owner_product_and_contract_wins(
    labels: tuple[Label, ...], found: Label
) -> None:
    """Labels of different chains meet in `never`; no label at all is `never`."""
    assert strictest(labels) == found


def test_each_use_needs_its_label() -> None:
    """The table of uses: only plaintext is put out; a group key also filters, a filter never groups."""
    assert [use for use in USES if permits("aggregate", use)] == ["aggregate"]
    assert [use for use in USES if permits("group_key", use)] == ["group", "filter"]
    assert [use for use in USES if permits("filter", use)] == ["filter"]
    assert [use for use in USES if permits("join_key", use)] == ["join"]
    assert [use for use in USES if permits("never", use)] == []
    assert [use for use in USES if permits("plaintext", use)] == list(USES)
