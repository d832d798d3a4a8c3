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
    "connector.outbox.rows",
    "connector.identity.rows",
    "connector.hub.rows",
    "connector.membership.rows",
    "connector.dsp.rows",
    "connector.products.rows",
    "connector.delivery.rows",
    "connector.questions.rows",
    "connector.cohort.rows",
    "connector.cohort.table_rows",
    "connector.cohort.renewal_rows",
)


def metadata() -> MetaData:
    """Give the metadata of all tables."""
    for module in MODULES:
        import_module(module)
    return SQLModel.metadata
