"""Words of the list of questions that others asked of us."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

TITLE: Final = Words("收到的提问", "Questions received")
OURS: Final = Words("本方提出的", "Asked by us")
THEIRS: Final = Words("别人向本方提出的", "Asked of us")
INTRO: Final = Words(
    "谁依据哪份合约、为何用途问了什么，结果如何；全部来自存证日志。",
    "Who asked what, under which contract and for which purpose, and what came of it;"
    " all of it from the evidence log.",
)
ASKER: Final = Words("提问方", "Asker")
ASKER_DID: Final = Words("提问方的 DID", "DID of the asker")
UNDER: Final = Words("合约编号", "Contract id")
PRODUCT: Final = Words("产品", "Product")
SINCE: Final = Words("从此日起（UTC）", "From this day (UTC)")
UNTIL: Final = Words("至此日（UTC）", "Until this day (UTC)")
WHEN: Final = Words("时间", "When")
QUESTION: Final = Words("问题", "Question")
CELLS: Final = Words("发布/扣下格数", "Released / withheld")
CHARGED: Final = Words("计次", "Charged")
CONTRACT: Final = Words("合约", "Contract")
NO_TEXT: Final = Words("未保存提问文本", "the text is not kept")
UNREADABLE: Final = Words("无法读取：{why}", "cannot be read: {why}")
WHY: Final = Words("原因", "Why")
NONE: Final = Words(
    "别人对本方数据的每一次提问都会列在这里，包括被拒绝的",
    "Every question that others ask of your data is listed here, refused ones too",
)
NONE_SUCH: Final = Words("没有符合条件的提问", "No question fits these filters")
LOOKED: Final = Words(
    "本页只查看了存证日志的一段；更早的提问在后面的页。",
    "This page looked through one part of the evidence log; older questions are on the next ones.",
)
CLEAR: Final = Words("清除筛选", "Clear filters")
CSV: Final = Words("下载 CSV", "Download CSV")
EXCEL: Final = Words("下载 CSV（供 Excel 打开）", "Download CSV for Excel")
MOST: Final = Words(
    "以“…”结尾的提问已缩短，全文见文件；文件含符合筛选条件的最新 {count} 条",
    "A question that ends in “…” is shortened, and whole in the file; a file holds the newest"
    " {count} that fit the filters",
)
TO_PRODUCTS: Final = Words("查看本方的产品", "See our products")
