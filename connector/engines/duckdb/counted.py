"""What every place holds in the new data, in one scan: sums, contributors, the most rows of one."""

# ruff: noqa: S608 - SQL is put together from our own names only

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.engines.duckdb.session import DuckSession


class Counted(NamedTuple):
    """What is known of a place without looking at contributors.

    Attributes:
        pieces: contributors who are in it.
        most_rows: the most rows of one of them.
        sums: net sums of all figures.
        carriers: per figure how many of them have a net that is not nil.
    """

    pieces: int
    most_rows: int
    sums: tuple[int, ...]
    carriers: tuple[int, ...]


def count(
    session: DuckSession, relation: str, place: str, figures: Sequence[str], where: str = ""
) -> dict[int, Counted]:
    """Returns what is in each place that holds anything.

    Args:
        session: has the relation.
        relation: has a row per place and contributor.
        place: its column that numbers the places.
        figures: its columns of figures, `rows` first.
        where: which rows count.
    """
    sums = ", ".join(f"sum({name})" for name in figures)
    carriers = ", ".join(f"count(nullif({name}, 0))" for name in figures)
    condition = f"WHERE {where} " if where else ""
    width = len(figures)
    return {
        int(number): Counted(
            int(pieces),
            int(most),
            tuple(map(int, rest[:width])),
            tuple(rest[width:]),
        )
        for number, pieces, most, *rest in session.rows(
            f"SELECT {place}, count(*), max({figures[0]}), {sums}, {carriers} "
            f"FROM {relation} {condition}GROUP BY {place}"
        )
    }
