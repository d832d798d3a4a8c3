"""Bundles of two firms made of keys and bytes alone: what happened between them, as each wrote it.

No process and no database: a `Book` is one firm's log, a `Deal` the two logs of one story, and
`Deal.bundle` what a firm would export of its book, signed with that firm's keys.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from contracts.audit import layout
from contracts.audit.agreements import agreement_name, write_agreement
from contracts.audit.layout import Manifest, short_name
from contracts.audit.openings import write_opening
from contracts.audit.peers import checkpoint_name, write_peer
from contracts.audit.trust import Party, Trust, write_trust
from contracts.audit.verify import Bundle
from contracts.evidence import Entry, correlation, envelope
from contracts.promises import Promised, make_ack, write_line
from contracts.signatures import STAGES, sign_stage
from crypto import commitments, jws, merkle, notes
from crypto.canonical import canonical, digest_bytes
from crypto.keys import SigningKey
from tests.crypto.keys_for_tests import Party as Keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

T0 = 1_795_000_000_000  # milliseconds
SECOND, MINUTE = 1000, 60_000
BUYER = "did:web:buyer.example"
SELLER = "did:web:seller.example"
PROCESS_KEY = b"k" * 32
QUESTIONS = 3


class Firm(Keys):
    """A firm with its keys, and the name of its log."""

    @property
    def origin(self) -> str:
        return f"{self.did.rsplit(':', 1)[-1]}/log"

    @property
    def vkey(self) -> str:
        return notes.vkey(self.origin, self.log.public)

    def party(self) -> Party:
        return Party(self.did, ((self.agreements_kid, self.agreements.public),), (self.vkey,))

    def says(self, typ: str, payload: Mapping[str, Any]) -> bytes:
        """Sign a statement."""
        key, kid = self.agreements, self.agreements_kid
        return jws.sign(canonical(payload), key, typ=typ, kid=kid).encode()

    def head(self, lines: Iterable[bytes], origin: str = "") -> bytes:
        """Sign a head over these leaves."""
        hashes = [merkle.leaf_hash(line) for line in lines]
        name = origin or self.origin
        return notes.sign_checkpoint(name, len(hashes), merkle.root_of(hashes), self.log, name)


def salt_of(entry_id: str) -> bytes:
    return hashlib.sha256(f"salt {entry_id}".encode()).digest()


@dataclass
class Book:
    """One firm's log, with what lies beside it."""

    firm: Firm
    lines: list[bytes] = field(default_factory=list)
    openings: dict[str, bytes] = field(default_factory=dict)  # by id of the leaf
    signed: dict[str, bytes] = field(default_factory=dict)  # by digest
    peers: dict[str, list[bytes]] = field(default_factory=dict)

    def write(self, at: int, detail: Mapping[str, Any] | None = None, **entry: Any) -> None:
        """Append a leaf, dated ``at``."""
        seed = f"{self.firm.did} {len(self.lines)}"
        entry_id = hashlib.sha256(seed.encode()).hexdigest()[:32]
        commit = None
        if detail is not None:
            commit = commitments.commit(salt_of(entry_id), detail)
            self.openings[entry_id] = write_opening(entry_id, salt_of(entry_id), detail)
        self.lines.append(
            envelope(Entry(**entry), entry_id=entry_id, time_ms=at, software="voile/0",
                     space="urn:space", commit=commit, blob=None)
        )  # fmt: skip

    def say(self, statement: bytes) -> str:
        """Keep a signed statement; give its digest."""
        self.signed[digest_bytes(statement)] = statement
        return digest_bytes(statement)

    def see(self, at: int, peer: Firm, note: bytes) -> None:
        """Keep the head of another's log."""
        self.peers.setdefault(peer.did, []).append(note)
        self.write(at, kind="PEER_CHECKPOINT", counterparty=peer.did, sig=(digest_bytes(note),),
                   to_state="SEEN", detail={"size": notes.parse_checkpoint(note).size})  # fmt: skip


