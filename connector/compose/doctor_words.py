"""What `voile doctor` says: the names of what it looks at, what came, and what mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crypto.words import Words, verbatim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crypto.words import Language, Spoken

NAMES: Final[Mapping[str, Words]] = {  # --json keeps the names
    "sqlite": Words("SQLite", "sqlite"),
    "postgresql": Words("PostgreSQL", "postgresql"),
    "postgres": Words("PostgreSQL", "postgres"),
    "store": Words("数据库", "store"),
    "data folder": Words("数据文件夹", "data folder"),
    "schema": Words("表结构", "schema"),
    "database": Words("数据库", "database"),
    "journal": Words("日志模式", "journal"),
    "keys": Words("密钥", "keys"),
    "clock": Words("时钟", "clock"),
    "lock": Words("锁", "lock"),
    "log": Words("存证日志", "log"),
    "key file": Words("密钥文件", "key file"),
    "token": Words("管理令牌", "token"),
    "disk": Words("磁盘", "disk"),
    "products": Words("产品", "products"),
    "people": Words("人员", "people"),
    "four eyes": Words("双人复核", "four eyes"),
    "outbox": Words("待发消息", "outbox"),
    "protocol": Words("协议端口", "protocol"),
    "management": Words("管理端口", "management"),
    "metrics": Words("指标端口", "metrics"),
    "console": Words("控制台端口", "console"),
    "ports": Words("端口", "ports"),
    "status": Words("状态文件", "status"),
    "running": Words("运行状况", "running"),
    "testing": Words("测试设置", "testing"),
    "expose": Words("对外开放", "expose"),
    "pinned": Words("固定信任", "pinned"),
    "names": Words("身份", "names"),
    "identity": Words("身份", "identity"),
    "hub": Words("运营方", "hub"),
    "hub clock": Words("运营方时钟", "hub clock"),
    "agreements": Words("合约", "agreements"),
}
RUNNING: Final = "running: "  # before what a running connector says of itself


def called(name: str, language: Language) -> str:
    """Give the name of a check as people read it."""
    inner = name.removeprefix(RUNNING)
    words = NAMES.get(inner, verbatim(inner))
    if inner == name:
        return words.said(language)
    return _RUNNING.filled(language, {"name": words})


def settled(value: Spoken) -> Words:
    """Make words of something that says itself, whatever stands in it."""
    return verbatim(value.said("zh"), value.said("en"))


_RUNNING: Final = Words("运行中：{name}", "running: {name}")
AND_WHY: Final = Words("{what}：{why}", "{what}: {why}")
RUN: Final = Words("请执行 {command}", "{command}")

JOURNAL_MODE: Final = Words(
    "journal_mode={mode} synchronous={synchronous}：{why}",
    "journal_mode={mode} synchronous={synchronous}: {why}",
)
URL_HOLDS_PASSWORD: Final = Words(
    "其 URL 含有密码；{file} 的权限为 {mode}", "its URL holds a password; {file} has mode {mode}"
)
PORT_FREE: Final = Words("{where} 空闲", "{where} is free")
PORT_OURS: Final = Words("{where} 由本连接器使用", "{where} is served by this connector")
PORT_TAKEN: Final = Words("{where}：{why}", "{where}: {why}")
FREE_PORT: Final = Words("请腾出它，或设置 `{name}.port`", "free it or set `{name}.port`")
IS_READY: Final = Words("它称自己已就绪", "it says that it is ready")
LOOPBACK_HTTP: Final = Words(
    "loopback_http 已开启：只用于同一机器上的各方",
    "loopback_http is on: for parties on one machine only",
)
COHORT_GATE: Final = Words(
    "cohort_gate 已开启：一个文件可以让合计等待",
    "cohort_gate is on: totals may be made to wait by a file",
)
PROFILES: Final = Words(
    "profiles 已开启：--profile 可以取代身份检查",
    "profiles is on: --profile may replace the identity checks",
)
RECORD_WIRE: Final = Words(
    "record_wire 已开启：收到的正文存为文件",
    "record_wire is on: received bodies are kept as files",
)
EXPOSED: Final = Words("其他机器可以访问各监听端口", "listeners may be reached from other machines")

MODE: Final = Words("权限为 {mode}", "mode {mode}")
REVISION: Final = Words(
    "版本 {revision}，软件需要 {wanted}", "revision {revision}, software wants {wanted}"
)
JOURNAL: Final = Words("数据库的日志模式为 {mode}", "the database is in journal mode {mode}")
KEYS_OPEN: Final = Words(
    "令牌（P-256）、合约和日志（Ed25519）的密钥均可打开",
    "token (P-256), agreements and log (Ed25519) open",
)
NOT_BEHIND: Final = Words(
    "不落后于日志中最新的叶",
    "not behind the newest leaf of the log",
)
BEHIND: Final = Words("比最新的叶落后 {seconds} 秒", "{seconds} s behind the newest leaf")
SET_CLOCK: Final = Words("请用 NTP 校准时钟", "set the clock by NTP")
LOG_AGREES: Final = Words(
    "树节点、日志头、检查点和锚文件一致", "nodes, head, checkpoint and anchor agree"
)
RESTORE: Final = Words("请恢复数据文件夹的最新备份", "restore the newest backup of the data folder")
ACCEPT_OR_RESTORE: Final = Words(
    "若此数据库就是最新的，请执行 voile serve --home {home} --accept-head；"
    "否则请恢复数据文件夹的最新备份",
    "if this database is the newest there is: voile serve --home {home} "
    "--accept-head; else restore the newest backup of the data folder",
)
KEY_FILE: Final = Words(
    "{file} 的权限为 0600，且在数据文件夹之外", "{file} is 0600 and outside the data folder"
)
TOKEN_MISSING: Final = Words("{file} 不在", "{file} is missing")
TOKEN_OTHER: Final = Words(
    "{file} 中不是本节点的令牌", "{file} does not hold the token of this home"
)
TOKEN_MODE: Final = Words("{file} 的权限为 {mode}", "{file} has mode {mode}")
DISK_FREE: Final = Words("剩余：{left}", "free: {left}")
DISK_LEFT: Final = Words("{at} 处 {size} MiB", "{size} MiB at {at}")
FIRST_EDITION: Final = Words(
    "产品 `{product}` 的统计表是最初格式的：它不作任何回答",
    "the table of product `{product}` is of the first edition: it answers nothing",
)
MAKE_ANEW: Final = Words(
    "请启动连接器，由它重新生成，或在其日志中查看为何不能；"
    "然后用 `voile publish` 发布改正后的产品文件",
    "start the connector, which makes it anew, or see in its log why it cannot; "
    "then `voile publish` its product file, corrected",
)
FILE_LOST: Final = Words("产品 `{product}` 的一个文件丢失", "a file of product `{product}` is lost")
RESTORE_FILE: Final = Words(
    "请从备份恢复 {path}：别处没有所发布的内容",
    "restore {path} from a backup: nothing else holds what was published",
)
GIVEN_UP: Final = Words(
    "有 {count} 条消息已放弃发送", "{count} {count|message was|messages were} given up"
)

CORRECT_PINNED: Final = Words("请在 `pinned` 中改正", "correct it in `pinned`")
START_AND_LOOK: Final = Words("请启动连接器，然后再查看", "start the connector, then look again")
PINNED_BESIDE: Final = Words(
    "运营方之外另有 {count} 个固定信任的 DID：运营方未列出的那些，"
    "以及状态文件过期之后的全部，只由本方认证",
    "{count} {count|DID is|DIDs are} pinned beside a hub: those that it does not name,"
    " and all of them once its status document has expired, are certified by us alone",
)
TAKE_OFF: Final = Words(
    "请从 `pinned` 中去掉运营方已认证的", "take those off `pinned` that the hub certifies"
)
HUB_UP: Final = Words(
    "请查看运营方的节点是否在运行，`hub` 是否正确", "see whether the hub is up and `hub` is right"
)
HUB_ANSWERED: Final = Words("{url} 答复 {status}", "{url} answered {status}")
ASK_HUB: Final = Words("请询问运营方", "see the hub's operator")
HUB_ANSWERS: Final = Words("{did} 有答复", "{did} answers")
ITS_DATE: Final = Words("其 `Date`：{why}", "its `Date`: {why}")
ITS_PROXY: Final = Words("请查看其代理", "see its proxy")
BESIDE: Final = Words("与运营方相差 {seconds} 秒", "{seconds} s beside the hub's")
