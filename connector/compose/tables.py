"""Every table of the house: of the store, of participants and of hubs.

An area with new rows names them in its `Area`, then run
`python -m connector.compose.make_migration MESSAGE`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import SQLModel

from connector.compose import hub, participant
from connector.store.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy import MetaData


def tables() -> frozenset[type[SQLModel]]:
    """Give the rows of all tables."""
    areas = {*participant.AREAS, *hub.AREAS}
    return frozenset({*TABLES, *(row for area in areas for row in area.tables)})


def metadata() -> MetaData:
    """Give the metadata of all tables, which importing the areas has made whole."""
    return SQLModel.metadata
