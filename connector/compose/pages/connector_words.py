"""Words of the pages of the connector itself: protections, identity, keys, messages."""

from __future__ import annotations

from typing import Final

from connector.console.words import AUDITOR, CDO, CERTIFIER, SECURITY, STEWARD
from crypto.words import Words

TITLE: Final = Words("连接器", "Connector")
PROTECTIONS: Final = Words("防护", "Protections")
PROTECTION: Final = Words("防护项", "Protection")
SAYS: Final = Words("现状", "As it is")
FIX: Final = Words("如何改正", "How to mend it")
ON: Final = Words("开启", "on")
OFF: Final = Words("关闭", "off")
WRONG: Final = Words("配置有误", "misconfigured")
NOTED: Final = Words("请留意", "worth knowing")

SECRETS: Final = Words("密钥加密保存", "Secrets encrypted at rest")
SECRETS_SAY: Final = Words(
    "私钥和日志详情以 AES-256-GCM 密封；密钥文件在数据文件夹之外，只有本账户可读",
    "private keys and details of the log are sealed with AES-256-GCM; the key file lies outside the"
    " data folder and only this account reads it",
)
COPY: Final = Words("密钥文件的备份", "Backup of the key file")
COPY_SAY: Final = Words(
    "本页看不到备份。没有密钥文件，任何数据备份都打不开",
    "not visible from here; without the key file no backup of the data opens",
)
COPY_FIX: Final = Words(
    "请把 {file} 的副本与数据备份分开存放",
    "keep a copy of {file} apart from backups of the data",
)
FOLDER: Final = Words("数据文件夹", "Data folder")
FOLDER_GOOD: Final = Words("只有本账户可以打开", "only this account opens it")
FOLDER_OPEN: Final = Words(
    "权限为 {mode}，其他账户可以打开", "mode {mode}: other accounts can open it"
)
RUN: Final = Words("执行 {command}", "run {command}")
TOKEN: Final = Words("首个管理密钥的文件", "File of the first management key")
TOKEN_GOOD: Final = Words("只有本账户可读", "only this account reads it")
TOKEN_OPEN: Final = Words("权限为 {mode}，其他账户可读", "mode {mode}: other accounts read it")
TOKEN_GONE: Final = Words("文件不在", "the file is missing")
LISTENERS: Final = Words("管理接口与控制台只在本机", "Management and console on this machine only")
LISTENERS_GOOD: Final = Words("只在环回地址监听", "they listen on loopback only")
LISTENERS_OPEN: Final = Words("{names} 在环回地址以外监听", "{names} listen beyond loopback")
LISTENERS_FIX: Final = Words(
    "在 voile.toml 中把 host 设为 127.0.0.1，或在前面设置 TLS 代理与防火墙",
    "set their host to 127.0.0.1 in voile.toml, or put a TLS proxy and a firewall in front",
)
TLS: Final = Words("对外端点使用 TLS", "TLS at the public endpoint")
TLS_GOOD: Final = Words("公布的端点是 https", "the published endpoint is https")
TLS_OFF: Final = Words(
    "公布的端点是 http：只适合同一台机器上的各方",
    "the published endpoint is http: for parties on one machine only",
)
TLS_FIX: Final = Words(
    "在前面设置 TLS 代理，并把 public_url 改为 https",
    "put a TLS proxy in front and set public_url to https",
)
HUB: Final = Words("运营方已固定", "Operator pinned")
HUB_GOOD: Final = Words("只信任 {did} 的认证", "only certifications by {did} count")
HUB_OFF: Final = Words(
    "没有运营方：只与固定信任的 {count} 家往来",
    "no operator: only the {count} pinned {count|firm|firms} may call",
)
HUB_BESIDE: Final = Words(
    "另有 {count} 家固定信任，不受运营方的暂停与撤销约束",
    "{count} {count|firm is|firms are} pinned besides: the operator's suspension does not reach"
    " them",
)
HUB_FIX: Final = Words(
    "空间运行后删去 pinned", "take `pinned` out of voile.toml once the space runs"
)
HUB_NONE: Final = Words("在 voile.toml 中设置 hub", "set `hub` in voile.toml")
STATUS: Final = Words("状态文件有效", "Status document fresh")
STATUS_GOOD: Final = Words("还有 {seconds} 秒有效", "in force for {seconds} s more")
STATUS_OVER: Final = Words(
    "已失效：不再与任何一方往来", "it has run out: nobody may call or be called"
)
STATUS_NONE: Final = Words("还没有收到", "none has come yet")
STATUS_FIX: Final = Words(
    "查看运营方是否可达，再执行 voile membership --refresh",
    "see whether the operator can be reached, then run voile membership --refresh",
)
CLOCK: Final = Words("时钟", "Clock")
CLOCK_GOOD: Final = Words("不落后于日志中最新的记录", "not behind the newest record of the log")
CLOCK_BEHIND: Final = Words("比最新的记录落后 {seconds} 秒", "{seconds} s behind the newest record")
CLOCK_FIX: Final = Words("用 NTP 校准时钟", "set the clock by NTP")
FOUR: Final = Words("双人复核", "Four eyes")
FOUR_ON: Final = Words(
    "第 2 级产品、认证、密钥等须由另一人同意",
    "level-2 offers, keys and the like need a second person",
)
FOUR_OFF: Final = Words("尚未生效：一人即可完成", "not in force: one person can do all of it")
FOUR_FIX: Final = Words(
    "在“人员”页再邀请一位有权复核的人", "invite a second person who may agree, on the page People"
)
FACTORS: Final = Words("第二因素", "Second factors")
FACTORS_GOOD: Final = Words("在职人员都有，共 {count} 位", "every active person has one ({count})")
FACTORS_SOME: Final = Words(
    "{count} 位在职人员没有第二因素", "{count} active {count|person has|persons have} none"
)
FACTORS_FIX: Final = Words("请其在“我的账户”中添加", "ask them to add one on the page My account")
FACTORS_NONE: Final = Words("还没有人员", "there are no persons yet")
LOG: Final = Words("存证日志", "Evidence log")
LOG_GOOD: Final = Words("可写，日志头已签名", "writable, and its heads are signed")
LOG_FROZEN: Final = Words("只读：{why}", "read only: {why}")
READY: Final = Words("就绪检查：{name}", "Readiness: {name}")
TESTING: Final = Words("测试设置", "Settings for tests")
TESTING_OFF: Final = Words("都没有开启", "none is on")
TESTING_ON: Final = Words("已开启：{names}", "on: {names}")
TESTING_FIX: Final = Words(
    "正式运行前从 voile.toml 删去 [testing]", "take [testing] out of voile.toml before real use"
)
SEEN: Final = Words("他人能找到本方", "Others find us")
SEEN_GOOD: Final = Words("公布的地址上是本方的密钥", "the published address shows our keys")
SEEN_UNKNOWN: Final = Words("还没有看过", "not looked at yet")

