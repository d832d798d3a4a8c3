"""Agreements that a consumer lost, as one restored from an older backup does: asked back and kept.

The provider shows each certified caller the agreements in force of which it is the consumer and
that both have signed; `contracts.recovery` says what of that is believed. What we know already, in
whatever state, stays as it is: a provider brings nothing back that ended here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from sqlmodel import col, select

from connector.areas.dsp import agreements, evidence, problems, processes, signing, store
from connector.areas.dsp import peer_catalog as remote
from connector.areas.dsp.explain import missing_agreement
from connector.areas.dsp.processes import ProcessRecord
from connector.areas.dsp.rows import AgreementRow, SignatureRow
from connector.process import problems_peers
from connector.process.errors import Conflict, PeerRefused, RemoteError, VoileError
from connector.process.ports import unix, unix_ms
from contracts import negotiation, problems_keys
from contracts.evidence import Entry
from contracts.messages.catalogs import name_of
from contracts.recovery import Recovered, read_recovered, shown_for_recovery
from crypto.b64 import b64url
from crypto.canonical import digest
from crypto.errors import VerificationError
from crypto.keys import PublicKey
from crypto.strict_json import loads

if TYPE_CHECKING:
    from sqlmodel import Session

    from connector.areas.dsp.context import Dsp
    from connector.store.transaction import Transaction
    from crypto.did import DidDocument
    from crypto.words import Language

PAGE: Final = 20
MAX_PAGES: Final = 200
PAGE_BYTES: Final = 8 << 20
_HTTP_OK: Final = 200


def shown_to(dsp: Dsp, consumer: str, after: str) -> dict[str, Any]:
    """Give a consumer one page of its agreements with us, by their negotiation's pid.

    Args:
        dsp: The protocol.
        consumer: The authenticated caller.
        after: What the page before gave as `next`; empty for the first.
    """
    with dsp.node.db.reading() as session:
        query = (
            select(AgreementRow)
            .where(
                AgreementRow.role == "provider",
                AgreementRow.counterparty == consumer,
                AgreementRow.signatures == "mutual",
                col(AgreementRow.finalized_ms).is_not(None),
                col(AgreementRow.ended_ms).is_(None),
                col(AgreementRow.negotiation) > after,
            )
            .order_by(col(AgreementRow.negotiation))
            .limit(PAGE + 1)
        )
        rows = session.exec(query).all()
        found = []
        for row in rows[:PAGE]:
            signed = session.exec(
                select(SignatureRow).where(SignatureRow.negotiation == row.negotiation)
            ).all()
            key = dsp.node.secrets.get(store.process_key_name(row.negotiation))
            found.append(
                shown_for_recovery(
                    json.loads(row.body),
                    consumer_pid=row.consumer_pid,
                    provider_pid=row.provider_pid,
                    stages={stage.stage: stage.jws for stage in signed},
                    process_key=b64url(key),
                )
            )
    return {"agreements": found, "next": rows[PAGE - 1].negotiation if len(rows) > PAGE else ""}


def recover(dsp: Dsp, provider: str, language: Language = "en") -> dict[str, Any]:
    """Ask a provider for our agreements with it, and keep those that we do not have.

    Args:
        dsp: The protocol.
        provider: DID of the provider.
        language: In which it is said why one was refused.

    Returns:
        `recovered` and `known`: ids; `refused`: what was not believed, each with why.

    Raises:
        RemoteError: It cannot be reached, refuses, or answers nonsense.
        Conflict: It shows none to anybody: no Voile, or an older one.
    """
    node = dsp.node
    base = remote.base_of(node, provider)
    document = node.peers.document(provider, refetch=True)
    told: dict[str, Any] = {"recovered": [], "known": [], "refused": []}
    for item in _asked(dsp, provider):
        try:
            found = read_recovered(
                item,
                provider=provider,
                consumer=node.settings.did,
                find_key=lambda did, kid: _key(dsp, document, did, kid),
                now=unix(node.clock.now()),
            )
            for stage in found.stages:
                if stage.signer == provider:
                    document.check_time(PublicKey.from_jwk(stage.jwk), stage.iat)
            with node.db.transaction() as tx:
                kept = _keep(dsp, tx, provider, base, document, found)
        except VoileError as error:
            name = name_of(item.get("agreement")) if isinstance(item, dict) else ""
            told["refused"].append(
                {"agreement": name, "code": error.code, "why": error.said(language)}
            )
            continue
        told["recovered" if kept else "known"].append(found.agreement["@id"])
    return told


def _asked(dsp: Dsp, provider: str) -> list[Any]:
    """Fetch what the provider shows, page after page."""
    endpoint = dsp.node.peers.endpoint(provider)
    found: list[Any] = []
    after = ""
    for _ in range(MAX_PAGES):
        response = dsp.node.peers.call(
            provider,
            "GET",
            f"{endpoint}/agreements?{urlencode({'after': after})}",
            max_bytes=PAGE_BYTES,
            kind="AgreementsQuestion",
        )
        if response.status == 404:
            raise Conflict(problems.RECOVERY_UNSUPPORTED, party=provider)
        if response.status != _HTTP_OK:
            raise PeerRefused(
                problems_peers.PARTY_ANSWERED,
                peer_status=response.status,
                body=response.body,
                status=response.status,
                party=provider,
                reason="",
            )
        page = loads(response.body, max_bytes=PAGE_BYTES)
        items, following = (
            (page.get("agreements"), page.get("next")) if isinstance(page, dict) else (None, None)
        )
        if not isinstance(items, list) or not isinstance(following, str) or len(items) > PAGE:
            raise RemoteError(problems_peers.NO_LIST, party=provider)
        found += items
        if not following or following <= after:
            break
        after = following
    return found


def _key(dsp: Dsp, document: DidDocument, did: str, kid: str) -> PublicKey:
    """Find a key: for our own DID none but our own, whatever anybody publishes."""
    keys = dsp.node.keys.now()
    if did != dsp.node.settings.did:
        return document.key(kid, relationship="assertionMethod", former=True)
    if (former := keys.former.get(kid)) is not None:
        return former
    if kid != keys.agreements_kid:
        raise VerificationError(problems_keys.KEY_NOT_OURS, kid=kid[:200])
    return keys.agreements.public


def _keep(
    dsp: Dsp,
    tx: Transaction,
    provider: str,
    base: str,
    document: DidDocument,
    found: Recovered,
) -> bool:
    """Keep an agreement that we do not know; say whether we did not."""
    body = found.agreement
    if agreements.exists(tx.session, body["@id"], counterparty=provider):
        return False
    place = {"peer": provider, "peer_pid": found.provider_pid}
    known = processes.get(tx.session, found.consumer_pid) or store.by_peer_pid(
        tx.session, "negotiation", "consumer", **place
    )
    if known is not None:
        raise Conflict(problems.NEGOTIATION_KNOWN, state=known.state or "opening", pid=known.pid)
    agreed = found.stages[0]
    row = ProcessRecord(
        pid=found.consumer_pid,
        kind="negotiation",
        role="consumer",
        counterparty=provider,
        peer_pid=found.provider_pid,
        callback=base,
        state=negotiation.FINALIZED,
        dataset=body["target"],
        created_ms=agreed.iat * 1000,
        changed_ms=unix_ms(tx.now),
    )
    # both have signed it: it is ours, even if its id has come to stand for another one meanwhile
    agreements.make(tx, row, body, namesakes=agreements.before(tx.session, body["@id"]))
    processes.add(tx.session, row)
    evidence.draw_process_key(dsp, tx, row.pid, found.process_key)
    own = dsp.node.peers.at_hand(dsp.node.settings.did)
    for stage in found.stages:
        by = own if stage.signer == dsp.node.settings.did else document
        tx.session.add(
            SignatureRow(
                negotiation=row.pid,
                stage=stage.stage,
                signer=stage.signer,
                jws=stage.jws,
                jwk=json.dumps(dict(stage.jwk)),
                did_document=by.digest,
                signed_ms=stage.iat * 1000,
            )
        )
    tx.session.flush()
    agreements.conclude(tx, row.pid, signing.amount(tx, row.pid))
    tx.append(
        Entry(
            kind="AGREEMENT",
            role="consumer",
            counterparty=provider,
            consumer_pid=found.consumer_pid,
            provider_pid=found.provider_pid,
            agreement=body["@id"],
            process=row.pid,
            to_state="RECOVERED",
            sig=tuple(stage.digest for stage in found.stages),
            detail={
                "agreement": digest(body),
                "stages": {stage.stage: stage.jws for stage in found.stages},
            },
        )
    )
    return True


def missing(session: Session) -> list[tuple[str, str]]:
    """List what providers say that we have agreed on and we do not have: provider, agreement."""
    query = processes.chosen(
        processes.PROCESS.c.kind == "negotiation",
        processes.PROCESS.c.role == "consumer",
        processes.PROCESS.c.ended_reason.contains('"agreement.exists"'),
    )
    found = processes.find(session, query)
    named = {(row.counterparty, missing_agreement(session, row)) for row in found}
    return sorted(pair for pair in named if pair[1])
