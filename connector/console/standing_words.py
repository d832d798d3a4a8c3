"""How a firm stands in the space, and which part it has: said alike by firm and operator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

Look = tuple[str, Words]  # how it looks, and what it is called

PROVIDER: Final = Words("提供方", "provider")
CONSUMER: Final = Words("使用方", "consumer")
SERVICE: Final = Words("服务方", "service")
PARTS: Final[Mapping[str, Words]] = {"provider": PROVIDER, "consumer": CONSUMER, "service": SERVICE}

CERTIFIED: Final = Words("已认证", "certified")
SUSPENDED: Final = Words("已暂停", "suspended")
REVOKED: Final = Words("已撤销", "revoked")
EXPIRED: Final = Words("认证已到期", "expired")
NOT_YET: Final = Words("尚未认证", "never certified")
STANDINGS: Final[Mapping[str, Look]] = {
    "certified": ("good", CERTIFIED),
    "suspended": ("wait", SUSPENDED),
    "revoked": ("bad", REVOKED),
    "expired": ("off", EXPIRED),
    "": ("off", NOT_YET),
}

APPROVED: Final = Words("已批准", "approved")
REJECTED: Final = Words("已驳回", "rejected")
REPLACED: Final = Words("已被新申请取代", "replaced by a newer one")
DECIDED: Final[Mapping[str, Look]] = {  # of an application
    "approved": ("good", APPROVED),
    "rejected": ("bad", REJECTED),
    "replaced": ("off", REPLACED),
}
