"""The hub's register of keys: who certified whose keys, for auditors who pin the hub alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from catalog.rotation import OVERLAP_SECONDS
from connector.areas.audit.export import export
from connector.areas.audit.folder import read_folder
from connector.areas.audit.trusting import known_parties, trust_of
from connector.areas.membership import rotating
from connector.process.ports import unix
from contracts.audit import layout
from contracts.audit.trust import read_register
from contracts.audit.verify import Bundle, verify
from tests.areas import AUDIT
from tests.connector.space import FIRM_AREAS, HUB_AREAS, Space, watch

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.simulators import Party


@pytest.fixture
def space(party: Callable[..., Party]) -> Space:
    """A hub with the audit's routes."""
    hub = party("hub", areas=(*HUB_AREAS, AUDIT), role="hub")
    made = Space(hub, party)
    made.renew()
    return made


def test_with_the_hub_pinned_alone_a_firms_bundle_is_clean(space: Space, tmp_path: Path):
    """The firm's bundle carries the register; the hub's key vouches for the firm's."""
    firm = space.firm("acme")
    made = export(firm.node, tmp_path / "bundle")
    assert made.register
    trust, _ = trust_of(firm.node, known_parties(firm.node))
    assert trust.hub is not None
    assert trust.hub.did == space.hub.did
    files, _ = read_folder(tmp_path / "bundle")
    now = unix(firm.node.clock.now())
    bundle = Bundle(files=files, trust=replace(trust, parties=()), now=now)
    assert verify(bundle).exit_code == 0
    named = read_register(files[layout.REGISTER].decode(), trust.hub)
    keys = firm.node.keys
    assert named.keys == {
        firm.did: {keys.agreements.public.thumbprint(), keys.log.public.thumbprint()}
    }


def test_a_rotation_leaves_its_date_with_whoever_is_asked(space: Space, tmp_path: Path):
    """Register, trust of the hub and trust of a member say when the old key ended; a bundle holds."""
    firm, other = space.firm("acme"), space.firm("bolt")
    before, at = firm.node.keys.agreements.public.thumbprint(), unix(firm.node.clock.now())
    rotating.rotate(firm.node)
    firm.node.clock.advance(rotating.WAIT_SECONDS)
    space.renew()
    watch(firm)
    watch(other)
    now = firm.node.keys.agreements.public.thumbprint()
    assert now != before
    ends = {before: at + OVERLAP_SECONDS}
    export(firm.node, tmp_path / "bundle")
    files, _ = read_folder(tmp_path / "bundle")
    hub, _ = trust_of(space.hub.node, [space.hub.did])
    assert hub.hub is not None
    register = read_register(files[layout.REGISTER].decode(), hub.hub)
    assert {before, now} < register.keys[firm.did]
    assert register.ended == {firm.did: ends, other.did: {}}
    for node in (space.hub.node, other.node, firm.node):
        trust, _ = trust_of(node, [*known_parties(node), firm.did])
        party = next(one for one in trust.parties if one.did == firm.did)
        assert dict(party.ended).items() >= ends.items()  # at a member the token key's, too
        assert set(dict(party.ended).values()) == set(ends.values())
        assert {key.thumbprint() for _, key in party.keys} == {before, now}
        clock = unix(firm.node.clock.now())
        assert verify(Bundle(files=files, trust=trust, now=clock)).exit_code == 0


def test_the_hub_trusts_only_keys_that_it_certified(space: Space, tmp_path: Path):
    """A firm that applied and was not approved, or shows other keys now, gives no trust."""
    certified = space.firm("acme")
    waiting = space.firm("bolt", certify=False)
    space.apply(waiting)
    trust, failed = trust_of(space.hub.node, [certified.did, waiting.did])
    assert [party.did for party in trust.parties] == [certified.did]
    assert list(failed) == [waiting.did]


def test_without_the_hub_a_bundle_has_no_register_and_says_so(space: Space, tmp_path: Path):
    """The hub out of reach does not keep a firm from showing its evidence."""
    firm = space.firm("acme")
    space.hub.net.apps.pop("https://hub.example")
    made = export(firm.node, tmp_path / "bundle")
    assert not made.register
    files, _ = read_folder(tmp_path / "bundle")
    assert layout.REGISTER not in files


def test_a_stranger_does_not_get_the_register(space: Space):
    """Only certified firms call the hub's route; others look like nobody."""
    stranger = space.make("carl", areas=FIRM_AREAS, hub=space.hub.did)
    url = f"{space.hub.url}/voile/v1/register"
    assert stranger.node.peers.call(space.hub.did, "GET", url).status == 401


def test_the_hubs_own_bundle_is_clean(space: Space, tmp_path: Path):
    """The hub is audited like everybody else."""
    space.firm("acme")
    export(space.hub.node, tmp_path / "bundle", opened="all")
    trust, _ = trust_of(space.hub.node, known_parties(space.hub.node))
    files, _ = read_folder(tmp_path / "bundle")
    report = verify(Bundle(files=files, trust=trust, now=unix(space.hub.node.clock.now())))
    assert report.findings == ()
    assert report.counts["leaves"] > 3
