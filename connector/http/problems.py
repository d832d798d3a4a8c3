"""What can be wrong on the way to another party: an address, a connection, an answer."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

EGRESS_REFUSED: Final = Problem(
    "egress-refused",
    Words("不调用 `{url}`：{why}", "`{url}` is not called: {why}"),
    Words(
        "请给出公开的主机名：访问各方只用 https",
        "parties are reached over https at a public host name",
    ),
)
NO_URL: Final = Words(
    "它不是 URL，或者可以有两种读法", "it is not a URL, or one that could be read in two ways"
)
FRAGMENT: Final = Words("其中有片段", "a fragment is in it")
NOT_HTTPS: Final = Words("应为 https 和主机名", "expected https and a host name")
NOT_PUBLIC: Final = Words("其主机有不公开的地址", "its host has an address that is not public")
# from an address that a party's DID document names
ADDRESS_NO_URL: Final = Problem(
    "egress-refused",
    Words("该地址不可用：{why}", "{why}"),
    Words("对方须给出是 URL 的地址", "the party must name an address that is a URL"),
)
UNRESOLVED: Final = Problem(
    "peer-unresolved",
    Words("主机 `{host}` 无法解析", "host `{host}` does not resolve"),
    Words("请稍后重试", "try again later"),
)
NO_ADDRESS: Final = Problem(
    "peer-unresolved", Words("主机 `{host}` 没有地址", "host `{host}` has no address")
)
HEADER: Final = Problem(
    "egress-header",
    Words("标头 `{name}` 由客户端自行设置", "header `{name}` is set by the client"),
)
_SAFE: Final = Words(
    "在安全的情况下会自动重试；请查看对方是否在运行",
    "it is tried again where that is safe; see whether the party is up",
)
NO_ANSWER: Final = Problem(
    "peer-unreachable",
    Words("`{peer}` 没有完整答复：{why}", "no whole answer from `{peer}`: {why}"),
    _SAFE,
)
BROKE: Final = Problem(
    "peer-unreachable",
    Words("与 `{peer}` 的连接中断：{why}", "the connection with `{peer}` broke: {why}"),
    _SAFE,
)
BROKEN_OFF: Final = Problem("peer-unreachable", Words("该操作已中断", "it was broken off"))
IDLE_CLOSED: Final = Problem(
    "peer-closed-idle",
    Words("`{peer}` 关闭了空闲的连接", "`{peer}` closed an idle connection"),
    Words("请重试", "try again"),
)
TOO_LONG: Final = Problem(
    "answer-too-long",
    Words("`{peer}` 的答复超过 {most} 字节", "the answer of `{peer}` is longer than {most} bytes"),
    Words("请每次少要一些", "ask for less at a time"),
)

TLS: Final = Words("其 TLS 不成立", "its TLS does not hold")
NOBODY: Final = Words("该处没有监听者", "nobody listens there")
SLOW: Final = Words("对方太慢", "it was too slow")
CUT: Final = Words("连接中断", "it broke off")
UNDECODED: Final = Words("其发送的内容无法解码", "what it sent cannot be decoded")
FAILED: Final = Words("连接失败", "the connection failed")
