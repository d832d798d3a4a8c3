"""Help in Chinese: the operator's hub."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from connector.faces.cli.help_zh_said import HOME, JSON, NEW_HOME, USUAL, Said

_FIRM: Final = {"did": "企业的 DID"}
_SEEN: Final = {
    "--seen": "所决定内容的摘要，见列表；不给时先显示当前内容再询问",
}
_REASON: Final = {"--reason": "理由：告知企业，并存证"}
_UNTIL_KNOWN: Final = {
    "--wait": "等待所有连接器确认收到",
    "--timeout": "最多等待的秒数",
}
_DIGEST_OF: Final = {"--digest-of": "只输出此 DID 的摘要，供 --seen 使用"}

HUB: Final[Mapping[str, Said]] = MappingProxyType(
    {
        "hub": Said("运营方的枢纽", {"--home": "运行此文件夹中的枢纽"}),
        "hub serve": Said("运行枢纽，直到收到 SIGTERM", HOME | JSON),
        "hub init": Said(
            "建立枢纽：设置、数据文件夹、密钥、管理令牌",
            NEW_HOME
            | JSON
            | {"--did": "运营方的 did:web:…", "--public-url": "各连接器访问枢纽的网址"},
        ),
        "hub applications": Said(
            "按收到的顺序列出申请，附作出决定时要写明的摘要",
            USUAL | _DIGEST_OF | {"--state": "状态：pending、approved、rejected；留空为全部"},
        ),
        "hub approve": Said(
            "批准一份申请：签发成员凭证，推送状态文件",
            USUAL
            | _FIRM
            | _SEEN
            | _UNTIL_KNOWN
            | {"--days": "有效天数", "--legal-group": "所属主体，如您掌握更准确的情况"},
        ),
        "hub reject": Said("驳回一份申请，说明理由", USUAL | _FIRM | _REASON | _SEEN),
        "hub suspend": Said(
            "暂停一家企业：恢复之前它既不能呼叫，也不能被呼叫",
            USUAL | _FIRM | _REASON | _SEEN | _UNTIL_KNOWN,
        ),
        "hub reinstate": Said(
            "解除对一家企业的暂停", USUAL | _FIRM | _REASON | _SEEN | _UNTIL_KNOWN
        ),
        "hub revoke": Said(
            "撤销一家企业的认证，不可恢复：须重新申请",
            USUAL | _FIRM | _REASON | _SEEN | _UNTIL_KNOWN,
        ),
        "hub participants": Said(
            "曾经认证过的企业：认证状态、到期时间、名称，以及每个条目的摘要",
            USUAL | _DIGEST_OF,
        ),
        "hub status": Said(
            "最新状态文件的概要，以及谁已确认收到最近一次推送",
            USUAL | {"--serial": "谁已确认收到此序号的状态文件"},
        ),
    }
)
