"""A data space under attack: the operator and the suppliers are real processes, the attackers ours.

`acme`, `bolt` and `cogs` are honest suppliers. `mallory` and `eve` are certified consumers that
collude; they run in this process, because only what is one's own can be patched.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from tests.attack.insider import Insider, wait
from tests.e2e.processes import Running, Space

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

SUPPLIERS = ("acme", "bolt", "cogs")
ATTACKERS = ("mallory", "eve")
PATIENCE = 120.0  # seconds for a start
LOAD = {  # the load is ours, and meant
    "VOILE_LIMITS_REQUESTS_PER_SECOND": "100000",
    "VOILE_LIMITS_REQUEST_BURST": "100000",
    "VOILE_LIMITS_CALLS_PER_SECOND": "100000",
    "VOILE_LIMITS_CALL_BURST": "100000",
    "VOILE_LIMITS_CHANGE_BURST": "1000000",
}


def seen(hub: Running, did: str) -> str:
    """Look as the operator does: give the digest of a firm's pending application."""
    waiting = hub.manage("GET", "/v1/hub/applications?state=pending")[1]["applications"]
    found: str = next(one["digest"] for one in waiting if one["participant"]["did"] == did)
    return found


def certify(hub: Running, parties: Mapping[str, Any], group: str = "") -> None:
    """Apply and approve; each party has a legal identity of its own, but for `group`."""
    for name, party in parties.items():
        form = {
            "nameEn": name.capitalize(),
            "nameZh": f"{name}公司",
            "legalId": f"ID-{name}",
            "roles": ["provider", "consumer"],
        }
        status, body = party.manage("POST", "/v1/membership/apply", form)
        assert status == 201, body
        approval = {"did": party.did, "seen": seen(hub, party.did)}
        approval |= {"legalGroup": group} if group else {}
        status, body = hub.manage("POST", "/v1/hub/applications/approve", approval)
        assert status == 200, body
    for party in parties.values():
        wait(
            lambda party=party: party.manage("GET", "/v1/membership")[1],
            lambda known: known["standing"] == "certified" and known["statusDocument"]["current"],
        )


def start_all(parties: Sequence[Running]) -> None:
    """Start several processes at the same time, with patience: the machine may be busy."""
    for running in parties:
        running.patience = PATIENCE
    with ThreadPoolExecutor(len(parties)) as pool:
        list(pool.map(Running.start, parties))


@dataclass
class Scene:
    """All parties of a run; a context."""

    folder: Path
    hub: Running = field(init=False)
    suppliers: dict[str, Running] = field(default_factory=dict)
    attackers: dict[str, Insider] = field(default_factory=dict)
    _stack: ExitStack = field(default_factory=ExitStack)
    _space: Space | None = None
    _numbers: int = 0

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            space = self._space = stack.enter_context(Space(self.folder, quiet=True))
            self.hub = space.party("hub", role="hub", env=LOAD)
            homes = {
                name: space.party(name, hub=self.hub.did, env=LOAD)
                for name in (*SUPPLIERS, *ATTACKERS)
            }
            self.suppliers = {name: homes[name] for name in SUPPLIERS}
            start_all([self.hub, *self.suppliers.values()])
            self.attackers = {
                name: stack.enter_context(Insider(homes[name].home, homes[name].env))
                for name in ATTACKERS
            }
            certify(self.hub, {**self.suppliers, **self.attackers})
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def extra(self, name: str, group: str = "") -> Insider:
        """Bring one more firm of the attackers' own into the space, once."""
        if name not in self.attackers:
            assert self._space is not None
            made = self._space.party(name, hub=self.hub.did, env=LOAD)
            found = self._stack.enter_context(Insider(made.home, made.env))
            certify(self.hub, {name: found}, group)
            self.attackers[name] = found
        return self.attackers[name]

    @property
    def acme(self) -> Running:
        return self.suppliers["acme"]

    @property
    def mallory(self) -> Insider:
        return self.attackers["mallory"]

    @property
    def eve(self) -> Insider:
        return self.attackers["eve"]

    def fresh(self, word: str) -> str:
        """Give a product id that nobody has used."""
        self._numbers += 1
        return f"{word}-{self._numbers}"

    def publish(
        self, supplier: Running, text: str, header: str, rows: Sequence[Sequence[object]]
    ) -> tuple[bool, Any]:
        """Publish as the owner would; give whether it was done, and the report or the error."""
        self._numbers += 1
        data = supplier.home / f"data-{self._numbers}.csv"
        lines = [",".join(str(value) for value in row) for row in rows]
        data.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        status, job = supplier.manage(
            "POST", "/v1/products", {"product": text, "data": str(data), "acceptClamped": True}
        )
        if status != 202:
            return False, job
        path = f"/v1/products/jobs/{job['job']}"
        found = wait(
            lambda: supplier.manage("GET", path)[1],
            lambda one: one["state"] in {"done", "failed"},
            120,
        )
        return found["state"] == "done", found

    def settle(self, seconds: float = 0.2) -> None:
        """Let what is under way arrive."""
        time.sleep(seconds)
