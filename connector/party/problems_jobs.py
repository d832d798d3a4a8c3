"""What can be wrong with work that goes on behind an answer."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

FETCH_CRASHED: Final = Problem(
    "internal",
    Words(
        "连接器内部出错；文件中已收到的部分会保留",
        "an error inside the connector; what has come of the file is kept",
    ),
    Words("请查看连接器的日志", "see the log of the connector"),
)

PUBLISH_CRASHED: Final = Problem(
    "internal",
    Words("连接器内部出错；未发布任何内容", "an error inside the connector; nothing was published"),
    Words("请查看连接器的日志", "see the log of the connector"),
)
STOPPING: Final = Problem(
    "job-stopping",
    Words("连接器正在停止", "the connector is stopping"),
    Words("请在其重新启动后重试", "ask again when it has started anew"),
)
