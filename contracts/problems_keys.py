"""What can be wrong with the keys of processes and signatures, whoever finds it."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

PROCESS_KEY: Final = Problem(
    "message.process-key",
    Words(
        "`{header}`：应为 base64url 写的 {bytes} 字节",
        "`{header}`: expected {bytes} bytes in base64url",
    ),
    Words("请为每次谈判生成新的密钥", "draw a fresh key for every negotiation"),
)
KEY_NOT_OURS: Final = Problem(
    "agreement-signature",
    Words(
        "签名所用的密钥 `{kid}` 不是我方的", "it is signed with the key `{kid}`, which is not ours"
    ),
    Words("无需操作：不予采纳", "none: it is not taken"),
)
