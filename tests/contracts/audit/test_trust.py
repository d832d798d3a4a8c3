"""Trust files, registers and manifests: their forms, and what is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.audit import layout
from contracts.audit.keyring import keyring
from contracts.audit.layout import FileDigest, Manifest, read_manifest, write_manifest
from contracts.audit.memo import Memo
from contracts.audit.report import Finding, Report
from contracts.audit.trust import (
    REGISTER_TYPE,
    Party,
    Trust,
    party_of,
    read_register,
    read_trust,
    sign_register,
    write_trust,
)
from contracts.audit.verify import Bundle, verify
from crypto import jws
from crypto.b64 import b64url, unb64url
from crypto.canonical import canonical
from crypto.errors import MalformedError, VerificationError, VoileError
from crypto.notes import vkey
from tests.crypto.keys_for_tests import ALICE, BOB
from tests.crypto.keys_for_tests import Party as Firm

alice, bob = Firm(ALICE), Firm(BOB)
MANIFEST = Manifest(
    did=ALICE,
    space="urn:s",
    software="voile/0",
    created=5,
    origin="o",
    size=1,
    root="0" * 64,
    opened="none",
    files={"checkpoint": FileDigest(1, "1" * 64)},
)


def party(firm: Firm) -> Party:
    return Party(
        firm.did,
        ((firm.agreements_kid, firm.agreements.public),),
        (vkey(firm.did, firm.log.public),),
    )


def test_a_trust_file_round_trips():
    """Parties, keys, logs and hub come back."""
    trust = Trust((party(alice),), party(bob))
    assert read_trust(write_trust(trust)) == trust
    assert read_trust(write_trust(Trust())) == Trust()


def test_a_did_document_gives_its_assertion_keys():
    """Token and log keys are no keys for assertions."""
    found = party_of(alice.document())
    assert found == Party(ALICE, ((alice.agreements_kid, alice.agreements.public),), ())


LOW = {"kty": "OKP", "crv": "Ed25519", "x": b64url(b"\x01" + bytes(31))}


@pytest.mark.parametrize(
    "change",
    [
        {"format": "voile-trust/2"},
        {"parties": {}},
        {"parties": [{"did": ALICE}]},
        {"parties": [{"did": 5, "keys": [], "logs": []}]},
        {"parties": [{"did": ALICE, "keys": {}, "logs": []}]},
        {"parties": [{"did": ALICE, "keys": [{"kid": "k"}], "logs": []}]},
        {"parties": [{"did": ALICE, "keys": [{"kid": 5, "jwk": {}}], "logs": []}]},
        {"parties": [{"did": ALICE, "keys": [{"kid": "k", "jwk": LOW}], "logs": []}]},
        {"parties": [{"did": ALICE, "keys": [], "logs": ["x"]}]},
        {"parties": [{"did": ALICE, "keys": [], "logs": [5]}]},
        {"parties": [{"did": ALICE, "keys": [], "logs": [], "ended": ["x"]}]},
        {"parties": [{"did": ALICE, "keys": [], "logs": [], "ended": {"x": "5"}}]},
        {"parties": [{"did": ALICE, "keys": [], "logs": [], "ended": {"x": True}}]},
        {"parties": [{"did": ALICE, "keys": [], "logs": [], "ended": {"x": 0}}]},
        {"hub": None},
        {"more": 1},
    ],
)
def test_a_bent_trust_file_is_refused(change):
    """A trust file with anything odd in it is not half believed."""
    value = json.loads(write_trust(Trust((party(alice),)))) | change
    with pytest.raises(VoileError):
        read_trust(canonical(value))


@given(st.binary(max_size=60))
def test_any_bytes_are_refused_as_trust_and_manifest(data):
    """One error each."""
    for read in (read_trust, read_manifest):
        with pytest.raises(VoileError):
            read(data)


def test_pinned_keys_come_before_those_a_bundle_brings():
    """A key is trusted if it is pinned, or in the register of a pinned hub; else it is not."""
    brought = write_trust(Trust((party(alice), party(bob))))
    keys = keyring(Trust((party(alice),)), brought, None)
    assert keys.find(ALICE, alice.agreements_kid).vouched
    assert not keys.find(BOB, bob.agreements_kid).vouched
    assert keys.logs(ALICE) == (party(alice).logs, "pinned")
    assert keys.logs(BOB) == (party(bob).logs, "brought")
    assert keys.logs("did:web:nobody") == ((), "brought")
    with pytest.raises(VerificationError):
        keys.find(ALICE, f"{ALICE}#other")
    with pytest.raises(VerificationError):
        keys.find(BOB, alice.agreements_kid)


def register(named: dict, **change) -> str:
    given = {
        "hub": BOB,
        "space": "urn:s",
        "key": bob.agreements,
        "kid": bob.agreements_kid,
        "now": 5,
    } | change
    return sign_register(named, **given)


def test_the_register_of_a_pinned_hub_vouches_for_keys_it_names():
    """Thumbprint by thumbprint: the assertion key may be in it and the log's not."""
    brought = write_trust(Trust((party(alice),)))
    named = {ALICE: (alice.agreements.public.thumbprint(),)}
    keys = keyring(Trust((), party(bob)), brought, register(named))
    assert keys.find(ALICE, alice.agreements_kid).vouched
    assert keys.logs(ALICE) == (party(alice).logs, "brought")
    without_hub = keyring(Trust(), brought, register(named))
    assert not without_hub.find(ALICE, alice.agreements_kid).vouched


