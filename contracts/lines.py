"""How the tables of the machines are written: one line for several states and senders."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from contracts.machine import Role


def rows(
    *lines: tuple[str | Iterable[str], str, str, str],
) -> Mapping[tuple[str, Role, str], str]:
    """Spread table lines (states, senders "C", "P" or "CP", event, next state) into rows."""
    roles: Mapping[str, Role] = {"C": "consumer", "P": "provider"}
    return {
        (state, roles[letter], event): target
        for states, senders, event, target in lines
        for state in ((states,) if isinstance(states, str) else states)
        for letter in senders
    }
