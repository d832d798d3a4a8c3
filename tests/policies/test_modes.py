"""Modes are chosen by name, from what the contracts grant: those of the profile and a node's own."""

from __future__ import annotations

import pytest

from policies.errors import PolicyError
from policies.modes import PROFILE_MODES, QueryMode, named
from policies.planner import Choice, choose_mode
from policies.profile import MODES
from policies.reasons import Reason
from tests.policies.test_explain import mode_policy

OWN = "https://acme.example/modes/rounded"
ROUNDED = QueryMode(name=OWN, zh="取整", en="rounded")
KNOWN = (*PROFILE_MODES, ROUNDED)


def reason(found: Choice | Reason) -> tuple[str, str, str, str]:
    """Say why no mode fits: code, what was wanted or lacks, what there is, and the next step."""
    assert isinstance(found, Reason)
    return found.code, found.given, found.expected, found.next


def test_the_profile_has_data_of_each_of_its_modes():
    """In its order; each has words in both languages."""
    assert tuple(mode.name for mode in PROFILE_MODES) == MODES
    assert all(mode.zh and mode.en for mode in PROFILE_MODES)
    assert named("masked") is PROFILE_MODES[0]
    assert named(OWN) is None
    assert named(OWN, KNOWN) is ROUNDED


def test_a_mode_of_ones_own_is_chosen_where_it_is_what_is_granted():
    """Cheapest first: after those of the profile; by name before all of them."""
    assert choose_mode([mode_policy(OWN)], None, KNOWN) == Choice(OWN, "plan.only-granted")
    both = mode_policy("masked", OWN)
    assert choose_mode([both], None, KNOWN) == Choice("masked", "plan.cheapest")
    assert choose_mode([both], OWN, KNOWN) == Choice(OWN, "plan.asked")


def test_a_mode_that_the_node_does_not_bring_is_never_chosen():
    """Whatever a contract grants."""
    found = reason(choose_mode([mode_policy(OWN)], OWN))
    assert found == ("question.mode-unfit", OWN, "masked", "next.choose-mode")
    assert reason(choose_mode([mode_policy(OWN)], None))[0] == "policy.query-mode"


def test_a_refusal_says_how_many_agreements_a_mode_takes():
    """A mode for one with three, a mode for several with one, and too few of several."""
    everything = mode_policy()
    found = reason(choose_mode([everything] * 3, OWN, KNOWN))
    assert found == ("question.mode-unfit", OWN, "homomorphic", "next.one-agreement")
    found = reason(choose_mode([everything], "homomorphic", KNOWN))
    assert found == ("question.mode-unfit", "homomorphic", f"masked, {OWN}", "next.ask-cohort")
    found = reason(choose_mode([everything] * 2, "homomorphic", KNOWN))
    assert found == ("plan.too-few", "2", "3", "next.larger-cohort")


def test_what_no_contract_grants_is_refused_in_the_first_modes_words():
    """It names what is granted."""
    found = reason(choose_mode([mode_policy("homomorphic")], None, KNOWN))
    assert found == ("policy.query-mode", "masked", "homomorphic", "next.ask-cohort")


def test_a_contract_names_modes_by_a_word_of_the_profile_or_by_an_iri():
    """A word that the profile does not have is none."""
    mode_policy(OWN, "masked")
    with pytest.raises(PolicyError):
        mode_policy("rounded")
