"""Asking as an owner does, with what no owner may choose: a short key, which is quicker to draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic import command
from sqlalchemy import inspect, text

from connector.areas.cohort.total import Total
from connector.areas.questions import Wanted, ask
from connector.areas.questions.modes import MODES
from connector.store.migrate import configuration, migrate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.party.node import Node

SHORTEST = 2048  # bits of a key that is taken


def ask_briefly(
    node: Node,
    agreements: Sequence[str],
    *,
    sql: str,
    purpose: str,
    mode: str | None = None,
    question_id: str | None = None,
) -> dict[str, Any]:
    """Ask; give the outcome as the management API does."""
    wanted = Wanted(agreements=agreements, sql=sql, purpose=purpose, mode=mode, id=question_id)
    return ask(node, wanted, (*MODES, Total(key_bits=SHORTEST)))


def as_before_0008(node: Node, *, also: str = "") -> None:
    """Take a home's schema back to two tables of asked questions, and forth to one.

    Args:
        node: of the home.
        also: a statement that is run while there are two.
    """
    with node.db.engine.begin() as connection:
        command.downgrade(configuration(connection), "0007")
        tables = inspect(connection)
        assert {"state", "answer"} <= {c["name"] for c in tables.get_columns("cohort_ask")}
        assert "agreement" in {c["name"] for c in tables.get_columns("question_asked")}
        if also:
            connection.execute(text(also))
    assert migrate(node.db)
