"""Words of the page of another firm's product."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.client.margin_table import GROUPED_BY, OVERALL, SHOWN_FIGURES
from connector.client.margin_table import GROUPS as GROUPS_HEAD
from connector.compose.pages.catalogue_words import PROVIDER
from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

TITLE: Final = Words("一项数据产品", "A product")
BACK_TO: Final = Words("返回目录", "Back to the catalogue")
OF_PROVIDER: Final = Words("该提供方的目录", "The provider's catalogue")
OVERVIEW: Final = Words("概览", "Overview")
OURS: Final = Words("这是本方自己的产品", "this is our own product")
TABLE: Final = Words("表", "Table")
LEAST: Final = Words("每个公布的单元格至少有", "Least contributors in a cell that is shown")
FORMATS: Final = Words("交付格式", "Formats of delivery")
FILE_ONLY: Final = Words(
    "这是按文件交付的产品，不能提问。",
    "This is delivered as a file; no questions can be asked of it.",
)
COLUMNS: Final = Words("列与字典", "Columns and dictionary")
DIMENSIONS: Final = Words("维度（可以筛选和分组）", "Dimensions, to filter and group by")
MEASURES: Final = Words("指标（可以求和、平均和计数）", "Measures, for sums, averages and counts")
MEANS: Final = Words("含义", "Meaning")
UNIT: Final = Words("单位", "Unit")
CODES: Final = Words("代码", "Codes")
MORE_CODES: Final = Words("……共 {count} 个", "… {count} in all")
FILTER_ONLY: Final = Words("只能筛选", "to filter only")
BOUNDS: Final = Words("范围（界外的值按界计）", "Bounds; values beyond count as these")
RANGE: Final = Words("{lower} 至 {upper}", "{lower} to {upper}")
DECIMALS: Final = Words("小数位", "Decimals")
MORE_COLUMNS: Final = Words(
    "另有 {count} 列未显示", "{count} more {count|column is|columns are} not shown"
)
MARGINS: Final = Words("可以回答的分组", "Groupings that are answered")
MARGINS_WHY: Final = Words(
    "取自提供方的目录，不含任何数值；多个供方的合计与此不同。",
    "From the provider's catalogue, which holds no figure; totals over several providers differ.",
)
NO_MARGINS: Final = Words(
    "提供方未公布：只有得到回答后才知道哪些单元格会显示。",
    "The provider publishes none: only an answer tells which cells are shown.",
)
MORE_MARGINS: Final = Words("另有 {count} 种分组", "{count} more {count|grouping|groupings}")

OFFERS: Final = Words("要约", "Offers")
OFFER_NO: Final = Words("要约 {number}", "Offer {number}")
NO_OFFER: Final = Words("没有向本方提供的要约", "There is no offer for us")
QUESTIONS: Final = Words("例如可以这样提问", "Questions that it would grant, for example")
NO_QUESTION: Final = Words("它现在不准许任何提问：", "It grants no question now:")
PURPOSES: Final = Words("用途", "Purposes")
UNREADABLE: Final = Words("条款无法识别的要约", "Offers with terms that are not understood")
DIFFERENCES: Final = Words("要约之间的差别", "How the offers differ")
GRANTS: Final = Words(
    "要约 {offer} 比要约 {beyond} 多准许", "Offer {offer} grants beyond offer {beyond}"
)
AND_MORE: Final = Words("{values}，另有 {count} 个", "{values}, and {count} more")
ANY: Final = Words("不限", "any")
MORE_OFFERS: Final = Words(
    "另有 {count} 项要约未显示：`voile catalog` 列出全部",
    "{count} more offers are not shown: `voile catalog` lists all",
)
AS_WRITTEN: Final = Words("原文（ODRL）", "As written (ODRL)")

GOAL: Final = Words("用途", "purposes")
MODE: Final = Words("方式", "modes")
FIGURES: Final = Words("指标", "measures")
GROUPS: Final = Words("维度", "dimensions")
TAKERS: Final = Words("接收方", "recipients")
COHORT: Final = Words("同组供方", "providers of a total")
ANSWERS: Final = Words("回答次数", "answers")
CELL: Final = Words("每格贡献者下限", "least contributors of a cell")
FROM: Final = Words("生效", "from")
UNTIL: Final = Words("截止", "until")
KINDS: Final[Mapping[str, Words]] = {
    "purpose": GOAL,
    "queryMode": MODE,
    "measure": FIGURES,
    "dimension": GROUPS,
    "recipient": TAKERS,
    "cohortMember": COHORT,
    "count": ANSWERS,
    "minGroupSize": CELL,
    "from": FROM,
    "until": UNTIL,
}

ASK_FOR: Final = Words("请求此要约", "Ask for this offer")
ASK_WHAT: Final = Words(
    "请求的就是上面显示的条款。提供方可能同意，也可能提出其他条款，届时由您决定。",
    "The terms that are asked for are those above. The provider may agree, or offer others,"
    " on which you decide.",
)
ASK_CDO: Final = Words(
    "由首席数据官请求要约。", "A chief data officer of your firm may ask for an offer."
)
TOO_LONG: Final = Words(
    "这些条款太长，无法在此请求：请用 voile negotiate。",
    "These terms are too long to be asked for here: use `voile negotiate`.",
)
ASKED_NOW: Final = Words("已请求要约，正在告知提供方", "Asked; the provider is being told")

# said by the template as its own
_SHARED: Final = (PROVIDER, GROUPED_BY, GROUPS_HEAD, OVERALL, SHOWN_FIGURES)
