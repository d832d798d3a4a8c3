"""The product file: TOML text in, a checked `Product` or one error out.

Strict: an unknown key, a wrong type, a name used twice, a column used against its label are refused
with the field's name and what to do. Nothing is guessed that would change what is disclosed.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from decimal import Decimal
from math import prod
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from catalog.errors import ProductError
from catalog.expressions import Expression, parse_expression
from catalog.grading import DOMAINS, LEVELS
from catalog.offer_terms import read_offer
from catalog.product import (
    COLUMN_TYPES,
    ColumnType,
    Product,
    ProductDimension,
    ProductMeasure,
    SourceColumn,
    Text,
)
from catalog.toml_fields import MAX_TEXT, Fields, wrong
from crypto.disclosure import Rules
from policies.columns import LABELS, Label, Use, permits
from policies.schema import DimensionKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_BYTES: Final = 256 * 1024  # of a product file
MAX_CODES: Final = 100_000  # of one dimension
MAX_BINS: Final = 256
MAX_CELLS: Final = 10_000_000  # finest cells, with rows or without
MAX_HIDDEN_CELLS: Final = 200_000  # each of them is stored if zeros are hidden
MAX_SCALED: Final = 2**62  # a bound, in units of the measure's scale

_ID: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
_TYPE: Final = re.compile(r"decimal\(([0-9]{1,2}), ?([0-9]{1,2})\)|[a-z]+")
_RESERVED: Final = frozenset(
    """
    all and as asc avg between by case cross count desc distinct else end exists false from full
    group having in inner is join left like limit not null offset on or order outer right select
    stddev_pop sum table then true union using values var_pop when where with
    """.split()  # noqa: SIM905 - a list of words reads better so
)


def read_product(text: str) -> Product:
    """Reads a product file.

    Args:
        text: The file's text.

    Raises:
        ProductError: The first thing that is wrong with it.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise wrong("", f"a product file of at most {MAX_BYTES} bytes", f"{len(text)} characters")
    try:
        raw = tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ProductError(
            f"the product file is not TOML: {str(error)[:200]}",
            code="product.toml",
            next_step="correct the line that it names",
        ) from error
    return _product(Fields(raw))


def _product(fields: Fields) -> Product:
    identifier = fields.matching("id", _ID, "lower-case letters, digits and `-`")
    title = _text(fields, "title", fallback=identifier)
    columns = _columns(fields)
    contributor = fields.text("contributor")
    if contributor not in columns:
        raise wrong("contributor", "the name of a declared column", contributor)
    dimensions = tuple(
        _dimension(part, columns) for part in fields.tables("dimension", least=1, most=12)
    )
    measures = tuple(_measure(part, columns) for part in fields.tables("measure", most=32))
    _distinct([*(d.name for d in dimensions), *(m.name for m in measures)], contributor)
    zeros = cast("Literal['shown', 'hidden']", fields.choice("zeros", ("shown", "hidden"), "shown"))
    cells = prod(len(d.codes) for d in dimensions)
    most = MAX_HIDDEN_CELLS if zeros == "hidden" else MAX_CELLS
    if cells > most:
        raise wrong(
            "dimension",
            f"at most {most} combinations of codes",
            f"{cells}",
            next_step="use fewer dimensions, fewer codes or wider bins",
        )
    level = fields.integer("level", min(LEVELS), max(LEVELS))
    product = Product(
        id=identifier,
        title=title,
        description=_text(fields, "description", fallback=""),
        keywords=fields.texts("keywords", most=40),
        domain=fields.choice("domain", tuple(DOMAINS)),
        level=level,
        table=_name(fields, "table"),
        columns=tuple(columns.values()),
        contributor=contributor,
        dimensions=dimensions,
        measures=measures,
        rules=_rules(fields),
        zeros=zeros,
        offers=tuple(
            read_offer(
                part,
                level=level,
                measures=[m.name for m in measures],
                dimensions=[d.name for d in dimensions],
            )
            for part in fields.tables("offer", most=20)
        ),
    )
    names = [offer.name for offer in product.offers]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise wrong(f"offer[{index + 1}].name", "a name that no other offer has", name)
    fields.done()
    return product


def _text(fields: Fields, name: str, *, fallback: str) -> Text:
    value = fields.raw(name)
    if value is None:
        return Text(fallback, fallback)
    if isinstance(value, str):
        text = fields.text(name)
        return Text(text, text)
    inner = Fields(value, fields.at(name))
    zh, en = inner.raw("zh"), inner.raw("en")
    inner.done()
    if zh is None and en is None:
        raise wrong(fields.at(name), "a text, or a table with `zh` and `en`", value)
    return Text(
        zh=inner.text("zh" if zh is not None else "en", longest=MAX_TEXT),
        en=inner.text("en" if en is not None else "zh", longest=MAX_TEXT),
    )


