"""The modes in which a private question is answered, as data: what a contract may grant by name.

A mode of the profile has a short word. Another one is named by an IRI of one's own, as a purpose
is: it stands for nothing but itself, and is answered by nodes that bring it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from policies.profile import HOMOMORPHIC, MASKED

if TYPE_CHECKING:
    from collections.abc import Iterable

LEAST_COHORT: Final = 3  # providers in a total, whatever a contract says


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryMode:
    """A mode, before anything is asked in it.

    Attributes:
        name: The value of ``queryMode``: a short word of the profile, or an IRI.
        zh: What people call it.
        en: The same.
        least: Fewest agreements of one question, each with another provider.
        several: Whether there may be more than that; if not, there is one.
        terms: Keys of a product file's offer that mean something in this mode only.
    """

    name: str
    zh: str
    en: str
    least: int = 1
    several: bool = False
    terms: tuple[str, ...] = ()

    def suits(self, agreements: int) -> bool:
        """Say whether it is for one provider or for several, as the question is."""
        return self.several is (agreements > 1)


MASKED_MODE: Final = QueryMode(name=MASKED, zh="屏蔽统计", en="masked")
HOMOMORPHIC_MODE: Final = QueryMode(
    name=HOMOMORPHIC,
    zh="同态加密",
    en="homomorphic",
    least=LEAST_COHORT,
    several=True,
    terms=("min_cohort", "aggregator", "cohort"),
)
PROFILE_MODES: Final = (MASKED_MODE, HOMOMORPHIC_MODE)  # cheapest first


def named(name: str, modes: Iterable[QueryMode] = PROFILE_MODES) -> QueryMode | None:
    """Give the mode of a name; None where there is none."""
    return next((mode for mode in modes if mode.name == name), None)
