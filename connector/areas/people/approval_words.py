"""Words about four eyes: of readiness, of `voile doctor`, and of what is done to a person."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

IN_FORCE: Final = Words("双人复核已生效", "four eyes are in force")
TOO_FEW: Final = Words(
    "双人复核尚未生效：能够同意的人（cdo、security 或 certifier）有 {count} 位，需两位",
    "four eyes are not in force yet: {count} {count|person|persons} may agree (cdo, security or"
    " certifier), it"
    " takes two",
)
SWITCHED_OFF: Final = Words(
    "双人复核已由两人同意关闭", "four eyes were switched off, as two persons agreed"
)
ONLY_TWO: Final = Words(
    "能够同意的人只有两位：其中一人丢失手机或密码，另一人的申请便无人能同意，包括让其重新登录的链接",
    "just two persons may agree: if one of them loses phone or password, nobody can agree to what"
    " the other asks for, not even to the link that would let that person in again",
)
INVITE_THIRD: Final = Words(
    "请趁两人都在时邀请第三位（cdo、security 或 certifier）：`voile person invite`",
    "invite a third (cdo, security or certifier) while both are there: `voile person invite`",
)
INVITE: Final = Words(
    "请邀请另一人：`voile person invite`", "invite another: `voile person invite`"
)
SWITCH_ON: Final = Words(
    "重新开启：`voile approval on`", "switch them on again: `voile approval on`"
)
ROLES_OF: Final = Words(
    "`{name}` 的角色由 {before} 改为 {after}", "the roles of `{name}` go from {before} to {after}"
)
LINK_OF: Final = Words(
    "申请人将得到一个链接，打开它的人即成为 `{name}`，角色：{roles}",
    "who asked gets a link, and whoever opens it is `{name}`, with the roles {roles}",
)
END_OF: Final = Words("停用 `{name}`，其角色：{roles}", "ends `{name}`, whose roles are {roles}")
