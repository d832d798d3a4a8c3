"""Words of the page of one application."""

from __future__ import annotations

from typing import Final

from connector.areas.hub.pages.words import (
    DECIDED,
    ENDPOINT,
    FIRM,
    HAND,
    IN_SPACE,
    NAME_EN,
    NAME_ZH,
    NUMBER,
    REASON_HINT,
    RECEIVED,
    STANDING,
)
from crypto.words import Words

TITLE: Final = Words("一份认证申请", "An application")
FROM_IT: Final = Words("申请的内容（企业自己的陈述）", "What it says of itself")
CHECKS: Final = Words("核对结果", "What was checked")
CHECK: Final = Words("核对", "Check")
RESULT: Final = Words("结果", "Result")
PROOF: Final = Words("密钥的持有证明", "Proof that it holds its keys")
PROVED: Final = Words(
    "三把密钥都签了这份申请，且都在企业公布的 DID 文件中",
    "all three keys signed this application and stand in the firm's published DID document",
)
DIGITS: Final = Words("登记号码：{kind}", "Registered number: {kind}")
DOUBLES: Final = Words("号码或名称相同的其他企业", "Other firms with this number or name")
NO_DOUBLES: Final = Words("没有", "none")
KEYS: Final = Words("与上次认证时的密钥相比", "Keys beside those last certified")
FIRST_KEYS: Final = Words("首次认证", "never certified before")
SAME_KEYS: Final = Words("相同", "the same")
OTHER_KEYS: Final = Words("有更换：请向企业核实", "others: ask the firm whether it replaced them")
THUMBPRINT: Final = Words("密钥指纹（{use}）", "Thumbprint of the key for {use}")
PENDING_ONLY: Final = Words(
    "核对通过不等于身份属实：号码是否属于该企业，请到其本国登记机关查询。",
    "A number that is well written is not proof of who uses it: ask the register of its country.",
)
DECIDE: Final = Words("决定", "Decide")
APPROVE: Final = Words("批准", "Approve")
APPROVE_WHAT: Final = Words(
    "企业得到成员凭证，状态文件推送到所有连接器。",
    "The firm gets its credential, and the status document goes to every connector.",
)
DAYS: Final = Words("有效天数", "Validity in days")
DAYS_HINT: Final = Words("1 到 {most}", "1 to {most}")
HAND_HINT: Final = Words(
    "企业自报“{stated}”；您掌握更准确的情况时填写",
    "the firm says “{stated}”; fill in only if you know better",
)
REJECT: Final = Words("驳回", "Reject")
REJECT_WHAT: Final = Words(
    "企业会看到理由，可以重新申请；它原有的认证不变。",
    "The firm sees the reason and may apply again; what it was before stays.",
)
APPROVED_NOW: Final = Words(
    "已批准。状态文件 #{serial} 正在送往各连接器",
    "Certified. Status document #{serial} is on its way to every connector",
)
REJECTED_NOW: Final = Words("已驳回，企业会看到理由", "Rejected; the firm will see the reason")
TO_LIST: Final = Words("返回申请列表", "Back to the applications")
UNREADABLE: Final = Words(
    "此申请由其他版本的软件收下，无法读取；企业重新申请即可。",
    "Another version of the software took this in and it cannot be read; the firm may apply again.",
)

# said by the template as its own
_SHARED: Final = (
    DECIDED,
    ENDPOINT,
    FIRM,
    HAND,
    IN_SPACE,
    NAME_EN,
    NAME_ZH,
    NUMBER,
    REASON_HINT,
    RECEIVED,
    STANDING,
)
