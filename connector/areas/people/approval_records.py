"""What is sent and said about requests that wait for a second person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from connector.process.actor import Role
from crypto.records import Range, Text
from crypto.words import Words

MOST_LISTED: Final = 50
Reason = Annotated[str, Text(500)]
State = Literal[
    "pending", "agreed", "running", "done", "failed", "declined", "withdrawn", "expired"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Which requests are asked for."""

    box: Annotated[
        Literal["to-me", "by-me", "all"],
        Words(
            "to-me：等我决定的；by-me：我提出的；all：我可以看到的全部",
            "to-me: those that I may decide; by-me: those that I made; all that I may see",
        ),
    ] = "to-me"
    state: Annotated[
        Literal["pending", "done"],
        Words("pending：未结束的；done：已结束的", "pending: not over yet; done: over"),
    ] = "pending"
    before: Annotated[
        str, Text(64, empty=True), Words("翻页：只列出此申请之前的", "page: those before this one")
    ] = ""
    limit: Annotated[int, Range(1, MOST_LISTED), Words("最多列出的条数", "at most so many")] = (
        MOST_LISTED
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One person's word; time in milliseconds since 1970."""

    person: str
    actor: str
    agreed: bool
    voted: int
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One thing that was sent with a request: its words, and its value."""

    field: str
    place: Literal["path", "query", "body"]
    zh: str
    en: str
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A sentence in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A request; times are milliseconds since 1970.

    Attributes:
        id: of it.
        operation: its name.
        zh: what the operation does, in Chinese.
        en: the same in English.
        state: how it stands.
        requester: KIND:ID of who asked.
        person: id of the person behind it, if one is.
        reason: why, if who asked said so.
        needs: how many persons must agree.
        roles: one of which they must have.
        requested: when.
        expires: when it is too late to agree.
        ended: when it was over.
        mine: whether who reads this asked for it.
        decidable: whether who reads this may agree or decline now.
        fetchable: whether who reads this may have it done now: agreed to, and not done.
    """

    id: str
    operation: str
    zh: str
    en: str
    state: State
    requester: str
    person: str | None
    reason: str | None
    needs: int
    roles: tuple[Role, ...]
    requested: int
    expires: int
    ended: int | None = None
    mine: bool
    decidable: bool
    fetchable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvals:
    """The newest first; `next` is the `before` of the page after."""

    in_force: bool
    approvals: tuple[Approval, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A request with all that a decision needs.

    Attributes:
        approval: the request.
        sent: what was sent, field by field.
        changes: what it changes.
        moved: whether what it rests on is another now: it can no longer be agreed to.
        votes: who agreed or declined.
        digest: as the leaves about it name it: SHA-256 of salt and `asked`.
        salt: hexadecimal.
        asked: the canonical JSON that was asked.
        outcome: what came of it: `result`, or `error` with code, zh, en.
    """

    approval: Approval
    sent: tuple[Sent, ...]
    changes: tuple[Said, ...]
    moved: bool
    votes: tuple[Vote, ...]
    digest: str
    salt: str
    asked: str
    outcome: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Declining:
    """Why not."""

    reason: Annotated[Reason, Words("不同意的理由", "why not")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What an agreed operation answered, to who asked for it."""

    id: str
    operation: str
    result: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class FourEyes:
    """Whether four eyes are in force, since when, and why not.

    Attributes:
        in_force: whether they are.
        since: when that was last changed, milliseconds since 1970.
        deciders: active persons with a role that may agree.
        why: why not, in both languages.
        heed: what to heed while they are: that there are just two who may agree.
    """

    in_force: bool
    since: int | None
    deciders: int
    why: Said | None
    heed: Said | None = None
