"""What a renewal of a cohort table is judged on: the same for its members and its aggregator.

All of it takes seconds to make and hundreds of megabytes to keep, at worst; little of it is needed
to take what members send. So of many tables that little is remembered, and all only of the newest
few: it is looked at when a member marks, and once when a round is decided. Whoever has anything
made again that was forgotten, by having many tables renewed at once, is told what it takes: it is
that party's work.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from connector.areas.cohort import problems_tables
from connector.areas.cohort.commons import Common, common_of
from connector.areas.cohort.frozen import payload
from connector.identity.once import Once
from contracts.cohort.errors import broken
from contracts.cohort.table_statements import Classes, Joining
from crypto.canonical import digest_bytes
from crypto.did import Did
from crypto.disclosure.cohort_probes import Outline, Probes, probes
from crypto.disclosure.declaration import Refused
from crypto.words import verbatim

if TYPE_CHECKING:
    from collections.abc import Callable

    from crypto.disclosure.cohort_table import CohortTable

    Spend = Callable[[int], None]  # is told of forms on sets that are made, and of texts as these

T = TypeVar("T")
PER_FORM: Final = 125  # characters of a text that is read: they take as long as a form on a set
EVERY_MS: Final = 24 * 3600 * 1000  # from one renewal of a table to the next, at least


@dataclass(frozen=True, slots=True)
class Renewable:
    """A cohort table that is made, and what must be known of how its renewals are judged."""

    roster: tuple[Did, ...]
    common: Common
    table: CohortTable
    looked: Outline

    @property
    def judged(self) -> str:
        """Digest of what is judged."""
        return self.looked.digest

    @property
    def sizes(self) -> list[int]:
        """Number of codes per common dimension."""
        return [len(codes) for _, codes in self.common.table.dimensions]


class Kept(Generic[T]):
    """Remembers the newest few; who asks for one while it is made waits for it."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._found: OrderedDict[str, T] = OrderedDict()
        self._lock = Lock()
        self._making: Once[T] = Once()

    def __call__(self, key: str, make: Callable[[], T]) -> T:
        """Give what there is, or make it."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        return self._making(key, lambda: self._made(key, make))

    def _made(self, key: str, make: Callable[[], T]) -> T:
        with self._lock:
            found = self._found.get(key)  # another may have made it just now
        if found is None:
            found = make()
            with self._lock:
                self._found[key] = found
                while len(self._found) > self.most:
                    self._found.popitem(last=False)
        return found

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._found.clear()


TABLES: Final[Kept[Renewable | str]] = Kept(16)  # by digest of what they are read from
LOOKED: Final[Kept[Probes]] = Kept(2)  # by their own digest


def _nobody(_forms: int) -> None:
    """Take no account: it is our own work."""


def renewable(joinings: str, classes_jws: str, spend: Spend = _nobody) -> Renewable:
    """Read stored statements; their signatures were verified before they were stored.

    Args:
        joinings: JSON, DID -> JWS.
        classes_jws: the classes.
        spend: is told what it takes, if it is not remembered.

    Raises:
        CohortError: there is too much to be judged.
    """
    key = digest_bytes(f"{joinings}\n{classes_jws}".encode())  # they are megabytes
    found = TABLES(key, lambda: _read(joinings, classes_jws, spend))
    if isinstance(found, str):
        raise broken(
            "cohort.renewal.large",
            problems_tables.TOO_LARGE_TO_RENEW,
            problems_tables.COARSER,
            why=verbatim(found).of(),
        )
    return found


def looked_at(of: Renewable, spend: Spend = _nobody) -> Probes:
    """Give all that is judged of a table.

    Args:
        of: the table.
        spend: is told what it takes, if it is not remembered.
    """
    return LOOKED(of.judged, lambda: probes(of.common.table, of.table, spend))


def _read(joinings: str, classes_jws: str, spend: Spend) -> Renewable | str:
    """Read them, or say why the table is refused: that took as long, and is kept as well."""
    spend((len(joinings) + len(classes_jws)) // PER_FORM)
    heard = {did: Joining.from_json(payload(j)) for did, j in json.loads(joinings).items()}
    common, table = common_of(heard), Classes.from_json(payload(classes_jws)).table
    try:
        looked = probes(common.table, table, spend)
    except Refused as error:
        return str(error)
    outline = looked.outline
    LOOKED(outline.digest, lambda: looked)
    return Renewable(tuple(map(Did, sorted(heard))), common, table, outline)
