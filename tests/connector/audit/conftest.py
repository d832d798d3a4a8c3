"""Two parties with an agreement between them, and a bundle of each: made once, read by many."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from connector.areas.audit.export import export
from connector.areas.audit.folder import read_folder
from connector.areas.audit.trusting import known_parties, trust_of
from connector.process.ports import unix
from contracts.audit.verify import Bundle
from tests.areas import AUDIT
from tests.connector.dsp.area import AREAS
from tests.connector.dsp.conftest import Pair
from tests.simulators import Net, Party, StandingClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from contracts.audit.trust import Trust

AUDITED = (*AREAS, AUDIT)


@dataclass
class Case:
    """Two parties after an agreement and a transfer, what they exported, and whom we trust."""

    pair: Pair
    trust: Trust
    consumer: Bundle
    provider: Bundle
    folder: Path

    def export(self, party: Party, name: str) -> Bundle:
        """Export once more; give the bundle as an auditor opens it."""
        folder = self.folder / name
        export(party.node, folder, opened="all")
        return self.open(folder)

    def open(self, folder: Path) -> Bundle:
        """Open a folder with the trust of this case."""
        files, odd = read_folder(folder)
        now = unix(self.pair.clock.now())
        return Bundle(files=files, trust=self.trust, now=now, oddities=odd)


def make_case(folder: Path) -> Case:
    """Negotiate, transfer, export both sides."""
    net, clock = Net(), StandingClock()
    provider = Party.make(folder, "supplier", net, clock, areas=AUDITED, pin=["buyer"])
    consumer = Party.make(folder, "buyer", net, clock, areas=AUDITED, pin=["supplier"])
    pair = Pair(provider=provider, consumer=consumer, net=net, clock=clock)
    agreement = pair.agreement()
    pair.settle()
    clock.advance(1)  # log heads are exchanged half a second after the contracts of that time
    pair.settle()
    status, body = consumer.manage("POST", "/v1/transfers", {"agreement": agreement})
    assert status == 201, body
    pair.settle()
    clock.advance(120)
    trust, failed = trust_of(consumer.node, known_parties(consumer.node))
    assert not failed
    empty = Bundle(files={}, trust=trust, now=0)
    case = Case(pair=pair, trust=trust, consumer=empty, provider=empty, folder=folder)
    case.consumer = case.export(consumer, "buyer.bundle")
    case.provider = case.export(provider, "supplier.bundle")
    return case


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """A case shared by the tests of a module; nobody changes it."""
    made = make_case(tmp_path_factory.mktemp("case"))
    yield made
    made.pair.provider.close()
    made.pair.consumer.close()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Case]:
    """A case of one's own."""
    made = make_case(tmp_path)
    yield made
    made.pair.provider.close()
    made.pair.consumer.close()


def changed(bundle: Bundle, **files: bytes | None) -> Bundle:
    """A bundle with some files replaced, or taken away; keys are paths with ``__`` for ``/``."""
    merged: dict[str, bytes] = dict(bundle.files)
    for name, data in files.items():
        path = name.replace("__", "/")
        if data is None:
            del merged[path]
        else:
            merged[path] = data
    return replace(bundle, files=merged)
