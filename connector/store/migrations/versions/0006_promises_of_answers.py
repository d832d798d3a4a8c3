"""promises of answers.

Generated from the models by `connector.store.make_migration`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# text is ordered by its bytes wherever it lies: PostgreSQL would follow the server's language
TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_table(
        "ack_owed",
        sa.Column("did", TEXT, nullable=False),
        sa.Column("corr", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("message", TEXT, nullable=False),
        sa.Column("ack", TEXT, nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("did", "corr"),
    )


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_table("ack_owed")
