"""A first product file for data of one's own: read here, sent nowhere, kept nowhere."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from catalog.database_source import DatabaseSource
from catalog.draft import Draft, draft_product
from catalog.reading import Reading
from connector.areas.products import problems_drafting as problems
from connector.areas.products.area import SURVEY
from connector.areas.products.database import find_database
from connector.areas.products.folder import ENDINGS, files_of
from connector.engines.errors import DataError
from connector.engines.undeclared import Undeclared
from connector.engines.workbook import is_workbook
from connector.engines.workbook_survey import sheets_of

if TYPE_CHECKING:
    from datetime import date

    from catalog.surveyed import Survey
    from connector.engines.progress import Progress
    from connector.process.settings import Settings
    from crypto.words import Language

_FIRST_ROW: Final = 1
WORKBOOK: Final = ".xlsx"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a draft is made of: a file, files of a folder, a sheet, or rows of a database.

    Attributes:
        path: The file or folder; None if it is a database.
        files: Pattern of the names of the files of a folder.
        sheet: Name of the sheet of a workbook; empty: the only one.
        header_row: The number of its row that names the columns, from 1; 0: nothing was said.
        settings: Of the home that knows the database; None if there is none.
        database: Its name there; empty if it is a file.
        table: The table that is read; or
        query: The query.
    """

    path: Path | None = None
    files: str = ""
    sheet: str = ""
    header_row: int = 0
    settings: Settings | None = None
    database: str = ""
    table: str = ""
    query: str = ""


def draft_of(asked: Asked, *, language: Language, today: date, progress: Progress) -> Draft:
    """Drafts the product file of data.

    Args:
        asked: Which data; all of them are read.
        language: Of the comments.
        today: From which the time of an offer counts.
        progress: Told how far it is.

    Raises:
        DataError: If they cannot be read, or have no rows, or it is not clear which are meant.
        Forbidden: If the database is the connector's own.
    """
    data, name = _database(asked) if asked.path is None else _files(asked, asked.path)
    with tempfile.TemporaryDirectory(prefix="voile-draft-") as folder:
        survey = SURVEY(data, scratch=Path(folder), progress=progress)
    return draft_product(survey, name, language, today)


def survey_of(
    path: Path, *, sheet: str, head: int, scratch: Path, progress: Progress
) -> tuple[Survey, str, tuple[str, ...]]:
    """Tells what a file holds, a sheet of a workbook too.

    Args:
        path: A CSV, Parquet or xlsx file; all of it is read.
        sheet: Of a workbook: the one that is read; empty for the first.
        head: The number of the row of its header.
        scratch: An empty folder for what does not fit in memory.
        progress: Told how far it is.

    Returns:
        What it holds; of a workbook the sheet that was read, and the names of all.

    Raises:
        DataError: If the file cannot be read, or has no rows.
    """
    progress("read", 0.0)
    if not is_workbook(path):
        return SURVEY(Undeclared(files=(path,)), scratch=scratch, progress=progress), "", ()
    names = sheets_of(path)
    chosen = sheet or next(iter(names), "")
    data = Undeclared(files=(path,), sheet=chosen, header_row=head)
    return SURVEY(data, scratch=scratch, progress=progress), chosen, names


def _database(asked: Asked) -> tuple[Undeclared, str]:
    assert asked.settings is not None, "a database is one that a home knows"
    table, query = asked.table or None, asked.query or None
    source = DatabaseSource(database=asked.database, table=table, query=query)
    connection = find_database(asked.settings, asked.database)
    name = asked.table.rpartition(".")[2] if asked.table else asked.database
    return Undeclared(connection=connection, source=source), name


def _files(asked: Asked, path: Path) -> tuple[Undeclared, str]:
    if asked.files:
        files = files_of(path, Reading(files=asked.files))
        for file in files:
            _check_ending(file, ENDINGS)
        return Undeclared(files=files, pattern=asked.files), path.name
    _check_ending(path, (*ENDINGS, WORKBOOK))
    if (asked.sheet or asked.header_row) and not is_workbook(path):
        raise DataError(problems.NO_WORKBOOK, field="data", name=path.name)
    row = asked.header_row or _FIRST_ROW
    return Undeclared(files=(path,), sheet=asked.sheet, header_row=row), path.name


def _check_ending(file: Path, endings: tuple[str, ...]) -> None:
    """Refuses what publishing would refuse by its name."""
    if not file.name.lower().endswith(endings):
        listed = " ".join(endings)
        raise DataError(problems.OTHER_FILE, field="data", file=file.name, endings=listed)
