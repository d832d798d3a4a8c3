"""What an auditor sees of a total: every party's bundle holds, and any two of them agree."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from connector.areas.audit.export import export
from connector.areas.audit.folder import read_folder
from connector.areas.audit.trusting import known_parties, trust_of
from connector.process.ports import unix
from contracts.audit import layout
from contracts.audit.contradictions import Said, contradictions, read_said
from contracts.audit.diff import diff
from contracts.audit.keyring import keyring_of
from contracts.audit.statements import check_statement
from contracts.audit.verify import Bundle, verify
from contracts.cohort.ending import Ended
from contracts.cohort.statements import Released
from crypto import jws
from crypto.canonical import canonical, digest_bytes
from tests.connector.audit.second import judged, outcome
from tests.connector.cohort.alliance import SUPPLIERS
from tests.connector.cohort.test_faults import Killed, sweep
from tests.long import first_of

if TYPE_CHECKING:
    from tests.connector.cohort.alliance import Alliance


def bundles(alliance: Alliance) -> dict[str, Bundle]:
    """Everybody's opened bundle, under the trust of the hub's certification."""
    parties = {"hub": alliance.hub, "buyer": alliance.buyer, **alliance.suppliers}
    clock = alliance.hub.node.clock
    clock.advance(120)  # type: ignore[attr-defined]
    alliance.space.renew()
    trust, failed = trust_of(alliance.hub.node, known_parties(alliance.hub.node))
    assert not failed
    found = {}
    for name, party in parties.items():
        export(party.node, alliance.folder / f"{name}.bundle", opened="all")
        files, odd = read_folder(alliance.folder / f"{name}.bundle")
        found[name] = Bundle(files=files, trust=trust, now=unix(clock.now()), oddities=odd)
    return found


def check(alliance: Alliance) -> dict[str, Bundle]:
    found = bundles(alliance)
    for name, bundle in found.items():
        assert verify(bundle).findings == (), name
        assert outcome(judged(bundle)) == "OK", name
    for name in alliance.suppliers:
        report = diff(found["buyer"], found[name])
        assert report.findings == (), name
        assert report.counts["matched"] > 4
    return found


def said(bundle: Bundle) -> list[Said]:
    items = (
        read_said(path, data) for path, data in bundle.files.items() if path.startswith("signed/")
    )
    return [item for item in items if item is not None]


@pytest.mark.long
def test_a_released_total_is_whole_in_every_bundle(alliance: Alliance):
    """Session, acceptances, contributions and outcome, each signed and named by a leaf."""
    alliance.answer(alliance.agreements())
    found = check(alliance)
    kinds = {name: sorted(item.typ for item in said(bundle)) for name, bundle in found.items()}
    assert kinds["buyer"].count("voile-cohort-acceptance+jws") == 3
    assert kinds["buyer"].count("voile-cohort-contribution+jws") == 3
    assert Released.TYP in kinds["hub"]
    assert {Released.TYP, "voile-cohort-contribution+jws"} <= set(kinds["acme"])


@pytest.mark.long
def test_a_total_that_was_ended_leaves_clean_evidence(alliance: Alliance):
    """A supplier revoked between the phases: everybody's bundle holds, and they reconcile."""
    agreements = alliance.agreements()
    net = alliance.buyer.net

    def fault(_method: str, url: str, _body: bytes) -> None:
        if url.endswith("/contribute"):
            net.fault = None
            alliance.revoke("cogs")

    net.fault = fault
    assert alliance.ask(agreements)[0] == 403
    found = bundles(alliance)
    for name, bundle in found.items():
        assert verify(bundle).findings == (), name
    for name in ("acme", "bolt"):
        assert diff(found["buyer"], found[name]).findings == (), name


