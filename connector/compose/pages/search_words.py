"""Words of the search for an id."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

TITLE: Final = Words("按编号查找", "Search any id")
ASK: Final = Words("编号", "Id")
WHAT: Final = Words(
    "合约、协商、提问、产品或申请的编号，或企业的 DID；须完整。",
    "Id of a contract, negotiation, question, product or application, or a firm's DID; whole.",
)
NONE: Final = Words(
    "没有您可以打开的页面与此编号相符", "No page that you may open is about this id"
)
FOUND: Final = Words("与此编号相符的页面", "Pages about this id")
IN_EVIDENCE: Final = Words("在证据日志中查找", "Look for it in the evidence log")
