"""What can be wrong with the process, its settings and its machine, and with any peer."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

UNAUTHENTICATED: Final = Problem(
    "unauthenticated",
    Words("请求未通过身份验证", "the request is not authenticated"),
    Words(
        "请用已认证参与方新签发的自签令牌重试",
        "send a fresh self-issued token of a certified participant",
    ),
)

PEER_KNOWS_US_NOT: Final = Words(
    "请查看 `voile membership --refresh`：各方只答复已认证的参与方；没有运营方时，"
    "对方须固定本方的 DID，且双方时钟必须准确",
    "see `voile membership --refresh`: parties answer certified ones only; without a hub"
    " the peer must pin our DID, and both clocks must be right",
)
PEER_LATER: Final = Words(
    "请稍后重试；若一直如此，请告知对方的运营人员",
    "try again later; if it stays so, tell the peer's operator",
)
PEER_REASON: Final = Words(
    "请阅读对方给出的理由，或询问其运营人员", "read the peer's reason, or ask its operator"
)

DATA_LOCKED: Final = Problem(
    "data-locked",
    Words("数据文件夹 `{data}` 正被{who}使用", "the data folder `{data}` is in use by {who}"),
    Words(
        "请先停止该进程（连接器：`voile down --home 文件夹`），或通过其他命令使用它的管理接口",
        "stop that process first (a connector: `voile down --home FOLDER`), or use its management"
        " API through the other commands",
    ),
)
HOLDER: Final = Words(" `{what}`（pid {pid}，自 {since} 起）", "`{what}`, pid {pid}, since {since}")
ANOTHER_PROCESS: Final = Words("另一进程", "another process")

OWN_DISK_FULL: Final = Problem(
    "disk-full",
    Words("本连接器的磁盘已满", "the disk of this connector is full"),
    Words(
        "未作任何更改；请在腾出空间后重试",
        "nothing was changed; try again once there is room on it",
    ),
)
DISK_SHORT: Final = Words(
    "`{folder}` 所在的磁盘已满：剩余 {left} 字节，至少需要 {least} 字节",
    "the disk of `{folder}` is full: {left} bytes are left, at least {least} are needed",
)
FREE_SPACE: Final = Words(
    "请在该磁盘上腾出空间；之后自行继续，无需重启",
    "free space on that disk; it goes on by itself, without a restart",
)
DATABASE_FULL: Final = Problem(
    "disk-full",
    Words("数据库的磁盘已满", "the disk of the database is full"),
    Words(
        "未作任何更改；请在腾出空间后重试",
        "nothing was changed; try again once there is room on it",
    ),
)
DATABASE_LOCKED: Final = Problem(
    "data-locked",
    Words("数据库正被{who}使用", "the database is in use by {who}"),
    Words(
        "请先停止该进程（连接器：`voile down --home 文件夹`），或通过其他命令使用它的管理接口",
        "stop that process first (a connector: `voile down --home FOLDER`), or use its management"
        " API through other commands",
    ),
)
DISK_OF_FILE_FULL: Final = Problem(
    "disk-full",
    Words("`{path}` 所在的磁盘已满", "the disk of `{path}` is full"),
    Words("请腾出空间，然后重试", "free space on it, then again"),
)
DISK_WRITTEN_FULL: Final = Problem(
    "disk-full",
    Words("所写入的磁盘已满", "the disk that was written to is full"),
    Words("请腾出空间，然后重试", "free space on it, then again"),
)
