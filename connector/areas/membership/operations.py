"""What an owner can do as a member of a data space: apply, look, search, replace keys."""

from __future__ import annotations

from typing import Final

from catalog.asked import Asked
from connector.areas.membership.records import Form, Found, Keys, Look, Membership
from connector.party.operation import EVERYBODY, Operation
from connector.process.actor import Role
from crypto.words import Words

SECURITY: Final[frozenset[Role]] = frozenset({"security"})
ASKING_THE_HUB: Final[frozenset[Role]] = frozenset({"steward", "cdo", "security"})
_CERTIFICATION: Final = "CERTIFICATION"

SHOW: Final = Operation(
    name="membership.show",
    method="GET",
    path="/v1/membership",
    words=Words(
        "申请、认证状态、状态文件，以及已向目录公布的内容",
        "application, standing, status document, and what was announced to the catalogue",
    ),
    may=EVERYBODY,
    query=Look,
    reply=Membership,
    detail="`?refresh=1` asks the hub, for a steward, the cdo or security",
)
APPLY: Final = Operation(
    name="membership.apply",
    method="POST",
    path="/v1/membership/apply",
    words=Words(
        "以名称、登记号、所属主体和角色向运营方申请认证",
        "apply to the operator for certification, with names, legal id, legal group and roles",
    ),
    may=frozenset({"cdo", "security"}),
    body=Form,
    reply=Membership,
    status=201,
    leaf=_CERTIFICATION,
)
SHOW_KEYS: Final = Operation(
    name="keys.show",
    method="GET",
    path="/v1/keys",
    words=Words(
        "在用和即将启用的密钥的指纹，以及状态文件是否列出它们",
        "thumbprints of the keys in use and of those to come; whether the"
        " status document names them",
    ),
    detail="The latter is `certified`",
    may=frozenset({"security", "auditor"}),
    reply=Keys,
)
ROTATE: Final = Operation(
    name="keys.rotate",
    method="POST",
    path="/v1/keys/rotate",
    words=Words(
        "生成令牌和协议的新密钥，并向运营方证明；应答说明何时启用",
        "draw new keys for tokens and agreements, prove them to the hub;"
        " the answer says when they are put to use",
    ),
    may=SECURITY,
    reply=Keys,
    status=202,
    approval=frozenset({"cdo", "security"}),
    leaf=_CERTIFICATION,
)
SEARCH: Final = Operation(
    name="catalog.search",
    method="GET",
    path="/v1/search",
    words=Words(
        "检索共享目录：只显示提供方签名有效的结果",
        "search the shared catalogue: only hits whose provider's signature holds",
    ),
    may=frozenset({"steward", "cdo", "auditor"}),
    query=Asked,
    reply=Found,
)
