"""Words of the inbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

INBOX: Final = Words("待办", "Inbox")
REQUEST: Final = Words("申请", "Request")
BOXES: Final = Words("范围", "Which requests")
TO_ME: Final = Words("等我决定", "To me")
BY_ME: Final = Words("我提出的", "By me")
ALL: Final = Words("全部", "All")
PENDING: Final = Words("未结束", "Pending")
OVER: Final = Words("已结束", "Done")
NOT_IN_FORCE: Final = Words("双人复核未生效", "Four eyes are not in force")
KEEP_THREE: Final = Words("请趁两人都在时邀请第三位。", "Invite a third while both are there.")
TABLE: Final = Words("申请", "Requests")
WHAT: Final = Words("将做什么", "What would be done")
WHO: Final = Words("申请人", "Asked by")
WHEN: Final = Words("提出时间", "Asked")
UNTIL: Final = Words("有效至", "Open until")
STATE: Final = Words("状态", "State")
NOTHING_TO_ME: Final = Words("没有等您决定的申请", "Nothing waits for your decision")
NOTHING: Final = Words("这里没有申请", "No requests here")
KEY_OF_NOBODY: Final = Words("不属于个人的管理密钥", "a management key of no person")
WHY: Final = Words("理由", "Why")
OPERATION: Final = Words("操作", "Operation")
SENT: Final = Words("所发送的内容", "What was sent")
FIELD: Final = Words("项", "Field")
MEANS: Final = Words("含义", "What it is")
VALUE: Final = Words("值", "Value")
ITS_ROLES: Final = Words("赋予的角色", "The roles that it gives")
CHANGES: Final = Words("会改变什么", "What it changes")
MOVED: Final = Words(
    "所依据的内容在提出之后已改变：不会执行，须由申请人重新提出",
    "What it rests on has changed since it was asked: it will not be done, and must be asked again",
)
VOTES: Final = Words("谁已表态", "Who has decided")
AGREED_BY: Final = Words("同意", "agreed")
DECLINED_BY: Final = Words("不同意", "declined")
NEEDS: Final = Words("须同意的人数", "Persons who must agree")
ROLES: Final = Words("须具有的角色", "With one of the roles")
CAME: Final = Words("未执行的原因", "Why it was not done")
OTHERS_DECIDE: Final = Words(
    "您不能决定此申请：须由具有以下角色的另一人决定：{roles}",
    "You cannot decide this: it takes another person with one of the roles {roles}",
)
DECLINED_ONE: Final = Words("未获同意", "This was declined")
ASK_ANEW: Final = Words("请与不同意者商量后重新提出", "talk to who declined it, then ask anew")
DECIDE: Final = Words("决定", "Decide")
YOUR_OWN: Final = Words(
    "这是您提出的申请，须由另一人决定", "You asked for this: another must decide"
)
YOUR_OWN_AGREED: Final = Words(
    "这是您提出的申请；在执行之前，您仍可撤回",
    "You asked for this: you may still take it back, as long as it is not done",
)
# by what one more agreement leads to: the button, and what happens then
AGREEING: Final[Mapping[str, tuple[Words, Words]]] = {
    "counts": (
        Words("同意", "Agree"),
        Words(
            "还须另有人同意；人数够时才会执行，并记录在案",
            "Others must agree besides; only then is it done, and put on record",
        ),
    ),
    "hands-over": (
        Words("同意", "Agree"),
        Words(
            "您同意后，由申请人执行：结果中有秘密，只给申请人看",
            "Once you agree, who asked has it done: the answer holds a secret, for nobody else",
        ),
    ),
    "does": (
        Words("同意并执行", "Agree and have it done"),
        Words(
            "您同意后立即以申请人的名义执行，并记录在案",
            "Once you agree it is done at once, in the name of who asked, and put on record",
        ),
    ),
}
DECLINE: Final = Words("不同意", "Decline")
REASON: Final = Words("不同意的理由", "Why not")
WITHDRAW: Final = Words("撤回申请", "Withdraw")
FETCH: Final = Words("执行并取得结果", "Have it done")
FETCH_WHY: Final = Words(
    "已获同意。答复中如有秘密，只显示这一次",
    "It is agreed to. A secret in the answer is shown this once",
)
AGREED_DONE: Final = Words("已记录您的同意", "Your agreement is on record")
DECLINED_DONE: Final = Words("已记录您的决定", "Your decision is on record")
WITHDRAWN_DONE: Final = Words("已撤回", "It is withdrawn")
FETCHED_DONE: Final = Words("已执行", "It is done")
S_PENDING: Final = Words("等待同意", "waits")
S_AGREED: Final = Words("已获同意，待执行", "agreed, not done yet")
S_RUNNING: Final = Words("已开始执行", "begun")
S_DONE: Final = Words("已执行", "done")
S_FAILED: Final = Words("执行失败", "failed")
S_DECLINED: Final = Words("未获同意", "declined")
S_WITHDRAWN: Final = Words("已撤回", "withdrawn")
S_EXPIRED: Final = Words("已过期", "expired")
SEE_DONE: Final = Words("查看已结束的申请", "See requests that are done")
