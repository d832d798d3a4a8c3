"""What those who asked promise of our answers: verified, and kept one for each answer.

A request brings a few promises, each with the id under which we gave the answer. Which leaf that
is, and so the mark that is signed, we noted when we gave it; what was never given is passed over,
and so is what does not hold. What is kept already is not verified again: a repeat costs a look.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final

from sqlalchemy import bindparam, select
from sqlmodel import col

from connector.evidence import problems, promises
from connector.evidence.replies import MOST
from connector.identity.work import PER_PROMISE
from connector.process.errors import BadRequest, MalformedError, VerificationError, VoileError
from connector.process.ports import unix
from connector.store.prepared import Prepared
from connector.store.rows import GivenAckRow, LogEntryRow
from contracts import problems as contract_problems
from contracts.evidence import parse_leaf
from contracts.promises import APART_SECONDS, Ack, Promised, from_header, verify_ack
from crypto.records import Size, Text, read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlmodel import Session

    from connector.identity.auth import Caller
    from connector.party.node import Node
    from crypto.did import DidDocument
    from crypto.keys import PublicKey

_MOST_TEXT: Final = 200  # characters of an id, or of a kind
_MOST_BODY: Final = 1 << 30  # no body is longer; `from_header` says how long a promise is
_GIVEN: Final = Prepared(
    select(col(LogEntryRow.entry), col(LogEntryRow.time_ms))
    .join(GivenAckRow, col(GivenAckRow.index) == col(LogEntryRow.index))
    .where(
        col(GivenAckRow.did) == bindparam("did"),
        col(GivenAckRow.process) == bindparam("of"),
        col(GivenAckRow.message) == bindparam("of_too"),
        col(GivenAckRow.kind) == bindparam("kind"),
    )
)

Told = tuple[str, str, tuple[int, str, str, str]]  # kind, id, and what is promised


def take(node: Node, caller: Caller, body: Mapping[str, Any]) -> int:
    """Keep what a caller promises of answers that we gave it.

    Args:
        node: this node.
        caller: authenticated.
        body: of its request.

    Returns:
        How many of them are kept now.

    Raises:
        BadRequest, MalformedError: not such promises, or too many; nothing is kept.
        VerificationError: the caller names no log, or none with a certified key.
    """
    did, listed = str(caller.did), read_promises(body)
    node.work.owe(did, PER_PROMISE * len(listed))
    log = promises.log_of(node, did, caller.document)
    kept, fresh, wrong = 0, [], []
    with node.db.reading() as session:
        for told in listed:
            try:
                found = _fitting(node, session, caller.document, log, told)
            except VoileError as error:
                wrong.append(error.code)
                continue
            kept += 1
            fresh += [found] if found is not None else []
    if wrong:  # in one line, however many
        node.log.info(
            "acks-dropped", peer=did, count=len(wrong), code=", ".join(sorted(set(wrong)))
        )
    if fresh:
        with node.db.transaction() as tx:
            caller.consume(tx)
            for ack, key in fresh:
                promises.keep_one(tx, did, ack, key)
    return kept


@dataclass(frozen=True, slots=True)
class _Told:
    ack: Annotated[str, Text(_MOST_BODY, empty=True, raw=True)]
    kind: Annotated[str, Text(_MOST_TEXT, empty=True, raw=True)]
    of: Annotated[str, Text(_MOST_TEXT, empty=True, raw=True)]


@dataclass(frozen=True, slots=True)
class _Body:
    acks: Annotated[tuple[_Told, ...], Size(1, MOST)]


def read_promises(body: Mapping[str, Any]) -> Sequence[Told]:
    """Read the body of a request.

    Raises:
        BadRequest: a field is missing, wrong or not known, or there are too many.
        MalformedError: a promise is not in its form.
    """
    try:
        said = read(_Body, body)
    except MalformedError as error:
        raise BadRequest(problems.ACKS_MALFORMED, why=error) from error
    found = []
    for item in said.acks:
        told = from_header(item.ack)
        if len(told) != 1:
            raise MalformedError(contract_problems.ACK_EXPECTED)
        found.append((item.kind, item.of, told[0]))
    return found


def _fitting(
    node: Node, session: Session, document: DidDocument, log: str, told: Told
) -> tuple[Ack, PublicKey] | None:
    """Verify one of them; None where one of that answer is kept already.

    Raises:
        VerificationError: we gave no such answer, or the promise of it does not hold.
    """
    kind, of, (index, leaf_hash, accepted, jws) = told
    given = _GIVEN.first(session, did=str(document.did), of=of, of_too=of, kind=kind)
    if given is None:
        raise VerificationError(problems.NO_SUCH_ANSWER)
    corr = parse_leaf(bytes(given[0]))["corr"]
    if promises.is_held(session, str(document.did), corr):
        return None
    used: list[PublicKey] = []

    def find(kid: str) -> PublicKey:  # it may have been replaced since: what it signed before holds
        used.append(document.key(kid, relationship="assertionMethod", former=True))
        return used[-1]

    ack = Ack(Promised(log, corr, index, leaf_hash, accepted), jws)
    made = verify_ack(ack, document.did, find)
    document.check_time(used[-1], made)
    earliest, latest = given[1] // 1000 - APART_SECONDS, unix(node.clock.now()) + APART_SECONDS
    if not earliest <= made <= latest:
        raise VerificationError(problems.ACK_BEFORE)
    return ack, used[-1]
