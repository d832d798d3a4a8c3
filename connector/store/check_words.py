"""What `voile doctor` says of a store: of the library of SQLite, of a PostgreSQL server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

WAL_KEEPS: Final = Words(
    "SQLite {version} 在 WAL 模式下不丢失已确认的提交",
    "SQLite {version} keeps acknowledged commits in WAL mode",
)
WAL_LOSES: Final = Words(
    "SQLite {version} 在 WAL 模式下可能丢失已确认的提交（3.51.3 已修正）",
    "SQLite {version} can lose an acknowledged commit in WAL mode (fixed in 3.51.3)",
)
STANDBY: Final = Words(
    "该服务器是备用服务器：无法写入", "the server is a standby: nothing can be written"
)
NAME_PRIMARY: Final = Words("请填写主服务器", "name the primary")
PLAIN: Final = Words("连接未加密", "the connection is not encrypted")
ADD_SSLMODE: Final = Words(
    "请在 URL 中加上 `?sslmode=verify-full`", "add `?sslmode=verify-full` to the URL"
)
SUPERUSER: Final = Words("该角色是超级用户", "the role is a superuser")
OWN_ROLE: Final = Words("请使用只拥有此数据库的角色", "use a role that owns this database only")
OFF: Final = Words(
    "{name} 已关闭：机器崩溃时可能丢失已确认的提交",
    "{name} is off: a crash of the machine can lose acknowledged commits",
)
SET_ON: Final[Mapping[str, Words]] = {
    name: Words(
        f"请在 postgresql.conf 中设置 `{name} = on`", f"set `{name} = on` in postgresql.conf"
    )
    for name in ("fsync", "full_page_writes")
}
SERVER: Final = Words(
    "PostgreSQL {version}，synchronous_commit={mode}",
    "PostgreSQL {version}, synchronous_commit={mode}",
)
OVER_OFF: Final = Words("on（服务器设为 `off`，此处覆盖）", "on, over the server's `off`")
