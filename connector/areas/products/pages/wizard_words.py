"""What the steps of the product wizard share in words."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

STEP_COLUMNS: Final = Words("各列的含义", "What the columns mean")
STEP_PREVIEW: Final = Words("预览单元格", "Preview of the cells")
STEP_OFFER: Final = Words("要约", "The offer")
STEP_SEEN: Final = Words("使用方所见", "What the buyer sees")
STEP_PUBLISH: Final = Words("检查并发布", "Check and publish")
STEPS_OF: Final = Words("步骤", "Steps")
FILE: Final = Words("文件", "File")
NO_FILE_NOW: Final = Words("文件已删除", "The file is gone")
BYTES: Final = Words("{count} 字节", "{count} bytes")
PRODUCT_FILE: Final = Words("目前的产品文件", "The product file so far")
DOWNLOAD: Final = Words("下载产品文件", "Download the product file")
NOTHING_WRITTEN: Final = Words("还没有内容", "Nothing is written yet")
LAST_FAILURE: Final = Words("上次未能完成", "The last attempt came to nothing")
WORKING_READ: Final = Words("正在读取文件", "The file is being read")
WORKING_PREVIEW: Final = Words("正在制作预览", "The preview is being made")
WORKING_WAITS: Final = Words("正在等待轮到它", "It waits for its turn")
WORKING_STAGE: Final = Words("{stage}：{percent} %", "{stage}: {percent} %")
LEAVE: Final = Words("可以离开此页，工作会继续", "You may leave this page: the work goes on")
LOOK_AGAIN: Final = Words("现在查看", "Look now")
STOP: Final = Words("取消", "Cancel")
STOPPED: Final = Words("已要求取消", "It will be cancelled")
INTERRUPTED: Final = Words(
    "读取被中断（例如连接器重新启动）。文件仍在，可以重新读取",
    "Reading was interrupted, perhaps as the connector started anew. The file is still here",
)
READ_AGAIN: Final = Words("重新读取文件", "Read the file again")
READING_BEGUN: Final = Words("开始读取", "It is being read")
DROP: Final = Words("丢弃草稿和文件", "Drop the draft and its file")
DROP_SURE: Final = Words(
    "我明白：文件和已做的决定都会删除，不能恢复",
    "I understand: the file and what was decided are removed, for good",
)
LEAVES_BY_ITSELF: Final = Words(
    "草稿的文件已在发布时删除；草稿在 {days} 天后自动离开列表，产品不受影响",
    "The draft's file went when it was published. The draft leaves the list by itself after {days}"
    " days; the product stays",
)
DROPPED: Final = Words("草稿已丢弃", "The draft was dropped")
STALE: Final = Words(
    "预览之后又有更改：以下按先前的预览显示",
    "Something was changed since the preview: what is shown below is of before",
)
PREVIEW_AGAIN: Final = Words("重新预览", "Preview it again")
NEXT: Final = Words("下一步：{step}", "Next: {step}")
NOTHING_PUBLISHED: Final = Words(
    "在第 5 步之前，不会向任何人提供任何内容", "Nothing is shown to anybody before step 5"
)
RENEWAL: Final = Words(
    "产品 {product} 的新数据版本：列、规则和要约保持不变",
    "New data of product {product}: its columns, rules and offers stay",
)
DONE_ALREADY: Final = Words("此草稿已发布为产品 {product}", "This draft became product {product}")
TO_PRODUCT: Final = Words("查看产品", "Go to the product")

STAGE_READ: Final = Words("读取", "reading")
STAGE_CHECK: Final = Words("核对", "checking")
STAGE_GROUP: Final = Words("分组", "grouping")
STAGE_CELLS: Final = Words("计算单元格", "making cells")
STAGE_COMPARE: Final = Words("与先前版本比较", "comparing with earlier versions")
STAGE_MERGE: Final = Words("合并与保护", "merging and protecting")
STAGE_WRITE: Final = Words("写入", "writing")
STAGE_STORE: Final = Words("保存", "keeping")
