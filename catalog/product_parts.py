"""The `[[dimension]]` and `[[measure]]` tables of a product file."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Final, cast

from catalog import problems_products as problems
from catalog.product import ProductDimension, ProductMeasure, SourceColumn
from catalog.product_names import read_name, read_text
from catalog.toml_fields import Fields, wrong
from policies.columns import Label, Use, permits
from policies.schema import DimensionKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from catalog.expressions import Expression
    from crypto.disclosure.declaration import Empty
    from crypto.words import Words

EMPTY: Final[tuple[Empty, ...]] = ("error", "zero", "skip")  # what an empty value may be
MAX_CODES: Final = 100_000  # of one dimension
MAX_BINS: Final = 256
MAX_SCALE: Final = 12
_DIMENSION: Final = (
    *("name", "title", "expression", "disclosure", "unit"),
    *("codes", "range", "bins", "whole"),
)
_MEASURE: Final = ("name", "title", "expression", "scale", "unit", "bounds", "empty")
MAX_SCALED: Final = 2**62  # a bound, in units of the measure's scale


def _expression(part: Fields, name: str, columns: Mapping[str, SourceColumn]) -> Expression:
    from catalog.expressions import parse_expression  # its parser costs ten megabytes

    text = part.text("expression", "") if part.has("expression") else f'"{name}"'
    if not part.has("expression") and name not in columns:
        raise wrong(
            part.at("expression"),
            problems.AN_EXPRESSION.of(name=name),
            None,
            problem=problems.COLUMN_NEEDED,
            name=name,
        )
    return parse_expression(text, columns=columns.keys(), field=part.at("expression"))


def _unfit(read: Expression, columns: Mapping[str, SourceColumn], use: Use) -> str | None:
    """Returns the first column whose labels do not permit the use, or None."""
    for name in read.columns:
        if not any(permits(label, use) for label in columns[name].labels):
            return name
    return None


def _refuse_use(part: Fields, name: str, columns: Mapping[str, SourceColumn], need: Words) -> None:
    labels = ", ".join(columns[name].labels)
    raise wrong(
        part.at("name"),
        problems.LABELLED.of(need=need),
        f"{name}: {labels}",
        problem=problems.LABEL,
        column=name,
    )


def read_dimension(part: Fields, columns: Mapping[str, SourceColumn]) -> ProductDimension:
    """Reads one `[[dimension]]`.

    Raises:
        ProductError: If it is wrong, or reads a column that is not labelled for it.
    """
    part.only(*_DIMENSION)
    name = read_name(part, "name")
    read = _expression(part, name, columns)
    unfit = _unfit(read, columns, "filter")
    if unfit is not None:
        _refuse_use(part, unfit, columns, problems.TO_GROUP_OR_FILTER)
    label: Label = "group_key" if _unfit(read, columns, "group") is None else "filter"
    if part.has("disclosure"):
        wanted = part.choice("disclosure", ("group_key", "filter"))
        if wanted == "group_key" and label == "filter":
            unfit = _unfit(read, columns, "group")
            _refuse_use(part, str(unfit), columns, problems.TO_GROUP)
        label = cast("Label", wanted)
    given = [key for key in ("codes", "range", "bins") if part.has(key)]
    if len(given) != 1:
        raise wrong(part.at("codes"), problems.ONE_CODING, given or None)
    kind, codes, edges, whole = _KINDS[given[0]](part)
    if part.has("whole") and kind != "bin":
        raise wrong(part.at("whole"), problems.BESIDE_BINS, part.raw("whole"))
    return ProductDimension(
        name=name,
        title=read_text(part, "title", fallback=name),
        expression=read,
        kind=kind,
        codes=codes,
        edges=edges,
        whole=whole,
        disclosure=label,
        unit=part.text("unit", "", longest=40) if part.has("unit") else "",
    )


_Coding = tuple[DimensionKind, tuple[str, ...], tuple[Decimal | None, ...], bool]


def _codes(part: Fields) -> _Coding:
    found = part.items("codes", least=1, most=MAX_CODES)
    if all(isinstance(code, int) and not isinstance(code, bool) for code in found):
        if len(set(found)) != len(found):
            raise wrong(part.at("codes"), problems.NO_CODE_TWICE, found)
        return "integer", tuple(str(code) for code in found), (), False
    return "code", part.texts("codes", least=1, most=MAX_CODES), (), False


def _range(part: Fields) -> _Coding:
    found = part.items("range", least=2, most=2)
    if not all(isinstance(end, int) and not isinstance(end, bool) for end in found):
        raise wrong(part.at("range"), problems.FIRST_AND_LAST, found)
    first, last = found
    if not 0 <= last - first < MAX_CODES:
        raise wrong(part.at("range"), problems.IN_ORDER.of(most=MAX_CODES), f"{found}")
    return "integer", tuple(str(code) for code in range(first, last + 1)), (), False


def _bins(part: Fields) -> _Coding:
    found = part.numbers("bins", least=2, most=MAX_BINS + 1)
    if any(low >= high for low, high in pairwise(found)):
        raise wrong(part.at("bins"), problems.ASCENDING, problems.OUT_OF_ORDER)
    whole = part.flag("whole", default=False)
    finite = [edge for edge in found if edge.is_finite()]
    if whole and any(edge != edge.to_integral_value() for edge in finite):
        raise wrong(part.at("bins"), problems.WHOLE_EDGES, problems.OTHERS)
    edges = tuple(edge if edge.is_finite() else None for edge in found)
    names = tuple(_bin_name(low, high, whole=whole) for low, high in pairwise(edges))
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


def read_measure(
    part: Fields, columns: Mapping[str, SourceColumn], published: Mapping[str, int]
) -> ProductMeasure:
    """Reads one `[[measure]]`.

    Args:
        part: Its table.
        columns: The declared columns, by name.
        published: The scales that measures stand at already, by name; a file that names none
            means those.

    Raises:
        ProductError: If it is wrong, or reads a column that is not labelled for it.
    """
    part.only(*_MEASURE)
    name = read_name(part, "name")
    read = _expression(part, name, columns)
    unfit = _unfit(read, columns, "aggregate")
    if unfit is not None:
        _refuse_use(part, unfit, columns, problems.TO_AGGREGATE)
    scale = _scale(part, name, read, columns, published)
    lower, upper = part.numbers("bounds", least=2, most=2)
    for bound in (lower, upper):
        scaled = bound.scaleb(scale) if bound.is_finite() else None
        if scaled is None or scaled != scaled.to_integral_value() or abs(scaled) > MAX_SCALED:
            raise wrong(part.at("bounds"), problems.FINITE.of(scale=scale), bound)
    if lower > upper:
        raise wrong(part.at("bounds"), problems.LOWER_FIRST, f"[{lower}, {upper}]")
    empty = cast("Empty", part.choice("empty", EMPTY, "error"))
    if empty == "zero" and not lower <= 0 <= upper:
        raise wrong(part.at("bounds"), problems.HOLDING_ZERO, f"[{lower}, {upper}]")
    return ProductMeasure(
        name=name,
        title=read_text(part, "title", fallback=name),
        expression=read,
        scale=scale,
        scale_named=part.has("scale"),
        unit=part.text("unit", "", longest=40) if part.has("unit") else "",
        lower=lower,
        upper=upper,
        empty=empty,
    )


def _scale(
    part: Fields,
    name: str,
    read: Expression,
    columns: Mapping[str, SourceColumn],
    published: Mapping[str, int],
) -> int:
    if part.has("scale"):
        return part.integer("scale", 0, MAX_SCALE)
    if name in published:
        return published[name]
    from catalog.scales import default_scale

    scale = default_scale(read, columns)
    if scale is None:
        raise wrong(
            part.at("scale"),
            problems.PLACES_OF.of(name=name),
            None,
            problem=problems.SCALE,
        )
    return scale
