"""What can be wrong when a home is made or opened: names, key file, database."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

HOME_EXISTS: Final = Problem(
    "home-exists",
    Words("`{home}` 处已有节点", "`{home}` is a home already"),
    Words("请使用它，或指定另一文件夹", "use it, or name another folder"),
)
HOME_IN_THE_MAKING: Final = Problem(
    "home-exists",
    Words("另一命令正在生成 `{home}`", "`{home}` is being made by another command"),
    Words("请等待其完成，或指定另一文件夹", "wait for that one, or name another folder"),
)
HAS_SETTINGS: Final = Problem(
    "home-exists",
    Words("`{home}` 的设置仍在", "`{home}` has its settings"),
    Words("请直接使用：`voile doctor`", "use it: `voile doctor`"),
)
HOLDS_DATABASE: Final = Problem(
    "home-exists",
    Words("`{data}` 中已有数据库", "`{data}` holds a database already"),
    Words(
        "请恢复其 voile.toml，或用 `voile init … --adopt` 重新写出，或指定另一文件夹",
        "restore its voile.toml, write that anew with `voile init … --adopt`, or name"
        " another folder",
    ),
)
HOLDS_ANCHOR: Final = Problem(
    "home-exists",
    Words(
        "`{home}` 中有日志的锚点，而其数据库已不在",
        "`{home}` holds the anchor of a log whose database is gone",
    ),
    Words(
        "请从备份恢复数据文件夹，或指定另一文件夹",
        "restore the data folder from a backup, or name another folder",
    ),
)
DATABASE_TAKEN: Final = Problem(
    "home-exists",
    Words("数据库 `{where}` 中已有{owner}", "the database `{where}` holds {owner} already"),
    Words(
        "请指定一个空数据库：`createdb --template template0 --encoding UTF8`",
        "name an empty database: `createdb --template template0 --encoding UTF8`",
    ),
)
OTHER_TABLES: Final = Words("其他表，例如 `{table}`", "other tables, such as `{table}`")
NODE_OF: Final = Words(" `{did}` 的节点", "the node of `{did}`")
SERVER_UNUSABLE: Final = Problem(
    "database-unusable",
    Words("数据库 `{where}` 无法使用：{why}", "the database `{where}` cannot be used: {why}"),
    Words(
        "请确认服务器在运行，并允许该用户进入：`psql` 给出同样的结果",
        "see that the server runs and lets this user in: `psql` tells the same",
    ),
)

_UNUSABLE: Final = Words("{place}无法使用：{why}", "the {place} cannot be used: {why}")
DATABASE_UNUSABLE: Final = Problem(
    "database-unusable",
    _UNUSABLE,
    Words(
        "请确认服务器在运行，并允许该用户进入：`voile doctor`",
        "see that the server runs and lets this user in: `voile doctor`",
    ),
)
FILE_UNUSABLE: Final = Problem(
    "database-unusable",
    _UNUSABLE,
    Words(
        "请检查该文件夹的所有者和权限，或从备份恢复",
        "check the folder's owner and permissions, or restore it from a backup",
    ),
)
KEK_WRONG: Final = Problem(
    "kek-wrong",
    Words(
        "密钥文件 `{file}` 打不开本节点的机密数据",
        "the key file `{file}` does not open the secrets of this node",
    ),
    Words("请指定 `voile init` 所用的密钥文件", "name the key file that `voile init` used"),
)
DID_CHANGED: Final = Problem(
    "did-changed",
    Words(
        "{place}属于 `{owner}`，而设置中写的是 `{did}`",
        "the {place} belongs to `{owner}`, the settings say `{did}`",
    ),
    Words(
        "请改正 `did`；新的身份须另行新建（`voile init`）",
        "correct `did`; a new identity needs a new home (`voile init`)",
    ),
)
ON_SERVER: Final = Words("数据库 `{url}` ", "database `{url}`")
DATA_FOLDER: Final = Words("数据文件夹", "data folder")
IN_FOLDER: Final = Words("`{data}` 中的数据库", "database in `{data}`")
