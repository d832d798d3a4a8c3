"""A first product file for a data file of one's own: read here, sent nowhere, kept nowhere."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.draft import Draft, draft_product
from connector.areas.products.area import SURVEY

if TYPE_CHECKING:
    from datetime import date

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
