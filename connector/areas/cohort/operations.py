"""What an owner can do with a product that totals are asked of: have its table renewed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal

from connector.party.operation import Operation
from crypto.records import Name, Text
from crypto.words import Words

Id = Annotated[str, Text(2048)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """The data version that a renewal is made of."""

    number: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """How many classes the table has, and how many of them keep their figures."""

    every: Annotated[int, Name("all")]
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """Finest cells in no class, before the renewal and after it."""

    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """How far a renewal is.

    Attributes:
        product: id of the product.
        renewal: its number, from 1.
        state: asked for; marked by us; renewed by all.
        missing: DIDs of the members whose owners have not asked.
        data_version: of our data, once it is marked.
        classes: of the table, once it is renewed.
        withheld: once it is renewed.
    """

    product: Id
    renewal: int
    state: Literal["asked", "marked", "renewed"]
    missing: tuple[Id, ...]
    data_version: Version | None = None
    classes: Classes | None = None
    withheld: Withheld | None = None


RENEW: Final = Operation(
    name="product.renew",
    method="POST",
    path="/v1/products/{product_id}/renewal",
    words=Words(
        "请求更新产品的联合统计表，或查看更新进度",
        "ask for the renewal of a product's cohort table, or see how far it is",
    ),
    named={"product_id": Words("产品的标识", "identifier of the product")},
    may=frozenset({"steward", "cdo"}),
    reply=Renewal,
    leaf="COHORT",
    detail="`state` is `asked` (of `missing` the owners have not), `marked`, or `renewed`"
    " (`classes`: `{all, held}`; `withheld`: `{before, after}`, finest cells in no class); the next"
    " one a day later, three in all (409 `cohort.renewal.most`); 404 `cohort.table.missing` before"
    " there is a table",
)
