"""Words of the list of deliveries."""

from __future__ import annotations

from typing import Final

from connector.areas.delivery.pages import words
from crypto.words import Words

TITLE: Final = words.TITLE
INTRO: Final = Words(
    "合约下的传输：文件，以及供提问使用的通道。最近有变化的在前。",
    "Transfers of contracts: files, and what questions go through. What changed last comes first.",
)
NONE: Final = Words("还没有交付", "There is no delivery yet")
NONE_SUCH: Final = Words("没有符合条件的交付", "No delivery fits these filters")
TO_CONTRACTS: Final = Words("查看合约", "See the contracts")
CLEAR: Final = Words("清除筛选", "Clear filters")
OPENING: Final = Words("等待开始", "Waiting for its start")
RUNNING: Final = Words("进行中", "Running")
PAUSED: Final = Words("已暂停", "Paused")
COMPLETED: Final = Words("已完成", "Completed")
ENDED: Final = Words("提前终止", "Ended before its time")

DIRECTION: Final = words.DIRECTION
MODE: Final = words.MODE
AMOUNT: Final = words.AMOUNT
TROUBLE: Final = words.TROUBLE
OTHER_SIDE: Final = words.OTHER_SIDE
PRODUCT: Final = words.PRODUCT
CHANGED: Final = words.CHANGED
