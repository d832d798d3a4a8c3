"""What can be wrong with a request to a connector, whatever it is about."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

NOTHING_HERE: Final = Problem(
    "not-found",
    Words("没有这一地址", "not found"),
    Words("见 docs/api.md", "see docs/api.md"),
)
METHOD: Final = Problem(
    "method-not-allowed",
    Words("该地址不接受这一方法", "method not allowed"),
    Words("见 docs/api.md", "see docs/api.md"),
)
BODY_TOO_LARGE: Final = Problem(
    "too-large",
    Words("请求正文过大", "request entity too large"),
    Words("请分批发送", "send less at a time"),
)
HTTP: Final = Problem(
    "http",
    Words("无法答复该请求：{words}", "{words}"),
    Words("见 docs/api.md", "see docs/api.md"),
)
INTERNAL: Final = Problem(
    "internal",
    Words("连接器内部出错，已写入日志", "an error inside the connector; it was logged"),
    Words("请查看连接器的日志", "see the log of the connector"),
)
ENCODED: Final = Problem(
    "content-encoding",
    Words("不读取经过编码的正文", "an encoded body is not read"),
    Words("请不经编码发送", "send it plain"),
)
TOO_LARGE: Final = Problem(
    "too-large",
    Words(
        "正文有 {bytes} 字节，最多读取 {most} 字节",
        "the body has {bytes} bytes, at most {most} are read",
    ),
    Words("请分批发送", "send less at a time"),
)
RATE: Final = Problem(
    "rate", Words("请求过多", "too many requests"), Words("请等一秒钟", "wait a second")
)
NO_OBJECT: Final = Problem(
    "json-not-object",
    Words("应为 JSON 对象，实为 {kind}", "expected a JSON object, got {kind}"),
    Words("请发送对象", "send an object"),
)
TOKEN_IN_FILE: Final = Words(
    "请使用数据文件夹中 management.token 文件里的令牌",
    "use the token in the file management.token of the data folder",
)
