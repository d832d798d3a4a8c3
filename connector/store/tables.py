"""The tables of the store itself; the areas' stand in their values, see `connector.party.area`."""

from __future__ import annotations

from typing import Final

from connector.store.outbox_rows import OutboxRow
from connector.store.rows import (
    AckRow,
    CheckpointRow,
    FactRow,
    GivenAckRow,
    LogDetailRow,
    LogEntryRow,
    LogHeadRow,
    LogNodeRow,
    LogTermRow,
    OwedAckRow,
    PeerCheckpointRow,
    SecretRow,
)

TABLES: Final = (
    SecretRow,
    FactRow,
    OutboxRow,
    LogEntryRow,
    LogTermRow,
    LogNodeRow,
    LogHeadRow,
    LogDetailRow,
    CheckpointRow,
    PeerCheckpointRow,
    AckRow,
    GivenAckRow,
    OwedAckRow,
)
