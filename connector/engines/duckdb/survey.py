"""What a file holds that nobody has declared yet: all of it is read, as text, column by column.

A few values of a column say in which ways it may be written; each of these is then held against
every row. Memory is bounded: DuckDB spills, and of a column's values only some come here.
"""

# ruff: noqa: S608 - SQL is put together from our own names and quoted literals only

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from catalog.draft_names import nameable
from catalog.draft_roles import roles_of
from catalog.forms import MOST_WORDS, TEXT, Form, candidates, is_nothing, settled
from catalog.surveyed import FEWEST, MOST_CODES, MOST_SAMPLES, ColumnSurvey, Survey
from connector.engines import problems
from connector.engines.duckdb.csv_file import csv_reader, read_header
from connector.engines.duckdb.csv_lines import explain, may_be_shifted
from connector.engines.duckdb.names import literal, parquet_of, quoted
from connector.engines.duckdb.session import open_session
from connector.engines.duckdb.survey_file import readable
from connector.engines.duckdb.survey_values import Values, count_words, misfits, values_of
from connector.engines.errors import UNREADABLE, DataError

if TYPE_CHECKING:
    from pathlib import Path

    from connector.engines.duckdb.csv_file import Header
    from connector.engines.duckdb.session import DuckSession
    from connector.engines.progress import Progress

MOST_COLUMNS: Final = 500
_SAMPLE: Final = 2_000  # different values that ways of writing are guessed from
_LOOKED_AT: Final = 200  # rows that a few values to be shown come from
_LONGEST_SHOWN: Final = 60  # characters of one
_ROUNDS: Final = 3  # of guessing again, with values that did not fit
_NUMBERS: Final = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_FLOATS: Final = ("FLOAT", "DOUBLE")
_TEXTS: Final = ("VARCHAR",)
_NESTED: Final = ("STRUCT", "MAP", "UNION", "BLOB", "BIT", "VARIANT")


@dataclass(frozen=True, slots=True)
class _There:
    """A column as DuckDB sees it: the name in the file, SQL of its text, its type there."""

    source: str
    raw: str
    kind: str = "VARCHAR"

    @property
    def unreadable(self) -> bool:
        return self.kind.endswith("]") or self.kind.startswith(_NESTED)

    @property
    def is_text(self) -> bool:
        return self.kind in _TEXTS


def survey_file(path: Path, *, scratch: Path, progress: Progress) -> Survey:
    """Reads all of a file and tells what it holds.

    Args:
        path: A CSV or Parquet file.
        scratch: An empty folder for what does not fit in memory, and for a copy of the text.
        progress: Told how far it is.

    Raises:
        DataError: If the file cannot be read, or has no rows.
    """
    file = readable(path, scratch / "plain.csv")
    with open_session(files=[file.path], scratch=scratch, progress=progress) as session:
        header = read_header(file.path, ()) if file.encoding else None
        there = _parquet(session, file.path) if header is None else _csv(header)
        kept = there[:MOST_COLUMNS]
        _open(session, file.path, header, kept)
        names = [f"t{i}" for i in range(len(kept))]
        counted = ", ".join(
            f"count({name}), approx_count_distinct({name}), coalesce(max(length({name})), 0)"
            for name in names
        )
        with session.reporting("check"):
            rows, *figures = session.one(f"SELECT count(*), {counted} FROM source")
        if not rows:
            raise DataError(problems.NO_ROWS, field="data")
        ways = []
        for place, (name, column) in enumerate(zip(names, kept, strict=True), 1):
            ways.append(_ways(session, name, column))
            session.progress("group", place / len(kept))
        forms = settled([way.forms for way in ways])
        columns = []
        for place, (name, column) in enumerate(zip(names, kept, strict=True)):
            filled, distinct, longest = figures[3 * place : 3 * place + 3]
            found = ColumnSurvey(
                source=column.source,
                form=TEXT,
                nothing=ways[place].words,
                empty=rows - filled,
                distinct=min(distinct, filled),
                longest=longest,
                unreadable=column.unreadable,
                samples=() if column.unreadable else _samples(session, name),
            )
            if column.unreadable:
                columns.append(found)
                continue
            columns.append(_held(session, name, forms[place], found, listed=column.is_text))
            session.progress("cells", (place + 1) / len(kept))
        survey = Survey(
            rows=rows,
            columns=tuple(columns),
            left_out=len(there) - len(kept),
            encoding=file.encoding,
            delimiter="" if header is None else header.mark,
        )
        return _with_rare(session, survey)


def _with_rare(session: DuckSession, survey: Survey) -> Survey:
    """Counts per column the codes that few of the likely contributors have; of rows, if none is."""
    usable = nameable([column.source for column in survey.columns])
    contributor = roles_of(survey, usable).contributor
    who = "*" if contributor is None else f"DISTINCT lower(trim(t{contributor}))"
    columns = []
    for place, column in enumerate(survey.columns):
        rare = 0
        if column.codes and place != contributor:
            (rare,) = session.one(
                f"SELECT count(*) FROM (SELECT t{place} FROM source WHERE t{place} IS NOT NULL "
                f"GROUP BY t{place} HAVING count({who}) < {FEWEST})"
            )
        columns.append(replace(column, rare=int(rare)))
    return replace(survey, columns=tuple(columns))


def _csv(header: Header) -> list[_There]:
    return [_There(name, f"c{i}") for i, name in enumerate(header.names)]


def _parquet(session: DuckSession, path: Path) -> list[_There]:
    described = session.rows(f"DESCRIBE SELECT * FROM {parquet_of([path])}")
    return [_There(str(name), quoted(str(name)), str(kind)) for name, kind, *_ in described]


