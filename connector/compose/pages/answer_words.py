"""Words of the page of one question of ours, and of its answer."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

TITLE: Final = Words("一次提问", "A question")
SQL: Final = Words("SQL 提问", "Question in SQL")
PURPOSE: Final = Words("用途", "Purpose")
MODE: Final = Words("方式", "Mode")
PROVIDER: Final = Words("提供方", "Provider")
CONTRACT: Final = Words("合约", "Contract")
ASKED: Final = Words("提问时间", "Asked")
ENDED: Final = Words("结束时间", "Ended")
ID: Final = Words("提问编号", "Question id")
LEFT: Final = Words("作答后合约剩余", "Left of the contract after it")
LEFT_OF: Final = Words("{left}/{limit} 次", "{left} of {limit} {limit|answer|answers}")
UNLIMITED: Final = Words("不限次数", "no limit")
VERSION: Final = Words("数据版本", "Data version")
BOUNDS: Final = Words("取值界限", "Bounds")
COUNTED: Final = Words("公布了多少", "How much is released")
LEFT_OUT: Final = Words(
    "HAVING 或 LIMIT 另略去 {count} 格",
    "{count} more {count|is|are} released but left out by HAVING or LIMIT",
)
EXACT: Final = Words("准确值，没有噪声", "exact figures, no noise")
ANSWER: Final = Words("答案", "Answer")
TABLE: Final = Words("答案表", "The answer as a table")
NOTE: Final = Words("备注", "Note")
NO_FIGURES: Final = Words(
    "答案中的数字属于提供方，只给依合约提问的人看；审计员看到格数、规则和签名答案的摘要",
    "The figures are the provider's, for those who ask under the contract. An auditor sees counts,"
    " rules, and the digest of the signed answer.",
)
SIGNED: Final = Words("签名答案的摘要", "Digest of the signed answer")
NONE_RELEASED: Final = Words(
    "没有可发布的格：每一格的原因见表", "No cell may be released; the table says why for each"
)
HELPS: Final = Words(
    "提供方公布的可答分组", "What the provider publishes of groupings that are answered"
)
RULES: Final = Words(
    "未单独公布的数字，按规则统计", "Figures that are not shown alone, counted by rule"
)
TOGETHER: Final = Words(
    "只与其他部分合并公布，见备注", "shown only in a sum with others, which the note names"
)
RULE: Final = Words("规则", "Rule")
COUNT: Final = Words("数字个数", "Figures")
CHART: Final = Words("{measure}，按 {dimension}", "{measure} by {dimension}")
CHART_TWO: Final = Words("{measure}，按 {rows} 和 {columns}", "{measure} by {rows} and {columns}")
CHART_SAYS: Final = Words(
    "{count} 个发布的数字；被扣下的不在图上，原因见表",
    "{count} released {count|figure|figures}; withheld ones are not drawn, the table says why",
)
HEAT_SAYS: Final = Words(
    "颜色越深数字越大；带斜线的格被扣下；空白处在答案中没有数字，也没有扣下",
    "darker is more; crossed cells are withheld; where it is blank the answer has no figure, and"
    " none is withheld",
)
WITHHELD: Final = Words("被扣下", "withheld")
CSV: Final = Words("下载 CSV", "Download CSV")
EXCEL: Final = Words("下载 CSV（供 Excel 打开）", "Download CSV for Excel")
WORKBOOK: Final = Words("下载 Excel 工作簿", "Download as an Excel workbook")
FILES_SAY: Final = Words(
    "内容相同。工作簿中的数字是数字，超过 15 位的为文本，不会被舍入；第二张表逐项说明被扣下的数字。"
    "供 Excel 打开的 CSV 带有字节序标记，Excel 才会按 UTF-8 读取",
    "All hold the same. In the workbook numbers are numbers, and text beyond 15 digits, so that"
    " none is rounded; its second sheet says why each withheld figure is. CSV for Excel begins"
    " with a byte-order mark, by which Excel reads UTF-8",
)
PYTHON: Final = Words("用 Python 得到同样的答案", "The same in Python")
PYTHON_SAYS: Final = Words(
    "需要本机的环境变量 VOILE_HOME 指向连接器目录；同一编号再问不计次",
    "VOILE_HOME names the connector's folder; under the same id nothing is charged again",
)
AGAIN: Final = Words("改写后再问", "Change it and ask again")
ANOTHER: Final = Words("新提问", "New question")
ALL: Final = Words("全部提问", "All questions")
REFUSED: Final = Words("未获准的原因", "Why it was refused")
RESUME: Final = Words("用同一编号继续", "Go on under the same id")
RESUME_SAYS: Final = Words(
    "没有收到答案。用同一编号继续不会重复计次。",
    "No answer has come. Going on under the same id is not charged twice.",
)
RESUMED: Final = Words("已继续", "It goes on")
UNDER_WAY: Final = Words("正在进行", "Under way")
REFRESHES: Final = Words(
    "本页每 3 秒自动刷新，可以离开后再回来",
    "This page refreshes every 3 seconds; you may leave and come back",
)
REFRESH: Final = Words("立即刷新", "Refresh now")
STEP: Final = Words("步骤", "Step")
HOW_FAR: Final = Words("进度", "How far")
DRAWN: Final = Words("生成本次会话和一次性密钥", "Session and one-time key drawn")
ACCEPTED: Final = Words("各提供方接受", "Providers accepted")
CLEARED: Final = Words("决定哪些格发布", "Which cells may be released was decided")
CONTRIBUTED: Final = Words("各提供方给出加密的数字", "Providers sent encrypted figures")
OPENED: Final = Words("解密并核对合计", "Total opened and checked")
OF: Final = Words("已有 {done}/{all}", "{done} of {all}")
DONE: Final = Words("完成", "done")
WAITS: Final = Words("等待", "waiting")
PARTS: Final = Words("第 {first} 至 {last} 行，共 {all} 行", "Rows {first} to {last} of {all}")
PRODUCT: Final = Words("产品", "Product")