@pytest.mark.long
@pytest.mark.parametrize(
    ("step", "heard"),
    first_of([("", "CohortAcceptance"), ("/contribute", "CohortContribution")]),
)
def test_a_buyer_that_was_stopped_too_long_leaves_clean_evidence(
    alliance: Alliance, step: str, heard: str
):
    """Killed before it wrote down what two suppliers had told it, and back after the deadline: both
    sides say that the total came to nothing, so what it never heard is not missing.
    """
    agreements, net = alliance.agreements(), alliance.buyer.net

    def fault(_method: str, url: str, _body: bytes) -> None:
        called = f"{alliance.suppliers['cogs'].url}/voile/v1/cohorts/"
        if url.startswith(called) and (url.endswith(step) if step else url.count("/") == 6):
            raise Killed

    net.fault = fault
    with pytest.raises(Killed):
        alliance.ask(agreements)
    net.fault = None
    alliance.buyer.node.clock.advance(400)  # type: ignore[attr-defined]
    alliance.space.renew()
    alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
    sweep(alliance)
    sweep(alliance)
    said = {
        leaf["msg"]["type"]
        for leaf in alliance.leaves(alliance.buyer, "COHORT", "ANSWER")
        if "msg" in leaf
    }
    assert heard not in said
    told = alliance.leaves(alliance.suppliers["acme"], "COHORT", "ANSWER")
    assert heard in {leaf["msg"]["type"] for leaf in told if "msg" in leaf}
    found = bundles(alliance)
    for name, bundle in found.items():
        assert verify(bundle).findings == (), name
    for name in SUPPLIERS:
        assert diff(found["buyer"], found[name]).findings == (), name
        assert diff(found[name], found["buyer"]).findings == (), name


@pytest.mark.long
@pytest.mark.parametrize("heard", first_of(["CohortAcceptance", "CohortContribution"]))
def test_what_was_told_for_an_answered_total_is_missing_where_it_has_no_leaf(
    alliance: Alliance, heard: str
):
    """An asker that keeps the leaf of a supplier's step back is found out, the total being answered."""
    alliance.answer(alliance.agreements())
    found = bundles(alliance)
    lines = found["buyer"].files[layout.ENTRIES].splitlines(keepends=True)
    acme = alliance.suppliers["acme"].did.encode()
    kept = [line for line in lines if not (heard.encode() in line and acme in line)]
    assert len(kept) == len(lines) - 1
    files = {**found["buyer"].files, layout.ENTRIES: b"".join(kept)}
    report = diff(replace(found["buyer"], files=files), found["acme"])
    assert "missing-on-a" in {finding.code for finding in report.findings}


@pytest.mark.long
def test_an_aggregator_that_says_two_things_is_proved(alliance: Alliance):
    """Released to one and ended to another: its two signatures are the proof."""
    alliance.answer(alliance.agreements())
    found = check(alliance)
    released = next(item for item in said(found["buyer"]) if item.typ == Released.TYP)
    keys = alliance.hub.node.keys
    payload = {key: released.payload[key] for key in ("v", "session", "transcript")}
    text = jws.sign(
        canonical(payload | {"reason": "x"}),
        keys.agreements,
        typ=Ended.TYP,
        kid=keys.agreements_kid,
    ).encode()
    name = digest_bytes(text).removeprefix("sha-256:")
    files = {**found["acme"].files, f"signed/{name}.jws": text}
    register = files.get(layout.REGISTER)
    keys = keyring_of(found["acme"].trust, files[layout.PARTIES], register)
    both = [
        item
        for path in files
        if path.startswith("signed/") and (item := check_statement(path, files[path], keys)[1])
    ]
    proofs = list(contradictions(both))
    assert [proof.level for proof in proofs] == ["proof"]
    assert alliance.hub.did in proofs[0].text
    thumbprint = alliance.hub.node.keys.agreements.public.thumbprint()
    assert [(one.key, one.source) for one in proofs[0].basis] == [(thumbprint, "pinned")]


@pytest.mark.long
@pytest.mark.parametrize("kind", first_of(["contribution", "acceptance", "released"]))
def test_a_statement_that_is_kept_back_is_found(alliance: Alliance, kind: str):
    """The leaves name what was signed; the bundle must hold it."""
    alliance.answer(alliance.agreements())
    bundle = bundles(alliance)["acme"]
    path = next(item.path for item in said(bundle) if item.typ == f"voile-cohort-{kind}+jws")
    files = {name: data for name, data in bundle.files.items() if name != path}
    codes = {
        found.code
        for found in verify(Bundle(files=files, trust=bundle.trust, now=bundle.now)).findings
    }
    assert codes == {"file-missing", "not-held"}
    assert layout.ENTRIES in files
