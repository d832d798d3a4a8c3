"""Bundles of two real parties, honest and not: what one bundle shows."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from connector.areas.audit.export import export
from contracts.audit import layout
from contracts.audit.trust import Party as TrustedParty
from contracts.audit.trust import Trust, read_trust, write_trust
from contracts.audit.verify import Bundle, verify
from crypto import jws, merkle, notes
from crypto.canonical import canonical
from crypto.keys import SigningKey
from tests.connector.audit.conftest import changed
from tests.connector.audit.forging import answer, codes, keep, lines_of, resign, resign_as

if TYPE_CHECKING:
    from pathlib import Path

    from tests.connector.audit.conftest import Case


def test_an_honest_bundle_is_clean(case: Case):
    """Everything is checked and nothing found: leaves, stages, a peer's head, openings."""
    for bundle in (case.consumer, case.provider):
        report = verify(bundle)
        assert (report.exit_code, report.findings) == (0, ())
        assert report.counts["stages"] == 3
        assert report.counts["peerCheckpoints"] == 1
        assert report.counts["opened"] == report.counts["commitments"] > 5


def test_who_exports_and_who_verifies_count_as_many_files(case: Case, tmp_path: Path):
    """`verify.py` lies beside the evidence and is none of it."""
    made = export(case.pair.provider.node, tmp_path / "counted", opened="all")
    assert made.files == verify(case.open(made.folder)).counts["files"]


def test_without_trust_a_bundle_is_unchecked(case: Case):
    """A bundle that only vouches for itself is never OK."""
    report = verify(replace(case.consumer, trust=Trust()))
    assert report.exit_code == 3
    assert {finding.level for finding in report.findings} == {"unchecked"}


def test_trust_in_the_other_party_alone_leaves_it_unchecked(case: Case):
    """The other side's signatures hold, this party's own are vouched for by nobody."""
    provider = case.pair.provider.did
    only = tuple(party for party in case.trust.parties if party.did == provider)
    report = verify(replace(case.consumer, trust=Trust(only)))
    assert report.exit_code == 3
    assert all(finding.where == case.pair.consumer.did for finding in report.findings)


def test_what_no_known_key_signed_is_unchecked_not_false(fresh: Case):
    """The other side's keys are neither pinned nor brought: that is no accusation."""
    keep(fresh.pair.consumer, "q", answer(fresh))
    made = fresh.export(fresh.pair.consumer, "again")
    own = tuple(p for p in fresh.trust.parties if p.did == fresh.pair.consumer.did)
    files = {**made.files, layout.PARTIES: write_trust(Trust(own))}
    bundle = resign_as(fresh.pair.consumer, replace(made, files=files, trust=Trust(own)))
    report = verify(bundle)
    assert report.exit_code == 3
    places = sorted(finding.where.split("/")[0] for finding in report.findings)
    assert {finding.code for finding in report.findings} == {"key-missing"}
    assert places == ["acks", "agreements", "peers", "signed"]


def test_a_forger_with_keys_of_its_own_is_unchecked_at_best(case: Case):
    """Own manifest, own checkpoint, own keys in keys/parties.json: it does not become OK."""
    did = case.pair.consumer.did
    key, log = SigningKey.ed25519(b"f" * 32), SigningKey.ed25519(b"g" * 32)
    kid = f"{did}#{key.public.thumbprint()}"
    files = dict(case.consumer.files)
    head = notes.parse_checkpoint(files["checkpoint"])
    files["checkpoint"] = notes.sign_checkpoint(head.origin, head.size, head.root, log, head.origin)
    own = read_trust(files[layout.PARTIES])
    mine = TrustedParty(did, ((kid, key.public),), (notes.vkey(head.origin, log.public),))
    parties = tuple(party for party in own.parties if party.did != did)
    files[layout.PARTIES] = write_trust(Trust((*parties, mine)))
    forged = resign(replace(case.consumer, files=files), key, kid)
    assert verify(replace(forged, trust=Trust())).exit_code == 3
    assert verify(forged).exit_code == 1
    assert "checkpoint" in codes(forged)  # the pinned log key did not sign that


def test_an_older_head_or_one_of_another_log_is_refused(case: Case):
    """An older genuine checkpoint beside the newer log; a second log under the same key."""
    node = case.pair.consumer.node
    head = notes.parse_checkpoint(case.consumer.files["checkpoint"])
    lines = lines_of(case.consumer)[:4]
    root = merkle.root_of([merkle.leaf_hash(line) for line in lines])
    older = notes.sign_checkpoint(head.origin, 4, root, node.keys.log, head.origin)
    bundle = changed(case.consumer, checkpoint=older)
    assert "checkpoint" in codes(resign_as(case.pair.consumer, bundle))
    assert "log-size" in codes(resign_as(case.pair.consumer, bundle, size=4, root=root.hex()))
    second = notes.sign_checkpoint(
        "second.example", head.size, head.root, node.keys.log, head.origin
    )
    bundle = changed(case.consumer, checkpoint=second)
    assert codes(resign_as(case.pair.consumer, bundle, origin="second.example")) == {"checkpoint"}


