"""What each leaf says in one line: words for every kind, message, state and outcome of a leaf.

A test reads every kind and state out of the source; none may be without words here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Final[Mapping[str, Words]] = {
    "ACCESS": Words("访问", "access"),
    "AGREEMENT": Words("合约", "agreement"),
    "ANSWER": Words("答复", "answer"),
    "CERTIFICATION": Words("认证", "certification"),
    "COHORT": Words("密文合计", "total over several providers"),
    "CONFIGURATION": Words("配置", "configuration"),
    "ERASED": Words("已销毁细节", "details erased"),
    "NEGOTIATION": Words("协商", "negotiation"),
    "PEER_CHECKPOINT": Words("对方日志头", "head of another's log"),
    "PRODUCT": Words("产品", "product"),
    "QUESTION": Words("提问", "question"),
    "REFUSAL": Words("拒绝", "refusal"),
    "STATUS": Words("状态文件", "status document"),
    "TRANSFER": Words("传输", "transfer"),
}
MESSAGES: Final[Mapping[str, Words]] = {
    "ContractRequestMessage": Words("合约请求", "a request for a contract"),
    "ContractOfferMessage": Words("要约", "an offer"),
    "ContractAgreementMessage": Words("合约文本", "the agreement"),
    "ContractAgreementVerificationMessage": Words(
        "对合约的核验", "the verification of the agreement"
    ),
    "ContractNegotiationEventMessage": Words("协商的进展通知", "an event of the negotiation"),
    "ContractNegotiationTerminationMessage": Words(
        "终止协商的通知", "the termination of the negotiation"
    ),
    "TransferRequestMessage": Words("传输请求", "a request for a transfer"),
    "TransferStartMessage": Words("传输开始的通知", "the start of the transfer"),
    "TransferCompletionMessage": Words("传输完成的通知", "the completion of the transfer"),
    "TransferSuspensionMessage": Words("传输暂停的通知", "the suspension of the transfer"),
    "TransferTerminationMessage": Words("终止传输的通知", "the termination of the transfer"),
    "Question": Words("一个提问", "a question"),
    "Answer": Words("一份答复", "an answer"),
    "Refusal": Words("一次拒绝", "a refusal"),
    "CohortQuestion": Words("一个密文合计的提问", "a question of a total"),
    "CohortAcceptance": Words("对密文合计的接受", "the acceptance of a total"),
    "CohortRefusal": Words("对密文合计的拒绝", "the refusal of a total"),
    "CohortContribution": Words("对密文合计的贡献", "a contribution to a total"),
}
# kind and the state that it came to; what no message tells
STEPS: Final[Mapping[tuple[str, str], Words]] = {
    ("ACCESS", "REFUSED"): Words("拒绝了未通过验证的请求", "requests without proof were refused"),
    ("ACCESS", "SIGNED_IN"): Words("登录了控制台", "somebody signed in to the console"),
    ("ACCESS", "EXPORTED"): Words("导出了证据包", "a bundle of evidence was exported"),
    ("ACCESS", "SEARCHED"): Words("审计员检索了证据", "an auditor searched the evidence"),
    ("ACCESS", "OPENED"): Words("审计员查看了一条记录", "an auditor opened a record"),
    ("ACCESS", "DOSSIER"): Words("审计员查看了合约卷宗", "an auditor opened a dossier"),
    ("ACCESS", "HISTORY"): Words("审计员查看了提问历史", "an auditor opened a question history"),
    ("ACCESS", "READ"): Words("审计员查看了资料", "an auditor read something"),
    ("AGREEMENT", "AGREED"): Words("提供方签署了合约", "the provider signed the agreement"),
    ("AGREEMENT", "VERIFIED"): Words("使用方会签了合约", "the consumer countersigned"),
    ("AGREEMENT", "FINALIZED"): Words(
        "提供方签署了合约的生效", "the provider signed that it is final"
    ),
    ("AGREEMENT", "RECOVERED"): Words("找回了合约", "the agreement was recovered"),
    ("AGREEMENT", "ended"): Words("终止了合约", "the agreement was ended"),
    ("AGREEMENT", "released"): Words("解除了保留", "what was still held was released"),
    ("ANSWER", "ANSWERED"): Words("得到密文合计的结果", "the total came out"),
    ("ANSWER", "CONTRIBUTED"): Words("贡献了密文", "a contribution was made"),
    ("CERTIFICATION", "pending"): Words("提交了认证申请", "an application was made"),
    ("CERTIFICATION", "approved"): Words("申请获批准", "the application was approved"),
    ("CERTIFICATION", "certified"): Words("取得认证", "the firm was certified"),
    ("CERTIFICATION", "rejected"): Words("驳回了申请", "the application was rejected"),
    ("CERTIFICATION", "replaced"): Words("申请被更新的申请取代", "a newer application replaced it"),
    ("CERTIFICATION", "suspended"): Words("暂停了认证", "the certification was suspended"),
    ("CERTIFICATION", "revoked"): Words("撤销了认证", "the certification was revoked"),
    ("CERTIFICATION", "KEYS_DRAWN"): Words("生成了新密钥", "new keys were drawn"),
    ("CERTIFICATION", "KEYS_PROVED"): Words("证明了新密钥", "the new keys were proved"),
    ("CERTIFICATION", "KEYS_DROPPED"): Words("放弃了新密钥", "the new keys were dropped"),
    ("CERTIFICATION", "KEYS_IN_USE"): Words("启用了新密钥", "the new keys came into use"),
    ("COHORT", "ACCEPTED"): Words("接受了密文合计", "the total was accepted"),
    ("COHORT", "INDICATED"): Words("送出了指示量", "indicators were sent"),
    ("COHORT", "CONTRIBUTED"): Words("贡献了密文", "a contribution was made"),
    ("COHORT", "SETTLED"): Words("合计已了结", "the total was settled"),
    ("COHORT", "ENDED"): Words("合计未得结果", "the total came to nothing"),
    ("COHORT", "COLLECTING"): Words("正在收集各方的密文", "contributions are collected"),
    ("COHORT", "CLEARED"): Words("定下可公布的单元", "the cells that may be shown were cleared"),
    ("COHORT", "RELEASED"): Words("公布了合计", "the total was released"),
    ("CONFIGURATION", "INITIALISED"): Words("建立了本节点", "this node was set up"),
    ("CONFIGURATION", "HEAD_ACCEPTED"): Words(
        "运维者认定本数据库为最新", "the operator took this database for the newest"
    ),
    ("CONFIGURATION", "TOKEN_RENEWED"): Words("更换了管理令牌", "the management token was renewed"),
    ("CONFIGURATION", "KEY_ADDED"): Words("新增了管理密钥", "a management key was added"),
    ("CONFIGURATION", "KEY_REVOKED"): Words("撤销了管理密钥", "a management key was revoked"),
    ("CONFIGURATION", "PERSON_INVITED"): Words("邀请了人员", "a person was invited"),
    ("CONFIGURATION", "PERSON_ENROLLED"): Words("人员已登记", "a person enrolled"),
    ("CONFIGURATION", "PERSON_RENEWED"): Words("重新邀请了人员", "a person was invited anew"),
    ("CONFIGURATION", "PERSON_ROLES"): Words("更改了人员的角色", "a person's roles changed"),
    ("CONFIGURATION", "PERSON_ENDED"): Words("终止了人员的访问", "a person's access ended"),
    ("CONFIGURATION", "PERSON_LOCKED"): Words("人员被暂时锁定", "a person was locked out"),
    ("CONFIGURATION", "PERSON_PASSWORD"): Words("更换了密码", "a password was changed"),
    ("CONFIGURATION", "PERSON_FACTOR"): Words("更换了第二因素", "a second factor was changed"),
    ("CONFIGURATION", "SESSION_ENDED"): Words("结束了一个会话", "ended one of its sessions"),
    ("CONFIGURATION", "SIGNED_OUT_EVERYWHERE"): Words(
        "退出了所有会话", "all sessions of a person were ended"
    ),
    ("CONFIGURATION", "FOUR_EYES_IN_FORCE"): Words(
        "启用了双人复核", "a second person's consent came into force"
    ),
    ("CONFIGURATION", "FOUR_EYES_OFF"): Words("停用了双人复核", "a second person's consent ended"),
    ("CONFIGURATION", "APPROVAL_REQUESTED"): Words("请求复核", "consent was asked for"),
    ("CONFIGURATION", "APPROVAL_AGREED"): Words("复核同意", "a second person agreed"),
    ("CONFIGURATION", "APPROVAL_DECLINED"): Words("复核不同意", "a second person declined"),
    ("CONFIGURATION", "APPROVAL_WITHDRAWN"): Words("撤回了复核请求", "the request was withdrawn"),
    ("CONFIGURATION", "APPROVAL_BEGUN"): Words(
        "开始办理所请求的事", "what was asked for was begun"
    ),
    ("CONFIGURATION", "APPROVAL_DONE"): Words("办完所请求的事", "what was asked for was done"),
    ("CONFIGURATION", "APPROVAL_FAILED"): Words("所请求的事未办成", "what was asked for failed"),
    ("PEER_CHECKPOINT", "SEEN"): Words("看到对方的日志头", "the head of another's log was seen"),
    ("PEER_CHECKPOINT", "SPLIT_VIEW"): Words(
        "对方出示了两份不同的日志", "the other party showed two different logs"
    ),
    ("PRODUCT", "PUBLISHED"): Words("发布了产品", "a product was published"),
    ("PRODUCT", "WITHDRAWN"): Words("撤回了产品", "a product was withdrawn"),
    ("PRODUCT", "UNPUBLISHED"): Words("收回了发布", "a publication was taken back"),
    ("PRODUCT", "listed"): Words("目录列出了产品", "the catalogue listed a product"),
    ("PRODUCT", "withdrawn"): Words("目录撤下了产品", "the catalogue took a product out"),
}
# states of a process: what a message led to
STATES: Final[Mapping[str, Words]] = {
    "REQUESTED": Words("已请求", "requested"),
    "OFFERED": Words("已要约", "offered"),
    "ACCEPTED": Words("已接受", "accepted"),
    "AGREED": Words("已同意", "agreed"),
    "VERIFIED": Words("已核验", "verified"),
    "FINALIZED": Words("已生效", "final"),
    "TERMINATED": Words("已终止", "terminated"),
    "STARTED": Words("进行中", "running"),
    "SUSPENDED": Words("已暂停", "suspended"),
    "COMPLETED": Words("已完成", "completed"),
    "ENDED": Words("未得结果", "came to nothing"),
    "ASKED": Words("已提问", "asked"),
    "ANSWERED": Words("已答复", "answered"),
    "INDICATED": Words("已送指示量", "indicated"),
    "COLLECTING": Words("收集中", "collecting"),
    "CLEARED": Words("已定可公布的单元", "cleared"),
    "SETTLED": Words("已了结", "settled"),
    "RELEASED": Words("已公布", "released"),
    "held": Words("已保留", "held"),
    "CONTRIBUTED": Words("已贡献", "contributed"),
}
OUTCOMES: Final[Mapping[str, Words]] = {
    "begun": Words("开始交付", "delivery begun"),
    "complete": Words("交付完成", "delivered in full"),
    "cut": Words("交付被切断", "delivery was cut off"),
    "aborted": Words("对方中断了交付", "delivery was broken off"),
    "failed": Words("交付失败", "delivery failed"),
}
TABLES: Final[Mapping[str, Words]] = {
    "joining": Words("加入联合统计表", "joining a cohort table"),
    "marks": Words("联合统计表的标记", "marks of a cohort table"),
    "classes": Words("联合统计表的分类", "classes of a cohort table"),
    "changes": Words("联合统计表的变更", "changes of a cohort table"),
    "renewal": Words("更新联合统计表", "renewing a cohort table"),
}
ACTORS: Final[Mapping[str, Words]] = {
    "person": Words("人员 {name}", "person {name}"),
    "key": Words("管理密钥 {name}", "management key {name}"),
    "peer": Words("对方", "the other party"),
    "job": Words("连接器的任务 {name}", "the connector's job {name}"),
    "command": Words("命令 {name}", "command {name}"),
}
DECISIONS: Final[Mapping[str, Words]] = {
    "allow": Words("允许", "allowed"),
    "deny": Words("拒绝", "denied"),
}
MODES: Final[Mapping[str, Words]] = {
    "masked": Words("屏蔽统计", "masked"),
    "homomorphic": Words("密文合计", "homomorphic"),
}
NOT_SAID: Final = Words("未记载", "not recorded")
BY_PARTY: Final = Words("{name}", "{name}")
CAME: Final = Words("从{party}收到{message}", "{message} came from {party}")
WENT: Final = Words("向{party}送达{message}", "{message} reached {party}")
SENDING: Final = Words("正向{party}发送{message}", "{message} is being sent to {party}")
OF_KIND: Final = Words("{kind}：{state}", "{kind}: {state}")
WITH: Final = Words("{step}（与{party}）", "{step} (with {party})")
ABOUT: Final = Words("{step}（{party}）", "{step} ({party})")
AT_MESSAGE: Final = Words("收到{party}的消息后", "on a message of {party}")
NOBODY: Final = Words("对方", "the other party")
READ_WHAT: Final = Words("审计员查看了{what}", "an auditor read {what}")
KNOWN_AS: Final = Words("{name}（{id}…）", "{name} ({id}…)")
AT_PATH: Final = Words("“{title}”（{path}）", "“{title}” ({path})")
STATUS_SEEN: Final = Words("采用了新的状态文件", "a new status document came into force")
STATUS_MADE: Final = Words("发出了新的状态文件", "a new status document was issued")
UNDER: Final = Words("依据合约 {agreement}", "under agreement {agreement}")
BY_RULES: Final = Words("依据{rules}", "by {rules}")
PERMISSION: Final = Words("许可第 {number} 条", "permission {number}")
PROHIBITION: Final = Words("禁止第 {number} 条", "prohibition {number}")
CLAUSE: Final = Words("{rule}的条件 {number}", "condition {number} of {rule}")
RULE: Final = Words("规则 {name}", "rule {name}")
NUMBERED: Final = Words("{rule}：{says}", "{rule}: {says}")
RULE_SAYS: Final = Words("{rule}（{says}）", "{rule} ({says})")
STATUSES: Final[Mapping[str, Words]] = {
    "certified": Words("已认证", "certified"),
    "suspended": Words("认证已暂停", "suspended"),
    "revoked": Words("认证已撤销", "revoked"),
    "unknown": Words("不再列名", "not named any more"),
}
CHANGED: Final = Words("{party}：{before} → {after}", "{party}: {before} → {after}")
MODE: Final = Words("方式 {mode}", "mode {mode}")
OF_PRODUCT: Final = Words("产品 {product}", "product {product}")
BECAME: Final = Words("{before} → {after}", "{before} → {after}")
COUNTED: Final = Words(
    "{cells} 个单元，其中表内整格扣下 {withheld} 个",
    "{cells} {cells|cell|cells}, of which the table withholds {withheld} whole",
)
RELEASED: Final = Words(
    "公布 {released} 个单元，扣下 {withheld} 个",
    "{released} {released|cell|cells} shown, {withheld} withheld",
)
BYTES: Final = Words("{outcome}，{bytes} 字节", "{outcome}, {bytes} bytes")
TAKEN: Final = Words("已记录", "recorded")
NONE: Final = Words("无", "none")
LINE: Final = Words("{who}：{what}", "{who}: {what}")
THEN: Final = Words("；", "; ")
