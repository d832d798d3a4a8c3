"""What can go wrong with data that lie in a database."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

NOT_INSTALLED: Final = Problem(
    "data.database",
    Words("读取 PostgreSQL 所需的库未安装", "what reads PostgreSQL is not installed"),
    Words(
        "请安装 `voile[postgres]` 并重启连接器",
        "install `voile[postgres]` and start the connector again",
    ),
)
FAILED: Final = Problem(
    "data.database",
    Words(
        "数据库 `{name}` 拒绝了连接或查询：{reason}",
        "the database `{name}` refused the connection or the query: {reason}",
    ),
    Words(
        "请在数据库自身的工具中执行该查询以查看原因（此处不显示其原文，以免泄露数据），并检查"
        " `databases.toml`",
        "run the query by the database's own tool to see why (its words may quote data and are not"
        " shown here), and check `databases.toml`",
    ),
)
TOO_SLOW: Final = Problem(
    "data.database",
    Words(
        "数据库 `{name}` 的查询超过 {seconds} 秒",
        "the query of the database `{name}` took more than {seconds} seconds",
    ),
    Words(
        "请简化查询，或在 `databases.toml` 中提高 `seconds`",
        "make the query simpler, or raise `seconds` in `databases.toml`",
    ),
)
TOO_LARGE: Final = Problem(
    "data.database",
    Words("查询结果超过 {most} GiB", "the query gives more than {most} GiB"),
    Words("请只查询所声明的行", "ask for the rows that are meant alone"),
)
BINARY: Final = Problem(
    "data.type",
    Words(
        "列 `{column}` 含二进制值，或不是 UTF-8、含 NUL 的文本",
        "column `{column}` holds binary values, or texts that are no UTF-8 or hold NUL",
    ),
    Words("请在查询中转换为文本", "make them texts in the query"),
)
UNKNOWN: Final = Problem(
    "data.database",
    Words(
        "`{file}` 中没有数据库 `{name}`",
        "`{file}` names no database `{name}`",
    ),
    Words(
        "请在连接器主目录的 `{file}` 中写明其 `url`",
        "give its `url` in `{file}`, in the connector's home",
    ),
)
OPEN: Final = Problem(
    "data.database",
    Words("`{file}` 可被他人读取", "others may read `{file}`"),
    Words(
        "请执行 `chmod 600 {file}`：其中可能有密码", "run `chmod 600 {file}`: it may hold passwords"
    ),
)
SETTINGS: Final = Problem(
    "data.database",
    Words(
        "`{file}` 有误：{field} 应为{expected}", "`{file}` is wrong: {field}: expected {expected}"
    ),
    Words("请改正后重新发布", "correct it and publish again"),
)
A_TABLE: Final = Words(
    "每个数据库一个表，如 `[warehouse]`", "a table per database, like `[warehouse]`"
)
TOML: Final = Words("TOML 文本", "TOML text")
A_FINITE: Final = Words("有限的数或时间", "a finite number or time")
A_URL: Final = Words(
    "`postgresql://…` 或 `sqlite:///绝对路径`",
    "`postgresql://…` or `sqlite:///` and an absolute path",
)
BOTH: Final = Problem(
    "data.database",
    Words(
        "产品 `{product}` 的数据来自数据库", "the data of product `{product}` come from a database"
    ),
    Words("请不要给出数据文件", "name no data file"),
)