def test_one_partys_bundle_does_not_pass_for_anothers(case: Case):
    """Under the provider's name, signed by the consumer: refused, whatever kid it bears."""
    keys, did = case.pair.consumer.node.keys, case.pair.provider.did
    for kid in (keys.agreements_kid, case.pair.provider.node.keys.agreements_kid):
        assert "manifest-signature" in codes(resign(case.consumer, keys.agreements, kid, did=did))


def test_a_key_swapped_in_the_snapshot_does_not_help(case: Case):
    """Pinned keys are used before those that the bundle brings."""
    files = dict(case.consumer.files)
    own = read_trust(files[layout.PARTIES])
    swapped = tuple(
        TrustedParty(party.did, tuple((kid, SigningKey.ed25519(b"s" * 32).public)
                                      for kid, _ in party.keys), ())
        for party in own.parties
    )  # fmt: skip
    files[layout.PARTIES] = write_trust(Trust(swapped))
    bundle = resign_as(case.pair.consumer, replace(case.consumer, files=files))
    assert verify(bundle).exit_code == 0  # the snapshot vouches for nothing, and harms nothing
    assert verify(replace(bundle, trust=Trust())).exit_code == 1


def test_a_hub_vouches_through_its_register(case: Case):
    """With the hub's key alone the bundle is checked, if the register names the keys."""
    from contracts.audit.trust import sign_register

    hub = SigningKey.ed25519(b"h" * 32)
    pinned = TrustedParty("did:web:hub.example", (("did:web:hub.example#k", hub.public),))
    trust = Trust((), pinned)
    parties = {party.did: party for party in case.trust.parties}

    def registered(dids: list[str], signer: SigningKey = hub) -> Bundle:
        keys = {
            did: tuple(
                [key.thumbprint() for _, key in parties[did].keys]
                + [notes.parse_vkey(text).public.thumbprint() for text in parties[did].logs]
            )
            for did in dids
        }
        text = sign_register(
            keys, hub=pinned.did, space="urn:s", key=signer, kid="did:web:hub.example#k", now=1
        )
        files = {**case.consumer.files, layout.REGISTER: text.encode()}
        return resign_as(case.pair.consumer, replace(case.consumer, files=files, trust=trust))

    assert verify(registered(sorted(parties))).exit_code == 0
    assert verify(registered([case.pair.provider.did])).exit_code == 3
    assert verify(registered(sorted(parties), SigningKey.ed25519(b"x" * 32))).exit_code == 1


@pytest.mark.parametrize(
    ("bend", "code"),
    [
        ({"log__entries.jsonl": b""}, "log-size"),
        ({"log__leaf-hashes": b""}, "leaf-hashes"),
        ({"checkpoint": b"x"}, "checkpoint"),
        ({"added": b"x"}, "file-extra"),
        ({"manifest.jws": None}, "manifest-signature"),
        ({"manifest.json": b"{}"}, "manifest"),
        ({"keys__parties.json": b"{}"}, "keys"),
        ({"opened__entries.jsonl": None}, "file-missing"),
        ({"README.txt": b"trust me"}, "file-changed"),
    ],
)
def test_a_bent_bundle_is_found_out(case: Case, bend: dict, code: str):
    """Each file that is changed, added or taken away is named."""
    bundle = changed(case.consumer, **bend)
    assert verify(bundle).exit_code == 1
    assert code in codes(bundle)


def test_bytes_after_the_manifest_are_refused(case: Case):
    """A line feed, a space, another order of keys: not the one form, although it parses."""
    data = case.consumer.files["manifest.json"]
    for bent in (data + b"\n", b" " + data, json.dumps(json.loads(data)).encode()):
        assert "manifest" in codes(changed(case.consumer, **{"manifest.json": bent}))


@pytest.mark.parametrize(
    ("bend", "code"),
    [
        (lambda lines: lines[:-1], "log-size"),
        (lambda lines: [*lines, lines[-1]], "leaf-twice"),
        (lambda lines: [lines[1], lines[0], *lines[2:]], "leaf-changed"),
        (lambda lines: [*lines[:3], lines[2], *lines[4:]], "leaf-twice"),
        (lambda lines: [*lines[:3], lines[3] + b" ", *lines[4:]], "leaf-malformed"),
        (
            lambda lines: [*lines[:3], lines[3].replace(b'"t":1', b'"t":2'), *lines[4:]],
            "leaf-changed",
        ),
    ],
)
def test_a_party_that_signs_a_changed_log_itself_is_found_out(case: Case, bend, code: str):
    """With a fresh manifest by the real key: the tree still names what was changed."""
    entries = b"".join(line + b"\n" for line in bend(lines_of(case.consumer)))
    bundle = changed(case.consumer, **{"log__entries.jsonl": entries})
    assert code in codes(resign_as(case.pair.consumer, bundle))


