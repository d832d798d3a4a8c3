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