def test_a_register_of_an_older_hub_names_no_ends_and_an_older_reader_passes_over_them():
    """The same two members as ever, and one more in each entry."""
    named = {ALICE: ("a" * 43, "b" * 43)}
    text = register(named, ended={ALICE: {"a" * 43: 77}})
    payload = json.loads(unb64url(text.split(".")[1]))
    (entry,) = payload["participants"]
    assert entry == {"did": ALICE, "keys": ["a" * 43, "b" * 43], "ended": {"a" * 43: 77}}
    found = read_register(text, party(bob))
    assert (found.issued, found.keys, found.ended) == (
        5, {ALICE: frozenset(named[ALICE])}, {ALICE: {"a" * 43: 77}}
    )  # fmt: skip
    del entry["ended"]
    older = jws.sign(
        canonical(payload), bob.agreements, typ=REGISTER_TYPE, kid=bob.agreements_kid, iat=5
    )
    assert read_register(older, party(bob)).ended == {ALICE: {}}
    for bent in ([], {"a" * 43: -1}, {"a" * 43: "77"}, None):
        entry["ended"] = bent
        text = jws.sign(
            canonical(payload), bob.agreements, typ=REGISTER_TYPE, kid=bob.agreements_kid, iat=5
        )
        with pytest.raises(MalformedError):
            read_register(text, party(bob))


@pytest.mark.parametrize(
    "text",
    [
        register({}, key=alice.agreements),
        register({}, kid=alice.agreements_kid, key=alice.agreements),
        register({}, hub=ALICE),
        "x",
        "",
    ],
)
def test_a_false_register_is_refused(text):
    """Another key, another hub, no signature."""
    with pytest.raises(VoileError):
        read_register(text, party(bob))


def test_a_manifest_round_trips():
    """The written form is the only one that is read."""
    assert read_manifest(write_manifest(MANIFEST)) == MANIFEST


@pytest.mark.parametrize(
    "change",
    [
        {"format": "voile-bundle/2"},
        {"more": 1},
        {"did": ""},
        {"created": -1},
        {"created": True},
        {"log": {"origin": "o", "size": 1}},
        {"log": {"origin": "o", "size": "1", "root": "0" * 64}},
        {"log": {"origin": "o", "size": 1, "root": "0" * 63}},
        {"log": {"origin": "o", "size": 1, "root": "A" * 64}},
        {"opened": "some"},
        {"absent": [1]},
        {"files": []},
        {"files": {"../x": {"bytes": 1, "sha-256": "1" * 64}}},
        {"files": {"/x": {"bytes": 1, "sha-256": "1" * 64}}},
        {"files": {"manifest.json": {"bytes": 1, "sha-256": "1" * 64}}},
        {"files": {"x": {"bytes": 1}}},
        {"files": {"x": 1}},
    ],
)
def test_a_bent_manifest_is_refused(change):
    """Every field is checked; no path leads out of the folder."""
    with pytest.raises(MalformedError):
        read_manifest(canonical(json.loads(write_manifest(MANIFEST)) | change))


@pytest.mark.parametrize(
    "path", ["", "a/", "/a", "a//b", "..", "a/..", ".a", "a\n", "a/b/c/d/e", "ä", "a b", "x" * 101]
)
def test_odd_paths_are_no_paths(path):
    """Plain names of letters, digits, dots, dashes; four levels."""
    assert not layout.is_path(path)
    assert layout.is_path("agreements/0a/AGREED.jws")


def test_a_report_says_the_worst():
    """Findings before what is unchecked before clean."""

    def outcome(*levels):
        made = tuple(Finding(level=level, code="c", where="w", text="t") for level in levels)
        report = Report(findings=made)
        return report.exit_code, report.outcome

    assert outcome() == (0, "OK")
    assert outcome("unchecked") == (3, "UNCHECKED")
    assert outcome("unchecked", "finding") == (1, "FINDINGS")
    assert outcome("proof", "unchecked") == (1, "FINDINGS")


def test_a_memo_remembers_values_and_errors_until_it_is_frozen():
    """Each result is computed once; frozen, it remembers nothing new."""
    calls = []

    def work(x: int) -> int:
        calls.append(x)
        if x < 0:
            raise MalformedError("no", code="no")
        return x * 2

    memo = Memo()
    for _ in range(2):
        assert memo(work, 2) == 4
        with pytest.raises(MalformedError):
            memo(work, -1)
    assert calls == [2, -1]
    memo.freeze()
    assert [memo(work, 3), memo(work, 3), memo(work, 2)] == [6, 6, 4]
    assert calls == [2, -1, 3, 3]


def test_a_bundle_of_nothing_has_findings():
    """No manifest: there is nothing to check, and that is a finding, not a crash."""
    report = verify(Bundle(files={}, trust=Trust(), now=0))
    assert report.exit_code == 1
    assert [finding.code for finding in report.findings] == ["manifest"]


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "manifest.json",
                "manifest.jws",
                "checkpoint",
                "log/entries.jsonl",
                "agreements/x/agreement.json",
                "agreements/x/AGREED.jws",
                "signed/x.jws",
                "peers/x/peer.json",
                "peers/x/1-a.checkpoint",
                "opened/entries.jsonl",
                "acks/x.jsonl",
                "keys/parties.json",
                "keys/register.jws",
            ]
        ),
        st.binary(max_size=30),
    )
)
def test_any_files_give_findings_and_no_crash(files):
    """Whatever lies in the folder, under a manifest that is in its form or not."""
    trust = Trust((party(alice),), party(bob))
    assert verify(Bundle(files=files, trust=trust, now=0)).exit_code == 1
    with_manifest = {**files, "manifest.json": write_manifest(MANIFEST)}
    assert verify(Bundle(files=with_manifest, trust=trust, now=10)).exit_code == 1