def test_an_opened_detail_that_was_changed_is_found(case: Case):
    """The commitment in the leaf says what the detail was."""
    lines = case.consumer.files[layout.OPENED].split(b"\n")[:-1]
    value = json.loads(lines[0])
    value["detail"] = {"did": "did:web:someone.else"}
    for bent in (
        [canonical(value), *lines[1:]],
        [lines[0], lines[0], *lines[1:]],
        [canonical(value | {"id": "0" * 32}), *lines[1:]],
        [b"{}", *lines[1:]],
    ):
        data = b"".join(line + b"\n" for line in bent)
        bundle = changed(case.consumer, **{"opened__entries.jsonl": data})
        assert codes(resign_as(case.pair.consumer, bundle)) == {"opening"}


def test_a_peers_two_heads_of_one_size_are_proof(case: Case):
    """Both notes bear the peer's own signature: nothing more is needed."""
    provider = case.pair.provider.node
    path = next(path for path in case.consumer.files if path.endswith(".checkpoint"))
    head = notes.parse_checkpoint(case.consumer.files[path])
    note = notes.sign_checkpoint(head.origin, head.size, b"r" * 32, provider.keys.log, head.origin)
    name = path.rsplit("/", 1)[0] + f"/{head.size}-{(b'r' * 32).hex()}.checkpoint"
    bundle = resign_as(
        case.pair.consumer, replace(case.consumer, files={**case.consumer.files, name: note})
    )
    proofs = [found for found in verify(bundle).findings if found.level == "proof"]
    assert [found.code for found in proofs] == ["split-view"]


def test_statements_must_be_signed_named_and_logged(case: Case):
    """A statement that no leaf names, under another name, or signed by nobody known."""
    node = case.pair.consumer.node
    good = jws.sign(b"{}", node.keys.agreements, typ="voile-test+jws", kid=node.keys.agreements_kid)
    bad = jws.sign(b"{}", SigningKey.ed25519(b"b" * 32), typ="voile-test+jws",
                   kid=node.keys.agreements_kid)  # fmt: skip
    strange = jws.sign(b"{}", node.keys.agreements, typ="JWT", kid=node.keys.agreements_kid)
    for text, name, expected in (
        (good, None, {"statement-unlogged"}),
        (good, "0" * 64, {"statement-unlogged", "statement-place"}),
        (bad, None, {"statement-unlogged", "statement-signature"}),
        (strange, None, {"statement-unlogged", "statement-signature"}),
    ):
        file = name or layout.file_digest(text.encode()).sha256
        files = {**case.consumer.files, f"signed/{file}.jws": text.encode()}
        bundle = resign_as(case.pair.consumer, replace(case.consumer, files=files))
        assert codes(bundle) == expected


def test_an_exported_statement_is_checked(fresh: Case):
    """An answer that a leaf names goes into an opened bundle and verifies there."""
    consumer = fresh.pair.consumer
    keep(consumer, "q", answer(fresh))
    bundle = fresh.export(consumer, "again")
    report = verify(bundle)
    assert (report.findings, report.counts["statements"]) == ((), 1)
    path = next(path for path in bundle.files if path.startswith("signed/"))
    assert "not-held" in codes(changed(bundle, **{path: None}))
    export(consumer.node, fresh.folder / "closed")  # figures are not shown without the details
    closed = fresh.open(fresh.folder / "closed")
    assert verify(closed).findings == ()
    assert not any(path.startswith("signed/") for path in closed.files)


def test_an_answer_stands_under_its_agreement(fresh: Case):
    """No such agreement, other parties, or more answers than it grants."""
    consumer = fresh.pair.consumer
    keep(consumer, "1", answer(fresh, agreementId="urn:uuid:none"))
    assert codes(fresh.export(consumer, "b1")) == {"answer-without-agreement"}
    keep(consumer, "2", answer(fresh, consumer="did:web:somebody.example"))
    assert "answer-parties" in codes(fresh.export(consumer, "b2"))
    for number in range(5):  # with the one before: six, and the contract grants five
        keep(consumer, f"n{number}", answer(fresh, f"n{number}"))
    assert "answer-count" in codes(fresh.export(consumer, "b3"))
