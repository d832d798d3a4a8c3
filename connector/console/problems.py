"""Problems of the console."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

PAGE_NOT_YOURS: Final = Problem(
    "console-page-not-yours",
    Words("此页面只供以下角色使用：{roles}", "this page is for other roles: {roles}"),
    Words("请有此角色的同事打开，或请安全管理员为您添加角色",
          "ask a colleague with one of these roles, or ask security to give you one"),
)  # fmt: skip
PAGE_MISSING: Final = Problem(
    "console-page-missing",
    Words("此地址没有页面", "there is no page at this address"),
    Words("请从菜单中选择", "choose one from the menu"),
)
FORM_UNKNOWN: Final = Problem(
    "console-form-unknown",
    Words("此页面没有表单 `{form}`", "this page has no form `{form}`"),
    Words("请重新打开此页面后再试", "open the page again and try once more"),
)
FORM_STALE: Final = Problem(
    "console-form-stale",
    Words("此表单不属于当前会话，未做任何更改",
          "this form does not belong to your present session; nothing was changed"),
    Words("请重新打开该页面后再次提交", "open the page anew and send it once more"),
)  # fmt: skip
FORM_FOREIGN: Final = Problem(
    "console-form-foreign",
    Words("此请求来自其他网站，未做任何更改",
          "this request came from another site; nothing was changed"),
    Words("请在控制台自己的页面上操作", "do it on the console's own page"),
)  # fmt: skip
LINK_DEAD: Final = Problem(
    "console-link-dead",
    Words("此邀请链接已使用或已过期", "this link of invitation was used already, or is over"),
    Words("请向邀请您的人索取新链接", "ask whoever invited you for a new one"),
)
PASSWORDS_DIFFER: Final = Problem(
    "console-passwords-differ",
    Words("两次输入的密码不同", "the two passwords are not the same"),
    Words("请再次输入相同的密码", "type the same password twice"),
)
CRASHED: Final = Problem(
    "console-crashed",
    Words("此页面出错了", "something went wrong on this page"),
    Words("请再试一次；若仍出错，请把编号 {reference} 告诉管理员",
          "try once more; if it fails again, tell your administrator the reference {reference}"),
)  # fmt: skip
REASON_EMPTY: Final = Problem(
    "console-reason-empty",
    Words("请先写明原因，未做任何更改", "a reason is needed; nothing was changed"),
    Words("请填写原因后再次提交", "write the reason, then send it once more"),
)
NOT_CONFIRMED: Final = Problem(
    "console-not-confirmed",
    Words("此操作须先确认，未做任何更改", "this must be confirmed first; nothing was changed"),
    Words("请勾选确认框后再次提交", "tick the box that confirms it, then send it once more"),
)
