"""Bundles of two real parties, honest and not."""

from __future__ import annotations

import io
import json
import os
import tarfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from connector.audit.archive import pack, unpack
from connector.audit.export import export
from connector.audit.folder import Unreadable, read_folder
from connector.audit.trusting import known_parties, trust_of
from connector.questions.rows import AskedQuestionRow
from contracts.audit import layout
from contracts.audit.diff import diff
from contracts.audit.drill import drill, positions
from contracts.audit.trust import Party as TrustedParty
from contracts.audit.trust import Trust, party_of, read_trust, write_trust
from contracts.audit.verify import Bundle, verify
from contracts.evidence import Entry, envelope
from contracts.signatures import jws_digest
from crypto import jws, merkle, notes
from crypto.canonical import canonical
from crypto.keys import SigningKey
from tests.connector.audit.conftest import changed

if TYPE_CHECKING:
    from pathlib import Path

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


def test_an_honest_bundle_is_clean(case: Case):
    """Everything is checked and nothing found: leaves, stages, a peer's head, openings."""
    for bundle in (case.consumer, case.provider):
        report = verify(bundle)
        assert (report.exit_code, report.findings) == (0, ())
        assert report.counts["stages"] == 3
        assert report.counts["peerCheckpoints"] == 1
        assert report.counts["opened"] == report.counts["commitments"] > 5


def test_two_honest_sides_reconcile(case: Case):
    """Each message has its leaf on either side."""
    report = diff(case.consumer, case.provider)
    assert (report.exit_code, report.findings) == (0, ())
    assert report.counts["matched"] >= 6


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
    _keep(fresh.pair.consumer, "q", _answer(fresh))
    made = fresh.export(fresh.pair.consumer, "again")
    own = tuple(p for p in fresh.trust.parties if p.did == fresh.pair.consumer.did)
    files = {**made.files, layout.PARTIES: write_trust(Trust(own))}
    bundle = resign_as(fresh.pair.consumer, replace(made, files=files, trust=Trust(own)))
    report = verify(bundle)
    assert report.exit_code == 3
    places = sorted(finding.where.split("/")[0] for finding in report.findings)
    assert {finding.code for finding in report.findings} == {"key-missing"}
    assert places == ["agreements", "peers", "signed"]


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
    assert verify(replace(forged, trust=Trust())).exit_code in {1, 3}
    assert verify(forged).exit_code in {1, 3}
    assert "checkpoint" in codes(forged)  # the pinned log key did not sign that


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


def lines_of(bundle: Bundle) -> list[bytes]:
    return bundle.files[layout.ENTRIES].split(b"\n")[:-1]


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


def test_a_rewritten_history_is_proved_by_what_the_other_side_was_shown(case: Case):
    """All signatures of the forged bundle hold; the head that the provider kept does not."""
    lines = lines_of(case.consumer)
    first = json.loads(lines[0])
    lines[0] = canonical(first | {"t": first["t"] - 1})
    report = diff(rewrite(case, lines), case.provider)
    proofs = [finding for finding in report.findings if finding.level == "proof"]
    assert [finding.code for finding in proofs] == ["split-view"]
    assert case.pair.consumer.did in proofs[0].text


def test_a_log_cut_short_is_proved_and_its_leaves_are_missing(case: Case):
    """Fewer leaves than were shown before: a split view, and messages without their leaf."""
    report = diff(rewrite(case, lines_of(case.consumer)[:4]), case.provider)
    found = {finding.code for finding in report.findings}
    assert {"split-view", "missing-on-a"} <= found


def test_a_leaf_taken_out_after_the_last_exchange_is_missing(case: Case):
    """No head covers it, so it is no proof; `diff` names the side that lacks it."""
    lines = lines_of(case.consumer)
    last = max(index for index, line in enumerate(lines) if b'"corr"' in line)
    report = diff(rewrite(case, lines[:last]), case.provider)
    assert {finding.code for finding in report.findings} == {"missing-on-a"}
    other = diff(case.provider, rewrite(case, lines[:last]))
    assert {finding.code for finding in other.findings} == {"missing-on-b"}


def _last_message(case: Case) -> tuple[list[bytes], int, dict]:
    lines = lines_of(case.consumer)
    at = max(index for index, line in enumerate(lines) if b'"corr"' in line)
    return lines, at, json.loads(lines[at])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"corr": "hmac-sha-256:" + "0" * 64}, "different-content"),
        ({"agreement": "urn:uuid:other"}, "different-content"),
        ({"t": 1_795_251_600_000 + 301_000}, "clock-skew"),
    ],
)
def test_seeded_differences_are_classed(case: Case, change: dict, code: str):
    """Another content, another agreement, another clock: each has its class."""
    lines, at, leaf = _last_message(case)
    lines[at] = canonical(leaf | change)
    report = diff(rewrite(case, lines), case.provider)
    assert code in {finding.code for finding in report.findings}


