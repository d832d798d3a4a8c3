"""What the owner sends and gets back about products, as records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from connector.areas.products.refresh_records import Refreshes
from crypto.records import Size, Text
from crypto.words import Words

Mark = Annotated[
    Annotated[str, Text(80)] | None,
    Words(
        "所见状态的摘要（product.show 的 mark）：与现在不同则不改变任何内容",
        "digest of what was seen, `mark` of product.show: with another now, nothing is changed",
    ),
]
# of a product file, which says itself what is too long for one, and what is wrong with an empty one
MOST_TEXT: Final = 1 << 20
MOST_PRODUCTS: Final = 100_000

Id = Annotated[str, Text(2048)]
Prose = Annotated[str, Text(5000, empty=True, lines=True)]
Line = Annotated[str, Text(4096, empty=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What is to be published.

    Attributes:
        product: the product file, TOML.
        data: absolute path of the data file or folder on the connector's machine; without one the
            database that the product file names is read, else description and offers are renewed.
        accept_clamped: the owner's word that more than one value in a hundred may be clamped.
        seen: the product as its sender saw it; null asks nothing.
    """

    product: Annotated[
        str,
        Text(MOST_TEXT, empty=True, lines=True),
        Words("产品文件（TOML）", "product file (TOML)"),
    ]
    data: Annotated[
        Annotated[str, Text(4096)] | None,
        Words(
            "数据文件（CSV、Parquet、xlsx）或文件夹；不给则读取产品文件所指的数据库，没有则只更新要约",
            "data file, CSV, Parquet or xlsx, or a folder; none reads the database that the "
            "product file names, else renews the offers only",
        ),
    ] = None
    accept_clamped: Annotated[
        bool,
        Words(
            "允许某个指标有超过 1% 的值越界",
            "more than 1 % of a measure's values may be out of bounds",
        ),
    ] = False
    seen: Mark = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """A publication under way.

    Attributes:
        job: its id.
        product: id of the product.
        state: how it stands.
        stage: what is being done.
        done: how much of the stage, 0 to 1.
        report: the owner's report, once done; not for an auditor.
        error: code, message, next step, once failed.
    """

    job: str
    product: Id
    state: Literal["waiting", "running", "done", "failed"]
    stage: Literal["read", "check", "group", "cells", "compare", "merge", "write", "store"]
    done: float
    report: Mapping[str, Any] | None = None
    error: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """Words in both languages."""

    zh: Prose
    en: Prose


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A data version: its number, and the digest of its table or file."""

    number: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A product; `unreadable` stands for the rest where its declaration cannot be read.

    Attributes:
        id: of the product.
        kind: of a protected table, or of a file.
        state: published or withdrawn.
        title: of the product.
        domain: data domain of `catalog.grading`.
        level: 1 to 3.
        offers: names of its offers.
        version: the newest data version.
        published: when, ISO 8601.
        modes: query modes of a table.
        rows: of a table's data.
        cells: of a table, counted by what became of them.
        rows_at_finest: share of the rows that are shown in finest cells.
        no_longer: figures that a table showed before it was migrated, and does not show now.
        formats: of the deliveries of a file.
        bytes: of a file.
        media_type: of a file.
        unreadable: why it cannot be read.
        refresh: how its refreshes stand, of a table that has any.
    """

    id: Id
    kind: str
    state: str
    title: Both | None = None
    domain: str | None = None
    level: int | None = None
    offers: tuple[str, ...] | None = None
    version: Version | None = None
    published: str | None = None
    modes: tuple[str, ...] | None = None
    rows: int | None = None
    cells: Mapping[str, int] | None = None
    rows_at_finest: Mapping[str, Any] | None = None
    no_longer: int | None = None
    formats: tuple[str, ...] | None = None
    bytes: int | None = None
    media_type: str | None = None
    unreadable: Line | None = None
    refresh: Refreshes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Products:
    """All products, by id."""

    products: Annotated[tuple[Listed, ...], Size(0, MOST_PRODUCTS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A product on offer: its offers in ODRL; of a table its report, of a file what it is.

    Attributes:
        id: of the product.
        title: of the product.
        published: when, ISO 8601.
        offers: as the catalogue shows them.
        report: the owner's report of the protected table (docs/report.md); for an auditor version
            and margins alone.
        protection: the rules by which a table is protected.
        kind: `file`, of a file.
        domain: of a file.
        level: of a file.
        formats: of the deliveries of a file.
        version: of a file.
        bytes: of a file.
        media_type: of a file.
        refresh: how its refreshes stand, of a table that has any.
        mark: digest of what stands; whoever changes it says so as `seen`.
    """

    id: Id
    title: Both
    published: str
    offers: tuple[Mapping[str, Any], ...]
    report: Mapping[str, Any] | None = None
    protection: Mapping[str, Any] | None = None
    kind: str | None = None
    domain: str | None = None
    level: int | None = None
    formats: tuple[str, ...] | None = None
    version: Version | None = None
    bytes: int | None = None
    media_type: str | None = None
    refresh: Refreshes | None = None
    mark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Why a product is taken off.

    Attributes:
        reason: kept in the log, sealed.
        seen: the product as its sender saw it; null asks nothing.
    """

    reason: Annotated[
        str,
        Text(500, empty=True),
        Words("原因，密封保存在日志中", "why; kept in the log, sealed"),
    ] = ""
    seen: Mark = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """A product that is off the catalogue."""

    id: Id
    state: Literal["withdrawn"]
