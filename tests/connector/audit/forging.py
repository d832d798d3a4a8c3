"""What a dishonest party can make: other files, other manifests, another history."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from connector.areas.questions.rows import AskedQuestionRow
from contracts.audit import layout
from contracts.audit.verify import Bundle, verify
from contracts.evidence import Entry, envelope
from contracts.signatures import jws_digest
from crypto import jws, merkle, notes
from crypto.canonical import canonical

if TYPE_CHECKING:
    from crypto.keys import SigningKey
    from tests.connector.audit.conftest import Case
    from tests.simulators import Party


def codes(bundle: Bundle) -> set[str]:
    return {finding.code for finding in verify(bundle).findings}


def resign(bundle: Bundle, key: SigningKey, kid: str, **facts: object) -> Bundle:
    """Make a new manifest over the files as they are, signed with a key."""
    old = layout.read_manifest(bundle.files[layout.MANIFEST])
    files = {
        path: layout.file_digest(data)
        for path, data in bundle.files.items()
        if path not in {layout.MANIFEST, layout.SIGNATURE}
    }
    data = layout.write_manifest(replace(old, files=files, **facts))
    signature = jws.sign(data, key, typ=layout.SIGNATURE_TYPE, kid=kid, detached=True)
    both = {layout.MANIFEST: data, layout.SIGNATURE: signature.encode()}
    return replace(bundle, files={**bundle.files, **both})


def resign_as(party: Party, bundle: Bundle, **facts: object) -> Bundle:
    """The party itself signs: an insider with the real key."""
    return resign(bundle, party.node.keys.agreements, party.node.keys.agreements_kid, **facts)


def lines_of(bundle: Bundle) -> list[bytes]:
    return bundle.files[layout.ENTRIES].split(b"\n")[:-1]


def rewrite(case: Case, lines: list[bytes]) -> Bundle:
    """The consumer signs another history, checkpoint and all, with its real keys."""
    hashes = [merkle.leaf_hash(line) for line in lines]
    root = merkle.root_of(hashes)
    keys = case.pair.consumer.node.keys
    origin = notes.parse_checkpoint(case.consumer.files["checkpoint"]).origin
    files = {
        **case.consumer.files,
        layout.ENTRIES: b"".join(line + b"\n" for line in lines),
        layout.LEAF_HASHES: b"".join(hashes),
        layout.CHECKPOINT: notes.sign_checkpoint(origin, len(lines), root, keys.log, origin),
    }
    bundle = replace(case.consumer, files=files)
    return resign_as(case.pair.consumer, bundle, size=len(lines), root=root.hex())


def last_message(case: Case) -> tuple[list[bytes], int, dict]:
    lines = lines_of(case.consumer)
    at = max(index for index, line in enumerate(lines) if b'"corr"' in line)
    return lines, at, json.loads(lines[at])


def leaf_of(case: Case, kind: str, direction: str, number: str, **more: str) -> bytes:
    """A leaf of the consumer's about a question to the provider."""
    entry = Entry(
        kind=kind,
        role="consumer",
        counterparty=case.pair.provider.did,
        process="question",
        msg={"direction": direction, "type": kind, "id": "question"},
        corr=f"hmac-sha-256:{number * 64}",
        **more,
    )
    return envelope(
        entry, entry_id=number * 32, time_ms=1_795_251_600_000, software="voile/0",
        space="urn:s", commit=None, blob=None,
    )  # fmt: skip


def answer(case: Case, question: str = "q", **change: str) -> str:
    """An answer of the provider under the agreement of the case."""
    keys = case.pair.provider.node.keys
    path = next(path for path in case.consumer.files if path.endswith("agreement.json"))
    agreement = json.loads(case.consumer.files[path])["agreement"]
    payload = {
        "agreementId": agreement["@id"],
        "provider": agreement["assigner"],
        "consumer": agreement["assignee"],
        "questionId": question,
    }
    return jws.sign(
        canonical(payload | change),
        keys.agreements,
        typ="voile-answer+jws",
        kid=keys.agreements_kid,
    )


def keep(party: Party, name: str, text: str) -> None:
    with party.node.db.transaction() as tx:
        tx.session.add(
            AskedQuestionRow(attempt=name, question=name, agreements='{"did:web:x.example":"a"}',
                             sql="", purpose="", mode="masked", jws=text, asked_ms=1)
        )  # fmt: skip
        tx.append(Entry(kind="ANSWER", sig=(jws_digest(text),)))
