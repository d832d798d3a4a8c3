"""The parts of an answer: columns, rows, figures that are withheld, declared bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from connector.client.answer_notes import Notes, status_of
from connector.client.values import Kind, Value, fits, kind_of_output, worth_asking

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from connector.client.layout import Laid


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an answer.

    Attributes:
        name: alias, dimension, or the aggregate as it is written: unique in its answer.
        role: `dimension` or `aggregate`.
        kind: `text`, `integer`, `decimal` or `date`: what its values are, where there are any.
        unit: empty for plain numbers and names.
        scale: decimal places of a figure.
        source: the name in the signed answer, such as `quantity:sum`.
        selected: whether the question selects it. A dimension that it groups by alone stands after
            the others; None where the question cannot be read here.
    """

    name: str
    role: Literal["dimension", "aggregate"]
    kind: Kind
    unit: str
    scale: int
    source: str
    selected: bool | None = True


@dataclass(frozen=True, slots=True)
class Row:
    """One cell of an answer; iterates over its values, None where nothing is released.

    Attributes:
        values: in the order of the columns.
        names: of the columns.
        statuses: of each aggregate, by column: `released`, or why not (docs/answers.md).
        why: in words; empty if all is released and of the newest data version.
    """

    values: tuple[Value, ...]
    names: tuple[str, ...]
    statuses: Mapping[str, str]
    why: str

    def __iter__(self) -> Iterator[Value]:
        return iter(self.values)

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, column: int | str) -> Value:
        """Give one value, by place or by the column's name."""
        if isinstance(column, str):
            return dict(zip(self.names, self.values, strict=True))[column]
        return self.values[column]

    @property
    def released(self) -> bool:
        """Whether every figure of it is."""
        return all(status == "released" for status in self.statuses.values())

    def asdict(self) -> dict[str, Value]:
        """Give its values by the columns' names."""
        return dict(zip(self.names, self.values, strict=True))


@dataclass(frozen=True, slots=True)
class Withheld:
    """A figure that is there and not released.

    Attributes:
        key: which cell, by dimension.
        column: which aggregate.
        status: why, as a code (docs/answers.md).
        says: why and what helps, in words.
        together_with: keys of the cells with which it would be released.
        widen: codes by dimension that WHERE would have to add.
    """

    key: Mapping[str, str]
    column: str
    status: str
    says: str
    together_with: tuple[Mapping[str, str], ...]
    widen: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Bound:
    """Between what each row's value of a measure was clamped, as its provider declares it."""

    measure: str
    lower: Decimal
    upper: Decimal
    unit: str


def keys_of(answer: Mapping[str, Any], name: str) -> list[str]:
    """Give the keys of one dimension, of all cells."""
    return [cell["key"][name] for cell in (*answer["cells"], *answer["withheld"])]


def kinds_matter(answer: Mapping[str, Any]) -> bool:
    """Say whether what the catalogue says of the dimensions could change how their keys read."""
    return any(worth_asking(keys_of(answer, d["name"])) for d in answer["dimensions"])


def columns_of(
    laid: Sequence[Laid], answer: Mapping[str, Any], kinds: Mapping[str, Kind]
) -> tuple[Column, ...]:
    """Give the columns of an answer, each under a name of its own.

    What is selected takes its name first: a number behind it gets one that stands further back, and
    no name that another column has by its question.
    """
    outputs = {o["name"]: o for o in answer["outputs"]}
    found: list[Column] = []
    taken: set[str] = set()
    heads = {one.head for one in laid}
    for one in laid:
        name, number = one.head, 2
        while name in taken or (name != one.head and name in heads):
            name, number = f"{one.head} ({number})", number + 1
        taken.add(name)
        if one.kind == "key":
            kind = kinds.get(one.name, "text")
            kind = kind if fits(keys_of(answer, one.name), kind) else "text"
            found.append(Column(name, "dimension", kind, one.unit, 0, one.name, one.selected))
            continue
        told = outputs[one.name]
        scale = int(told.get("scale", 0))
        kind = kind_of_output(told)
        found.append(Column(name, "aggregate", kind, one.unit, scale, one.name, one.selected))
    return tuple(found)


def withheld_of(cell: Mapping[str, Any], column: Column, notes: Notes) -> Withheld:
    """Give a figure of a cell that is not released."""
    advice = cell.get("advice", {}).get(column.source, cell)
    return Withheld(
        key=dict(cell["key"]),
        column=column.name,
        status=status_of(cell, column.source),
        says=notes.why(cell, column.source),
        together_with=tuple(dict(key) for key in advice.get("togetherWith", ())),
        widen={name: tuple(codes) for name, codes in advice.get("widen", {}).items()},
    )
