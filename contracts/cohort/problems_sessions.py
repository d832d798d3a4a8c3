"""What can be wrong with the name of a session of a total, whoever is asked."""

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
SESSION_UNKNOWN: Final = Problem(
    "session-missing",
    Words("没有会话 `{session}`", "no session `{session}`"),
    Words("请先开启会话", "open it first"),
)
NO_PRODUCT: Final = Problem(
    "session-missing",
    Words("会话 `{session}` 没有汇总结果", "no product of session `{session}`"),
    Words("请查看会话进行到哪一步", "see how far the session is"),
)
