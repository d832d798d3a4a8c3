"""Which fields of two leaves about one message must agree, and how: a table per message type.

*same*: both sides know it, so both write it, and write the same. *shared*: where both write it, it
is the same; one side may not know it (a consumer sees no plan before there is an answer).
*opposite*: what one sends the other gets. Each type of message adds to what holds for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

from contracts import negotiation, transfer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Rule = Literal["same", "shared", "opposite"]

KIND: Final = "different-kind"
DIGEST: Final = "different-digest"
DECISION: Final = "different-decision"
CONTENT: Final = "different-content"
_OPPOSITE: Final = {"in": "out", "out": "in", "consumer": "provider", "provider": "consumer"}
_MISSING: Final = object()
_SHOWN: Final = 90  # characters of a value in a text


@dataclass(frozen=True, slots=True)
class Field:
    """One field, by its place in the leaf, with its rule and what a difference is called."""

    path: str
    rule: Rule
    code: str

    def of(self, leaf: Mapping[str, Any]) -> Any:
        """Give its value."""
        part, _, name = self.path.partition(".")
        found = leaf.get(part, _MISSING)
        if not name or found is _MISSING:
            return found
        return found.get(name, _MISSING)

    def agree(self, a: Any, b: Any) -> bool:
        """Say whether two values may stand beside each other."""
        if self.rule == "shared":
            return a is _MISSING or b is _MISSING or a == b
        if self.rule == "opposite":
            return isinstance(a, str) and _OPPOSITE.get(a) == b
        return bool(a == b)


_ALWAYS: Final = (
    Field("kind", "same", KIND),
    Field("msg.type", "same", KIND),
    Field("msg.id", "same", CONTENT),
    Field("msg.direction", "opposite", KIND),
    Field("role", "opposite", KIND),
    Field("space", "same", CONTENT),
    Field("consumerPid", "shared", CONTENT),
    Field("providerPid", "shared", CONTENT),
    Field("agreement", "shared", CONTENT),
    Field("sig", "same", DIGEST),
    Field("query.plan", "shared", DIGEST),
    Field("query.dataVersion", "shared", DIGEST),
    Field("policy.digest", "shared", DIGEST),
    Field("policy.decision", "shared", DECISION),
    Field("policy.reasons", "shared", DECISION),
)
_QUESTION: Final = (
    Field("agreement", "same", CONTENT),
    Field("process", "same", CONTENT),
    Field("query.mode", "same", CONTENT),
)
_REFUSAL: Final = (
    *_QUESTION,
    Field("policy.decision", "same", DECISION),
    Field("policy.reasons", "same", DECISION),
)
_ANSWER: Final = (  # one stored answer may serve several questions: each has its own process
    Field("agreement", "same", CONTENT),
    Field("query.mode", "same", CONTENT),
    Field("query.plan", "same", DIGEST),
    Field("query.product", "same", CONTENT),
    Field("query.dataVersion", "same", DIGEST),
    Field("query.withheld", "same", CONTENT),
)
_STEP: Final = (Field("agreement", "same", CONTENT), Field("to", "same", KIND))
_NEGOTIATED: Final = (*_STEP, Field("from", "same", KIND))
_MOVED: Final = (Field("to", "same", KIND),)
TABLE: Final[Mapping[str, tuple[Field, ...]]] = {
    # messages of the Dataspace Protocol; an ending or a pause may cross another message on its
    # way, so where it came from may differ
    "ContractRequestMessage": (*_MOVED, Field("from", "same", KIND)),
    "ContractOfferMessage": (*_MOVED, Field("from", "same", KIND)),
    "ContractAgreementMessage": _NEGOTIATED,
    "ContractAgreementVerificationMessage": _NEGOTIATED,
    "ContractNegotiationEventMessage": _NEGOTIATED,
    "ContractNegotiationTerminationMessage": _MOVED,
    "TransferRequestMessage": (*_STEP, Field("from", "same", KIND)),
    "TransferStartMessage": _STEP,
    "TransferSuspensionMessage": _STEP,
    "TransferCompletionMessage": _STEP,
    "TransferTerminationMessage": _STEP,
    # questions to one provider
    "Question": _QUESTION,
    "Answer": _ANSWER,
    "Refusal": _REFUSAL,
    # totals over several
    "CohortQuestion": _QUESTION,
    "CohortAcceptance": _QUESTION,
    "CohortContribution": _QUESTION,
    "CohortRefusal": _REFUSAL,
}
_COUNTED: Final = ("cells", "released")  # of the present and the first version of a leaf
_PARTS: Final = ("query", "policy")
_MACHINES: Final = {"Contract": negotiation.TABLE, "Transfer": transfer.TABLE}
_DENIED: Final[Mapping[str, bool]] = {"REFUSAL": True, "ANSWER": False}


def differences(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Compare two leaves about one message.

    Yields:
        A code, and in words which field differs and how.
    """
    kind = a.get("msg", {}).get("type", "")
    fields, named = _fields(kind)
    # most leaves agree: what is equal as a whole need not be looked through
    equal = {part for part in _PARTS if a.get(part) == b.get(part)}
    confirmed = [_confirms(leaf) for leaf in (a, b)]
    for part, field in fields:
        if part in equal:
            continue
        if any(confirmed) and _of_then(field.path, kind, a, b, confirmed):
            continue  # written once the other had moved on: it tells the state of then
        one, two = field.of(a), field.of(b)
        if field.path == "agreement" and _later(one, two, confirmed):
            continue
        if not field.agree(one, two):
            yield field.code, f"{field.path} is {_shown(one)} in A, {_shown(two)} in B"
    if len(equal) != len(_PARTS):
        yield from _members(a, b, named)
    if kind == "Answer":
        for name, leaf in (("A", a), ("B", b)):
            if not any(each in leaf.get("query", {}) for each in _COUNTED):
                yield CONTENT, f"{name} does not say how many cells were asked for"
    for name, leaf in (("A", a), ("B", b)):
        decision = leaf.get("policy", {}).get("decision", _MISSING)
        denied = _DENIED.get(leaf["kind"])
        if decision is not _MISSING and denied is not None and (decision == "deny") != denied:
            yield DECISION, f"{name} says {leaf['kind']} and {_shown(decision)}"


