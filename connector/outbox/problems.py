"""What can be wrong with a message that is to go out."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

PARKED_MISSING: Final = Problem(
    "outbox-missing",
    Words("没有搁置的消息 `{name}`", "no parked message `{name}`"),
    Words("见 `voile outbox list --state parked`", "see `voile outbox list --state parked`"),
)
