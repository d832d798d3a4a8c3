"""The outbox: messages that commit with the state they tell of, delivered at least once."""

from connector.outbox.outcome import Handler, Verdict
from connector.outbox.worker import Outbox
from connector.store.outbox_rows import OutboxRow, Outgoing

__all__ = ["Handler", "Outbox", "OutboxRow", "Outgoing", "Verdict"]
