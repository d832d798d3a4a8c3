"""What `voile explain` says, in Chinese and English: what a standing means, and what helps."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Tongue = Literal["zh", "en"]

# status -> (zh, en)
MEANINGS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "ended": ("已结束，不再有后续。", "nothing more happens here"),
        "agreed": (
            "已达成合约，协商到此为止",
            "the two sides have agreed; the negotiation is over",
        ),
        "retrying": (
            "对方未按预期应答；消息会自动重发",
            "the peer does not answer as it should; the message is sent again by itself",
        ),
        "parked": (
            "消息已放弃发送；请先排除原因，再重新发送",
            "the message was given up; repair the cause, then send it again",
        ),
        "sending": ("本方消息正在发送", "our message is on its way"),
        "peer": ("轮到对方", "it is the peer's turn"),
        "ours": ("轮到本方", "it is our turn"),
        "running": ("传输进行中，双方均无需操作", "it runs; nobody has to do anything"),
        "paused": (
            "本方已暂停，恢复之前不传数据",
            "we have paused it: nothing flows until we resume it",
        ),
        "held": (
            "对方已暂停，恢复之前不传数据",
            "the peer has paused it: nothing flows until it is resumed",
        ),
    }
)

# key -> (zh, en); placeholders: pid, peer, end, pause, outbox, contract, agreement (a lost one)
STEPS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "ended": ("如仍需要，请重新发起", "start a new one if you still want it"),
        "agreed": (
            "查看合约：voile agreement {contract}",
            "see the agreement: `voile agreement {contract}`",
        ),
        "recover": (
            "对方说合约 {agreement} 已存在，而本库没有：voile agreements recover --from {peer}",
            "agreement {agreement} is missing here: `voile agreements recover --from {peer}`",
        ),
        "parked": (
            "排除原因后执行 voile outbox retry {outbox}，或终止",
            "`voile outbox retry {outbox}` once the cause is gone, or terminate",
        ),
        "silent": (
            "请确认对方是否在线；本方无需操作",
            "see whether the peer is up; nothing has to be done here",
        ),
        "wait": ("请等待，或询问 {peer}；{end} 可将其结束", "wait, or ask {peer}; `{end}` ends it"),
        "running": ("{pause} 可暂停，{end} 可将其结束", "`{pause}` pauses it, `{end}` ends it"),
        "resume": (
            "voile transfer resume {pid}，或终止",
            "`voile transfer resume {pid}`, or terminate it",
        ),
        "offer": (
            "请阅读要约：voile negotiation {pid}；然后 voile accept {pid} 或 {end}",
            "read the offer: `voile negotiation {pid}`; then `voile accept {pid}`, or `{end}`",
        ),
        "answer": ("请答复对方，或 {end}", "answer the peer, or `{end}`"),
    }
)


def meaning(status: str, tongue: Tongue) -> str:
    """Say what a status means."""
    return MEANINGS[status][tongue == "en"]


def step(key: str, tongue: Tongue, **values: str) -> str:
    """Say what helps."""
    return STEPS[key][tongue == "en"].format(**values)