IDENTITY: Final = Words("身份", "Identity")
RUNNING: Final = Words("运行", "Running")
DID_NAMED: Final = Words("参与方标识（DID）", "Participant id (DID)")
ENDPOINT: Final = Words("端点", "Endpoint")
SPACE: Final = Words("数据空间", "Data space")
CERTIFIED_BY: Final = Words("认证方", "Certified by")
NOBODY: Final = Words("尚无", "nobody")
EXPIRES: Final = Words("有效至", "Until")
SOFTWARE: Final = Words("软件版本", "Software")
LOG_SIZE: Final = Words("存证日志的记录数", "Records in the evidence log")
IS_READY: Final = Words("就绪", "ready")
NOT_READY: Final = Words("未就绪", "not ready")
CERTIFIED: Final = Words("已认证", "certified")
SUSPENDED: Final = Words("已暂停", "suspended")
REVOKED: Final = Words("已撤销", "revoked")
PENDING: Final = Words("待决定", "waiting for a decision")
NOT_KNOWN: Final = Words("未认证", "not certified")

KEYS: Final = Words("密钥", "Keys")
KEY_USE: Final = Words("用途", "Use")
THUMBPRINT: Final = Words("指纹", "Thumbprint")
SINCE: Final = Words("启用于", "In use since")
ROTATION: Final = Words("更换", "Replacing it")
USE_TOKEN: Final = Words("身份令牌（P-256）", "Identity tokens (P-256)")
USE_AGREEMENTS: Final = Words(
    "合约与答案的签名（Ed25519）", "Signing contracts and answers (Ed25519)"
)
USE_LOG: Final = Words("存证日志（Ed25519）", "Evidence log (Ed25519)")
NO_END: Final = Words(
    "本身没有期限，随认证延续；用 voile keys rotate 更换",
    "no end of its own, it goes with the certification; replaced by voile keys rotate",
)
COMING: Final = Words("新密钥等待运营方确认", "a new key waits for the operator")
FOREVER: Final = Words("不更换：它就是日志的名称", "never: it is the name of the log")

