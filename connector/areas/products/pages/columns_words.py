"""What the first step of the wizard says: what the columns mean."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

TITLE: Final = Words("各列的含义", "What the columns mean")
INTRO: Final = Words(
    "{rows} 行，全部读过。下面的用途只是推测：请逐列确认。未使用的列，任何提问都读不到",
    "{rows} {rows|row|rows}, all of them read. The uses below are guessed: confirm each. No"
    " question reads a"
    " column that is not used",
)
LEFT_TO_CONFIRM: Final = Words(
    "还有 {count} 列待确认；用途、读法或分法改变后须重新确认",
    "{count} {count|column is|columns are} left to confirm; one whose use, reading or cut was"
    " changed is to be confirmed again",
)
CONFIRMED: Final = Words("已确认", "confirmed")
UNCONFIRMED: Final = Words("待确认", "to be confirmed")
ALL_CONFIRMED: Final = Words("全部已确认", "All are confirmed")
LACKS: Final = Words("还缺：{what}", "It still lacks: {what}")
ROLE: Final = Words("用途", "Use")
CONTRIBUTOR: Final = Words("贡献者：隐私的单位", "Contributor: the unit of privacy")
DIMENSION: Final = Words("维度：可按它分组和筛选", "Dimension: to group and filter by")
MEASURE: Final = Words("指标：可求和、求平均", "Measure: to sum and average")
UNUSED: Final = Words("不使用", "Not used")
USED_COLUMNS: Final = Words("使用的列", "Columns in use")
OTHER_COLUMNS: Final = Words("其他列", "Other columns")
WHY_UNUSED: Final = Words("为何不使用", "Why it is left out")
GUESS: Final = Words("推测的类型", "Looks like")
SAMPLES: Final = Words("前几个值（仅本方可见）", "First values (seen on this side alone)")
DISTINCT: Final = Words("约 {count} 个不同的值", "about {count} different {count|value|values}")
WITHOUT: Final = Words("{count} 行没有值", "{count} {count|row has|rows have} none")
RARE: Final = Words(
    "{count} 个值的贡献者少于 5 个",
    "{count} of its values {count|has|have} fewer than 5 contributors",
)
NO_VALUES: Final = Words("没有值", "no values")
NAME: Final = Words("提问中的名字", "Name in questions")
MEANS_ZH: Final = Words("含义（中文）", "Meaning in Chinese")
MEANS_EN: Final = Words("含义（英文）", "Meaning in English")
UNIT: Final = Words("单位", "Unit")
UNIT_WHY: Final = Words(
    "没有单位的指标都算可互相比较，须一起保护", "Measures without a unit are protected together"
)
READ_AS: Final = Words("读作", "Read as")
CUT: Final = Words("分成", "Cut into")
CUT_CODES: Final = Words("逐个值", "its values")
CUT_RANGE: Final = Words("整数范围", "a range of whole numbers")
CUT_BINS: Final = Words("区间", "ranges between edges")
CUT_YEAR: Final = Words("年", "years")
CUT_QUARTER: Final = Words("季度", "quarters")
CUT_MONTH: Final = Words("月份", "months of the year")
CODES: Final = Words(
    "代码，每行一个；接收方会原样看到", "Codes, one a line; recipients see them as they are"
)
EDGES: Final = Words(
    "区间的边界，每行一个，从小到大；inf 表示无上限",
    "Edges of the ranges, one a line, ascending; inf for no upper end",
)
FROM_: Final = Words("从", "From")
TO: Final = Words("到", "To")
LOWER: Final = Words("下限", "Lower bound")
UPPER: Final = Words("上限", "Upper bound")
BOUNDS_WHY: Final = Words(
    "界外的值按界计；请填常识范围，不要填数据中的最大值",
    "Values beyond count as the bound; write what is plausible, not what happens to be the largest",
)
EMPTY: Final = Words("没有值的行", "Rows without a value")
EMPTY_ERROR: Final = Words("不允许：拒绝文件", "not allowed: the file is refused")
EMPTY_ZERO: Final = Words("按 0 计", "count as 0")
EMPTY_SKIP: Final = Words("不计", "do not count")
EMPTY_DROP: Final = Words("略去该行，并计数", "are left out, and counted")
ORDER: Final = Words(
    "重要性（1 最重要，最后一个最先合并）", "Importance (1 the most; the last is merged first)"
)
CONFIRM_CONTRIBUTOR: Final = Words(
    "我确认：每行属于其中一个，数据中没有更小的对象（如员工、患者）",
    "I confirm: each row is of one of these, and tells of nobody below them, such as employees",
)
CONFIRM_DIMENSION: Final = Words(
    "我确认：接收方可以知道这一列和这些代码",
    "I confirm: recipients may know this column and its codes",
)
CONFIRM_MEASURE: Final = Words(
    "我确认：读法、单位正确，上下限可以告知每个询问方",
    "I confirm: it is read rightly, the unit is right, and every asker may know the bounds",
)
DAYS: Final = Words("两个日期相差的天数", "Days between two days")
DAYS_WHY: Final = Words(
    "文件中有不止一列日期。它们相差的天数可以作为指标，如晚交的天数：较晚的减去较早的",
    "The file has more than one column of days. How many lie between two of them can be a measure,"
    " such as days late: the later less the earlier",
)
DAYS_USE: Final = Words(
    "作为指标提供；我确认：上下限可以告知每个询问方",
    "Offer it as a measure; I confirm: every asker may know the bounds",
)
DAYS_LATER: Final = Words("较晚的（如实际日期）", "The later one, such as the actual day")
DAYS_EARLIER: Final = Words("减去较早的（如承诺日期）", "Less the earlier one, as promised")
SAVE: Final = Words("保存各列", "Save the columns")
SAVED: Final = Words("已保存", "It was saved")
SHEET: Final = Words("工作表", "Sheet")
HEAD: Final = Words("表头所在的行", "Row of the header")
READ_SHEET: Final = Words("读取此工作表", "Read this sheet")
SHEET_WHY: Final = Words(
    "我明白：重新读取会放弃已做的决定", "I understand: reading again gives up what was decided"
)
TO_PREVIEW: Final = Words("前往预览", "Go to the preview")
UNREADABLE: Final = Words("无法使用", "cannot be used")
COULD_BE: Final = Words("可用作", "Use it as")

TYPE_TEXT: Final = Words("文字", "text")
TYPE_INTEGER: Final = Words("整数", "whole numbers")
TYPE_DECIMAL: Final = Words("小数", "decimal numbers")
TYPE_DATE: Final = Words("日期", "days")
TYPE_TIMESTAMP: Final = Words("时间", "times")
TYPE_BOOLEAN: Final = Words("是/否", "yes or no")
WRITTEN: Final = Words("{type}，写作 {like}", "{type}, written like {like}")
