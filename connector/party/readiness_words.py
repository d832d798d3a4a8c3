"""What readiness says of a node, and `voile doctor` after it."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

UNSIGNED: Final = Words(
    "有 {leaves} 片叶尚未签名", "{leaves} {leaves|leaf is|leaves are} not signed yet"
)
SEE_LOG: Final = Words(
    "请在本进程的日志中查找 `checkpoint-failed`",
    "see the log of this process for `checkpoint-failed`",
)
OTHER_KEY_FILE: Final = Words(
    "密钥文件 `{file}` 不是打开本节点的那一个",
    "the key file `{file}` is not the one that opened this node",
)
PUT_BACK: Final = Words(
    "请放回 `voile init` 生成的文件", "put the file back that `voile init` made"
)
WAITS: Final = Words(
    "最早的消息（发往 `{peer}`）已等待 {seconds} 秒",
    "the oldest message, to `{peer}`, waits for {seconds} s",
)
RAN_OUT: Final = Words(
    "运营方的状态文件已于 {seconds} 秒前过期：它不再认证任何一方",
    "the hub's status document ran out {seconds} s ago: it certifies nobody",
)
