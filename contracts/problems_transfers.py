"""What can be wrong with a request for a transfer, whatever it carries."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

FORMAT_UNSUPPORTED: Final = Problem(
    "transfer.format-unsupported",
    Words(
        "`/format`：该合约不允许 `{format}`", "`/format`: this agreement lets no `{format}` through"
    ),
    Words(
        "请改用数据集的分发方式中列出的格式",
        "ask for a format that stands in the dataset's distributions",
    ),
)
