"""What both pairs of connectors offer the client, and what /proc says of their processes."""

import os
import re
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

TICK: Final = os.sysconf("SC_CLK_TCK")
MIB: Final = 1 << 20


class Pair(Protocol):
    """A provider and a consumer that run, as their management APIs show them."""

    name: str
    start_seconds: float
    pids: tuple[int, int]  # provider, consumer

    def offer(self) -> Any:
        """Give an offer that the consumer has read in the provider's catalogue."""
        ...

    def negotiate(self, offer: Any) -> str:
        """Let the consumer ask for it; give its id of the negotiation."""
        ...

    def negotiation(self, id_: str) -> str:
        """Read its state."""
        ...

    def agreement(self, id_: str) -> str:
        """Read the id of what was agreed."""
        ...

    def pull(self, agreement: str) -> str:
        """Let the consumer ask for a transfer by HttpData-PULL; give its id."""
        ...

    def transfer(self, id_: str) -> str:
        """Read the state of a transfer."""
        ...

    def end(self, id_: str) -> None:
        """End a transfer, so that the next one is another."""
        ...

    def catalogue(self, limit: int | None) -> bytes:
        """Ask the provider's protocol endpoint for a page; None: the first, as it comes."""
        ...


Filled = AbstractContextManager[Pair]


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident and proportional memory of a process, in bytes."""

    rss: int
    pss: int


def cpu_seconds(pids: Iterable[int]) -> float:
    """Give user and system seconds of processes so far."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICK


def memory(pid: int) -> Memory:
    """Give the memory of a process."""
    return Memory(_kib(pid, "status", "VmRSS"), _kib(pid, "smaps_rollup", "Pss"))


def peak(pid: int) -> int:
    """Give the most that a process ever held, in bytes."""
    return _kib(pid, "status", "VmHWM")


def _kib(pid: int, file: str, name: str) -> int:
    found = re.search(
        rf"^{name}:\s+(\d+) kB", Path(f"/proc/{pid}/{file}").read_text(), re.MULTILINE
    )
    assert found is not None
    return int(found[1]) * 1024
