"""What to try by hand against the processes that `voile demo --keep` leaves running."""

import os
import sys
from pathlib import Path

from connector.demo.parties import ALDER, SUPPLIERS
from connector.demo.products import DELIVERIES, STOCK
from connector.demo.results import Text
from connector.demo.stage import Stage


def suggestions(stage: Stage) -> tuple[tuple[Text, tuple[str, ...]], ...]:
    """Commands that work as they stand, each with what it shows."""
    voile = _program()
    buyer, supplier = _short(stage.buyer.home), _short(stage.suppliers[0].home)
    found: list[tuple[Text, tuple[str, ...]]] = [
        (
            Text("search the shared catalogue", "检索共享目录"),
            (voile, "search", "库存", "--home", buyer),
        ),
        (
            Text("the contracts, as the buyer holds them", "采购方持有的合约"),
            (voile, "agreements", "--home", buyer),
        ),
        (
            Text("what became of a supplier's cells", "供应方的受保护表"),
            (voile, "products", "--home", supplier),
        ),
    ]
    found += _questions(stage, voile, buyer)
    bundle = stage.out / "bundles" / stage.buyer.party.slug
    if bundle.exists():
        pinned = ("--trust", _short(stage.out / "trust.json"))
        verify = (voile, "audit", "verify", _short(bundle), *pinned)
        found.append((Text("check the buyer's evidence offline", "离线核验采购方的证据"), verify))
    return tuple(found)


def _questions(stage: Stage, voile: str, buyer: str) -> list[tuple[Text, tuple[str, ...]]]:
    """Questions under the agreements that were concluded."""
    found: list[tuple[Text, tuple[str, ...]]] = []
    deliveries = stage.agreements.get((ALDER.slug, DELIVERIES, "reliability"))
    if deliveries is not None:
        ask = (voile, "ask", "--home", buyer, "-a", deliveries, "-p", "deliveryReliability")
        sql = (
            "SELECT ship_mode, SUM(late), AVG(delay) FROM delivery_records "
            "WHERE promised_year >= 1996 GROUP BY ship_mode ORDER BY AVG(delay) DESC"
        )
        found.append((Text("a masked question", "屏蔽统计提问"), (*ask, sql)))
        lone = "SELECT COUNT(*) FROM delivery_records WHERE sales_district = 'D30'"
        found.append(
            (Text("one customer's figure: withheld", "单个客户的数字：扣下"), (*ask, lone))
        )
        never = "SELECT ship_mode, SUM(discount) FROM delivery_records GROUP BY ship_mode"
        asked = (*ask, "--explain", never)
        found.append((Text("would this be allowed, and why not", "是否允许，为什么"), asked))
    stock = [stage.agreements.get((party.slug, STOCK, "planning")) for party in SUPPLIERS]
    if all(stock):
        several = tuple(word for agreement in stock if agreement for word in ("-a", agreement))
        sql = "SELECT brand, SUM(available_quantity) FROM stock_on_hand GROUP BY brand"
        total = (voile, "ask", "--home", buyer, *several, "-p", "stockPlanning", sql)
        what = Text("an encrypted total over three suppliers", "三家供应方的密文合计")
        found.append((what, total))
    return found


def _program() -> str:
    beside = Path(sys.executable).parent / "voile"
    return _short(beside) if beside.exists() else "voile"


def _short(path: Path) -> str:
    """The path from here, if that is shorter."""
    return min(str(path), os.path.relpath(path), key=len)
