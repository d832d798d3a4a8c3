"""The Voile profile of ODRL: which terms a policy may use, and what each of them means.

What is not listed here is refused when a policy is defined, and denied when it is met. On the wire
ODRL's own terms are bare and ours are absolute IRIs, because a plain peer's JSON-LD context knows
only the former.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

ODRL: Final = "http://www.w3.org/ns/odrl/2/"
V: Final = "https://w3id.org/voile/ns/"
PROFILE: Final = V + "profile/1"

Stage = Literal["catalogue", "negotiation", "transfer", "query"]
Kind = Literal["iri", "did", "code", "number", "instant"]
Source = Literal["request", "world", "clock"]
Several = Literal["one", "split", "held"]
Mode = Literal["masked", "homomorphic"]

MASKED: Final = "masked"
HOMOMORPHIC: Final = "homomorphic"
MODES: Final[tuple[Mode, ...]] = (MASKED, HOMOMORPHIC)  # cheapest first

# Actions: each with the one it is included in; a permission or ban on that covers this too.
USE: Final = "use"
COMPUTE: Final = V + "compute"
QUERY: Final = V + "query"
ACTIONS: Final[Mapping[str, str | None]] = MappingProxyType(
    {
        USE: None,
        COMPUTE: USE,
        QUERY: COMPUTE,
        "read": USE,
        "reproduce": USE,
        "distribute": USE,
        "derive": USE,
        "sell": "transfer",
        "transfer": None,
    }
)

# Purposes: each with the broader one it stands under, for `isA`.
_PURPOSES: Final[Mapping[str, str | None]] = MappingProxyType(
    {
        "planning": None,
        "capacityPlanning": "planning",
        "stockPlanning": "planning",
        "deliveryReliability": None,
        "quality": None,
        "carbon": None,
        "credit": None,
    }
)
PURPOSES: Final = tuple(_PURPOSES)  # short names; an IRI of one's own may stand beside them
BROADER: Final[Mapping[str, str]] = MappingProxyType(
    {f"{V}purpose/{n}": f"{V}purpose/{b}" for n, b in _PURPOSES.items() if b is not None}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operand:
    """A left operand: its type, its operators, where it is evaluated and from which source.

    Attributes:
        name: As on the wire: bare for ODRL's, absolute for ours.
        kind: Type of its literals.
        operators: Those that make sense for it.
        stages: Where it is evaluated; before that it is open, and decided later.
        source: Who says the value: the request (claimed or asked for), the shell (verified or
            measured), or the clock. A value from elsewhere does not count.
        several: ``one`` value; several requested ones are ``split`` and each must be allowed;
            ``held`` ones stay a set.
        promised: Describes what happens after delivery; a plain delivery does not wait for it.
    """

    name: str
    kind: Kind
    operators: frozenset[str]
    stages: frozenset[Stage]
    source: Source
    several: Several = "one"
    promised: bool = False


_ORDERED: Final = frozenset({"eq", "neq", "lt", "lteq", "gt", "gteq"})
_ONE: Final = frozenset({"eq", "neq", "isAnyOf", "isNoneOf"})
_HELD: Final = frozenset({"eq", "isAnyOf", "isAllOf", "isNoneOf"})
_LEAST: Final = frozenset({"eq", "gt", "gteq"})
_EVERYWHERE: Final[frozenset[Stage]] = frozenset({"catalogue", "negotiation", "transfer", "query"})
_QUERY: Final[frozenset[Stage]] = frozenset({"query"})

PURPOSE: Final = "purpose"
DATE_TIME: Final = "dateTime"
COUNT: Final = "count"
RECIPIENT: Final = "recipient"
MEMBERSHIP: Final = V + "membership"
QUERY_MODE: Final = V + "queryMode"
MEASURE: Final = V + "measure"
DIMENSION: Final = V + "dimension"
MIN_GROUP_SIZE: Final = V + "minGroupSize"
MIN_COHORT: Final = V + "minCohort"
AGGREGATOR: Final = V + "aggregator"
COHORT_MEMBER: Final = V + "cohortMember"

OPERANDS: Final[Mapping[str, Operand]] = MappingProxyType(
    {
        operand.name: operand
        for operand in (
            Operand(
                name=PURPOSE,
                kind="iri",
                operators=_ONE | {"isA"},
                stages=_QUERY,
                source="request",
                several="split",
                promised=True,
            ),
            Operand(
                name=DATE_TIME,
                kind="instant",
                operators=_ORDERED,
                stages=_EVERYWHERE,
                source="clock",
            ),
            Operand(name=COUNT, kind="number", operators=_ORDERED, stages=_QUERY, source="world"),
            Operand(name=RECIPIENT, kind="did", operators=_ONE, stages=_EVERYWHERE, source="world"),
            Operand(
                name=MEMBERSHIP,
                kind="iri",
                operators=_HELD,
                stages=_EVERYWHERE,
                source="world",
                several="held",
            ),
            Operand(
                name=QUERY_MODE,
                kind="code",
                operators=_ONE,
                stages=_QUERY,
                source="request",
                several="split",
            ),
            Operand(
                name=MEASURE,
                kind="code",
                operators=_ONE,
                stages=_QUERY,
                source="request",
                several="split",
            ),
            Operand(
                name=DIMENSION,
                kind="code",
                operators=_ONE,
                stages=_QUERY,
                source="request",
                several="split",
            ),
            Operand(
                name=MIN_GROUP_SIZE,
                kind="number",
                operators=_LEAST,
                stages=_QUERY,
                source="world",
            ),
            Operand(
                name=MIN_COHORT, kind="number", operators=_LEAST, stages=_QUERY, source="world"
            ),
            Operand(name=AGGREGATOR, kind="did", operators=_ONE, stages=_QUERY, source="world"),
            Operand(
                name=COHORT_MEMBER,
                kind="did",
                operators=_ONE,
                stages=_QUERY,
                source="world",
                several="split",
            ),
        )
    }
)
OPERATORS: Final = frozenset().union(*(o.operators for o in OPERANDS.values()))


def short(term: str) -> str:
    """Return a term as people say it: without the namespace."""
    for prefix in (V + "purpose/", V, ODRL):
        if term.startswith(prefix):
            return term[len(prefix) :]
    return term


def purpose_iri(text: str) -> str:
    """Return the IRI of a purpose that was given in short form or as an IRI.

    Args:
        text: ``capacityPlanning`` or an absolute IRI.

    Returns:
        The absolute IRI; an unknown short name is returned as it is and matches nothing.
    """
    return f"{V}purpose/{text}" if text in _PURPOSES else text


def broader(purpose: str) -> tuple[str, ...]:
    """Return a purpose and all those it stands under, nearest first."""
    found = [purpose]
    while (above := BROADER.get(found[-1])) is not None:
        found.append(above)
    return tuple(found)


def includes(action: str) -> tuple[str, ...]:
    """Return an action and all those it is included in, nearest first."""
    found = [action]
    while (above := ACTIONS.get(found[-1])) is not None:
        found.append(above)
    return tuple(found)
