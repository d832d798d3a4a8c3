"""Which figures of a session are cleared: unions of classes, as all its providers read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.cohort.statements import CLEARED, WITHHELD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from contracts.cohort.session import Session
    from contracts.cohort.statements import Indicators
    from crypto.did import Did


def fits(session: Session, columns: Sequence[str]) -> bool:
    """Say whether there is a mark for each cell of each column of a session."""
    lengths = [len(column) for column in columns]
    return lengths == [session.cells] * len(session.columns)


def clear(session: Session, indicators: Mapping[Did, Indicators]) -> tuple[str, ...]:
    """Say per column and cell whether all providers read it as a union of classes.

    Args:
        session: the session.
        indicators: of every provider of the roster, checked.

    Returns:
        Per column one character per cell, `1` for cleared.
    """
    said = [indicators[did].columns for did in session.roster]
    return tuple(
        "".join(
            CLEARED if set(marks) == {CLEARED} else WITHHELD for marks in zip(*column, strict=True)
        )
        for column in zip(*said, strict=True)
    )
