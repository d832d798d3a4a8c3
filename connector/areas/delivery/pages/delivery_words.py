"""Words of the page of one delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.areas.delivery.pages import words
from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

TITLE: Final = Words("一项交付", "A delivery")
TO_LIST: Final = Words("全部交付", "All deliveries")
TO_CONTRACT: Final = Words("合约", "The contract")
TO_ASK: Final = Words("提问", "Ask a question")
LOOK_AGAIN: Final = Words("再看一次", "Look again")
STANDS: Final = Words("现状与下一步", "Where it stands")
NEXT: Final = Words("下一步", "What to do next")
ON_ITS_WAY: Final = Words("正在发送", "On its way")
TRIED: Final = Words("{what}，已尝试 {count} 次", "{what}, tried {count} {count|time|times}")
LAST_ANSWER: Final = Words("最近应答", "Last answer")
OBJECTION: Final = Words("对方拒收的原因", "Why the other side refused our message")
PEER_STATE: Final = Words("对方所说的状态", "State as the other side says")
ENDED_BY: Final = Words("由谁终止", "Ended by")
US: Final = Words("本方", "us")
SENDING: Final = Words("发送文件", "Sending the file")
SENT_TRIES: Final = Words("已失败 {count} 次", "failed {count} {count|time|times}")
NEXT_TRY: Final = Words("下次尝试", "Next try")
FETCHING: Final = Words("取回文件", "Fetching the file")
FETCH_WAITS: Final = Words("等待取回", "waits for its turn")
FETCHED: Final = Words("已取回", "fetched")
FETCH_FAILED: Final = Words("未能取回", "could not be fetched")
FETCHED_OF: Final = Words("{done}，共 {all}", "{done} of {all}")
WHERE: Final = Words("本机上的文件", "File on the connector's machine")
COMMAND: Final = Words("在连接器所在机器上执行", "Run on the connector's machine")

DO_NOTHING: Final = Words("无需操作。", "Nothing has to be done.")
DO_WAIT: Final = Words(
    "无需操作；可稍后再看，或询问对方。", "Nothing has to be done; look again later, or ask them."
)
DO_PARKED: Final = Words(
    "请先排除原因，再重新发送这条消息，或终止这项交付。",
    "Repair the cause and have the message sent again, or end the delivery.",
)
DO_SILENT: Final = Words(
    "消息会自动重发；请确认对方是否在线。",
    "The message is sent again by itself; see whether the other side is up.",
)
DO_RESUME: Final = Words(
    "本方已暂停：恢复之后才继续。", "We paused it: nothing flows until it is resumed below."
)
DO_HELD: Final = Words(
    "对方已暂停：由对方恢复。", "The other side paused it, and lifts that itself."
)
DO_AGAIN: Final = Words(
    "如仍需要：合约生效期间可重新开启传输。",
    "If it is still needed: while the contract is in force, another transfer can be opened.",
)
DO_FETCH: Final = Words(
    "文件已可取回；中断后再次执行即续传。",
    "The file can be fetched; after a break the same command goes on where it stopped.",
)
DO_THEY_FETCH: Final = Words(
    "等待对方取回文件，本方无需操作。", "The other side fetches the file; nothing has to be done."
)
DO_SENDS: Final = Words(
    "连接器会自动发送，失败后会再次尝试。",
    "The connector sends the file by itself, and tries again where that fails.",
)
DO_THEY_SEND: Final = Words(
    "等待提供方发送文件；请确认接收地址可用。",
    "The provider sends the file; see that the place it goes to takes it.",
)
DO_ASK: Final = Words("可以提问。", "Questions can be asked.")
DO_ANSWERS: Final = Words("对方可以提问，本方自动作答。", "The other side may ask; we answer.")
STEPS: Final[Mapping[str, Words]] = {
    "parked": DO_PARKED,
    "retrying": DO_SILENT,
    "paused": DO_RESUME,
    "held": DO_HELD,
}

PROOF: Final = Words("经过与凭证", "What happened, with its proof")
PROOF_SAYS: Final = Words(
    "每次传送在存证中留有记录；摘要（SHA-256）表明是文件的哪一版。",
    "Each attempt is on record; the digest (SHA-256) says which version of the file it was.",
)
NO_PROOF: Final = Words("还没有传送记录。", "Nothing has flowed yet.")
RESULT: Final = Words("结果", "Result")
DIGEST: Final = Words("摘要", "Digest")
WHY: Final = Words("原因", "Why")
RECORD: Final = Words("存证", "Record")
TO_RECORD: Final = Words("第 {index} 条", "no. {index}")
PID: Final = Words("传输编号", "Id of the transfer")
PEER_PID: Final = Words("对方的编号", "Id at the other side")
BEGUN: Final = Words("开启", "Opened")

DECIDE: Final = Words("操作", "What can be done")
REASON_HINT: Final = Words(
    "对方会看到；最多 500 字", "the other side sees it; 500 characters at most"
)
PAUSE: Final = Words("暂停", "Pause")
PAUSE_WHAT: Final = Words(
    "恢复之前不再传送；同一合约下都如此。",
    "Nothing flows until it is resumed; that holds for the whole contract.",
)
PAUSED_NOW: Final = Words("已暂停，正在告知对方", "Paused; the other side is being told")
RESUME: Final = Words("恢复", "Resume")
RESUMED_NOW: Final = Words("已恢复，正在告知对方", "Resumed; the other side is being told")
COMPLETE: Final = Words("声明完成", "Say that it is complete")
COMPLETE_WHAT: Final = Words(
    "此后这项传输不再传送；合约不受影响。",
    "Nothing flows through this transfer afterwards; the contract goes on.",
)
COMPLETED_NOW: Final = Words("已声明完成，正在告知对方", "Completed; the other side is being told")
END: Final = Words("终止", "End it")
END_OURS: Final = Words(
    "本方是提供方：合约随之终止，其下不再作答、不再交付。",
    "We are the provider: the contract ends with it, so that nothing is answered or delivered"
    " under it any more.",
)
END_THEIRS: Final = Words(
    "只终止这项传输；合约仍然有效。", "Only this transfer ends; the contract stays in force."
)
UNDERSTOOD: Final = Words("我已了解后果", "I have understood what follows")
ENDED_NOW: Final = Words("已终止，正在告知对方", "Ended; the other side is being told")
RETRY: Final = Words("重新发送消息", "Send the message again")
RETRIED: Final = Words("消息将重新发送", "The message is sent again")

DIRECTION: Final = words.DIRECTION
MODE: Final = words.MODE
AMOUNT: Final = words.AMOUNT
OTHER_SIDE: Final = words.OTHER_SIDE
DATASET: Final = words.DATASET
CHANGED: Final = words.CHANGED
