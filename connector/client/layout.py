"""The columns of an answer: in the order and under the names of its question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from policies.errors import QueryError
from policies.query import Column
from policies.sql import parse

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Laid:
    """One column of an answer.

    Attributes:
        head: its alias, its name, or the aggregate as it is written.
        kind: a `key`, which tells cells apart, or a `value`.
        name: of the dimension or of the output, as the answer spells it.
        unit: empty for plain numbers and names.
    """

    head: str
    kind: Literal["key", "value"]
    name: str
    unit: str = ""

    @property
    def full(self) -> str:
        """Its head with the unit."""
        return f"{self.head} [{self.unit}]" if self.kind == "value" and self.unit else self.head


def laid_out(sql: str, answer: Mapping[str, Any]) -> tuple[Laid, ...]:
    """Lay out an answer as its question says.

    A dimension that is grouped by and not selected comes first: it still tells the cells apart. Of
    a question in a language that we do not know yet all is shown, in the order of the answer.
    """
    keys = {d["name"].casefold(): _key(d) for d in answer["dimensions"]}
    values = {o["name"].casefold(): _value(o) for o in answer["outputs"]}
    try:
        found = [_of(item.term, item.alias, keys, values) for item in parse(sql).outputs]
    except (QueryError, KeyError):
        return (*keys.values(), *values.values())
    selected = {one.name for one in found}
    return (*(one for one in keys.values() if one.name not in selected), *found)


def _of(term: Any, alias: str, keys: Mapping[str, Laid], values: Mapping[str, Laid]) -> Laid:
    if isinstance(term, Column):
        key = keys[term.name.casefold()]
        return Laid(alias or key.name, "key", key.name, key.unit)
    column = "*" if term.column is None else term.column.name
    value = values[f"{column}:{term.function}".casefold()]
    head = alias or f"{term.function.upper()}({column})"
    return Laid(head, "value", value.name, value.unit)


def _key(told: Mapping[str, Any]) -> Laid:
    return Laid(told["name"], "key", told["name"], told.get("unit", ""))


def _value(told: Mapping[str, Any]) -> Laid:
    measure, _, function = told["name"].rpartition(":")
    return Laid(f"{function.upper()}({measure})", "value", told["name"], told.get("unit", ""))
