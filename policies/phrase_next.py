"""Phrases that say what to do next."""

from __future__ import annotations

from typing import Final

NEXT: Final = {
    "next.ask-known-terms": (
        "请对方提供双方都能识别的条款。",
        "Ask the other side for terms that both know.",
    ),
    "next.ask-to-publish": (
        "请供方重新发布该产品。",
        "Ask the provider to publish the product again.",
    ),
    "next.ask-to-migrate": (
        "请供方重新启动连接器或重新发布该产品；其 `voile doctor` 会说明所缺之处。",
        "Ask the provider to start its connector or publish the product again; its doctor helps.",
    ),
    "next.negotiate": ("请协商一份新合约。", "Negotiate a new contract."),
    "next.ask-conflict": (
        "请对方在策略中声明 odrl:conflict 为 prohibit。",
        "Ask the other side to state odrl:conflict as prohibit.",
    ),
    "next.ask-less": ("请拆成几个较小的请求。", "Ask for less at a time."),
    "next.ask-other-terms": (
        "请与供方商定含此内容的条款。",
        "Agree with the provider on terms that include it.",
    ),
    "next.ask-purpose": (
        "请使用已授予的用途，或就此用途另行协商：各要约见 `voile product show`。",
        (
            "Use a purpose that is granted, or negotiate for this one:"
            " `voile product show` has all offers."
        ),
    ),
    "next.get-certified": (
        "请先取得数据空间的成员认证；现状与原因见 `voile membership`。",
        (
            "Get certified as a member of the data space; `voile membership` says how you stand,"
            " and why."
        ),
    ),
    "next.ask-operator": (
        "请询问数据空间的运营方；该方恢复认证后可再试。",
        "Ask the operator of the data space; try again when that party is certified.",
    ),
    "next.choose-mode": ("请改用合约授予的模式。", "Use a mode that the contract grants."),
    "next.ask-granted-measure": (
        "请改用合约授予的指标：见 `voile product show`。",
        "Ask for measures that the contract grants: see `voile product show`.",
    ),
    "next.ask-granted-dimension": (
        "请改用合约授予的维度：见 `voile product show`。",
        "Ask by dimensions that the contract grants: see `voile product show`.",
    ),
    "next.larger-cohort": (
        "请加入更多互不关联的供方。",
        "Include more unrelated providers.",
    ),
    "next.use-named-aggregator": (
        "请使用合约指定的聚合方。",
        "Use the aggregator that the contract names.",
    ),
    "next.choose-members": (
        "请只邀请合约名单内的供方。",
        "Include only providers that the contract names.",
    ),
    "next.select-only": (
        "写法：SELECT 维度, 聚合 FROM 表 [WHERE] [GROUP BY] [HAVING] [ORDER BY] [LIMIT]。",
        (
            "Write SELECT dimensions, aggregates FROM table"
            " [WHERE] [GROUP BY] [HAVING] [ORDER BY] [LIMIT]."
        ),
    ),
    "next.plain-text": (
        "请只用普通文字、数字和 SQL 符号。",
        "Use plain letters, digits and SQL signs.",
    ),
    "next.no-comment": ("请去掉注释。", "Leave comments out."),
    "next.write-literals": ("请直接写出取值。", "Write the values themselves."),
    "next.one-statement": ("请提一个单独的 SELECT。", "Ask with one plain SELECT."),
    "next.one-table": ("请只查询一张表。", "Ask one table only."),
    "next.ask-sums": (
        "可用聚合：COUNT(*)、COUNT(指标)、SUM、AVG。",
        "The aggregates are COUNT(*), COUNT(measure), SUM and AVG.",
    ),
    "next.derived-measure": (
        "请所有者声明派生指标。",
        "Ask the owner to declare a derived measure.",
    ),
    "next.use-where": ("请把条件写在 WHERE 中。", "Put the condition into WHERE."),
    "next.use-having": ("请把条件写在 HAVING 中。", "Put the condition into HAVING."),
    "next.declared-codes": (
        "请使用产品页声明的代码：见 `voile product show`。",
        "Use the codes that the product page declares: see `voile product show`.",
    ),
    "next.declared-names": (
        "请使用产品页声明的名称：见 `voile product show`。",
        "Use the names that the product page declares: see `voile product show`.",
    ),
    "next.name-columns": ("请写出列名。", "Name the columns."),
    "next.group-by-it": ("请在 GROUP BY 中列出。", "Add it to GROUP BY."),
    "next.select-it": ("请在 SELECT 中列出。", "Add it to SELECT."),
    "next.use-edges": (
        "请用 >= 或 < 并以区间边界为界。",
        "Use >= or < with an edge of the bins.",
    ),
}
