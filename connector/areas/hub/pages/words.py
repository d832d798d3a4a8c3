"""Words that the operator's pages share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.console.standing_words import DECIDED as DECIDED_AS
from connector.console.standing_words import PARTS, STANDINGS
from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PARTS", "STANDINGS"]  # said here as they are by firms

FIRM: Final = Words("企业", "Firm")
DID: Final = Words("企业的 DID", "DID of the firm")
NUMBER: Final = Words("登记号码", "Registered number")
HAND: Final = Words("所属主体", "Hand it is in")
IN_SPACE: Final = Words("在空间中的身份", "Part in the space")
ENDPOINT: Final = Words("端点", "Endpoint")
STANDING: Final = Words("认证状态", "Standing")
EXPIRES: Final = Words("到期", "Expires")
SINCE: Final = Words("首次认证", "First certified")
RECEIVED: Final = Words("收到", "Received")
DECIDED: Final = Words("决定", "Decided")
SOFTWARE: Final = Words("软件版本（自报）", "Software, as it says")
FETCHED: Final = Words("上次取得状态文件", "Last fetched the status document")
NEVER: Final = Words("尚未取得", "never yet")
REASON_HINT: Final = Words(
    "告知企业，并写入存证；最多 500 字",
    "told to the firm and kept as evidence; at most 500 characters",
)
NAME_EN: Final = Words("英文名称", "English name")
NAME_ZH: Final = Words("中文名称", "Chinese name")

KEY_AGREEMENTS: Final = Words("签署合约", "agreements")
KEY_LOG: Final = Words("签署存证", "the evidence log")
KEY_TOKEN: Final = Words("登录其他连接器", "calling others")
KEYS: Final[Mapping[str, Words]] = {
    "agreements": KEY_AGREEMENTS,
    "log": KEY_LOG,
    "token": KEY_TOKEN,
}

PENDING: Final = Words("待决定", "waiting")
STATES: Final[Mapping[str, tuple[str, Words]]] = {"pending": ("wait", PENDING), **DECIDED_AS}

USCC: Final = Words("统一社会信用代码（GB 32100）", "Chinese unified social credit code (GB 32100)")
LEI: Final = Words("法人机构识别编码 LEI（ISO 17442）", "Legal entity identifier (ISO 17442)")
VAT: Final = Words("欧盟增值税号", "EU VAT number")
OTHER: Final = Words("其他号码", "another number")
KINDS: Final[Mapping[str, Words]] = {"uscc": USCC, "lei": LEI, "vat": VAT, "other": OTHER}
HOLDS: Final = Words("校验位正确", "check digits hold")
WRONG: Final = Words("校验位不符", "check digits are wrong")
NO_DIGITS: Final = Words("此类号码没有可核对的校验位", "no check digits that could be looked at")
VERDICTS: Final[Mapping[str, tuple[str, Words]]] = {
    "holds": ("good", HOLDS),
    "wrong": ("bad", WRONG),
    "unknown": ("info", NO_DIGITS),
}


def parts_said(parts: str) -> tuple[Words, ...]:
    """Name the parts that a firm plays, as the register keeps them."""
    return tuple(PARTS[one] for one in parts.split(",") if one in PARTS)
