"""What a product file that was made in the console says in its comments."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

HEAD: Final = Words(
    "产品文件，由产品向导根据 {name} 写成；`voile publish` 同样接受",
    "product file, made by the product wizard from {name}; `voile publish` takes it as well",
)
CODES_INSIDE: Final = Words(
    "本文件含有数据中的代码和取值范围：请勿外传",
    "this text holds codes and ranges of the data: pass it on to nobody",
)

# what a field of a column is called, where its page asks for it
FIELDS: Final = {
    "role": Words("用途", "use"),
    "name": Words("提问中的名字", "name in questions"),
    "zh": Words("含义", "meaning"),
    "unit": Words("单位", "unit"),
    "reading": Words("读法", "reading"),
    "codes": Words("代码或边界", "codes or edges"),
    "lower": Words("下限或起点", "lower bound"),
    "upper": Words("上限或终点", "upper bound"),
    "empty": Words("没有值的行", "rows without a value"),
    "order": Words("重要性", "importance"),
    "later": Words("较晚的日期", "later day"),
    "earlier": Words("较早的日期", "earlier day"),
}

# what was expected there
A_NAME: Final = Words("名称", "a name")
OTHER_NAME: Final = Words("其他列没有的名字", "a name that no other column in use has")
A_PLAIN_NUMBER: Final = Words(
    "如 4000 或 4000.50 的数值：小数点用 .，不加千位分隔符",
    "a number like 4000 or 4000.50, with . before the decimals and no marks between thousands",
)
A_PLAIN_WHOLE: Final = Words(
    "如 4000 的整数，不加千位分隔符",
    "a whole number like 4000, with no marks between thousands",
)
NOT_BELOW: Final = Words("不小于下限 {lower} 的数", "a number not below the lower bound {lower}")
WITH_ZERO: Final = Words(
    "包含 0 的上下限，因为没有值的行按 0 计",
    "bounds that hold 0, as rows without a value count as 0",
)
ASCENDING: Final = Words("从小到大的边界", "edges that ascend")
FROM_ONE: Final = Words("1 至 99 的整数，1 最重要", "a whole number from 1 to 99, 1 the most")
OTHER_ORDER: Final = Words(
    "与其他维度不同的数（`{column}` 已是此数）",
    "a number that no other dimension has (`{column}` has this one)",
)
A_COLUMN_OF_DAYS: Final = Words("一列日期", "a column of days")
ANOTHER_COLUMN: Final = Words("另一列", "another column than the later day's")
THE_SAME: Final = Words("同一列", "the same")
DAYS_BETWEEN: Final = Words("两个日期相差的天数", "days between two days")
