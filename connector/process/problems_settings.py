"""What can be wrong with the settings of a process: one key, a file, or what they say together."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

WRONG: Final = Problem(
    "setting-wrong",
    Words(
        "设置 `{setting}`：应为{expected}，实为 `{got}`",
        "setting `{setting}`: expected {expected}, got `{got}`",
    ),
    Words(
        "请在给出 `{setting}` 之处改正：`voile init` 的选项、voile.toml 或环境变量",
        "correct `{setting}` where it was given: with `voile init`, in voile.toml, or in the"
        " environment",
    ),
)
A_TABLE: Final = Words("一个表", "a table")
A_VALUE: Final = Words("一个值", "a value")
A_TEXT: Final = Words("非空字符串", "a non-empty string")
A_NUMBER: Final = Words(" {low} 至 {high} 的整数", "a whole number from {low} to {high}")
TRUE_OR_FALSE: Final = Words(" true 或 false", "true or false")
ONE_OF: Final = Words("以下之一：{choices}", "one of {choices}")
DIDS: Final = Words("一组 DID", "a list of DIDs")
PLAIN_PEERS: Final = Words("一组 `名称=http://localhost:…`", "a list of `name=http://localhost:…`")
AN_ADDRESS: Final = Words(" IP 地址，例如 127.0.0.1", "an IP address such as 127.0.0.1")
A_ZONE: Final = Words(
    "本机所知的 IANA 时区名，例如 `Asia/Shanghai`",
    "a zone of the IANA list that this machine knows, such as `Asia/Shanghai`",
)
A_DID: Final = Words(" did:web 的 DID", "a did:web DID")
AN_ORIGIN: Final = Words(
    "不带路径的 https 地址，如 https://console.example.com",
    "an https address without a path, such as https://console.example.com",
)
A_URL: Final = Words(
    " URL，例如 `https://firm.example/voile`", "a URL such as `https://firm.example/voile`"
)
A_BARE_URL: Final = Words("不带查询和片段的 https URL", "an https URL without query or fragment")

UNKNOWN: Final = Problem(
    "setting-unknown",
    Words("{place} 中有未知的设置 `{setting}`", "unknown setting `{setting}` in {place}"),
    Words(
        "请删去它，或改正其名称；已知的有：{known}",
        "remove it, or correct its name; known: {known}",
    ),
)
UNKNOWN_VARIABLE: Final = Problem(
    "setting-unknown",
    Words("未知的环境变量 `{setting}`", "unknown environment variable `{setting}`"),
    Words(
        "请取消它，或改正其名称；已知的有：{known}",
        "unset it, or correct its name; known: {known}",
    ),
)
HOME_MISSING: Final = Problem(
    "home-missing",
    Words("`{place}` 处没有设置", "no settings at `{place}`"),
    Words(
        "请用 `voile init` 生成，或用 --home 指定另一处",
        "make them with `voile init`, or name another --home",
    ),
)
SETTINGS_LOST: Final = Problem(
    "home-missing",
    Words("`{place}` 处没有设置", "no settings at `{place}`"),
    Words(
        "请从备份恢复，或重新写出：voile init {folder} --adopt --did DID --public-url URL，"
        "其余选项与原来相同",
        "restore it from a backup, or write it anew: voile init {folder} --adopt "
        "--did DID --public-url URL, with the other options as they were",
    ),
)
UNREADABLE: Final = Problem(
    "settings-unreadable",
    Words("无法读取 `{place}` 处的设置：{why}", "settings at `{place}` cannot be read: {why}"),
    Words("请改正该文件", "correct the file"),
)
KEK_INSIDE_DATA: Final = Problem(
    "kek-inside-data",
    Words(
        "密钥文件 `{file}` 位于数据文件夹 `{data}` 之内",
        "the key file `{file}` lies inside the data folder `{data}`",
    ),
    Words(
        "请在 VOILE_KEK_FILE 或 `kek_file` 中指定该文件夹以外的位置：数据的副本不得含有其密钥",
        "name a place outside in VOILE_KEK_FILE or `kek_file`: a copy of the data "
        "must not hold its key",
    ),
)
NOT_HTTPS: Final = Problem(
    "public-url-not-https",
    Words(
        "设置 `public_url`：应为 https，实为 `{url}`",
        "setting `public_url`: expected https, got `{url}`",
    ),
    Words(
        "请在 TLS 代理之后使用 https；http 只用于 localhost，"
        "且须给出 `voile init --loopback-http`，或设置 `[testing] loopback_http = true`",
        "use https behind a TLS proxy; http is for localhost, with `voile init --loopback-http`"
        " or `[testing] loopback_http = true`",
    ),
)
EXPOSED: Final = Problem(
    "listener-exposed",
    Words(
        "设置 `{listener}.host`：其他机器可以访问 `{host}`",
        "setting `{listener}.host`: `{host}` can be reached from other machines",
    ),
    Words(
        "请在代理之后监听 127.0.0.1，或设置 `expose = true`",
        "listen on 127.0.0.1 behind a proxy, or set `expose = true`",
    ),
)
PORTS_COLLIDE: Final = Problem(
    "ports-collide",
    Words(
        "每个监听需要各自的端口，实为 {ports}", "each listener needs a port of its own, got {ports}"
    ),
    Words(
        "请设置 `protocol.port`、`management.port`、`metrics.port` 和 `console.port`",
        "set `protocol.port`, `management.port`, `metrics.port` and `console.port`",
    ),
)
SQLITE_ADDRESS: Final = Problem(
    "database-dialect",
    Words(
        "设置 `{setting}`：SQLite 不需要地址，其文件位于数据文件夹",
        "setting `{setting}`: SQLite needs no address, its file lies in the data folder",
    ),
    Words(
        "请删去 `{setting}`，或填写一个 PostgreSQL 数据库",
        "leave `{setting}` out, or name a PostgreSQL database",
    ),
)
DIALECT: Final = Problem(
    "database-dialect",
    Words(
        "设置 `{setting}`：应为 `{driver}`，实为 {got}",
        "setting `{setting}`: expected `{driver}`, got {got}",
    ),
    Words(
        "Voile 只用 SQLite 或 PostgreSQL 存储，请改用其一",
        "Voile keeps its store in SQLite or PostgreSQL",
    ),
)
SOMETHING_ELSE: Final = Words("其他内容", "something else")
DATABASE_MALFORMED: Final = Problem(
    "database-malformed",
    Words(
        "设置 `{setting}`：应为形如 `{example}` 的地址，实为 {got}",
        "setting `{setting}`: expected an address such as `{example}`, got {got}",
    ),
    Words(
        "请改正 `{setting}`；用户名或密码中的 `@` 写作 `%40`",
        "correct `{setting}`; write `%40` for an `@` inside a user's name or password",
    ),
)
NO_LINE: Final = Words("不是一行文本的内容", "not a line of text")
WITHOUT_MARK: Final = Words("不含 `://` 的文本", "a text without `://`")
NO_URL: Final = Words("无法读取的 URL", "a URL that cannot be read")
