"""Forty questions built to isolate the single customer of district D30, and what follows of them.

The attacker asks for it outright, asks for everything but it, walks around it with complements and
unions, slices it by year and ship mode, says the same in other words, and smuggles text in. Then
linear algebra is done on everything that it got: is there any combination of the released totals,
with whatever coefficients, that speaks of D30 alone? Totals of different measures are put into one
system, which only makes the attacker stronger than it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from connector.demo import compare
from connector.demo.asked import cells_of
from connector.demo.data import DISTRICTS, LONE_DISTRICT
from connector.demo.parties import ALDER
from connector.demo.subtractions import OTHERS, behind, question
from connector.faces.cli.client import Failed
from tests.e2e.algebra import isolates, smallest_around

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from connector.demo.asked import Asked
    from connector.demo.plaintext import Plain
    from connector.demo.results import Cell
    from connector.demo.subtractions import FinestCell
    from connector.faces.cli.client import Management

SMUGGLED: Final = 2  # the last questions, which have to be refused for their text
_FROM: Final = "FROM delivery_records"
_COUNT: Final = ("*", "count")
_QUANTITY: Final = ("quantity", "sum")
_LATE: Final = ("late", "sum")
_PRICE: Final = ("price", "sum")
if TYPE_CHECKING:
    _Drawn = tuple[Mapping[str, tuple[str, ...]], tuple[str, ...], tuple[str, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Come:
    """What came of the attack.

    Attributes:
        refused: Codes of the refused questions, by number of the question.
        cells: Every cell that came, beside the plaintext.
        totals: The sets of finest cells whose totals were released.
        isolated: Whether a combination of them speaks of the target alone.
        customers: How many stand behind the finest total around it.
    """

    refused: Mapping[int, str]
    cells: tuple[Cell, ...]
    totals: frozenset[frozenset[FinestCell]]
    isolated: bool
    customers: int


def attack(buyer: Management, agreement: str, plain: Plain) -> Come:
    """Put the forty questions to the first supplier, and see what follows from the answers."""
    refused: dict[int, str] = {}
    cells: list[Cell] = []
    released: list[tuple[Asked, Mapping[str, str]]] = []
    for number, asked in enumerate(forty(), 1):
        try:
            found = buyer.post("/v1/questions", _body(asked, agreement))["answer"]
        except Failed as error:
            refused[number] = error.code
            continue
        cells += compare.beside_plaintext(cells_of(found), plain.answer(asked.reference))
        released += [(asked, cell["key"]) for cell in found["cells"]]
    with_rows = frozenset(_customers(plain))
    totals = frozenset(behind(asked, key) & with_rows for asked, key in released)
    target = frozenset(cell for cell in with_rows if cell[2] == LONE_DISTRICT)
    assert target, "its district has rows"
    return Come(
        refused=refused,
        cells=tuple(cells),
        totals=totals,
        isolated=isolates(totals, target),
        customers=_fewest_customers(plain, smallest_around(totals, target)),
    )


def _body(asked: Asked, agreement: str) -> dict[str, Any]:
    return {
        "agreements": [agreement],
        "sql": asked.sql,
        "purpose": "deliveryReliability",
        "mode": "masked",
    }


def _customers(plain: Plain) -> dict[FinestCell, set[str]]:
    """Who stands behind every finest cell of the attacked firm that has rows."""
    sql = (
        "SELECT DISTINCT promised_year, ship_mode, sales_district, customer "
        f"FROM deliveries WHERE firm = '{ALDER.slug}'"
    )
    found: dict[FinestCell, set[str]] = {}
    for year, mode, district, customer in plain.rows(sql):
        found.setdefault((str(year), mode, district), set()).add(customer)
    return found


def _fewest_customers(plain: Plain, groups: Sequence[frozenset[FinestCell]]) -> int:
    """How many customers stand behind the group that has the fewest."""
    known = _customers(plain)
    return min(
        (len(frozenset[str]().union(*(known[cell] for cell in cells))) for cells in groups),
        default=0,
    )


def forty() -> tuple[Asked, ...]:
    """The questions, in the order in which they are put."""
    return tuple(
        question(f"attack-{number:02d}", group_by, output, where, text=text)
        for number, (where, group_by, output, text) in enumerate(_drawn(), start=1)
    )


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
    others = ", ".join(f"'{code}'" for code in OTHERS)
    turned = f"SELECT SUM(late) {_FROM} WHERE NOT sales_district IN ({others})"
    yield lone, (), _LATE, turned


def _everything_but() -> Iterator[_Drawn]:
    """The whole, and the whole without the target: their difference would be the target."""
    others = {"sales_district": OTHERS}
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
    nested = f"SELECT COUNT(*) FROM (SELECT * {_FROM} WHERE {lone}) AS t"
    yield {}, (), _COUNT, nested
    yield {}, (), _COUNT, f"SELECT COUNT(*) {_FROM}; SELECT * {_FROM}"
