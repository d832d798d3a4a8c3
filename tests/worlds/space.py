"""One data space, lived twice: the same homes, ports and keys; only what the suppliers hold differs."""

from __future__ import annotations

import shutil
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.attack.insider import Insider, wait
from tests.attack.scene import LOAD, SUPPLIERS, Scene, certify, start_all
from tests.e2e.processes import Running, Space
from tests.worlds import holdings
from tests.worlds.caller import Book, Caller
from tests.worlds.normal import Normaliser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TWO_DIGITS = 10
OWN = ("mallory", "eve")  # a consumer, and a certified party that has no contract


@dataclass
class World:
    """One life of the space.

    Attributes:
        name: which one.
        hub: the operator.
        suppliers: by name; acme is the one that is looked at most.
        own: parties in this process.
        callers: parties whose keys we use without being their process.
        book: what was seen.
    """

    name: str
    hub: Running
    suppliers: dict[str, Running]
    own: dict[str, Insider]
    callers: dict[str, Caller]
    book: Book = field(default_factory=lambda: Book(Normaliser()))
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def acme(self) -> Running:
        return self.suppliers["acme"]

    @property
    def mallory(self) -> Insider:
        return self.own["mallory"]

    @property
    def eve(self) -> Insider:
        return self.own["eve"]

    def publish(self, version: int) -> None:
        """Have the suppliers publish what they hold in this world."""
        table = holdings.ledger(self.name, version)
        _publish(self.acme, table, table.text())
        if version == 1:
            self.publish_stock(version)

    def publish_stock(self, version: int) -> None:
        """Have the suppliers publish their stock, for totals."""
        roster = [supplier.did for supplier in self.suppliers.values()]
        for number, supplier in enumerate(self.suppliers.values()):
            table = holdings.stock(self.name, number, version)
            _publish(supplier, table, holdings.stock_text(table, self.hub.did, roster))


def _publish(supplier: Running, table: Any, text: str) -> None:
    header = ",".join(["who", *table.dims, *(m.name for m in table.measures)])
    rows = [(f"{table.id}-{who}", *codes, *values) for who, codes, values in table.rows]
    scene = Scene(supplier.home)
    scene._numbers = len(list(supplier.home.glob("data-*.csv")))
    done, told = scene.publish(supplier, text, header, rows)
    assert done, told


@dataclass
class Homes:
    """Homes that are certified, and stand still."""

    folder: Path
    space: Space
    hub: Running
    parties: dict[str, Running]
    callers: dict[str, Caller]
    kept: Path

    @contextmanager
    def live(self, name: str) -> Iterator[World]:
        """Start everybody as it was when the homes were made."""
        for running in (self.hub, *self.parties.values()):
            shutil.rmtree(running.home)
            shutil.copytree(self.kept / running.name, running.home)
        with ExitStack() as stack:
            suppliers = {one: self.parties[one] for one in SUPPLIERS}
            real = [self.hub, *suppliers.values()]
            for running in real:
                stack.callback(running.kill)
            start_all(real)
            own = {
                one: stack.enter_context(
                    Insider(self.parties[one].home, self.parties[one].env)
                )
                for one in OWN
            }  # fmt: skip
            yield World(name, self.hub, suppliers, own, self.callers)


def to_two_digits(hub: Running, party: Running) -> None:
    """Bring the serial of the status document to two digits, for some hours.

    The hub renews it by the clock, and how many digits it has shows in the length of a response: a
    life in which it went from 9 to 10 differed from a quicker one.
    """
    while (serial := hub.manage("GET", "/v1/hub/status")[1]["serial"]) < TWO_DIGITS:
        for act in ("suspend", "reinstate"):
            firms = hub.manage("GET", "/v1/hub/participants")[1]["participants"]
            (seen,) = [one["digest"] for one in firms if one["did"] == party.did]
            body = {"did": party.did, "seen": seen, "reason": "a serial"}
            status, told = hub.manage("POST", f"/v1/hub/participants/{act}", body)
            assert status == 200, told
            serial = told["serial"]
            wait(
                lambda serial=serial: hub.manage("GET", f"/v1/hub/pushes/{serial}")[1],
                lambda found: found["complete"],
            )


@contextmanager
def homes(folder: Path) -> Iterator[Homes]:
    """Make homes, have the operator certify them, stop everybody, and keep a copy."""
    with Space(folder / "live", quiet=True) as space:
        hub = space.party("hub", role="hub", env=LOAD)
        parties = {name: space.party(name, hub=hub.did, env=LOAD) for name in (*SUPPLIERS, *OWN)}
        everybody = [hub, *parties.values()]
        callers = {one.name: Caller(one) for one in (hub, *(parties[n] for n in SUPPLIERS))}
        start_all(everybody)
        certify(hub, parties)
        to_two_digits(hub, parties["eve"])
        for running in everybody:
            assert running.stop() == 0, running.log[-2000:]
        kept = folder / "kept"
        for running in everybody:
            shutil.copytree(running.home, kept / running.name)
        yield Homes(folder, space, hub, parties, callers, kept)
