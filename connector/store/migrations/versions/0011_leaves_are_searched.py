"""Leaves are searched: indexes in the order in which they are read, and the ids in a leaf as terms.

The leaves of a home of before get their terms here: some thousands a second, told in the log.
"""

import json
from typing import Any

import sqlalchemy as sa
import structlog
from alembic import op

from contracts.leaf_terms import terms_of

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SEARCHED = ("kind", "counterparty", "agreement", "process")
BATCH = 5_000  # leaves at a time
TOLD = 100_000  # leaves between two lines of the log

leaves = sa.table(
    "log_entry",
    sa.column("index", sa.BigInteger()),
    sa.column("time_ms", sa.BigInteger()),
    sa.column("entry", sa.LargeBinary()),
    sa.column("leaf_hash", sa.LargeBinary()),
)
terms = sa.table(
    "log_term",
    *(sa.column(name, sa.BigInteger()) for name in ("term", "time_ms", "index")),
)


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_table(
        "log_term",
        *(
            sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)
            for name in ("term", "time_ms", "index")
        ),
        sa.PrimaryKeyConstraint("term", "time_ms", "index"),
        sqlite_with_rowid=False,
    )
    for name in (*SEARCHED, "time_ms"):
        op.drop_index(f"ix_log_entry_{name}", table_name="log_entry")
    for name in SEARCHED:
        op.create_index(f"ix_log_entry_{name}", "log_entry", [name, "time_ms", "index"])
    op.create_index("ix_log_entry_time", "log_entry", ["time_ms", "index"])
    _fill()


def _fill() -> None:
    log = structlog.get_logger()
    bind, first = op.get_bind(), 0
    place = leaves.c.index
    last = bind.execute(sa.select(sa.func.max(place))).scalar()
    while last is not None and first <= last:
        part = sa.select(leaves).where(place >= first, place < first + BATCH)
        found: list[dict[str, Any]] = []
        for index, time_ms, entry, leaf_hash in bind.execute(part):
            named = terms_of(json.loads(bytes(entry)), bytes(leaf_hash))
            found += [{"term": term, "time_ms": time_ms, "index": index} for term in named]
        if found:
            bind.execute(terms.insert(), found)
        first += BATCH
        if first % TOLD == 0:
            log.info("leaves-indexed", done=min(first, last + 1), of=last + 1)


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_index("ix_log_entry_time", table_name="log_entry")
    for name in SEARCHED:
        op.drop_index(f"ix_log_entry_{name}", table_name="log_entry")
    for name in (*SEARCHED, "time_ms"):
        op.create_index(f"ix_log_entry_{name}", "log_entry", [name])
    op.drop_table("log_term")
