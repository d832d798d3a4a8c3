"""What can be wrong with a question, whoever is asked."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

ID_REUSED: Final = Problem(
    "question-id-reused",
    Words(
        "问题编号 `{question}` 已用于另一个问题",
        "the question id `{question}` was used for another question",
    ),
    Words("要提新的问题，请不写 --question-id", "leave --question-id out to ask something new"),
)
ID_NOT_FRESH: Final = Problem(
    "question-id-reused",
    Words(
        "问题编号 `{question}` 已用于另一个问题",
        "the question id `{question}` was used for another question",
    ),
    Words("请为每个问题生成新的编号", "draw a fresh id for every question"),
)
