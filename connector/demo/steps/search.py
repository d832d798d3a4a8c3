"""Step 3: the buyer finds the products in the operator's shared catalogue, in both languages."""

import time
from typing import Any, Final
from urllib.parse import urlencode

from connector.demo.products import DELIVERIES, STOCK
from connector.demo.stage import Stage

_WAIT_SECONDS: Final = 20.0
_POLL_SECONDS: Final = 0.05


def run(stage: Stage) -> None:
    """Search by Chinese bigrams and by English words, and by facets."""
    suppliers = {supplier.did for supplier in stage.suppliers}
    for text, dataset in (
        ("库存", STOCK),
        ("stock on hand", STOCK),
        ("交付 准时", DELIVERIES),
        ("delivery punctuality", DELIVERIES),
    ):
        found = _await_hits(stage, {"text": text}, wanted=len(suppliers))
        stage.check(
            f"`{text}` finds {dataset} of all three suppliers, each with a signature that holds",
            f"检索“{text}”得到三家供应方的 {dataset}，签名均有效",
            ok={hit["provider"] for hit in found["hits"] if hit["dataset"] == dataset} == suppliers
            and not found["dropped"],
            detail=f"{[(h['provider'], h['dataset']) for h in found['hits']]} {found['dropped']}",
        )
    total = stage.buyer.manage.get("/v1/search?" + urlencode({"mode": "homomorphic"}))
    stage.check(
        "the facet for encrypted totals leaves only the stock products",
        "按“同态加密”筛选只剩库存产品",
        ok={hit["dataset"] for hit in total["hits"]} == {STOCK}
        and total["total"] == len(suppliers),
        detail=str(total["total"]),
    )
    nothing = stage.buyer.manage.get("/v1/search?" + urlencode({"text": "潜水艇"}))
    stage.check(
        "a word that nobody uses finds nothing",
        "没有人使用的词检索不到任何产品",
        ok=nothing["total"] == 0,
        detail=str(nothing["total"]),
    )


def _await_hits(stage: Stage, asked: dict[str, str], *, wanted: int) -> dict[str, Any]:
    """Search until the announcements, which travel by outbox, have arrived, or the time is up."""
    until = time.monotonic() + _WAIT_SECONDS
    while True:
        found: dict[str, Any] = stage.buyer.manage.get("/v1/search?" + urlencode(asked))
        if found["total"] >= wanted or time.monotonic() > until:
            return found
        time.sleep(_POLL_SECONDS)
