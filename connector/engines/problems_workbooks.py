"""What can be wrong with an Excel workbook."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

NOT_INSTALLED: Final = Problem(
    "data.workbook",
    Words("读取 Excel 工作簿所需的库未安装", "what reads Excel workbooks is not installed"),
    Words(
        "请安装 `voile[excel]` 并重启连接器，或另存为 CSV（UTF-8）",
        "install `voile[excel]` and start the connector again, or save it as CSV (UTF-8)",
    ),
)
DAMAGED: Final = Problem(
    "data.workbook",
    Words(
        "工作簿 `{name}` 已损坏、有密码，或内部写法异常",
        "the workbook `{name}` is damaged, has a password, or is written in a way that none is",
    ),
    Words("请在 Excel 中打开并另存", "open it in Excel and save it anew"),
)
TOO_LARGE: Final = Problem(
    "data.workbook",
    Words(
        "工作簿 `{name}` 解压后超过 {most} GiB，或超过其自身大小的 {times} 倍",
        "the workbook `{name}` holds more than {most} GiB, or more than {times} times its size",
    ),
    Words("请另存为 CSV（UTF-8）", "save its sheet as CSV (UTF-8)"),
)
TOO_LARGE_A_PART: Final = Problem(
    "data.workbook",
    Words(
        "工作簿 `{name}` 的部件 `{part}` 超过 {most} MiB",
        "the part `{part}` of the workbook `{name}` holds more than {most} MiB",
    ),
    Words("请另存为 CSV（UTF-8）", "save its sheet as CSV (UTF-8)"),
)
ENDED: Final = Problem(
    "data.workbook",
    Words(
        "读取工作簿 `{name}` 所需的内存超过 {most} GiB 或时间超过 {minutes} 分钟，读取已中止",
        "reading the workbook `{name}` took more than {most} GiB of memory or {minutes} minutes,"
        " and was ended",
    ),
    Words("请另存为 CSV（UTF-8）", "save its sheet as CSV (UTF-8)"),
)
TOO_WIDE: Final = Problem(
    "data.workbook",
    Words(
        "工作表首末单元格之间超过 {most} 个单元格",
        "there are more than {most} cells between the first and the last of the sheet",
    ),
    Words(
        "请删去远处的单元格，或另存为 CSV（UTF-8）",
        "clear cells far away from the data, or save the sheet as CSV (UTF-8)",
    ),
)
NO_SHEET: Final = Problem(
    "data.workbook",
    Words("没有工作表 `{sheet}`；有：{there}", "there is no sheet `{sheet}`, but {there}"),
    Words(
        "请在产品文件的 `[reading]` 中改正 `sheet`",
        "correct `sheet` under `[reading]` in the product file",
    ),
)
WHICH_SHEET: Final = Problem(
    "data.workbook",
    Words("工作簿有多个工作表：{there}", "the workbook has several sheets: {there}"),
    Words("请用 --sheet 写明其中一个", "name one of them with --sheet"),
)
NO_HEADER_HERE: Final = Problem(
    "data.header",
    Words(
        "工作表 `{sheet}` 的第 {row} 行只写明了 {columns} 列中 {named} 列的名称",
        "row {row} of the sheet `{sheet}` names {named} of its {columns} columns",
    ),
    Words(
        "请用 --header-row 写明列名所在行的行号",
        "say with --header-row which row holds the names of the columns",
    ),
)
NO_HEADER: Final = Problem(
    "data.header",
    Words("工作表第 {row} 行没有表头", "row {row} of the sheet holds no header"),
    Words(
        "请在 `[reading]` 中写 `header_row`：列名所在行的行号",
        "write `header_row` under `[reading]`: the number of the row with the names of the columns",
    ),
)
MERGED: Final = Problem(
    "data.workbook",
    Words("表头或其下有合并的单元格：{area}", "cells are merged in the header or below it: {area}"),
    Words("请取消合并并逐格填写", "take the merging away and fill in each cell"),
)
CELLS: Final = Problem(
    "data.cells",
    Words(
        "工作表中有不能读取的单元格（列出前 {count} 个）：{cells}",
        "cells of the sheet cannot be taken (the first {count}): {cells}",
    ),
    Words(
        "请在工作簿中改正，或在产品文件中改正列的类型；整个文件未被读取",
        "correct them in the workbook, or the columns' types in the product file; nothing of the"
        " file was taken",
    ),
)
CELL: Final = Words("{cell} {why}", "{cell} {why}")
A_CELL: Final = Words("单元格 {cell}", "cell {cell}")
A_SHEET_ROW: Final = Words("工作表第 {row} 行", "row {row} of the sheet")
A_VALUE: Final = Words("应为{expected}，实为 `{got}`", "expected {expected}, got `{got}`")

# why a cell is none
IS_MERGED: Final = Words("为合并的单元格", "are merged cells")
AN_ERROR_CELL: Final = Words("为错误值", "is an error")
AN_ERROR: Final = Words("为错误值 `{error}`", "is the error `{error}`")
NOT_COMPUTED: Final = Words("为尚未计算的公式", "is a formula that was never computed")
TOO_LARGE_A_NUMBER: Final = Words(
    "为 2⁵³ 以上的数，Excel 存不下其各位数字",
    "is a number from 2⁵³ on, of which Excel keeps not every digit",
)
SHOWN_OTHERWISE: Final = Words(
    "为数字或日期，其显示与存储不同，而该列为文本（请设为文本格式并重新输入，或声明为数字或日期列）",
    "is a number or a date that is shown in another way than it is stored, in a column of texts"
    " (format it as text and enter it anew, or declare the column as numbers or dates)",
)
NO_PERCENT: Final = Words(
    "为没有百分号的数字，而该列声明为百分数（请设为百分比格式，或删去 `percent`）",
    "is a number without a percent sign, in a column of percentages (format it as a percentage, or"
    " leave `percent` out)",
)
NO_DAY: Final = Words("为没有日期的时间", "is a time without a day")
BEFORE_1900: Final = Words("早于 1900-03-01", "is before 1900-03-01")
NO_ZONE: Final = Words("没有时区", "has no zone")
NO_ROOM: Final = Words(
    "含 `{format}` 未写出的秒或小数秒", "has seconds, or parts of one, that `{format}` leaves out"
)
NO_CENTURY: Final = Words(
    "的年份无法以 `{format}` 的两位数表示（请改用 `%Y`）",
    "is of a year that the two digits of `{format}` do not stand for (use `%Y`)",
)
