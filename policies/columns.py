"""Column disclosure: one label per column, and the strictest of several labels (their meet).

The labels form a meet semilattice with three chains under ``plaintext`` and over ``never``::

    never < filter < group_key < plaintext
    never < aggregate < plaintext
    never < join_key < plaintext

Labels of different chains meet in ``never``: a column that the owner lets be summed and the product
lets be grouped by may be neither.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Label = Literal["never", "aggregate", "group_key", "join_key", "filter", "plaintext"]
Use = Literal["output", "aggregate", "group", "filter", "join"]

_BELOW: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "never": frozenset({"never"}),
        "filter": frozenset({"never", "filter"}),
        "group_key": frozenset({"never", "filter", "group_key"}),
        "aggregate": frozenset({"never", "aggregate"}),
        "join_key": frozenset({"never", "join_key"}),
        "plaintext": frozenset(
            {"never", "filter", "group_key", "aggregate", "join_key", "plaintext"}
        ),
    }
)
LABELS: Final = frozenset(_BELOW)

_NEEDS: Final[Mapping[Use, frozenset[Label]]] = MappingProxyType(
    {
        "output": frozenset({"plaintext"}),
        "aggregate": frozenset({"aggregate", "plaintext"}),
        "group": frozenset({"group_key", "plaintext"}),
        "filter": frozenset({"filter", "group_key", "plaintext"}),
        "join": frozenset({"join_key", "plaintext"}),
    }
)


def meet(left: Label, right: Label) -> Label:
    """Return the greatest label that is not above either: the strictest reading of both.

    Args:
        left: One label.
        right: The other label.

    Returns:
        Their meet; labels of different chains meet in ``never``.
    """
    if right in _BELOW[left]:
        return right
    if left in _BELOW[right]:
        return left
    return "never"


def strictest(labels: Iterable[Label]) -> Label:
    """Return the meet of many labels, e.g. of owner floor, product and agreement.

    Args:
        labels: The labels; none at all means nobody allowed anything.

    Returns:
        Their meet, ``never`` for no labels.
    """
    found: Label | None = None
    for label in labels:
        found = label if found is None else meet(found, label)
    return "never" if found is None else found


def permits(label: Label, use: Use) -> bool:
    """Return whether a column with this label may be used so.

    Args:
        label: The column's label after `strictest`.
        use: What the question does with the column.

    Returns:
        True exactly when the label is one of those the use needs.
    """
    return label in _NEEDS[use]
