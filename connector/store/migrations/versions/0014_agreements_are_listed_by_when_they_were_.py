"""agreements are listed by when they were made.

Generated from the models by `connector.compose.make_migration`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# text is ordered by its bytes wherever it lies: PostgreSQL would follow the server's language
TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_index(
        "ix_dsp_agreement_agreed_ms_negotiation",
        "dsp_agreement",
        ["agreed_ms", "negotiation"],
        unique=False,
    )


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_index("ix_dsp_agreement_agreed_ms_negotiation", table_name="dsp_agreement")
