"""Who may do what when: three small machines as data.

A session that ended never releases, and one that released never ends: the two words of the
aggregator exclude each other because no row of its table leads from one to the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contracts.cohort import problems
from contracts.cohort.errors import wrong

if TYPE_CHECKING:
    from collections.abc import Mapping

NONE: Final = ""
ACCEPTED: Final = "ACCEPTED"
INDICATED: Final = "INDICATED"
CONTRIBUTED: Final = "CONTRIBUTED"
SETTLED: Final = "SETTLED"
ENDED: Final = "ENDED"
COLLECTING: Final = "COLLECTING"
CLEARED: Final = "CLEARED"
RELEASED: Final = "RELEASED"
ASKED: Final = "ASKED"
ANSWERED: Final = "ANSWERED"

Table = dict[tuple[str, str], str]

PROVIDER: Final[Mapping[tuple[str, str], str]] = {
    (NONE, "accept"): ACCEPTED,
    (ACCEPTED, "indicate"): INDICATED,
    (INDICATED, "contribute"): CONTRIBUTED,
    (CONTRIBUTED, "settle"): SETTLED,
    (ACCEPTED, "end"): ENDED,
    (INDICATED, "end"): ENDED,
    (CONTRIBUTED, "end"): ENDED,  # only on the aggregator's signed word: what was charged goes back
}

AGGREGATOR: Final[Mapping[tuple[str, str], str]] = {
    (NONE, "open"): COLLECTING,
    (COLLECTING, "clear"): CLEARED,
    (CLEARED, "release"): RELEASED,
    (COLLECTING, "end"): ENDED,
    (CLEARED, "end"): ENDED,
}

CONSUMER: Final[Mapping[tuple[str, str], str]] = {
    (NONE, "ask"): ASKED,
    (ASKED, "answer"): ANSWERED,
    (ASKED, "end"): ENDED,
}


def step(table: Mapping[tuple[str, str], str], state: str, event: str) -> str:
    """Return the next state.

    Raises:
        CohortError: the event is not allowed in this state; nothing changes.
    """
    try:
        return table[state, event]
    except KeyError:
        raise wrong(
            "cohort.state",
            problems.EVENT_NOT_ALLOWED,
            state=state,
            event=event,
            now=state or "none",
        ) from None
