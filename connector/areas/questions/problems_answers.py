"""What can be wrong with the answer of a provider, and what should have stood there."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

UNVERIFIED: Final = Problem(
    "answer-unverified",
    Words(
        "供方的答案不成立：`{field}` 应为 {expected}",
        "the provider's answer does not hold: `{field}`: expected {expected}",
    ),
    Words(
        "请勿使用；请保留问题编号并询问供方",
        "do not use it; keep the question id and ask the provider",
    ),
)
OUR_QUESTION: Final = Words("我方在该合约下提出的问题", "a question of ours under this agreement")
INSTANT: Final = Words("一个时刻", "an instant")
TIME_SINCE: Final = Words("合约订立至今之间的时间", "a time between the agreement and now")
LEFT_OUT: Final = Words("略去的单元数", "how many cells are left out")
MEASURES: Final = Words("指标的列表", "a list of measures")
MEASURE_TEXTS: Final = Words("名称、单位和上下限的文字", "name, unit and bounds as texts")
BOUND_TEXTS: Final = Words("十进制文字的上下限", "bounds as decimal texts")
NONE: Final = Words("无", "none")
KEYS: Final = Words(
    "所告知维度的键，代码为文字", "keys of the announced dimensions, codes as texts"
)
VALUES: Final = Words("每个输出的数值", "values for each output")
NUMBERS: Final = Words("十进制文字的数", "numbers as decimal texts")
STATUSES: Final = Words("每个未放行输出的状态", "a status of each output that is not released")
NUMBER_OR_STATUS: Final = Words(
    "每个输出有一个数，否则有状态", "a number, or else a status, for each output"
)
REASON: Final = Words("带理由的单元", "cells with a reason")
STATUSES_OF: Final = Words("各输出的状态", "statuses of outputs")
AS_OF: Final = Words("`asOf` 为数据版本的编号", "in `asOf` the number of a data version")
VERSIONS: Final = Words(
    "`versions` 先为较早的数据版本及其部分，最后为最新的",
    "in `versions` older data versions with their parts, then the newest",
)
ADVICE: Final = Words("各输出的建议", "advice for outputs")
TOGETHER: Final = Words(
    "`togetherWith` 为键，`widen` 为维度的代码",
    "in `togetherWith` keys, and in `widen` codes of dimensions",
)
