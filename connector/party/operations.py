"""What an owner can do with the node itself: see it, its messages, its management keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from connector.party.operation import EVERYBODY, Nothing, Operation, Reading
from connector.process.actor import Role
from crypto.records import Range, Size, Text
from crypto.words import Words

SECURITY: Final[frozenset[Role]] = frozenset({"security"})
DECIDERS: Final[frozenset[Role]] = frozenset({"cdo", "certifier"})  # of a firm; of an operator
MOST: Final = 1000  # messages shown at once
KEY_NAME: Final = Words("密钥名称，自定", "the key's name, of your choice")


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """The evidence log: its origin, and how many leaves it has."""

    origin: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Who and how this node is."""

    did: Annotated[str, Text(2048)]
    role: Literal["participant", "hub"]
    public_url: Annotated[str, Text(2048)]
    hub: Annotated[str, Text(2048)] | None
    space: Annotated[str, Text(2048)]
    language: str
    software: str
    log: Log
    ready: bool
    checks: Mapping[str, Any]
    notes: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What crossed the wire with one party, of one kind, one way, since the start."""

    peer: Annotated[str, Text(2048)]
    kind: str
    direction: Literal["in", "out"]
    messages: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """All of it."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    """Which messages are asked for."""

    state: Annotated[str | None, Words("只列出此状态；默认全部", "only these; default: all")] = None
    limit: Annotated[int, Range(1, MOST), Words("最多列出的条数", "at most so many")] = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of the outbox; times are milliseconds since 1970."""

    id: int
    peer: Annotated[str, Text(2048)]
    kind: str
    process: Annotated[str, Text(2048, empty=True)]
    message_id: Annotated[str, Text(2048, empty=True)]
    state: str
    attempts: int
    last_status: int | None
    reason: Annotated[str, Text(4096, empty=True)]
    created: int
    next: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """The newest messages, and how many there are of each state."""

    messages: tuple[Message, ...]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """A message that goes out again."""

    id: int
    state: Literal["waiting"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenFile:
    """Where the first key lies."""

    management_token: Annotated[str, Text(4096)]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A management key that is wanted."""

    name: Annotated[str, Text(100), KEY_NAME]
    roles: Annotated[
        tuple[Role, ...],
        Size(1, 5, distinct=True),
        Words(
            "角色，可重复：steward、cdo、security、certifier、auditor",
            "what it may do, repeatable: steward, cdo, security, certifier, auditor",
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A management key, and the person who drew it, if one did; times: milliseconds since 1970."""

    id: str
    name: str
    roles: tuple[Role, ...]
    created: int
    revoked: int | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnKey:
    """A management key just drawn, and its token, which is nowhere else."""

    key: Key
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """All management keys, the oldest first."""

    keys: tuple[Key, ...]


SHOW: Final = Operation(
    name="node.show",
    method="GET",
    path="/v1/node",
    words=Words(
        "本节点的身份与状态：DID、角色、就绪情况、日志大小",
        "who and how this node is: DID, role, readiness, size of the log",
    ),
    may=EVERYBODY,
    reply=Shown,
    reading=Reading(unrecorded="how the node is, as its health and its heads tell everybody"),
)
TRAFFIC: Final = Operation(
    name="node.traffic",
    method="GET",
    path="/v1/traffic",
    words=Words(
        "自启动以来每个对方、每种类型、每个方向的消息数与字节数",
        "bytes and messages per peer, kind and direction since the start",
    ),
    may=frozenset({"security", "auditor"}),
    reply=Traffic,
)
OUTBOX: Final = Operation(
    name="outbox.list",
    method="GET",
    path="/v1/outbox",
    words=Words(
        "等待、搁置和已送达的消息，最新的在前",
        "messages to other parties, waiting, parked, delivered, the newest first",
    ),
    may=EVERYBODY,
    query=Messages,
    reply=Outbox,
)
RETRY: Final = Operation(
    name="outbox.retry",
    method="POST",
    path="/v1/outbox/{row_id}/retry",
    words=Words("再次发送一条搁置的消息", "send a parked message again"),
    named={"row_id": Words("搁置消息的编号", "number of a parked message")},
    may=frozenset({"steward", "security", "certifier"}),
    reply=Retried,
)
RENEW_TOKEN: Final = Operation(
    name="token.renew",
    method="POST",
    path="/v1/token/renew",
    words=Words(
        "重新生成首个管理密钥的令牌并写入其文件；其旧令牌作废",
        "draw the token of the first key anew, into its file; its old one opens nothing any more",
    ),
    may=SECURITY,
    reply=TokenFile,
    approval=DECIDERS,
    leaf="CONFIGURATION",
)
LIST_KEYS: Final = Operation(
    name="key.list",
    method="GET",
    path="/v1/management-keys",
    words=Words(
        "管理密钥：编号、名称、角色、是否已吊销", "management keys: id, name, roles, revoked or not"
    ),
    may=frozenset({"security", "auditor"}),
    reply=Keys,
)
ADD_KEY: Final = Operation(
    name="key.add",
    method="POST",
    path="/v1/management-keys",
    words=Words(
        "生成一个具有指定角色的管理密钥；其令牌只显示这一次",
        "draw a management key with these roles; its token is shown this once",
    ),
    may=SECURITY,
    body=NewKey,
    reply=DrawnKey,
    hands_over=True,
    status=201,
    approval=DECIDERS,
    leaf="CONFIGURATION",
)
REVOKE_KEY: Final = Operation(
    name="key.revoke",
    method="POST",
    path="/v1/management-keys/{name}/revoke",
    words=Words(
        "吊销一个管理密钥：从现在起它不再有效",
        "revoke a management key: from now on it opens nothing",
    ),
    named={"name": KEY_NAME},
    may=SECURITY,
    reply=Key,
    approval=DECIDERS,
    leaf="CONFIGURATION",
)
OPENAPI: Final = Operation(
    name="node.openapi",
    method="GET",
    path="/v1/openapi.json",
    words=Words("本接口的 OpenAPI 3.1 描述", "the OpenAPI 3.1 document of this API"),
    may=EVERYBODY,
    body=Nothing,
    reading=Reading(unrecorded="a document of the software, the same everywhere"),
)
