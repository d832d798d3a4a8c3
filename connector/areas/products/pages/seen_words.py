"""What the pages say that show a product as buyers see it."""

from __future__ import annotations

from typing import Final

from connector.client.margin_table import GROUPED_BY, GROUPS, OVERALL, SHOWN_FIGURES
from crypto.words import Words

TITLE: Final = Words("使用方所见", "What the buyer sees")
INTRO: Final = Words(
    "目录中的产品页将会这样。其中没有任何一行数据，也没有任何数值",
    "The product's page in the catalogue will be like this. No row is on it, and no figure",
)
NOT_YET: Final = Words(
    "先完成第 1 步和第 2 步，并写好要约", "Finish steps 1 and 2 first, and write the offer"
)
TABLE: Final = Words(
    "表 {name}，每个公布的单元格至少 {least} 个贡献者",
    "Table {name}; at least {least} contributors in a cell that is shown",
)
DIMENSIONS: Final = Words("维度", "Dimensions")
MEASURES: Final = Words("指标", "Measures")
MEANS: Final = Words("含义", "Meaning")
CODES: Final = Words("代码", "Codes")
MORE_MARGINS: Final = Words(
    "此处为 {count} 种分组中的前 {shown} 种；`voile publish --check --json` 列出全部",
    "these are the first {shown} of {count} groupings; `voile publish --check --json` lists all",
)
MORE_CODES: Final = Words("……共 {count} 个", "… {count} in all")
UNIT: Final = Words("单位", "Unit")
BOUNDS: Final = Words("范围", "Bounds")
RANGE: Final = Words("{lower} 至 {upper}", "{lower} to {upper}")
FILTER_ONLY: Final = Words("只能筛选", "to filter only")
MARGINS: Final = Words("可回答的分组", "Groupings that are answered")
OFFER: Final = Words("要约", "Offer")
QUESTIONS: Final = Words("例如可以这样提问", "Questions that it grants, for example")
NO_QUESTIONS: Final = Words("现在不准许任何提问", "It grants no question now")
FILE_ONLY: Final = Words("按文件交付，不能提问", "Delivered as a file; no questions")

# said by the template as its own
_SHARED: Final = (GROUPED_BY, GROUPS, OVERALL, SHOWN_FIGURES)
