"""Words of the page of questions under one contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

TITLE: Final = Words("提问历史", "Question history")
CONTRACT: Final = Words("合约", "Agreement")
LIST: Final = Words("依据此合约的提问", "Questions under this agreement")
LEAF: Final = Words("叶", "Leaf")
TIME: Final = Words("时间", "Time")
ASKER: Final = Words("提问方", "Asker")
QUESTION: Final = Words("提问", "Question")
NO_TEXT: Final = Words("未保存提问文本", "The text is not kept.")
UNREADABLE: Final = Words("无法读取：{why}", "It cannot be read: {why}")
PURPOSE: Final = Words("用途：{purpose}", "Purpose: {purpose}")
STATE: Final = Words("结果", "Result")
CELLS: Final = Words(
    "公布 {released} 格，扣下 {withheld} 格", "{released} cells released, {withheld} withheld"
)
CHARGED: Final = Words("已计次", "Charged")
UNCHARGED: Final = Words("未计次", "Not charged")
SAME_AS: Final = Words("答案同 {question}", "With the answer to {question}")
WHY: Final = Words("为何允许", "Why it was allowed")
RECORD: Final = Words("该答复的记录", "Record of the answer")
OVERLAP: Final = Words("相互重叠", "Overlap")
OVERLAP_SHOWN: Final = Words(
    "两个提问在所问数值、分组和限定上的相同部分（百分数）；越深越接近。只比较问了什么，不含任何答案。",
    "What two questions ask for in common: figures, groups and restrictions, in per cent; darker is"
    " nearer. Only what was asked is compared, no answer.",
)
TOO_FEW: Final = Words(
    "已答复的提问少于两个，无可比较。",
    "Fewer than two questions were answered: nothing to compare.",
)
EMPTY: Final = Words("没有依据此合约的提问。", "Nothing was asked under this agreement.")
DOSSIER: Final = Words("合约卷宗", "Dossier of the agreement")
OLDER: Final = Words("更早", "Older")
PERCENT: Final = Words("相同 {share}%", "{share}% in common")
STATES: Final[Mapping[str, Words]] = {
    "answered": Words("已答复", "Answered"),
    "refused": Words("已拒绝", "Refused"),
    "open": Words("进行中", "Open"),
    "ended": Words("未得结果", "Came to nothing"),
}
BADGES: Final[Mapping[str, str]] = {
    "answered": "good",
    "refused": "bad",
    "open": "wait",
    "ended": "off",
}
