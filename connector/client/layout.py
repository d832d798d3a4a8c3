"""The columns of an answer: in the order and under the names of its question."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
        selected: whether the question selects it; None where its question cannot be read here.
    """

    head: str
    kind: Literal["key", "value"]
    name: str
    unit: str = ""
    selected: bool | None = True

    @property
    def full(self) -> str:
        """Its head with the unit."""
        return f"{self.head} [{self.unit}]" if self.kind == "value" and self.unit else self.head


def laid_out(sql: str, answer: Mapping[str, Any]) -> tuple[Laid, ...]:
    """Lay out an answer as its question says.

    What is selected keeps its place. A dimension that is grouped by and not selected comes after
    it: it still tells the cells apart. Of a question in a language that we do not know yet all is
    shown, in the order of the answer.
    """
    keys = {d["name"].casefold(): _key(d) for d in answer["dimensions"]}
    values = {o["name"].casefold(): _value(o) for o in answer["outputs"]}
    try:
        found = [_of(item.term, item.alias, keys, values) for item in parse(sql).outputs]
    except (QueryError, KeyError):
        return tuple(replace(one, selected=None) for one in (*keys.values(), *values.values()))
    shown = {one.name for one in found if one.kind == "key"}
    hidden = [one for one in keys.values() if one.name not in shown]
    return (*found, *(replace(one, selected=False) for one in hidden))


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
