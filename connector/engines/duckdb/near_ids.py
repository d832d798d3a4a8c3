"""Contributor ids that differ in marks, spaces or leading zeros only: perhaps one contributor."""

# ruff: noqa: S608 - SQL is put together from our own names and literals only

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.engines.duckdb.contributors import MAX_GROUPS, MAX_SPELLINGS
from connector.engines.spellings import Alike

if TYPE_CHECKING:
    from connector.engines.duckdb.session import DuckSession

_LETTERS: Final = r"regexp_replace(lower(contributor), '[^\p{L}\p{N}]', '', 'g')"
_KEY: Final = rf"regexp_replace({_LETTERS}, '(^|[^0-9])0+([0-9])', '\1\2', 'g')"


def near_ids(session: DuckSession) -> Alike:
    """Finds such ids in the table `contribution`; ids that differ in case only are not meant."""
    grouped = (
        "SELECT near, list_sort(list(contributor)) AS several FROM "
        f"(SELECT DISTINCT contributor, {_KEY} AS near FROM contribution) "
        "WHERE near <> '' GROUP BY near HAVING count(DISTINCT lower(contributor)) > 1"
    )
    (count,) = session.one(f"SELECT count(*) FROM ({grouped})")
    rows = session.rows(
        f"SELECT several[:{MAX_SPELLINGS}] FROM ({grouped}) "
        f"ORDER BY len(several) DESC, near LIMIT {MAX_GROUPS}"
    )
    return Alike(int(count), tuple(tuple(several) for (several,) in rows))
