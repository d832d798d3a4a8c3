"""What can be wrong when a node is put together: a profile, a port."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

PROFILE_UNKNOWN: Final = Problem(
    "profile-unknown",
    Words("未知的测试配置 `{name}`：应为 {known}", "unknown profile `{name}`: expected {known}"),
    Words(
        "请去掉 --profile：它只用于与其他软件的测试",
        "leave --profile out: it is for tests against foreign software only",
    ),
)
PROFILE_REFUSED: Final = Problem(
    "profile-refused",
    Words(
        "拒绝测试配置 `{name}`：它取代身份检查，因此需要{needs}",
        "profile `{name}` is refused: it replaces the identity checks, so it needs {needs}",
    ),
    Words(
        "请去掉 --profile；若为测试，请另建一个具有这些设置的节点",
        "leave --profile out; for a test, make a home of its own with these settings",
    ),
)
NEEDS_PROFILES: Final = Words(
    " [testing] 中的 `profiles = true`", "`profiles = true` under [testing]"
)
NEEDS_LOOPBACK_HTTP: Final = Words(
    " [testing] 中的 `loopback_http = true`", "`loopback_http = true` under [testing]"
)
NEEDS_LOOPBACK: Final = Words("只在本机监听", "listeners on loopback")
NEEDS_PARTICIPANT: Final = Words("角色 participant", "role participant")
PORT_IN_USE: Final = Problem(
    "port-in-use",
    Words(
        "{listener} 监听无法使用 {where}：{why}",
        "the {listener} listener cannot use {where}: {why}",
    ),
    Words("请腾出该端口，或设置 `{listener}.port`", "free the port, or set `{listener}.port`"),
)
