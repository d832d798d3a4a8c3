"""What can be done with requests that wait for a second person."""

from __future__ import annotations

from typing import Final

from connector.areas.people.approval_records import (
    Approvals,
    Box,
    Declining,
    Fetched,
    FourEyes,
    Shown,
)
from connector.party.operation import EVERYBODY, Operation, Reading
from connector.process.actor import Role
from crypto.words import Words

WHO_ASK: Final[frozenset[Role]] = EVERYBODY - {"auditor"}
DECIDERS: Final[frozenset[Role]] = frozenset({"cdo", "security", "certifier"})
_ID: Final = {"approval_id": Words("申请的编号", "id of the request")}

LIST: Final = Operation(
    name="approval.list",
    method="GET",
    path="/v1/approvals",
    words=Words(
        "列出须另一人同意的申请：等我决定的或我提出的，最新的在前",
        "list requests that wait for a second person: to me or by me, the newest first",
    ),
    may=EVERYBODY,
    query=Box,
    reply=Approvals,
)
SHOW: Final = Operation(
    name="approval.show",
    method="GET",
    path="/v1/approvals/{approval_id}",
    words=Words(
        "一份申请：将做什么、所发送的每一项、谁在何时提出、会改变什么",
        "one request: what would be done, each thing that was sent, who asked and when, what it"
        " changes",
    ),
    named=_ID,
    may=EVERYBODY,
    reply=Shown,
)
AGREE: Final = Operation(
    name="approval.agree",
    method="POST",
    path="/v1/approvals/{approval_id}/agree",
    words=Words(
        "同意一份申请：人数够时即以申请人的名义执行",
        "agree to a request: once enough persons have, it is done in the name of who asked",
    ),
    detail="Where its answer holds a secret it is done when who asked fetches it."
    " `approval.state` of the answer says what came of it, `outcome` why it failed",
    named=_ID,
    may=WHO_ASK,
    reply=Shown,
    leaf="CONFIGURATION",
)
DECLINE: Final = Operation(
    name="approval.decline",
    method="POST",
    path="/v1/approvals/{approval_id}/decline",
    words=Words("不同意一份申请，说明理由", "decline a request, with the reason"),
    named=_ID,
    may=WHO_ASK,
    body=Declining,
    reply=Shown,
    leaf="CONFIGURATION",
)
WITHDRAW: Final = Operation(
    name="approval.withdraw",
    method="POST",
    path="/v1/approvals/{approval_id}/withdraw",
    words=Words("撤回自己的一份申请", "take back a request of one's own"),
    named=_ID,
    may=WHO_ASK,
    reply=Shown,
    leaf="CONFIGURATION",
)
FETCH: Final = Operation(
    name="approval.fetch",
    method="POST",
    path="/v1/approvals/{approval_id}/fetch",
    words=Words(
        "执行一份已获同意的申请并取得其答复：其中的秘密只给申请人",
        "have an agreed request done and get its answer: a secret in it goes to who asked alone",
    ),
    detail="Also where the connector stopped while it was done: it is done again then, and says"
    " itself what the first time changed already",
    named=_ID,
    may=WHO_ASK,
    reply=Fetched,
    leaf="CONFIGURATION",
)
FOUR_EYES: Final = Operation(
    name="approval.state",
    method="GET",
    path="/v1/four-eyes",
    words=Words(
        "双人复核是否生效；未生效时说明原因",
        "whether four eyes are in force, and if not, why",
    ),
    may=EVERYBODY,
    reply=FourEyes,
    reading=Reading(unrecorded="whether a rule is in force: no record of anybody's"),
)
OFF: Final = Operation(
    name="approval.off",
    method="POST",
    path="/v1/four-eyes/off",
    words=Words(
        "关闭双人复核：此后一人即可执行",
        "switch four eyes off: from then on one person is enough",
    ),
    may=DECIDERS,
    reply=FourEyes,
    approval=DECIDERS,
    leaf="CONFIGURATION",
)
ON: Final = Operation(
    name="approval.on",
    method="POST",
    path="/v1/four-eyes/on",
    words=Words("重新开启双人复核", "switch four eyes on again, after they were switched off"),
    may=DECIDERS,
    reply=FourEyes,
    leaf="CONFIGURATION",
)
