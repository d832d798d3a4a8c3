"""Words that pages share: templates say them as `c.NAME`."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

CONSOLE: Final = Words("控制台", "Console")
SKIP: Final = Words("跳到正文", "Skip to content")
MENU: Final = Words("菜单", "Menu")
SPACE: Final = Words("数据空间", "Space")
SEARCH: Final = Words("搜索任意编号", "Search any id")
FIND: Final = Words("搜索", "Search")
INBOX: Final = Words("待办", "Inbox")
LANGUAGE: Final = Words("语言", "Language")
OTHER_LANGUAGE: Final = Words("English", "中文")
THEME: Final = Words("外观", "Theme")
THEME_SYSTEM: Final = Words("跟随系统", "As the system")
THEME_LIGHT: Final = Words("浅色", "Light")
THEME_DARK: Final = Words("深色", "Dark")
KEEPING: Final = Words("保留已填内容，改为：", "Keep what is filled in, and change to:")
SIGN_IN: Final = Words("登录", "Sign in")
SIGN_OUT: Final = Words("退出", "Sign out")
ACCOUNT: Final = Words("我的账户", "My account")
HELP: Final = Words("帮助", "Help")
HOME: Final = Words("首页", "Home")
READ_ONLY: Final = Words(
    "只读访问：您的每次查阅都会记录在案。",
    "Read-only: your reads are logged.",
)
INCLUDED: Final = Words("（含当日，UTC）", "(included, UTC)")
ACCESS_ENDS: Final = Words("访问权结束于", "Your access ends")

GROUP_PROVIDE: Final = Words("提供", "Provide")
GROUP_CONSUME: Final = Words("使用", "Consume")
GROUP_AGREE: Final = Words("约定", "Agree")
GROUP_OPERATE: Final = Words("运营", "Operate")
GROUP_AUDIT: Final = Words("审计", "Audit")
GROUP_CONNECTOR: Final = Words("连接器", "Connector")

SAVE: Final = Words("保存", "Save")
SEND: Final = Words("提交", "Send")
CANCEL: Final = Words("取消", "Cancel")
CONTINUE: Final = Words("继续", "Continue")
BACK: Final = Words("返回", "Back")
CLOSE: Final = Words("关闭", "Close")
COPY: Final = Words("复制", "Copy")
COPIED: Final = Words("已复制", "Copied")
FILTER: Final = Words("筛选", "Filter")
RESET: Final = Words("清除筛选", "Clear filters")
TAKE_AWAY: Final = Words("去掉此筛选", "take this filter away")
ALL: Final = Words("全部", "All")
AS_TABLE: Final = Words("以表格显示", "As a table")
NEXT_PAGE: Final = Words("下一页", "Next page")
FIRST_PAGE: Final = Words("第一页", "First page")
DETAILS: Final = Words("详情", "Details")
NEWEST: Final = Words(
    "至多列出最新的 {count} 条；证据日志中有全部",
    "At most the newest {count} are listed; the evidence log has all",
)
TERMS_LENGTH: Final = Words(
    "规范 JSON，{length} 字节，摘要", "Canonical JSON, {length} bytes, digest"
)
TERMS_FILE: Final = Words("下载全文", "Download all of it")
TERMS_CUT: Final = Words(
    "此处只显示前 {shown} 个字符，其余见下载的全文",
    "Here are the first {shown} characters; the rest is in the file",
)
OPTIONAL: Final = Words("可不填", "optional")
REASON: Final = Words("原因", "Reason")
YES: Final = Words("是", "Yes")
NO: Final = Words("否", "No")
NONE: Final = Words("无", "None")
UNKNOWN: Final = Words("未知", "Unknown")
STATE: Final = Words("状态", "State")
NAME: Final = Words("名称", "Name")
DATE: Final = Words("日期", "Date")
TIME: Final = Words("时间", "Time")
ID: Final = Words("编号", "Id")
ROLES: Final = Words("角色", "Roles")
LISTS: Final = Words("相关列表", "Lists beside this one")
LIST_FILE: Final = Words("列表文件", "A list as a file")
CSV: Final = Words("下载 CSV", "Download CSV")
CSV_EXCEL: Final = Words("下载 CSV（供 Excel 打开）", "Download CSV for Excel")
CSV_MOST: Final = Words(
    "文件含符合筛选条件的行，最多 {count} 行",
    "The file holds what fits the filters, {count} rows at most",
)
PARTY: Final = Words("对方名称或 DID", "Firm: name or DID")
SHOW_TABLE: Final = Words("以表格显示", "Show as a table")
ONCE: Final = Words(
    "只显示这一次，请现在复制：", "This is shown once. Copy it now:"
)  # fmt: skip

WAITS: Final = Words("{message}。下一步：{next}", "{message}. Next: {next}")
REFUSED: Final = Words("未能完成", "This was not done")
NEXT_STEP: Final = Words("下一步", "What to do next")
RULE: Final = Words("依据", "Rule")
PASSWORD_HINT: Final = Words(
    "至少 12 个字符，含以下五类中的三类：小写字母、大写字母、数字、其他文字、空格与标点；越长越好",
    "at least 12 characters, of three of these kinds: small letters, capitals, digits, letters of"
    " other scripts, spaces and signs; the longer the better",
)
RULE_QUESTION: Final = Words("可以怎样提问", "how questions may be asked")
RULE_TOTAL: Final = Words("求合计的条件", "what totals require")
PLACE: Final = Words("提问中的位置（行:列）", "place in the question (line:column)")
CLAUSE: Final = Words("条款", "clause")
EVIDENCE: Final = Words("证据记录", "Evidence record")
TRY_AGAIN: Final = Words("重试", "Try again")
CODE: Final = Words("错误代码", "Error code")
REFERENCE: Final = Words("编号", "Reference")
ERROR: Final = Words("出错", "Error")

STEWARD: Final = Words("数据管理员", "Data steward")
CDO: Final = Words("首席数据官", "Chief data officer")
SECURITY: Final = Words("安全管理员", "Security")
CERTIFIER: Final = Words("认证员", "Certifier")
AUDITOR: Final = Words("审计员", "Auditor")
