"""requests that wait for a second person.

Generated from the models by `connector.compose.make_migration`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# text is ordered by its bytes wherever it lies: PostgreSQL would follow the server's language
TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_table(
        "approval",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("operation", TEXT, nullable=False),
        sa.Column("asked", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("salt", TEXT, nullable=False),
        sa.Column("seen", TEXT, nullable=False),
        sa.Column("requester", TEXT, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("needs", sa.Integer(), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("requested_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=False),
        sa.Column("outcome", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_approval_digest"), "approval", ["digest"], unique=False)
    op.create_index(op.f("ix_approval_person"), "approval", ["person"], unique=False)
    op.create_index("ix_approval_requested_ms_id", "approval", ["requested_ms", "id"], unique=False)
    op.create_index(
        "ix_approval_state_requested_ms", "approval", ["state", "requested_ms"], unique=False
    )
    op.create_table(
        "approval_vote",
        sa.Column("request", TEXT, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("voted_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("request", "person"),
    )
    person = sa.Column("person", TEXT, server_default="", nullable=False)
    op.add_column("management_key", person)


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_column("management_key", "person")
    op.drop_table("approval_vote")
    op.drop_index("ix_approval_state_requested_ms", table_name="approval")
    op.drop_index("ix_approval_requested_ms_id", table_name="approval")
    op.drop_index(op.f("ix_approval_person"), table_name="approval")
    op.drop_index(op.f("ix_approval_digest"), table_name="approval")
    op.drop_table("approval")