def test_a_doubled_message_is_found(case: Case):
    """One message with two leaves on one side."""
    lines, at, leaf = _last_message(case)
    lines.append(canonical(leaf | {"id": "0" * 32}))
    report = diff(rewrite(case, lines), case.provider)
    assert {finding.code for finding in report.findings} == {"doubled"}
    assert report.findings[0].leaf == at


def _leaf_of(case: Case, kind: str, direction: str, number: str, **more: str) -> bytes:
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


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        ([("QUESTION", "out")], set()),  # it left, and nobody said to have had it
        ([("QUESTION", "out"), ("REFUSAL", "in")], {"unanswerable"}),  # perhaps only counted there
        ([("QUESTION", "out"), ("ANSWER", "in")], {"missing-on-b"}),
        ([("QUESTION", "in")], {"missing-on-b"}),
    ],
)
def test_questions_without_a_leaf_on_the_other_side(case: Case, added: list, expected: set):
    """A question is missing over there only if it was answered, or they say they asked it."""
    lines = lines_of(case.consumer)
    lines += [_leaf_of(case, kind, way, str(n)) for n, (kind, way) in enumerate(added)]
    report = diff(rewrite(case, lines), case.provider)
    assert {finding.code for finding in report.findings} == expected


def test_one_stored_answer_may_serve_several_questions(case: Case):
    """Leaves with one mark and two processes are two questions; with one process, a double."""
    lines, _, leaf = _last_message(case)
    other = canonical(leaf | {"id": "0" * 32, "process": "another"})
    assert diff(rewrite(case, [*lines, other]), case.provider).findings == ()
    same = canonical(leaf | {"id": "0" * 32})
    assert diff(rewrite(case, [*lines, same]), case.provider).exit_code == 1


def test_what_came_after_a_bundle_is_unanswerable(case: Case):
    """A leaf newer than the other side's bundle is not called missing."""
    lines, at, _ = _last_message(case)
    early = rewrite(case, lines[:at])
    manifest = layout.read_manifest(early.files[layout.MANIFEST])
    early = resign_as(case.pair.consumer, early, created=manifest.created - 120)
    report = diff(early, case.provider)
    assert [finding.code for finding in report.findings] == ["unanswerable"]
    assert report.exit_code == 3


def test_an_agreement_that_one_side_lost_or_changed_is_found(case: Case):
    """Taken away whole, a stage taken away, a body changed."""
    folder = next(path for path in case.consumer.files if path.endswith("agreement.json"))
    stage = folder.replace("agreement.json", "FINALIZED.jws")
    gone = {path: None for path in case.consumer.files if path.startswith("agreements/")}
    for bend, code in (
        (gone, "missing-on-a"),
        ({stage: None}, "missing-on-a"),
        (
            {folder: case.consumer.files[folder].replace(b"masked", b"maskez", 1)},
            "different-content",
        ),
    ):
        files = {path: data for path, data in {**case.consumer.files, **bend}.items() if data}
        bundle = resign_as(case.pair.consumer, replace(case.consumer, files=files))
        assert verify(bundle).exit_code == 1, code  # the leaves name stages that are not held
        found = {finding.code for finding in diff(bundle, case.provider).findings}
        assert found == {code}


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


def _answer(case: Case, question: str = "q", **change: str) -> str:
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


def _keep(party: Party, name: str, text: str) -> None:
    with party.node.db.transaction() as tx:
        tx.session.add(
            AskedQuestionRow(question=name, counterparty="did:web:x.example", agreement="a",
                             sql="", purpose="", mode="masked", jws=text, asked_ms=1)
        )  # fmt: skip
        tx.append(Entry(kind="ANSWER", sig=(jws_digest(text),)))


def test_an_exported_statement_is_checked(fresh: Case):
    """An answer that a leaf names goes into an opened bundle and verifies there."""
    consumer = fresh.pair.consumer
    _keep(consumer, "q", _answer(fresh))
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
    _keep(consumer, "1", _answer(fresh, agreementId="urn:uuid:none"))
    assert codes(fresh.export(consumer, "b1")) == {"answer-without-agreement"}
    _keep(consumer, "2", _answer(fresh, consumer="did:web:somebody.example"))
    assert "answer-parties" in codes(fresh.export(consumer, "b2"))
    for number in range(5):  # with the one before: six, and the contract grants five
        _keep(consumer, f"n{number}", _answer(fresh, f"n{number}"))
    assert "answer-count" in codes(fresh.export(consumer, "b3"))


