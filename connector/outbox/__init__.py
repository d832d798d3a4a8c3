"""The outbox: messages that commit with the state they tell of, delivered at least once."""

from connector.outbox.rows import OutboxRow, Outgoing
from connector.outbox.worker import Handler, Outbox, Verdict

__all__ = ["Handler", "Outbox", "OutboxRow", "Outgoing", "Verdict"]
