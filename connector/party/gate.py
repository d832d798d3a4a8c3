"""Four eyes, as every face sees it: an act that is kept until a second person agrees to it.

An area brings the gate (`Area.gates`); `performing.perform` asks it. What an act comes to is
weighed by the area whose operation it is (`Area.weighs`), where its declaration alone cannot say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Protocol

from crypto.words import Either, Words

if TYPE_CHECKING:
    from connector.party.node import Node
    from connector.party.operation import Call, Operation
    from connector.process.actor import Role
    from crypto.words import Language, Spoken

MEDIA: Final = "application/vnd.voile.approval+json"  # of the answer 202 that says so

WAITS_ONE: Final = Words(
    "`{operation}` 需另一人同意后才执行：申请 {id}，{day} 前有效",
    "`{operation}` waits until another person agrees: request {id}, open until {day}",
)
WAITS_TWO: Final = Words(
    "`{operation}` 由不属于个人的管理密钥提出，需两人同意后才执行：申请 {id}，{day} 前有效",
    "`{operation}` was asked with a management key of no person and waits until two persons agree:"
    " request {id}, open until {day}",
)
ASK_THEM: Final = Words(
    "请具有角色 {roles} 的人执行 `voile approval agree {id}`，或在收件箱中同意",
    "have somebody with the role {roles} run `voile approval agree {id}`, or agree in the inbox",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An act that was not done: it waits.

    Attributes:
        id: of the request.
        operation: its name.
        needs: how many persons must still agree.
        roles: one of which they must have.
        expires: when it is too late, milliseconds since 1970.
    """

    id: str
    operation: str
    needs: int
    roles: tuple[Role, ...]
    expires: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What an act comes to, before it is done.

    Attributes:
        needed: whether a second person must agree.
        seen: digest of what it rests on beside what was sent, as a file; where another stands there
            when it is agreed to, nothing is done.
        changes: what it changes, in words, for whoever decides.
    """

    needed: bool
    seen: str = ""
    changes: tuple[Spoken, ...] = ()


class Gate(Protocol):
    """Keeps an act for later, or lets it pass."""

    def __call__(self, node: Node, operation: Operation, call: Call, /) -> Held | None:
        """Give what was kept; None where it may be done now."""
        ...


class Weigh(Protocol):
    """Says what an act comes to."""

    def __call__(self, node: Node, call: Call, /) -> Weighed:
        """Weigh it; errors are those that doing it would raise."""
        ...


def message(held: Held) -> Spoken:
    """Say that it waits."""
    words = WAITS_ONE if held.needs == 1 else WAITS_TWO
    day = datetime.fromtimestamp(held.expires / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return words.of(operation=held.operation, id=held.id, day=day)


def next_step(held: Held) -> Spoken:
    """Say what happens next."""
    return ASK_THEM.of(roles=Either(held.roles), id=held.id)


def told(held: Held, language: Language) -> dict[str, Any]:
    """Write what a caller is told."""
    return {
        "approval": {
            "id": held.id,
            "operation": held.operation,
            "state": "pending",
            "needs": held.needs,
            "roles": list(held.roles),
            "expires": held.expires,
        },
        "message": message(held).said(language),
        "next": next_step(held).said(language),
    }


HELD: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["approval", "message", "next"],
    "properties": {
        "approval": {
            "type": "object",
            "required": ["id", "operation", "state", "needs", "roles", "expires"],
            "properties": {
                "id": {"type": "string"},
                "operation": {"type": "string"},
                "state": {"type": "string"},
                "needs": {"type": "integer"},
                "roles": {"type": "array", "items": {"type": "string"}},
                "expires": {"type": "integer"},
            },
        },
        "message": {"type": "string"},
        "next": {"type": "string"},
    },
}
