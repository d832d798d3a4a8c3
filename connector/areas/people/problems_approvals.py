"""What can be wrong with agreeing to what somebody else asked for."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

_SEE_LIST: Final = Words("见 `voile approval list`", "see `voile approval list`")
_ASK_ANEW: Final = Words("请重新提出申请：再次执行该命令", "ask again: run the command once more")

MISSING: Final = Problem(
    "approval-missing", Words("没有申请 `{name}`", "no request `{name}`"), _SEE_LIST
)
OVER: Final = Problem(
    "approval-over",
    Words("申请 `{name}` 已不在等待同意：{state}", "the request `{name}` waits no more: {state}"),
    Words("见 `voile approval show {name}`", "see `voile approval show {name}`"),
)
NO_PERSON: Final = Problem(
    "approval-no-person",
    Words(
        "{who} 不属于任何人：只有人才能同意或不同意",
        "{who} belongs to nobody: only persons agree or decline",
    ),
    Words(
        "请登录控制台，或使用由该人本人生成的密钥",
        "sign in to the console, or use a key that a person drew",
    ),
)
OWN: Final = Problem(
    "approval-own",
    Words("申请 `{name}` 是您自己提出的", "the request `{name}` is your own"),
    Words("须由另一人决定", "another person must decide it"),
)
ROLE: Final = Problem(
    "approval-role",
    Words(
        "决定 `{operation}` 需要以下角色之一：{either}",
        "to decide about `{operation}` takes the role {either}",
    ),
    Words("请具有该角色的人决定", "have a person with that role decide"),
)
TWICE: Final = Problem(
    "approval-twice",
    Words("您已对申请 `{name}` 表示同意", "you have agreed to the request `{name}` already"),
    Words("还须另一人同意", "another person must agree, too"),
)
NOBODY: Final = Problem(
    "approval-nobody",
    Words(
        "双人复核已生效，但能同意 `{operation}` 的其他人只有 {found} 位，"
        "需 {needs} 位（角色：{either}）",
        "four eyes are in force, and of other persons who could agree to `{operation}` there are"
        " {found}, {needs} are needed (with the role {either})",
    ),
    Words(
        "请先邀请具有该角色的人：`voile person invite`；由本人会话或本人密钥提出时只需一位",
        "invite such a person first, `voile person invite`; asked by a person in the console or"
        " with a key of its own, one is enough",
    ),
)
MANY: Final = Problem(
    "approval-many",
    Words("已有 {most} 份申请在等待同意", "{most} requests wait already"),
    Words(
        "请先处理或撤回一些：`voile approval list`",
        "have some decided or withdraw them: `voile approval list`",
    ),
)
MANY_OWN: Final = Problem(
    "approval-many-own",
    Words("您提出的申请中已有 {most} 份在等待同意", "{most} of your own requests wait already"),
    Words(
        "请撤回一些：`voile approval list --box by-me`",
        "withdraw some: `voile approval list --box by-me`",
    ),
)
NOT_YOURS: Final = Problem(
    "approval-not-yours",
    Words("只有提出申请 `{name}` 的人才能这样做", "only who made the request `{name}` may do that"),
    _SEE_LIST,
)
NOT_AGREED: Final = Problem(
    "approval-not-agreed",
    Words(
        "申请 `{name}` 尚未获得同意，或已结束：{state}",
        "the request `{name}` is not agreed to, or is over: {state}",
    ),
    Words("见 `voile approval show {name}`", "see `voile approval show {name}`"),
)
UNDER_WAY: Final = Problem(
    "approval-under-way",
    Words("申请 `{name}` 正在执行", "the request `{name}` is being done"),
    Words("请稍候，再看 `voile approval show {name}`", "wait, then `voile approval show {name}`"),
)
MOVED: Final = Problem(
    "approval-moved",
    Words(
        "申请 `{name}` 所依据的内容此后已改变，未执行",
        "what the request `{name}` rests on has changed since; nothing was done",
    ),
    _ASK_ANEW,
)
REQUESTER: Final = Problem(
    "approval-requester",
    Words(
        "申请人 {who} 已无权执行 `{operation}`：其密钥已吊销、本人已停用，或角色已收回",
        "who asked, {who}, may not do `{operation}` any more: its key was revoked, the person was"
        " ended, or has not the roles",
    ),
    Words("请由有权的人重新提出", "have somebody ask who may"),
)
GONE: Final = Problem(
    "approval-gone",
    Words(
        "此版本没有操作 `{operation}`，申请 `{name}` 无法执行",
        "this version has no operation `{operation}`: the request `{name}` cannot be done",
    ),
    _ASK_ANEW,
)
TOO_FEW: Final = Problem(
    "approval-too-few",
    Words(
        "双人复核需要两位能够同意的人，现有 {found} 位",
        "four eyes take two persons who may agree, there are {found}",
    ),
    Words("请邀请另一人：`voile person invite`", "invite another: `voile person invite`"),
)
