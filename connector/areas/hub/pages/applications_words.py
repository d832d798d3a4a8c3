"""Words of the list of applications."""

from __future__ import annotations

from typing import Final

from connector.areas.hub.pages.words import (
    FIRM,
    NUMBER,
    RECEIVED,
)
from crypto.words import Words

TITLE: Final = Words("认证申请", "Applications")
INTRO: Final = Words(
    "企业向本空间申请认证。先到的在前；请打开一份申请查看核对结果，再作决定。",
    "Firms apply to be certified in this space. The oldest come first;"
    " open one to see what was checked, then decide.",
)
NONE_WAIT: Final = Words("没有待决定的申请", "No application waits for a decision")
NO_SUCH: Final = Words("没有这样的申请", "There is no such application")
SHOW_ALL: Final = Words("显示全部申请", "Show all applications")
UNREADABLE: Final = Words("此申请无法读取", "cannot be read")

# said by the template as its own
_SHARED: Final = (
    FIRM,
    NUMBER,
    RECEIVED,
)
