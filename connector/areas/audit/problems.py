"""What can be wrong with an evidence bundle as a folder."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

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
