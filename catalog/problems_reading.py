"""What can be wrong with what a product file says of how its data are written."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

A_PATTERN: Final = Words(
    "文件名的模式，如 `2026-*.csv`，不含文件夹，至多 8 个 `*`",
    "a pattern of file names like `2026-*.csv`, no folder, at most 8 `*`",
)
QUERY_OR_TABLE: Final = Words("`query` 与 `table` 中恰好一项", "exactly one of `query` and `table`")
NO_READING: Final = Words(
    "不与 `source` 同用：查询自己决定写法", "none beside `source`: a query writes what it likes"
)
OF_TYPES: Final = Words("类型为 {types} 的列", "a column of type {types}")
OF_TYPE: Final = Words("{kind} 类型的 {name}", "{name} of type {kind}")
NOT_THE_DECIMAL: Final = Words("与 `decimal` 不同的符号", "another mark than `decimal`")
BOTH_WORDS: Final = Words("`true` 与 `false` 两者的词", "words for both `true` and `false`")
ONE_MEANING: Final = Words("每个词只有一个含义", "words of one meaning each")
_DATE: Final = Words(
    "含年、月、日各一次的格式，如 `%d.%m.%Y`，即 DD.MM.YYYY（可用：{known}）",
    "a format with year, month and day once each, like `%d.%m.%Y` for DD.MM.YYYY (known: {known})",
)
_TIME: Final = Words(
    "含年、月、日、时、分且不含 `%z` 的格式，如 `%d.%m.%Y %H:%M`，即 DD.MM.YYYY HH:MM"
    "（可用：{known}）",
    "a format with year, month, day, hour and minute and without `%z`, like `%d.%m.%Y %H:%M`"
    " for DD.MM.YYYY HH:MM (known: {known})",
)
_ZONED: Final = Words(
    "含年、月、日、时、分和 `%z` 的格式，如 `%d.%m.%Y %H:%M %z`（可用：{known}）",
    "a format with year, month, day, hour, minute and `%z`, like `%d.%m.%Y %H:%M %z`"
    " (known: {known})",
)
FORMATS: Final = {
    ("date", False): _DATE,
    ("date", True): _DATE,
    ("timestamp", False): _TIME,
    ("timestamp", True): _ZONED,
}
