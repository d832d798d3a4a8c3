"""Homes of an earlier version, taken out of their archive and run by the present code.

What is done to them is what a person does who has put a firm's folder on another machine: start the
process on it. Nothing in a folder names the place where it lies; the ports are part of each DID and
so fixed, which is why only one test at a time has them, on this machine (`only_one`). The
certifications of the archive end some day: each firm applies again, and the operator approves it.
"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.e2e.processes import Running, Space
from tests.e2e.sink import Sink
from tests.fixtures.homes.pack import HERE, unpack
from tests.waiting import PATIENCE, until

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SELLERS: Final = ("acme", "bolt", "cogs")
WAIT_SECONDS: Final = 900.0  # for the ports


@dataclass
class OldHomes:
    """The parties of an archive, running, and what is expected of them."""

    folder: Path
    space: Space
    sink: Sink
    expected: dict[str, Any]
    parties: dict[str, Running] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Running:
        return self.parties[name]

    def lacks(self, name: str) -> bool:
        """Say whether the version could not do something yet; see `tests.fixtures.homes.later`."""
        return name in self.expected["lacks"]

    @property
    def partly(self) -> list[dict[str, Any]]:
        """The question of which some outputs are told and others are not, if the version can that."""
        return [] if self.lacks("measures") else [self.expected["partly"]]

    def waits_for_rosters(self, otherwise: Iterable[str]) -> set[str]:
        """Give the reasons why a new total is refused: first of all that nobody said who takes part."""
        return {"cohort.roster.missing"} if self.lacks("rosters") else set(otherwise)

    def call(
        self, name: str, method: str, path: str, value: object | None = None, *, ok: bool = True
    ) -> Any:
        """Call a party's management API; give what it answered."""
        status, found = self[name].manage(method, path, value)
        assert (status < 400) is ok, (name, path, status, found)
        return found

    def ask(
        self, question: dict[str, Any], *, of: Sequence[str] = (), ok: bool = True, **more: object
    ) -> Any:
        """Ask as the buyer.

        Args:
            question: its SQL and purpose, and maybe its agreement or agreements.
            of: the agreements, where the question names none.
            ok: whether it is to be answered.
            more: `questionId`, `explain`.
        """
        named = question.get("agreements") or [question["agreement"]] if not of else list(of)
        body = {"agreements": named, "sql": question["sql"], "purpose": question["purpose"]}
        return self.call("buyer", "POST", "/v1/questions", body | more, ok=ok)

    def state(self, party: str, kind: str, pid: str) -> str:
        """Give the state of a process at a party."""
        return str(self.call(party, "GET", f"/v1/{kind}/{pid}")["state"])

    def theirs(self, kind: str, pid: str) -> str:
        """Give the provider's id of a process of the buyer."""
        return str(self.call("buyer", "GET", f"/v1/{kind}/{pid}")["providerPid"])


def expected_of(version: str) -> dict[str, Any]:
    """Read what the homes of a version hold."""
    found: dict[str, Any] = json.loads((HERE / f"{version}.json").read_text(encoding="utf-8"))
    return found


@contextmanager
def only_one() -> Iterator[None]:
    """Wait until no other test on this machine has the ports of the archives."""
    with Path(tempfile.gettempdir(), f"voile-old-homes-{os.getuid()}.lock").open(
        "a", encoding="utf-8"
    ) as file:
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
        yield  # the kernel frees it, however the test ends


@contextmanager
def running(version: str, folder: Path) -> Iterator[OldHomes]:
    """Take the homes of a version out and start everybody, the present code's process on each."""
    unpack(version, folder)
    expected = expected_of(version)
    with (
        only_one(),
        Sink(port=expected["sinkPort"]) as sink,
        Space(folder) as space,
    ):
        homes = OldHomes(folder, space, sink, expected)
        for name, port in expected["ports"].items():
            homes.parties[name] = Running(name, folder / name, port, patience=PATIENCE)
            space.parties.append(homes.parties[name])
        # the consumer before the providers: whoever it asks finds it certified
        for names in (("hub",), ("buyer",), SELLERS):
            with ThreadPoolExecutor(len(names)) as pool:
                list(pool.map(lambda name: homes[name].start(), names))
            for name in names:
                if name != "hub":
                    renew(homes, name)
        yield homes


def renew(homes: OldHomes, name: str) -> None:
    """Have a firm certified again, for as long as it goes."""
    did = homes[name].did
    firms = homes.call("hub", "GET", "/v1/hub/participants")["participants"]
    firm = next(firm for firm in firms if firm["did"] == did)
    form = {key: firm[key] for key in ("nameEn", "nameZh", "legalId", "legalGroup", "roles")}
    homes.call(name, "POST", "/v1/membership/apply", form)
    waiting = homes.call("hub", "GET", "/v1/hub/applications?state=pending")["applications"]
    seen = next(one["digest"] for one in waiting if one["participant"]["did"] == did)
    terms = {"did": did, "days": 90, "seen": seen}
    ends = homes.call("hub", "POST", "/v1/hub/applications/approve", terms)["expires"]

    def certified() -> bool:
        found = homes.call(name, "GET", "/v1/membership?refresh=1")
        return bool(found["expires"] == ends and found["statusDocument"]["current"])

    until(certified)
