"""What is on offer and what was agreed, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal

from connector.client.values import Kind, kinds_of
from crypto.instants import read_instant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from crypto.words import Language

_GROUPED: Final = frozenset({"group_key", "plaintext"})


@dataclass(frozen=True, slots=True)
class Described:
    """A column of a product's table.

    Attributes:
        name: as a question writes it.
        role: `dimension` to group or filter by, `measure` to count, add up or average.
        kind: `text`, `integer`, `decimal` or `date`.
        title: in the language asked for.
        unit: empty for plain numbers and names.
        codes: the declared codes of a dimension, in order.
        groups: whether a question may group by it.
        bounds: between what each row's value of a measure was clamped.
    """

    name: str
    role: Literal["dimension", "measure"]
    kind: Kind
    title: str
    unit: str = ""
    codes: tuple[str, ...] = ()
    groups: bool = False
    bounds: tuple[Decimal, Decimal] | None = None
    scale: int = 0


@dataclass(frozen=True, slots=True)
class Product:
    """A dataset as its provider describes it.

    Attributes:
        provider: DID.
        dataset: its id at that provider.
        title: in the language asked for; of its provider's making, like all texts in it.
        summary: likewise; may be empty.
        domain: data domain.
        level: "1" to "3".
        modes: how questions are answered.
        table: what a question writes after FROM; empty for one that is a file.
        columns: dimensions, then measures.
        minimum_contributors: of a released cell.
        offers: as ODRL has them.
        raw: the whole description (DCAT).
    """

    provider: str
    dataset: str
    title: str
    summary: str
    domain: str
    level: str
    modes: tuple[str, ...]
    table: str
    columns: tuple[Described, ...]
    minimum_contributors: int | None
    offers: tuple[Mapping[str, Any], ...] = field(repr=False)
    raw: Mapping[str, Any] = field(repr=False)

    @property
    def kinds(self) -> dict[str, Kind]:
        """What the keys of its dimensions are."""
        return {one.name: one.kind for one in self.columns if one.role == "dimension"}


@dataclass(frozen=True, slots=True)
class Agreement:
    """A contract.

    Attributes:
        id: what a question names.
        dataset: of what.
        provider: DID of who answers, ourselves where we are.
        consumer: DID of who asks; empty if that is us.
        in_force: whether it is good for a question now, by its state.
        state: `in force`, or why it is not.
        finalized: when both sides had signed.
        raw: as the API shows it.
    """

    id: str
    dataset: str
    provider: str
    consumer: str
    in_force: bool
    state: str
    finalized: datetime | None
    raw: Mapping[str, Any] = field(repr=False)

    @property
    def asks(self) -> bool:
        """Whether it is one under which we ask."""
        return not self.consumer


def product_of(provider: str, described: Mapping[str, Any], language: Language) -> Product:
    """Read a dataset as a catalogue shows it."""
    from catalog.dcat import DATA_DOMAIN, DATA_LEVEL, QUERY_MODE, TABLE

    literal = described.get(TABLE)
    table: Mapping[str, Any] = literal["@value"] if isinstance(literal, dict) else {}
    return Product(
        provider=provider,
        dataset=str(described["@id"]),
        title=_said(described.get("dct:title"), language),
        summary=_said(described.get("dct:description"), language),
        domain=str(described.get(DATA_DOMAIN, "")),
        level=str(described.get(DATA_LEVEL, "")),
        modes=tuple(map(str, described.get(QUERY_MODE, ()))),
        table=str(table.get("name", "")),
        columns=_columns(table, language),
        minimum_contributors=table.get("minimumContributors"),
        offers=tuple(described.get("hasPolicy", ())),
        raw=described,
    )


def agreement_of(row: Mapping[str, Any], us: str = "") -> Agreement:
    """Read one row of the agreements."""
    asking = row["role"] == "consumer"
    moment = row.get("finalized")
    return Agreement(
        id=str(row["id"]),
        dataset=str(row["dataset"]),
        provider=str(row["counterparty"]) if asking else us,
        consumer="" if asking else str(row["counterparty"]),
        in_force=row["inForce"] is True,
        state=str(row["state"]),
        finalized=read_instant(moment) if moment else None,
        raw=row,
    )


def _columns(table: Mapping[str, Any], language: Language) -> tuple[Described, ...]:
    kinds = kinds_of(table)
    dimensions = (
        Described(
            name=one["name"],
            role="dimension",
            kind=kinds[one["name"]],
            title=_titled(one, language),
            unit=one.get("unit") or "",
            codes=tuple(map(str, one.get("codes", ()))),
            groups=one.get("disclosure") in _GROUPED,
        )
        for one in table.get("dimensions", ())
    )
    measures = (
        Described(
            name=one["name"],
            role="measure",
            kind="decimal" if one["scale"] else "integer",
            title=_titled(one, language),
            unit=one.get("unit") or "",
            bounds=(Decimal(one["lower"]), Decimal(one["upper"])),
            scale=int(one["scale"]),
        )
        for one in table.get("measures", ())
    )
    return (*dimensions, *measures)


def _titled(column: Mapping[str, Any], language: Language) -> str:
    return str((column.get("title") or {}).get(language) or column["name"])


def _said(texts: str | Sequence[Mapping[str, str]] | None, language: Language) -> str:
    """Give a text in a language; where it is missing, in another."""
    if isinstance(texts, str) or not texts:
        return texts if isinstance(texts, str) else ""
    found = {one.get("@language", ""): one.get("@value", "") for one in texts}
    return found.get(language) or next(iter(found.values()))
