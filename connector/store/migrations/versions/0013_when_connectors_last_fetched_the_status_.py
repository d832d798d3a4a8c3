"""when connectors last fetched the status document.

Generated from the models by `connector.compose.make_migration`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# text is ordered by its bytes wherever it lies: PostgreSQL would follow the server's language
TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_table(
        "hub_contact",
        sa.Column("did", TEXT, nullable=False),
        sa.Column("fetched_ms", sa.BigInteger(), nullable=False),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("software", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("did"),
    )


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_table("hub_contact")
