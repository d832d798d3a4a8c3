"""What an owner can do for an audit: export the evidence, collect the keys of the parties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from connector.party.operation import Operation, Reading
from connector.process.actor import Role
from crypto.records import Size, Text
from crypto.words import Words

AUDITORS: Final[frozenset[Role]] = frozenset({"security", "auditor"})
MEDIA_TYPE: Final = "application/x-tar"
MOST_SESSIONS: Final = 64
MOST_TRUST: Final = 64 << 20  # characters of a trust file

Id = Annotated[str, Text(2048)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What of the evidence is opened: the details of our leaves, and our parts in totals.

    Attributes:
        opened: the details of none or of all leaves.
        session: totals of which our own part is opened.
    """

    opened: Annotated[
        Literal["none", "all"],
        Words(
            "是否公开全部承诺背后的细节", "whether the details behind all commitments are opened"
        ),
    ] = "none"
    session: Annotated[
        tuple[Id, ...],
        Size(0, MOST_SESSIONS),
        Words("只公开这些密文合计的会话", "sessions of totals, of which alone details are opened"),
    ] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """DIDs of parties; none for all that are known here."""

    party: Annotated[
        tuple[Id, ...],
        Size(0, MOST_SESSIONS),
        Words("DID；默认为本节点所知的全部", "DID; default: all this node knows"),
    ] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """A trust file as text, and for each party that gave no keys why."""

    trust: Annotated[str, Text(MOST_TRUST, lines=True)]
    failed: Mapping[str, Annotated[str, Text(4096, empty=True)]]


BUNDLE: Final = Operation(
    name="audit.export",
    method="POST",
    path="/v1/audit/bundle",
    words=Words(
        "写出证据包，含本节点所能证明的一切", "write a bundle of everything this node can prove"
    ),
    may=AUDITORS,
    query=Opened,
    media=MEDIA_TYPE,
    leaf="ACCESS",
    reading=Reading(unrecorded="a leaf of its own says so, whoever exports"),
    detail="`application/x-tar`; `opened` is `none` or `all`, `session` may stand 64 times. `all`"
    " opens answers with their figures, and is for security or the cdo. What we"
    " contributed to a total, or what its product holds, is opened for the sessions named and for"
    " no other; 404 `session-missing` for one that we had no part in",
)
TRUST: Final = Operation(
    name="audit.trust",
    method="GET",
    path="/v1/audit/trust",
    words=Words(
        "把本节点所见的各方公钥写成信任文件",
        "write the keys of parties, as this node sees them, into a trust file",
    ),
    detail="`trust` is its text; `failed` names who could not be asked, and why",
    may=AUDITORS,
    query=Parties,
    reply=Collected,
)
