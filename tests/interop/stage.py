"""Builds the two scenes: processes, proxies, what each side offers."""

from __future__ import annotations

import random
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final

from tests.e2e.firm import publish
from tests.e2e.processes import Space, free_ports
from tests.interop.edc import DEFAULT, FAST, connectors
from tests.interop.management import NAMESPACE
from tests.interop.scene import Scene, Voile
from tests.interop.servers import Files, Proxy, Tape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.e2e.processes import Running
    from tests.interop.edc import Edc, Runtime

PRODUCTS: Final = 5  # file products of Voile, each a dataset
PAGE: Final = 2  # datasets that EDC asks for at a time
ASSETS: Final = 120  # of EDC; it gives 50 a page to who asks without a limit
ROWS: Final = 40_000
ASSET: Final = "asset-0"
TIMED: Final = "timed"  # asset whose offer has terms that Voile does not know
QUESTIONS: Final = "deliveries"  # Voile's product of questions, with terms that EDC does not know
BYTES: Final = 1_500_000

FILE_PRODUCT: Final = """
kind = "file"
id = "parts-{number}"
title = "Parts {number}"
domain = "production"
level = 1

[[offer]]
name = "standard"
formats = ["HttpData-PULL", "HttpData-PUSH"]
"""
IN_FORCE: Final = f"{NAMESPACE}inForceDate"
TIMED_RULES: Final[Mapping[str, Any]] = {
    "permission": [
        {
            "action": "use",
            "constraint": [
                {
                    "leftOperand": IN_FORCE,
                    "operator": "lteq",
                    "rightOperand": "contractAgreement+30d",
                }
            ],
        }
    ]
}


def parts(number: int) -> bytes:
    """Give the file of a product: the same at every run."""
    draw = random.Random(number)
    lines = (f"{number}-{row},{draw.randrange(1_000_000)}" for row in range(ROWS))
    return "\n".join(["part,stock", *lines, ""]).encode()


@contextmanager
def scenes(runtime: Runtime, folder: Path) -> Iterator[tuple[Scene, Scene]]:
    """Give the calm scene and the rapid one.

    Args:
        runtime: the built EDC.
        folder: for everything that is written.
    """
    with ExitStack() as stack:
        files = Files(random.Random(0).randbytes(BYTES))
        stack.callback(files.close)
        tape = Tape()
        first = free_ports(7)  # the calm Voile's four, EDC's proxy, the Voile behind its own
        edcs = stack.enter_context(
            connectors(
                runtime,
                folder / "edc",
                {"calm": DEFAULT, "rapid": FAST},
                callbacks={"calm": f"http://localhost:{first + 4}/protocol"},
            )
        )
        calm, rapid = edcs["calm"], edcs["rapid"]
        to_voile = Proxy("edc", first + 5, tape, first)
        to_edc = Proxy("voile", calm.port + 3, tape, first + 4)
        for proxy in (to_voile, to_edc):
            stack.callback(proxy.close)
        space = stack.enter_context(Space(folder, quiet=True))
        seen = f"{to_edc.url}/protocol/2025-1"
        one = _voile(space, "one", {"calm": seen}, port=first, behind=first + 5)
        two = _voile(space, "two", {"rapid": rapid.dsp})
        for edc in (calm, rapid):
            _offer(edc, files)
        yield (
            Scene(calm, Voile(one), files, folder, seen, tape, to_voile, to_edc),
            Scene(rapid, Voile(two), files, folder, rapid.dsp, Tape()),
        )


def _voile(
    space: Space, name: str, peers: Mapping[str, str], *, port: int = 0, behind: int = 0
) -> Running:
    settings = {
        "VOILE_TESTING_PROFILES": "true",
        "VOILE_TESTING_PLAIN_PEERS": ",".join(f"{k}={v}" for k, v in peers.items()),
    }
    if behind:
        settings["VOILE_PROTOCOL_PORT"] = str(behind)
    party = space.party(name, env=settings, port=port).start("--profile", "edc")
    for number in range(PRODUCTS):
        product, data = party.home / f"{number}.toml", party.home / f"{number}.csv"
        product.write_text(FILE_PRODUCT.format(number=number))
        data.write_bytes(parts(number))
        done = party.voile("publish", str(product), str(data), "--json")
        assert done.returncode == 0, done.stdout + done.stderr
    publish(party, party.home, counted=False)
    return party


def _offer(edc: Edc, files: Files) -> None:
    api = edc.management
    api.policy("use")
    for number in range(ASSETS):
        api.asset(f"asset-{number}", f"{files.url}/bytes", group="plain")
    api.definition("plain", "use", group="plain")
    api.policy("timed", TIMED_RULES)
    api.asset(TIMED, f"{files.url}/bytes", group="timed")
    api.definition("timed", "timed", group="timed", access="use")