@dataclass
class Deal:
    """What happened between a buyer and a seller: an agreement, questions, answers."""

    buyer: Book
    seller: Book
    files: dict[str, bytes]
    agreement: str
    now: int = T0

    def both(self, kind: str, typ: str, name: str, *, asks: bool, same: Mapping[str, Any],
             mine: Mapping[str, Any] | None = None, theirs: Mapping[str, Any] | None = None,
             body: Any = None) -> None:  # fmt: skip
        """Write the two leaves of one message; ``asks``: the buyer sends it."""
        self.now += SECOND
        corr = correlation(PROCESS_KEY, consumer_pid="urn:c", provider_pid="urn:p",
                           message_type=typ, message_id=name, body=body)  # fmt: skip
        for book, other, role, sends, more in (
            (self.buyer, self.seller, "consumer", asks, mine),
            (self.seller, self.buyer, "provider", not asks, theirs),
        ):
            entry: dict[str, Any] = {
                "kind": kind, "role": role, "counterparty": other.firm.did,
                "consumer_pid": "urn:c", "provider_pid": "urn:p", "corr": corr,
                "msg": {"direction": "out" if sends else "in", "type": typ, "id": name},
            } | same | (more or {})  # fmt: skip
            book.write(self.now, **entry)

    def bundle(self, book: Book, **how: Any) -> Bundle:
        """Export a book."""
        return bundle_of(book, self.files, at=self.now, **how)


