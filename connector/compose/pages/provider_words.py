"""Words of a provider's own catalogue."""

from __future__ import annotations

from typing import Final

from connector.compose.pages.catalogue_words import DATASET, PROVIDER
from crypto.words import Words

TITLE: Final = Words("一家提供方的目录", "A provider's catalogue")
INTRO: Final = Words(
    "这是提供方刚才向本方出示的目录。", "What the provider showed us just now in its own catalogue."
)
BACK_TO: Final = Words("返回目录", "Back to the catalogue")
OFFERS: Final = Words("要约数", "Offers")
CLAIMS: Final = Words("它在目录中自称", "It calls itself there")
CLAIMS_WHY: Final = Words("无人核实过", "nobody has checked this")
NOTHING: Final = Words("它没有向本方出示任何数据集", "It shows us no dataset")
FILTER_BY: Final = Words("标题或编号中的文字", "Text in title or id")
NONE_SUCH: Final = Words("没有符合条件的数据集", "No dataset fits")
CLEAR: Final = Words("清除筛选", "Clear filters")
CUT: Final = Words(
    "目录在第 {page} 页截断，已读 {after} 个数据集：{why}",
    "cut after {after} {after|dataset|datasets}, on page {page}: {why}",
)
LOST: Final = Words("无法读取的部分", "What cannot be read")
LOST_WHY: Final = Words("条款或数据集的格式无法识别", "Its terms or its form are not understood")

# said by the template as its own
_SHARED: Final = (DATASET, PROVIDER)
TO_SHARED: Final = Words("查看共享目录", "See the shared catalogue")
