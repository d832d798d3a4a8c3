"""All tables of the first release.

Generated from the models by `connector.store.make_migration`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_table(
        "checkpoint",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("time_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("size"),
    )
    op.create_table(
        "fact",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "log_detail",
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("blob", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id"),
        sa.UniqueConstraint("blob"),
    )
    op.create_table(
        "log_entry",
        sa.Column("index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("time_ms", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("counterparty", sa.String(), nullable=False),
        sa.Column("agreement", sa.String(), nullable=False),
        sa.Column("process", sa.String(), nullable=False),
        sa.Column("entry", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("index"),
        sa.UniqueConstraint("entry_id"),
    )
    op.create_index(op.f("ix_log_entry_agreement"), "log_entry", ["agreement"], unique=False)
    op.create_index(op.f("ix_log_entry_counterparty"), "log_entry", ["counterparty"], unique=False)
    op.create_index(op.f("ix_log_entry_kind"), "log_entry", ["kind"], unique=False)
    op.create_index(op.f("ix_log_entry_process"), "log_entry", ["process"], unique=False)
    op.create_index(op.f("ix_log_entry_time_ms"), "log_entry", ["time_ms"], unique=False)
    op.create_table(
        "log_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "log_node",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "index"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("peer", sa.String(), nullable=False),
        sa.Column("process", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("headers", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_ms", sa.BigInteger(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_outbox_lane", "outbox", ["state", "peer", "process", "id"], unique=False)
    op.create_index(op.f("ix_outbox_message_id"), "outbox", ["message_id"], unique=False)
    op.create_table(
        "peer_checkpoint",
        sa.Column("did", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("time_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("did", "size", "root"),
    )
    op.create_table(
        "product",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "product_version",
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("protected", sa.LargeBinary(), nullable=False),
        sa.Column("shape", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("published_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("product", "number"),
    )
    op.create_index(op.f("ix_product_version_source"), "product_version", ["source"], unique=False)
    op.create_table(
        "replay",
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("jti", sa.String(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("audience", "issuer", "jti"),
    )
    op.create_index(op.f("ix_replay_expires"), "replay", ["expires"], unique=False)
    op.create_table(
        "secret",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "standing",
        sa.Column("did", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("legal_group", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("did"),
    )
    op.create_table(
        "status_document",
        sa.Column("hub", sa.String(), nullable=False),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("issued", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("jws", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("hub"),
    )


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_table("status_document")
    op.drop_table("standing")
    op.drop_table("secret")
    op.drop_index(op.f("ix_replay_expires"), table_name="replay")
    op.drop_table("replay")
    op.drop_index(op.f("ix_product_version_source"), table_name="product_version")
    op.drop_table("product_version")
    op.drop_table("product")
    op.drop_table("peer_checkpoint")
    op.drop_index(op.f("ix_outbox_message_id"), table_name="outbox")
    op.drop_index("ix_outbox_lane", table_name="outbox")
    op.drop_table("outbox")
    op.drop_table("log_node")
    op.drop_table("log_head")
    op.drop_index(op.f("ix_log_entry_time_ms"), table_name="log_entry")
    op.drop_index(op.f("ix_log_entry_process"), table_name="log_entry")
    op.drop_index(op.f("ix_log_entry_kind"), table_name="log_entry")
    op.drop_index(op.f("ix_log_entry_counterparty"), table_name="log_entry")
    op.drop_index(op.f("ix_log_entry_agreement"), table_name="log_entry")
    op.drop_table("log_entry")
    op.drop_table("log_detail")
    op.drop_table("fact")
    op.drop_table("checkpoint")
