"""The questions that the demonstration asks and expects answers to."""

from typing import Final

from connector.demo.asked import Asked
from connector.demo.parties import ALDER, SUPPLIERS
from connector.demo.results import Text

MASKED: Final = Asked(
    id="masked",
    title=Text(
        "One supplier: late lines and mean delay per ship mode and year",
        "单一供应方：各运输方式、各年份的迟交行数与平均延迟",
    ),
    table="delivery_records",
    group_by=("ship_mode", "promised_year"),
    outputs=(("*", "count"), ("late", "sum"), ("delay", "avg")),
    suppliers=(ALDER.slug,),
)
HOMOMORPHIC: Final = Asked(
    id="homomorphic",
    title=Text(
        "Three suppliers, encrypted: total stock per brand; nobody sees one supplier's figure",
        "三家供应方，密文合计：各品牌总库存，任何一方都看不到单家数字",
    ),
    table="stock_on_hand",
    group_by=("brand",),
    outputs=(("available_quantity", "sum"),),
    suppliers=tuple(party.slug for party in SUPPLIERS),
    mode="homomorphic",
)
COSTS: Final = Asked(
    id="unit-costs",
    title=Text(
        "Three suppliers, encrypted: unit costs per brand", "三家供应方，密文合计：单位成本"
    ),
    table="stock_on_hand",
    group_by=("brand",),
    outputs=(("unit_cost", "sum"), ("*", "count")),
    suppliers=tuple(party.slug for party in SUPPLIERS),
    mode="homomorphic",
    shown=False,
)
WHOLE: Final = Asked(
    id="whole",
    title=Text("Three suppliers, encrypted: total stock", "三家供应方，密文合计：总库存"),
    table="stock_on_hand",
    group_by=(),
    outputs=(("available_quantity", "sum"),),
    suppliers=tuple(party.slug for party in SUPPLIERS),
    mode="homomorphic",
    shown=False,
)
FINEST: Final = Asked(
    id="finest",
    title=Text(
        "The finest level, where unsafe cells are withheld",
        "最细一级：不安全的格子扣下",
    ),
    table="delivery_records",
    group_by=("promised_year", "ship_mode", "sales_district"),
    outputs=(("*", "count"), ("quantity", "sum"), ("price", "sum")),
    suppliers=(ALDER.slug,),
)


def _taste(number: int, measure: str) -> Asked:
    return Asked(
        id=f"taste-{number}",
        title=Text("A question under the small contract", "小额合约下的提问"),
        table="delivery_records",
        group_by=("ship_mode",),
        outputs=((measure, "sum"),),
        suppliers=(ALDER.slug,),
        shown=False,
    )


TASTES: Final = (_taste(1, "quantity"), _taste(2, "price"), _taste(3, "late"))
