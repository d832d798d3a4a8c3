"""Words of the pages of evidence and of one record."""

from __future__ import annotations

from typing import Final

from crypto.words import Words

EVIDENCE: Final = Words("证据", "Evidence")
RECORD: Final = Words("证据记录", "Record of evidence")
DOSSIERS: Final = Words("卷宗", "Dossiers")
PARTY: Final = Words("参与方（DID）", "Party (DID)")
AGREEMENT: Final = Words("合约", "Agreement")
PROCESS: Final = Words("流程", "Process")
KIND: Final = Words("种类", "Kind")
DECISION: Final = Words("决定", "Decision")
ANY: Final = Words("不限", "Any")
SINCE: Final = Words("自（日期）", "From (date)")
UNTIL: Final = Words("至（日期，含）", "To (date, included)")
ANY_ID: Final = Words("任意编号", "Any id")
ANY_ID_HINT: Final = Words(
    "合约号、产品、摘要、消息编号，或日志序号",
    "Number of a contract, a product, a digest, the id of a message, a place in the log",
)
FILTERS: Final = Words("筛选证据", "Filter the evidence")
FOUND: Final = Words("找到的记录", "Records found")
LEAF: Final = Words("叶", "Leaf")
TIME: Final = Words("时间", "Time")
WHAT_PARTY: Final = Words("参与方", "Party")
LINE: Final = Words("发生了什么", "What happened")
EMPTY: Final = Words("没有符合条件的记录。", "No record fits this filter.")
ALL: Final = Words("显示全部", "Show all")
LOOKED: Final = Words("已查到此时为止：", "Looked back to:")
GO_ON: Final = Words("继续向前查找", "Look further back")
OLDER: Final = Words("更早", "Older")
NEWER: Final = Words("更新", "Newer")
KINDS: Final = Words("最近的 2000 条中各种类的数量", "Kinds among the newest 2,000")
OWN_LOG: Final = Words("只含本节点自己的日志。", "From this node's own log alone.")
WHO: Final = Words("谁", "Who")
WHAT: Final = Words("做了什么", "What")
WHY: Final = Words("依据", "Why")
RESULT: Final = Words("结果", "Result")
DETAIL: Final = Words("细节", "Detail")
DETAIL_NONE: Final = Words("没有细节", "There is none")
DETAIL_SEALED: Final = Words("已封存，只有其承诺在叶中", "Sealed; the leaf commits to it")
DETAIL_ERASED: Final = Words("已依法销毁", "Erased")
RAW: Final = Words("原文（规范 JSON）", "As it was hashed (canonical JSON)")
LEAF_HASH: Final = Words("叶的散列", "Hash of the leaf")
PROOF: Final = Words("证明", "Proof")
SIGNER: Final = Words("签署者", "Signer")
ALGORITHM: Final = Words("算法", "Algorithm")
KEY: Final = Words("密钥指纹", "Thumbprint of the key")
KEY_ID: Final = Words("密钥编号", "Id of the key")
ORIGIN: Final = Words("日志名", "Name of the log")
SIZE: Final = Words("所含叶数", "Leaves covered")
ROOT: Final = Words("根", "Root")
SIGNED: Final = Words("签署时间", "Signed")
NOTE: Final = Words("签名的日志头", "The signed head")
UNCOVERED: Final = Words(
    "还没有签名的日志头覆盖此叶；通常一秒之内就有。",
    "No signed head covers this leaf yet; usually there is one within a second.",
)
PATH: Final = Words("包含路径", "Path of inclusion")
PATH_SHOWN: Final = Words(
    "从叶（下）到根（上）：圆为算得的散列，方为旁边的散列。",
    "From the leaf (below) up to the root: circles are computed, squares stand beside.",
)
STEP: Final = Words("步", "Step")
SIDE: Final = Words("旁边的散列在", "Beside, on the")
LEFT: Final = Words("左", "left")
RIGHT: Final = Words("右", "right")
SIBLING: Final = Words("旁边的散列", "Hash beside")
TOGETHER: Final = Words("合起来", "Both together")
BEFORE: Final = Words("同一流程的上一条", "Before it in the same process")
AFTER: Final = Words("同一流程的下一条", "After it in the same process")
VERIFY: Final = Words("在浏览器中核验", "Verify in the browser")
DOSSIER: Final = Words("合约卷宗", "Dossier of the agreement")
BACK: Final = Words("返回检索", "Back to the search")
COUNTED_AMONG: Final = Words(
    "计数只取最新的 {most} 条", "counted among the newest {most} of this search"
)
