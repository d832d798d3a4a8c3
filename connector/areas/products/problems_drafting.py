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
    Words(
        "请给该文件改名；文件夹则可收窄 --files", "rename that file; of a folder, narrow --files"
    ),
)
NO_WORKBOOK: Final = Problem(
    "draft.data",
    Words("`{name}` 不是 Excel 工作簿（.xlsx）", "`{name}` is no Excel workbook (.xlsx)"),
    Words("请删去 --sheet 与 --header-row", "leave --sheet and --header-row out"),
)
