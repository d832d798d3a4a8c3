"""One leaf of the evidence log: what happened, without what it was about.

An `Entry` is what an area says happened; `envelope` makes the bytes that are hashed, canonical JSON
under 4 KiB; `parse_leaf` reads them back strictly. Detail that only some may see is committed to
with a salt and sealed elsewhere: no payload, literals, names, keys or salts stand in a leaf.
Spec: voile design evidence.md §3.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from contracts import problems
from crypto import strict_json
from crypto.canonical import canonical
from crypto.errors import MalformedError, VoileError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crypto.words import Words

VERSION: Final = 1
MAX_BYTES: Final = 4096
CORRELATION_PREFIX: Final = "hmac-sha-256:"

KINDS: Final = frozenset(
    {
        "ACCESS",  # failed logins, counted per source; a person signed in
        "AGREEMENT",  # a stage of an agreement was signed or verified, or its owner ended it
        "ANSWER",  # a question was answered, and charged
        "CERTIFICATION",  # the hub certified, suspended, revoked
        "COHORT",  # a step of a total over several providers
        "CONFIGURATION",  # the node was set up or changed
        "ERASED",  # detail was destroyed: of the leaves whose ids `query.entries` names
        "NEGOTIATION",  # a contract negotiation changed state
        "PEER_CHECKPOINT",  # the head of another party's log was seen
        "PRODUCT",  # a product or a data version was published or withdrawn
        "QUESTION",  # a question was asked
        "REFUSAL",  # a question or a message was refused
        "STATUS",  # a status document came into force
        "TRANSFER",  # a transfer process changed state
    }
)

# field of the leaf -> attribute of Entry
_TEXTS: Final = {
    "actor": "actor",
    "agreement": "agreement",
    "consumerPid": "consumer_pid",
    "corr": "corr",
    "counterparty": "counterparty",
    "from": "from_state",
    "process": "process",
    "providerPid": "provider_pid",
    "role": "role",
    "to": "to_state",
}
_OBJECTS: Final = ("msg", "policy", "query")
_MSG_MEMBERS: Final = frozenset({"direction", "type", "id"})
_STRINGS: Final = frozenset({*_TEXTS, "sw", "space", "commit", "blob"})
_REQUIRED: Final = frozenset({"v", "id", "t", "kind", "sw", "space"})
_FIELDS: Final = _REQUIRED | set(_TEXTS) | set(_OBJECTS) | {"sig", "commit", "blob"}
_ID = re.compile(r"[0-9a-f]{32}")
_MAX_DEPTH: Final = 6
_SCALARS: Final = (str, int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What happened, as an area says it.

    Attributes:
        kind: one of `KINDS`.
        role: ours: "consumer", "provider", "aggregator", "hub", …
        counterparty: DID of the other side.
        process: our own id of the process or session, if it is neither of the two pids.
        msg: ``direction`` ("in" or "out"), ``type`` and ``id`` of the message that did it.
        corr: from `correlation`; the other side's leaf has the same.
        sig: digests of signatures and checkpoints.
        policy: policy digest, decision, rule ids.
        query: plan digest, product, mode, cells withheld per rule, …
        detail: private; committed to and sealed, never in the leaf.
        actor: pseudonymous user id.
    """

    kind: str
    role: str = ""
    counterparty: str = ""
    consumer_pid: str = ""
    provider_pid: str = ""
    agreement: str = ""
    process: str = ""
    from_state: str = ""
    to_state: str = ""
    msg: Mapping[str, str] | None = None
    corr: str = ""
    sig: Sequence[str] = ()
    policy: Mapping[str, Any] | None = None
    query: Mapping[str, Any] | None = None
    detail: Mapping[str, Any] | None = None
    actor: str = ""


def envelope(
    entry: Entry,
    *,
    entry_id: str,
    time_ms: int,
    software: str,
    space: str,
    commit: str | None,
    blob: str | None,
) -> bytes:
    """Write the leaf of an entry.

    Args:
        entry: what happened.
        entry_id: 128 random bits, hexadecimal.
        time_ms: milliseconds since 1970, UTC.
        software: name and version of the software.
        space: IRI of the data space.
        commit: commitment to the detail, if there is any.
        blob: digest of the sealed detail, if there is any.

    Raises:
        VoileError: it is over the cap, or holds what a leaf may not hold; nothing must happen then.
    """
    leaf: dict[str, Any] = {
        "v": VERSION,
        "id": entry_id,
        "t": time_ms,
        "kind": entry.kind,
        "sw": software,
        "space": space,
    }
    leaf |= {name: text for name, at in _TEXTS.items() if (text := getattr(entry, at))}
    leaf |= {name: part for name in _OBJECTS if (part := getattr(entry, name)) is not None}
    if entry.sig:
        leaf["sig"] = list(entry.sig)
    if commit is not None:
        leaf["commit"] = commit
    if blob is not None:
        leaf["blob"] = blob
    try:
        data = canonical(leaf)
        _check_size(data)
        _check(leaf)
    except MalformedError as error:
        raise VoileError(problems.LEAF_REFUSED, kind=entry.kind, why=error) from error
    return data


