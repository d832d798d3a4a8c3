"""Words of the dossier, on its page and in its file; what it shows of leaves is in `leaf_words`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

TITLE: Final = Words("合约卷宗", "Dossier of an agreement")
SUBJECT: Final = Words("合约", "Agreement")
PARTY: Final = Words("对方", "Other party")
OURS: Final = Words("本方角色", "Our role")
PRODUCT: Final = Words("产品", "Product")
DIGEST: Final = Words("合约文本的摘要", "Digest of its text")
AGREED: Final = Words("订立", "Agreed")
FINALIZED: Final = Words("生效", "In force since")
ENDED: Final = Words("终止", "Ended")
NOT_YET: Final = Words("尚未", "Not yet")
SIGNED_BY: Final = Words("签名状况", "Signatures")
MADE: Final = Words("制成时间", "Made")
MADE_BY: Final = Words("出自其日志", "From the log of")
HEAD: Final = Words("日志共 {size} 片叶，根为", "The log has {size} leaves; their root is")
POLICY: Final = Words("当时的条款", "The policy as it was then")
GAPS: Final = Words("缺失之处", "What lacks")
NO_GAPS: Final = Words("按协议应有的记录都在。", "Every leaf that the protocol demands is there.")
NO_GAPS_READ: Final = Words(
    "在所读的记录中，按协议应有的都在。",
    "Among the leaves that were read, every one that the protocol demands is there.",
)
SOME_GAPS: Final = Words(
    "共 {all} 处，此处列出前 {count} 处；两种文件中各处都有。",
    "{all} in all: here are the first {count}, in either file all of them.",
)
BESIDE: Final = Words("见第 {index} 片叶", "See leaf {index}")
STAGES: Final = Words("双方的签名", "The signatures")
STAGE: Final = Words("步骤", "Stage")
SIGNER: Final = Words("签署者", "Signer")
TIME: Final = Words("时间", "Time")
LEAF: Final = Words("叶", "Leaf")
NO_LEAF: Final = Words("无记录", "No leaf")
COURSE: Final = Words("经过", "What happened")
COURSE_SHOWN: Final = Words(
    "按时间排列的各条记录；空心方块为缺失之处。",
    "Leaves in the order of time; an open square is something that lacks.",
)
POINT: Final = Words("{time} {stage}（第 {index} 片叶）", "{time} {stage} (leaf {index})")
EVENT: Final = Words("记录", "Record")
NOTHING: Final = Words("没有记录", "There is no leaf.")
MORE: Final = Words("另有 {count} 条未列出。", "{count} more {count|is|are} not listed.")
CUT: Final = Words(
    "此合约的记录很多，此处只读了最早的 {read} 条。",
    "There are many leaves of this agreement: the first {read} were read here.",
)
CUT_PAGE: Final = Words(
    "此合约的记录很多，此处只读了最早的 {read} 条；两种文件读到第 {file} 条。",
    "There are many leaves of this agreement: the first {read} were read here; either file reads"
    " up to {file}.",
)
SCOPE: Final = Words(
    "只含本节点自己的日志与所存消息；对方未写下的，此处看不到。",
    "From this node's own log and stored messages alone; what the other party has not written down"
    " cannot be seen here.",
)
DOWNLOAD: Final = Words("下载为单个文件", "Download as one file")
AS_JSON: Final = Words("下载 JSON", "Download JSON")
HISTORY: Final = Words("提问历史", "Question history")
SEARCH: Final = Words("检索此合约的证据", "Search the evidence of this agreement")
NONE_TITLE: Final = Words("还没有合约", "There are no agreements yet.")
LIST: Final = Words("合约", "Agreements")
OPEN: Final = Words("打开", "Open")
STATE: Final = Words("状态", "State")
CERTIFICATION: Final = Words("认证", "Certification")
OFFER: Final = Words("要约", "Offer")
NEGOTIATION: Final = Words("协商", "Negotiation")
SIGNATURES: Final = Words("签署经过", "Signing")
STANDING: Final = Words("对方的认证状态", "Standing of the other party")
USES: Final = Words("提问与交付", "Questions and deliveries")
ANSWERS: Final = Words("答复", "Answers")
END: Final = Words("终止", "End")
ROLES: Final[Mapping[str, Words]] = {
    "provider": Words("提供方", "Provider"),
    "consumer": Words("使用方", "Consumer"),
}
SIGNED: Final[Mapping[str, Words]] = {
    "none": Words("均未签署", "None"),
    "own": Words("仅一方签署", "One side only"),
    "mutual": Words("双方均已签署", "Both sides"),
}
OF_STAGE: Final[Mapping[str, Words]] = {
    "certification": CERTIFICATION,
    "offer": OFFER,
    "negotiation": NEGOTIATION,
    "signatures": SIGNATURES,
    "standing": STANDING,
    "uses": USES,
    "answers": ANSWERS,
    "end": END,
}
NOTHING_ALLOWED: Final = Words("未允许任何事", "nothing is allowed")
TO_EVIDENCE: Final = Words("检索证据", "Search the evidence")
