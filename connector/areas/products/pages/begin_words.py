"""What the page says on which a product is begun."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

TITLE: Final = Words("新产品", "New product")
INTRO: Final = Words(
    "从一个数据文件开始。文件只在本机读取；发布的是受保护的单元格，不是数据行",
    "Begin with a file of data. It is read on this machine alone; what is published is protected"
    " cells, never rows",
)
FIVE: Final = Words(
    "五步：各列的含义 → 预览单元格 → 要约 → 使用方所见 → 发布。随时可以离开，草稿会保留 {days} 天",
    "Five steps: what the columns mean, preview of the cells, offer, what the buyer sees, publish."
    " Leave whenever you like: drafts are kept for {days} {days|day|days}",
)
UPLOAD: Final = Words("上传文件", "Hand in a file")
CHOOSE: Final = Words("数据文件", "Data file")
LIMIT: Final = Words(
    "CSV（可压缩为 gz、zst）、Parquet 或 xlsx，最大 {most}",
    "CSV (packed as gz or zst, too), Parquet or xlsx, at most {most}",
)
BEGIN: Final = Words("开始", "Begin")
BEGUN: Final = Words("已收到文件 {name}", "The file {name} was taken")
ON_HAND: Final = Words("导入文件夹中的文件", "A file of the import folder")
ON_HAND_WHY: Final = Words(
    "大文件可由管理员放入此文件夹", "Larger files may be put there by who runs this machine"
)
PICK: Final = Words("文件名", "Name")
FOR_PRODUCT: Final = Words("新数据版本：产品 {product}", "New data of product {product}")
DRAFTS: Final = Words("草稿", "Drafts")
NO_DRAFTS: Final = Words("还没有草稿", "There are no drafts yet")
SHARED: Final = Words(
    "草稿属于本企业：每位数据管理员都可以接着做",
    "Drafts are the firm's: any of its stewards may go on with one",
)
BEGUN_BY: Final = Words("由谁开始", "Begun by")
CHANGED: Final = Words("最近更改", "Changed")
PRODUCT: Final = Words("产品", "Product")
READING: Final = Words("正在读取", "being read")
STALLED: Final = Words("读取中断", "interrupted")
FAILED: Final = Words("无法读取", "cannot be read")
OPEN: Final = Words("进行中", "under way")
PUBLISHED: Final = Words("已发布", "published")
