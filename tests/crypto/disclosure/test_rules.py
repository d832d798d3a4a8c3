"""The rules that an owner may declare."""

from __future__ import annotations

import pytest

from crypto.disclosure import Rules


@pytest.mark.parametrize(
    "wrong",
    [
        {"minimum_contributors": 2},
        {"dominance": ()},
        {"dominance": ((0, 75),)},
        {"dominance": ((1, 100),)},
        {"p_percent": 0},
    ],
)
def test_rules_that_protect_nothing_are_refused(wrong: dict[str, object]) -> None:
    """No owner can set fewer than three contributors, or switch a rule off."""
    with pytest.raises(ValueError, match="expected"):
        Rules(**wrong)  # type: ignore[arg-type]
