"""What can be wrong with the demonstration: its folder, ports, databases, data and parties."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

NO_GENERATOR: Final = Problem(
    "demo.generator.missing",
    Words(
        "数据生成程序 `{program}` 不在运行 voile 的 Python 旁边",
        "the data generator `{program}` is not beside the Python that runs voile",
    ),
    Words(
        "请执行 `make setup`，或安装锁定的依赖",
        "run `make setup`, or install the locked dependencies",
    ),
)
GENERATOR_FAILED: Final = Problem(
    "demo.generator.failed",
    Words("数据生成程序以 {status} 结束：{said}", "the data generator ended with {status}: {said}"),
    Words("请检查规模和磁盘的剩余空间", "check the scale and the free space on the disk"),
)
NO_DATABASES: Final = Problem(
    "demo.database",
    Words(
        "`{server}` 的服务器不让演示建立其数据库：{why}",
        "the server of `{server}` does not let the demonstration make its databases: {why}",
    ),
    Words(
        "请指定运行中的服务器上的一个数据库，所用角色须有 CREATEDB；请停止仍在该处运行的上一次演示",
        "name a database of a running server, by a role with CREATEDB; stop an"
        " earlier demonstration that still runs there",
    ),
)
DATABASE_TAKEN: Final = Problem(
    "demo.database",
    Words(
        "数据库 `{name}` 已存在，且不属于上一次演示",
        "the database `{name}` exists and is not of an earlier demonstration",
    ),
    Words("请将其改名，或指定另一服务器", "rename it, or name another server"),
)
HOME_NOT_MADE: Final = Problem(
    "demo.init",
    Words("未能建立 {party} 的节点：{said}", "the home of {party} could not be made: {said}"),
    Words("请手动执行 `voile init` 查看原因", "run `voile init` by hand to see why"),
)
NOT_IN_TIME: Final = Words("{seconds} 秒内未完成", "not made within {seconds} s")
NO_PORTS: Final = Problem(
    "demo.ports",
    Words(
        "本机 19100 至 29000 之间没有四个连续的空闲端口",
        "no four free ports in a row between 19100 and 29000 on loopback",
    ),
    Words("请停止在这些端口监听的程序", "stop what listens there"),
)
NOT_STARTED: Final = Problem(
    "demo.start",
    Words("{party} 没有启动：{said}", "{party} did not start: {said}"),
    Words("请执行 `voile doctor --home {home}`", "run `voile doctor --home {home}`"),
)
RUNNING: Final = Problem(
    "demo.running",
    Words(
        "文件夹 `{folder}` 正在使用：上一次演示的进程仍在其中运行",
        "the folder `{folder}` is in use: processes of an earlier demonstration still run in it",
    ),
    Words("请先停止它们：`kill {pids}`，然后重试", "stop them by `kill {pids}`, then try again"),
)
FOLDER_TAKEN: Final = Problem(
    "demo.out",
    Words(
        "文件夹 `{folder}` 中有不属于上一次演示的内容",
        "the folder `{folder}` holds something that is not an earlier demonstration",
    ),
    Words("请用 --out 指定另一个，或清空它", "name another with --out, or empty it"),
)
NO_AGREEMENT: Final = Problem(
    "demo.agreement",
    Words(
        "与 {supplier} 没有关于 {dataset} 的合约（{offer}）",
        "there is no agreement with {supplier} about {dataset} ({offer})",
    ),
    Words("请查看各项协商", "see the negotiations"),
)
STOPPED: Final = Words("{what}", "{what}")
STOPPED_NEXT: Final = Words("{what}；下一步：{step}", "{what}; next: {step}")
