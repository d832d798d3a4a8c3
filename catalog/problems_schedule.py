"""What can be wrong with the schedule of a product file."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

A_SCHEDULE: Final = Words(
    "`every day HH:MM`、`every monday HH:MM`（或其他星期几）、`every month HH:MM`"
    "（每月第一天）；不得短于一天，因为每个数据版本都透露此前以来的变化",
    "`every day HH:MM`, `every monday HH:MM` (or another day) or `every month HH:MM` (its first"
    " day); nothing shorter than a day, as each data version tells what moved since the one before",
)
NO_SOURCE: Final = Problem(
    "product.schedule",
    Words(
        "`{field}`：产品文件未声明其数据取自何处",
        "`{field}`: the product file does not say where its data come from",
    ),
    Words(
        "请以 `[source]` 声明数据库的表或查询，或删去 `{field}`",
        "declare a table or a query of a database by `[source]`, or remove `{field}`",
    ),
)
REFUSES: Final = Problem(
    "product.schedule",
    Words(
        '`{field}`：`on_conflict = "refuse"` 会停止发布，待所有者查看，而定时运行时无人在场',
        '`{field}`: `on_conflict = "refuse"` stops a publication for its owner to look at, and'
        " nobody is there when a schedule runs",
    ),
    Words(
        '请在 `[rules]` 中写 `on_conflict = "withhold"`，或删去 `{field}`',
        'say `on_conflict = "withhold"` in `[rules]`, or remove `{field}`',
    ),
)
NO_TIME: Final = Problem(
    "product.schedule",
    Words(
        "`{field}`：第一个维度 `{dimension}` 不是由 date 或 timestamp 类型的列计算的时间",
        "`{field}`: the first dimension, `{dimension}`, is no time: it reads other columns than"
        " such of type date or timestamp",
    ),
    Words(
        "请将时间维度放在首位（仅对尚未发布的产品可行）；若新行总在末尾而旧行从不改动，请在"
        " `[source]` 中写 `append_only = true`；否则删去 `{field}` 并以"
        " `voile publish --refresh` 更新",
        "put a dimension of time first (in a product that is not published yet); where rows are"
        " only ever added behind the others, say `append_only = true` in `[source]`; else remove"
        " `{field}` and renew it by `voile publish --refresh`",
    ),
)
