"""What can be wrong with a total over several providers."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

ROLES: Final = Words(
    "询问方、汇总方与各供方必须互不相同", "consumer, aggregator and providers must all differ"
)
TOO_SMALL: Final = Words(
    "应有 {wanted} 个供方，实有 {count} 个", "expected {wanted} providers, got {count}"
)
STANDING: Final = Words("`{member}` 目前未获认证", "`{member}` is not certified now")
GROUP_UNKNOWN: Final = Words(
    "`{member}` 的法律集团未知", "the legal group of `{member}` is not known"
)
RELATED: Final = Words(
    "`{member}` 与 `{other}` 同属一个法律集团", "`{member}` and `{other}` are in one legal group"
)
RENEWAL_NOT_DUE: Final = Words("该更新尚未到期", "that renewal is not due")
RENEWAL_EDITION: Final = Words(
    "汇总方的提议所依据的判断与我方不同：软件版本不同",
    "the aggregator's proposal is judged by other changes than ours: another release",
)
PROPOSAL_OTHER: Final = Words("该提议属于另一次更新", "the proposal is of another renewal")
PROPOSAL_ASKED: Final = Words(
    "该提议并非恰好由各成员的请求得出", "the proposal is not what exactly the members asked for"
)
PROPOSAL_CUTS: Final = Words("该提议拆开了相连的类", "the proposal cuts classes that hang together")
PROPOSAL_HOLDS: Final = Words("首次提议保留了内容", "the first proposal holds something")
PROPOSAL_NEXT: Final = Words("该提议不是接下来的一步", "the proposal is not the next one")
PROPOSAL_MUST: Final = Words(
    "该提议没有保留必须保留的内容", "the proposal does not hold what it must"
)
RENEWED_OTHER: Final = Words(
    "它不属于我方所标记的提议", "it is not of the proposal that we marked for"
)
RENEWED_HELD: Final = Words("它更新了应当保留的内容", "it renews what was to be held")
RENEWED_WITHHOLDS: Final = Words(
    "它不放行的单元与各成员所说的不同", "it withholds other cells than members name"
)
CHANGES_OTHER: Final = Words("这些变化属于另一份提议", "these changes are of another proposal")
CHANGES_DATA: Final = Words(
    "这些变化所依据的数据与前一轮不同",
    "these changes are of other data than those of the round before",
)
CHANGES_NAMES: Final = Words(
    "这些变化写了不存在的类和单元", "these changes name other classes and cells than there are"
)
RENEWED_NOT_OURS: Final = Words(
    "它不是由我方与其他各方的变化得出", "it is not made of our changes and the others'"
)
JOININGS_OTHER: Final = Words("加入声明与供方名单不符", "the joinings are not those of the roster")
JOINS_OTHER: Final = Words("`{member}` 加入的是另一个供方组", "`{member}` joins another cohort")
CLASSES_OTHER: Final = Words("这些类属于另一个供方组", "the classes are of another cohort")
CLASSES_NOT_OURS: Final = Words(
    "这些类不是由我方的标记得出", "the classes are not made of our marks"
)
CLASSES_SMALLER: Final = Words(
    "这些类所属的供方组较小，或指标不同", "the classes are of a smaller cohort or other figures"
)
CLASSES_CUT: Final = Words(
    "这些类拆开了我方的单元，或透露了我方封锁的内容",
    "the classes cut cells of ours, or tell what we block",
)
CONSUMER_OTHER: Final = Words("该会话属于另一询问方", "the session is another consumer's")
SESSION_TIME: Final = Words("该会话已结束，或持续过久", "the session has ended, or lasts too long")
SESSION_OLD: Final = Words(
    "`{member}` 的连接器发起的总计无人能够核验",
    "the connector of `{member}` opens totals that nobody can verify",
)
SEED: Final = Words("核验码的种子与会话的不符", "the seed of the tags is not the session's")
SECRET: Final = Words(
    "`{member}` 告知的核验码密钥与其签署的不符",
    "the secret of its tags that `{member}` tells is not the one it signed",
)
QUESTION_OTHER: Final = Words("问题与会话的不符", "the question is not the one of the session")
QUESTION_CELLS: Final = Words(
    "问题的单元与会话的不符", "the question's cells are not the session's"
)
QUESTION_COLUMNS: Final = Words(
    "问题的列与会话的不符", "the question's columns are not the session's"
)
ACCEPTANCES: Final = Words("接受声明与供方名单不符", "the acceptances are not those of the roster")
ACCEPTANCE_NAME: Final = Words(
    "有一份接受声明列在他人名下", "an acceptance stands under another's name"
)
INDICATORS: Final = Words(
    "标记来自名单之外，或不是每个指标一份", "indicators of a stranger, or not one per figure"
)
CLEARED_OTHER: Final = Words(
    "可发布单元的清单不属于该会话", "the list of cleared cells is not of this session"
)
CLEARED_SMALLER: Final = Words(
    "可发布单元的清单是为较小的供方组做的",
    "the list of cleared cells was made for a smaller cohort",
)
CLEARED_LACKS: Final = Words(
    "可发布单元的清单漏掉了供方", "the list of cleared cells leaves somebody out"
)
CLEARED_NOT_OURS: Final = Words(
    "可发布单元的清单不是由我方的标记得出",
    "the list of cleared cells is not made from our indicators",
)
CONTRIBUTION_OTHER: Final = Words(
    "所交的密文不属于该会话的批次", "the contribution is not of this session's batch"
)
RELEASED_OTHER: Final = Words("汇总结果不属于该会话", "the product is not of this session")
RELEASED_LACKS: Final = Words("汇总结果漏掉了供方", "the product leaves somebody out")
RELEASED_NAME: Final = Words("有一份密文列在他人名下", "a contribution stands under another's name")
RELEASED_UNSIGNED: Final = Words(
    "汇总结果不是所签署的那一份", "the product is not the one that was signed"
)
OUTCOME_OTHER: Final = Words("结果来自另一汇总方", "the outcome is another aggregator's")
TRANSCRIPT: Final = Words("有一份陈述针对另一会话", "a statement speaks of another session")
DECLARED_OTHERWISE: Final = {  # by what `difference` says
    "another unit or other decimal places": Words(
        "指标 `{measure}` 在 `{member}` 处的单位或小数位与此处不同",
        "`{measure}` has another unit or other decimal places at `{member}` than here",
    ),
    "other empty values": Words(
        "指标 `{measure}` 在 `{member}` 处对空值的处理与此处不同",
        "`{measure}` has other empty values at `{member}` than here",
    ),
    "other bounds": Words(
        "指标 `{measure}` 在 `{member}` 处的上下限与此处不同",
        "`{measure}` has other bounds at `{member}` than here",
    ),
}
NOT_CANONICAL: Final = Words("有一份陈述不是规范写法", "a statement is not in canonical form")
SIGNED_BY_OTHER: Final = Words(
    "`{signer}` 的陈述由 `{by}` 签署", "a statement of `{signer}` was signed by `{by}`"
)
EVENT_NOT_ALLOWED: Final = Words(
    "状态 `{now}` 不允许 `{event}`", "`{event}` is not allowed in state `{now}`"
)
TOO_NARROW: Final = Words(
    "有一列的范围窄于所声明的上下限和行数所需",
    "a column is planned narrower than declared bounds and rows allow",
)
NEW_SESSION: Final = Words("请开启新的会话", "open a new session")
WITHOUT_MEMBER: Final = Words(
    "请询问数据空间的运营方，或在没有该供方的情况下重新提问",
    "ask the operator, or ask again without that provider",
)
REGISTER_GROUP: Final = Words(
    "请数据空间的运营方登记其法律集团", "ask the operator to register the legal group"
)
UNRELATED: Final = Words("请改用互不关联的供方重新提问", "ask again with unrelated providers")
ASK_MORE: Final = Words("请询问更多供方", "ask more providers")
DECLARE_ALIKE: Final = Words(
    "请就上下限、单位和小数位取得一致，再重新发布",
    "agree on bounds, unit and decimal places; publish it again",
)
ASK_AGAIN: Final = Words("请重新提问：表会重新读取", "ask again: the table is read anew")
PUBLISH_AGAIN: Final = Words(
    "请重新发布该产品：之后会再次标记",
    "publish the product again: then it is marked once more",
)
SAME_RELEASE: Final = Words(
    "请将汇总方与所有成员升级到同一版本",
    "bring the aggregator and all members to the same release",
)
UPDATE_CONNECTOR: Final = Words("请更新该连接器后重新提问", "update that connector, then ask again")
READ_STATE: Final = Words(
    "请查看会话的状态，或开启新的会话", "read the session's state, or open a new session"
)
PLAN_BOUNDS: Final = Words(
    "请按供方声明的上下限来规划", "plan it from the providers' declared bounds"
)
