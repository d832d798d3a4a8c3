"""A first product file for a data file of one's own: read here, sent nowhere, kept nowhere."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.draft import Draft, draft_product
from connector.areas.products.area import SURVEY
from connector.engines.workbook import is_workbook
from connector.engines.workbook_survey import copy_undeclared, sheets_of

if TYPE_CHECKING:
    from datetime import date

    from catalog.surveyed import Survey
    from connector.engines.progress import Progress
    from crypto.words import Language


def draft_of(path: Path, *, language: Language, today: date, progress: Progress) -> Draft:
    """Drafts the product file of a data file.

    Args:
        path: A CSV or Parquet file; all of it is read.
        language: Of the comments.
        today: From which the time of an offer counts.
        progress: Told how far it is.

    Raises:
        DataError: If the file cannot be read, or has no rows.
    """
    with tempfile.TemporaryDirectory(prefix="voile-draft-") as folder:
        survey = SURVEY(path, scratch=Path(folder), progress=progress)
    return draft_product(survey, path.name, language, today)


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
        return SURVEY(path, scratch=scratch, progress=progress), "", ()
    names = sheets_of(path)
    chosen = sheet or next(iter(names), "")
    copy = scratch / "sheet.csv"
    copy_undeclared(path, chosen, head, copy)
    below = scratch / "survey"
    below.mkdir(mode=0o700)
    return SURVEY(copy, scratch=below, progress=progress), chosen, names
