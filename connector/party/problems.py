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
KEY_NAME: Final = Words(
    "字母、数字、`-`、`_` 和 `.`，至多 100 个",
    "letters, digits, `-`, `_` and `.`, at most 100",
)
MESSAGE_MISSING: Final = Problem(
    "message-missing",
    Words("没有消息 `{name}`", "no message `{name}`"),
    Words("见 `voile outbox list`", "see `voile outbox list`"),
)

REASON_HEADER: Final = Problem(
    "reason-header",
    Words(
        "标头 `Voile-Reason` 应为一行文字，至多 {most} 个字符",
        "the header `Voile-Reason` is to be one line of text, at most {most} characters",
    ),
    Words("请缩短理由，或不写", "shorten the reason, or leave it out"),
)
ROLE_MISSING: Final = Problem(
    "role-missing",
    Words(
        "`{operation}` 需要以下角色之一：{either}；{who} 一个也没有",
        "`{operation}` needs the role {either}, {who} has none of them",
    ),
    Words(
        "请使用具有该角色的密钥：见 `voile key list`",
        "use a key with that role: `voile key list` shows them",
    ),
)
KEY_EXISTS: Final = Problem(
    "key-exists",
    Words("已有管理密钥 `{name}`", "there is a management key `{name}` already"),
    Words(
        "请另取名称，或先吊销那一把密钥",
        "choose another name, or revoke that key first",
    ),
)
KEY_FIRST: Final = Problem(
    "key-first",
    Words(
        "密钥 `{name}` 由本机的命令使用",
        "the key `{name}` is the one of this machine's commands",
    ),
    Words(
        "请用 voile token renew 另行生成，取而代之",
        "voile token renew draws another in its place",
    ),
)
KEY_MISSING: Final = Problem(
    "key-missing",
    Words("没有仍然有效的管理密钥 `{name}`", "no management key `{name}` opens anything"),
    Words("见 `voile key list`", "see `voile key list`"),
)
KEY_REVOKED: Final = Problem(
    "key-revoked",
    Words("{who} 在此事开始之前已被吊销", "{who} was revoked before this began"),
    Words(
        "请用仍然有效的密钥重新提出",
        "ask for it again with a key that opens something",
    ),
)
KEY_ROLES: Final = Problem(
    "key-roles",
    Words(
        "{who} 没有以下角色：{lacking}；因此既不能授予，也不能收回",
        "{who} has not the role {lacking}: it gives it to nobody, nor takes it",
    ),
    Words(
        "请使用具有这些角色的密钥，例如第一把",
        "do it with a key that has these roles, such as the first",
    ),
)
FILE_PRIVATE: Final = Problem(
    "file-private",
    Words("`{path}` 是连接器自身的文件", "`{path}` is a file of the connector itself"),
    Words("请指定其数据文件夹以外的文件", "name a file outside its data folder"),
)
FILE_OTHER: Final = Problem(
    "file-other",
    Words(
        "`{path}`：应为数据文件的名称，例如 …{ending}",
        "`{path}`: expected the name of a file of data, such as …{ending}",
    ),
    Words("请使用以下后缀之一：{endings}", "give it one of these endings: {endings}"),
)
NO_PROVIDER: Final = Problem(
    "role-missing",
    Words("贵方未获认证为提供方", "you are not certified as a provider"),
    Words(
        "请用 `voile apply --role provider` 重新申请",
        "apply again with `voile apply --role provider`",
    ),
)
CANNOT_NOW: Final = Problem(
    "cannot-now",
    Words("本连接器目前无法处理该请求", "this connector cannot take the request now"),
    Words(
        "请稍后重试；若一直如此，请告知其运营人员",
        "try again later; if it stays so, tell its operator",
    ),
)