def _open(session: DuckSession, path: Path, header: Header | None, kept: list[_There]) -> None:
    """Makes the relation `source` of texts; an empty one is NULL."""
    texts = [
        "NULL::VARCHAR" if each.unreadable else f"nullif(CAST({each.raw} AS VARCHAR), '')"
        for each in kept
    ]
    named = ", ".join(f"{text} AS t{i}" for i, text in enumerate(texts))
    reader = parquet_of([path]) if header is None else csv_reader([path], header)
    kind = "VIEW" if header is None else "TABLE"  # text is parsed once
    try:
        with session.reporting("read"):
            session.run(f"CREATE TEMP {kind} source AS SELECT {named} FROM {reader}")
    except DataError as error:
        if header is None or error.code != UNREADABLE:
            raise
        raise explain(path, header.mark, len(header.names)) or error from error
    if header is not None and may_be_shifted(path, header.mark, len(header.names)):
        found = explain(path, header.mark, len(header.names))
        if found is not None:
            raise found


@dataclass(frozen=True, slots=True)
class _Ways:
    """In which ways a column can be read, all of it, but for words for no value."""

    forms: tuple[Form, ...] = ()
    words: tuple[str, ...] = ()


def _ways(session: DuckSession, name: str, column: _There) -> _Ways:
    """Guesses from some values of a column, and holds each guess against all of them."""
    if column.unreadable:
        return _Ways()
    words = _words(session, name) if column.is_text else ()
    sample = _texts(session, f"{name} IS NOT NULL", name)
    for _ in range(_ROUNDS):
        guessed = candidates([text for text in sample if text not in words])
        guessed = tuple(form for form in guessed if _of_kind(form, column.kind))
        if not guessed:
            break
        wrong = [misfits(name, words, form) for form in guessed]
        counts = session.one(
            "SELECT " + ", ".join(f"count(*) FILTER ({each})" for each in wrong) + " FROM source"
        )
        forms = tuple(form for form, count in zip(guessed, counts, strict=True) if not count)
        if forms:
            return _Ways(forms, words)
        sample += _texts(session, wrong[0], name)
    return _Ways((), words)


def _held(
    session: DuckSession,
    name: str,
    forms: tuple[Form, ...],
    found: ColumnSurvey,
    *,
    listed: bool,
) -> ColumnSurvey:
    """Finds what a column holds, read in the first of its ways; texts have codes if `listed`."""
    words = found.nothing
    form = forms[0] if forms else TEXT
    values = values_of(session, name, words, form)
    if form.type == "integer" and values.digits > 18:  # beyond 64 bits
        form, values = TEXT, Values()
    if form.type == "decimal" and (values.places > 12 or values.digits + values.places > 30):
        form, values = TEXT, Values()
    codes: tuple[str, ...] = ()
    coded = form.type in ("integer", "boolean") or (form.type == "text" and listed)
    if found.distinct <= 2 * MOST_CODES and coded:
        rows = session.rows(
            f"SELECT DISTINCT {name} FROM source WHERE {name} IS NOT NULL LIMIT {MOST_CODES + 1}"
        )
        codes = tuple(sorted(str(row[0]) for row in rows))
        found = replace(found, distinct=len(codes))
        codes = codes if len(codes) <= MOST_CODES else ()
    if form.type == "text":
        worded, empty = count_words(session, name, words), found.empty
    else:
        codes = tuple(code for code in codes if code not in words)
        worded, empty = 0, found.empty + count_words(session, name, words)
    return replace(
        found,
        form=form,
        others=forms[1:],
        empty=empty,
        worded=worded,
        codes=codes,
        low=values.low,
        high=values.high,
        digits=values.digits,
        places=values.places,
    )


def _texts(session: DuckSession, where: str, name: str) -> list[str]:
    rows = session.rows(f"SELECT DISTINCT {name} FROM source WHERE {where} LIMIT {_SAMPLE}")
    return [str(row[0]) for row in rows]


def _samples(session: DuckSession, name: str) -> tuple[str, ...]:
    """Returns some of the first values of a column, cut short."""
    rows = session.rows(f"SELECT {name} FROM source WHERE {name} IS NOT NULL LIMIT {_LOOKED_AT}")
    found = dict.fromkeys(str(row[0])[:_LONGEST_SHOWN] for row in rows)
    return tuple(found)[:MOST_SAMPLES]


def _words(session: DuckSession, name: str) -> tuple[str, ...]:
    """Returns the words for no value in a column; they are short."""
    short = session.rows(
        f"SELECT DISTINCT {name} FROM source WHERE length({name}) <= 8 "
        f"AND NOT regexp_full_match({name}, {literal('-?[0-9].*')}) LIMIT {_SAMPLE}"
    )
    return tuple(sorted(str(row[0]) for row in short if is_nothing(str(row[0]))))[:MOST_WORDS]


def _of_kind(form: Form, kind: str) -> bool:
    """Says whether a Parquet column of a type can be declared so."""
    if kind in _TEXTS:
        return True
    if not form.is_usual:
        return False
    if kind in _NUMBERS:
        return form.type == "integer"
    if kind in _FLOATS or kind.startswith("DECIMAL"):
        return form.type in ("integer", "decimal")
    if kind == "TIMESTAMP WITH TIME ZONE":
        return form.type == "timestamp" and form.zoned
    if kind.startswith("TIMESTAMP"):
        return form.type == "timestamp" and not form.zoned
    return form.type.upper() == kind
