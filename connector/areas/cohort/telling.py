"""What a provider tells the consumer of its count and its data version, and when.

At the acceptance: what is used of the count, and the data version. That parts of the table stand at
older versions follows from its rows, so it is told when the charge is final. A contribution is
charged, too, but that charge goes back when a session ends without a total, and any supplier in it
can bring that about.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from contracts.cohort import states

if TYPE_CHECKING:
    from connector.areas.cohort.frozen import Frozen
    from connector.areas.cohort.rows import ProviderSessionRow
    from connector.areas.questions import Granted


def to_tell(granted: Granted, cohort: Frozen) -> str:
    """Return all of it, as the session's row keeps it."""
    return json.dumps(
        {
            "usage": granted.usage.to_json(),
            "dataVersion": {"number": cohort.number, "digest": cohort.version},
            "oldest": cohort.oldest,
        }
    )


def with_acceptance(row: ProviderSessionRow) -> dict[str, Any]:
    """Return what goes with the acceptance."""
    kept = json.loads(row.usage)
    return {name: kept[name] for name in ("usage", "dataVersion")}


def with_release(row: ProviderSessionRow) -> dict[str, Any]:
    """Return what is told of a total that was released; sessions that older code began lack it."""
    kept = json.loads(row.usage)
    told = row.state == states.SETTLED and "oldest" in kept
    return {"oldest": kept["oldest"]} if told else {}
