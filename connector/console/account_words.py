"""Words of one's own account and of help."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

ACCOUNT: Final = Words("我的账户", "My account")
NAME: Final = Words("名称", "Name")
ROLES: Final = Words("角色", "Roles")
PERSON_ID: Final = Words("记录中的编号", "Your id in records")
PASSWORD: Final = Words("密码", "Password")
OLD: Final = Words("现在的密码", "Present password")
NEW: Final = Words("新密码", "New password")
AGAIN: Final = Words("再次输入新密码", "The new password again")
CODE: Final = Words("动态码", "Code from the app")
CODE_HINT: Final = Words("没有第二因素则留空", "empty if you have no second factor")
CHANGE_PASSWORD: Final = Words("更改密码", "Change password")
PASSWORD_CHANGED: Final = Words(
    "密码已更改，其他会话均已结束", "The password was changed; all other sessions have ended"
)
FACTOR: Final = Words("第二因素", "Second factor")
FACTOR_WHY: Final = Words(
    "更换手机或验证器应用时使用。", "For a new phone or another authenticator app."
)
CHANGE_FACTOR: Final = Words("更换第二因素", "Change the second factor")
FACTOR_CHANGED: Final = Words(
    "第二因素已更换，其他会话均已结束",
    "The second factor was changed; all other sessions have ended",
)
SCAN: Final = Words(
    "用验证器应用扫描此图，或输入密钥，再输入它显示的六位数字。",
    "Scan the picture with your authenticator app, or type the key; "
    "then type the six digits it shows.",
)
PICTURE: Final = Words("新第二因素的二维码", "QR code of the new second factor")
SECRET: Final = Words("密钥", "Key")
NEW_CODE: Final = Words("新应用的动态码", "Code of the new app")
OLD_CODE: Final = Words("原应用的动态码", "Code of the old app")
SESSIONS: Final = Words("会话", "Sessions")
SESSION_BEGUN: Final = Words("登录时间", "Signed in")
SESSION_SEEN: Final = Words("最近使用", "Last used")
SESSION_WHICH: Final = Words("会话", "Session")
THIS_ONE: Final = Words("当前会话", "this one")
SESSIONS_WHY: Final = Words(
    "您登录后尚未结束的会话。半小时未使用即自动结束，最长十二小时。",
    "Your sessions that have not ended. They end after half an hour without a visit, and after"
    " twelve hours.",
)
END_SESSION: Final = Words("结束", "End it")
END_SESSION_NAMED: Final = Words("结束会话 {id}", "End session {id}")
SESSION_ENDED: Final = Words("该会话已结束", "That session has ended")
EVERYWHERE_WHY: Final = Words(
    "结束您在所有浏览器中的会话，包括当前会话。",
    "Ends your sessions in all browsers, this one too.",
)
EVERYWHERE: Final = Words("全部退出", "Sign out everywhere")
LANGUAGE_AND_THEME: Final = Words("语言和外观", "Language and theme")
APPLY: Final = Words("应用", "Apply")

HELP: Final = Words("帮助", "Help")
KEYS: Final = Words("键盘", "Keyboard")
KEY: Final = Words("按键", "Key")
DOES: Final = Words("作用", "What it does")
KEY_SEARCH: Final = Words("跳到搜索框或筛选框", "go to the search or filter box")
KEY_HELP: Final = Words("打开此页", "open this page")
KEY_ESCAPE: Final = Words("关闭菜单，焦点回到原处", "close a menu and return to where you were")
KEY_TAB: Final = Words("逐项移动；第一项是跳到正文", "move on; the first stop skips to the content")
IDS: Final = Words("编号", "Ids")
IDS_HELP: Final = Words(
    "长编号只显示首尾；用键盘选中或指向它即可看到全文，旁边的按钮可复制。",
    "Long ids show their ends only; focus or point at one to see all of it, "
    "or copy it with its button.",
)
TIMES: Final = Words("时间", "Times")
TIMES_HELP: Final = Words(
    "时间按本企业时区显示；指向时间或用键盘选中即可看到世界时。期限同时写明还有多久。",
    "Times are in the zone of your firm; point at or focus one to see it in universal time."
    " Deadlines also say how far away they are.",
)
