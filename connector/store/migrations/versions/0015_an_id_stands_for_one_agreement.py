"""an id stands for one agreement.

Generated from the models by `connector.compose.make_migration`; those that share an id already are
numbered by hand, the oldest from 0.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# text is ordered by its bytes wherever it lies: PostgreSQL would follow the server's language
TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.add_column(
        "dsp_agreement", sa.Column("namesakes", sa.Integer(), server_default="0", nullable=False)
    )
    _number()
    op.drop_index(op.f("ix_dsp_agreement_agreement"), table_name="dsp_agreement")
    op.create_index(
        "ix_dsp_agreement_agreement_namesakes",
        "dsp_agreement",
        ["agreement", "namesakes"],
        unique=True,
    )


def _number() -> None:
    agreements = sa.table(
        "dsp_agreement",
        *(sa.column(name, TEXT) for name in ("agreement", "negotiation")),
        sa.column("agreed_ms", sa.BigInteger()),
        sa.column("namesakes", sa.Integer()),
    )
    older = agreements.alias("older")
    before = sa.or_(
        older.c.agreed_ms < agreements.c.agreed_ms,
        sa.and_(
            older.c.agreed_ms == agreements.c.agreed_ms,
            older.c.negotiation < agreements.c.negotiation,
        ),
    )
    same = sa.and_(older.c.agreement == agreements.c.agreement, before)
    count = sa.select(sa.func.count()).select_from(older).where(same).scalar_subquery()
    op.execute(agreements.update().where(sa.exists().where(same)).values(namesakes=count))


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_index("ix_dsp_agreement_agreement_namesakes", table_name="dsp_agreement")
    op.create_index(
        op.f("ix_dsp_agreement_agreement"), "dsp_agreement", ["agreement"], unique=False
    )
    op.drop_column("dsp_agreement", "namesakes")
