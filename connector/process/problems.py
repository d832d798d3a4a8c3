"""What can be wrong with the process, its settings and its machine, and with any peer."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

UNAUTHENTICATED: Final = Problem(
    "unauthenticated",
    Words("请求未通过身份验证", "the request is not authenticated"),
    Words(
        "请用已认证参与方新签发的自签令牌重试",
        "send a fresh self-issued token of a certified participant",
    ),
)

PEER_KNOWS_US_NOT: Final = Words(
    "请查看 `voile membership --refresh`：各方只答复已认证的参与方；没有枢纽时，"
    "对方须固定本方的 DID，且双方时钟必须准确",
    "see `voile membership --refresh`: parties answer certified ones only; without a hub"
    " the peer must pin our DID, and both clocks must be right",
)
PEER_LATER: Final = Words(
    "请稍后重试；若一直如此，请告知对方的运营人员",
    "try again later; if it stays so, tell the peer's operator",
)
PEER_REASON: Final = Words(
    "请阅读对方给出的理由，或询问其运营人员", "read the peer's reason, or ask its operator"
)
