"""What the pages of one's own products say."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

LIST: Final = Words("产品", "Products")
ONE: Final = Words("产品", "Product")
NONE_YET: Final = Words("还没有产品", "There are no products yet")
NEW: Final = Words("新产品", "New product")
VERSION: Final = Words("版本", "Version")
LEVEL: Final = Words("级别", "Level")
PUBLISHED_AT: Final = Words("发布于", "Published")
AGREEMENTS: Final = Words("合约", "Agreements")
REFRESH: Final = Words("更新", "Refresh")
KIND_TABLE: Final = Words("受保护表", "protected table")
KIND_FILE: Final = Words("文件", "file")
KIND: Final = Words("种类", "Kind")
ON_OFFER: Final = Words("已发布", "published")
WITHDRAWN: Final = Words("已撤回", "withdrawn")
REFRESH_FAILED: Final = Words("上次更新失败", "the last one failed")
REFRESH_DONE: Final = Words("已更新", "refreshed")
REFRESH_NEXT: Final = Words("下次 {at}", "next {at}")
REFRESH_NEVER: Final = Words("手动", "by hand")
ALL: Final = Words("全部状态", "any state")
UNREADABLE: Final = Words("声明无法读取", "its declaration cannot be read")

OVERVIEW: Final = Words("概况", "Overview")
DOMAIN: Final = Words("数据域", "Domain")
DIGEST: Final = Words("版本摘要", "Digest of the version")
OFFERS: Final = Words("要约", "Offers")
OFFERS_OF_FILE: Final = Words(
    "作为文件交付，不能提问；要约数：{count}",
    "delivered as a file, and not to be asked; offers: {count}",
)
NO_OFFERS: Final = Words("没有要约：谁都不能提问", "None: nobody can ask")
SEEN: Final = Words("使用方所见", "What buyers see")
USING: Final = Words("使用它的合约", "Agreements about it")
NO_AGREEMENTS: Final = Words("还没有合约", "There are none yet")
WITH_: Final = Words("对方", "With")
SINCE: Final = Words("签于", "Since")
MORE_AGREEMENTS: Final = Words(
    "共 {count} 份，列出最近 50 份", "{count} in all; the newest 50 are listed"
)
CELLS: Final = Words("单元格", "Cells")
CELLS_OF: Final = Words(
    "公布 {safe}，合并 {merged}，扣下 {blocked}",
    "{safe} shown, {merged} merged, {blocked} withheld",
)
TEXT: Final = Words("产品文件", "Product file")
RENEW: Final = Words("新数据与新要约", "New data and new offers")
NEW_DATA: Final = Words("以新文件发布新数据版本", "Publish new data with a new file")
REFRESH_NOW: Final = Words("从所声明的来源重新读取", "Read again from the declared source")
REFRESH_BEGUN: Final = Words("开始更新", "It is being refreshed")
CHANGE_TEXT: Final = Words("更改说明与要约", "Change description and offers")
CHANGE_WHY: Final = Words(
    "数据版本不变。列、维度、指标和规则不能更改",
    "The data version stays. Columns, dimensions, measures and rules cannot change",
)
DIFFERS: Final = Words(
    "其间他人改过此产品。以下为现在的产品文件（-）与您所写的（+）之间的差异。"
    "再次发布即以您所写的取代现在的",
    "Somebody changed the product meanwhile. These lines differ between the product file as it"
    " stands now (-) and what you wrote (+). To publish again puts yours in the place of what"
    " stands",
)
DIFFERS_MUCH: Final = Words(
    "差异太多，无法在此列出：请查看上面的产品文件",
    "They differ in too much to be listed here: see the product file above",
)
DIFFERS_NOT: Final = Words("没有不同的行", "no line differs")
SAVE_TEXT: Final = Words("以此文本发布", "Publish with this text")
TEXT_BEGUN: Final = Words("已提交发布", "It was handed in for publishing")
END: Final = Words("下架", "Take it off")
WITHDRAW: Final = Words("撤回", "Withdraw")
WITHDRAW_WHAT: Final = Words(
    "从目录撤下，不再回答有关它的提问。{count} 份有效合约仍在，但它们的提问会被拒绝。可以再次发布",
    "It leaves the catalogue, and questions about it are not answered any more. {count}"
    " {count|agreement|agreements} in force {count|stays|stay}, but {count|its|their} questions are"
    " refused. It can be published again",
)
WITHDRAWN_DONE: Final = Words("已撤回产品 {id}", "Product {id} was withdrawn")
UNPUBLISH: Final = Words("整体收回", "Take it back whole")
UNPUBLISH_WHAT: Final = Words(
    "删除全部 {versions} 个数据版本及其文件，不能撤销。目录和日志中会留下曾发布过的记录",
    "{versions|The|All} {versions} data {versions|version and its|versions and their} files are"
    " removed, for good. The log keeps that it was published",
)
UNPUBLISH_NOT: Final = Words("不能整体收回：{why}", "It cannot be taken back whole: {why}")
UNPUBLISHED_DONE: Final = Words("已收回产品 {id}", "Product {id} was taken back")
UNDERSTOOD: Final = Words("我明白后果", "I understand what follows")
JOB: Final = Words("正在进行：{stage}", "Under way: {stage}")
JOB_DONE: Final = Words("已完成", "It is done")
LOOK_AGAIN: Final = Words("现在查看", "Look now")
