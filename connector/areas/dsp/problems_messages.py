"""What can be wrong with a message of a peer."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

PIDS_DIFFER: Final = Problem(
    "message.pid-mismatch",
    Words(
        "`/consumerPid`、`/providerPid`：应为该流程的 pid，实为其他",
        "`/consumerPid`, `/providerPid`: expected the pids of this process, got others",
    ),
    Words("请发送双方给该流程的 pid", "send the pids that both sides have given to the process"),
)
AGREEMENT_REUSED: Final = Problem(  # its code is a phrase's
    "",
    Words(
        "`/agreement/@id`：应为新的合约，实为已有的合约",
        "`/agreement/@id`: expected a fresh agreement, got one that exists",
    ),
    Words("请给每份合约各自的 `@id`", "give every agreement its own `@id`"),
)
DATASET_HIDDEN: Final = Problem(
    "catalog.not-found",
    Words("没有找到", "not found"),
)
LINK_UNKNOWN: Final = Problem(
    "catalog.link-unknown",
    Words("应为我方给出的链接，实为其他查询", "expected a link of ours, got another query"),
    Words("请原样使用 `Link` 头", "follow the `Link` headers as they are"),
)
NO_CALLBACK: Final = Problem(
    "message.no-callback",
    Words(
        "`/callbackAddress`：应有此键，实际没有",
        "`/callbackAddress`: expected this key, got nothing",
    ),
    Words(
        "请写明答复发往何处；之后的消息发往带 pid 的路径",
        "name where answers go; later messages go to the path with the pid",
    ),
)
CALLBACK_REFUSED: Final = Problem(
    "message.callback-refused",
    Words(
        "`/callbackAddress`：应为不带查询、片段和用户的 https 网址",
        "`/callbackAddress`: expected an https URL without query, fragment or user",
    ),
    Words("请使用连接器的公开地址", "use the public address of the connector"),
)
CALLBACK_FOREIGN: Final = Problem(
    "message.callback-foreign",
    Words(
        "`/callbackAddress`：应为您的 DID 文档所写的地址",
        "`/callbackAddress`: expected an address that your DID document names",
    ),
    Words("请在您的 DID 文档中列出该服务", "list the service in your DID document"),
)
AGREEMENT_UNKNOWN: Final = Problem(
    "transfer.agreement-unknown",
    Words(
        "`/agreementId`：应为双方之间有效的合约，实为其他",
        "`/agreementId`: expected an agreement between us that is in force, got another",
    ),
    Words(
        "请先协商合约；`FINALIZED` 表示已生效",
        "negotiate an agreement first; `FINALIZED` is when it is in force",
    ),
)
MESSAGE_REUSED: Final = Problem(
    "message.id-reused",
    Words(
        "`/@id`：应为新的消息编号，实为另一条消息的编号",
        "`/@id`: expected a fresh message id, got one of another message",
    ),
    Words("请为每条消息生成新的 `@id`", "draw a fresh `@id` for every message"),
)
NEGOTIATION_PID_REUSED: Final = Problem(
    "negotiation.pid-reused",
    Words(
        "该 pid 已用于其他内容：应为同一消息的重发",
        "this pid is in use for another content: expected the same message again",
    ),
    Words("请为每个流程生成新的 pid", "draw a fresh pid for every process"),
)
TRANSFER_PID_REUSED: Final = Problem(
    "transfer.pid-reused", NEGOTIATION_PID_REUSED.says, NEGOTIATION_PID_REUSED.next
)
OFFER_UNKNOWN: Final = Problem(  # its code is a phrase's
    "",
    Words(
        "`/offer/@id`：应为我方目录中的要约，实为其他",
        "`/offer/@id`: expected an offer of our catalogue, got another",
    ),
    Words(
        "请取得目录，并请求其中的要约",
        "fetch the catalogue and ask for an offer that stands in it",
    ),
)
AGREEMENT_IS_OVER: Final = Problem(  # its code is a phrase's
    "",
    Words(
        "`/agreementId`：该合约已由{who}终止",
        "`/agreementId`: this agreement has been ended by the {who}",
    ),
    Words(
        "请询问终止的一方原因，或另行协商合约",
        "ask who ended it why, or negotiate another agreement",
    ),
)
PROVIDER: Final = Words("供方", "provider")
CONSUMER: Final = Words("使用方", "consumer")
TRANSFER_HELD: Final = Problem(  # its code is a phrase's
    "",
    Words(
        "`/agreementId`：供方已暂停或正在结束该合约的传输 `{pid}`",
        "`/agreementId`: the provider has suspended, or is ending, the transfer `{pid}`"
        " of this agreement",
    ),
    Words("请等待供方恢复，或询问供方", "wait until the provider resumes it, or ask the provider"),
)
NEGOTIATION_UNKNOWN: Final = Problem(
    "negotiation.not-found",
    Words("没有找到", "not found"),
    Words("请核对 pid 以及您的身份", "check the pid and who you are"),
)
TRANSFER_UNKNOWN: Final = Problem(
    "transfer.not-found", NEGOTIATION_UNKNOWN.says, NEGOTIATION_UNKNOWN.next
)
