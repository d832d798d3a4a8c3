"""What a drill tells: what was tried, what came, what follows; and whether that is a leak."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

DOMINANCE = ((1, 75), (2, 85))  # the rules that products have if they say nothing
P_PERCENT = 10
CARRIERS = 5
INDICATOR_CARRIERS = 3


@dataclass
class Told:
    """The report of one drill.

    Attributes:
        tried: what was done, in words.
        came: what came back.
        held: what cannot be inferred, though it was tried.
        leaked: what can.
    """

    name: str
    tried: list[str] = field(default_factory=list)
    came: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    leaked: list[str] = field(default_factory=list)
    broken: str = ""
    seconds: float = 0.0

    @property
    def verdict(self) -> str:
        """`held`, `LEAKED`, or `BROKEN` where the drill itself came to nothing."""
        if self.leaked:
            return "LEAKED"
        return "BROKEN" if self.broken or not self.held else "held"

    def check(self, what: str, *, holds: bool, came: object = "") -> None:
        """Note one thing that must hold; `came` says what was seen instead."""
        if holds:
            self.held.append(what)
        else:
            self.leaked.append(f"{what}: NO{f' ({came})' if came != '' else ''}")

    def judge(
        self,
        what: str,
        number: Decimal | int | None,
        nets: Mapping[str, int],
        *,
        need: int = CARRIERS,
    ) -> None:
        """Judge a number that the attacker has computed from answers.

        Args:
            what: the combination, in words.
            number: what came out; None if a part of it was not released.
            nets: what each contributor truly adds to it.
            need: how many must carry it.
        """
        carriers = [abs(net) for net in nets.values() if net]
        if number is None:
            self.held.append(f"{what}: a part is withheld")
            return
        self.came.append(f"{what} = {number}")
        if Decimal(number) != sum(nets.values()):
            self.held.append(f"{what}: it is no figure of the rows")
        elif not carriers:
            self.held.append(f"{what}: it is nil for everybody")
        elif fine(carriers, need):
            self.held.append(f"{what}: {len(carriers)} contributors are behind it, none outweighs")
        else:
            some = (
                "one contributor alone" if len(carriers) == 1 else f"{len(carriers)} contributors"
            )
            self.leaked.append(f"{what} = {number} tells of {some}")

    def to_json(self) -> dict[str, Any]:
        """Return it for `--json`."""
        return {
            "name": self.name,
            "verdict": self.verdict,
            "tried": self.tried,
            "came": self.came,
            "held": self.held,
            "leaked": self.leaked,
            "broken": self.broken,
            "seconds": f"{self.seconds:.1f}",
        }


def fine(carriers: list[int], need: int = CARRIERS) -> bool:
    """Say whether enough are behind a number, and none outweighs: the default rules, written anew."""
    if len(carriers) < need:
        return False
    largest = sorted(carriers, reverse=True)
    total = sum(largest)
    if any(sum(largest[:n]) * 100 > percent * total for n, percent in DOMINANCE):
        return False
    return 100 * (total - largest[0] - largest[1]) >= P_PERCENT * largest[0]
