"""What can be wrong with the store: the database, its server, its schema, the key file."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

_AGAIN: Final = Words("请重试", "try again")
_NOTHING_CHANGED: Final = Words(
    "未作任何更改；请重试，并见 `voile doctor`",
    "nothing was changed; try again, see `voile doctor`",
)
_LOOK: Final = Words(
    "重做之前请先查看状态；见 `voile doctor`",
    "look at the state before you repeat it; see `voile doctor`",
)

VALUE_UNFIT: Final = Problem(
    "value-unfit",
    Words("数据库无法存放某个值：{why}", "the database cannot hold a value: {why}"),
    Words(
        "未作任何更改；请去掉 U+0000 之类的字符",
        "nothing was changed; leave out characters such as U+0000",
    ),
)
BUSY: Final = Problem("store-busy", Words("数据库繁忙", "the database is busy"), _AGAIN)
NO_ANSWER: Final = Problem(
    "store-lost",
    Words("数据库服务器没有答复", "the database server does not answer"),
    _NOTHING_CHANGED,
)
REFUSED: Final = Problem(
    "store-failed",
    Words("数据库拒绝：{kind}：{why}", "the database refused: {kind}: {why}"),
    _NOTHING_CHANGED,
)
LOST: Final = Problem(
    "store-lost",
    Words("事务在提交之前丢失", "the transaction was lost before the commit"),
    _NOTHING_CHANGED,
)
UNDONE: Final = Problem(
    "store-failed",
    Words("数据库未能提交：{kind}", "the database could not commit: {kind}"),
    _NOTHING_CHANGED,
)
NOT_COMMITTED: Final = Problem(
    "commit-unknown", Words("更改尚未提交", "the change is not committed yet"), _LOOK
)
COMMIT_UNKNOWN: Final = Problem(
    "commit-unknown",
    Words("数据库没有说明更改是否完成", "the database did not say whether the change was made"),
    _LOOK,
)
READ_ONLY: Final = Problem(
    "read-only",
    Words("本节点只读：{why}", "this node is read-only: {why}"),
    Words("见 `voile doctor`", "see `voile doctor`"),
)
LOG_CLOSED: Final = Problem(
    "log-closed",
    Words("存证日志没有打开", "the evidence log is not open"),
    Words(
        "此命令需要由 `voile init` 建立的节点",
        "this command needs a node made by `voile init`",
    ),
)

TAKEN: Final = Problem(
    "store-taken",
    Words("数据库正被{who}使用", "the database is in use by {who}"),
    Words(
        "请停止该进程；不得由两个进程写同一日志",
        "stop that process; two must not write to one log",
    ),
)
HOLDER: Final = Words(" `voile`（{name}，自 {since} 起）", "`voile`, {name}, since {since}")
STRANGER: Final = Words(" `{name}` ", "`{name}`")
USED_MEANWHILE: Final = Problem(
    "store-taken",
    Words(
        "另一进程在此期间使用过该数据库",
        "another process has used the database meanwhile",
    ),
    Words(
        "请停止本进程，确认只有一个进程设置为使用该数据库，再启动",
        "stop this process, see that only one is set to this database, start it",
    ),
)
SERVER_OLD: Final = Problem(
    "database-server",
    Words(
        "数据库服务器为 PostgreSQL {version}，应为 13 或更新的版本",
        "the database server is PostgreSQL {version}, expected 13 or newer",
    ),
    Words("请使用更新的服务器", "use a newer server"),
)
ENCODING: Final = Problem(
    "database-encoding",
    Words(
        "数据库的编码为 `{encoding}`，应为 `UTF8`",
        "the database is encoded in `{encoding}`, expected `UTF8`",
    ),
    Words(
        "请用 `createdb --template template0 --encoding UTF8` 建立",
        "make it with `createdb --template template0 --encoding UTF8`",
    ),
)
NO_SCHEMA: Final = Problem(
    "database-schema",
    Words(
        "数据库搜索路径中没有任何 schema",
        "no schema of the database's search path is there",
    ),
    Words(
        "请建立 URL 所指的 schema，或去掉 `options`",
        "create the schema that the URL names, or leave `options` out",
    ),
)
NO_DRIVER: Final = Problem(
    "driver-missing",
    Words("没有安装 PostgreSQL 的驱动", "the driver of PostgreSQL is not installed"),
    Words("请执行 pip install 'voile[postgres]'", "pip install 'voile[postgres]'"),
)
SCHEMA_NEWER: Final = Problem(
    "schema-newer",
    Words(
        "数据库的 schema 为 `{found}`，本软件只认识到 `{wanted}`",
        "the database is at schema `{found}`, this software knows up to `{wanted}`",
    ),
    Words("请运行建立它的较新版本的 voile", "run the newer version of voile that made it"),
)
SCHEMA_WRONG: Final = Problem(
    "schema-wrong",
    Words(
        "迁移之后 schema 为 `{found}`，应为 `{wanted}`",
        "after migration the schema is at `{found}`, expected `{wanted}`",
    ),
    Words("请恢复此前的备份，并报告此事", "restore the backup from before and report this"),
)

KEK_MISSING: Final = Problem(
    "kek-missing",
    Words("无法读取密钥文件 `{file}`：{why}", "the key file `{file}` cannot be read: {why}"),
    Words(
        "请放回它的副本，或在 VOILE_KEK_FILE 或 `kek_file` 中指定它；"
        "没有它就什么也打不开：请在另一文件夹新建，`voile init`",
        "put a copy of it back, or name it in VOILE_KEK_FILE or `kek_file`; without"
        " one nothing opens any more: make a new home in another folder, `voile init`",
    ),
)
NOT_TEXT: Final = Words("不是文本", "it is not text")
KEK_OPEN: Final = Problem(
    "kek-open",
    Words(
        "其他用户可以读取密钥文件 `{file}`（权限 {mode}）",
        "the key file `{file}` can be read by others (mode {mode})",
    ),
    Words("请执行 chmod 600 {file}", "chmod 600 {file}"),
)
KEK_MALFORMED: Final = Problem(
    "kek-malformed",
    Words(
        "密钥文件 `{file}`：应为一行 base64url 编码的 32 字节",
        "the key file `{file}`: expected one line with 32 bytes in base64url",
    ),
    Words("请指定 `voile init` 生成的文件", "name the file that `voile init` made"),
)
SECRET_MISSING: Final = Problem(
    "secret-missing", Words("没有名为 `{name}` 的机密数据", "no secret named `{name}`")
)
