"""What stands against an operation of the owner while others are under way."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

UNDER_WAY: Final = Problem(
    "product.under-way",
    Words(
        "有产品正在发布、检查或更新，因此暂不能收回 `{product}`",
        "something is being published, checked or refreshed: `{product}` cannot be taken back now",
    ),
    Words("请待其结束后重试", "try again when it has ended"),
)
CHECKS_WAIT: Final = Problem(
    "product.checks-wait",
    Words(
        "已有 {most} 个发布检查在进行或等待",
        "{most} checks of publications run or wait already",
    ),
    Words("请待其中一个结束后重试", "try again when one of them has ended"),
)
