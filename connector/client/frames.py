"""An answer as a table of pandas, polars or Arrow: exact, with null and a reason where withheld."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from connector.client import problems
from connector.client.errors import LibraryMissing

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from connector.client.answer import Answer
    from connector.client.answer_parts import Column
    from connector.client.values import Value

_BITS: Final = 2**63  # what a column of whole numbers holds
_DIGITS: Final = 38  # what a column of decimals holds; twice as many one of 256 bits


def to_pandas(answer: Answer, *, exact: bool, why: str) -> pd.DataFrame:
    """See `Answer.to_pandas`."""
    try:
        import pandas as pd
    except ImportError:
        raise _missing("pandas", answer) from None
    series = {
        column.name: _series(pd, column, values, exact=exact) for column, values in _held(answer)
    }
    if name := _free(why, answer):
        series[name] = pd.Series(_reasons(answer), dtype=object)
    frame = pd.DataFrame(series)
    frame.attrs.update(_about(answer))
    return frame


def to_polars(answer: Answer, *, why: str) -> pl.DataFrame:
    """See `Answer.to_polars`."""
    try:
        import polars as pl
    except ImportError:
        raise _missing("polars", answer) from None

    def kind(column: Column, values: Sequence[Value]) -> Any:
        if column.kind == "decimal" or _large(values):
            whole, places = _digits(column, values)
            return pl.Decimal(_DIGITS, places) if whole + places <= _DIGITS else pl.String
        return {"integer": pl.Int64, "date": pl.Date}.get(column.kind, pl.String)

    found = []
    for column, values in _held(answer):
        dtype = kind(column, values)
        found.append(pl.Series(column.name, _as(values, text=dtype == pl.String), dtype=dtype))
    if name := _free(why, answer):
        found.append(pl.Series(name, _reasons(answer), dtype=pl.String))
    return pl.DataFrame(found)


def to_arrow(answer: Answer, *, why: str) -> pa.Table:
    """See `Answer.to_arrow`."""
    try:
        import pyarrow as pa
    except ImportError:
        raise _missing("pyarrow", answer) from None

    def kind(column: Column, values: Sequence[Value]) -> Any:
        if column.kind == "decimal" or _large(values):
            whole, places = _digits(column, values)
            fits = whole + places <= 2 * _DIGITS
            return pa.decimal256(2 * _DIGITS, places) if fits else pa.string()
        return {"integer": pa.int64(), "date": pa.date32()}.get(column.kind, pa.string())

    fields, arrays = [], []
    for column, values in _held(answer):
        unit = {"unit": column.unit} if column.unit else None
        fields.append(pa.field(column.name, kind(column, values), metadata=unit))
        is_text = pa.types.is_string(fields[-1].type)
        arrays.append(pa.array(_as(values, text=is_text), type=fields[-1].type))
    if name := _free(why, answer):
        fields.append(pa.field(name, pa.string()))
        arrays.append(pa.array(_reasons(answer), type=pa.string()))
    told = {"voile": json.dumps(_about(answer), ensure_ascii=False)}
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=told))


def _series(pd: Any, column: Column, values: Sequence[Value], *, exact: bool) -> Any:
    if column.role == "aggregate" and not exact:
        floats = [None if value is None else float(value) for value in values]  # type: ignore[arg-type]
        return pd.Series(floats, dtype="float64")
    if column.kind == "integer" and not _large(values):
        return pd.Series(list(values), dtype="Int64")
    if column.kind == "date":
        return pd.Series(pd.to_datetime(list(values)))
    if column.kind == "text" and values:
        return pd.Series(list(values))
    return pd.Series(list(values), dtype=object)


def _held(answer: Answer) -> list[tuple[Column, tuple[Value, ...]]]:
    return [
        (column, tuple(row[place] for row in answer.rows))
        for place, column in enumerate(answer.columns)
    ]


def _reasons(answer: Answer) -> list[str | None]:
    return [row.why or None for row in answer.rows]


def _free(why: str, answer: Answer) -> str:
    """Give the name of the column of reasons, another one where the question took it."""
    while why and why in answer.names:
        why += "_"
    return why


def _large(values: Sequence[Value]) -> bool:
    return any(isinstance(value, int) and not -_BITS <= value < _BITS for value in values)


def _digits(column: Column, values: Sequence[Value]) -> tuple[int, int]:
    """Give how many digits a column has before the point, and after it, with none left out.

    The scale that is told is that of the answer: a figure with more places needs a wider column,
    which is never rounded to it.
    """
    whole, places = 1, column.scale
    for value in values:
        if isinstance(value, int | Decimal):
            told = Decimal(value).as_tuple()
            assert isinstance(told.exponent, int), "a figure is a number"
            whole = max(whole, len(told.digits) + told.exponent)
            places = max(places, -told.exponent)
    return whole, places


def _as(values: Sequence[Value], *, text: bool) -> list[Any]:
    """Give the values as a column takes them: figures that no decimal holds as exact texts."""
    if not text:
        return [*values]
    return [
        None if one is None else f"{one:f}" if isinstance(one, Decimal) else str(one)
        for one in values
    ]


def _about(answer: Answer) -> dict[str, Any]:
    return {
        "question_id": answer.question_id,
        "units": answer.units,
        "bounds": {b.measure: [str(b.lower), str(b.upper), b.unit] for b in answer.bounds},
        "data_versions": answer.data_versions,
        "notes": answer.notes,
    }


def _missing(library: str, answer: Answer) -> LibraryMissing:
    made = LibraryMissing(problems.LIBRARY_MISSING, library=library)
    return made.speaking(answer.language)
