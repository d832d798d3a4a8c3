"""Forty questions built to isolate the single customer of district D30.

The attacker asks for it outright, asks for everything but it, walks around it with complements and
unions, slices it by year and ship mode, says the same in other words, and smuggles text in.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from connector.demo.asked import Asked
from connector.demo.data import DISTRICTS, LONE_DISTRICT, SHIP_MODES, YEARS
from connector.demo.parties import ALDER
from connector.demo.results import Text

FinestCell = tuple[str, str, str]  # year, ship mode, district
DIMENSIONS: Final = ("promised_year", "ship_mode", "sales_district")
SMUGGLED: Final = 2  # the last questions, which have to be refused for their text

_CODES: Final[Mapping[str, tuple[str, ...]]] = {
    "promised_year": tuple(str(year) for year in YEARS),
    "ship_mode": SHIP_MODES,
    "sales_district": DISTRICTS,
}
_OTHERS: Final = DISTRICTS[:-1]
_TITLE: Final = Text("A question of the attack", "攻击中的一个提问")
_FROM: Final = "FROM delivery_records"
_COUNT: Final = ("*", "count")
_QUANTITY: Final = ("quantity", "sum")
_LATE: Final = ("late", "sum")
_PRICE: Final = ("price", "sum")
_Drawn = tuple[Mapping[str, tuple[str, ...]], tuple[str, ...], tuple[str, str], str]


def forty() -> tuple[Asked, ...]:
    """The questions, in the order in which they are put."""
    return tuple(
        Asked(
            id=f"attack-{index:02d}",
            title=_TITLE,
            table="delivery_records",
            group_by=group_by,
            outputs=(output,),
            where=where,
            suppliers=(ALDER.slug,),
            text=text,
            shown=False,
        )
        for index, (where, group_by, output, text) in enumerate(_drawn(), start=1)
    )


def subtractions() -> tuple[tuple[Asked, Asked], ...]:
    """Pairs among the forty: everything, and right after it everything but the target."""
    return tuple(
        (whole, rest)
        for whole, rest in pairwise(forty())
        if not whole.where and rest.where == {"sales_district": _OTHERS}
    )


def behind(question: Asked, key: Mapping[str, str]) -> frozenset[FinestCell]:
    """The finest cells that one number of a question is the total of."""
    years, modes, districts = (
        (key[name],) if name in key else question.where.get(name, _CODES[name])
        for name in DIMENSIONS
    )
    return frozenset((y, m, d) for y in years for m in modes for d in districts)


def _drawn() -> Iterator[_Drawn]:
    yield from _outright()
    yield from _everything_but()
    yield from _unions()
    yield from _slices()
    yield from _texts()


def _outright() -> Iterator[_Drawn]:
    lone = {"sales_district": (LONE_DISTRICT,)}
    yield lone, (), _COUNT, ""
    yield lone, (), _QUANTITY, ""
    yield lone, ("promised_year",), _COUNT, ""
    yield lone, ("ship_mode",), _COUNT, ""
    yield {}, ("sales_district",), _COUNT, ""
    said = f"SELECT COUNT(*) {_FROM} WHERE sales_district = '{LONE_DISTRICT}'"
    yield lone, (), _COUNT, said
    others = ", ".join(f"'{code}'" for code in _OTHERS)
    turned = f"SELECT SUM(late) {_FROM} WHERE NOT sales_district IN ({others})"
    yield lone, (), _LATE, turned


def _everything_but() -> Iterator[_Drawn]:
    """The whole, and the whole without the target: their difference would be the target."""
    others = {"sales_district": _OTHERS}
    for group_by, output in (
        ((), _COUNT),
        ((), _QUANTITY),
        (("ship_mode",), _LATE),
        (("promised_year",), _LATE),
    ):
        yield {}, group_by, output, ""
        yield others, group_by, output, ""
    yield {}, (), _PRICE, ""
    unequal = f"SELECT SUM(price) {_FROM} WHERE sales_district <> '{LONE_DISTRICT}'"
    yield others, (), _PRICE, unequal


def _unions() -> Iterator[_Drawn]:
    """The target with a neighbour, and the neighbour alone; then groups that grow."""
    for neighbour in DISTRICTS[-6:-1]:
        yield {"sales_district": (neighbour, LONE_DISTRICT)}, (), _COUNT, ""
        yield {"sales_district": (neighbour,)}, (), _COUNT, ""
    for size in (6, 8, 10, 12):
        yield {"sales_district": DISTRICTS[-size:]}, (), _COUNT, ""


def _slices() -> Iterator[_Drawn]:
    """Years and ship modes in which the target may stand alone."""
    for year in ("1993", "1995", "1997"):
        only = {"sales_district": (LONE_DISTRICT,), "promised_year": (year,)}
        yield only, ("ship_mode",), _COUNT, ""
    for mode in ("AIR", "RAIL", "TRUCK"):
        slot = {"promised_year": ("1995",), "ship_mode": (mode,)}
        yield slot, ("sales_district",), _COUNT, ""


def _texts() -> Iterator[_Drawn]:
    """A filter on the answer instead of the rows; then text that has to be refused."""
    smallest = (
        f"SELECT sales_district, COUNT(*) {_FROM} GROUP BY sales_district "
        "HAVING COUNT(*) < 60 ORDER BY COUNT(*) LIMIT 1"
    )
    yield {}, ("sales_district",), _COUNT, smallest
    lone = f"sales_district = '{LONE_DISTRICT}'"
    nested = f"SELECT COUNT(*) FROM (SELECT * {_FROM} WHERE {lone}) AS t"  # noqa: S608
    yield {}, (), _COUNT, nested
    yield {}, (), _COUNT, f"SELECT COUNT(*) {_FROM}; SELECT * {_FROM}"
