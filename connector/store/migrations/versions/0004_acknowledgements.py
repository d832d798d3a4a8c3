"""acknowledgements.

Generated from the models by `connector.store.make_migration`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# text is ordered by its bytes wherever it lies: PostgreSQL would follow the server's language
TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_table(
        "ack",
        sa.Column("did", TEXT, nullable=False),
        sa.Column("corr", TEXT, nullable=False),
        sa.Column("log", TEXT, nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.Column("leaf_hash", TEXT, nullable=False),
        sa.Column("accepted", TEXT, nullable=False),
        sa.Column("jws", TEXT, nullable=False),
        sa.Column("jwk", TEXT, nullable=False),
        sa.Column("kept_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("did", "corr"),
    )
    op.create_table(
        "ack_given",
        sa.Column("did", TEXT, nullable=False),
        sa.Column("process", TEXT, nullable=False),
        sa.Column("message", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("did", "process", "message", "kind"),
    )


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_table("ack_given")
    op.drop_table("ack")
