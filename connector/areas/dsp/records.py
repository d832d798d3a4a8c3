"""What the owner's own API of the protocol takes and gives, as records.

Moments are written as UTC in ISO 8601, but for names that end in `Ms`: milliseconds since 1970.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from crypto.records import More, Name, Size, Text
from crypto.words import Words

Long = Annotated[str, Text(2048)]  # a DID, a dataset, an offer, an agreement, a pid
Known = Annotated[str, Text(2048, empty=True)]  # the same, where it may not be known
Said = Annotated[str, Text(1 << 20, empty=True, lines=True)]  # what a peer wrote, in its words
Document = Mapping[str, Any]  # an ODRL policy, a DCAT object, a DSP data address
MANY = Size(most=10_000_000)
AskedProvider = Annotated[Long, Words("提供方的 did:web:…", "did:web:… of the provider")]
Reasons = Annotated[tuple[Any, ...], MANY]
Side = Literal["consumer", "provider"]

# --- bodies and queries ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Which provider is asked."""

    provider: AskedProvider


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which dataset is wanted; `offer` by its id, or `policy` as the catalogue shows it."""

    provider: AskedProvider
    dataset: Annotated[Long, Words("数据集的 @id", "@id of the dataset")]
    offer: Annotated[
        Known,
        Words("有多项要约时，所选要约的 @id", "@id of the offer, where there are several"),
    ] = ""
    policy: Annotated[
        Document | None,
        Words("所选要约本身，如目录所示", "the offer itself, as the catalogue shows it"),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """Digest of the offer that is accepted."""

    terms: Annotated[
        str, Text(empty=True), Words("所接受要约的摘要", "digest of the offer that is accepted")
    ] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why something stops: a stable code, and words for the other side, one text or a list."""

    code: Annotated[
        str, Text(200, empty=True), Words("理由，固定代码", "why, as a stable code")
    ] = ""
    reason: Annotated[
        Annotated[tuple[Any, ...], Size(most=100)]
        | Annotated[str, Text(1 << 15, empty=True, lines=True)],
        Words("理由，写给对方看", "why, in words for the other side"),
    ] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A transfer that is wanted; without a format one for questions."""

    agreement: Annotated[
        Long,
        Words(
            "合约的 @id，或本方协商的 pid",
            "@id of the agreement, or our own pid of its negotiation",
        ),
    ]
    format: Annotated[
        Known, Words("传输格式；留空为提问", "format of the transfer; empty for questions")
    ] = ""
    data_address: Annotated[
        Document | None,
        Words("HttpData-PUSH 送往何处", "where an HttpData-PUSH goes"),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """In which language it is explained."""

    lang: Annotated[Literal["zh", "en"], Words("说明所用的语言", "language of what is said")] = "en"


# --- catalogues -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Where a catalogue was not read to its end."""

    after: int
    page: int
    why: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A part of a catalogue that cannot be read."""

    dataset: Known
    part: Known
    id: Known
    why: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """A DSP catalogue as it was read, with what is to be known of it."""

    context: Annotated[tuple[str, ...], Name("@context")]
    type: Annotated[Literal["Catalog"], Name("@type")]
    id: Annotated[Known, Name("@id")] = ""
    participant_id: Known
    dataset: Annotated[tuple[Document, ...], MANY] = ()
    service: Annotated[tuple[Document, ...], MANY] = ()
    catalog: Annotated[tuple[Document, ...], MANY] = ()
    distribution: Annotated[tuple[Document, ...], MANY] = ()
    provider: Long
    claims_to_be: Known | None
    shown: int
    unreadable: Annotated[tuple[Lost, ...], MANY]
    pages: int
    repeated: int
    cut: Cut | None
    others: Annotated[Document, More()]


# --- negotiations and transfers -------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """By whom and why a process was ended."""

    by: Known
    code: Said
    reason: Reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An offer beside what was asked for: its digest, and whether and how it differs."""

    policy: Document
    digest: str
    asked: Document | None
    unreadable: Said
    differs: bool
    differences: Annotated[tuple[Document, ...], MANY]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What is known of each process, even of one that cannot be read."""

    pid: Long
    role: Side
    counterparty: Long
    state: str
    dataset: Known
    agreement: Known


@dataclass(frozen=True, slots=True, kw_only=True)
class Process(Named):
    """A process: `inFlight` is what waits for the peer, `wanted` what we shall say after it."""

    consumer_pid: Known
    provider_pid: Known
    in_flight: Known
    wanted: Known
    created: str
    changed: str
    ended: Ended | None = None
    trouble: Said = ""
    signatures: Literal["none", "own", "mutual"] = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Negotiation(Process):
    """A negotiation, with the offer on its table."""

    offer: Offer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(Process):
    """A transfer, with who pauses it and where its data is."""

    format: Known
    paused_by: tuple[Side, ...]
    data_address: Document | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedProcess(Named):
    """A process in a list; of one that cannot be read only why."""

    consumer_pid: Known = ""
    provider_pid: Known = ""
    in_flight: Known = ""
    wanted: Known = ""
    created: str = ""
    changed: str = ""
    ended: Ended | None = None
    trouble: Said = ""
    unreadable: Said = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedNegotiation(ListedProcess):
    """A negotiation in a list; of an offer that waits for us, whether it differs."""

    offer_differs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedTransfer(ListedProcess):
    """A transfer in a list."""

    format: Known = ""
    paused_by: tuple[Side, ...] = ()
    data_address: Document | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Negotiations:
    """The newest of them."""

    negotiations: tuple[ListedNegotiation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfers:
    """The newest of them."""

    transfers: tuple[ListedTransfer, ...]
