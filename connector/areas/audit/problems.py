"""What can be wrong with an evidence bundle as a folder."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

READS_TOO_MANY: Final = Problem(
    "reads-too-many",
    Words(
        "审计员的每次查阅都记入日志；短时间内查阅过多（最多 {most} 次），现在不再显示",
        "each reading by an auditor is put on record; so many at once (more than {most}) are not,"
        " and nothing is shown now",
    ),
    Words(
        "请稍候，每 {seconds} 秒可再查阅一次；要看很多记录，请检索（一页至多 500 条）或导出证据包",
        "wait a little: one more may be read every {seconds} seconds. For many records search"
        " (a page has up to 500), or export a bundle",
    ),
)
BUNDLE_EXISTS: Final = Problem(
    "bundle-exists",
    Words("`{folder}` 已经存在", "`{folder}` is there already"),
    Words(
        "请指定尚不存在的文件夹：证据包从不覆盖",
        "name a folder that is not there yet: a bundle is never written over",
    ),
)
MEMBER_ODD: Final = Problem(
    "bundle-unreadable",
    Words("`{member}` 不是普通文件", "`{member}` is no plain file"),
)
HALF_A_BUNDLE: Final = Problem(
    "bundle-unreadable",
    Words("连接器只送来了半个证据包", "the connector sent half a bundle"),
    Words(
        "请查看连接器的日志，删去该文件夹后重试",
        "see the connector's log, remove the folder and try again",
    ),
)
BUNDLES_TOO_MANY: Final = Problem(
    "bundles-too-many",
    Words("一次比较 {count} 个证据包，最多 {most} 个", "{count} bundles at once, at most {most}"),
    Words(
        "请少比较几个：同一合计各方的证据包就够了",
        "compare fewer: those of one total's parties are enough",
    ),
)
NO_FOLDER: Final = Problem(
    "bundle-missing",
    Words("`{folder}` 不是文件夹", "`{folder}` is not a folder"),
    Words("请指定证据包的文件夹", "name a bundle's folder"),
)
BUNDLE_TOO_LARGE: Final = Problem(
    "bundle-too-large",
    Words("`{folder}` 中的文件多于 {most} 个", "more than {most} files in `{folder}`"),
)
FOLDER_EMPTY: Final = Problem(
    "bundle-missing",
    Words("`{folder}` 是空的", "`{folder}` is empty"),
    Words("请指定证据包的文件夹", "name a bundle's folder"),
)
FILE_TOO_LARGE: Final = Problem(
    "file-too-large",
    Words("`{path}` 有 {size} 字节，过大", "`{path}` has {size} bytes"),
)
FILE_ODD: Final = Problem(
    "bundle-unreadable",
    Words("`{path}` 不是普通文件，或过大", "`{path}` is no plain file, or too large"),
)
UNREADABLE: Final = Problem(
    "bundle-unreadable",
    Words("无法读取 `{path}`：{why}", "`{path}` cannot be read: {why}"),
    Words("请检查其访问权限以及它是否存在", "see its rights and whether it is there"),
)
NO_KEYS: Final = Words("其未公布任何经认证的密钥", "it publishes no keys that are certified")
NO_LEAF: Final = Problem(
    "leaf-missing",
    Words("本节点的日志中没有第 {index} 片叶", "there is no leaf {index} in this node's log"),
    Words(
        "请用 voile evidence search 查找",
        "find it with `voile evidence search`",
    ),
)
ONE_DIRECTION: Final = Problem(
    "one-direction",
    Words("`before` 与 `after` 不能同时给出", "`before` and `after` are given both"),
    Words("请只给出其中一个", "give one of the two"),
)
NO_DOSSIER: Final = Problem(
    "dossier-missing",
    Words("本节点没有合约 `{agreement}`", "this node has no agreement `{agreement}`"),
    Words("请查看 voile agreements 所列", "see those that `voile agreements` lists"),
)
TWO_AGREEMENTS: Final = Problem(
    "dossier-ambiguous",
    Words("有两个对方使用了合约号 `{agreement}`", "two parties have used the id `{agreement}`"),
    Words("请用 --party 指明对方的 DID", "name the other party by its DID: --party"),
)
