"""What can be wrong with totals over several providers, as provider, aggregator or asker."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

NOT_IN_ROSTER: Final = Words("供方名单中没有我方", "the roster does not name us")
TABLE_OF_OTHERS: Final = Words(
    "其供方组总表是为另一组供方做的", "its cohort table is made for another cohort"
)
TOO_FEW: Final = Words(
    "应有 {wanted} 个供方，实有 {count} 个", "expected {wanted} providers, got {count}"
)
OTHER_TABLE: Final = Words("会话所写的是另一份供方组总表", "the session names another cohort table")
TABLE_MISSING: Final = Words("供方组总表尚未做成", "the cohort table is not made yet")
ROSTER_OTHER: Final = Words(
    "各供方不是要约所写的那一组", "the providers are not those of the cohort that the offer names"
)
CONTRACT_LARGER: Final = Words(
    "合约要求的供方组大于该总表的", "the contract asks for a larger cohort than the table"
)
GROUPS_LARGER: Final = Words(
    "总计的最小群体不能大于产品自身的",
    "a total cannot be given under a larger group than the product's own",
)
MARKED_OTHER: Final = Words("我方已为另一组加入声明标记过", "we have marked for other joinings")
TWO_TEXTS: Final = Problem(
    "",
    Words("应为文字", "expected texts"),
    Words("请发送两段文字", "send two texts"),
)
AGGREGATOR_OTHER: Final = Words("会话指定的是另一汇总方", "the session names another aggregator")
ACCEPTANCES_OTHER: Final = Words(
    "接受声明与供方名单不符", "the acceptances are not those of the roster"
)
SESSION_REUSED: Final = Problem(
    "cohort.session-reused",
    Words("该会话编号已用于另一会话", "the session id is in use for another session"),
    Words("请为每个会话生成新的编号", "draw a fresh id for every session"),
)
PHASE_A: Final = Words("第一阶段尚未结束", "phase A has not ended")
NO_INDICATORS: Final = Words("批次之前没有标记", "no indicators came before the batch")
STATE_OTHER: Final = Words(
    "应处于状态 `{due}`，实为 `{state}`", "expected state `{due}`, it is `{state}`"
)
STATE_OTHER_STEP: Final = Words("请查看会话进行到哪一步", "read how far the session is")
SAID_BEFORE: Final = Problem(
    "cohort.said-before",
    Words("此会话中先前说过不同的内容", "something else was said before in this session"),
    Words("请重发同一陈述，或开启新的会话", "send the same statement again, or open a new session"),
)
DESCRIBED_OTHERWISE: Final = Words(
    "`{member}` 加入时的指标与其描述的不同",
    "`{member}` joins with other measures than it describes",
)
DESCRIBED_OTHERWISE_STEP: Final = Words("请其重新发布产品", "have it publish its product again")
AGREEMENT_GONE: Final = Words("会话的一份合约已不存在", "an agreement of the session is gone")
NO_CONTRIBUTION: Final = Problem(
    "",
    Words("状态 `{state}` 下不能提交", "no contribution in state `{state}`"),
    Words("请开启新的会话", "open a new session"),
)
NOTHING_CLEARED: Final = Words("没有可发布的单元", "no cell was cleared")
NO_AGREEMENT: Final = Words("没有写明合约", "no agreement is named")
OLDER_ASKER: Final = Words(
    "会话按行数求平均，而非按有取值的行数：其连接器版本过旧",
    "the session divides by rows, not by how many have a value: its connector is older",
)
OLDER_ASKER_STEP: Final = Words("请升级询问方的连接器", "upgrade the asker's connector")
ACCEPTANCE_CHANGED: Final = Words("我方自己的接受声明被改动", "our own acceptance was changed")
NOT_IN_STATE: Final = Problem(
    "",
    Words("状态 `{state}` 不允许", "not in state `{state}`"),
)
SESSION_NOT_OURS: Final = Words("会话中没有我方", "the session does not name us")
DEADLINE: Final = Words("会话已过期", "the session's deadline has passed")
TABLE_BETWEEN: Final = Words("其间出现了另一份供方组总表", "another cohort table came between")
NOT_AT_HAND: Final = Words("各方所交的密文不在手边", "the contributions are not at hand")
UNFINISHED: Final = Problem(
    "",
    Words("会话未及时结束", "the session did not come to its end in time"),
    Words(
        "请以同一问题编号重新提问：不会重复计费",
        "ask again with the same question id: it is not charged twice",
    ),
)
MEMBERS_EXACTLY: Final = Problem(
    "",
    Words("`{field}`：应恰好为 {names}", "`{field}`: expected exactly {names}"),
    Words("请更正正文；见 docs/api.md", "correct the body; docs/api.md shows it"),
)
FALSE_TOTAL: Final = Words(
    "`{member}` 给出的总计并非各供方所交数值之和（不成立的密文：{named}），不予显示",
    "the total that `{member}` released is not the sum of the contributions "
    "(ciphertexts that do not hold: {named}); it is not shown",
)
FALSE_TOTAL_STEP: Final = Words(
    "请各方公开并导出该会话：`voile audit export --open {session}`；"
    "再用 `voile audit diff` 比较各证据包，即知是谁",
    "have all parties export this session opened, `voile audit export --open {session}`;"
    " `voile audit diff` over the bundles says who it was",
)
ALL_OF_THEM: Final = Words("全部", "all of them")
DIFFERS: Final = {  # by what the session means otherwise
    "column": Words(
        "我方的列与会话的不同：`{given}`", "our column differs from the session's: `{given}`"
    ),
    "dimension": Words(
        "我方的维度与会话的不同：`{given}`", "our dimension differs from the session's: `{given}`"
    ),
    "unit": Words(
        "我方的单位与会话的不同：`{given}`", "our unit differs from the session's: `{given}`"
    ),
}
DIFFERS_STEP: Final = Words(
    "请询问产品声明相同的供方", "ask providers whose products declare the same"
)
SEED_ODD: Final = Words(
    "核验码的种子不是 base64url 写的 {bytes} 字节",
    "the seed of the tags is not {bytes} bytes in base64url",
)
SECRET_ODD: Final = Words(
    "`{member}` 的核验码密钥不是 base64url 写的 {bytes} 字节",
    "the secret of the tags of `{member}` is not {bytes} bytes in base64url",
)
COLUMNS: Final = Words("列", "columns")
CELLS: Final = Words("个单元", "cells")
TOO_LARGE: Final = Problem(
    "cohort.too-large",
    Words(
        "该问题有 {count} {what}，一次总计最多 {most}",
        "the question has {count} {what}, a total takes at most {most}",
    ),
    Words("请减少分组，或加筛选条件", "group by less, or filter"),
)
ENDED_THERE: Final = Words("汇总方结束了会话", "the aggregator ended the session")
