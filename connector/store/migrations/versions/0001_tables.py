# ruff: noqa: PLR0915 -- one statement per table, generated
"""All tables of the first release.

Generated from the models by `connector.store.make_migration`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# text is ordered by its bytes wherever it lies: PostgreSQL would follow the server's language
TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_table(
        "announcement",
        sa.Column("dataset_id", TEXT, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("outbox_id", sa.BigInteger(), nullable=False),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("dataset_id"),
    )
    op.create_table(
        "checkpoint",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("time_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("size"),
    )
    op.create_table(
        "cohort_aggregation",
        sa.Column("session", TEXT, nullable=False),
        sa.Column("consumer", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("session_jws", TEXT, nullable=False),
        sa.Column("acceptances", TEXT, nullable=False),
        sa.Column("proof", TEXT, nullable=False),
        sa.Column("min_cohort", sa.Integer(), nullable=False),
        sa.Column("cleared_jws", TEXT, nullable=False),
        sa.Column("product", sa.LargeBinary(), nullable=True),
        sa.Column("outcome_jws", TEXT, nullable=False),
        sa.Column("deadline", sa.BigInteger(), nullable=False),
        sa.Column("opened_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("session"),
    )
    op.create_index(
        op.f("ix_cohort_aggregation_state"), "cohort_aggregation", ["state"], unique=False
    )
    op.create_table(
        "cohort_aggregation_part",
        sa.Column("session", TEXT, nullable=False),
        sa.Column("provider", TEXT, nullable=False),
        sa.Column("indicators_jws", TEXT, nullable=False),
        sa.Column("contribution_jws", TEXT, nullable=False),
        sa.Column("batch", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("session", "provider"),
    )
    op.create_table(
        "cohort_ask",
        sa.Column("session", TEXT, nullable=False),
        sa.Column("question", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("agreements", TEXT, nullable=False),
        sa.Column("asked", TEXT, nullable=False),
        sa.Column("session_jws", TEXT, nullable=False),
        sa.Column("question_json", TEXT, nullable=False),
        sa.Column("described", TEXT, nullable=False),
        sa.Column("acceptances", TEXT, nullable=False),
        sa.Column("cleared_jws", TEXT, nullable=False),
        sa.Column("contributions", TEXT, nullable=False),
        sa.Column("outcome_jws", TEXT, nullable=False),
        sa.Column("product", sa.LargeBinary(), nullable=True),
        sa.Column("answer", TEXT, nullable=False),
        sa.Column("reasons", TEXT, nullable=False),
        sa.Column("deadline", sa.BigInteger(), nullable=False),
        sa.Column("asked_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("session"),
    )
    op.create_index(op.f("ix_cohort_ask_asked_ms"), "cohort_ask", ["asked_ms"], unique=False)
    op.create_index(op.f("ix_cohort_ask_question"), "cohort_ask", ["question"], unique=False)
    op.create_index(op.f("ix_cohort_ask_state"), "cohort_ask", ["state"], unique=False)
    op.create_table(
        "cohort_provider_session",
        sa.Column("consumer", TEXT, nullable=False),
        sa.Column("session", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("agreement", TEXT, nullable=False),
        sa.Column("dataset", TEXT, nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("charge_key", TEXT, nullable=False),
        sa.Column("session_jws", TEXT, nullable=False),
        sa.Column("question", TEXT, nullable=False),
        sa.Column("proof", TEXT, nullable=False),
        sa.Column("acceptance_jws", TEXT, nullable=False),
        sa.Column("usage", TEXT, nullable=False),
        sa.Column("min_cohort", sa.Integer(), nullable=False),
        sa.Column("indicators_jws", TEXT, nullable=False),
        sa.Column("cleared_jws", TEXT, nullable=False),
        sa.Column("contribution_jws", TEXT, nullable=False),
        sa.Column("batch", sa.LargeBinary(), nullable=True),
        sa.Column("outcome_jws", TEXT, nullable=False),
        sa.Column("deadline", sa.BigInteger(), nullable=False),
        sa.Column("opened_ms", sa.BigInteger(), nullable=False),
        sa.Column("asked_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("consumer", "session"),
    )
    op.create_index(
        op.f("ix_cohort_provider_session_charge_key"),
        "cohort_provider_session",
        ["charge_key"],
        unique=False,
    )
    op.create_index(
        op.f("ix_cohort_provider_session_state"), "cohort_provider_session", ["state"], unique=False
    )
    op.create_table(
        "cohort_roster_memory",
        sa.Column("dataset", TEXT, nullable=False),
        sa.Column("cell", TEXT, nullable=False),
        sa.Column("consumer", TEXT, nullable=False),
        sa.Column("session", TEXT, nullable=False),
        sa.Column("roster", TEXT, nullable=False),
        sa.Column("shape", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("dataset", "cell", "consumer", "session"),
    )
    op.create_table(
        "delivery_grant",
        sa.Column("transfer", TEXT, nullable=False),
        sa.Column("path", TEXT, nullable=False),
        sa.Column("token", TEXT, nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("transfer"),
        sa.UniqueConstraint("path"),
    )
    op.create_table(
        "delivery_push",
        sa.Column("transfer", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_ms", sa.BigInteger(), nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("transfer"),
    )
    op.create_table(
        "dsp_agreement",
        sa.Column("negotiation", TEXT, nullable=False),
        sa.Column("agreement", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("counterparty", TEXT, nullable=False),
        sa.Column("dataset", TEXT, nullable=False),
        sa.Column("body", TEXT, nullable=False),
        sa.Column("consumer_pid", TEXT, nullable=False),
        sa.Column("provider_pid", TEXT, nullable=False),
        sa.Column("signatures", TEXT, nullable=False),
        sa.Column("agreed_ms", sa.BigInteger(), nullable=False),
        sa.Column("finalized_ms", sa.BigInteger(), nullable=True),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("negotiation"),
        sa.UniqueConstraint("counterparty", "role", "agreement"),
    )
    op.create_index(
        op.f("ix_dsp_agreement_agreement"), "dsp_agreement", ["agreement"], unique=False
    )
    op.create_table(
        "dsp_process",
        sa.Column("pid", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("counterparty", TEXT, nullable=False),
        sa.Column("peer_pid", TEXT, nullable=True),
        sa.Column("callback", TEXT, nullable=False),
        sa.Column("opened_digest", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("paused_by", TEXT, nullable=False),
        sa.Column("flying_event", TEXT, nullable=False),
        sa.Column("flying_source", TEXT, nullable=False),
        sa.Column("flying_target", TEXT, nullable=False),
        sa.Column("flying_message", TEXT, nullable=False),
        sa.Column("wanted", TEXT, nullable=False),
        sa.Column("dataset", TEXT, nullable=False),
        sa.Column("offer", TEXT, nullable=False),
        sa.Column("agreement", TEXT, nullable=False),
        sa.Column("format", TEXT, nullable=False),
        sa.Column("data_address", TEXT, nullable=False),
        sa.Column("ended_by", TEXT, nullable=False),
        sa.Column("ended_code", TEXT, nullable=False),
        sa.Column("ended_reason", TEXT, nullable=False),
        sa.Column("trouble", TEXT, nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("pid"),
        sa.UniqueConstraint("counterparty", "kind", "role", "peer_pid"),
    )
    op.create_index(op.f("ix_dsp_process_agreement"), "dsp_process", ["agreement"], unique=False)
    op.create_index(op.f("ix_dsp_process_changed_ms"), "dsp_process", ["changed_ms"], unique=False)
    op.create_index(
        op.f("ix_dsp_process_counterparty"), "dsp_process", ["counterparty"], unique=False
    )
    op.create_index(op.f("ix_dsp_process_kind"), "dsp_process", ["kind"], unique=False)
    op.create_table(
        "dsp_received",
        sa.Column("peer", TEXT, nullable=False),
        sa.Column("message", TEXT, nullable=False),
        sa.Column("type", TEXT, nullable=False),
        sa.Column("process", TEXT, nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", TEXT, nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("peer", "message"),
    )
    op.create_index(
        op.f("ix_dsp_received_received_ms"), "dsp_received", ["received_ms"], unique=False
    )
    op.create_table(
        "dsp_signature",
        sa.Column("negotiation", TEXT, nullable=False),
        sa.Column("stage", TEXT, nullable=False),
        sa.Column("signer", TEXT, nullable=False),
        sa.Column("jws", TEXT, nullable=False),
        sa.Column("jwk", TEXT, nullable=False),
        sa.Column("did_document", TEXT, nullable=False),
        sa.Column("signed_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("negotiation", "stage"),
    )
    op.create_table(
        "fact",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "file_version",
        sa.Column("product", TEXT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("published_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("product", "number"),
    )
    op.create_index(op.f("ix_file_version_digest"), "file_version", ["digest"], unique=False)
    op.create_table(
        "hub_application",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("did", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("participant", TEXT, nullable=False),
        sa.Column("thumbprints", TEXT, nullable=False),
        sa.Column("submitted_ms", sa.BigInteger(), nullable=False),
        sa.Column("decided_ms", sa.BigInteger(), nullable=True),
        sa.Column("reason", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("digest"),
        sa.UniqueConstraint("id"),
    )
    op.create_index(op.f("ix_hub_application_did"), "hub_application", ["did"], unique=False)
    op.create_index(op.f("ix_hub_application_state"), "hub_application", ["state"], unique=False)
    op.create_table(
        "hub_listing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider", TEXT, nullable=False),
        sa.Column("dataset_id", TEXT, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("description", TEXT, nullable=False),
        sa.Column("domain", TEXT, nullable=False),
        sa.Column("level", TEXT, nullable=False),
        sa.Column("modes", TEXT, nullable=False),
        sa.Column("everybody", sa.Boolean(), nullable=False),
        sa.Column("offers", TEXT, nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("provider", "dataset_id"),
    )
    op.create_index(op.f("ix_hub_listing_listed"), "hub_listing", ["listed"], unique=False)
    op.create_index(op.f("ix_hub_listing_provider"), "hub_listing", ["provider"], unique=False)
    op.create_table(
        "hub_participant",
        sa.Column("did", TEXT, nullable=False),
        sa.Column("name_zh", TEXT, nullable=False),
        sa.Column("name_en", TEXT, nullable=False),
        sa.Column("legal_id", TEXT, nullable=False),
        sa.Column("legal_group", TEXT, nullable=False),
        sa.Column("roles", TEXT, nullable=False),
        sa.Column("endpoint", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.Column("credential", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("did"),
    )
    op.create_index(
        op.f("ix_hub_participant_legal_id"), "hub_participant", ["legal_id"], unique=False
    )
    op.create_table(
        "hub_posting",
        sa.Column("term", TEXT, nullable=False),
        sa.Column("listing_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("term", "listing_id"),
    )
    op.create_index("ix_hub_posting_listing", "hub_posting", ["listing_id"], unique=False)
    op.create_table(
        "hub_push",
        sa.Column("serial", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("did", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("sent_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("serial", "did"),
    )
    op.create_table(
        "log_detail",
        sa.Column("entry_id", TEXT, nullable=False),
        sa.Column("blob", TEXT, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id"),
        sa.UniqueConstraint("blob"),
    )
    op.create_table(
        "log_entry",
        sa.Column("index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", TEXT, nullable=False),
        sa.Column("time_ms", sa.BigInteger(), nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("counterparty", TEXT, nullable=False),
        sa.Column("agreement", TEXT, nullable=False),
        sa.Column("process", TEXT, nullable=False),
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
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application", TEXT, nullable=False),
        sa.Column("hub_url", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("standing", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("participant", TEXT, nullable=False),
        sa.Column("credential", TEXT, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("applied_ms", sa.BigInteger(), nullable=False),
        sa.Column("checked_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("peer", TEXT, nullable=False),
        sa.Column("process", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("method", TEXT, nullable=False),
        sa.Column("url", TEXT, nullable=False),
        sa.Column("message_id", TEXT, nullable=False),
        sa.Column("headers", TEXT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_ms", sa.BigInteger(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("reason", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_outbox_lane", "outbox", ["state", "peer", "process", "id"], unique=False)
    op.create_index(op.f("ix_outbox_message_id"), "outbox", ["message_id"], unique=False)
    op.create_table(
        "peer_checkpoint",
        sa.Column("did", TEXT, nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", TEXT, nullable=False),
        sa.Column("origin", TEXT, nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("time_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("did", "size", "root"),
    )
    op.create_table(
        "product",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "product_version",
        sa.Column("product", TEXT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("protected", sa.LargeBinary(), nullable=False),
        sa.Column("shape", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("report", TEXT, nullable=False),
        sa.Column("basis", TEXT, nullable=False),
        sa.Column("published_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("product", "number"),
    )
    op.create_index(op.f("ix_product_version_source"), "product_version", ["source"], unique=False)
    op.create_table(
        "question_answer",
        sa.Column("counterparty", TEXT, nullable=False),
        sa.Column("question", TEXT, nullable=False),
        sa.Column("agreement", TEXT, nullable=False),
        sa.Column("meaning", TEXT, nullable=False),
        sa.Column("jws", TEXT, nullable=False),
        sa.Column("answered_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("counterparty", "question"),
        sa.UniqueConstraint("counterparty", "agreement", "meaning"),
    )
    op.create_index(
        op.f("ix_question_answer_agreement"), "question_answer", ["agreement"], unique=False
    )
    op.create_table(
        "question_asked",
        sa.Column("question", TEXT, nullable=False),
        sa.Column("counterparty", TEXT, nullable=False),
        sa.Column("agreement", TEXT, nullable=False),
        sa.Column("sql", TEXT, nullable=False),
        sa.Column("purpose", TEXT, nullable=False),
        sa.Column("mode", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("jws", TEXT, nullable=False),
        sa.Column("usage", TEXT, nullable=False),
        sa.Column("reasons", TEXT, nullable=False),
        sa.Column("asked_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("question"),
    )
    op.create_index(
        op.f("ix_question_asked_asked_ms"), "question_asked", ["asked_ms"], unique=False
    )
    op.create_index(
        op.f("ix_question_asked_counterparty"), "question_asked", ["counterparty"], unique=False
    )
    op.create_table(
        "question_charge",
        sa.Column("counterparty", TEXT, nullable=False),
        sa.Column("agreement", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("committed", sa.Boolean(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("since_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("counterparty", "agreement", "key"),
    )
    op.create_table(
        "question_received",
        sa.Column("counterparty", TEXT, nullable=False),
        sa.Column("question", TEXT, nullable=False),
        sa.Column("content", TEXT, nullable=False),
        sa.Column("answer", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("counterparty", "question"),
    )
    op.create_table(
        "replay",
        sa.Column("audience", TEXT, nullable=False),
        sa.Column("issuer", TEXT, nullable=False),
        sa.Column("jti", TEXT, nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("audience", "issuer", "jti"),
    )
    op.create_index(op.f("ix_replay_expires"), "replay", ["expires"], unique=False)
    op.create_table(
        "secret",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "standing",
        sa.Column("did", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("legal_group", TEXT, nullable=False),
        sa.Column("name_zh", TEXT, nullable=False),
        sa.Column("name_en", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("did"),
    )
    op.create_table(
        "status_document",
        sa.Column("hub", TEXT, nullable=False),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("issued", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("jws", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("hub"),
    )


def downgrade() -> None:
    """Take the schema back to the revision before."""
    op.drop_table("status_document")
    op.drop_table("standing")
    op.drop_table("secret")
    op.drop_index(op.f("ix_replay_expires"), table_name="replay")
    op.drop_table("replay")
    op.drop_table("question_received")
    op.drop_table("question_charge")
    op.drop_index(op.f("ix_question_asked_counterparty"), table_name="question_asked")
    op.drop_index(op.f("ix_question_asked_asked_ms"), table_name="question_asked")
    op.drop_table("question_asked")
    op.drop_index(op.f("ix_question_answer_agreement"), table_name="question_answer")
    op.drop_table("question_answer")
    op.drop_index(op.f("ix_product_version_source"), table_name="product_version")
    op.drop_table("product_version")
    op.drop_table("product")
    op.drop_table("peer_checkpoint")
    op.drop_index(op.f("ix_outbox_message_id"), table_name="outbox")
    op.drop_index("ix_outbox_lane", table_name="outbox")
    op.drop_table("outbox")
    op.drop_table("membership")
    op.drop_table("log_node")
    op.drop_table("log_head")
    op.drop_index(op.f("ix_log_entry_time_ms"), table_name="log_entry")
    op.drop_index(op.f("ix_log_entry_process"), table_name="log_entry")
    op.drop_index(op.f("ix_log_entry_kind"), table_name="log_entry")
    op.drop_index(op.f("ix_log_entry_counterparty"), table_name="log_entry")
    op.drop_index(op.f("ix_log_entry_agreement"), table_name="log_entry")
    op.drop_table("log_entry")
    op.drop_table("log_detail")
    op.drop_table("hub_push")
    op.drop_index("ix_hub_posting_listing", table_name="hub_posting")
    op.drop_table("hub_posting")
    op.drop_index(op.f("ix_hub_participant_legal_id"), table_name="hub_participant")
    op.drop_table("hub_participant")
    op.drop_index(op.f("ix_hub_listing_provider"), table_name="hub_listing")
    op.drop_index(op.f("ix_hub_listing_listed"), table_name="hub_listing")
    op.drop_table("hub_listing")
    op.drop_index(op.f("ix_hub_application_state"), table_name="hub_application")
    op.drop_index(op.f("ix_hub_application_did"), table_name="hub_application")
    op.drop_table("hub_application")
    op.drop_index(op.f("ix_file_version_digest"), table_name="file_version")
    op.drop_table("file_version")
    op.drop_table("fact")
    op.drop_table("dsp_signature")
    op.drop_index(op.f("ix_dsp_received_received_ms"), table_name="dsp_received")
    op.drop_table("dsp_received")
    op.drop_index(op.f("ix_dsp_process_kind"), table_name="dsp_process")
    op.drop_index(op.f("ix_dsp_process_counterparty"), table_name="dsp_process")
    op.drop_index(op.f("ix_dsp_process_changed_ms"), table_name="dsp_process")
    op.drop_index(op.f("ix_dsp_process_agreement"), table_name="dsp_process")
    op.drop_table("dsp_process")
    op.drop_index(op.f("ix_dsp_agreement_agreement"), table_name="dsp_agreement")
    op.drop_table("dsp_agreement")
    op.drop_table("delivery_push")
    op.drop_table("delivery_grant")
    op.drop_table("cohort_roster_memory")
    op.drop_index(op.f("ix_cohort_provider_session_state"), table_name="cohort_provider_session")
    op.drop_index(
        op.f("ix_cohort_provider_session_charge_key"), table_name="cohort_provider_session"
    )
    op.drop_table("cohort_provider_session")
    op.drop_index(op.f("ix_cohort_ask_state"), table_name="cohort_ask")
    op.drop_index(op.f("ix_cohort_ask_question"), table_name="cohort_ask")
    op.drop_index(op.f("ix_cohort_ask_asked_ms"), table_name="cohort_ask")
    op.drop_table("cohort_ask")
    op.drop_table("cohort_aggregation_part")
    op.drop_index(op.f("ix_cohort_aggregation_state"), table_name="cohort_aggregation")
    op.drop_table("cohort_aggregation")
    op.drop_table("checkpoint")
    op.drop_table("announcement")
