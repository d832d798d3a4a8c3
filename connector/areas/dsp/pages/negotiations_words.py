"""Words of the list of negotiations."""

from __future__ import annotations

from typing import Final

from connector.areas.dsp.pages.words import (
    CHANGED,
    DATASET,
    OTHER_SIDE,
    OUR_PART,
    TURN,
)
from crypto.words import Words

TITLE: Final = Words("协商", "Negotiations")
INTRO: Final = Words(
    "向提供方请求要约，或他人向本方请求要约。最近有变化的在前。",
    "Offers that we asked for, and that others asked us for. What changed last comes first.",
)
OPEN: Final = Words("进行中", "Open")
ENDED: Final = Words("已结束", "Over")
SHOW: Final = Words("状态", "State")
NONE: Final = Words("还没有协商", "There is no negotiation yet")
NONE_SUCH: Final = Words("没有符合条件的协商", "No negotiation fits these filters")
FIND: Final = Words("到目录中查找数据集", "Find a dataset in the catalogue")
CLEAR: Final = Words("清除筛选", "Clear filters")
CONTRACTS: Final = Words("合约", "Contracts")
OTHER_TERMS: Final = Words("条款与所请求的不同", "other terms than we asked for")
SAME_TERMS: Final = Words("条款与所请求的相同", "the terms that we asked for")
UNREADABLE: Final = Words("无法读取", "cannot be read")

# said by the template as its own
_SHARED: Final = (CHANGED, DATASET, OTHER_SIDE, OUR_PART, TURN)
