"""The product files of the demonstration, as an owner would write them.

Two products per supplier: delivery records (masked questions) and stock on hand (totals over
suppliers, and masked questions to nobody). The offers differ only in what the steps need to show.
"""

from typing import Final

from connector.demo.data import BRANDS, DISTRICTS, SHIP_MODES, YEARS

DELIVERIES: Final = "delivery-records"
STOCK: Final = "stock-on-hand"

_DELIVERIES = """\
# Every order line: what was promised and what happened. Contributor: the customer.
id = "delivery-records"
table = "delivery_records"
domain = "maintenance"
level = 1
contributor = "customer"
keywords = ["delivery", "punctuality", "order line", "交付", "准时", "订单"]

[title]
zh = "交付记录"
en = "Delivery records"

[description]
zh = "每一订单行的承诺日期、实际到货日期、运输方式、数量与金额"
en = "Promised and real dates, ship mode, quantity and price of every order line"

[[column]]
name = "order_number"
type = "text"
disclosure = "never"

[[column]]
name = "customer"
type = "text"
disclosure = "never"

[[column]]
name = "promised_year"
type = "integer"
disclosure = "group_key"

[[column]]
name = "ship_mode"
type = "text"
disclosure = "group_key"

[[column]]
name = "sales_district"
type = "text"
disclosure = "group_key"

[[column]]
name = "promised_date"
type = "date"
disclosure = "aggregate"

[[column]]
name = "received_date"
type = "date"
disclosure = "aggregate"

[[column]]
name = "quantity"
type = "integer"
disclosure = "aggregate"

[[column]]
name = "price"
type = "decimal(15, 2)"
disclosure = "aggregate"

[[column]]
name = "discount"
type = "decimal(15, 2)"
disclosure = "never"

[[dimension]]
name = "promised_year"
title = {{ zh = "承诺年份", en = "Year of the promise" }}
range = [{first_year}, {last_year}]

[[dimension]]
name = "ship_mode"
title = {{ zh = "运输方式", en = "Ship mode" }}
codes = [{ship_modes}]

[[dimension]]
name = "sales_district"
title = {{ zh = "销售区", en = "Sales district" }}
codes = [{districts}]

[[measure]]
name = "late"
title = {{ zh = "迟交", en = "Late" }}
expression = "received_date > promised_date"
unit = "lines"
bounds = [0, 1]

[[measure]]
name = "delay"
title = {{ zh = "延迟天数", en = "Delay" }}
expression = "received_date - promised_date"
unit = "d"
bounds = [-120, 150]

[[measure]]
name = "quantity"
title = {{ zh = "数量", en = "Quantity" }}
unit = "pieces"
bounds = [0, 100]

[[measure]]
name = "price"
title = {{ zh = "金额", en = "Price" }}
scale = 2
unit = "CNY"
bounds = [0, 200000]

[[offer]]
name = "reliability"
purposes = ["deliveryReliability"]
modes = ["masked"]
count = 200

[[offer]]
name = "taster"
purposes = ["deliveryReliability"]
modes = ["masked"]
count = 2
"""

_STOCK = """\
# What lies in the warehouses, by part and plant. Contributor: the plant.
id = "stock-on-hand"
table = "stock_on_hand"
domain = "management"
level = 2
contributor = "plant"
keywords = ["stock", "inventory", "库存", "现货"]

[title]
zh = "现有库存"
en = "Stock on hand"

[description]
zh = "各工厂各零件的可用数量与单位成本，按品牌汇总"
en = "Available quantity and unit cost per part and plant, totalled by brand"

[[column]]
name = "part_number"
type = "text"
disclosure = "never"

[[column]]
name = "plant"
type = "text"
disclosure = "never"

[[column]]
name = "brand"
type = "text"
disclosure = "group_key"

[[column]]
name = "available_quantity"
type = "integer"
disclosure = "aggregate"

[[column]]
name = "unit_cost"
type = "decimal(15, 2)"
disclosure = "aggregate"

[[dimension]]
name = "brand"
title = {{ zh = "品牌", en = "Brand" }}
codes = [{brands}]

[[measure]]
name = "available_quantity"
title = {{ zh = "可用数量", en = "Available quantity" }}
unit = "pieces"
bounds = [0, 9999]

[[measure]]
name = "unit_cost"
title = {{ zh = "单位成本", en = "Unit cost" }}
scale = 2
unit = "CNY"
bounds = [0, 1000]

[[offer]]
name = "planning"
purposes = ["stockPlanning"]
modes = ["homomorphic"]
count = 20
recipients = ["{buyer}"]
aggregator = "{aggregator}"
cohort = [{cohort}]
min_cohort = 3
"""


def delivery_product() -> str:
    """The product file of the delivery records."""
    return _DELIVERIES.format(
        first_year=YEARS[0],
        last_year=YEARS[-1],
        ship_modes=_listed(SHIP_MODES),
        districts=_listed(DISTRICTS),
    )


def stock_product(*, buyer: str, aggregator: str, cohort: tuple[str, ...]) -> str:
    """The product file of the stock; level 2 data name who may have them.

    Args:
        buyer: DID of the only recipient.
        aggregator: DID of the service that adds ciphertexts up.
        cohort: DIDs of the suppliers whose stock is totalled together.
    """
    return _STOCK.format(
        brands=_listed(BRANDS), buyer=buyer, aggregator=aggregator, cohort=_listed(cohort)
    )


def _listed(codes: tuple[str, ...]) -> str:
    return ", ".join(f'"{code}"' for code in codes)
