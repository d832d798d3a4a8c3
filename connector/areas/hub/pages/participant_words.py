"""Words of the page of one participant."""

from __future__ import annotations

from typing import Final

from connector.areas.hub.pages.words import (
    ENDPOINT,
    EXPIRES,
    FETCHED,
    HAND,
    IN_SPACE,
    NAME_EN,
    NAME_ZH,
    NEVER,
    NUMBER,
    REASON_HINT,
    SINCE,
    SOFTWARE,
    STANDING,
)
from crypto.words import Words

TITLE: Final = Words("一家参与方", "A participant")
ENTRY: Final = Words("登记条目", "Entry in the register")
SINCE_WHEN: Final = Words("状态原因", "Reason of its standing")
ACT: Final = Words("变更认证状态", "Change its standing")
STOPS: Final = Words("将会停止的事项", "What would stop")
STOPS_OFFERS: Final = Words(
    "共享目录中它的 {count} 条描述不再显示",
    "its {count} {count|description|descriptions} in the shared catalogue {count|is|are} no"
    " longer shown",
)
STOPS_CALLS: Final = Words(
    "任何连接器都不再接受它的请求，也不再向它发送",
    "no connector takes its calls or calls it any more",
)
STOPS_TOLD: Final = Words(
    "{count} 个连接器立即收到新的状态文件；取不到的最迟 {seconds} 秒后自行停止",
    "{count} {count|connector is|connectors are} told at once;"
    " one that cannot be reached stops by itself within {seconds} seconds",
)
STOPS_UNKNOWN: Final = Words(
    "它与其他企业之间的合约运营方看不到：各方的连接器自行暂停",
    "contracts between firms are not visible to the operator: each connector stops its own",
)
SUSPEND: Final = Words("暂停", "Suspend")
SUSPEND_WHAT: Final = Words(
    "可以解除；其间一切停止。", "Can be lifted; until then everything stops."
)
REINSTATE: Final = Words("解除暂停", "Lift the suspension")
REINSTATE_WHAT: Final = Words(
    "它重新可以呼叫和被呼叫，描述重新显示。",
    "It can call and be called again, and its descriptions are shown again.",
)
REVOKE: Final = Words("撤销认证", "Revoke")
REVOKE_WHAT: Final = Words(
    "不可恢复：企业须重新申请，合约由各方终止。",
    "For good: the firm would have to apply anew, and its partners end their contracts.",
)
UNDERSTOOD: Final = Words("我明白此操作不可恢复", "I understand that this cannot be undone")
SUSPENDED_NOW: Final = Words(
    "已暂停。状态文件 #{serial} 正在送往各连接器",
    "Suspended. Status document #{serial} is on its way to every connector",
)
REINSTATED_NOW: Final = Words(
    "已解除暂停。状态文件 #{serial} 正在送往各连接器",
    "Reinstated. Status document #{serial} is on its way to every connector",
)
REVOKED_NOW: Final = Words(
    "已撤销。状态文件 #{serial} 正在送往各连接器",
    "Revoked. Status document #{serial} is on its way to every connector",
)
HISTORY: Final = Words("它的申请", "Its applications")

# said by the template as its own
_SHARED: Final = (
    ENDPOINT,
    EXPIRES,
    FETCHED,
    HAND,
    IN_SPACE,
    NAME_EN,
    NAME_ZH,
    NEVER,
    NUMBER,
    REASON_HINT,
    SINCE,
    SOFTWARE,
    STANDING,
)
