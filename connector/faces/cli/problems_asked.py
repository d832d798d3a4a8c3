"""What can be wrong with the line of ``voile questions``."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

RECEIVED_ONLY: Final = Problem(
    "usage",
    Words(
        "筛选、分页与 CSV 只用于别人的提问",
        "filters, pages and CSV are for the questions of others",
    ),
    Words("请加上 --received", "add --received"),
)
CSV_AND_JSON: Final = Problem(
    "usage",
    Words("`--csv` 与 `--json` 只能选其一", "`--csv` and `--json` exclude each other"),
    Words("请去掉其中一个", "leave one of them out"),
)
BOM_ALONE: Final = Problem(
    "usage",
    Words("`--bom` 只用于 CSV", "`--bom` is for CSV"),
    Words("请加上 --csv", "add --csv"),
)
NO_MOMENT: Final = Problem(
    "usage",
    Words("`{given}` 不是日期或时刻", "`{given}` is no day and no moment"),
    Words(
        "请写成 2026-11-30 或 2026-11-30T08:00:00Z",
        "write 2026-11-30 or 2026-11-30T08:00:00Z",
    ),
)
