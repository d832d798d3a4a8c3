"""What the last step of the wizard says: check and publish."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

TITLE: Final = Words("检查并发布", "Check and publish")
READY: Final = Words("可以发布", "It can be published")
LACKING: Final = Words("发布前还须完成", "What is left to do before")
CHECK_COLUMNS: Final = Words("各列已确认", "The columns are confirmed")
CHECK_PREVIEW: Final = Words("预览是最新的，没有问题", "The preview is new, and found nothing")
CHECK_OFFER: Final = Words("要约已写明", "The offer says who may ask")
DO_COLUMNS: Final = Words("确认各列", "Confirm the columns")
DO_PREVIEW: Final = Words("前往预览", "Go to the preview")
DO_OFFER: Final = Words("写要约", "Write the offer")
DONE_MARK: Final = Words("完成", "done")
LEFT_MARK: Final = Words("待办", "to do")
WHAT: Final = Words("将会发生什么", "What will happen")
WHAT_ID: Final = Words("标识", "Identifier")
WHAT_LEVEL: Final = Words("级别", "Level")
WHAT_OFFER: Final = Words("要约", "Offer")
WHAT_CELLS: Final = Words("公布的单元格", "Cells that are shown")
WHAT_CELLS_OF: Final = Words("{count} 个中的 {safe} 个", "{safe} of {count}")
NO_OFFER: Final = Words(
    "没有要约：会发布，但谁都不能提问", "None: it is published, and nobody can ask"
)
STANDS: Final = Words(
    "此标识的产品已存在：发布后成为它的新数据版本，并以此处的名称和要约替换其原有的",
    "A product of this identifier stands already: this becomes a new data version of it, and puts"
    " its names and offers in the place of those that it has",
)
FOR_GOOD: Final = Words(
    "列、维度、指标、上下限和规则一经发布不能更改；要约可以更改。没有人签约之前可以整体收回",
    "Columns, dimensions, measures, bounds and rules stay once published; offers may change. As"
    " long as nobody has agreed, it can be taken back whole",
)
SECOND_MARK: Final = Words("第二人", "second person")
SECOND: Final = Words(
    "级别 2 及以上可能须由第二人同意：同意之前它在待办中等待，不会向任何人提供",
    "Level 2 and above may need a second person: until they agree it waits in the inbox, and"
    " nothing is on offer",
)
CLAMPED: Final = Words(
    "允许某个指标有超过 1% 的值越界", "More than 1 % of a measure's values may be out of bounds"
)
PUBLISH: Final = Words("发布", "Publish")
BEGUN: Final = Words("已提交发布", "It was handed in for publishing")
PUBLISHING: Final = Words("正在发布", "It is being published")
PUBLISHED: Final = Words("产品 {product} 已发布", "Product {product} is published")
FAILED: Final = Words("发布未能完成；未改变任何内容", "It was not published; nothing was changed")
DRAFT_FILE: Final = Words("产品文件", "Product file")
