"""One table of asked questions: what was asked of several providers stands in it, too.

The row of a question to one provider keeps its place, and its id becomes that of the only attempt.
A total's session is its attempt, and keeps in `cohort_ask` what belongs to sessions alone.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# text is ordered by its bytes wherever it lies: PostgreSQL would follow the server's language
TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
TOTAL = "homomorphic"
BATCH = 200  # rows at a time: an answer may have megabytes
ADDED = ("question", "agreements", "why", "answer")
MOVED = ("question", "state", "agreements", "asked", "answer", "reasons")

asked = sa.table(
    "question_asked",
    *(sa.column(name, TEXT) for name in ("attempt", "counterparty", "agreement", "sql", "purpose")),
    *(sa.column(name, TEXT) for name in ("mode", "state", "jws", "usage", "reasons", *ADDED)),
    sa.column("asked_ms", sa.BigInteger()),
    sa.column("ended_ms", sa.BigInteger()),
)
totals = sa.table(
    "cohort_ask",
    *(sa.column(name, TEXT) for name in ("session", "acceptances", *MOVED)),
    sa.column("asked_ms", sa.BigInteger()),
    sa.column("ended_ms", sa.BigInteger()),
)


def upgrade() -> None:
    """Bring the schema up to this revision."""
    for name in ("asked_ms", "counterparty"):
        op.drop_index(f"ix_question_asked_{name}", table_name="question_asked")
    op.alter_column("question_asked", "question", new_column_name="attempt")
    for name in ADDED:
        op.add_column("question_asked", sa.Column(name, TEXT, server_default="", nullable=False))
    _of_one()
    for name in ("counterparty", "agreement"):
        op.drop_column("question_asked", name)
    _of_several()
    for name in ("asked_ms", "question", "state"):
        op.drop_index(f"ix_cohort_ask_{name}", table_name="cohort_ask")
    for name in (*MOVED, "asked_ms", "ended_ms"):
        op.drop_column("cohort_ask", name)
    for names in (["question"], ["state"], ["mode", "asked_ms"]):
        op.create_index(f"ix_question_asked_{'_'.join(names)}", "question_asked", names)


def _of_one() -> None:
    """Name the agreement of each question by its provider; why a mode was taken was not kept."""
    found = _all(sa.select(asked.c.attempt, asked.c.counterparty, asked.c.agreement))
    change = (
        asked.update()
        .where(asked.c.attempt == sa.bindparam("of"))
        .values(question=sa.bindparam("of"), agreements=sa.bindparam("by"), why="plan.cheapest")
    )
    for rows in found:
        told = [{"of": of, "by": json.dumps({did: agreement})} for of, did, agreement in rows]
        op.get_bind().execute(change, told)


def _of_several() -> None:
    """Give each session of a total its row among the asked questions."""
    for rows in _all(sa.select(totals)):
        op.bulk_insert(asked, [_row(row) for row in rows])


def _row(total: Any) -> dict[str, Any]:
    _, sql, purpose = json.loads(total.asked)
    told = json.loads(total.acceptances) if total.state == "ANSWERED" else {}
    usage = {did: answer.get("usage") for did, answer in told.items()}
    return {
        "attempt": total.session,
        "question": total.question,
        "mode": TOTAL,
        "state": total.state.lower(),
        "agreements": total.agreements,
        "sql": sql,
        "purpose": purpose,
        "why": "plan.several",
        "jws": "",
        "answer": total.answer,
        "usage": json.dumps(usage) if told else "",
        "reasons": total.reasons,
        "asked_ms": total.asked_ms,
        "ended_ms": total.ended_ms,
    }


def _all(query: sa.Select[Any]) -> Iterator[Sequence[Any]]:
    """Read all rows in the order of asking, some at a time; none while others are written."""
    by = next(iter(query.selected_columns))
    when = by.table.c.asked_ms
    names = op.get_bind().execute(sa.select(by).order_by(when)).scalars().all()
    for start in range(0, len(names), BATCH):
        part = names[start : start + BATCH]
        rows = {row[0]: row for row in op.get_bind().execute(query.where(by.in_(part)))}
        yield [rows[name] for name in part]


def downgrade() -> None:
    """Take the schema back to the revision before."""
    for name in ("question", "state", "mode_asked_ms"):
        op.drop_index(f"ix_question_asked_{name}", table_name="question_asked")
    for name in MOVED:
        op.add_column("cohort_ask", sa.Column(name, TEXT, server_default="", nullable=False))
    for name in ("asked_ms", "ended_ms"):
        column = sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)
        op.add_column("cohort_ask", column)
    for name in ("counterparty", "agreement"):
        op.add_column("question_asked", sa.Column(name, TEXT, server_default="", nullable=False))
    _apart()
    for name in ADDED:
        op.drop_column("question_asked", name)
    op.alter_column("question_asked", "attempt", new_column_name="question")
    for name in ("asked_ms", "counterparty"):
        op.create_index(f"ix_question_asked_{name}", "question_asked", [name])
    for name in ("asked_ms", "question", "state"):
        op.create_index(f"ix_cohort_ask_{name}", "cohort_ask", [name])


def _apart() -> None:
    """Give totals their own columns again, and each question its one agreement."""
    bind = op.get_bind()
    for rows in _all(sa.select(asked)):
        for row in rows:
            agreements = json.loads(row.agreements)
            if row.mode == TOTAL:
                text = json.dumps(
                    [sorted(agreements.values()), row.sql, row.purpose],
                    ensure_ascii=False,
                    separators=(",", ":"),
                )
                kept = {name: getattr(row, name) for name in ("question", "agreements", "answer")}
                kept |= {"asked_ms": row.asked_ms, "ended_ms": row.ended_ms, "asked": text}
                kept |= {"state": row.state.upper(), "reasons": row.reasons or "[]"}
                bind.execute(totals.update().where(totals.c.session == row.attempt).values(kept))
                bind.execute(asked.delete().where(asked.c.attempt == row.attempt))
            else:
                ((did, agreement),) = agreements.items()
                change = asked.update().where(asked.c.attempt == row.attempt)
                bind.execute(change.values(counterparty=did, agreement=agreement))
