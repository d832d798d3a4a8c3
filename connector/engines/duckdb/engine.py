"""DuckDB as an engine; `duckdb` itself is imported when the first file is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from connector.engines.port import Engine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from catalog.surveyed import Survey
    from connector.engines.port import DataSource, Grouped


def _group(*words: Any, **named: Any) -> AbstractContextManager[Grouped]:
    from connector.engines.duckdb.grouping import group_file

    return group_file(*words, **named)


def _stored(*words: Any, **named: Any) -> AbstractContextManager[Sequence[DataSource]]:
    from connector.engines.duckdb.stored_source import open_stored

    return open_stored(*words, **named)


def survey(*words: Any, **named: Any) -> Survey:
    """Tells what undeclared data hold, as `connector.engines.port.Surveying` says."""
    from connector.engines.duckdb.survey import survey_data

    return survey_data(*words, **named)


DUCKDB: Final = Engine(name="duckdb", group=_group, stored=_stored)
