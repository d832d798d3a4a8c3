"""The `[[column]]` tables of a product file: what the owner's file holds, and for which use."""

from __future__ import annotations

import re
from typing import Final, cast

from catalog import problems_products as problems
from catalog.product import COLUMN_TYPES, ColumnType, SourceColumn
from catalog.product_names import read_name
from catalog.toml_fields import Fields, wrong
from crypto.problems import ONE_OF
from policies.columns import LABELS, Label

_TYPE: Final = re.compile(r"decimal\(([0-9]{1,2}), ?([0-9]{1,2})\)|[a-z]+")


def read_columns(fields: Fields) -> dict[str, SourceColumn]:
    """Reads the columns, by name.

    Raises:
        ProductError: If one is wrong, or a name is used twice.
    """
    columns: dict[str, SourceColumn] = {}
    for part in fields.tables("column", least=1, most=500):
        part.only("name", "source", "type", "disclosure")
        name = read_name(part, "name")
        if name in columns:
            raise wrong(part.at("name"), problems.NO_OTHER_COLUMN, name)
        kind, precision, scale = _type(part)
        columns[name] = SourceColumn(
            name=name,
            source=part.text("source", name, longest=200),
            type=kind,
            precision=precision,
            scale=scale,
            labels=_labels(part),
        )
    return columns


def _type(part: Fields) -> tuple[ColumnType, int, int]:
    text = part.text("type", longest=40)
    found = _TYPE.fullmatch(text)
    if found is None:
        raise wrong(part.at("type"), problems.TYPES, text)
    if found[1] is not None:
        precision, scale = int(found[1]), int(found[2])
        if not (1 <= precision <= 30 and scale <= min(precision, 12)):
            raise wrong(part.at("type"), problems.DIGITS, text)
        return "decimal", precision, scale
    if text not in COLUMN_TYPES or text == "decimal":
        raise wrong(part.at("type"), problems.TYPES, text)
    return cast("ColumnType", text), 0, 0


def _labels(part: Fields) -> tuple[Label, ...]:
    value = part.raw("disclosure")
    labels = part.texts("disclosure", least=1, most=4) if isinstance(value, list) else (value,)
    for label in labels:
        if not isinstance(label, str) or label not in LABELS:
            raise wrong(part.at("disclosure"), ONE_OF.of(known=sorted(LABELS)), label)
    if "never" in labels and len(labels) > 1:
        raise wrong(part.at("disclosure"), problems.NEVER_ALONE, problems.BOTH)
    return cast("tuple[Label, ...]", labels)
