"""Words of the pages about people."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

PEOPLE: Final = Words("人员", "People")
INTRO: Final = Words(
    "能够登录此控制台的人。其操作以编号记入证据日志，从不记姓名。",
    "Who may sign in to this console. What they do is recorded under their ids, never their names.",
)
KEEP_THREE: Final = Words("请趁两人都在时邀请第三位。", "Invite a third while both are there.")
NAME: Final = Words("姓名", "Name")
ROLES: Final = Words("角色", "Roles")
STATE: Final = Words("状态", "State")
FACTOR: Final = Words("第二因素", "Second factor")
INVITED: Final = Words("已邀请", "Invited")
ACTIVE: Final = Words("可登录", "Active")
ENDED: Final = Words("已停用", "Ended")
LOCKED: Final = Words("暂时锁定", "Locked for a while")
HAS: Final = Words("有", "yes")
HAS_NONE: Final = Words("无", "no")
SINCE: Final = Words("邀请于", "Invited on")
UNTIL: Final = Words("授权至", "Grant ends")
LINK_ENDS: Final = Words("邀请链接有效期至", "Link is good until")
INVITE: Final = Words("邀请", "Invite")
INVITE_SOMEBODY: Final = Words("邀请一人", "Invite a person")
NAME_HINT: Final = Words("登录时使用", "the person signs in with it")
ROLES_HINT: Final = Words(
    "只能授予您自己拥有的角色；首席数据官、认证员和审计员需要第二因素",
    "only roles that you have yourself; chief data officer, certifier and auditor "
    "need a second factor",
)
LANGUAGE: Final = Words("页面语言", "Language of pages")
CHINESE: Final = Words("中文", "Chinese")
ENGLISH: Final = Words("英文", "English")
DAYS: Final = Words("链接有效天数", "Days the link is good")
UNTIL_LABEL: Final = Words("授权最后一天", "Last day of the grant")
UNTIL_HINT: Final = Words(
    "只用于审计员：只读，到期自动结束；不填则不会结束",
    "for an auditor alone: read-only, and it ends by itself; empty, it does not end",
)
INVITED_DONE: Final = Words(
    "已生成邀请链接。只能使用一次，请只交给本人",
    "The link is made. It is good once; give it to that person and nobody else",
)
PERSON: Final = Words("一位人员", "A person")
CHANGE_ROLES: Final = Words("更改角色", "Change roles")
ROLES_EFFECT: Final = Words(
    "此人的会话全部结束，须重新登录。", "All sessions of this person end; it signs in again."
)
ROLES_DONE: Final = Words("角色已更改", "The roles were changed")
RENEW: Final = Words("另发链接", "Make another link")
RENEW_EFFECT: Final = Words(
    "用于忘记密码或丢失第二因素：原密码、第二因素和会话立即失效。",
    "For a lost password or second factor: both end at once, and so do all sessions.",
)
END: Final = Words("停用", "End")
END_SURE: Final = Words("我明白后果", "I understand what follows")
END_EFFECT: Final = Words(
    "从现在起无法登录，会话全部结束。不可撤销：再次加入须重新邀请。",
    "From now on this person is not let in; all sessions end. "
    "It cannot be undone: to come back, it is invited anew.",
)
END_DONE: Final = Words("已停用", "The person has ended")
ALL_PEOPLE: Final = Words("全部人员", "All people")
