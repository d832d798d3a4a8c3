"""Words of the list of contracts."""

from __future__ import annotations

from typing import Final

from connector.areas.dsp import page_words
from crypto.words import Words

TITLE: Final = Words("合约", "Contracts")
CONTRACT: Final = Words("合约编号", "Contract")
SHOW: Final = Words("状态", "State")
OPEN: Final = Words("未终止", "Not ended")
ENDED: Final = Words("已终止", "Ended")
VALIDITY: Final = Words("有效期", "Validity")
ALWAYS: Final = Words("没有期限", "no end")
UNTIL: Final = Words("至 {day}", "until {day}")
FROM: Final = Words("自 {day}", "from {day}")
LEFT: Final = Words("剩余 {days} 天", "{days} {days|day|days} left")
OVER: Final = Words("已过期", "over")
USES: Final = Words("回答次数", "Answers")
USED: Final = Words("已用 {used} / {limit}", "{used} of {limit} used")
AT_MOST: Final = Words("至多 {limit}", "at most {limit}")
USED_FREE: Final = Words("已用 {used}，不限", "{used} used, no limit")
NO_LIMIT: Final = Words("不限", "no limit")
NONE: Final = Words("还没有合约", "There is no contract yet")
NONE_SUCH: Final = Words("没有符合条件的合约", "No contract fits these filters")
FIND: Final = Words("到目录中查找数据集", "Find a dataset in the catalogue")
CLEAR: Final = Words("清除筛选", "Clear filters")
WAITING: Final = Words(
    "{count} 项要约等待决定", "{count} {count|offer waits|offers wait} for a decision"
)

OTHER_SIDE: Final = page_words.OTHER_SIDE
DATASET: Final = page_words.DATASET
OUR_PART: Final = page_words.OUR_PART
