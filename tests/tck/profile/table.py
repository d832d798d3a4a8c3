"""What the official kit's cases want of the connector that it judges, as data.

Spec: voile design dsp.md §6, proved with the kit's tag v1.0.1. `R>offer` says: on reaching
REQUESTED send an offer. A state named twice is reached twice; `-` and whatever is not named: stand
still. Where the kit sends something illegal no word is needed: refusing is the machine's work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

STATES: Final[Mapping[str, Mapping[str, str]]] = {
    "negotiation": {
        "R": "REQUESTED",
        "O": "OFFERED",
        "C": "ACCEPTED",
        "A": "AGREED",
        "V": "VERIFIED",
        "F": "FINALIZED",
    },
    "transfer": {"R": "REQUESTED", "S": "STARTED", "U": "SUSPENDED", "T": "TERMINATED"},
}

# prefix of the seed id -> kind of process, lines of `case reactions`
_LINES: Final[Mapping[str, tuple[str, str]]] = {
    "ACN": (
        "negotiation",
        """
        0101 R>offer
        0102 R>offer R>terminate
        0103 R>offer C>agree V>finalize
        0104 R>agree V>finalize
        0201 R>terminate
        0202
        0203 R>agree
        0204 R>offer
        0205 R>offer O>terminate
        0206 R>offer C>terminate
        0207 R>agree V>terminate
        0301 R>agree V>finalize
        0302 R>offer
        0303 R>offer C>-
        0304 R>offer R>-
        """,
    ),
    "ACNC": (
        "negotiation",
        """
        0101 O>accept A>verify
        0102 O>request
        0103 O>terminate
        0104 A>verify
        0201
        0202 R>terminate
        0203 A>terminate
        0204
        0205 O>accept
        0206 A>verify
        0301
        0302
        0303
        0304 O>accept
        0305 O>accept
        0306 O>accept A>-
        """,
    ),
    "ATP": (
        "transfer",
        """
        0101 R>start S>terminate
        0102 R>start S>complete
        0103 R>start S>suspend U>terminate
        0104 R>start S>suspend U>start S>complete
        0105 R>terminate
        0201 R>start
        0202 R>start
        0203 R>start
        0205
        0301
        0302
        0303 R>start
        0304 R>start
        0305 R>start
        0306 R>start
        """,
    ),
    "ATPC": (
        "transfer",
        """
        0101
        0102
        0103
        0104
        0105
        0201 S>terminate
        0202 S>complete
        0203 S>suspend U>terminate
        0205 R>terminate
        0301
        0302
        0303
        0304
        0305
        0306
        """,
    ),
}


def _script(kind: str, steps: list[str]) -> dict[tuple[str, int], str]:
    found: dict[tuple[str, int], str] = {}
    for step in steps:
        letter, action = step.split(">")
        state = STATES[kind][letter]
        times = 1 + sum(1 for reached, _ in found if reached == state)
        found[state, times] = action
    return found


def _scripts() -> dict[str, Mapping[tuple[str, int], str]]:
    return {
        prefix + case: _script(kind, steps)
        for prefix, (kind, lines) in _LINES.items()
        for case, *steps in map(str.split, lines.strip().splitlines())
    }


def seeds(prefix: str) -> tuple[str, ...]:
    """List the seed ids of a prefix: `ACN` datasets that the kit negotiates, `ATP` agreements."""
    return tuple(prefix + line.split()[0] for line in _LINES[prefix][1].strip().splitlines())


# seed id -> script; a dataset for negotiations, an agreement for transfers
SCRIPTS: Final[Mapping[str, Mapping[tuple[str, int], str]]] = _scripts()
LISTED: Final = ("CAT0101", "CAT0102")  # datasets of the catalogue's cases; CAT0103 stays unknown
