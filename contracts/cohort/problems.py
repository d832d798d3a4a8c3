"""What can be wrong with a total over several providers."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

SESSION_MISSING: Final = Problem(
    "session-missing",
    Words("没有合计的会话 `{session}`", "no session `{session}` of a total"),
    Words(
        "请向提问方索取该会话的编号：`voile questions --json`",
        "ask who asked for the total for its id: `voile questions --json`",
    ),
)
