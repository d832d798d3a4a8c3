"""drafts of products.

Generated from the models by `connector.compose.make_migration`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# text is ordered by its bytes wherever it lies: PostgreSQL would follow the server's language
TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_table(
        "product_draft",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("product", TEXT, nullable=False),
        sa.Column("began_by", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("file", TEXT, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sheet", TEXT, nullable=False),
        sa.Column("sheets", TEXT, nullable=False),
        sa.Column("head", sa.Integer(), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("survey", TEXT, nullable=False),
        sa.Column("outline", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("error", TEXT, nullable=False),
        sa.Column("preview", TEXT, nullable=False),
        sa.Column("previewed", TEXT, nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_product_draft_changed_ms"), "product_draft", ["changed_ms"], unique=False
    )


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_index(op.f("ix_product_draft_changed_ms"), table_name="product_draft")
    op.drop_table("product_draft")