def deal(questions: int = QUESTIONS, *, after: int = 10 * MINUTE) -> Deal:
    """An agreement, heads exchanged, then questions: all but the last answered; then some rest."""
    buyer, seller = Book(Firm(BUYER)), Book(Firm(SELLER))
    made = Deal(buyer, seller, {}, "urn:agreement:1")
    body = {"@id": made.agreement, "assigner": SELLER, "assignee": BUYER, "permission": []}
    folder = f"agreements/{short_name(agreement_name(body, 'urn:p'))}"
    pids = {"consumer_pid": "urn:c", "provider_pid": "urn:p"}
    made.files[f"{folder}/agreement.json"] = write_agreement(body, **pids)

    def message(typ: str, *, asks: bool, states: tuple[str, str], agreed: bool = True) -> None:
        same = {"from_state": states[0], "to_state": states[1], "detail": {"event": typ}}
        more = {"agreement": made.agreement} if agreed else {}
        made.both("NEGOTIATION", typ, f"urn:{typ}", asks=asks, same=same | more,
                  mine={"process": "urn:c"}, theirs={"process": "urn:p"})  # fmt: skip

    def stage(name: str, prev: str | None) -> str:
        signer = (buyer if name == "VERIFIED" else seller).firm
        text = sign_stage(body, **pids, stage=name, prev=prev, key=signer.agreements,
                          kid=signer.agreements_kid, now=made.now // 1000)  # fmt: skip
        made.files[f"{folder}/{name}.jws"] = text.encode()
        digest = digest_bytes(text.encode())
        for book, other, role in ((buyer, seller, "consumer"), (seller, buyer, "provider")):
            book.write(made.now, kind="AGREEMENT", role=role, counterparty=other.firm.did, **pids,
                       agreement=made.agreement, to_state=name, sig=(digest,),
                       detail={"stage": name})  # fmt: skip
        return digest

    message("ContractRequestMessage", asks=True, states=("", "REQUESTED"), agreed=False)
    prev = stage(STAGES[0], None)
    message("ContractAgreementMessage", asks=False, states=("REQUESTED", "AGREED"))
    prev = stage(STAGES[1], prev)
    message("ContractAgreementVerificationMessage", asks=True, states=("AGREED", "VERIFIED"))
    stage(STAGES[2], prev)
    message("ContractNegotiationEventMessage", asks=False, states=("VERIFIED", "FINALIZED"))
    made.now += SECOND
    heads = seller.firm.head(seller.lines), buyer.firm.head(buyer.lines)
    buyer.see(made.now, seller.firm, heads[0])
    seller.see(made.now, buyer.firm, heads[1])
    for number in range(questions):
        ask(made, number, refused=number == questions - 1 and questions > 1)
    made.now += after
    return made


def ask(made: Deal, number: int, *, refused: bool = False) -> None:
    """One question, and what came of it."""
    name = f"question-{number}"
    same = {"agreement": made.agreement, "process": name, "detail": {"sql": name}}
    query = {"mode": "masked", "plan": f"hmac-sha-256:{number:064x}"}
    made.both("QUESTION", "Question", name, asks=True, same=same, body=name,
              mine={"query": {"mode": "masked"}}, theirs={"query": query})  # fmt: skip
    if refused:
        denied = {"decision": "deny", "reasons": ["question.single-values"]}
        made.both("REFUSAL", "Refusal", name, asks=False, body=name,
                  same=same | {"policy": denied, "query": {"mode": "masked"}})  # fmt: skip
        return
    payload = {"agreementId": made.agreement, "provider": SELLER, "consumer": BUYER,
               "questionId": name, "value": number}  # fmt: skip
    statement = made.seller.firm.says("voile-answer+jws", payload)
    made.buyer.say(statement)
    digest = made.seller.say(statement)
    told = query | {"product": "deliveries", "dataVersion": "sha-256:" + "d" * 64, "cells": 5,
                    "withheld": {"blocked": 1}}  # fmt: skip
    made.both("ANSWER", "Answer", name, asks=False, body={"jws": digest},
              same=same | {"sig": (digest,), "query": told},
              theirs={"policy": {"decision": "allow", "digest": "sha-256:" + "e" * 64}})  # fmt: skip


def promise(book: Book, index: int, **change: Any) -> bytes:
    """What the firm of a book signs about one of its leaves, a line of a bundle."""
    line = book.lines[index]
    leaf = json.loads(line)
    told: dict[str, Any] = {
        "log": book.firm.log.public.thumbprint(), "corr": leaf["corr"], "index": index,
        "hash": merkle.leaf_hash(line).hex(), "accepted": newest_accepted(book.lines[:index]),
    }  # fmt: skip
    key = change.pop("key", book.firm.agreements)
    kid = change.pop("kid", book.firm.agreements_kid)
    now = change.pop("now", leaf["t"] // 1000)
    ack = make_ack(Promised(**told | change), key=key, kid=kid, now=now)
    return write_line(book.firm.did, ack) + b"\n"


def newest_accepted(lines: Sequence[bytes]) -> str:
    """The hash of the newest leaf in which an older copy was taken for the newest."""
    found = [merkle.leaf_hash(line).hex() for line in lines if b'"HEAD_ACCEPTED"' in line]
    return found[-1] if found else ""


def promised(book: Book) -> list[int]:
    """The leaves that this firm has acknowledged, in order."""
    return [index for index, line in enumerate(book.lines) if b'"corr"' in line]


def trust_in(*firms: Firm) -> Trust:
    return Trust(tuple(firm.party() for firm in firms))


EVERYBODY = trust_in(Firm(BUYER), Firm(SELLER))


def bundle_of(
    book: Book,
    files: Mapping[str, bytes],
    *,
    at: int,
    lines: list[bytes] | None = None,
    created: int | None = None,
    opened: layout.Opened = "all",
    trust: Trust = EVERYBODY,
    peers: Mapping[str, list[bytes]] | None = None,
    change: Callable[[dict[str, bytes]], None] = lambda _: None,
) -> Bundle:
    """Sign a bundle of some leaves, as the firm of a book can.

    Args:
        book: whose.
        files: the agreements.
        at: milliseconds; when it is made, if it is said truly.
        lines: the leaves; all of the book by default.
        created: seconds; when it says it was made.
        opened: what it says of its details; "none" leaves them out.
        trust: the auditor's.
        peers: heads kept, by DID; those of the book that its leaves name by default.
        change: what is done to the files before the manifest is signed.
    """
    firm = book.firm
    lines = book.lines if lines is None else lines
    text = b"".join(line + b"\n" for line in lines)
    head = firm.head(lines)
    found = dict(files) | {
        layout.CHECKPOINT: head,
        layout.ENTRIES: text,
        layout.LEAF_HASHES: b"".join(merkle.leaf_hash(line) for line in lines),
        layout.PARTIES: write_trust(EVERYBODY),
    }
    for did, held in (book.peers if peers is None else peers).items():
        folder = f"peers/{short_name(did)}"
        for note in held:
            if digest_bytes(note).encode() in text:
                found[f"{folder}/peer.json"] = write_peer(did)
                found[f"{folder}/{checkpoint_name(notes.parse_checkpoint(note))}"] = note
    if opened != "none":
        lying = [line for name, line in book.openings.items() if name.encode() in text]
        found[layout.OPENED] = b"".join(line + b"\n" for line in lying)
        for digest, statement in book.signed.items():
            if digest.encode() in text:
                found[f"signed/{digest.removeprefix('sha-256:')}.jws"] = statement
    change(found)
    checkpoint = notes.parse_checkpoint(found[layout.CHECKPOINT])
    manifest = Manifest(
        did=firm.did, space="urn:space", software="voile/0",
        created=at // 1000 if created is None else created, origin=checkpoint.origin,
        size=checkpoint.size, root=checkpoint.root.hex(), opened=opened,
        files={path: layout.file_digest(data) for path, data in found.items()},
    )  # fmt: skip
    data = layout.write_manifest(manifest)
    signature = jws.sign(data, firm.agreements, typ=layout.SIGNATURE_TYPE,
                         kid=firm.agreements_kid, detached=True)  # fmt: skip
    both = {layout.MANIFEST: data, layout.SIGNATURE: signature.encode()}
    return Bundle(files=found | both, trust=trust, now=at // 1000 + 3600)


def stranger(seed: bytes = b"x") -> SigningKey:
    """A key of nobody's."""
    return SigningKey.ed25519(hashlib.sha256(seed).digest())