def _name(fields: Fields, key: str, default: str | None = None) -> str:
    name = fields.matching(
        key, _NAME, "a lower-case name (letters, digits, `_`; a letter first)", default
    )
    if name in _RESERVED:
        raise wrong(fields.at(key), "a name that is no word of SQL", name)
    return name


def _columns(fields: Fields) -> dict[str, SourceColumn]:
    columns: dict[str, SourceColumn] = {}
    for part in fields.tables("column", least=1, most=500):
        name = _name(part, "name")
        if name in columns:
            raise wrong(part.at("name"), "a name that no other column has", name)
        kind, precision, scale = _type(part)
        columns[name] = SourceColumn(
            name=name,
            source=part.text("source", name, longest=200),
            type=kind,
            precision=precision,
            scale=scale,
            labels=_labels(part),
        )
        part.done()
    return columns


def _type(part: Fields) -> tuple[ColumnType, int, int]:
    text = part.text("type", longest=40)
    expected = "one of text, integer, decimal(digits, places), date, timestamp, boolean"
    found = _TYPE.fullmatch(text)
    if found is None:
        raise wrong(part.at("type"), expected, text)
    if found[1] is not None:
        precision, scale = int(found[1]), int(found[2])
        if not (1 <= precision <= 30 and scale <= min(precision, 12)):
            raise wrong(part.at("type"), "1 to 30 digits, at most 12 after the point", text)
        return "decimal", precision, scale
    if text not in COLUMN_TYPES or text == "decimal":
        raise wrong(part.at("type"), expected, text)
    return cast("ColumnType", text), 0, 0


def _labels(part: Fields) -> tuple[Label, ...]:
    value = part.raw("disclosure")
    labels = part.texts("disclosure", least=1, most=4) if isinstance(value, list) else (value,)
    for label in labels:
        if label not in LABELS:
            raise wrong(part.at("disclosure"), "one of " + ", ".join(sorted(LABELS)), label)
    if "never" in labels and len(labels) > 1:
        raise wrong(part.at("disclosure"), "`never` alone, or other labels", "both")
    return cast("tuple[Label, ...]", labels)


def _expression(part: Fields, name: str, columns: Mapping[str, SourceColumn]) -> Expression:
    text = part.text("expression", "") if part.has("expression") else f'"{name}"'
    if not part.has("expression") and name not in columns:
        raise wrong(
            part.at("expression"),
            f"an expression, as there is no column `{name}`",
            None,
            next_step=f"declare a column `{name}` or say how it is computed",
        )
    return parse_expression(text, columns=columns.keys(), field=part.at("expression"))


def _unfit(read: Expression, columns: Mapping[str, SourceColumn], use: Use) -> str | None:
    """Returns the first column whose labels do not permit the use, or None."""
    for name in read.columns:
        if not any(permits(label, use) for label in columns[name].labels):
            return name
    return None


def _refuse_use(part: Fields, name: str, columns: Mapping[str, SourceColumn], need: str) -> None:
    labels = ", ".join(columns[name].labels)
    raise wrong(
        part.at("name"),
        f"columns labelled {need}",
        f"{name}: {labels}",
        code="product.label",
        next_step=f"change the disclosure of column `{name}`, or do not use it here",
    )


def _dimension(part: Fields, columns: Mapping[str, SourceColumn]) -> ProductDimension:
    name = _name(part, "name")
    read = _expression(part, name, columns)
    unfit = _unfit(read, columns, "filter")
    if unfit is not None:
        _refuse_use(part, unfit, columns, "group_key, filter or plaintext")
    label: Label = "group_key" if _unfit(read, columns, "group") is None else "filter"
    if part.has("disclosure"):
        wanted = part.choice("disclosure", ("group_key", "filter"))
        if wanted == "group_key" and label == "filter":
            unfit = _unfit(read, columns, "group")
            _refuse_use(part, str(unfit), columns, "group_key or plaintext")
        label = cast("Label", wanted)
    given = [key for key in ("codes", "range", "bins") if part.has(key)]
    if len(given) != 1:
        raise wrong(part.at("codes"), "exactly one of `codes`, `range`, `bins`", given or None)
    kind, codes, edges, whole = _KINDS[given[0]](part)
    if part.has("whole") and kind != "bin":
        raise wrong(part.at("whole"), "it only beside `bins`", part.raw("whole"))
    made = ProductDimension(
        name=name,
        title=_text(part, "title", fallback=name),
        expression=read,
        kind=kind,
        codes=codes,
        edges=edges,
        whole=whole,
        disclosure=label,
        unit=part.text("unit", "", longest=40) if part.has("unit") else "",
    )
    part.done()
    return made


