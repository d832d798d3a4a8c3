"""DuckDB as an engine; `duckdb` itself is imported when the first file is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from connector.engines.port import Engine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from connector.engines.port import DataSource, Grouped


def _group(*words: Any, **named: Any) -> AbstractContextManager[Grouped]:
    from connector.engines.duckdb.grouping import group_file

    return group_file(*words, **named)


def _stored(*words: Any, **named: Any) -> AbstractContextManager[Sequence[DataSource]]:
    from connector.engines.duckdb.stored_source import open_stored

    return open_stored(*words, **named)


DUCKDB: Final = Engine(name="duckdb", group=_group, stored=_stored)
