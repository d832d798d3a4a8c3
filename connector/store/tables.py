"""Every table of the house: importing this module makes the metadata whole.

An area with rows adds its module here, then runs
`python -m connector.store.make_migration MESSAGE`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from sqlmodel import SQLModel

if TYPE_CHECKING:
    from sqlalchemy import MetaData

MODULES: Final = (
    "connector.store.rows",
    "connector.store.outbox_rows",
    "connector.identity.rows",
    "connector.areas.hub.rows",
    "connector.areas.membership.rows",
    "connector.areas.dsp.rows",
    "connector.areas.products.rows",
    "connector.areas.delivery.rows",
    "connector.areas.questions.rows",
    "connector.areas.cohort.rows",
    "connector.areas.cohort.table_rows",
    "connector.areas.cohort.renewal_rows",
)


def metadata() -> MetaData:
    """Give the metadata of all tables."""
    for module in MODULES:
        import_module(module)
    return SQLModel.metadata
