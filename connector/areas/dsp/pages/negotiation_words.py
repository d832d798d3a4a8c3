"""Words of the page of one negotiation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.areas.dsp.pages.words import (
    CHANGED,
    DATASET,
    OTHER_SIDE,
    OUR_PART,
    TURN,
)
from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

TITLE: Final = Words("一项协商", "A negotiation")
HEADING: Final = Words("协商：{what}", "Negotiation: {what}")
TO_LIST: Final = Words("全部协商", "All negotiations")
LOOK_AGAIN: Final = Words("再看一次", "Look again")
PID: Final = Words("协商编号", "Id of the negotiation")
BEGUN: Final = Words("发起", "Begun")
CONTRACT: Final = Words("合约", "Contract")
TO_CONTRACT: Final = Words("打开合约", "Open the contract")
TO_PRODUCT: Final = Words("产品页面", "Page of the product")
ENDED_BY: Final = Words("由谁终止", "Ended by")
US: Final = Words("本方", "us")

STANDS: Final = Words("现状与下一步", "Where it stands")
NEXT: Final = Words("下一步", "What to do next")
ON_ITS_WAY: Final = Words("正在发送", "On its way")
TRIED: Final = Words("{what}，已尝试 {count} 次", "{what}, tried {count} {count|time|times}")
LAST_ANSWER: Final = Words("最近应答", "Last answer")
OBJECTION: Final = Words("对方拒收的原因", "Why the other side refused our message")
REFUSED: Final = Words("本方拒收的消息", "Messages that we refused")
REACH: Final = Words("注意", "Beware")
UNFOUND: Final = Words("其他方可能找不到本方：{why}", "others may not find us: {why}")
PEER_STATE: Final = Words("对方所说的状态", "State as the other side says")

DO_OFFER: Final = Words(
    "请对照下面的条款，然后接受或终止。", "Read the terms below, then accept or end it."
)
DO_OFFER_CDO: Final = Words(
    "要约等待首席数据官决定。", "The offer waits for a decision of the chief data officer."
)
DO_WAIT: Final = Words(
    "无需操作；可稍后再看，或询问对方。", "Nothing has to be done; look again later, or ask them."
)
DO_PARKED: Final = Words(
    "请先排除原因，再由安全管理员重新发送，或终止协商。",
    "Repair the cause and have the message sent again, or end the negotiation.",
)
DO_SILENT: Final = Words(
    "消息会自动重发；请确认对方是否在线。",
    "The message is sent again by itself; see whether the other side is up.",
)
DO_AGREED: Final = Words(
    "双方已达成合约，后续请见合约页面。", "Both sides agreed; go on at the contract."
)
DO_ENDED: Final = Words(
    "如仍需要，请重新请求要约。", "Ask for an offer again if you still want it."
)
STEPS: Final[Mapping[str, Words]] = {
    "ours": DO_OFFER,
    "parked": DO_PARKED,
    "retrying": DO_SILENT,
    "agreed": DO_AGREED,
    "ended": DO_ENDED,
}

TERMS: Final = Words("条款", "Terms")
WE_ASKED: Final = Words("本方所请求的", "What we asked for")
THEY_OFFER: Final = Words("对方的要约", "What they offer")
ON_TABLE: Final = Words("协商中的要约", "The offer on the table")
SAME: Final = Words("与所请求的条款相同。", "These are the terms that we asked for.")
NOT_ASKED: Final = Words(
    "本方未请求过这些条款，或没有其记录。", "We asked for none of it, as far as we know."
)
DIFFERS: Final = Words(
    "与所请求的不同：划线的是所请求而未给的，下划线的是新出现的。",
    "They differ: struck out is what we asked for and do not get; underlined is what is new.",
)
OTHER_DATASET: Final = Words(
    "要约针对的不是所请求的数据集：", "The offer is for another dataset than we asked for:"
)
UNSAID: Final = Words(
    "差别不在以上文字中，请先对照原文（ODRL）再决定。",
    "What differs is not in these words: compare what is written (ODRL) before you decide.",
)
TERMS_UNREADABLE: Final = Words(
    "这些条款无法识别，因此不能接受：{why}", "These terms are not understood, so they cannot be"
    " accepted: {why}"
)  # fmt: skip
AS_WRITTEN: Final = Words("原文（ODRL）", "As written (ODRL)")
OFFER_ID: Final = Words("要约编号", "Id of the offer")
NO_OFFER: Final = Words("还没有要约。", "There is no offer yet.")

ACCEPT: Final = Words("接受要约", "Accept the offer")
ACCEPT_WHAT: Final = Words(
    "对方随后签署合约，由本方的连接器核验；达成后即对双方有效。",
    "The other side signs an agreement then, and our connector verifies it;"
    " once concluded it binds both.",
)
UNDERSTOOD: Final = Words(
    "我已看到条款与所请求的不同", "I have seen that these are other terms than we asked for"
)
ACCEPTED_NOW: Final = Words("已接受，正在告知对方", "Accepted; the other side is being told")
END: Final = Words("终止协商", "End the negotiation")
END_WHAT: Final = Words(
    "不会有合约；对方会看到原因。", "There will be no contract; the other side sees the reason."
)
REASON_HINT: Final = Words(
    "对方会看到；最多 500 字", "the other side sees it; 500 characters at most"
)
ENDED_NOW: Final = Words("协商已终止，正在告知对方", "Ended; the other side is being told")
DECIDE: Final = Words("决定", "Decide")

HISTORY: Final = Words("经过", "History")
WHEN: Final = Words("时间", "Time")
WHAT: Final = Words("事件", "What happened")

ON_WAY: Final = Words("待发送：{what}", "to be sent: {what}")
BY_US: Final = Words("{state}（本方发出）", "{state} (sent by us)")
BY_THEM: Final = Words("{state}（对方发来）", "{state} (sent by the other side)")
RECORD: Final = Words("存证", "Record")
TO_RECORD: Final = Words("第 {index} 条", "no. {index}")
REFUSED_ONE: Final = Words(
    "{type}（HTTP 状态 {status}）：{reason}", "{type} (HTTP {status}): {reason}"
)

# said by the template as its own
_SHARED: Final = (CHANGED, DATASET, OTHER_SIDE, OUR_PART, TURN)
