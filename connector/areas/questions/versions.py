"""Which data versions a released cell stands at: one, or several, and then which parts at which.

A base cell whose change must not be shown yet keeps its value; a cell of the answer that sums it
together with renewed ones is the number of no single version. It is given only where the owner
allows that (`mixed_versions`). That a part is held is told to
whoever may ask for that part alone: so parts are named by dimensions that this agreement grants,
and not at all where it demands more contributors per cell than the owner does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from policies.evaluate import compile_policy, evaluate
from policies.profile import DIMENSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.areas.questions.granted import Granted
    from crypto.disclosure.groups import GroupAnswer, Part

MAX_PARTS: Final = 100  # named per cell and version; the rest is counted
_TOLD: Final = frozenset({"released", "mixed", "empty"})  # statuses of what has a version


class Standing:
    """Says at which versions the cells of one answer stand."""

    def __init__(self, granted: Granted) -> None:
        """Prepare for one question.

        Args:
            granted: What the contract grants.
        """
        self._granted = granted
        self._named: tuple[int, ...] | None = None

    def of(self, group: GroupAnswer) -> dict[str, Any]:
        """Return what a cell says of its data versions; nothing if it is current, or not shown."""
        number = self._granted.table.number
        # an average of nothing as one of something: whether there are marks tells of no figure
        if _TOLD.isdisjoint(output.status for output in group.outputs):
            return {}
        if group.of_version is not None:
            return {} if group.of_version == number else {"asOf": group.of_version}
        if not group.parts:
            return {}
        *older, last = group.parts
        if last.version != number and not older:
            return {"versions": [self._part(last), {"number": number}]}
        return {"versions": [*map(self._part, older), {"number": last.version}]}

    def _part(self, older: Part) -> dict[str, Any]:
        named = self._dimensions()
        columns = [self._granted.table.dimensions[d] for d in named]
        found = dict.fromkeys(tuple(cell[d] for d in named) for cell in older.cells)
        keys = list(found) if named else []
        told: dict[str, Any] = {
            "number": older.version,
            "parts": [
                {name: codes[code] for (name, codes), code in zip(columns, key, strict=True)}
                for key in keys[:MAX_PARTS]
            ],
        }
        return told | ({"more": len(keys) - MAX_PARTS} if len(keys) > MAX_PARTS else {})

    def _dimensions(self) -> Sequence[int]:
        """Return the positions of the dimensions that name parts: granted, and not grouped by."""
        if self._named is None:
            bound = self._granted.bound
            stricter = self._granted.minimum_contributors > bound.schema.minimum_contributors
            self._named = (
                ()
                if stricter
                else tuple(
                    index
                    for index, dimension in enumerate(bound.schema.dimensions)
                    if index not in bound.group_by and self._is_granted(dimension.name)
                )
            )
        return self._named

    def _is_granted(self, name: str) -> bool:
        """Say whether the agreement would let this dimension be asked for too."""
        trial = self._granted.trial
        values = {**trial.request.values}
        values[DIMENSION] = values.get(DIMENSION, frozenset()) | {name}
        request = replace(trial.request, values=values)
        policy = compile_policy(self._granted.agreement.policy)
        return evaluate(policy, request, trial.world, trial.now).allowed
