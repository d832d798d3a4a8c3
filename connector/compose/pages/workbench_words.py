"""Words of the page on which a question is written."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

TITLE: Final = Words("新提问", "New question")
CHOOSE: Final = Words("第一步：选择合约", "Step 1: choose a contract")
CHOOSE_HINT: Final = Words(
    "选一份合约，向其提供方提问；选三份或更多，求各家合计，每一家的数字都不公开",
    "One contract asks its provider. Three or more ask for a total of which no single firm's"
    " figures are shown",
)
CONTRACT: Final = Words("{product}，由 {firm} 提供", "{product}, from {firm}")
NO_CONTRACT: Final = Words(
    "还没有允许提问的合约。请先在目录中选择产品并达成合约。",
    "No contract lets you ask yet. Find a product in the catalogue and agree on a contract first.",
)
TO_CATALOGUE: Final = Words("打开目录", "Open the catalogue")
OTHER_CONTRACT: Final = Words("换一份合约", "Choose another contract")
UNDER: Final = Words("依据的合约", "Under the contract")
PRODUCT: Final = Words("产品", "Product")
PROVIDER: Final = Words("提供方", "Provider")
TEMPLATES: Final = Words("从可以获准的问题开始", "Start from a question that would be granted")
USE: Final = Words("使用", "Use")
SQL: Final = Words("SQL 提问", "Question in SQL")
SQL_HINT: Final = Words(
    "SELECT 维度, 统计函数 FROM 表 [WHERE …] GROUP BY 维度；只回答统计值，不给出单行记录",
    "SELECT dimensions, aggregates FROM table [WHERE …] GROUP BY dimensions; only aggregates are"
    " answered, never rows",
)
PURPOSE: Final = Words("用途", "Purpose")
PURPOSE_HINT: Final = Words(
    "合约允许的用途；提供方会看到", "one that the contract allows; the provider sees it"
)
MODE: Final = Words("方式", "Mode")
CHEAPEST: Final = Words("自动：可行的最省方式", "Automatic: the cheapest that fits")
MASKED: Final = Words("屏蔽统计", "Masked")
HOMOMORPHIC: Final = Words("同态加密合计", "Encrypted total")
CHECK: Final = Words("先检查，不计次", "Check first, nothing is charged")
ASK: Final = Words("提问", "Ask")
ASK_HINT: Final = Words(
    "获准的回答计一次；同一问题再问不重复计次",
    "A granted answer counts once; the same question again costs nothing",
)
CHECKED_NOW: Final = Words("已检查，没有计次", "Checked; nothing was charged")
ASKED_NOW: Final = Words("已提问", "Asked")
NAMES: Final = Words("可用的名称", "Names at hand")
DIMENSIONS: Final = Words("维度（分组、筛选）", "Dimensions (group and filter)")
MEASURES: Final = Words("度量（求和、求平均、计数）", "Measures (sum, average, count)")
NAME: Final = Words("名称", "Name")
MEANING: Final = Words("含义", "Meaning")
CODES: Final = Words("代码", "Codes")
MORE_CODES: Final = Words("另有 {count} 个", "{count} more")
UNIT: Final = Words("单位", "Unit")
BOUNDS: Final = Words("每行取值界限", "Bounds per row")
BETWEEN: Final = Words("{low} 至 {high}", "{low} to {high}")
FILTER_ONLY: Final = Words("只能筛选", "filter only")
TABLE_NAME: Final = Words("FROM 之后的表名", "Table name, after FROM")
UNREACHED: Final = Words(
    "现在取不到产品说明，仍可直接写 SQL：{why}",
    "The product's description cannot be had now; SQL can be written all the same: {why}",
)
NO_TABLE: Final = Words(
    "此产品没有可提问的统计表", "This product describes no table that could be asked"
)

WHO_SEES: Final = Words("提问之前：谁会看到什么", "Before it runs: who will see what")
WHO: Final = Words("谁", "Who")
SEES: Final = Words("看到", "Sees")
YOU: Final = Words("本方", "You")
PROVIDER_SEES: Final = Words(
    "问题的文字、提问方、用途和答案；在自己的统计表上计算",
    "the text of the question, who asks, the purpose and the answer; it computes on its own table",
)
YOU_SEE: Final = Words(
    "只有发布的格；被扣下的格只看到规则，看不到数字，也看不到任何单行记录",
    "released cells only; of a withheld cell its rule, never a figure, and never a row",
)
OTHERS_SEE: Final = Words(
    "看不到任何内容；存证日志里只有摘要", "nothing; the evidence log holds digests only"
)
OTHERS: Final = Words("其他各方、运营方", "Other firms, the operator")
EACH_PROVIDER: Final = Words("每一家提供方", "Each provider")
EACH_SEES: Final = Words(
    "问题的文字、提问方、用途和参加的各家；看不到别家的数字，也看不到合计",
    "the text of the question, who asks, the purpose and who takes part;"
    " neither another's figures nor the total",
)
AGGREGATOR: Final = Words("汇总方", "Aggregator")
AGGREGATOR_SEES: Final = Words(
    "只有密文和各格够不够发布；没有解密密钥",
    "ciphertexts only, and whether a cell may be released; it has no key to open them",
)
YOU_SEE_TOTAL: Final = Words(
    "只有各家合计；看不到任何一家的数字", "the total over all of them only; no firm's own figures"
)
EXACT: Final = Words(
    "发布的数字是准确值，不加噪声，也不消耗隐私预算。",
    "Released figures are exact: no noise is added and no privacy budget is spent.",
)

RESULT: Final = Words("检查结果", "What the check says")
WOULD: Final = Words("会获准", "would be granted")
WOULD_NOT: Final = Words("不会获准", "would be refused")
EACH_DECIDES: Final = Words("各提供方分别表示：{said}", "each provider says: {said}")
WHY_MODE: Final = Words("方式与原因", "Mode and why")
COST: Final = Words("费用", "What it costs")
COST_LIMITED: Final = Words(
    "计一次：剩余 {left} 次，共 {limit} 次",
    "one answer of the contract: {left} of {limit} left now",
)
COST_FREE: Final = Words("合约不限次数", "the contract does not limit the count")
COST_NOTHING: Final = Words(
    "这个问题已回答过，再问不计次", "answered before: asking again is not charged"
)
LEAST: Final = Words("每个发布的格至少", "Each released cell stands for at least")
CONTRIBUTORS: Final = Words("{count} 个贡献者", "{count} {count|contributor|contributors}")
BEFOREHAND: Final = Words("事先知道会扣下的格", "What is known of withheld cells beforehand")
MARGIN_UNKNOWN: Final = Words(
    "事先无法知道：提供方没有公布这样的分组", "not known: nothing is published of this grouping"
)
MARGIN_TOTAL: Final = Words(
    "事先无法知道：哪些格发布由各家在提问时共同决定，共 {cells} 格",
    "not known: which of the {cells} cells are released the providers decide together when asked",
)
CLAUSES: Final = Words("合约条款", "Clauses of the contract")
CLAUSE: Final = Words("条款", "Clause")
OUTCOME: Final = Words("结果", "Outcome")
HOLDS: Final = Words("满足", "holds")
FAILS: Final = Words("不满足", "does not hold")
OPEN: Final = Words("未知", "unknown")
LATER: Final = Words("以后检查", "looked at later")
PROHIBITED: Final = Words("禁止：{clause}", "prohibited: {clause}")
REASONS: Final = Words("原因与可行的写法", "Why, and what would do instead")
CHARGE: Final = Words("在{firm}：{said}", "with {firm}: {said}")
CHECKING: Final = Words(
    "对方还没有答复这次检查。", "The other side has not answered this check yet."
)
LOOK_AGAIN: Final = Words("再看一次", "Look again")
GONE: Final = Words("检查结果已过期，请重新检查", "That check is gone; check again")
