"""pages read few rows however many there are.

Generated from the models by `connector.compose.make_migration`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# text is ordered by its bytes wherever it lies: PostgreSQL would follow the server's language
TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_index(
        "ix_dsp_agreement_dataset", "dsp_agreement", ["dataset", "role", "agreed_ms"], unique=False
    )
    op.create_index(
        "ix_dsp_agreement_standing",
        "dsp_agreement",
        ["role", "finalized_ms", "ended_ms"],
        unique=False,
    )
    op.drop_index(op.f("ix_dsp_process_kind"), table_name="dsp_process")
    op.create_index("ix_dsp_process_kind_state", "dsp_process", ["kind", "state"], unique=False)
    op.drop_index(op.f("ix_hub_listing_listed"), table_name="hub_listing")
    op.create_index(
        "ix_hub_listing_shown",
        "hub_listing",
        ["listed", "everybody", "provider", "domain", "level", "modes"],
        unique=False,
    )
    op.create_index(
        "ix_product_version_published",
        "product_version",
        ["product", "number", "published_ms"],
        unique=False,
    )
    op.drop_index(op.f("ix_question_answer_agreement"), table_name="question_answer")
    op.create_index(
        "ix_question_answer_agreement_answered_ms",
        "question_answer",
        ["agreement", "answered_ms"],
        unique=False,
    )
    op.create_index(
        "ix_question_asked_agreements_asked_ms",
        "question_asked",
        ["agreements", "asked_ms"],
        unique=False,
    )


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_index("ix_question_asked_agreements_asked_ms", table_name="question_asked")
    op.drop_index("ix_question_answer_agreement_answered_ms", table_name="question_answer")
    op.create_index(
        op.f("ix_question_answer_agreement"), "question_answer", ["agreement"], unique=False
    )
    op.drop_index("ix_product_version_published", table_name="product_version")
    op.drop_index("ix_hub_listing_shown", table_name="hub_listing")
    op.create_index(op.f("ix_hub_listing_listed"), "hub_listing", ["listed"], unique=False)
    op.drop_index("ix_dsp_process_kind_state", table_name="dsp_process")
    op.create_index(op.f("ix_dsp_process_kind"), "dsp_process", ["kind"], unique=False)
    op.drop_index("ix_dsp_agreement_standing", table_name="dsp_agreement")
    op.drop_index("ix_dsp_agreement_dataset", table_name="dsp_agreement")
