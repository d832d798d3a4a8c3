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


def fingerprints(session: DuckSession, places: int, figures: Sequence[str]) -> list[str]:
    """Returns per place a text that is equal for equal contents.

    Every contributor has random numbers, one for each figure, drawn from a digest of the id; a
    place's sums of figures times numbers are its contents. No order, and no digest per piece.
    """
    widest = ", ".join(f"coalesce(max(abs({name})), 0)" for name in figures)
    most = session.one(f"SELECT {widest} FROM piece WHERE version = {NOW}")
    kinds = ["BIGINT" if int(x) < TOKEN_RANGE else "HUGEINT" for x in most]
    numbers, sums = [], []
    for j in range(TOKENS):
        for i, kind in enumerate(kinds):
            text = f"concat(contributor, ' {i} {j}')"
            numbers.append(f"(md5_number_lower({text}) % {TOKEN_RANGE})::{kind} AS t{j}_{i}")
        products = [
            f"t{j}_{i} * {name}::{kind}"
            for i, (name, kind) in enumerate(zip(figures, kinds, strict=True))
        ]
        if sum(map(int, most)) < TOKEN_RANGE:  # then all of a piece fits as well
            products = [" + ".join(products)]
        parts = [f"sum({product})" for product in products]
        sums.append(" + ".join(parts))
    found = [""] * places
    for place, *values in session.rows(
        f"SELECT place, {', '.join(sums)} FROM piece JOIN (SELECT contributor, "
        f"{', '.join(numbers)} FROM (SELECT DISTINCT contributor FROM piece)) "
        f"USING (contributor) WHERE version = {NOW} GROUP BY place "
        f"HAVING count(*) FILTER ({' OR '.join(f'{name} <> 0' for name in figures)}) > 0"
    ):
        found[place] = sha256(repr(values).encode()).hexdigest()
    return found