def test_two_answers_to_one_question_are_proof(fresh: Case):
    """In one bundle, or between two: the signer said two things."""
    pair = fresh.pair
    one, two = _answer(fresh), _answer(fresh, extra="x")
    _keep(pair.consumer, "1", one)
    _keep(pair.provider, "2", two)
    mine, theirs = fresh.export(pair.consumer, "b1"), fresh.export(pair.provider, "b2")
    assert verify(mine).findings == verify(theirs).findings == ()
    found = diff(mine, theirs).findings
    assert [(finding.code, finding.level) for finding in found] == [("contradiction", "proof")]
    _keep(pair.consumer, "3", two)
    both = fresh.export(pair.consumer, "b3")
    found = verify(both).findings
    assert [(finding.code, finding.level) for finding in found] == [("contradiction", "proof")]


def test_the_drill_finds_every_change(case: Case):
    """Thousands of flips, flips below a fresh manifest, and moves of whole files: all found."""
    tallies = drill(case.consumer)
    assert [tally for tally in tallies if tally.found != tally.made] == []
    assert [tally for tally in tallies if tally.located != tally.made] == []
    made = {
        sort: sum(t.made for t in tallies if t.sort == sort) for sort in ("flip", "deep", "move")
    }
    assert made["flip"] > 2500
    assert made["deep"] > 500
    assert made["move"] > 50


def test_the_drill_can_fail(case: Case):
    """A file that no check covers is reported as missed, byte by byte."""
    unlisted = changed(case.consumer, agreements__x__y=b"abc")
    tallies = {tally.where: tally for tally in drill(unlisted) if tally.sort == "flip"}
    assert (tallies["agreements/x/y"].made, tallies["agreements/x/y"].found) == (3, 0)


def test_positions_cover_small_files_and_the_ends_of_large_ones():
    """All of a small file; first, last and between of a large one."""
    assert positions(3, 64) == [0, 1, 2]
    large = positions(1_000_000, 64)
    assert (large[0], large[-1], len(large)) == (0, 999_999, 64)


def test_a_bundle_made_in_the_middle_of_things_is_whole(fresh: Case):
    """Whatever is under way when it is made, the bundle verifies."""
    pair = fresh.pair
    pair.negotiate()
    for number in range(12):
        bundle = fresh.export(pair.consumer, f"consumer-{number}")
        assert verify(bundle).findings == ()
        assert verify(fresh.export(pair.provider, f"provider-{number}")).findings == ()
        if not pair.consumer.deliver(1) + pair.provider.deliver(1):
            break
    assert verify(bundle).counts["agreements"] == 2


def test_the_two_sides_differ_only_by_what_is_under_way(fresh: Case):
    """A message that only one side has had is unanswerable now, and clean once it is settled."""
    pair = fresh.pair
    pair.negotiate()
    pair.consumer.deliver(1)
    report = diff(fresh.export(pair.consumer, "a1"), fresh.export(pair.provider, "b1"))
    assert report.exit_code in {0, 3}
    pair.settle()
    fresh.pair.clock.advance(120)
    report = diff(fresh.export(pair.consumer, "a2"), fresh.export(pair.provider, "b2"))
    assert report.findings == ()


def test_a_closed_bundle_opens_nothing(fresh: Case):
    """Without --open there are commitments and no details."""
    folder = fresh.folder / "closed"
    export(fresh.pair.consumer.node, folder)
    bundle = fresh.open(folder)
    report = verify(bundle)
    assert (report.exit_code, report.counts["opened"]) == (0, 0)
    assert layout.OPENED not in bundle.files
    assert report.counts["commitments"] > 5


def test_a_bundle_is_never_written_over(case: Case):
    """A folder that is there already is refused."""
    with pytest.raises(Unreadable):
        export(case.pair.consumer.node, case.folder / "buyer.bundle")


def test_a_node_that_may_not_write_still_shows_what_it_signed(fresh: Case):
    """Read-only after a restored backup: the newest signed head is exported."""
    fresh.pair.consumer.node.db.read_only = "its anchor knows more"
    bundle = fresh.export(fresh.pair.consumer, "read-only")
    assert verify(bundle).exit_code == 0


