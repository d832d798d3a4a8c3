"""What can be wrong with an agreement, its signatures, the log, and messages of a process."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

# messages that do not fit their process
_IN_FLIGHT: Final = Words(
    "不能发送 `{event}`：本方的 `{in_flight}` 尚未得到确认",
    "cannot send `{event}`: our `{in_flight}` is not acknowledged yet",
)
_WAIT: Final = Words(
    "请等待对方答复，或用 `voile explain` 查看该过程",
    "wait for the peer's answer, or look at the process with `voile explain`",
)
NEGOTIATION_IN_FLIGHT: Final = Problem("negotiation.in-flight", _IN_FLIGHT, _WAIT)
TRANSFER_IN_FLIGHT: Final = Problem("transfer.in-flight", _IN_FLIGHT, _WAIT)
_NOT_YET: Final = Words(
    "`{event}` 须等待：本方的 `{in_flight}` 尚未得到确认",
    "`{event}` must wait: our `{in_flight}` is not acknowledged yet",
)
_SAME_AGAIN: Final = Words("请稍候再次发送同一消息", "send the same message again in a moment")
NEGOTIATION_NOT_YET: Final = Problem("negotiation.not-yet", _NOT_YET, _SAME_AGAIN)
TRANSFER_NOT_YET: Final = Problem("transfer.not-yet", _NOT_YET, _SAME_AGAIN)
AGREEMENT_NOT_YET: Final = Problem(
    "negotiation.not-yet",
    Words(
        "合约与先前的不同，而您尚未拒绝我方对那一份的核验",
        "another agreement than before, and you have not refused our verification of that one",
    ),
    Words("请稍后重发同一消息", "send the same message again in a moment"),
)
TRANSFER_COMPLETING: Final = Problem(
    "transfer.not-yet",
    Words(
        "`/agreementId`：传输 `{pid}` 正在完成",
        "`/agreementId`: the completion of the transfer `{pid}` is under way",
    ),
    Words("请稍后重发同一消息", "send the same message again in a moment"),
)
_HAS_BEGUN: Final = Words(
    "该过程已开始：只有首条消息可以这样拒绝",
    "the process has begun: only its first message can be refused so",
)
_TERMINATE: Final = Words("请改为终止它", "terminate it instead")
NEGOTIATION_HAS_BEGUN: Final = Problem("negotiation.has-begun", _HAS_BEGUN, _TERMINATE)
TRANSFER_HAS_BEGUN: Final = Problem("transfer.has-begun", _HAS_BEGUN, _TERMINATE)
_ILLEGAL: Final = Words(
    "状态 `{state}` 下不允许 {sender} 发送 `{event}`：应为{expected}",
    "`{event}` from the {sender} is not allowed in state `{state}`: expected {expected}",
)
_READ_STATE: Final = Words(
    "请读取该过程的状态（GET）后继续",
    "read the state of the process (GET) and go on from there",
)
NEGOTIATION_ILLEGAL: Final = Problem("negotiation.illegal-message", _ILLEGAL, _READ_STATE)
TRANSFER_ILLEGAL: Final = Problem("transfer.illegal-message", _ILLEGAL, _READ_STATE)
NOTHING_MORE: Final = Words("不再有消息", "nothing more")
_ENDPOINT: Final = Words("请发送到其自身协议的端点", "send it to the endpoint of its own protocol")
NO_NEGOTIATION: Final = Problem(
    "negotiation.foreign-message",
    Words("`{type}` 不是协商的消息", "`{type}` is not a message of a negotiation"),
    _ENDPOINT,
)
NO_TRANSFER: Final = Problem(
    "transfer.foreign-message",
    Words("`{type}` 不是传输的消息", "`{type}` is not a message of a transfer"),
    _ENDPOINT,
)

# agreements and their signatures
CLAUSE: Final = Words(
    "`{clause}`：应为{expected}，实为{got}", "`{clause}`: expected {expected}, got {got}"
)
NEGOTIATE_AGAIN: Final = Words("请终止后重新协商", "terminate and negotiate again")
ASK_TO_DATE: Final = Words("请提供方写明时间", "ask the provider to date it")
ASK_FOR_ITS_DATASET: Final = Words(
    "请请求该要约所针对的数据集", "ask for the dataset that it is made for"
)
FETCH_AGAIN: Final = Words(
    "请重新读取目录，再请求其中现有的要约",
    "fetch the catalogue again and ask for the offer as it stands there",
)
PUBLISHED_TERMS: Final = Words("已发布要约的条款", "the terms of the published offer")
ANOTHER_PARTY: Final = Words("另一参与方", "another party")
OFFERS_TARGET: Final = Words("要约的 target", "the offer's target")
ANOTHER_TARGET: Final = Words("另一 target", "another target")
A_TIMESTAMP: Final = Words("时间戳", "a timestamp")
NONE: Final = Words("无", "none")
OFFERED_TERMS: Final = Words("最后一次要约的条款", "the terms of the last offer")
OTHER_TERMS: Final = Words("其他条款", "other terms")
SIGNATURE: Final = Problem(
    "agreement-signature",
    Words("合约的签名被拒绝：{why}", "the signature of the agreement is refused: {why}"),
    Words(
        "如双方无法修复，请终止后重新协商",
        "terminate and negotiate again if the parties cannot repair it",
    ),
)
UNDATED: Final = Words("未写明签署时间", "it does not say when it was made")
AHEAD: Final = Words(
    "签署时间比本方时钟超前 {seconds} 秒以上",
    "it was made more than {seconds} s ahead of our clock",
)
NO_STAGE: Final = Words("`{stage}` 不是签署阶段", "`{stage}` is not a stage")
FOREIGN_AGREEMENT: Final = Problem(
    "agreement-foreign",
    Words("该合约属于其他双方", "the agreement is between other parties"),
    Words("请向其提供方索取", "ask its own provider for it"),
)
UNSIGNED: Final = Problem(
    "agreement-unsigned",
    Words("应有各阶段 {stages}，实有 {got} 个", "expected the stages {stages}, got {got}"),
    Words(
        "只有双方都已签署的合约可以恢复；请另行协商",
        "only an agreement that both have signed can be recovered; negotiate another",
    ),
)
PROCESS_KEY: Final = Problem(
    "message.process-key",
    Words(
        "`{pointer}`：应为 base64url 的 {bytes} 字节，实非如此",
        "`{pointer}`: expected {bytes} bytes in base64url, got others",
    ),
    Words("请告知提供方的运营人员", "tell the provider's operator"),
)
STAGED_AGREEMENT: Final = Words(
    "合约及其 pid 和各签署阶段", "an agreement with its pids and stages"
)
SIGNATURE_BY_STAGE: Final = Words("按阶段的签名", "a signature by stage")

# versions and links
NO_COMMON_VERSION: Final = Problem(
    "versions.no-common-version",
    Words(
        "`{pointer}`：其中应有经 HTTPS 的 `{version}`，实为其他版本",
        "`{pointer}`: expected `{version}` over HTTPS among them, got others",
    ),
    Words(
        "请要求对方的运营人员支持 Dataspace Protocol 2025-1",
        "ask the peer's operator for the Dataspace Protocol 2025-1",
    ),
)
LINK: Final = Problem(
    "message.link-malformed",
    Words(
        '头部 `Link`：应为 `<…>; rel="next"` 之类的链接，第 {place} 个字符处不是',
        'header `Link`: expected links such as `<…>; rel="next"`, got something else at character'
        " {place}",
    ),
    Words("请按 RFC 8288 书写", "write it as RFC 8288 says"),
)

# leaves of the log
LEAF_REFUSED: Final = Problem(
    "leaf-refused",
    Words("不能为此 `{kind}` 写下记录：{why}", "no leaf for this `{kind}`: {why}"),
    Words(
        "请把过长或私密的内容移入该条目的 detail",
        "move what is long or private into the entry's detail",
    ),
)
LEAF_MALFORMED: Final = Problem(
    "leaf-malformed", Words("证据记录格式不对：{why}", "malformed leaf: {why}")
)
AN_OBJECT: Final = Words("应为对象", "expected an object")
NOT_CANONICAL: Final = Words("不是规范的 JSON", "it is not canonical JSON")
LEAF_BYTES: Final = Words(
    "至多 {most} 字节，实有 {got}", "expected at most {most} bytes, got {got}"
)
LEAF_FIELD: Final = Words("`{name}` 缺失或未知", "`{name}` is missing or not known")
LEAF_VERSION: Final = Words("应为版本 {version}", "expected version {version}")
LEAF_ID: Final = Words("`id` 不是十六进制的 128 位", "`id` is not 128 bits in hexadecimal")
LEAF_TIME: Final = Words("`t` 不是时间", "`t` is not a time")
LEAF_KIND: Final = Words("未知的类别 `{kind}`", "kind `{kind}` is not known")
NO_TEXT: Final = Words("`{name}` 不是文本", "`{name}` is not a text")
NO_OBJECT: Final = Words("`{name}` 不是对象", "`{name}` is not an object")
LEAF_MESSAGE: Final = Words(
    "`msg` 的成员不是 direction、type 和 id 三项文本",
    "`msg` has other members than direction, type and id, each a text",
)
LEAF_SIGNATURES: Final = Words("`sig` 不是摘要的列表", "`sig` is not a list of digests")
NESTED: Final = Words("嵌套超过 {most} 层", "nested deeper than {most}")
LEAF_VALUE: Final = Words(
    "有值不是字符串、整数或布尔值", "a value that is no string, integer or boolean"
)

# acknowledgements
ACK_MALFORMED: Final = Problem(
    "ack-malformed", Words("确认回执格式不对：{why}", "malformed acknowledgement: {why}")
)
ACK_EXPECTED: Final = Problem(
    "ack-malformed",
    Words("回执格式错误：应有一份", "malformed acknowledgement: expected one"),
)
ACK_LONG: Final = Words("过长", "it is too long")
ACK_MANY: Final = Words("超过 {most} 份", "more than {most}")
ACK_PARTS: Final = Words(
    "应有序号、哈希、所接受的内容和签名",
    "expected index, hash, what was accepted, and signature",
)
ACK_INDEX: Final = Words("序号或哈希不合形式", "index or hash are none")
ACK_ACCEPTED: Final = Words("所接受的内容不是哈希", "what was accepted is no hash")
ACK_OBJECT: Final = Words("应为规范 JSON 的对象", "expected an object in canonical JSON")
ACK_FORM: Final = Words("摘要或标记", "a digest or a mark")
ACK_SIGNER: Final = Problem("ack-signer", Words("由 `{kid}` 签署", "it is signed by `{kid}`"))
ACK_KID: Final = Problem(
    "ack-kid",
    Words("其密钥不是以摘要命名", "it names its key otherwise than by its digest"),
)
ACK_UNDATED: Final = Problem(
    "ack-undated", Words("未写明签署时间", "it does not say when it was made")
)
NO_SIGNER: Final = Words("合约未写明 {signer}", "the agreement names no {signer}")
SIGNED_BY: Final = Words(
    "{stage} 应由 {signer} 签署，而非 `{kid}`", "{stage} is signed by the {signer}, not by `{kid}`"
)
