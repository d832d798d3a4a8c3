"""Words of the operator's first page."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

TITLE: Final = Words("概览", "Overview")
WAITING: Final = Words("待决定的申请", "Applications that wait")
OPEN_THEM: Final = Words("逐份查看", "Look at them")
FIRMS: Final = Words("参与方", "Participants")
BY_STANDING: Final = Words("按认证状态", "By standing")
SOON: Final = Words("30 天内到期", "Expire within 30 days")
COUNT: Final = Words("家数", "Firms")
STANDING: Final = Words("认证状态", "Standing")
STATUS: Final = Words("状态文件", "Status document")
SERIAL: Final = Words("序号", "Serial")
ISSUED: Final = Words("签发", "Issued")
EXPIRES: Final = Words("失效", "Expires")
PUSHED: Final = Words("最近一次推送 #{serial}", "Last push, #{serial}")
ALL_HAVE: Final = Words("所有连接器都已收到", "every connector has it")
SOME_LACK: Final = Words(
    "{count} 个连接器尚未确认", "{count} {count|connector has|connectors have} not acknowledged it"
)
REFUSED: Final = Words("拒绝接收", "refused it")
ON_ITS_WAY: Final = Words("发送中", "on its way")
NO_STATUS: Final = Words("第一家企业获得认证后签发", "Issued once the first firm is certified")
FIRST_STEPS: Final = Words("第一步", "First steps")
STEP_INVITE: Final = Words(
    "把本运营方的 DID 发给企业：它们用 voile init --hub 和 voile apply 申请",
    "Give firms this hub's DID: they apply with voile init --hub and voile apply",
)
STEP_WAIT: Final = Words(
    "申请会出现在“认证申请”页，核对后批准",
    "Their applications appear under Applications; check them, then decide",
)
OWN_DID: Final = Words("本运营方的 DID", "DID of this hub")
OFFERS: Final = Words("共享目录中的描述", "Descriptions in the shared catalogue")
SEE: Final = Words("查看全部", "See all")