MANAGEMENT: Final = Words("管理密钥", "Management keys")
MANAGEMENT_SAY: Final = Words(
    "程序和命令用管理密钥代替人员登录。令牌只显示一次。",
    "Programs and commands use these where people sign in. A token is shown once.",
)
NAME: Final = Words("名称", "Name")
ROLES: Final = Words("角色", "Roles")
CREATED: Final = Words("生成", "Created")
ACTIVE: Final = Words("有效", "in use")
REVOKED_KEY: Final = Words("已吊销", "revoked")
REVOKE: Final = Words("吊销", "Revoke")
REVOKE_SURE: Final = Words("我确认：不能恢复", "I am sure: it is for good")
REVOKE_NAMED: Final = Words("吊销 {name}", "Revoke {name}")
REVOKED_NOW: Final = Words("密钥 {name} 已吊销", "The key {name} is revoked")
ADD: Final = Words("生成管理密钥", "Add a management key")
NAME_HINT: Final = Words(
    "字母、数字、点、横线；自定", "letters, digits, dots and dashes, of your choice"
)
ADDED: Final = Words("已生成管理密钥", "The management key is made")

MESSAGES: Final = Words("发往他人的消息", "Messages to others")
SEE_MESSAGES: Final = Words("查看消息", "See the messages")
WAITING: Final = Words("等待发送", "waiting")
PARKED: Final = Words("已搁置", "given up")
DELIVERED: Final = Words("已送达", "delivered")
TO: Final = Words("发往", "To")
KIND: Final = Words("类型", "Kind")
TRIES: Final = Words("次数", "Tries")
WHY: Final = Words("原因", "Reason")
RETRY: Final = Words("再次发送", "Send again")
RETRY_NAMED: Final = Words("再次发送 {id}", "Send {id} again")
RETRIED: Final = Words("消息 {id} 将再次发送", "Message {id} goes out again")
NO_MESSAGES: Final = Words(
    "发往其他参与方的消息列在这里，送不到的可以再次发送",
    "Messages to other firms are listed here; those that could not be delivered can be sent again",
)
NONE_SUCH: Final = Words("没有这样的消息", "There are no such messages")
CLEAR: Final = Words("清除筛选", "Clear filters")
BACK: Final = Words("返回连接器", "Back to the connector")

# said by the templates through tables of names
_SHARED: Final = (STEWARD, CDO, SECURITY, CERTIFIER, AUDITOR)
DESCRIPTION: Final = Words("数据产品的描述", "the description of a product")
STATUS_DOCUMENT: Final = Words("状态文件", "the status document")
PROMISES: Final = Words("本方日志的回执", "acknowledgements by our log")
CHECKPOINT: Final = Words("日志的检查点", "a checkpoint of our log")
