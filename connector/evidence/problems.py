"""What can be wrong with evidence: our log and its anchor, others' heads, acknowledgements."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

LOG_DAMAGED: Final = Problem(
    "log-damaged",
    Words("日志缺少节点 `{node}`", "the log misses node `{node}`"),
    Words(
        "请恢复最新的备份；`voile audit verify` 可找出损坏之处",
        "restore the newest backup; `voile audit verify` locates the damage",
    ),
)
LOG_MOVED: Final = Problem(
    "log-moved",
    Words("日志头在此期间已变", "the head of the log moved meanwhile"),
    Words("请重试", "try again"),
)
ANCHOR_UNWRITTEN: Final = Problem(
    "anchor-unwritten",
    Words("无法写入 `{file}`：{why}", "cannot write `{file}`: {why}"),
    Words(
        "请在其磁盘上腾出空间，或允许本用户在该处写入",
        "free space on its disk, or let this user write there",
    ),
)

ACKS_MALFORMED: Final = Problem(
    "acks-malformed",
    Words("回执格式错误：{why}", "malformed acknowledgements: {why}"),
    Words("请改正正文；格式见 docs/api.md", "correct the body; docs/api.md shows it"),
)
NO_SUCH_ANSWER: Final = Problem(
    "ack-extra",
    Words("本方没有它可能对应的答复", "no answer of ours that it could be of"),
)
NOTHING_LEFT: Final = Problem(
    "ack-extra", Words("已没有待确认的消息", "nothing is left to acknowledge")
)
ACK_BEFORE: Final = Problem(
    "ack-time",
    Words("其时间早于答复，或晚于现在", "it is of before the answer, or of later than now"),
)
ACK_FAR: Final = Problem("ack-time", Words("其时间与本方相差太远", "its time is far from ours"))
NAMES_NO_LOG: Final = Problem(
    "ack-log",
    Words("对方的 DID 文档没有列出日志", "it names no log in its DID document"),
)
LOG_KEY: Final = Problem(
    "ack-log",
    Words("其日志的密钥未经认证", "the key of its log is not a certified one"),
)

HEADS_RATE: Final = Problem(
    "heads-rate",
    Words("一分钟内同一日志的头超过 {most} 个", "more than {most} heads of one log in a minute"),
    Words("请稍后推送最新的一个", "push the newest one later"),
)
PEER_LOG_MISSING: Final = Problem(
    "peer-log-missing",
    Words("`{did}` 的 DID 文档没有列出日志", "`{did}` names no log in its DID document"),
)
PEER_LOG_KEY: Final = Problem(
    "peer-log-key",
    Words(
        "`{did}` 所列的日志密钥未经认证",
        "the log key that `{did}` names is not a certified one",
    ),
)
PEER_LOG_SIZE: Final = Problem(
    "peer-log-size",
    Words(
        "日志此时不可能在该根之下有 {size} 条记录",
        "a log cannot have {size} entries under that root now",
    ),
    Words("无须处理：它不予保存", "none: it is not kept"),
)

NODES_DIFFER: Final = Words(
    "所存的树节点得不出所存的日志头",
    "its stored nodes do not give the stored head of the log",
)
ANCHOR_LOST: Final = Words("锚文件 `{file}` 丢失", "the anchor file `{file}` is lost")
SIGNED_MORE: Final = Words(
    "其日志有 {size} 条记录，而已签署过 {signed} 条",
    "its log has {size} entries, {signed} were signed",
)
LOG_DIFFERS: Final = Words(
    "其日志与在 {size} 条时签署的不同", "its log differs from the one signed at size {size}"
)
