"""management keys; the one token of a home becomes the first of them.

Generated from the models by `connector.compose.make_migration`, the moving of the token by hand.
"""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# text is ordered by its bytes wherever it lies: PostgreSQL would follow the server's language
TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
TOKEN_FACT = "management-token-sha256"  # noqa: S105 -- its name
ROLES = "steward,cdo,security,certifier,auditor"


def upgrade() -> None:
    """Bring the schema up to this revision."""
    keys = op.create_table(
        "management_key",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("roles", TEXT, nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("revoked_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest"),
    )
    op.create_index("ix_management_key_name", "management_key", ["name"])
    facts = sa.table("fact", sa.column("name", TEXT), sa.column("value", TEXT))
    of_token = facts.c.name == TOKEN_FACT
    digest = op.get_bind().execute(sa.select(facts.c.value).where(of_token)).scalar()
    if digest is not None:
        op.bulk_insert(
            keys,
            [
                {
                    "id": hashlib.sha256(digest.encode()).hexdigest()[:16],
                    "name": "owner",
                    "digest": digest,
                    "roles": ROLES,
                    "created_ms": 0,
                    "revoked_ms": 0,
                }
            ],
        )
        op.execute(facts.delete().where(of_token))


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_index("ix_management_key_name", "management_key")
    op.drop_table("management_key")