def parse_leaf(data: bytes) -> dict[str, Any]:
    """Read the bytes of a leaf.

    Raises:
        MalformedError: not a leaf: over the cap, not canonical, or fields that are not its own.
    """
    # (1) the cap, then one meaning
    _check_size(data)
    leaf = strict_json.loads(data, max_bytes=MAX_BYTES, max_depth=_MAX_DEPTH)
    if not isinstance(leaf, dict):
        raise _malformed(problems.AN_OBJECT)
    # (2) the fields
    _check(leaf)
    # (3) written in the one way
    if canonical(leaf) != data:
        raise _malformed(problems.NOT_CANONICAL)
    return leaf


def correlation(
    key: bytes,
    *,
    consumer_pid: str,
    provider_pid: str,
    message_type: str,
    message_id: str,
    body: Any,
) -> str:
    """Give the mark by which the two sides of one message find each other's leaves.

    Args:
        key: the process key; the consumer draws it and sends it first.
        consumer_pid: as in the message; empty if it is not in it.
        provider_pid: as in the message; empty if it is not in it.
        message_type: its ``@type``.
        message_id: its ``@id``.
        body: the parsed body, whole.
    """
    said = [b"voile-corr-v1"]
    texts = (consumer_pid, provider_pid, message_type, message_id)
    for part in (*[text.encode("utf-8") for text in texts], canonical(body)):
        said += (len(part).to_bytes(8, "big"), part)
    return CORRELATION_PREFIX + hmac.digest(key, b"".join(said), "sha256").hex()


def plan_mark(key: bytes, meaning: str) -> str:
    """Give the mark of what a question means, the same in every leaf of a process about it.

    A plain digest could be tried out: likely questions are few, and a leaf says what became of one.

    Args:
        key: the process key, which both sides hold.
        meaning: the digest of the question's meaning.
    """
    mac = hmac.digest(key, b"voile-plan-v1" + meaning.encode("utf-8"), "sha256")
    return CORRELATION_PREFIX + mac.hex()


def _check_size(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise _malformed(problems.LEAF_BYTES, most=MAX_BYTES, got=len(data))


def _check(leaf: Mapping[str, Any]) -> None:
    """Check the fields of a leaf, read or about to be written."""
    missing, unknown = _REQUIRED - leaf.keys(), leaf.keys() - _FIELDS
    if missing or unknown:
        raise _malformed(problems.LEAF_FIELD, name=min(missing or unknown)[:32])
    if type(leaf["v"]) is not int or leaf["v"] != VERSION:
        raise _malformed(problems.LEAF_VERSION, version=VERSION)
    if not isinstance(leaf["id"], str) or not _ID.fullmatch(leaf["id"]):
        raise _malformed(problems.LEAF_ID)
    if type(leaf["t"]) is not int or leaf["t"] < 0:
        raise _malformed(problems.LEAF_TIME)
    if not isinstance(leaf["kind"], str) or leaf["kind"] not in KINDS:
        raise _malformed(problems.LEAF_KIND, kind=str(leaf["kind"])[:32])
    for name, value in leaf.items():
        if name in _STRINGS and not isinstance(value, str):
            raise _malformed(problems.NO_TEXT, name=name)
        if name in _OBJECTS and not isinstance(value, Mapping):
            raise _malformed(problems.NO_OBJECT, name=name)
    msg = leaf.get("msg", {})
    if not msg.keys() <= _MSG_MEMBERS or not all(isinstance(text, str) for text in msg.values()):
        raise _malformed(problems.LEAF_MESSAGE)
    sig = leaf.get("sig", [])
    if not isinstance(sig, list) or not all(isinstance(item, str) for item in sig):
        raise _malformed(problems.LEAF_SIGNATURES)
    for name in _OBJECTS:
        if name in leaf:
            _check_values(leaf[name], 1)


def _check_values(value: Any, depth: int) -> None:
    """Check for strings, integers and booleans only, no float and no null, and for depth."""
    if isinstance(value, _SCALARS):
        return
    if depth >= _MAX_DEPTH:
        raise _malformed(problems.NESTED, most=_MAX_DEPTH)
    if isinstance(value, Mapping):
        for item in value.values():
            if not isinstance(item, _SCALARS):  # most are, and a call costs more than a look
                _check_values(item, depth + 1)
    elif isinstance(value, list | tuple):
        for item in value:
            if not isinstance(item, _SCALARS):
                _check_values(item, depth + 1)
    else:
        raise _malformed(problems.LEAF_VALUE)


def _malformed(why: Words, **facts: object) -> MalformedError:
    return MalformedError(problems.LEAF_MALFORMED, why=why.of(**facts))
