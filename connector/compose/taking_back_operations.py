"""What an owner can do with a product that nobody has used: take it back whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal

from connector.areas.products import Ending
from connector.party.operation import Operation
from crypto.records import Text
from crypto.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpublished:
    """A product that was taken back, and how many versions it had."""

    id: Annotated[str, Text(2048)]
    state: Literal["unpublished"]
    versions: int


UNPUBLISH: Final = Operation(
    name="product.unpublish",
    method="POST",
    path="/v1/products/{product_id}/unpublish",
    named={"product_id": Words("产品的标识", "identifier of the product")},
    words=Words(
        "收回一个尚无人签约或协商的产品：连同其数据版本一并删除",
        "take back a product that nobody has agreed on or negotiates, with all its data versions",
    ),
    may=frozenset({"cdo"}),
    body=Ending,
    approval=frozenset({"cdo", "security"}),
    reply=Unpublished,
    leaf="PRODUCT",
    detail="409 `product.agreed`, `product.negotiated` or `product.tabled` otherwise: withdraw it"
    " then; 409 `product.under-way` while something is published, checked or refreshed",
)
