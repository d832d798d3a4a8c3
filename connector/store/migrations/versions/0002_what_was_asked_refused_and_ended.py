"""What was asked refused and ended.

Generated from the models by `connector.store.make_migration`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# text is ordered by its bytes wherever it lies: PostgreSQL would follow the server's language
TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_table(
        "dsp_objection",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process", TEXT, nullable=False),
        sa.Column("type", TEXT, nullable=False),
        sa.Column("message", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_dsp_objection_process"), "dsp_objection", ["process"], unique=False)
    op.add_column("dsp_agreement", sa.Column("ended_by", TEXT, server_default="", nullable=False))
    op.add_column("dsp_agreement", sa.Column("ended_why", TEXT, server_default="", nullable=False))
    op.add_column("dsp_process", sa.Column("asked", TEXT, server_default="", nullable=False))
    op.add_column("dsp_process", sa.Column("peer_said", TEXT, server_default="", nullable=False))
    op.add_column(
        "dsp_process",
        sa.Column("peer_said_ms", sa.BigInteger(), server_default="0", nullable=False),
    )


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_column("dsp_process", "peer_said_ms")
    op.drop_column("dsp_process", "peer_said")
    op.drop_column("dsp_process", "asked")
    op.drop_column("dsp_agreement", "ended_why")
    op.drop_column("dsp_agreement", "ended_by")
    op.drop_index(op.f("ix_dsp_objection_process"), table_name="dsp_objection")
    op.drop_table("dsp_objection")
