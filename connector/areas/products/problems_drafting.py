"""What can be unclear about the data that a draft is made of."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

OTHER_FILE: Final = Problem(
    "draft.data",
    Words(
        "文件 `{file}` 的名称不以 {endings} 之一结尾",
        "the name of the file `{file}` ends in none of {endings}",
    ),
    Words("请收窄 --files，或给该文件改名", "narrow --files, or rename that file"),
)
NO_WORKBOOK: Final = Problem(
    "draft.data",
    Words("`{name}` 不是 Excel 工作簿（.xlsx）", "`{name}` is no Excel workbook (.xlsx)"),
    Words("请删去 --sheet 与 --header-row", "leave --sheet and --header-row out"),
)
