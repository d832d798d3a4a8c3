"""Words that the pages of negotiations and contracts share: states, sides, turns, signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from connector.console.standing_words import CONSUMER, PROVIDER
from contracts import negotiation, transfer
from contracts.machine import TERMINATION
from crypto.words import Words, verbatim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crypto.words import Spoken

OTHER_SIDE: Final = Words("对方", "Other side")
DATASET: Final = Words("数据集", "Dataset")
OUR_PART: Final = Words("本方身份", "Our part")
CHANGED: Final = Words("最近变化", "Last change")
TURN: Final = Words("轮到", "Whose turn")
PRODUCT: Final = Words("产品", "Product")
DID: Final = Words("对方的 DID", "DID of the other side")
CONTRACT: Final = Words("合约", "Contract")
ALL_OF_THEM: Final = Words("全部", "All")
PROVIDING: Final = Words("本方提供", "Providing")
CONSUMING: Final = Words("本方使用", "Consuming")

SIDES: Final[Mapping[str, Words]] = {"provider": PROVIDER, "consumer": CONSUMER}
LISTS: Final = ("/contracts", "/negotiations", "/deliveries")  # that belong together
_TABS: Final = (("", ALL_OF_THEM), ("provider", PROVIDING), ("consumer", CONSUMING))

OPENING: Final = Words("正在发出", "being sent")
REQUESTED: Final = Words("已请求", "requested")
OFFERED: Final = Words("已要约", "offered")
ACCEPTED: Final = Words("已接受", "accepted")
AGREED: Final = Words("已同意", "agreed")
VERIFIED: Final = Words("已核验", "verified")
FINALIZED: Final = Words("已达成", "concluded")
TERMINATED: Final = Words("已终止", "ended")
STARTED: Final = Words("进行中", "running")
SUSPENDED: Final = Words("已暂停", "paused")
COMPLETED: Final = Words("已完成", "completed")
# how a state of the protocol looks, and what it is called
STATES: Final[Mapping[str, tuple[str, Words]]] = {
    "": ("wait", OPENING),
    "OPENING": ("wait", OPENING),
    "REQUESTED": ("wait", REQUESTED),
    "OFFERED": ("wait", OFFERED),
    "ACCEPTED": ("info", ACCEPTED),
    "AGREED": ("info", AGREED),
    "VERIFIED": ("info", VERIFIED),
    "FINALIZED": ("good", FINALIZED),
    "TERMINATED": ("off", TERMINATED),
    "STARTED": ("good", STARTED),
    "SUSPENDED": ("wait", SUSPENDED),
    "COMPLETED": ("off", COMPLETED),
}

NOBODY: Final = Words("无", "nobody")
US: Final = Words("本方", "us")
THEM: Final = Words("对方", "the other side")

REQUEST: Final = Words("请求要约", "the request for an offer")
OFFER: Final = Words("要约", "the offer")
ACCEPTANCE: Final = Words("接受", "the acceptance")
AGREEMENT: Final = Words("合约", "the agreement")
VERIFICATION: Final = Words("合约的核验", "the verification of the agreement")
FINALIZATION: Final = Words("达成的确认", "the word that it is concluded")
EVENT: Final = Words("接受或达成的确认", "the word that it is accepted or concluded")
END: Final = Words("终止", "the end")
START: Final = Words("开始", "the start")
PAUSE: Final = Words("暂停", "the pause")
COMPLETION: Final = Words("完成", "the completion")
OPENED: Final = Words("开启传输", "the request for a transfer")
EVENTS: Final[Mapping[str, Words]] = {
    negotiation.REQUEST: REQUEST,
    negotiation.OFFER: OFFER,
    negotiation.ACCEPTED_EVENT: ACCEPTANCE,
    negotiation.AGREEMENT: AGREEMENT,
    negotiation.VERIFICATION: VERIFICATION,
    negotiation.FINALIZED_EVENT: FINALIZATION,
    transfer.REQUEST: OPENED,
    transfer.START: START,
    transfer.SUSPENSION: PAUSE,
    transfer.COMPLETION: COMPLETION,
    TERMINATION: END,
}

START_OF: Final = Words("开始传输", "the start of a transfer")
PAUSE_OF: Final = Words("暂停传输", "the pause of a transfer")
COMPLETION_OF: Final = Words("完成传输", "the completion of a transfer")
END_OF: Final = Words("终止传输", "the end of a transfer")
END_OF_CONTRACT: Final = Words("终止合约", "the end of a contract")
CHECKPOINT: Final = Words("交换日志头", "the exchange of log heads")
STATE_QUESTION: Final = Words("查询对方的状态", "asking how it stands there")
SIGNATURES_QUESTION: Final = Words("查询签名", "asking for signatures")
MESSAGES: Final[Mapping[str, Words]] = {
    "ContractRequestMessage": REQUEST,
    "ContractOfferMessage": OFFER,
    "ContractAgreementMessage": AGREEMENT,
    "ContractAgreementVerificationMessage": VERIFICATION,
    "ContractNegotiationEventMessage": EVENT,
    "ContractNegotiationTerminationMessage": END,
    "TransferRequestMessage": OPENED,
    "TransferStartMessage": START_OF,
    "TransferSuspensionMessage": PAUSE_OF,
    "TransferCompletionMessage": COMPLETION_OF,
    "TransferTerminationMessage": END_OF,
    "AgreementEnd": END_OF_CONTRACT,
    "CheckpointExchange": CHECKPOINT,
    "StateQuestion": STATE_QUESTION,
    "SignaturesQuestion": SIGNATURES_QUESTION,
}

NOT_CONCLUDED: Final = Words("尚未达成", "not concluded")
NOT_BEGUN: Final = Words("尚未开始", "not begun")
IN_FORCE: Final = Words("生效中", "in force")
EXPIRED: Final = Words("已到期", "expired")
UNREADABLE: Final = Words("条款无法识别", "terms not understood")
# how an agreement stands
STANDINGS: Final[Mapping[str, tuple[str, Words]]] = {
    "not concluded": ("wait", NOT_CONCLUDED),
    "not begun": ("wait", NOT_BEGUN),
    "in force": ("good", IN_FORCE),
    "expired": ("off", EXPIRED),
    "ended": ("off", TERMINATED),
    "unreadable": ("bad", UNREADABLE),
}
# why one that is in force by its terms is of no use now
WE_ARE: Final[Mapping[str, Words]] = {
    "suspended": Words("本方认证已暂停", "we are suspended"),
    "revoked": Words("本方认证已撤销", "we are revoked"),
    "unknown": Words("本方未获认证", "we are not certified"),
}
THEY_ARE: Final[Mapping[str, Words]] = {
    "suspended": Words("对方认证已暂停", "the other party is suspended"),
    "revoked": Words("对方认证已撤销", "the other party is revoked"),
    "unknown": Words("对方未获认证", "the other party is not certified"),
}

MUTUAL: Final = Words("双方已签署", "signed by both sides")
OWN: Final = Words("仅本方签署", "signed by us only")
UNSIGNED: Final = Words("未签署", "not signed")
SIGNED: Final[Mapping[str, tuple[str, Words]]] = {
    "mutual": ("good", MUTUAL),
    "own": ("wait", OWN),
    "none": ("bad", UNSIGNED),
}


ENDED: Final = Words("合约已终止", "contract ended")  # no state of a negotiation: of its contract


def state_said(state: str) -> tuple[str, Spoken]:
    """Give how a state looks and what it is called."""
    return STATES.get(state, ("off", ENDED if state == "ended" else verbatim(state)))


def message_said(name: str) -> Spoken:
    """Name a message to another party by its type."""
    return MESSAGES.get(name, verbatim(name))


def event_said(event: str) -> Spoken:
    """Name a message of the protocol."""
    return EVENTS.get(event, verbatim(event))


def tabs(path: str, kept: Mapping[str, str], role: str) -> list[tuple[str, Words, bool]]:
    """Give the tabs of a list by our part in it: address, words, whether it is the present one.

    Args:
        path: of the list.
        kept: filters that stay.
        role: our part in what is listed now; empty for all.
    """
    other = {name: value for name, value in kept.items() if name != "role"}
    found = []
    for part, said in _TABS:
        query = urlencode({**other, **({"role": part} if part else {})})
        found.append((f"{path}?{query}" if query else path, said, part == role))
    return found
