"""Two bundles side by side: what one side hides, changes or doubles."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from contracts.audit import layout
from contracts.audit.diff import diff
from contracts.audit.peers import checkpoint_name, write_peer
from contracts.audit.trust import Party, Trust
from contracts.audit.verify import verify
from crypto import notes
from crypto.canonical import canonical
from crypto.errors import MalformedError
from crypto.keys import SigningKey
from tests.connector.audit.forging import (
    answer,
    keep,
    last_message,
    leaf_of,
    lines_of,
    resign_as,
    rewrite,
)

if TYPE_CHECKING:
    from contracts.audit.verify import Bundle
    from tests.connector.audit.conftest import Case


def test_two_honest_sides_reconcile(case: Case):
    """Each message has its leaf on either side."""
    report = diff(case.consumer, case.provider)
    assert (report.exit_code, report.findings) == (0, ())
    assert report.counts["matched"] >= 6


def test_a_rewritten_history_is_proved_by_what_the_other_side_was_shown(case: Case):
    """All signatures of the forged bundle hold; the head that the provider kept does not."""
    lines = lines_of(case.consumer)
    first = json.loads(lines[0])
    lines[0] = canonical(first | {"t": first["t"] - 1})
    report = diff(rewrite(case, lines), case.provider)
    proofs = [finding for finding in report.findings if finding.level == "proof"]
    assert [finding.code for finding in proofs] == ["split-view"]
    assert case.pair.consumer.did in proofs[0].text


def test_a_log_cut_short_is_found_and_its_leaves_are_missing(case: Case):
    """Fewer leaves than were shown long before the bundle was made, and messages without a leaf.

    It is no proof: when the larger head was shown, only the other side says.
    """
    report = diff(rewrite(case, lines_of(case.consumer)[:4]), case.provider)
    found = {finding.code for finding in report.findings}
    assert {"rolled-back", "missing-on-a"} <= found
    assert {finding.level for finding in report.findings} == {"finding"}


def test_a_leaf_taken_out_after_the_last_exchange_is_missing(case: Case):
    """No head covers it, and its log may be an older copy: no proof, whatever was acknowledged."""
    lines = lines_of(case.consumer)
    last = max(index for index, line in enumerate(lines) if b'"corr"' in line)
    report = diff(rewrite(case, lines[:last]), case.provider)
    assert {finding.code for finding in report.findings} == {"missing-on-a", "rolled-back"}
    assert {finding.level for finding in report.findings} == {"finding"}
    other = diff(case.provider, rewrite(case, lines[:last]))
    assert {finding.code for finding in other.findings} == {"missing-on-b", "rolled-back"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"corr": "hmac-sha-256:" + "0" * 64}, "different-content"),
        ({"agreement": "urn:uuid:other"}, "different-content"),
        ({"t": 1_795_251_601_000 + 301_000}, "clock-skew"),
    ],
)
def test_seeded_differences_are_classed(case: Case, change: dict, code: str):
    """Another content, another agreement, another clock: each has its class."""
    lines, at, leaf = last_message(case)
    lines[at] = canonical(leaf | change)
    report = diff(rewrite(case, lines), case.provider)
    assert code in {finding.code for finding in report.findings}


def test_a_doubled_message_is_found(case: Case):
    """One message with two leaves on one side."""
    lines, at, leaf = last_message(case)
    lines.append(canonical(leaf | {"id": "0" * 32}))
    report = diff(rewrite(case, lines), case.provider)
    assert {finding.code for finding in report.findings} == {"doubled"}
    assert report.findings[0].leaf == at


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
    lines += [leaf_of(case, kind, way, str(n)) for n, (kind, way) in enumerate(added)]
    report = diff(rewrite(case, lines), case.provider)
    assert {finding.code for finding in report.findings} == expected


def test_one_stored_answer_may_serve_several_questions(case: Case):
    """Leaves with one mark and two processes are two questions; with one process, a double."""
    lines, _, leaf = last_message(case)
    other = canonical(leaf | {"id": "0" * 32, "process": "another"})
    assert diff(rewrite(case, [*lines, other]), case.provider).findings == ()
    same = canonical(leaf | {"id": "0" * 32})
    assert diff(rewrite(case, [*lines, same]), case.provider).exit_code == 1


def test_what_came_after_a_bundle_is_unanswerable(case: Case):
    """A leaf newer than the other side's bundle is not called missing."""
    lines, at, _ = last_message(case)
    early = rewrite(case, lines[:at])
    manifest = layout.read_manifest(early.files[layout.MANIFEST])
    early = resign_as(case.pair.consumer, early, created=manifest.created - 120)
    report = diff(early, case.provider)
    found = [finding.code for finding in report.findings]
    assert found == ["unanswerable"] * 2, "the message, and the acknowledgement of it"
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


def test_two_answers_to_one_question_are_proof(fresh: Case):
    """In one bundle, or between two: the signer said two things."""
    pair = fresh.pair
    one, two = answer(fresh), answer(fresh, extra="x")
    keep(pair.consumer, "1", one)
    keep(pair.provider, "2", two)
    mine, theirs = fresh.export(pair.consumer, "b1"), fresh.export(pair.provider, "b2")
    assert verify(mine).findings == verify(theirs).findings == ()
    found = diff(mine, theirs).findings
    assert [(finding.code, finding.level) for finding in found] == [("contradiction", "proof")]
    keep(pair.consumer, "3", two)
    both = fresh.export(pair.consumer, "b3")
    found = verify(both).findings
    assert [(finding.code, finding.level) for finding in found] == [("contradiction", "proof")]


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


def test_a_third_party_that_shows_each_another_log_is_proved(case: Case):
    """The hub's head as A saw it and as B saw it: one size, two roots, one signature."""
    hub = SigningKey.ed25519(b"h" * 32)
    did, origin = "did:web:hub.example", "hub.example/voile/v1/log"
    pinned = Party(did, (), (notes.vkey(origin, hub.public),))

    def saw(bundle: Bundle, root: bytes, *, trusted: bool = True) -> Bundle:
        folder = f"peers/{layout.short_name(did)}"
        note = notes.sign_checkpoint(origin, 9, root, hub, origin)
        files = {
            **bundle.files,
            f"{folder}/peer.json": write_peer(did),
            f"{folder}/{checkpoint_name(notes.parse_checkpoint(note))}": note,
        }
        trust = Trust((*bundle.trust.parties, pinned)) if trusted else bundle.trust
        return replace(bundle, files=files, trust=trust)

    same = diff(saw(case.consumer, b"r" * 32), saw(case.provider, b"r" * 32))
    assert same.findings == ()
    split = diff(saw(case.consumer, b"r" * 32), saw(case.provider, b"s" * 32))
    assert [(found.code, found.level, found.where) for found in split.findings] == [
        ("split-view", "proof", did)
    ]
    guess = diff(saw(case.consumer, b"r" * 32), saw(case.provider, b"s" * 32, trusted=False))
    assert [found.level for found in guess.findings] == ["unchecked"]  # anybody can bring a key


def test_two_bundles_that_cannot_be_read_are_not_compared(case: Case):
    """Without a manifest there is no side to compare."""
    with pytest.raises(MalformedError):
        diff(replace(case.consumer, files={}), case.provider)
