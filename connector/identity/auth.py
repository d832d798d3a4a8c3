"""Who calls: the ten checks of identity.md §2, inside a Flask request.

A view says ``caller = authenticate(node)`` first. If it changes state it calls
``caller.consume(tx)`` in its transaction, so that the token is used up exactly when the change
happens. For views that only read, and for refusals, `settle` uses it up after the view. After a
5xx that of a plain peer stays unused, because some then send the same one again. A Voile draws a
fresh one for each attempt: what a network delivers again of an attempt that we have answered, which
its sender may have taken back since, must not be taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote

from flask import g, request
from sqlalchemy.exc import IntegrityError

from connector.identity import problems
from connector.identity.peers import body_digest
from connector.identity.spending import is_spent, spend
from connector.identity.work import PER_BODY, PER_CALL, hold
from connector.process.actor import Actor, act_as
from connector.process.errors import (
    RemoteError,
    StoreError,
    TooMany,
    Unauthenticated,
    Unreachable,
    VoileError,
)
from connector.process.ports import unix
from crypto import tokens

if TYPE_CHECKING:
    from sqlmodel import Session

    from connector.identity.spending import Name
    from connector.identity.standing import Standing
    from connector.party.node import Node
    from connector.store.transaction import Transaction
    from crypto.did import Did, DidDocument

LEEWAY_SECONDS = 30
STRANGERS = "strangers at"  # whose work are the requests of parties that are not certified
READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Admits(NamedTuple):
    """Who may come in: by standing, and whether under keys that nobody has certified yet."""

    standings: frozenset[str]
    new_keys: bool = False


CERTIFIED: Final = Admits(frozenset({"certified"}))
MEMBERS: Final = Admits(frozenset({"certified", "suspended"}))
PROVING: Final = Admits(CERTIFIED.standings, new_keys=True)
ANYBODY: Final = Admits(
    frozenset({"certified", "suspended", "revoked", "pending", "unknown"}), new_keys=True
)
Door = Callable[["Node", Admits], "Caller"]


@dataclass(slots=True, kw_only=True)
class Caller:
    """An authenticated party, for the length of one request."""

    did: Did
    standing: Standing
    token_id: str
    expires: int
    document: DidDocument
    audience: str
    recheck: Callable[[Session], Standing] = field(repr=False)
    key_holds: Callable[[], bool] = field(default=lambda: True, repr=False)  # certified, still
    waits: Callable[[], bool] = field(default=lambda: False, repr=False)  # used, not yet written
    admits: Admits = CERTIFIED
    spent: bool = False

    @property
    def name(self) -> Name:
        """Name of the token."""
        return (self.audience, self.did, self.token_id)

    def consume(self, tx: Transaction) -> None:
        """Use the token up in this transaction; a second use refuses and rolls it back.

        The standing is read again in the same transaction, so that a revocation that was
        acknowledged meanwhile bites.

        Raises:
            Unauthenticated: the token was used before, or the party is not certified any more.
        """
        if self.spent:
            return
        self.standing = self.recheck(tx.session)
        if self.standing.status not in self.admits.standings:
            raise Unauthenticated(f"standing {self.standing.status}", did=self.did)
        if not self.key_holds():
            raise Unauthenticated("its key is not certified any more", did=self.did)
        if self.waits():
            raise Unauthenticated("token used before", did=self.did)
        try:
            spend(tx.session, self.name, self.expires + LEEWAY_SECONDS)
        except IntegrityError as error:
            raise Unauthenticated("token used before", did=self.did) from error
        tx.after_commit(self._mark)

    def _mark(self) -> None:
        self.spent = True


def authenticate(
    node: Node, *, admits: Admits = CERTIFIED, step: Callable[[str], str] = lambda _did: ""
) -> Caller:
    """Authenticate the caller of the present Flask request.

    Who stands at the door is one of the node's parts: `by_token`, except in a test profile.

    Args:
        node: this node.
        admits: the standings of who may come in; `ANYBODY` for applications at the hub alone.
        step: names, for a party, the later step of its session that this is; empty if there is no
            such session, or it is something else.

    Raises:
        Unauthenticated: any of the checks failed; all failures look alike, the reason is logged.
        Unreachable: the issuer's DID document cannot be fetched now.
        TooMany: this participant calls this route too often, owes work, or too many without proof
            wait.
        StoreError: the standing cannot be read now.
    """
    try:
        caller = _at_the_door(node, admits)
    except StoreError:
        raise
    except VoileError:
        hold_back(node)
        raise
    g.voile_caller = caller
    act_as(Actor("peer", caller.did))
    node.outbox.heard(caller.did)
    if not node.calls.take(f"{caller.did} {request.endpoint}"):
        raise TooMany(problems.RATE)
    if request.method not in READS and not node.changes.take(caller.did):
        raise TooMany(problems.CHANGES)
    hold(node, _account(caller), step(caller.did))
    return caller


def hold_back(node: Node) -> None:
    """Have the answer to the present request held back, if its source was refused very often."""
    seconds = node.refusals.patience(request.remote_addr or "")
    hold = request.environ.get("voile.hold_back")
    if seconds and hold is not None:  # none in a test without a listener
        hold(seconds)


def _at_the_door(node: Node, admits: Admits) -> Caller:
    try:
        return node.door(node, admits)
    except (Unauthenticated, StoreError, TooMany):
        raise
    except RemoteError as error:
        if not g.get("voile_member"):  # a stranger learns nothing of what we can reach
            why = f"issuer unresolved: {error.code}"
            raise Unauthenticated(why, did=_claimed()) from error
        # passing trouble on our side of the check, not the fault of a certified caller
        node.log.warning("issuer-unresolved", did=_claimed(), code=error.code, error=error.message)
        raise Unreachable(problems.ISSUER_UNRESOLVED) from error
    except VoileError as error:
        raise Unauthenticated(error.code, did=_claimed()) from error


def _account(caller: Caller) -> str:
    """Name whose work a caller's requests are.

    Strangers can have any number of names, and must not hold up those at other addresses.
    """
    return caller.did if caller.standing.certified else f"{STRANGERS} {request.remote_addr}"


def charge(node: Node, *, received: int, sent: int) -> None:
    """Count the present request as work of its caller, whatever came of it.

    Args:
        node: this node.
        received: bytes of its body; they were parsed, as a rule.
        sent: bytes of the answer, which take a tenth.
    """
    caller: Caller | None = g.get("voile_caller")
    if caller is not None:
        node.work.owe(_account(caller), PER_CALL + received // PER_BODY + sent // (10 * PER_BODY))


def _claimed() -> str:
    """Give who the token says it is of, for our log only: nobody has vouched for it."""
    return str(g.get("voile_issuer", ""))


def by_token(node: Node, admits: Admits) -> Caller:
    """Run the ten checks on the token of the present request; any failure raises."""
    now = unix(node.clock.now())
    # (1)-(5) one header, strict form, algorithm, issuer, audience, times
    token = tokens.read(
        request.headers.getlist("Authorization"), audience=node.settings.did, now=now
    )
    g.voile_issuer = token.issuer
    # (3) the registry's standing, before anything is fetched for a stranger
    with node.db.reading() as session:
        standing = node.status.standing(session, token.issuer)
        name = (node.settings.did, token.issuer, token.jti)
        known = node.spending.waits(name) or is_spent(session, name)
    if standing.status not in admits.standings:
        raise Unauthenticated(f"standing {standing.status}: {standing.why}", did=token.issuer)
    if known:
        raise Unauthenticated("token used before", did=token.issuer)
    # (6) the issuer's document; (7)-(9) its key and the signature; then the binding
    binding = tokens.Binding(
        method=request.method,
        path=unquote(request.root_path + request.path),
        body_digest=body_digest(request.get_data(cache=True)),
    )
    member = g.voile_member = standing.status in MEMBERS.standings

    def document_now(*, refetch: bool = False) -> DidDocument:
        found = node.peers.presented(token.issuer, member=member, refetch=refetch)
        # who applies, or proves new keys, shows keys that nobody has certified yet
        return found.as_published() if admits.new_keys else found

    document = document_now()
    try:
        verified = tokens.verify(token, document, binding=binding)
    except VoileError as error:
        if error.code != "did-key":
            raise
        fresh = document_now(refetch=True)
        if fresh.raw is document.raw:
            raise
        document = fresh
        verified = tokens.verify(token, document, binding=binding)
    # (10) happens in the request's transaction: `Caller.consume` or `settle`
    return Caller(
        did=verified.issuer,
        standing=standing,
        token_id=verified.jti,
        expires=verified.expires,
        document=document,
        audience=node.settings.did,
        recheck=lambda session: node.status.standing(session, verified.issuer),
        key_holds=lambda: _key_holds(document, token.kid, token.issued),
        waits=lambda: node.spending.waits(name),
        admits=admits,
    )


def _key_holds(document: DidDocument, kid: str | None, issued: int) -> bool:
    try:
        key = document.key(kid, relationship="capabilityInvocation", former=True)
        document.check_time(key, issued)
    except VoileError:
        return False
    return True


def settle(node: Node, status: int) -> None:
    """Use the token up after the view, unless its owner may send it again after a 5xx.

    Raises:
        Unauthenticated: the token was used before.
        StoreError: that it was used cannot be written.
    """
    caller: Caller | None = g.pop("voile_caller", None)
    if caller is None or caller.spent:
        return
    if status >= 500 and not caller.document.is_voile:
        return
    if caller.waits():
        raise Unauthenticated("token used before", did=caller.did)
    # a refusal changed nothing: many of them are written together, see there
    refused = 400 <= status < 500 and caller.token_id
    if refused and node.spending.later(caller.name, caller.expires + LEEWAY_SECONDS):
        return
    with node.db.transaction() as tx:
        caller.consume(tx)
