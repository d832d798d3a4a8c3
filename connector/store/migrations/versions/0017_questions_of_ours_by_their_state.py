"""questions of ours by their state.

Generated from the models by `connector.compose.make_migration`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# text is ordered by its bytes wherever it lies: PostgreSQL would follow the server's language
TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.drop_index(op.f("ix_question_asked_state"), table_name="question_asked")
    op.create_index(
        "ix_question_asked_state_mode_asked_ms",
        "question_asked",
        ["state", "mode", "asked_ms"],
        unique=False,
    )


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_index("ix_question_asked_state_mode_asked_ms", table_name="question_asked")
    op.create_index(op.f("ix_question_asked_state"), "question_asked", ["state"], unique=False)
