"""The list of scenarios: each is a function with a sentence, for one of the two pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.interop.scene import Scene

Asker = Literal["EDC asks Voile", "Voile asks EDC"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What must hold, and the function that tries it; it gives what it saw, in a few words."""

    asker: Asker
    name: str
    run: Callable[[Scene], str]
    rapid: bool = False


SCENARIOS: Final[list[Scenario]] = []


def scenario(
    asker: Asker, name: str, *, rapid: bool = False
) -> Callable[[Callable[[Scene], str]], Callable[[Scene], str]]:
    """Add a function to the list, in the order of the files."""

    def add(run: Callable[[Scene], str]) -> Callable[[Scene], str]:
        SCENARIOS.append(Scenario(asker=asker, name=name, run=run, rapid=rapid))
        return run

    return add
