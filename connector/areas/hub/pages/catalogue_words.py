"""Words of the shared catalogue as the operator sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crypto.words import Words

if TYPE_CHECKING:
    from connector.areas.hub.counted import Counted
    from crypto.words import Filled

TITLE: Final = Words("共享目录", "Shared catalogue")
INTRO: Final = Words(
    "已认证企业公布的数据集描述，由提供方自己签名。运营方看到的与任何参与方一样，不多看一条。",
    "What certified firms have announced, each signed by its provider."
    " The operator sees what any participant may see, and no more.",
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
ISSUED: Final = Words("签署", "Signed")
NOTHING: Final = Words("还没有企业公布数据集", "No firm has announced a dataset yet")
NOTHING_SUCH: Final = Words("没有符合条件的数据集", "Nothing fits these filters")
CLEAR: Final = Words("清除筛选", "Clear filters")
LOST: Final = Words("要约无法读取的描述", "Descriptions with offers that cannot be read")
LOST_WHY: Final = Words(
    "除运营方外无人看到它们；提供方重新发布即可。",
    "Nobody but the operator sees them; their providers may publish again.",
)
UNREADABLE: Final = Words("此描述无法读取", "this description cannot be read")
DATASET: Final = Words("数据集", "Dataset")
TO_PARTICIPANTS: Final = Words("查看参与方", "See the participants")
UNCERTIFIED: Final = Words(
    "另有 {count} 项不予显示：其提供方目前未获认证",
    "{count} not shown: their providers are not certified now",
)
RESERVED: Final = Words(
    "另有 {count} 项不予显示：其要约只给指定的企业，或此时不适用",
    "{count} not shown: their offers are for firms that they name, or do not hold now",
)
UNREAD: Final = Words(
    "另有 {count} 项不予显示：其要约无法读取",
    "{count} not shown: their offers cannot be read",
)


def hidden_said(found: Counted) -> list[Filled]:
    """Say how many descriptions are not shown, and why."""
    parts = (
        (UNCERTIFIED, found.uncertified),
        (RESERVED, found.reserved),
        (UNREAD, found.unreadable),
    )
    return [words.of(count=count) for words, count in parts if count]
