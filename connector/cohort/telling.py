"""What a provider tells the consumer of its count and its data version, and when.

At the acceptance: what is used of the count, and the data version. That parts of the table stand at
older versions follows from its rows, so it is told with the contribution, which is charged.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from connector.cohort.frozen import Frozen
    from connector.cohort.rows import ProviderSessionRow
    from connector.questions.enforcement import Granted


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


def with_contribution(row: ProviderSessionRow) -> dict[str, Any]:
    """Return what goes with the contribution; sessions that older code began lack it."""
    kept = json.loads(row.usage)
    return {"oldest": kept["oldest"]} if "oldest" in kept else {}
