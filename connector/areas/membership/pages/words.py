"""Words of the page about a firm's membership."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.console.standing_words import DECIDED
from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

TITLE: Final = Words("空间成员资格", "Membership")
INTRO: Final = Words(
    "运营方认证之后，本企业才能发布、协商和提问。",
    "Once the operator has certified this firm, it can publish, negotiate and ask.",
)
NO_HUB: Final = Words(
    "此连接器没有运营方：它只与直接信任的企业往来。",
    "This connector has no operator: it deals with the firms it trusts directly.",
)
APPLICATION: Final = Words("申请", "Application")
STANDING: Final = Words("认证状态", "Standing")
OPERATOR: Final = Words("运营方", "Operator")
SINCE: Final = Words("首次认证", "First certified")
EXPIRES: Final = Words("到期", "Expires")
DOCUMENT: Final = Words("状态文件序号", "Serial of the status document")
DOCUMENT_ENDS: Final = Words("状态文件有效至", "Status document is good until")
RENEW_SOON: Final = Words("认证即将到期：请再次申请。", "Certification ends soon: apply again.")
STATED: Final = Words("申请时所述", "As it applied")
NAME_ZH: Final = Words("企业中文名称", "Name in Chinese")
NAME_EN: Final = Words("企业英文名称", "Name in English")
LEGAL_ID: Final = Words("登记号码", "Registered number")
LEGAL_ID_HINT: Final = Words(
    "统一社会信用代码、LEI 或增值税号；运营方核对其校验位",
    "USCC, LEI or VAT number; the operator looks at its check digits",
)
HAND: Final = Words("所属主体", "Hand it is in")
HAND_HINT: Final = Words(
    "同一控制下的企业填写同一号码；独立企业留空",
    "firms under common control bear the same number; empty for a firm that stands alone",
)
PARTS: Final = Words("在空间中的身份", "Part in the space")
APPLY: Final = Words("向运营方申请", "Apply to the operator")
AGAIN: Final = Words("再次申请", "Apply again")
APPLY_WHAT: Final = Words(
    "申请附有本连接器各密钥的证明，并记入证据日志。",
    "The application proves this connector's keys, and is kept as evidence.",
)
APPLIED: Final = Words("申请已送达运营方。", "The operator has the application.")
LOOK: Final = Words("立即向运营方查询", "Ask the operator now")
LOOKED: Final = Words("已向运营方查询。", "The operator was asked.")
TOLD: Final = Words(
    "未列入运营方目录的数据产品", "Products that the operator's catalogue does not list"
)
PRODUCT: Final = Words("数据产品", "Product")

OTHER: Final = Words("运营方所述状态未知", "the operator says something unknown")
NONE: Final = Words("尚未申请", "not applied yet")
PENDING: Final = Words("等待运营方决定", "the operator has not decided yet")
STATES: Final[Mapping[str, tuple[str, Words]]] = {
    "none": ("off", NONE),
    "pending": ("wait", PENDING),
    **DECIDED,
}
SENT: Final = Words("已发送", "sent")
REFUSED: Final = Words("未被接受", "refused")
WITHDRAWING: Final = Words("正在撤下", "being withdrawn")
WITHDRAWN: Final = Words("已撤下", "withdrawn")
TELLINGS: Final[Mapping[str, tuple[str, Words]]] = {
    "sent": ("wait", SENT),
    "refused": ("bad", REFUSED),
    "withdrawing": ("wait", WITHDRAWING),
    "withdrawn": ("off", WITHDRAWN),
}
