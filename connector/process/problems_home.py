"""What can be wrong with a home: no database, an empty one, no management token."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

_NO_DATABASE: Final = Words("`{data}` 中没有数据库", "no database in `{data}`")
NO_DATABASE: Final = Problem(
    "home-missing",
    _NO_DATABASE,
    Words(
        "请从备份恢复数据文件夹；没有备份时，请在另一文件夹新建：`voile init`",
        "restore the data folder from a backup; without one, make a new home in "
        "another folder: `voile init`",
    ),
)
NO_EVIDENCE: Final = Problem(
    "home-missing",
    _NO_DATABASE,
    Words(
        "请从备份恢复数据文件夹：其密钥和证据别处都没有。"
        "没有备份时，请在另一文件夹新建：`voile init`",
        "restore the data folder from a backup: its keys and its evidence are nowhere"
        " else. Without one, make a new home in another folder: `voile init`",
    ),
)
DATABASE_EMPTY: Final = Problem(
    "home-missing",
    Words("{place}是空的", "the {place} is empty"),
    Words(
        "请从备份恢复，或在另一文件夹新建：`voile init`",
        "restore it from a backup, or make a new home in another folder: `voile init`",
    ),
)
NO_TOKEN: Final = Problem(
    "token-missing",
    Words("此处没有管理令牌", "this home has no management token"),
    Words("请执行 voile token renew --home {home}", "voile token renew --home {home}"),
)
DATA_FOLDER_MISSING: Final = Problem(
    "home-missing",
    Words("没有数据文件夹 `{data}`", "there is no data folder `{data}`"),
    Words(
        "请从备份恢复；见 `voile doctor --home {home}`",
        "restore it from a backup; see `voile doctor --home {home}`",
    ),
)
TOKEN_LOST: Final = Problem(
    "token-missing",
    Words("管理令牌 `{file}` 已丢失", "the management token `{file}` is lost"),
    Words("请重新生成：{renewal}", "draw a new one: {renewal}"),
)
TOKEN_UNREADABLE: Final = Problem(
    "token-missing",
    Words("管理令牌 `{file}` 无法读取", "the management token `{file}` cannot be read"),
    Words(
        "请以执行 `voile init` 的用户身份运行，并给出同样的 --home",
        "run as the user who ran `voile init`, with the same --home",
    ),
)
TOKEN_NONE: Final = Problem(
    "token-missing",
    Words("文件 `{file}` 中没有管理令牌", "the file `{file}` holds no management token"),
    Words("请重新生成：{renewal}", "draw a new one: {renewal}"),
)
