"""What can be wrong with how a command is used, with its home, and with what it waits for."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

STOP_FIRST: Final = Words(
    "请停止该进程，再次执行此命令，然后启动它：没有令牌，运行中的连接器无从得知是您本人",
    "stop that process, run this command again, and start it: without the token "
    "a running connector cannot know that it is you",
)
LANGUAGE_UNKNOWN: Final = Problem(
    "language",
    Words("未知的语言 `{given}`", "language `{given}` is not known"),
    Words("请用 zh 或 en", "use zh or en"),
)
MISUSED: Final = Problem(
    "usage",
    Words("用法有误：{said}", "{said}"),
    Words("请见 {command} --help", "see {command} --help"),
)
ID_EMPTY: Final = Problem(
    "usage",
    Words("编号为空", "an id is empty"),
    Words("请给出编号，见列表", "give the id, see the list"),
)
HOME_NOT_GIVEN: Final = Problem(
    "usage",
    Words("应给出节点文件夹，却没有给出", "expected a home, got none"),
    Words("请用 --home 给出，或设置 VOILE_HOME", "give --home, or set VOILE_HOME"),
)
CSV_ALONE: Final = Problem(
    "usage",
    Words("`--csv` 只输出答案", "`--csv` prints answers only"),
    Words("请去掉 --json 或 --explain", "leave --json or --explain out"),
)
OUT_EXISTS: Final = Problem(
    "usage",
    Words("`{path}` 已存在", "`{path}` is there already"),
    Words("请给出尚不存在的文件夹", "name a folder that is not there yet"),
)
OUT_FILE_EXISTS: Final = Problem(
    "usage",
    Words("`{path}` 已存在", "`{path}` is there already"),
    Words("请给出尚不存在的文件", "name a file that is not there yet"),
)
NO_HUB_KNOWN: Final = Problem(
    "usage",
    Words("本节点不知道任何运营方", "this node knows no hub"),
    Words("请去掉 --hub-only", "leave --hub-only out"),
)
FILE_UNUSABLE: Final = Problem(
    "file-unusable",
    Words("`{path}` 无法使用：{why}", "`{path}` cannot be used: {why}"),
    Words(
        "请检查路径、所有者和权限，以及磁盘是否有空间",
        "check the path, its owner and its permissions, and that the disk has room",
    ),
)
FILE_EXISTS: Final = Problem(
    "file-exists",
    Words("`{path}` 已存在", "`{path}` exists already"),
    Words("请给出新文件的名称", "name a new file"),
)
ROLE_WRONG: Final = Problem(
    "role-wrong",
    Words(
        "`{home}` 的角色是 {role}，不是运营方",
        "`{home}` is the home of a {role}, not of a hub",
    ),
    Words(
        "请用 `voile serve` 运行，或用 `voile hub init` 建立运营方的节点",
        "run it with `voile serve`, or make a hub with `voile hub init`",
    ),
)
DECISION_UNSEEN: Final = Problem(
    "decision-unseen",
    Words(
        "对 `{did}` 的决定没有写明所见的内容",
        "the decision about `{did}` does not say what was seen",
    ),
    Words(
        "请先查看：{list}；再用 --seen 写明其摘要",
        "look: {list}; then name its digest with --seen",
    ),
)
NOTHING_TO_DECIDE: Final = Problem(
    "decision-unseen",
    Words("`{did}` 没有{what}", "`{did}` has no {what}"),
    Words("请见 {list}", "see {list}"),
)
A_PENDING_APPLICATION: Final = Words("待审核的申请", "pending application")
AN_ENTRY: Final = Words("登记条目", "entry")
PRODUCT_FILE_UNREADABLE: Final = Problem(
    "product-file",
    Words(
        "产品文件 `{path}` 无法作为 UTF-8 文本读取",
        "the product file `{path}` cannot be read as UTF-8 text",
    ),
    Words("请给出 TOML 文件的路径", "give the path of a TOML file"),
)
PRODUCT_FILE_MISSING: Final = Problem(
    "product-file",
    Words("没有产品文件 `{path}`", "there is no product file `{path}`"),
    PRODUCT_FILE_UNREADABLE.next,
)
PRODUCT_FILE_NOT_GIVEN: Final = Problem(
    "product-file",
    Words("没有给出产品文件", "no product file was given"),
    Words(
        "请执行 `voile publish PRODUCT.toml DATA`；要重新读取已发布产品的数据，请用 --refresh",
        "say `voile publish PRODUCT.toml DATA`; --refresh reads the data of a published product"
        " again",
    ),
)
REFRESH_AND_FILE: Final = Problem(
    "product-file",
    Words(
        "更新 `{product}` 时使用其已发布的产品文件，不接受其他文件，也不能只作检查",
        "a refresh of `{product}` takes the product file as it is published, no other, and is no"
        " check",
    ),
    Words(
        "请删去文件与 --check，或不用 --refresh",
        "leave the file and --check out, or --refresh",
    ),
)
DATA_FILE_MISSING: Final = Problem(
    "data-file",
    Words("没有数据文件 `{path}`", "there is no data file `{path}`"),
    Words("请给出其路径", "give its path"),
)
DRAFT_OF_WHAT: Final = Problem(
    "usage",
    Words("没有给出起草所用的数据", "no data were given to make a draft of"),
    Words(
        "请给出数据文件或文件夹；数据在数据库中时，请用 --database 与 --table 或 --query",
        "name a data file or a folder; of a database, --database with --table or --query",
    ),
)
DRAFT_OF_FOLDER: Final = Problem(
    "usage",
    Words("`{name}` 是文件夹", "`{name}` is a folder"),
    Words(
        "请写明读其中哪些文件，例如 --files '*.csv'",
        "say which of its files are read, such as --files '*.csv'",
    ),
)
DRAFT_OF_NO_FOLDER: Final = Problem(
    "usage",
    Words("`{name}` 不是文件夹", "`{name}` is no folder"),
    Words("请给出文件夹，或删去 --files", "name the folder, or leave --files out"),
)
DRAFT_OF_DATABASE: Final = Problem(
    "usage",
    Words(
        "--database 须与 --table 或 --query 之一同用，且不与文件同用",
        "--database stands with one of --table and --query, and with no file",
    ),
    Words(
        "请写如 `voile product draft --database warehouse --table deliveries`",
        "say `voile product draft --database warehouse --table deliveries`",
    ),
)
CONTRACT_FILE_MISSING: Final = Problem(
    "contract-file",
    Words("没有数据合约 `{path}`", "there is no data contract `{path}`"),
    Words("请给出其路径", "give its path"),
)
AUTHORIZATION_FILE_UNREADABLE: Final = Problem(
    "authorization-file",
    Words(
        "授权文件 `{path}` 无法作为文本读取",
        "the authorization file `{path}` cannot be read as text",
    ),
    Words("请给出只有一行的文件的路径", "give the path of a file with one line"),
)
NOT_CONCLUDED: Final = Problem(
    "not-concluded",
    Words("状态仍为 {state}", "it is still {state}"),
    Words("请见 voile explain {pid}", "voile explain {pid}"),
)
TRANSFER_ENDED: Final = Problem(
    "",  # with the code that ended it
    Words("传输已被终止：{why}", "the transfer was ended: {why}"),
    Words("请见 voile explain {pid}", "voile explain {pid}"),
)
NO_CODE: Final = Words("没有代码", "no code")
NOT_OURS: Final = Problem(
    "not-ours",
    Words(
        "`{home}` 的进程 {pid} 属于另一用户",
        "process {pid} of `{home}` belongs to another user",
    ),
    Words("请以该用户身份执行", "run this as that user"),
)
HELD_ELSEWHERE: Final = Problem(
    "held-elsewhere",
    Words(
        "`{home}` 正被此处看不到的进程使用",
        "`{home}` is in use by a process that cannot be seen from here",
    ),
    Words(
        "请在它运行之处停止它，例如它的容器或另一台机器",
        "stop it where it runs: its container, or the other machine",
    ),
)
NOT_SERVING: Final = Problem(
    "not-serving",
    Words(
        "`{home}` 正被 `{what}`（pid {pid}）使用，那不是运行中的连接器",
        "`{home}` is in use by `{what}`, pid {pid}, which is no running connector",
    ),
    Words("请等它结束", "wait until it has ended"),
)
STILL_RUNS: Final = Problem(
    "still-runs",
    Words(
        "{seconds} 秒后 `{home}` 的进程 {pid} 仍未结束",
        "process {pid} of `{home}` has not ended after {seconds} s",
    ),
    Words(
        "请查看它的日志；它仍在结束，也可用 --wait 再等更久",
        "see its log; it is still ending: wait longer with --wait",
    ),
)
NOT_CONFIRMED: Final = Problem(
    "not-confirmed",
    Words(
        "收回 `{product}` 无法撤销，尚未得到确认",
        "taking back `{product}` cannot be undone, and was not confirmed",
    ),
    Words(
        "请在终端运行并回答，或加上 --yes：`voile unpublish {product} --yes`",
        "run it at a terminal and answer, or with --yes: `voile unpublish {product} --yes`",
    ),
)