@lru_cache(maxsize=256)
def _fields(kind: str) -> tuple[tuple[tuple[str, Field], ...], frozenset[str]]:
    """Give the fields of a type of message, its own rules first, and their paths."""
    own = TABLE.get(kind, ())
    named = {field.path for field in own}
    fields = (*(field for field in _ALWAYS if field.path not in named), *own)
    parted = tuple((field.path.partition(".")[0], field) for field in fields)
    return parted, frozenset(field.path for field in fields)


def _members(
    a: Mapping[str, Any], b: Mapping[str, Any], named: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """Compare every other member of query and policy that both write: charges, cells, rules."""
    for part in _PARTS:
        mine, theirs = a.get(part, {}), b.get(part, {})
        for name in sorted(mine.keys() & theirs.keys()):
            if f"{part}.{name}" in named:
                continue
            one, two = mine[name], theirs[name]
            if name == "standing":  # of two moments; but of one serial there is one document
                if _serial(one) == _serial(two) is not None and one != two:
                    yield DIGEST, f"two status documents with serial {_shown(_serial(one))}"
            elif one != two:
                yield CONTENT, f"{part}.{name} is {_shown(one)} in A, {_shown(two)} in B"


def _confirms(leaf: Mapping[str, Any]) -> bool:
    """Say whether a leaf confirms a message that the other side's had overtaken."""
    return bool(leaf.get("to")) and leaf.get("from") == leaf.get("to")


def _of_then(
    path: str, kind: str, a: Mapping[str, Any], b: Mapping[str, Any], confirmed: list[bool]
) -> bool:
    """Say whether a confirming leaf may differ in a state: only by what can have come since.

    Where it came from it cannot tell; where it is must be reached from where the other was.
    """
    if path != "to":
        return path == "from"
    machine = next((one for name, one in _MACHINES.items() if kind.startswith(name)), None)
    one, two = str(a.get("to", "")), str(b.get("to", ""))
    ways = zip(confirmed, ((two, one), (one, two)), strict=True)  # A later than B, B than A
    return machine is not None and any(late and machine.leads(*way) for late, way in ways)


def _later(one: Any, two: Any, confirmed: list[bool]) -> bool:
    """Say whether only a side that confirms later names the agreement that there was by then."""
    return (two is _MISSING and confirmed[0]) or (one is _MISSING and confirmed[1])


def _serial(standing: Any) -> Any:
    return standing.get("serial") if hasattr(standing, "get") else None


def _shown(value: Any) -> str:
    if value is _MISSING:
        return "not told"
    text = str(value)
    return f"`{text[:_SHOWN]}{'…' if len(text) > _SHOWN else ''}`"
