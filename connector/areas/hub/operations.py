"""What the operator can do with firms, with their standing, and with the shared catalogue."""

from __future__ import annotations

from typing import Final

from catalog.asked import Asked
from connector.areas.hub.records import (
    Applications,
    Applied,
    Approval,
    Certified,
    Decided,
    Decision,
    Found,
    Newest,
    Push,
    Register,
    Rejected,
)
from connector.party.operation import Operation
from connector.process.actor import Role
from crypto.words import Words

CERTIFIER: Final[frozenset[Role]] = frozenset({"certifier"})
READERS: Final[frozenset[Role]] = frozenset({"certifier", "auditor"})
_CERTIFICATION: Final = "CERTIFICATION"
_ENTRY_CHANGED: Final = (
    "The new serial is pushed at once; 409 `decision-outdated` if the entry has changed"
)

LIST_APPLICATIONS: Final = Operation(
    name="application.list",
    method="GET",
    path="/v1/hub/applications",
    words=Words(
        "按收到的顺序列出申请，附作出决定时要写明的摘要",
        "applications in order of arrival, each with the digest that a decision names",
    ),
    detail="A decision names `digest` as `seen`",
    may=READERS,
    query=Applied,
    reply=Applications,
)
APPROVE: Final = Operation(
    name="application.approve",
    method="POST",
    path="/v1/hub/applications/approve",
    words=Words(
        "批准一份申请：签发成员凭证，推送状态文件",
        "certify a firm whose application is pending: a credential is issued, the status pushed",
    ),
    may=CERTIFIER,
    body=Approval,
    reply=Certified,
    approval=CERTIFIER,
    leaf=_CERTIFICATION,
    detail="409 `decision-outdated` if the application was replaced",
)
REJECT: Final = Operation(
    name="application.reject",
    method="POST",
    path="/v1/hub/applications/reject",
    words=Words("驳回一份申请，说明理由", "refuse a pending application, with the reason"),
    may=CERTIFIER,
    body=Decision,
    reply=Rejected,
    leaf=_CERTIFICATION,
    detail="409 `decision-outdated` if the application was replaced",
)
PARTICIPANTS: Final = Operation(
    name="participant.list",
    method="GET",
    path="/v1/hub/participants",
    words=Words(
        "曾经认证过的企业：认证状态、到期时间、名称，以及每个条目的摘要",
        "firms that were ever certified: standing, expiry, names, and the digest of each entry",
    ),
    may=READERS,
    reply=Register,
)
SUSPEND: Final = Operation(
    name="participant.suspend",
    method="POST",
    path="/v1/hub/participants/suspend",
    words=Words(
        "暂停一家企业：恢复之前它既不能呼叫，也不能被呼叫",
        "suspend a firm: until reinstated it can neither call nor be called",
    ),
    may=CERTIFIER,
    body=Decision,
    reply=Decided,
    approval=CERTIFIER,
    leaf=_CERTIFICATION,
    detail=_ENTRY_CHANGED,
)
REINSTATE: Final = Operation(
    name="participant.reinstate",
    method="POST",
    path="/v1/hub/participants/reinstate",
    words=Words("解除对一家企业的暂停", "lift a firm's suspension"),
    may=CERTIFIER,
    body=Decision,
    reply=Decided,
    leaf=_CERTIFICATION,
    detail=_ENTRY_CHANGED,
)
REVOKE: Final = Operation(
    name="participant.revoke",
    method="POST",
    path="/v1/hub/participants/revoke",
    words=Words(
        "撤销一家企业的认证，不可恢复：须重新申请",
        "revoke a firm's certification, for good: it would have to apply anew",
    ),
    may=CERTIFIER,
    body=Decision,
    reply=Decided,
    approval=CERTIFIER,
    leaf=_CERTIFICATION,
    detail=_ENTRY_CHANGED,
)
PUSHES: Final = Operation(
    name="status.pushes",
    method="GET",
    path="/v1/hub/pushes/{serial}",
    words=Words(
        "哪些连接器已确认收到这一序号的状态文件",
        "which connectors have acknowledged that status document",
    ),
    named={"serial": Words("状态文件的序号", "serial of the status document")},
    may=READERS,
    reply=Push,
)
STATUS: Final = Operation(
    name="status.show",
    method="GET",
    path="/v1/hub/status",
    words=Words("最新状态文件的概要", "the newest status document, in short"),
    may=READERS,
    reply=Newest,
)
CATALOG: Final = Operation(
    name="listing.search",
    method="GET",
    path="/v1/hub/catalog",
    words=Words("运营方所见的共享目录", "the shared catalogue as the operator sees it"),
    may=READERS,
    query=Asked,
    reply=Found,
    detail="`unreadable`: listings whose offers cannot be read, shown to nobody else",
)
