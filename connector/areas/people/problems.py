"""What can be wrong with people: their names, roles, links, passwords, codes."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

# one for all: an unknown name, a wrong password, a wrong or used code, a locked name
NOT_LET_IN: Final = Problem(
    "sign-in",
    Words(
        "无法登录：姓名、密码和验证码不相符",
        "not signed in: name, password and code do not go together",
    ),
    Words(
        "请核对后重试；验证码只能使用一次，请等下一个。五次失败后该姓名锁定 15 分钟，此后逐次加倍",
        "check them and try again; a code is good once, so wait for the next one. Five failures"
        " lock a name for 15 minutes, later ones for longer",
    ),
)
# of a name that was tried too often, whoever has it and whatever was typed
LOCKED: Final = Problem(
    "sign-in-locked",
    Words(
        "无法登录：用该姓名尝试的次数过多，{moment} 之前不接受登录",
        "not signed in: this name was tried too often, and lets nobody in before {moment}",
    ),
    Words(
        "请在 {moment} 之后重试；每锁定一次，时间加倍",
        "try again after {moment}; each time a name is locked, it is for longer",
    ),
)
TRIES: Final = Problem(
    "sign-in-rate",
    Words("登录尝试过多", "too many tries to sign in"),
    Words("请等一分钟后重试", "wait a minute and try again"),
)
SESSION_MISSING: Final = Problem(
    "sign-in-session-missing",
    Words("没有这个会话：可能已结束", "there is no such session: it may have ended"),
    Words("请查看会话列表", "look at the list of your sessions"),
)
LINK_OVER: Final = Problem(
    "invitation-over",
    Words(
        "该链接无效：已使用、已过期或不存在", "the link opens nothing: used, too old, or unknown"
    ),
    Words(
        "如已使用，请直接登录；否则请邀请者用 `voile person renew` 另发链接",
        "sign in if you have used it; else ask for another, which `voile person renew` makes",
    ),
)
PASSWORD_LENGTH: Final = Problem(
    "password-length",
    Words("密码须为 {least} 至 {most} 个字符", "a password has {least} to {most} characters"),
    Words(
        "请另选密码，例如几个互不相干的词，加上大写字母和标点",
        "choose another, such as some words that have nothing to do with each other, with a capital"
        " and a sign",
    ),
)
PASSWORD_KINDS: Final = Problem(
    "password-kinds",
    Words(
        "密码须至少含以下五类中的 {kinds} 类：小写字母、大写字母、数字、其他文字、空格与标点",
        "a password has characters of at least {kinds} of these kinds: small letters, capitals,"
        " digits, letters of other scripts, spaces and signs",
    ),
    Words("请补上所缺的一类", "add one of those that are missing"),
)
PASSWORD_COMMON: Final = Problem(
    "password-common",
    Words(
        "密码过于常见，或就是姓名",
        "the password is among the commonest, or it is the name",
    ),
    Words("请选他人不会尝试的密码", "choose one that nobody else would try"),
)
CODE_LACKS: Final = Problem(
    "code-missing",
    Words(
        "该角色须使用第二因素，但没有收到验证码",
        "these roles need a second factor, and no code came",
    ),
    Words(
        "请用验证器应用扫描图形，输入它显示的六位数字",
        "scan the picture with an authenticator and type the six digits that it shows",
    ),
)
CODE_WRONG: Final = Problem(
    "code-wrong",
    Words("验证码不对", "the code is wrong"),
    Words(
        "请输入应用此刻显示的六位数字；若一直不对，请核对手机的时间",
        "type the six digits that the app shows now; if it stays so, set the clock of the phone",
    ),
)
PERSON_OVER: Final = Problem(
    "person-ended",
    Words("{who} 在此事开始之前已被停用", "{who} was ended before this began"),
    Words("请由仍然有效的人员重新提出", "have somebody ask for it who may still act"),
)
NAMES: Final = Words(
    "字母、数字、空格和 `-`、`_`、`.`、`·`、`'`、`@`、`+`，至多 100 个，以字母或数字开头",
    "letters, digits, spaces and `-`, `_`, `.`, `·`, `'`, `@`, `+`, at most 100, a letter or digit"
    " first",
)
ROLES_HERE: Final = Words("本节点的人员角色：{roles}", "roles of people here: {roles}")
LATER: Final = Words("将来的时刻", "a moment to come")
NAME_TAKEN: Final = Problem(
    "person-exists",
    Words("已有人员 `{name}`", "there is a person `{name}` already"),
    Words(
        "请另取姓名；若要给同一人新链接，请用 `voile person renew`",
        "choose another name; `voile person renew` makes another link for the same person",
    ),
)
PERSON_UNKNOWN: Final = Problem(
    "person-missing",
    Words("没有仍然有效的人员 `{name}`", "no person `{name}` may act here"),
    Words("见 `voile person list`", "see `voile person list`"),
)
GRANT_ROLES: Final = Problem(
    "grant-roles",
    Words(
        "有期限的授权只用于审计员，且不含其他角色",
        "a grant with an end is for an auditor, and for no other role beside",
    ),
    Words(
        "请只指定角色 auditor，或不指定期限",
        "name the role auditor alone, or leave the end out",
    ),
)
ROLES_CHANGED: Final = Problem(
    "person.changed",
    Words(
        "`{name}` 的角色已不是您所见的：现为 {roles}；未改变任何内容",
        "the roles of `{name}` are not those that you saw: they are {roles} by now; nothing was"
        " changed",
    ),
    Words("请查看现有角色后再决定", "look at what it may do now, then decide again"),
)
FACTOR_LACKS: Final = Problem(
    "factor-missing",
    Words(
        "`{name}` 没有第二因素，而角色 {roles} 必须有",
        "`{name}` has no second factor, which the roles {roles} need",
    ),
    Words(
        "请先让其设置第二因素，或用 `voile person renew` 另发链接",
        "let the person set one first, or make another link with `voile person renew`",
    ),
)
