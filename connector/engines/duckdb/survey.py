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
from connector.engines.duckdb.names import literal
from connector.engines.duckdb.session import open_session
from connector.engines.duckdb.survey_source import columns_of, find, open_relation
from connector.engines.duckdb.survey_values import Values, count_words, misfits, values_of
from connector.engines.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

    from connector.engines.duckdb.session import DuckSession
    from connector.engines.duckdb.survey_source import There
    from connector.engines.progress import Progress
    from connector.engines.undeclared import Undeclared

MOST_COLUMNS: Final = 500
_SAMPLE: Final = 2_000  # different values that ways of writing are guessed from
_LOOKED_AT: Final = 200  # rows that a few values to be shown come from
_LONGEST_SHOWN: Final = 60  # characters of one
_ROUNDS: Final = 3  # of guessing again, with values that did not fit
_NUMBERS: Final = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_FLOATS: Final = ("FLOAT", "DOUBLE")
_TEXTS: Final = ("VARCHAR",)


def survey_data(data: Undeclared, *, scratch: Path, progress: Progress) -> Survey:
    """Reads all of what nobody has declared yet, and tells what it holds.

    Args:
        data: Files or rows of a database.
        scratch: An empty folder for what does not fit in memory, and for a copy of the text.
        progress: Told how far it is.

    Raises:
        DataError: If it cannot be read, or has no rows.
    """
    progress("read", 0.0)
    file = find(data, scratch, progress)
    paths = [piece.path for piece in file.pieces]
    usual = data.source is not None  # no `[reading]` stands beside a database
    with open_session(files=paths, scratch=scratch, progress=progress) as session:
        header, there = columns_of(session, file)
        kept = there[:MOST_COLUMNS]
        open_relation(session, file, header, kept)
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
            ways.append(_ways(session, name, column, usual=usual))
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
                fault=column.fault,
            )
            if column.unreadable:
                columns.append(found)
                continue
            found = _held(session, name, forms[place], found, listed=column.is_text)
            if column.shown is not None and found.form.type == "text":
                found = replace(found, unreadable=True, fault=column.shown, codes=())
            columns.append(found)
            session.progress("cells", (place + 1) / len(kept))
        survey = Survey(
            rows=rows,
            columns=tuple(columns),
            left_out=len(there) - len(kept),
            encoding=file.encoding,
            delimiter="" if header is None else header.mark,
            files=data.pattern,
            sheet="" if file.whole is None else file.whole.sheet,
            header_row=data.header_row,
            source=data.source,
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


@dataclass(frozen=True, slots=True)
class _Ways:
    """In which ways a column can be read, all of it, but for words for no value."""

    forms: tuple[Form, ...] = ()
    words: tuple[str, ...] = ()


def _ways(session: DuckSession, name: str, column: There, *, usual: bool) -> _Ways:
    """Guesses from some values of a column, and holds each guess against all of them."""
    if column.unreadable:
        return _Ways()
    words = _words(session, name) if column.is_text and not usual else ()
    sample = _texts(session, f"{name} IS NOT NULL", name)
    for _ in range(_ROUNDS):
        guessed = candidates([text for text in sample if text not in words])
        guessed = tuple(form for form in guessed if _of_kind(form, column.kind))
        guessed = tuple(form for form in guessed if form.is_usual or not usual)
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
        distinct=_at_most(found.distinct, form, values),
        empty=empty,
        worded=worded,
        codes=codes,
        low=values.low,
        high=values.high,
        digits=values.digits,
        places=values.places,
    )


def _at_most(distinct: int, form: Form, values: Values) -> int:
    """Bounds an estimate: of whole numbers there are no more than lie between the ends."""
    if form.type != "integer" or values.low is None or values.high is None:
        return distinct
    return min(distinct, int(values.high - values.low) + 1)


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
