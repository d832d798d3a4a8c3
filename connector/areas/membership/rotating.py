"""Our new keys: drawn, listed in our DID document, proved to the hub, and put to use.

The hub certifies them at once, by a proof under the present key. They are put to use a little
later, when every member can have heard of them; the old ones are good for a little longer still.
Repeated after a failure, the same keys are proved again, never others, unless the hub has had them
and others since.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Final

from catalog.rotation import OVERLAP_SECONDS, SUPERSEDED, compose
from connector.areas.membership.hub import answered, call_hub
from connector.identity.keyring import draw_coming, drop_coming, thumbprints, use_coming
from connector.process.errors import PeerRefused
from connector.process.ports import unix
from connector.store.facts import fact, set_fact
from contracts.evidence import Entry
from crypto.b64 import b64url
from crypto.canonical import canonical, digest_bytes
from crypto.records import MAX_INTEGER, Range, value_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from connector.party.node import Node
    from connector.store.transaction import Transaction
    from crypto.keys import SigningKey

WAIT_SECONDS: Final = 15  # longer than the pause between two polls of the status
NONCE_BYTES: Final = 16
PROVED: Final = "keys/proved"  # a fact: when the hub took the coming keys; empty: it has not
_SERIAL: Final = Annotated[int, Range(0, MAX_INTEGER)]
STATEMENT: Final = "keys/statement"


def rotate(node: Node) -> dict[str, Any]:
    """Draw new keys for tokens and agreements and prove them; without a hub use them at once.

    Raises:
        PeerRefused: the hub refused them; they wait, and are proved again by the next call.
        RemoteError: it cannot be reached.
    """
    if not node.keys.coming:
        with node.db.transaction() as tx:
            # another may have drawn since we looked: inside, only one is at it
            drawn = draw_coming(tx, node.secrets, node.keys, node.settings.did, node.entropy)
            if drawn:
                set_fact(tx.session, PROVED, "")
                set_fact(tx.session, STATEMENT, "")
                _leaf(tx, node, "KEYS_DRAWN", drawn)
    if node.settings.hub_did is None:
        _use(node, thumbprints(node.keys.coming))
        return shown(node)
    if not _proved(node) or not _certified(node, thumbprints(node.keys.coming)):
        _prove(node)  # proved, and not certified: others may have replaced them since
    return shown(node)


def _certified(node: Node, keys: AbstractSet[str]) -> bool:
    """Say whether the status document names these keys, or none of ours at all."""
    vouched = node.status.keys(node.settings.did)
    return vouched is None or keys <= vouched.current


def _prove(node: Node) -> None:
    with node.db.reading() as session:
        kept = fact(session, STATEMENT) or ""
    coming = dict(node.keys.coming)
    said = kept or _composed(node, coming)
    try:
        answer = call_hub(node, "POST", "keys", value=json.loads(said))
    except PeerRefused as error:
        if error.code == SUPERSEDED:
            _drop(node, thumbprints(coming))
        if not kept or error.code != "rotation-stale":
            raise
        said = _composed(node, coming, instead_of=kept)  # the hub never had the one that was kept
        answer = call_hub(node, "POST", "keys", value=json.loads(said))
    with answered():
        serial = value_of(_SERIAL, answer.get("serial"), "/serial")
    with node.db.transaction() as tx:
        if fact(tx.session, STATEMENT) != said or fact(tx.session, PROVED):
            return  # another was quicker: these keys are proved, or in use already
        set_fact(tx.session, PROVED, str(unix(tx.now)))
        named = digest_bytes(canonical(json.loads(said)["transcript"]))
        _leaf(tx, node, "KEYS_PROVED", coming, named, serial)


def _drop(node: Node, wanted: AbstractSet[str]) -> None:
    """Give up keys that were certified and replaced before we heard of it: none can be so twice."""
    with node.db.transaction() as tx:
        dropped = drop_coming(tx, node.secrets, node.keys, node.settings.did, wanted)
        if dropped:
            set_fact(tx.session, PROVED, "")
            set_fact(tx.session, STATEMENT, "")
            _leaf(tx, node, "KEYS_DROPPED", dropped)


def _composed(node: Node, coming: Mapping[str, SigningKey], *, instead_of: str = "") -> str:
    """Make a statement, and keep it before it is sent: it may be taken and the answer lost.

    Args:
        node: this connector.
        coming: the keys to prove.
        instead_of: the statement that it replaces; if another is kept by now, that one is given.
    """
    hub = node.settings.hub_did
    assert hub is not None, "asked only where there is a hub"
    statement = compose(
        node.settings.did,
        old=node.keys.agreements,
        new=coming,
        hub=hub,
        space=node.settings.space,
        nonce=b64url(node.entropy(NONCE_BYTES)),
        now=unix(node.clock.now()),
    )
    with node.db.transaction() as tx:
        stands = fact(tx.session, STATEMENT) or ""
        if stands != instead_of:
            return stands
        stands = json.dumps(statement)
        set_fact(tx.session, STATEMENT, stands)
    return stands


def take_over(node: Node) -> bool:
    """Use the coming keys, if they are certified and were taken long enough ago; say whether.

    The status document says so even where the hub's answer was lost, and since when: the present
    keys are former ones a while later. A hub that names no keys says it by its answer alone.
    """
    coming, vouched = thumbprints(node.keys.coming), node.status.keys(node.settings.did)
    if not coming or not _certified(node, coming):
        return False
    taken = _proved(node)
    if not taken and vouched is not None:
        present = node.keys.agreements.public.thumbprint()
        taken = max(1, vouched.former.get(present, 0) - OVERLAP_SECONDS)
    if not taken or unix(node.clock.now()) < taken + WAIT_SECONDS:
        return False
    return _use(node, coming)


def resume(node: Node) -> bool:
    """Prove the coming keys again and use them at once: the hub does not take the present ones.

    Their statement was sent, and what became of it never reached us; nor did a status document.
    """
    with node.db.reading() as session:
        sent = fact(session, STATEMENT)
    coming = thumbprints(node.keys.coming)
    if not sent or not coming:
        return False
    _prove(node)
    return _use(node, coming)


def _use(node: Node, wanted: AbstractSet[str]) -> bool:
    with node.db.transaction() as tx:
        used = use_coming(tx, node.secrets, node.keys, node.settings.did, wanted)
        if used:
            set_fact(tx.session, PROVED, "")
            set_fact(tx.session, STATEMENT, "")
            _leaf(tx, node, "KEYS_IN_USE", used)
    return bool(used)


def _proved(node: Node) -> int:
    with node.db.reading() as session:
        return int(fact(session, PROVED) or 0)


def shown(node: Node) -> dict[str, Any]:
    """Give the owner the keys in use, those that come, and whether the hub certifies them."""
    keys, vouched = node.keys, node.status.keys(node.settings.did)
    present = {"token": keys.token, "agreements": keys.agreements, "log": keys.log}
    proved = _proved(node)
    return {
        "did": node.settings.did,
        "keys": {use: key.public.thumbprint() for use, key in present.items()},
        "coming": {use: key.public.thumbprint() for use, key in keys.coming.items()},
        "inUseFrom": proved + WAIT_SECONDS if proved and keys.coming else None,
        "former": sorted(keys.former),
        "certified": None
        if vouched is None
        else {key.public.thumbprint() for key in present.values()} <= vouched.current,
    }


def _leaf(
    tx: Transaction,
    node: Node,
    to: str,
    keys: Mapping[str, SigningKey],
    named: str = "",
    serial: int = 0,
) -> None:
    tx.append(
        Entry(
            kind="CERTIFICATION",
            role="participant",
            counterparty=node.settings.hub_did or "",
            process=str(serial) if serial else "",
            to_state=to,
            sig=[named] if named else [],
            detail={"keys": {use: key.public.thumbprint() for use, key in keys.items()}},
        )
    )