def test_links_devices_and_odd_names_are_findings(case: Case, tmp_path: Path):
    """Nothing is followed, nothing odd is opened; each is named."""
    source = case.folder / "buyer.bundle"
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in source.rglob("*"):
        target = copy / path.relative_to(source)
        if path.is_dir():
            target.mkdir(exist_ok=True)
        else:
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(path.read_bytes())
    assert read_folder(copy)[1] == ()
    secret = tmp_path / "secret"
    secret.write_text("not for you")
    (copy / "link").symlink_to(secret)
    (copy / "loop").symlink_to(copy)
    os.mkfifo(copy / "pipe")
    (copy / "ünïcode").write_bytes(b"")
    (copy / ".hidden").write_bytes(b"")
    deep = copy / "a/b/c/d/e"
    deep.mkdir(parents=True)
    files, odd = read_folder(copy)
    assert {finding.where for finding in odd} == {
        "link",
        "loop",
        "pipe",
        "ünïcode",
        ".hidden",
        "a/b/c/d/e",
    }
    assert b"not for you" not in b"".join(files.values())
    assert verify(case.open(copy)).exit_code == 1
    checkpoint = copy / "checkpoint"
    checkpoint.unlink()
    checkpoint.symlink_to(source / "checkpoint")
    assert "file-missing" in codes(case.open(copy))


def test_what_is_no_folder_is_unreadable(tmp_path: Path):
    """Nothing there, a file, a link to a folder, an empty folder."""
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    for name in ("none", "file", "empty", "link"):
        with pytest.raises(Unreadable):
            read_folder(tmp_path / name)


def test_a_bundle_travels_as_a_tar(case: Case, tmp_path: Path):
    """Packed and unpacked it has the same bytes."""
    source = case.folder / "buyer.bundle"
    unpack(io.BytesIO(b"".join(pack(source))), tmp_path / "out")
    assert read_folder(tmp_path / "out") == read_folder(source)


@pytest.mark.parametrize(
    "name", ["../out", "/etc/passwd", "a/../b", "a//b", ".x", "a\\b", "a/b/c/d/e"]
)
def test_a_tar_with_other_names_is_refused(tmp_path: Path, name: str):
    """Nothing is written outside the folder that was named."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as tar:
        info = tarfile.TarInfo(name)
        info.size = 1
        tar.addfile(info, io.BytesIO(b"x"))
    data.seek(0)
    with pytest.raises(Unreadable):
        unpack(data, tmp_path / "out")
    assert [path.name for path in tmp_path.rglob("*")] == ["out"]


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE]
)
def test_a_tar_with_anything_but_files_is_refused(tmp_path: Path, kind: bytes):
    """No links, no devices, no folders."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as tar:
        info = tarfile.TarInfo("link")
        info.type, info.linkname = kind, "/etc/passwd"
        tar.addfile(info)
    data.seek(0)
    with pytest.raises(Unreadable):
        unpack(data, tmp_path / "out")


def test_half_a_tar_is_refused(case: Case, tmp_path: Path):
    """A connector that dies while it streams leaves no bundle that looks whole."""
    data = b"".join(pack(case.folder / "buyer.bundle"))
    with pytest.raises(Unreadable):
        unpack(io.BytesIO(data[: len(data) // 2]), tmp_path / "out")


def test_the_management_api_streams_a_bundle_and_logs_that_it_did(fresh: Case, tmp_path: Path):
    """POST /v1/audit/bundle gives a tar; a leaf says whether details were opened."""
    from werkzeug.test import Client

    consumer = fresh.pair.consumer
    token = consumer.node.settings.token_file.read_text().strip()
    answer = Client(consumer.apps.management).post(
        "/v1/audit/bundle?opened=all", headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 200
    unpack(io.BytesIO(answer.get_data()), tmp_path / "out")
    answer.close()
    bundle = fresh.open(tmp_path / "out")
    assert verify(bundle).exit_code == 0
    last = json.loads(lines_of(bundle)[-1])
    assert (last["to"], last["policy"]) == ("EXPORTED", {"opened": True})
    assert list(consumer.node.settings.data.glob("bundle-*")) == []
    status, body = consumer.manage("POST", "/v1/audit/bundle?opened=some")
    assert (status, body["error"]["code"]) == (400, "opened-wrong")


def test_the_management_api_gives_trust(case: Case):
    """GET /v1/audit/trust: keys of those this node deals with, or why there are none."""
    status, body = case.pair.consumer.manage("GET", "/v1/audit/trust")
    assert status == 200
    assert read_trust(body["trust"].encode()) == case.trust
    status, body = case.pair.consumer.manage("GET", "/v1/audit/trust?party=did:web:nobody.example")
    assert (status, list(body["failed"])) == (200, ["did:web:nobody.example"])


def test_trust_is_what_the_did_documents_say(case: Case):
    """Keys for assertions and logs of both parties, and no token key."""
    consumer = case.pair.consumer.node
    party = next(party for party in case.trust.parties if party.did == consumer.settings.did)
    assert party == party_of(consumer.peers.document(consumer.settings.did))
    assert [key for _, key in party.keys] == [consumer.keys.agreements.public]
    again, _ = trust_of(consumer, known_parties(consumer))
    assert read_trust(write_trust(again)) == again
