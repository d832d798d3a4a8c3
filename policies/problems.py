"""What can be wrong with a question or a policy beside what its reasons say."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

# their codes are those of the first reason
QUESTION: Final = Problem(
    "",
    Words(
        "问题在第 {line} 行第 {column} 列被拒绝：{why}",
        "question refused at line {line}, column {column}: {why}",
    ),
)
AFTER: Final = Words("{after}", "{after}")
POLICY: Final = Problem(
    "",
    Words(
        "未能理解策略的 `{pointer}` 处：应为{expected}，实为 `{got}`",
        "policy not understood at `{pointer}`: expected {expected}, got `{got}`",
    ),
    Words(
        "请对方以双方都了解的术语给出要约",
        "ask the other side for an offer in terms that both sides know",
    ),
)
KNOWN_TERMS: Final = Words("已知的术语", "known terms")
NOTHING: Final = Words("空", "nothing")

# literals of constraints
A_DECIMAL: Final = Words("写成文本的十进制数", "a decimal number as text")
A_DID: Final = Words("DID", "a DID")
AN_IRI: Final = Words("绝对 IRI", "an absolute IRI")
AN_INSTANT: Final = Words(
    "日期，或带时区的时刻，如 2027-12-31T00:00:00Z",
    "a date or an instant with its zone, e.g. 2027-12-31T00:00:00Z",
)
MODE_OR_IRI: Final = Words("下列之一：{known}，或绝对 IRI", "one of {known}, or an absolute IRI")
A_SHORT_TEXT: Final = Words("简短的文本", "a short text")
