"""Words of the shared catalogue, and of one provider's own, as a firm sees them."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

TITLE: Final = Words("目录", "Catalogue")
INTRO: Final = Words(
    "本数据空间中各企业公布的数据集。每条描述的签名都已核验。",
    "What the firms of this data space have announced. Each description's signature was verified.",
)
NO_HUB: Final = Words(
    "本连接器没有运营方，因此没有共享目录：请直接查看某个提供方的目录。",
    "This connector has no operator, and so no shared catalogue: look at a provider's own.",
)
ASK: Final = Words("词语，-词语 表示排除", "Words; -word excludes")
PROVIDER: Final = Words("提供方", "Provider")
DOMAIN: Final = Words("数据域", "Data domain")
LEVEL: Final = Words("数据级别", "Data level")
MODE: Final = Words("查询方式", "Query mode")
COUNTED: Final = Words("{value}：{count} 项", "{value} ({count})")
FOUND: Final = Words(
    "{total} 项，第 {page} 页，共 {pages} 页", "{total} found, page {page} of {pages}"
)
DATASET: Final = Words("数据集", "Dataset")
ISSUED: Final = Words("签署", "Signed")
OURS: Final = Words("本方", "ours")
NOTHING: Final = Words("还没有企业公布数据集", "No firm has announced a dataset yet")
NOTHING_SUCH: Final = Words("没有符合条件的数据集", "Nothing fits these filters")
CLEAR: Final = Words("清除筛选", "Clear filters")
DROPPED: Final = Words(
    "{count} 条结果未显示：其提供方的签名无效或其认证不在有效期",
    "{count} {count|result is|results are} not shown: a signature that does not hold,"
    " or a provider that is not certified",
)
DIRECT: Final = Words("查看某个提供方的目录", "Look at one provider's own catalogue")
DIRECT_WHY: Final = Words(
    "提供方可能只向您显示某些数据集；这些不在共享目录中。",
    "A provider may show some datasets to you alone; they are not in the shared catalogue.",
)
DID: Final = Words("提供方的 DID", "DID of the provider")
DID_HINT: Final = Words("如 did:web:acme.example", "such as did:web:acme.example")
LOOK: Final = Words("查看", "Look")
MY_NEGOTIATIONS: Final = Words("我的协商", "Our negotiations")
