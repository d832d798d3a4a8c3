"""Words of the list of participants."""

from __future__ import annotations

from typing import Final

from connector.areas.hub.pages.words import (
    EXPIRES,
    FETCHED,
    FIRM,
    NEVER,
    NUMBER,
    SOFTWARE,
    STANDING,
)
from crypto.words import Words

TITLE: Final = Words("参与方", "Participants")
NAMED: Final = Words("名称、号码或 DID 的开头", "Beginning of name, number or DID")
NONE: Final = Words("还没有企业获得认证", "No firm has been certified yet")
NONE_SUCH: Final = Words("没有符合条件的企业", "No firm fits these filters")
TO_APPLICATIONS: Final = Words("查看申请", "See the applications")
CLEAR: Final = Words("清除筛选", "Clear filters")

# said by the template as its own
_SHARED: Final = (
    EXPIRES,
    FETCHED,
    FIRM,
    NEVER,
    NUMBER,
    SOFTWARE,
    STANDING,
)
