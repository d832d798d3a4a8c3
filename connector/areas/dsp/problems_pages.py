"""Why a peer's catalogue was not read to its end."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

DID_NOT_COME: Final = Words("下一页没有到来：{why}", "the next page did not come: {why}")
LINK_UNREADABLE: Final = Words(
    "通往下一页的链接无法读取：{why}", "the link to the next page cannot be read: {why}"
)
OTHER_ORIGIN: Final = Words(
    "所称的下一页位于另一个来源", "the next page is said to be at another origin"
)
LEADS_BACK: Final = Words(
    "通往下一页的链接指回已读过的一页",
    "the link to the next page leads back to one that was read",
)
MANY_PAGES: Final = Words("最多读取 {most} 页", "more than {most} pages are not read")
MANY_BYTES: Final = Words("最多读取 {most} 字节", "more than {most} bytes are not read")
TOOK_LONG: Final = Words("各页用时超过 {seconds} 秒", "the pages took longer than {seconds} s")
