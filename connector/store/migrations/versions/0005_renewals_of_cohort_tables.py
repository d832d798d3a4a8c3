"""renewals of cohort tables.

Generated from the models by `connector.store.make_migration`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# text is ordered by its bytes wherever it lies: PostgreSQL would follow the server's language
TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_table(
        "cohort_renewal",
        sa.Column("dataset", TEXT, nullable=False),
        sa.Column("renewal", sa.Integer(), nullable=False),
        sa.Column("cohort", TEXT, nullable=False),
        sa.Column("aggregator", TEXT, nullable=False),
        sa.Column("asked_jws", TEXT, nullable=False),
        sa.Column("proposal_jws", TEXT, nullable=False),
        sa.Column("marks_jws", TEXT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("oldest", sa.Integer(), nullable=False),
        sa.Column("figures", TEXT, nullable=False),
        sa.Column("renewed_jws", TEXT, nullable=False),
        sa.Column("ages", TEXT, nullable=False),
        sa.Column("asked_ms", sa.BigInteger(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("dataset", "renewal"),
    )
    op.create_table(
        "cohort_renewal_gathering",
        sa.Column("cohort", TEXT, nullable=False),
        sa.Column("renewal", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("proposal_jws", TEXT, nullable=False),
        sa.Column("renewed_jws", TEXT, nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("cohort", "renewal"),
    )
    op.create_table(
        "cohort_renewal_part",
        sa.Column("cohort", TEXT, nullable=False),
        sa.Column("renewal", sa.Integer(), nullable=False),
        sa.Column("member", TEXT, nullable=False),
        sa.Column("asked_jws", TEXT, nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("marks_jws", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("cohort", "renewal", "member"),
    )
    op.create_table(
        "cohort_renewal_proposal",
        sa.Column("cohort", TEXT, nullable=False),
        sa.Column("renewal", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("proposal_jws", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("cohort", "renewal", "turn"),
    )
    op.create_table(
        "cohort_renewal_round",
        sa.Column("dataset", TEXT, nullable=False),
        sa.Column("renewal", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("proposal_jws", TEXT, nullable=False),
        sa.Column("marks_jws", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("dataset", "renewal", "turn"),
    )


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_table("cohort_renewal_round")
    op.drop_table("cohort_renewal_proposal")
    op.drop_table("cohort_renewal_part")
    op.drop_table("cohort_renewal_gathering")
    op.drop_table("cohort_renewal")
