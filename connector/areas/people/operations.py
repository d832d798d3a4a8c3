"""What an owner can do with people: invite them, list them, change their roles, end them."""

from __future__ import annotations

from typing import Final

from connector.areas.people.records import (
    PERSON,
    InvitedPerson,
    NewLink,
    NewPerson,
    NewRoles,
    People,
    Person,
)
from connector.party.operation import Operation
from connector.process.actor import Role
from crypto.words import Words

KEEPERS: Final[frozenset[Role]] = frozenset({"security", "cdo", "certifier"})
AGREE: Final[frozenset[Role]] = frozenset({"security", "cdo", "certifier"})
_LEAF: Final = "CONFIGURATION"

INVITE: Final = Operation(
    name="person.invite",
    method="POST",
    path="/v1/people",
    words=Words(
        "邀请一人以这些角色使用控制台；链接只显示这一次，只能使用一次",
        "invite a person to the console with these roles; the link is shown this once, good once",
    ),
    detail="Nobody gives a role that is not its own; `cdo`, `certifier` and `auditor` need a"
    " second factor. A grant with `until` is read-only and ends by itself",
    may=KEEPERS,
    body=NewPerson,
    reply=InvitedPerson,
    hands_over=True,
    status=201,
    approval=AGREE,
    leaf=_LEAF,
)
LIST: Final = Operation(
    name="person.list",
    method="GET",
    path="/v1/people",
    words=Words(
        "人员：编号、姓名、角色、状态、第二因素",
        "people: id, name, roles, state, second factor",
    ),
    may=KEEPERS | {"auditor"},
    reply=People,
)
ROLES: Final = Operation(
    name="person.roles",
    method="POST",
    path="/v1/people/{person}/roles",
    words=Words(
        "更改一人的角色；其会话全部结束，其创建的密钥中超出新角色的一并吊销",
        "change what a person may do; all its sessions end, and keys it drew with other roles",
    ),
    named={"person": PERSON},
    may=KEEPERS,
    body=NewRoles,
    reply=Person,
    approval=AGREE,
    leaf=_LEAF,
)
RENEW: Final = Operation(
    name="person.renew",
    method="POST",
    path="/v1/people/{person}/renew",
    words=Words(
        "为一人另发链接：其原密码、第二因素和会话随即失效",
        "make another link for a person: its password, second factor and sessions end at once",
    ),
    named={"person": PERSON},
    may=KEEPERS,
    body=NewLink,
    reply=InvitedPerson,
    hands_over=True,
    status=201,
    approval=AGREE,
    leaf=_LEAF,
)
END: Final = Operation(
    name="person.end",
    method="POST",
    path="/v1/people/{person}/end",
    words=Words(
        "停用一人：从现在起无法登录，会话全部结束，其创建的密钥一并吊销",
        "end a person: from now on it is not let in; all its sessions and the keys it drew end",
    ),
    named={"person": PERSON},
    may=KEEPERS,
    reply=Person,
    approval=AGREE,
    leaf=_LEAF,
)
