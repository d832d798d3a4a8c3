"""Words of the page of one contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.areas.dsp import page_words
from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

TITLE: Final = Words("一份合约", "A contract")
TO_LIST: Final = Words("全部合约", "All contracts")
EVIDENCE: Final = Words("证据", "Evidence")
DOSSIER: Final = Words("卷宗", "Dossier")
HISTORY: Final = Words("提问记录", "Question history")
TO_PRODUCT: Final = Words("产品页面", "Page of the product")
TO_NEGOTIATION: Final = Words("其协商", "Its negotiation")

TERMS: Final = Words("条款", "Terms")
AS_WRITTEN: Final = Words("原文（ODRL）", "As written (ODRL)")
NOT_UNDERSTOOD: Final = Words(
    "这些条款无法识别，因此不能据此做任何事：{why}",
    "These terms are not understood, so nothing can be done under them: {why}",
)
PARTIES: Final = Words("各方", "Parties")
PROVIDER: Final = Words("提供方", "Provider")
CONSUMER: Final = Words("使用方", "Consumer")
US: Final = Words("本方", "us")
ID: Final = Words("合约编号", "Id of the contract")
SIGNATURES: Final = Words("签署", "Signatures")
ENDED_BY: Final = Words("由谁终止", "Ended by")

MAY_BE_USED: Final = Words("现在能否使用", "May it be used now?")
USABLE: Final = Words("可以使用", "It may be used")
NOT_USABLE: Final = Words("现在不能使用", "It cannot be used now")
STEP: Final = Words("条件", "What must be")
CONCLUDED: Final = Words("已达成", "it is concluded")
NOT_ENDED: Final = Words("未终止", "it has not ended")
SIGNED_BOTH: Final = Words("双方已签署", "both sides have signed it")
READABLE: Final = Words("条款可以识别", "its terms are understood")
IN_TIME: Final = Words("在有效期内", "its dates allow it")
COUNT_LEFT: Final = Words("回答次数未用完", "answers are left")
WE_CERTIFIED: Final = Words("本方的认证有效", "we are certified")
THEY_CERTIFIED: Final = Words("对方的认证有效", "the other side is certified")
NOT_HELD: Final = Words("本方未暂停", "we have not paused it")
TRANSFER_RUNS: Final = Words("有进行中的传输", "a transfer is running")
YES: Final = Words("是", "yes")
NO: Final = Words("否", "no")

COURSE: Final = Words("经过", "Course")
COURSE_SAYS: Final = Words(
    "从协商到现在的 {count} 个时点，按先后排列；空心的是还没有到的。",
    "{count} {count|moment|moments} from the negotiation until now, in order; hollow ones are"
    " still to come.",
)
NUMBER: Final = Words("序号", "No.")
BEGAN: Final = Words("发起协商", "negotiation begun")
STAGE_AGREED: Final = Words("提供方签署", "signed by the provider")
STAGE_VERIFIED: Final = Words("使用方核验并签署", "verified and signed by the consumer")
STAGE_FINALIZED: Final = Words("提供方确认达成", "concluded by the provider")
DATE_FROM: Final = Words("条款开始生效", "its terms begin")
DATE_UNTIL: Final = Words("条款到期", "its terms are over")
ENDED_THEN: Final = Words("终止", "ended")

USES: Final = Words("回答次数", "Answers")
USES_SAY: Final = Words("{limit} 次中已用 {used} 次", "{used} of {limit} used")
USES_FREE: Final = Words("已用 {used} 次，不限次数", "{used} used; there is no limit")
USES_LEFT: Final = Words("尚余 {left} 次", "{left} left")
USES_OWN: Final = Words(
    "按本方所得的回答计算；以提供方的计数为准",
    "by the answers that we hold; what counts is the provider's count",
)
USES_TOLD: Final = Words("提供方在最近一次回答中所说", "as the provider said with its last answer")
SPENT: Final = Words("已用", "Used")
AFTER: Final = Words("下次之后", "After one more")
LIMIT: Final = Words("上限", "Limit")

QUESTIONS: Final = Words("提问", "Questions")
NO_QUESTIONS: Final = Words("还没有提问", "No question yet")
ASKED: Final = Words("时间", "When")
QUESTION: Final = Words("问题", "Question")
STATE_ASKED: Final = Words("未结束", "open")
STATE_ANSWERED: Final = Words("已回答", "answered")
STATE_REFUSED: Final = Words("已拒绝", "refused")
STATE_ENDED: Final = Words("已结束", "over")
ANSWERS_GIVEN: Final = Words("本方给出的回答", "Answers that we gave")
COUNT_MORE: Final = Words("只显示最近 {count} 项", "only the newest {count} are shown")
STATES: Final[Mapping[str, tuple[str, Words]]] = {
    "asked": ("wait", STATE_ASKED),
    "answered": ("good", STATE_ANSWERED),
    "refused": ("bad", STATE_REFUSED),
    "ended": ("off", STATE_ENDED),
}

DELIVERIES: Final = Words("传输与交付", "Transfers and deliveries")
ALL_DELIVERIES: Final = Words("与对方的全部交付", "All deliveries with the other side")
NO_DELIVERIES: Final = Words("还没有传输", "No transfer yet")
FORMAT: Final = Words("方式", "Way")
FOR_QUESTIONS: Final = Words("提问", "questions")
TRANSFER: Final = Words("传输", "Transfer")
CHANGED: Final = page_words.CHANGED
TROUBLE: Final = Words("问题", "Trouble")
OPEN_ONE: Final = Words("开启提问", "Open for questions")
OPEN_WHAT: Final = Words(
    "向提供方开启传输；开始之后即可提问。",
    "Asks the provider for a transfer; once it runs, questions pass.",
)
OPENED_NOW: Final = Words("已请求传输，正在告知提供方", "Asked for; the provider is being told")
PAUSE: Final = Words("暂停", "Pause")
PAUSE_WHAT: Final = Words(
    "暂停对整份合约有效，直到本方恢复。", "A pause holds for the whole contract until we resume it."
)
RESUME: Final = Words("恢复", "Resume")
PAUSED_NOW: Final = Words("已暂停，正在告知对方", "Paused; the other side is being told")
RESUMED_NOW: Final = Words("已恢复，正在告知对方", "Resumed; the other side is being told")

END: Final = Words("终止合约", "End the contract")
STOPS: Final = Words("将会停止的事项", "What would stop")
STOPS_ALL: Final = Words(
    "此后不能再据此提问、传输或作答，不可恢复",
    "nothing is asked, sent or answered under it any more; this cannot be undone",
)
STOPS_TRANSFERS: Final = Words(
    "{count} 项未结束的传输被终止", "{count} open {count|transfer ends|transfers end}"
)
STOPS_QUESTIONS: Final = Words(
    "{count} 项未结束的提问得不到回答",
    "{count} open {count|question stays|questions stay} without an answer",
)
STOPS_LEFT: Final = Words(
    "剩余的 {count} 次回答作废",
    "the {count} {count|answer that is left lapses|answers that are left lapse}",
)
STOPS_TABLE: Final = Words(
    "该产品属于一组多方合计表；对方不能再据此合约求合计，表本身不变",
    "the product is part of a cohort table: the other side gets no totals under this contract"
    " any more; the table itself stays",
)
STOPS_GIVEN: Final = Words(
    "已给出的回答和存证保留", "answers already given, and the evidence, stay"
)
STOPS_TOLD: Final = Words(
    "对方的连接器会收到通知和原因", "the other side is told, with your reason"
)
STOPS_UNTOLD: Final = Words(
    "协议没有相应的消息：请自行告知对方",
    "the protocol has no message for it: tell the other side yourself",
)
REASON_HINT: Final = Words(
    "对方会看到，并写入存证；最多 500 字",
    "the other side sees it, and it is kept as evidence; 500 characters at most",
)
UNDERSTOOD: Final = Words("我明白此操作不可恢复", "I understand that this cannot be undone")
ENDED_NOW: Final = Words("合约已终止", "The contract has ended")

OUR_PART: Final = page_words.OUR_PART
DATASET: Final = page_words.DATASET
VALIDITY: Final = Words("有效期", "Validity")
STAGES: Final[Mapping[str, Words]] = {
    "AGREED": STAGE_AGREED,
    "VERIFIED": STAGE_VERIFIED,
    "FINALIZED": STAGE_FINALIZED,
}
