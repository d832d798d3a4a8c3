"""The dossier of one agreement: as JSON, and as a file to keep that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from connector.areas.audit.evidence_operations import (
    READERS,
    Brief,
    Id,
    Known,
    Moment,
    Place,
    Tongues,
)
from connector.party.operation import Operation, Reading
from crypto.records import Range, Size, Text
from crypto.words import Words

MEDIA_TYPE: Final = "text/html"
Stage = Literal[
    "certification", "offer", "negotiation", "signatures", "standing", "uses", "answers", "end"
]
_AGREEMENT: Final = {
    "agreement": Words(
        "合约的 @id，或本方协商的 pid",
        "@id of the agreement, or our own pid of its negotiation",
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Whose agreement, where two parties have used the same id."""

    party: Annotated[
        Id | None,
        Words("对方的 DID，如有两个同号合约", "DID of the other party, where two used it"),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichFile(Which):
    """Whose agreement, and the language of the file."""

    lang: Annotated[Literal["zh", "en"], Words("文件的语言", "language of the file")] = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A leaf in its stage."""

    stage: Stage
    record: Brief


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One signature, and the leaf that names it."""

    stage: Known
    signer: Known
    time: Moment
    digest: Known
    leaf: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """Something that the protocol demands and no leaf shows; `leaf` is beside it."""

    code: Annotated[str, Text(64)]
    leaf: Place | None
    text: Tongues


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One agreement, from certification to its end.

    Attributes:
        agreement: its id.
        negotiation: our own pid of its negotiation, which names it as well.
        digest: of its text.
        role: ours in it.
        party: DID of the other side.
        name: what it is called.
        product: what it is about.
        signatures: none, own or mutual.
        policy: what it allows and forbids, as it was agreed, each rule with its number.
        agreed: when.
        finalized: when it came into force.
        ended: when it ended.
        signed: its signatures.
        events: its leaves, in the order of the log.
        counts: leaves by kind.
        left_out: leaves that are not listed here.
        cut: whether there are more leaves than were read, so that counts are of the first.
        gaps: what lacks.
        size: leaves of the log when this was made.
        root: of them, hexadecimal.
        made: when.
        by: DID of whose log it is.
    """

    agreement: Known
    negotiation: Known
    digest: Known
    role: Known
    party: Known
    name: Tongues
    product: Known
    signatures: Known
    policy: tuple[Tongues, ...]
    agreed: Moment
    finalized: Moment | None
    ended: Moment | None
    signed: tuple[Signature, ...]
    events: tuple[Event, ...]
    counts: Annotated[Mapping[str, Annotated[int, Range(0)]], Size(0, 20)]
    left_out: Place
    cut: bool
    gaps: Annotated[tuple[Lack, ...], Size(0, 20_000)]
    size: Place
    root: Annotated[str, Text(64)]
    made: Moment
    by: Known


DOSSIER: Final = Operation(
    name="audit.dossier",
    method="GET",
    path="/v1/audit/dossier/{agreement}",
    named=_AGREEMENT,
    slashes=frozenset({"agreement"}),
    words=Words(
        "一份合约的卷宗：从认证到终止，缺失之处已标出",
        "the dossier of one agreement, from certification to its end, with what lacks",
    ),
    detail="From this node's log and stored messages alone: its first 5,000 leaves,"
    " of which the first 120 questions, answers and deliveries are listed",
    may=READERS,
    query=Which,
    reply=Dossier,
    leaf="ACCESS",
    reading=Reading(state="DOSSIER"),
)
DOSSIER_FILE: Final = Operation(
    name="audit.dossier_file",
    method="GET",
    path="/v1/audit/dossier-file/{agreement}",
    named=_AGREEMENT,
    slashes=frozenset({"agreement"}),
    words=Words(
        "同一份卷宗，作为可保存、可打印的单个 HTML 文件",
        "the same as one HTML file to keep and to print",
    ),
    detail="`text/html`, with its style inside, no script and no request of its own",
    may=READERS,
    query=WhichFile,
    media=MEDIA_TYPE,
    leaf="ACCESS",
    reading=Reading(state="DOSSIER"),
)
