"""Statements that contradict each other, and answers that no agreement carries.

Of each kind a party signs one statement per subject: one answer to a question, one acceptance, one
contribution and one outcome of a session. Two different ones are proof against who signed them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from contracts.audit.report import Finding, verdict
from contracts.cohort.table_statements import Classes
from contracts.signatures import STAGES
from crypto import strict_json
from crypto.b64 import unb64url
from crypto.errors import MalformedError
from crypto.jws import read_header

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from contracts.audit.report import Basis

ANSWER: Final = "voile-answer+jws"
MAX_BYTES: Final = 16 << 20
_DIGITS: Final = 19  # of a count: a longer number is beyond anything that is counted
_COHORT: Final = "voile-cohort-"
# a session is released or it has ended, never both
_OUTCOMES: Final = frozenset({"voile-cohort-released+jws", "voile-cohort-ended+jws"})


@dataclass(frozen=True, slots=True)
class Said:
    """One signed statement.

    Attributes:
        path: where it lies.
        digest: of the statement as signed.
        typ: its kind.
        signer: DID of the key it names.
        subject: what it is about: a signer says one thing about it.
        payload: what it says.
        basis: the key under which its signature holds; None where nobody has verified it.
        dated: whether the bundle that shows it dates it before the end of that key, if it has one.
    """

    path: str
    digest: str
    typ: str
    signer: str
    subject: tuple[str, ...] | None
    payload: Mapping[str, Any]
    basis: Basis | None = None
    dated: bool = True

    @property
    def grounds(self) -> tuple[Basis, ...]:
        """The key under which it holds, if it does."""
        return () if self.basis is None else (self.basis,)

    @property
    def trusted(self) -> bool:
        """Whether it is its signer's by a key that anybody trusted vouches for."""
        return self.basis is not None and self.basis.trusted

    @property
    def holds(self) -> bool:
        """Whether it is by what its bundle says; beyond that it convicts only if `trusted`."""
        return self.basis is not None and self.basis.vouched and self.dated


@dataclass(frozen=True, slots=True)
class Contract:
    """What an answer's agreement must be."""

    assigner: str
    assignee: str
    stages: int  # whose signatures hold
    count: int | None  # answers it grants, if it says so


def read_said(path: str, data: bytes, basis: Basis | None = None) -> Said | None:
    """Read a statement; None if it is none that we know (its signature is checked elsewhere).

    Args:
        path: where it lies.
        data: as signed.
        basis: the key that has verified it.
    """
    try:
        protected, middle, _ = data.decode("ascii").split(".")
        header = read_header(protected)
        payload = strict_json.loads(unb64url(middle), max_bytes=MAX_BYTES)
    except (UnicodeDecodeError, ValueError, MalformedError):
        return None
    typ, kid = header.get("typ"), header.get("kid")
    if not isinstance(typ, str) or not isinstance(kid, str) or not isinstance(payload, dict):
        return None
    name = path.rsplit("/", 1)[-1].removesuffix(".jws")
    signer = kid.partition("#")[0]
    return Said(path, name, typ, signer, _subject(typ, signer, payload), payload, basis)


def contradictions(said: Iterable[Said]) -> Iterator[Finding]:
    """Yield each pair of statements of one signer about one subject that differ.

    Two that trusted keys verified are proof against their signer. One that only a bundle's own
    key verified contradicts nobody, whatever name it bears: it is unchecked.
    """
    for one, other in contradicting(said):
        yield contradiction(one, other)


def contradicting(said: Iterable[Said]) -> Iterator[tuple[Said, Said]]:
    """Yield the pairs; each later statement with the first, those of trusted keys going before."""
    first: dict[tuple[str, ...], Said] = {}
    for one in sorted(said, key=lambda each: not each.trusted):
        if one.subject is None or one.basis is None:
            continue
        other = first.setdefault(one.subject, one)
        if other.digest != one.digest:
            yield one, other


def contradiction(one: Said, other: Said) -> Finding:
    """Make the finding of two statements that differ."""
    text = f"`{one.signer}` signed two different statements: see also {other.path}"
    return verdict("contradiction", one.path, text, one.grounds, other.grounds)


def check_answers(
    said: Iterable[Said], contracts: Mapping[tuple[str, str], Contract]
) -> Iterator[Finding]:
    """Check that each answer stands under a mutually signed agreement, and within its count.

    Args:
        said: statements of the bundle.
        contracts: agreements of the bundle by id and DID of the assigner.
    """
    given: dict[tuple[str, str], int] = {}
    for one in said:
        if one.typ != ANSWER:
            continue
        name = (str(one.payload.get("agreementId")), one.signer)
        contract = contracts.get(name)
        if contract is None or contract.stages != len(STAGES):
            text = "no agreement of its signer, signed by both sides, carries this answer"
            yield Finding(code="answer-without-agreement", where=one.path, text=text)
            continue
        parties = (one.payload.get("provider"), one.payload.get("consumer"))
        if parties != (contract.assigner, contract.assignee):
            text = "it names other parties than its agreement"
            yield Finding(code="answer-parties", where=one.path, text=text)
        given[name] = given.get(name, 0) + 1
        if contract.count is not None and given[name] == contract.count + 1:
            text = f"the agreement grants {contract.count} answers; there are more"
            yield Finding(code="answer-count", where=one.path, text=text)


def contract_of(agreement: Mapping[str, Any], stages: int) -> Contract:
    """Read what matters for answers out of an agreement."""
    return Contract(
        str(agreement.get("assigner")),
        str(agreement.get("assignee")),
        stages,
        _count(agreement),
    )


def _subject(typ: str, signer: str, payload: Mapping[str, Any]) -> tuple[str, ...] | None:
    if typ == ANSWER:
        return typ, signer, str(payload.get("agreementId")), str(payload.get("questionId"))
    if typ.startswith(_COHORT) and "transcript" in payload:
        kind = "outcome" if typ in _OUTCOMES else typ
        return kind, signer, str(payload["transcript"])
    if typ == Classes.TYP and "cohort" in payload:
        return typ, signer, str(payload["cohort"])
    return None


def _count(agreement: Mapping[str, Any]) -> int | None:
    """Give the largest number of answers that any permission grants; None without such a limit."""
    limits: list[int] = []
    for permission in _members(agreement.get("permission")):
        found = [
            str(constraint.get("rightOperand"))
            for constraint in _members(permission.get("constraint"))
            if _odrl(constraint.get("leftOperand")) == "count"
            and _odrl(constraint.get("operator")) == "lteq"
        ]
        numbers = [
            int(text.lstrip("0")[:_DIGITS] or "0")
            for text in found
            if text.isascii() and text.isdigit()
        ]
        if not numbers:
            return None
        limits.append(min(numbers))
    return max(limits) if limits else None


def _odrl(term: object) -> str:
    """Give a term of ODRL bare, in whichever form it was written."""
    text = str(term).removeprefix("http://www.w3.org/ns/odrl/2/")
    return text.removeprefix("odrl:")


def _members(value: object) -> list[Mapping[str, Any]]:
    """Give the objects in a list, or one object alone, as ODRL lets either stand."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, Mapping)]
