"""What can be wrong with a cohort table and its renewals."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

TABLES_OLD: Final = Problem(
    "",
    Words(
        "`{member}` 的连接器版本过旧，不支持可审计的供方组总表",
        "the connector of `{member}` is older than cohort tables that can be audited",
    ),
    Words("请更新后重新提问", "update it, then ask again"),
)
JOINS_OTHER: Final = Words("加入声明属于另一个供方组", "the joining names another cohort")
TABLE_MADE: Final = Problem(
    "cohort.table.made",
    Words(
        "供方组总表已做成，其中对该表的声明不同",
        "the cohort table is made, and declares this table otherwise",
    ),
    Words(
        "请以另一产品编号发布，并使用单独的供方组",
        "publish under another product id, in a cohort of its own",
    ),
)
COHORT_UNKNOWN: Final = Problem(
    "cohort.table.unknown",
    Words("没有这样的供方组", "no such cohort"),
    Words("请重新加入", "join it again"),
)
PROVIDERS_FEW: Final = Words(
    "应有 {wanted} 个供方，实有 {count} 个", "expected {wanted} providers, got {count}"
)
CELLS_MANY: Final = Words(
    "各成员的单元多于可接受的 {most} 个",
    "the members name more cells than the {most} that are taken",
)
MARKED_BEFORE: Final = Problem(
    "cohort.said-before",
    Words("先前为该供方组发送过不同的标记", "other marks were sent before for this cohort"),
    Words("请重发同样的标记，或重新加入", "send the same marks again, or join anew"),
)
ROSTER_UNSAID: Final = Words(
    "`{product}` 的要约没有写明哪些供方参加总计",
    "the offers of `{product}` do not say who takes part in its totals",
)
ROSTERS_DIFFER: Final = Words(
    "`{product}` 的各要约写明了不同的供方组", "the offers of `{product}` name different cohorts"
)
ANSWERED_ELSEWHERE: Final = Words(
    "`{product}` 的单元已由较早的版本在另一供方组中回答过",
    "cells of `{product}` were answered in another cohort by an earlier version",
)
NOT_RENEWING: Final = Problem(
    "",
    Words("没有这样一份正在更新的总表", "no such cohort table is being renewed"),
    Words("请先请求更新", "ask for its renewal first"),
)
RENEWED_LATELY: Final = Problem(
    "",
    Words(
        "总表距上次更新不足一天，或已达更新次数上限",
        "the table was renewed less than a day ago, or as often as it may be",
    ),
    Words(
        "请在上次更新一天之后再请求；每份总表可更新三次",
        "ask again a day after the last renewal; a table has three",
    ),
)
SAID_IN_RENEWAL: Final = Problem(
    "cohort.said-before",
    Words("此次更新中先前说过不同的内容", "something else was said before in this renewal"),
    Words("请重发同一陈述", "send the same statement again"),
)
NO_TABLE: Final = Problem(
    "",
    Words(
        "`{product}` 不在任何已做成的供方组总表中", "`{product}` is in no cohort table that is made"
    ),
    Words(
        "总表在请求总计时做成；见 `voile products`",
        "a table is made when totals are asked for; see `voile products`",
    ),
)
NO_CLASSES: Final = Problem(
    "",
    Words(
        "供方组总表没有类：没有可更新的内容",
        "the cohort table has no classes: there is nothing to renew",
    ),
    Words(
        "请以另一产品编号发布，并使用较粗的维度",
        "publish under another product id, with coarser dimensions",
    ),
)
OFFERED_ELSEWHERE: Final = Problem(
    "",
    Words(
        "`{product}` 的要约所写的供方组与其总表的不同",
        "the offers of `{product}` name another cohort than its table is of",
    ),
    Words("请在其所属的供方组中提供", "offer it in the cohort that it is in"),
)
RENEWED_MOST: Final = Problem(
    "",
    Words(
        "供方组总表已更新 {most} 次，达到上限",
        "the cohort table was renewed {most} times, as often as it may be",
    ),
    Words(
        "请以另一产品编号发布，并使用单独的供方组",
        "publish under another product id, in a cohort of its own",
    ),
)
STEP_OVERTAKEN: Final = Problem(
    "",
    Words("另一步已先行完成", "another step was quicker"),
)
NO_PROPOSAL: Final = Words("我方没有为任何提议标记过", "we have marked for no proposal")
TABLE_TURN: Final = Problem(
    "cohort.table.turn",
    Words("其供方组总表正在制作", "its cohort table is being made"),
)
JOINED_ANEW: Final = Words("我方其间已重新加入", "we joined anew meanwhile")
COHORT_TABLES: Final = Words("供方组总表", "cohort tables")
VERIFIABLE_TOTALS: Final = Words("可核验的总计", "totals that can be verified")
CONNECTOR_OLDER: Final = Problem(  # its code is a phrase's
    "",
    Words(
        "`{member}` 的连接器版本过旧，不支持{what}",
        "the connector of `{member}` is older than {what}",
    ),
)
HAVE_IT_UPDATED: Final = Words(
    "请其运营人员更新，或不包括该方重新提问",
    "ask its operator to update it, or ask without it",
)
UNFIT: Final = Words("与供方组总表不符：{why}", "{why}")
RENEWALS: Final = Words("供方组总表的更新", "renewals of cohort tables")
DECLARED_APART: Final = Words("各供方的声明不一致：{why}", "{why}")
DECLARE_ALIKE: Final = Words("请作相同的声明", "declare them alike")
TOO_LARGE_TO_RENEW: Final = Words("供方组总表过大，不能更新：{why}", "{why}")
COARSER: Final = Words(
    "请以另一产品编号发布，并使用较粗的维度",
    "publish under another product id, with coarser dimensions",
)
