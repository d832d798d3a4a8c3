"""Why forms of one sign need no more than their cells: the closure theorem of disclosure.md §2."""

from __future__ import annotations

from hypothesis import assume, example, given
from hypothesis import strategies as st

from crypto.disclosure.fineness import is_fine, profile
from crypto.disclosure.rules import Rules

RULES = st.builds(
    Rules,
    minimum_contributors=st.integers(3, 6),
    dominance=st.sampled_from([((1, 75), (2, 85)), ((1, 50),), ((3, 90),), ((1, 99), (5, 99))]),
    p_percent=st.sampled_from([1, 10, 50, 100]),
)
# Six contributors at least, of like size: fine often enough to be of use.
NETS = st.lists(st.integers(0, 6) | st.integers(4, 9) | st.just(0), min_size=9, max_size=9)


def fine(nets: list[int], carriers: int, rules: Rules) -> bool:
    return is_fine(profile(nets, rules.depth), carriers=carriers, rules=rules)


@given(NETS, NETS, RULES, st.integers(3, 6), st.integers(0, 9), st.integers(0, 9))
@example([5] * 9, [0] * 9, Rules(), 5, 1, 1)
@example([1] * 9, [9, 9, 9, 9, 9, 9, 0, 0, 0], Rules(), 5, 1, 1)
def test_fine_forms_of_one_sign_add_up_to_fine_ones(
    one: list[int], other: list[int], rules: Rules, carriers: int, a: int, b: int
) -> None:
    """What is fine on two disjoint sets, or for two forms, is fine for the sum, however weighed."""
    assume(fine(one, carriers, rules) and fine(other, carriers, rules))
    both = [a * x + b * y for x, y in zip(one, other, strict=True)]
    assert fine(both, carriers, rules)


def test_of_two_signs_it_does_not_hold() -> None:
    """The difference of two fine sums may be one contributor's: why signed forms are judged apart."""
    one, other = [5, 5, 5, 5, 5, 5], [5, 5, 5, 5, 5, 4]
    assert fine(one, 5, Rules())
    assert fine(other, 5, Rules())
    assert not fine([x - y for x, y in zip(one, other, strict=True)], 5, Rules())


@given(NETS, RULES, st.integers(3, 6))
def test_nothing_is_told_by_scale_or_sign(nets: list[int], rules: Rules, carriers: int) -> None:
    """A multiple of a form, also a negative one, is judged as the form; integers of any size."""
    for factor in (-1, 7, 10**40):
        scaled = [factor * net for net in nets]
        assert fine(scaled, carriers, rules) == fine(nets, carriers, rules)


def test_nil_is_fine_unless_it_may_not_be_shown() -> None:
    """A form that is nil for everybody tells nothing of one; `nil` says whether it may be shown."""
    known = profile([0, 0, 0], 2)
    assert is_fine(known, carriers=3, rules=Rules())
    assert not is_fine(known, carriers=3, rules=Rules(), nil=False)
