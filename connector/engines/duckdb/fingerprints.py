"""What the contents of places are recognised by from version to version."""

# ruff: noqa: S608 - SQL is put together from our own names and integers only

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from crypto.disclosure.capacity import TOKEN_RANGE
from crypto.disclosure.ledger import NOW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.engines.duckdb.session import DuckSession

TOKENS: Final = 4  # random numbers per contributor and figure, to recognise contents by


class Fingerprints:
    """Recognises contents: every contributor has random numbers, one for each figure.

    They are drawn from a digest of the id; a place's sums of figures times numbers are its
    contents. No order, and no digest per piece.

    Args:
        session: has the table `piece`.
        places: how many places there are.
        figures: the columns.
    """

    def __init__(self, session: DuckSession, places: int, figures: Sequence[str]) -> None:
        self._session = session
        self._places = places
        self._figures = figures
        self._has_tokens = False

    def of(self, version: int = NOW) -> list[str]:
        """Returns per place a text that is equal for equal contents."""
        if not self._has_tokens:
            self._draw()
        widest = ", ".join(f"coalesce(max(abs({name})), 0)" for name in self._figures)
        most = self._session.one(f"SELECT {widest} FROM piece WHERE version = {version}")
        kinds = ["BIGINT" if int(x) < TOKEN_RANGE else "HUGEINT" for x in most]
        sums = []
        for j in range(TOKENS):
            products = [
                f"t{j}_{i}::{kind} * {name}::{kind}"
                for i, (name, kind) in enumerate(zip(self._figures, kinds, strict=True))
            ]
            if sum(map(int, most)) < TOKEN_RANGE:  # then all of a piece fits as well
                products = [" + ".join(products)]
            sums.append(" + ".join(f"sum({product})" for product in products))
        found = [""] * self._places
        has_any = " OR ".join(f"{name} <> 0" for name in self._figures)
        for place, *values in self._session.rows(
            f"SELECT place, {', '.join(sums)} FROM piece JOIN token USING (contributor) "
            f"WHERE version = {version} GROUP BY place HAVING count(*) FILTER ({has_any}) > 0"
        ):
            found[place] = sha256(repr(values).encode()).hexdigest()
        return found

    def _draw(self) -> None:
        numbers = [
            f"(md5_number_lower(concat(contributor, ' {i} {j}')) % {TOKEN_RANGE})::INTEGER "
            f"AS t{j}_{i}"
            for j in range(TOKENS)
            for i in range(len(self._figures))
        ]
        self._session.run(
            f"CREATE OR REPLACE TEMP TABLE token AS SELECT contributor, {', '.join(numbers)} "
            "FROM (SELECT DISTINCT contributor FROM piece)"
        )
        self._has_tokens = True
