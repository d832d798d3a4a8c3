"""The Open Data Contract Standard (ODCS 3.1, 3.2), read for what a product file has words for.

A contract that has passed the standard's own schema comes in as plain values. What is found of one
of its objects are columns and texts; everything else is listed with its place, and nothing dropped.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from catalog import problems_odcs as problems
from catalog.errors import ProductError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from catalog.product import ColumnType

VERSIONS: Final = ("v3.1.0", "v3.2.0")
_LONGEST: Final = 160  # characters of a value that is listed
_OPEN: Final = frozenset({"", "public", "open", "公开"})
_NESTED: Final = frozenset({"object", "array", "map", "vector"})
_LOGICAL: Final[Mapping[str, ColumnType]] = {
    "string": "text",
    "integer": "integer",
    "number": "decimal",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamp",
    "time": "text",
}
_PHYSICAL: Final[tuple[tuple[str, ColumnType], ...]] = (  # the first that is found
    (r"^(?:big|small|tiny|medium|u)?int|^long|^serial", "integer"),
    (r"^(?:decimal|numeric|number|double|float|real|money)", "decimal"),
    (r"^bool|^bit$", "boolean"),
    (r"^(?:timestamp|datetime)", "timestamp"),
    (r"^date$", "date"),
)
_DIGITS: Final = re.compile(r"(?i)(?:decimal|numeric|number)\s*\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)")
_CLASSIFYING: Final = re.compile(  # a tag that says that a column is not for everybody
    r"(?i)(?:^|[^a-z])(?:pii|phi|pci|spi|gdpr)(?:$|[^a-z])|personal|sensitiv|confiden|restrict|secret|private"
    r"|internal|classified|health|medical|protected|个人|敏感|机密|秘密|保密|隐私|受限|内部"
)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# what is read here, by the level that it stands on
_OF_CONTRACT: Final = frozenset({"apiVersion", "kind", "id", "name", "schema", "tags"})
_OF_OBJECT: Final = frozenset(
    {"name", "physicalName", "logicalType", "businessName", "tags", "properties"}
)
_OF_PROPERTY: Final = frozenset(
    {
        *("name", "physicalName", "logicalType", "physicalType", "classification"),
        *("businessName", "enum"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One property of an object, as a column.

    Attributes:
        at: Where it stands in the contract.
        name: As the contract calls it.
        source: As the data call it.
        title: Its business name; empty if it has none.
        type: The type of its values.
        digits: Precision and scale of a decimal; None if the contract does not say them.
        key: Whether it is the primary key, part of it, or unique.
        is_open: Whether it is public, or unclassified.
        classification: As the contract says it.
        codes: The values that it may have; empty if that is not said.
        bounds: The least and greatest value, each None if it is not said.
        zoned: Whether its timestamps carry a zone.
        encrypted: Whether another column holds it in clear, or it is encrypted itself.
    """

    at: str
    name: str
    source: str
    title: str
    type: ColumnType
    digits: tuple[int, int] | None
    key: bool
    is_open: bool
    classification: str
    codes: tuple[str, ...]
    bounds: tuple[Decimal | None, Decimal | None]
    zoned: bool
    encrypted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What a contract says of one object.

    Attributes:
        id: Of the contract.
        object: Name of the object.
        title: In the contract's language.
        description: What the data are for; empty if it does not say.
        keywords: Tags of contract and object.
        properties: What can be columns.
        unmapped: All else: where it stands, and what it is, shortened.
    """

    id: str
    object: str
    title: str
    description: str
    keywords: tuple[str, ...]
    properties: tuple[Property, ...]
    unmapped: tuple[tuple[str, str], ...] = field(default=())


def read_contract(contract: Mapping[str, Any], wanted: str = "") -> Contract:
    """Reads what a contract says of one of its objects.

    Args:
        contract: The contract; it is as the standard's schema wants it.
        wanted: The object's name; may be empty if there is one only.

    Raises:
        ProductError: If there is no such object, or several and none is named.
    """
    objects: Sequence[Mapping[str, Any]] = contract.get("schema") or []
    place = _chosen(objects, wanted)
    chosen = objects[place]
    columns, left = [], []
    for index, each in enumerate(chosen.get("properties") or []):
        at = f"schema[{place}].properties[{index}]"
        if each.get("logicalType") in _NESTED:
            left.append((at, _short(each)))
            continue
        columns.append(_property(each, at))
        left += [(f"{at}.{key}", _short(value)) for key, value in _beyond(each)]
    if not columns:
        raise ProductError(problems.NO_PROPERTY, field="schema", given=str(chosen["name"]))
    tags = [*_tags(contract), *_tags(chosen)]
    described = contract.get("description")
    purpose = described.get("purpose") if isinstance(described, dict) else None
    return Contract(
        id=str(contract["id"]),
        object=str(chosen["name"]),
        title=_line(chosen.get("businessName") or contract.get("name") or chosen["name"]),
        description=_line(chosen.get("description") or purpose or ""),
        keywords=tuple(dict.fromkeys(tag for tag in map(_line, tags) if tag))[:40],
        properties=tuple(columns),
        unmapped=tuple(_unmapped(contract, objects, place, left, tags)),
    )


def _chosen(objects: Sequence[Mapping[str, Any]], wanted: str) -> int:
    names = [str(each["name"]) for each in objects]
    known = [f"`{name[:60]}`" for name in names[:40]]
    if not names:
        raise ProductError(problems.NO_OBJECT, field="schema")
    if wanted and wanted not in names:
        raise ProductError(problems.OBJECT_UNKNOWN, field="schema", given=wanted[:60], known=known)
    if not wanted and len(names) > 1:
        raise ProductError(problems.WHICH_OBJECT, field="schema", known=known)
    return names.index(wanted) if wanted else 0


def _unmapped(
    contract: Mapping[str, Any],
    objects: Sequence[Mapping[str, Any]],
    place: int,
    left: list[tuple[str, str]],
    tags: Sequence[object],
) -> Iterator[tuple[str, str]]:
    """Gives what has no counterpart: of the contract, of the object, of its columns."""
    for key, value in contract.items():
        if key in _OF_CONTRACT or value is None:
            continue
        if key == "description" and isinstance(value, dict) and not objects[place].get(key):
            more = {k: v for k, v in value.items() if k != "purpose" and v is not None}
            yield from ((f"{key}.{k}", _short(v)) for k, v in more.items())
            continue
        yield key, _short(value)
    if contract.get("name") and objects[place].get("businessName"):
        yield "name", _short(contract["name"])
    for index, each in enumerate(objects):
        if index != place:
            yield f"schema[{index}]", _short({"name": each["name"]})
    for key, value in objects[place].items():
        if key not in _OF_OBJECT and key != "description" and value is not None:
            yield f"schema[{place}].{key}", _short(value)
    if objects[place].get("physicalName"):
        yield f"schema[{place}].physicalName", _short(objects[place]["physicalName"])
    if len(set(map(str, tags))) > 40:
        yield "tags", _short(tags[40:])
    yield from left


def _beyond(value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, found in value.items():
        if found is None or found == []:
            continue
        if key == "enum" and any(isinstance(each, dict) and len(each) > 1 for each in found):
            yield key, found  # labels and descriptions of values
        if key in _OF_PROPERTY:
            continue
        if key == "logicalTypeOptions" and isinstance(found, dict):
            rest = {k: v for k, v in found.items() if k not in ("minimum", "maximum", "timezone")}
            if rest:
                yield key, rest
            continue
        yield key, found


def _property(value: Mapping[str, Any], at: str) -> Property:
    options = value.get("logicalTypeOptions") or {}
    physical = str(value.get("physicalType") or "")
    logical = str(value.get("logicalType") or "")
    kind = _LOGICAL[logical] if logical in _LOGICAL else _by_physical(physical.lower())
    classification = _line(value.get("classification") or "")
    if classification.lower() in _OPEN:  # what a tag says counts as much
        classification = next(filter(_CLASSIFYING.search, map(_line, _tags(value))), classification)
    return Property(
        at=at,
        title=_line(value.get("businessName") or ""),
        name=str(value["name"]),
        source=str(value.get("physicalName") or value["name"]),
        type=kind,
        digits=_digits(physical),
        key=bool(value.get("primaryKey") or value.get("unique")),
        is_open=classification.lower() in _OPEN,
        classification=classification,
        codes=tuple(_codes(value.get("enum") or [])),
        bounds=(_number(options.get("minimum")), _number(options.get("maximum"))),
        zoned=bool(options.get("timezone")) or "with time zone" in physical.lower(),
        encrypted=bool(value.get("encryptedName")),
    )


def _by_physical(physical: str) -> ColumnType:
    return next((kind for pattern, kind in _PHYSICAL if re.search(pattern, physical)), "text")


def _digits(physical: str) -> tuple[int, int] | None:
    found = _DIGITS.search(physical)
    if found is None:
        return None
    precision, scale = int(found[1][:4]), int((found[2] or "0")[:4])
    fits = 1 <= precision <= 30 and scale <= min(precision, 12)
    return (precision, scale) if fits else None


def _codes(values: Sequence[Any]) -> Iterator[str]:
    for each in values:
        value = each.get("value") if isinstance(each, dict) else each
        yield str(value).lower() if isinstance(value, bool) else str(value)


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    found = Decimal(str(value))
    return found if found.is_finite() else None


def _tags(value: Mapping[str, Any]) -> Sequence[object]:
    found: Sequence[object] = value.get("tags") or []
    return found


def _line(value: object) -> str:
    return _CONTROL.sub(" ", str(value)).strip()[:2000]


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = _CONTROL.sub(" ", text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
