"""Why a column is left out, in words: for its owner."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

UNNAMEABLE: Final = Words(
    "表头为空、过长、重复或含控制字符：请在文件中改名",
    "its header is empty, too long, there twice or has control characters: rename it in the file",
)
NESTED: Final = Words("嵌套或二进制类型，无法读取", "nested or binary: it cannot be read")
FAULTY: Final = Words("不能发布：{fault}", "it cannot be published: {fault}")
NO_VALUES: Final = Words("没有任何值", "it has no values")
BY_A_PERSON: Final = Words("由人设为不使用", "a person set it so")
PRIVATE: Final = Words(
    "列名像个人信息、地址或自由文本",
    "its name sounds like something personal, an address or free text",
)
LONG: Final = Words(
    "像自由文本：最长 {count} 个字符", "it looks like free text: up to {count} characters"
)
AN_ID: Final = Words("列名像编号或代码", "its name sounds like an identifier")
HARDLY_TWICE: Final = Words(
    "像编号：几乎没有重复的值", "it looks like an identifier: hardly a value is there twice"
)
MORE_MEASURES: Final = Words(
    "可作指标；已选 {count} 个，更多会使保护更难",
    "it could be a measure; {count} are chosen, and more are harder to protect",
)
MORE_CELLS: Final = Words(
    "可作维度；加上它单元格会太多", "it could be a dimension; with it cells would be too many"
)
ANOTHER_DATE: Final = Words(
    "可作维度；已使用另一日期列", "it could be a dimension; another column of days is used"
)
TIMES: Final = Words(
    "时间：可自行选为维度，按年、季度或月份分",
    "times: as a dimension it is cut into years",
)
YEARS: Final = Words("年份跨度过大", "its years are too far apart")
WITHOUT: Final = Words("{count} 行没有值", "{count} rows have no value")
ONE_VALUE: Final = Words("所有行的值相同", "it has one value only")
CALENDAR: Final = Words(
    "列名像时间：求和没有意义", "its name sounds like a time: a sum of it means nothing"
)
CALENDAR_MANY: Final = Words(
    "列名像时间：求和没有意义，逐个值分组则太多",
    "its name sounds like a time: a sum of it means nothing, and to group by it, its values are too"
    " many",
)
TOO_LARGE: Final = Words(
    "数值过大或小数位过多，无法精确求和",
    "its numbers are too large, or have too many decimals, to be summed exactly",
)
MANY: Final = Words(
    "约 {count} 个不同的值，超过可逐个列出的 {most} 个",
    "about {count} different values, more than the {most} that are listed one by one",
)
RARE: Final = Words(
    "{count} 个值的贡献者少于 {least} 个：代码是公开的",
    "{count} of its values have fewer than {least} contributors, and codes are public",
)
FEW_ROWS: Final = Words(
    "{count} 个不同的值，每个值的行太少", "{count} different values, with too few rows each"
)
UNSOUND: Final = Words(
    "有的值是空白或含不可见字符", "some of its values are blank or have characters that do not show"
)
