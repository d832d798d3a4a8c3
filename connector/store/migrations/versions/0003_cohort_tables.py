"""cohort tables.

Generated from the models by `connector.store.make_migration`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# text is ordered by its bytes wherever it lies: PostgreSQL would follow the server's language
TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_table(
        "cohort_gathering",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("cohort", TEXT, nullable=False),
        sa.Column("classes_jws", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index(
        op.f("ix_cohort_gathering_cohort"), "cohort_gathering", ["cohort"], unique=False
    )
    op.create_table(
        "cohort_gathering_part",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("member", TEXT, nullable=False),
        sa.Column("joining_jws", TEXT, nullable=False),
        sa.Column("marks_jws", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("key", "member"),
    )
    op.create_table(
        "cohort_membership",
        sa.Column("dataset", TEXT, nullable=False),
        sa.Column("aggregator", TEXT, nullable=False),
        sa.Column("roster", TEXT, nullable=False),
        sa.Column("joining_jws", TEXT, nullable=False),
        sa.Column("joinings", TEXT, nullable=False),
        sa.Column("cohort", TEXT, nullable=False),
        sa.Column("marks_jws", TEXT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("oldest", sa.Integer(), nullable=False),
        sa.Column("classes_jws", TEXT, nullable=False),
        sa.Column("figures", TEXT, nullable=False),
        sa.Column("joined_ms", sa.BigInteger(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("dataset"),
    )


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_table("cohort_membership")
    op.drop_table("cohort_gathering_part")
    op.drop_index(op.f("ix_cohort_gathering_cohort"), table_name="cohort_gathering")
    op.drop_table("cohort_gathering")
