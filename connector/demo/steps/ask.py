"""Steps 5 and 6: a masked question to one supplier, an encrypted total over three."""

from collections.abc import Mapping
from typing import Any

from connector.demo.asked import Asked
from connector.demo.products import DELIVERIES, STOCK
from connector.demo.questions import HOMOMORPHIC, MASKED
from connector.demo.stage import Stage

PURPOSES: Mapping[str, str] = {DELIVERIES: "deliveryReliability", STOCK: "stockPlanning"}


def masked(stage: Stage) -> None:
    """Ask one supplier how late it was, per ship mode and year; ask again, and pay once."""
    found = put(stage, MASKED)
    again = stage.buyer.manage.post(
        "/v1/questions", body_of(stage, MASKED) | {"questionId": found["questionId"]}
    )
    stage.check(
        "asked again under the same id: the same signed answer, not charged",
        "以同一编号再次提问：得到同一份已签名的答案，不再计次",
        ok=again["repeated"] and again["signature"] == found["signature"],
    )
    cells, withheld = found["answer"]["cells"], found["answer"]["withheld"]
    partly = [cell["statuses"] for cell in cells if cell["statuses"]]
    stage.check(
        f"each of {len(cells)} cells of ship mode and year tells its lines exactly; "
        f"in {len(partly)} another figure is withheld, as beside other sums it would tell of few",
        f"运输方式与年份的 {len(cells)} 格均给出精确的行数；"
        f"其中 {len(partly)} 格有另一数字被扣下，因为与其他合计相比对会暴露少数客户",
        ok=bool(cells)
        and not withheld
        and 2 * len(partly) < len(cells)
        and all("*:count" not in statuses for statuses in partly),
        detail=f"{len(withheld)} withheld, {len(partly)} in part",
    )


def homomorphic(stage: Stage) -> None:
    """Ask three suppliers for their total stock per brand."""
    found = put(stage, HOMOMORPHIC)
    stage.check(
        "the answer came in mode homomorphic from three providers",
        "答案以同态加密方式由三家提供方共同给出",
        ok=found["mode"] == "homomorphic",
        detail=str(found.get("mode")),
    )


def put(
    stage: Stage, question: Asked, *, offer: str = "", agreements: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Ask, and keep question and answer for the comparison.

    Raises:
        Failed: It was refused.
    """
    body = body_of(stage, question, offer=offer)
    if agreements:
        body["agreements"] = list(agreements)
    found: dict[str, Any] = stage.buyer.manage.post("/v1/questions", body)
    stage.asked.append((question, found))
    return found


def body_of(stage: Stage, question: Asked, *, offer: str = "") -> dict[str, Any]:
    """The request that asks a question under the agreements made for it."""
    dataset = DELIVERIES if question.table == "delivery_records" else STOCK
    name = offer or ("reliability" if dataset == DELIVERIES else "planning")
    return {
        "agreements": [stage.agreement(slug, dataset, name) for slug in question.suppliers],
        "sql": question.sql,
        "purpose": PURPOSES[dataset],
        "mode": question.mode,
    }
