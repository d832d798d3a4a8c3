"""Pairs of questions whose difference would be the single customer of district D30.

Everything, and right after it everything but the target.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from connector.demo.asked import Asked
from connector.demo.data import DISTRICTS, LONE_DISTRICT, SHIP_MODES, YEARS
from connector.demo.parties import ALDER
from connector.demo.results import Text

FinestCell = tuple[str, str, str]  # year, ship mode, district
DIMENSIONS: Final = ("promised_year", "ship_mode", "sales_district")
OTHERS: Final = DISTRICTS[:-1]

_CODES: Final[Mapping[str, tuple[str, ...]]] = {
    "promised_year": tuple(str(year) for year in YEARS),
    "ship_mode": SHIP_MODES,
    "sales_district": DISTRICTS,
}
_FROM: Final = "FROM delivery_records"
_WHOLE: Final = (
    ((), ("*", "count")),
    ((), ("quantity", "sum")),
    (("ship_mode",), ("late", "sum")),
    (("promised_year",), ("late", "sum")),
    ((), ("price", "sum")),
)


def subtractions() -> tuple[tuple[Asked, Asked], ...]:
    """The pairs, in the order in which they are put."""
    return tuple(_pairs())


def _pairs() -> Iterator[tuple[Asked, Asked]]:
    unequal = f"SELECT SUM(price) {_FROM} WHERE sales_district <> '{LONE_DISTRICT}'"
    for number, (group_by, output) in enumerate(_WHOLE, 1):
        text = unequal if output == ("price", "sum") else ""  # the same in other words
        yield (
            question(f"attack-{number}-whole", group_by, output),
            question(
                f"attack-{number}-rest", group_by, output, {"sales_district": OTHERS}, text=text
            ),
        )


def question(
    name: str,
    group_by: tuple[str, ...],
    output: tuple[str, str],
    where: Mapping[str, tuple[str, ...]] | None = None,
    *,
    text: str = "",
) -> Asked:
    """Make a question of the attack."""
    return Asked(
        id=name,
        title=Text("A question of the attack", "攻击中的一个提问"),
        table="delivery_records",
        group_by=group_by,
        outputs=(output,),
        where=where or {},
        suppliers=(ALDER.slug,),
        text=text,
        shown=False,
    )


def behind(asked: Asked, key: Mapping[str, str]) -> frozenset[FinestCell]:
    """The finest cells that one number of a question is the total of."""
    years, modes, districts = (
        (key[name],) if name in key else asked.where.get(name, _CODES[name]) for name in DIMENSIONS
    )
    return frozenset((y, m, d) for y in years for m in modes for d in districts)
