"""A toy mode, to see what a mode costs: masked answers whose figures are rounded to full hundreds.

A contract grants it by the IRI; the provider rounds what it would release, and its asker sees that
nothing finer came. All else of the question's life is as in any mode with one provider.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from connector.areas.questions.answers import Cells, masked_cells
from connector.areas.questions.one_provider import OneProvider
from connector.process.errors import VerificationError
from policies.modes import QueryMode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.areas.questions.granted import Granted

NAME: Final = "https://voile.example/modes/rounded"
STEP: Final = 100


def rounded(text: str | None) -> str | None:
    """Round a figure to the nearest hundred; one that is not released stays that."""
    return text if text is None else f"{(Decimal(text) / STEP).to_integral_value() * STEP:f}"


def cells(granted: Granted) -> Cells:
    """Answer a granted question: what masked would release, rounded."""
    found = masked_cells(granted)
    return replace(found, released=tuple(map(_rounded, found.released)))


def _rounded(cell: Mapping[str, Any]) -> dict[str, Any]:
    return {**cell, "values": {name: rounded(text) for name, text in cell["values"].items()}}


def check(payload: Mapping[str, Any]) -> None:
    """Refuse to believe a figure that is no full hundred."""
    for cell in payload["cells"]:
        if any(text != rounded(text) for text in cell["values"].values()):
            raise VerificationError(
                f"the provider's answer does not hold: `cells`: expected full {STEP}s",
                code="answer-unverified",
                field="cells",
            )


MODE: Final = OneProvider(
    terms=QueryMode(name=NAME, zh="取整", en="rounded"), cells=cells, check=check
)
