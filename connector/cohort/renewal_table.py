"""What a renewal of a cohort table is judged on: the same for its members and its aggregator."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from connector.cohort.commons import Common, common_of
from connector.cohort.frozen import payload
from connector.identity.once import Once
from contracts.cohort.errors import CohortError
from contracts.cohort.table_statements import Classes, Joining
from crypto.did import Did
from crypto.disclosure.cohort_probes import Probes, probes
from crypto.disclosure.declaration import Refused

if TYPE_CHECKING:
    from crypto.disclosure.cohort_table import CohortTable

_MAKING: Final[Once[Renewable | str]] = Once()
EVERY_MS: Final = 24 * 3600 * 1000  # from one renewal of a table to the next, at least


@dataclass(frozen=True, slots=True)
class Renewable:
    """A cohort table that is made, and what is judged of its renewals."""

    roster: tuple[Did, ...]
    common: Common
    table: CohortTable
    looked: Probes
    judged: str  # digest of what is judged

    @property
    def sizes(self) -> list[int]:
        """Number of codes per common dimension."""
        return [len(codes) for _, codes in self.common.table.dimensions]


def renewable(joinings: str, classes_jws: str) -> Renewable:
    """Read stored statements; their signatures were verified before they were stored.

    Args:
        joinings: JSON, DID -> JWS.
        classes_jws: the classes.

    Raises:
        CohortError: there is too much to be judged.
    """
    # who asks meanwhile waits for what is found
    found = _MAKING(joinings + classes_jws, lambda: _read(joinings, classes_jws))
    if isinstance(found, str):
        raise CohortError(
            found,
            code="cohort.renewal.large",
            next_step="publish under another product id, with coarser dimensions",
        )
    return found


@lru_cache(maxsize=8)
def _read(joinings: str, classes_jws: str) -> Renewable | str:
    """Read them, or say why the table is refused: that took as long, and is kept as well."""
    heard = {did: Joining.from_json(payload(j)) for did, j in json.loads(joinings).items()}
    common, table = common_of(heard), Classes.from_json(payload(classes_jws)).table
    try:
        looked = probes(common.table, table)
    except Refused as error:
        return str(error)
    return Renewable(tuple(map(Did, sorted(heard))), common, table, looked, looked.digest)