_Coding = tuple[DimensionKind, tuple[str, ...], tuple[Decimal | None, ...], bool]


def _codes(part: Fields) -> _Coding:
    found = part.items("codes", least=1, most=MAX_CODES)
    if all(isinstance(code, int) and not isinstance(code, bool) for code in found):
        if len(set(found)) != len(found):
            raise wrong(part.at("codes"), "no code twice", found)
        return "integer", tuple(str(code) for code in found), (), False
    return "code", part.texts("codes", least=1, most=MAX_CODES), (), False


def _range(part: Fields) -> _Coding:
    found = part.items("range", least=2, most=2)
    if not all(isinstance(end, int) and not isinstance(end, bool) for end in found):
        raise wrong(part.at("range"), "two whole numbers, first and last", found)
    first, last = found
    if not 0 <= last - first < MAX_CODES:
        raise wrong(part.at("range"), f"first <= last, at most {MAX_CODES} codes", f"{found}")
    return "integer", tuple(str(code) for code in range(first, last + 1)), (), False


def _bins(part: Fields) -> _Coding:
    found = part.numbers("bins", least=2, most=MAX_BINS + 1)
    if any(low >= high for low, high in itertools.pairwise(found)):
        raise wrong(part.at("bins"), "ascending edges", "edges out of order")
    whole = part.flag("whole", default=False)
    finite = [edge for edge in found if edge.is_finite()]
    if whole and any(edge != edge.to_integral_value() for edge in finite):
        raise wrong(part.at("bins"), "whole numbers, as `whole = true`", "others")
    edges = tuple(edge if edge.is_finite() else None for edge in found)
    names = tuple(_bin_name(low, high, whole=whole) for low, high in itertools.pairwise(edges))
    return "bin", names, edges, whole


def _bin_name(low: Decimal | None, high: Decimal | None, *, whole: bool) -> str:
    if low is None:
        return "all" if high is None else f"<{high}"
    if high is None:
        return f">={low}"
    if whole:
        return f"{low}..{high - 1}" if high - 1 > low else str(low)
    return f"{low}..<{high}"


_KINDS: Final[Mapping[str, Callable[[Fields], _Coding]]] = {
    "codes": _codes,
    "range": _range,
    "bins": _bins,
}


def _measure(part: Fields, columns: Mapping[str, SourceColumn]) -> ProductMeasure:
    name = _name(part, "name")
    read = _expression(part, name, columns)
    unfit = _unfit(read, columns, "aggregate")
    if unfit is not None:
        _refuse_use(part, unfit, columns, "aggregate or plaintext")
    scale = part.integer("scale", 0, 12, 0)
    lower, upper = part.numbers("bounds", least=2, most=2)
    for bound in (lower, upper):
        scaled = bound.scaleb(scale) if bound.is_finite() else None
        if scaled is None or scaled != scaled.to_integral_value() or abs(scaled) > MAX_SCALED:
            raise wrong(
                part.at("bounds"), f"finite numbers with at most {scale} decimal places", bound
            )
    if lower > upper:
        raise wrong(part.at("bounds"), "the lower bound first", f"[{lower}, {upper}]")
    made = ProductMeasure(
        name=name,
        title=_text(part, "title", fallback=name),
        expression=read,
        scale=scale,
        unit=part.text("unit", "", longest=40) if part.has("unit") else "",
        lower=lower,
        upper=upper,
    )
    part.done()
    return made


def _rules(fields: Fields) -> Rules:
    part = Fields(fields.raw("rules") or {}, "rules")
    standard = Rules()
    k = part.integer("minimum_contributors", 3, 10_000, standard.minimum_contributors)
    p_percent = part.integer("p_percent", 1, 100, standard.p_percent)
    dominance: list[Any] = [list(pair) for pair in standard.dominance]
    if part.has("dominance"):
        dominance = part.items("dominance", least=1, most=5)
    part.done()
    try:
        return Rules(
            minimum_contributors=k,
            dominance=tuple((int(n), int(percent)) for n, percent in dominance),
            p_percent=p_percent,
        )
    except (ValueError, TypeError) as error:
        raise wrong("rules.dominance", "pairs like `[1, 75]`", str(error)) from error


def _distinct(names: list[str], contributor: str) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            raise wrong("measure.name", "a name that no other dimension or measure has", name)
        if name == contributor:
            raise wrong("contributor", "a column that is no dimension and no measure", name)
