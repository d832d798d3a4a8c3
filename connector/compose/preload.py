"""What requests need and nothing has imported yet: imported in the main thread, before it listens.

Two threads that import one package at the same time, each from another end, may each see half of
it; what was half imported then stays so until the process ends. So no import is left to a request:
every import inside a function of the code that serves is named here, and so is what libraries put
off. A test holds the first against the source, and the second against a running process.
"""

from __future__ import annotations

import atexit
import gc
from importlib import import_module
from typing import Final

MODULES: Final = (
    # our own
    "catalog.expressions",
    "catalog.product_shape",
    "catalog.scales",
    "connector.engines.duckdb.grouped",
    "connector.engines.duckdb.grouping",
    "connector.engines.duckdb.stored_source",
    "connector.engines.duckdb.survey",
    "connector.party.node",
    "connector.party.parts",
    "connector.process.ports",
    "crypto.disclosure.codec",
    "crypto.disclosure.table",
    # SQL
    "sqlglot",
    "sqlglot.dialects.duckdb",
    "sqlglot.errors",
    "sqlglot.parser",
    "sqlglot.tokens",
    # data
    "duckdb",
    # database
    "sqlalchemy.engine",
    "sqlalchemy.exc",
    # what libraries put off until the first signature, name, date or file
    "_strptime",
    "cryptography.hazmat.backends.openssl.backend",
    "encodings.idna",
    "encodings.utf_8_sig",
)


def preload() -> None:
    """Import all of it; called by whoever serves, before the first listener opens."""
    for name in MODULES:
        import_module(name)
    gc.collect()  # what is garbage now would stay for good
    gc.freeze()
    atexit.register(gc.unfreeze)  # else what a library frees at the end would count as leaked
