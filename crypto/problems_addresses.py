"""What can be wrong with a URL, a DID or a DID document."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

# URLs
URL: Final = Problem(
    "url-malformed",
    Words("`{got}` 不是 URL：应为{expected}", "`{got}` is not a URL: expected {expected}"),
    Words("请写成 `https://host.example/path`", "write it as `https://host.example/path`"),
)
SO_LONG: Final = Words("至多 {most} 个字符", "at most {most} characters")
ASCII: Final = Words(
    "ASCII：主机名写成 `xn--…`，其余用 `%` 转义",
    "ASCII: write a host name as `xn--…`, all else with `%`",
)
NO_SPACES: Final = Words(
    "不含空格、控制字符和反斜杠", "no spaces, control characters or backslashes"
)
ABSOLUTE: Final = Words("绝对的 http 或 https URL", "an absolute http or https URL")
SCHEME: Final = Words("以 https 或 http 为方案", "the scheme https or http")
NO_USER: Final = Words("不含用户信息", "no user information")
HOST_AND_PORT: Final = Words("主机名，至多再加一个端口", "a host name and at most a port")
A_PORT: Final = Words("1 至 65535 的端口", "a port from 1 to 65535")
WITHOUT_SPACES: Final = Words(
    "不含空格、控制字符和反斜杠的 URL", "a URL without spaces, control characters or backslashes"
)
A_URL: Final = Words(" URL", "a URL")
USUAL_ADDRESS: Final = Words("通常写法的地址", "an address in its usual form")
A_HOST: Final = Words("主机名", "a host name")

# DIDs
DID: Final = Problem(
    "did-malformed",
    Words("`{got}` 不是可以解析的 DID：{why}", "`{got}` is not a DID that can be resolved: {why}"),
    Words("请使用带主机名的 did:web DID", "use a did:web DID with a host name"),
)
DID_HOST: Final = Words("主机名应至多 253 个字符", "expected a host name of at most 253 characters")
DID_PORT: Final = Words("端口应小于 65536", "expected a port below 65536")
DID_SEGMENTS: Final = Words("路径各段应有名称", "expected path segments with a name")
DID_ADDRESS: Final = Words("应为主机名，实为地址", "expected a host name, got an address")
DID_LOCALHOST: Final = Words(
    "应为 `localhost` 本身，它只供测试", "expected `localhost` itself, which is for tests only"
)
DID_TESTS_ONLY: Final = Words(
    "`localhost` 只供测试：见 `testing.loopback_http`",
    "`localhost` is for tests: see `testing.loopback_http`",
)
DID_ASCII: Final = Words(
    "应为 ASCII：其他文字的主机名写成 `xn--…`",
    "expected ASCII: a host name in another script is written as `xn--…`",
)
DID_LOWER_CASE: Final = Words("主机名应为小写", "expected the host name in lower case")
DID_UNDERSCORE: Final = Words(
    "应为主机名，其中没有下划线", "expected a host name, which has no underscore"
)
DID_FORM: Final = Words(
    "应为 did:web:host[%3Aport][:path…]", "expected did:web:host[%3Aport][:path…]"
)

# DID documents
DID_MISMATCH: Final = Problem(
    "did-mismatch",
    Words(
        "应为 `{expected}` 的文档，实为他方的",
        "expected the document of `{expected}`, got another's",
    ),
    Words("请该参与方发布自己的文档", "ask the party to publish its own document"),
)
DOCUMENT: Final = Problem(
    "did-document",
    Words("`{did}` 的 DID 文档：{why}", "DID document of `{did}`: {why}"),
    Words("请该参与方修复其 DID 文档", "ask the party to repair its DID document"),
)
DOCUMENT_NO_OBJECT: Final = Problem(
    "did-document",
    Words("`{did}` 的 DID 文档不是对象", "the DID document of `{did}` is not an object"),
)
METHODS_ALIKE: Final = Words("两个验证方法用同一 id", "two methods have one id")
METHODS_MANY: Final = Words("超过 {most} 个验证方法", "more than {most} methods")
METHOD_NO_ID: Final = Words("有验证方法没有 id", "a verification method without an id")
NO_LIST: Final = Words("`{name}` 不是列表", "`{name}` is not a list")
NO_JWK: Final = Words("密钥应为 publicKeyJwk", "expected keys as publicKeyJwk")
_CHANGED: Final = Words("请询问该参与方的密钥是否已更换", "ask the party whether its keys changed")
NO_KEY: Final = Problem(
    "did-key",
    Words("`{did}` 的 DID 文档：{why}", "DID document of `{did}`: {why}"),
    _CHANGED,
)
UNCERTIFIED: Final = Problem(
    "did-key-uncertified",
    Words("`{did}` 的 DID 文档：{why}", "DID document of `{did}`: {why}"),
    _CHANGED,
)
KEY_REPLACED: Final = Words("该密钥在此之前已被替换", "the key was replaced before that")
KEY_UNNAMED: Final = Words(
    "没有 `kid` 的签名须配只有一个密钥的文档",
    "a signature without `kid` needs a document with one key",
)
KEY_MISSING: Final = Words("没有密钥 `{kid}`", "no key `{kid}`")
KEY_OF_OTHER: Final = Words("该密钥由他方控制", "the key is under another's control")
KEY_FOR_OTHER: Final = Words("该密钥不用于 `{use}`", "the key is not meant for `{use}`")
KEY_UNCERTIFIED: Final = Words("该密钥未经认证", "the key is not a certified one")
