"""Words of a firm's first page."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

TITLE: Final = Words("首页", "Home")
WAITS: Final = Words("等您处理", "What waits for you")
NOTHING_WAITS: Final = Words("没有待处理的事项", "Nothing waits for you")
WAITING: Final = Words("{title}：{count} 项", "{title}: {count}")
PARKED: Final = Words(
    "{count} 条消息未能送达", "{count} {count|message|messages} could not be delivered"
)
NOT_LOOKED: Final = Words(
    "只查看了最近 {count} 份合约是否在 30 天内到期；更早的请见合约页",
    "only the newest {count} contracts were looked at for an end within 30 days; older ones are"
    " on the page of contracts",
)
EXPIRING: Final = Words(
    "与 {firm} 的合约（{product}）将在 30 天内到期",
    "the contract with {firm} on {product} ends within 30 days",
)
STOPPED: Final = {
    "suspended": Words(
        "运营方已暂停本企业：在恢复之前，各合约都不能使用。原因见“成员资格”",
        "the operator has suspended this firm: no contract can be used until that is lifted."
        " Membership says why",
    ),
    "revoked": Words(
        "运营方已撤销本企业的认证：各合约都不能使用。原因见“成员资格”",
        "the operator has revoked this firm's certification: no contract can be used."
        " Membership says why",
    ),
}
CONTRACTS: Final = Words("合约", "Contracts")
AS_PROVIDER: Final = Words("作为提供方", "As provider")
AS_CONSUMER: Final = Words("作为使用方", "As consumer")
CONCLUDED: Final = Words("已达成", "Concluded")
FORMING: Final = Words("尚未达成", "Not concluded")
ENDED: Final = Words("已终止", "Ended")
DAYS: Final = Words("最近 14 天的提问与交付", "Questions and deliveries, last 14 days")
DAYS_SAY: Final = Words(
    "每天一条：提出的提问、收到的提问、发出的文件、收到的文件、未送达的文件（UTC）",
    "one bar a day: questions asked, questions received, files sent, files received, files that"
    " did not arrive (UTC)",
)
ASKED: Final = Words("提出的提问", "Questions asked")
RECEIVED: Final = Words("收到的提问", "Questions received")
SENT: Final = Words("发出的文件", "Files sent")
TAKEN: Final = Words("收到的文件", "Files received")
NOT_ARRIVED: Final = Words("未送达的文件", "Files that did not arrive")
DELIVERIES: Final = Words("交付", "Deliveries")
TO_OTHERS: Final = Words("发往对方", "To others")
TO_US: Final = Words("发来本方", "To us")
OPENING: Final = Words("等待开始", "Waiting for their start")
RUNNING: Final = Words("进行中", "Running")
PAUSED: Final = Words("已暂停", "Paused")
COMPLETED: Final = Words("已完成", "Completed")
ENDED_EARLY: Final = Words("提前终止", "Ended before their time")
ALL_DELIVERIES: Final = Words("全部交付", "All deliveries")
FAILED: Final = Words(
    "最近 14 天有 {count} 项交付因对方未接收文件而终止",
    "{count} {count|delivery|deliveries} of the last 14 days ended because the file was not taken",
)
BOUNDED: Final = Words(
    "只统计日志中最新的 {count} 条记录", "Counted in the newest {count} records of the log only"
)
NO_DAYS: Final = Words("最近 14 天没有提问或交付", "No question or delivery in the last 14 days")
HEALTH: Final = Words("运行状况", "Health")
HEALTHY: Final = Words("所有检查通过", "all checks pass")
UNHEALTHY: Final = Words(
    "{count} 项配置有误", "{count} {count|protection|protections} misconfigured"
)
MORE: Final = Words("查看连接器", "See the connector")
FIRST: Final = Words("第一步", "First steps")
CERTIFIED: Final = Words("由运营方认证", "Be certified by the operator")
CERTIFIED_HOW: Final = Words("在命令行执行 {command}", "run {command}")
PUBLISHED: Final = Words("发布一个产品", "Publish a product")
AGREED: Final = Words("达成一份合约", "Agree on a contract")
QUESTION: Final = Words("提一个问题", "Ask a question")
DONE: Final = Words("完成", "done")
TO_DO: Final = Words("待办", "to do")
COUNT: Final = Words("数量", "Count")
