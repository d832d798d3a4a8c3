"""SQL in a notebook: jupysql's `%sql` asks and plots over our dialect, and calls nobody else.

jupysql is no dependency of ours, nor of the other tests: `make notebook` puts it into a folder of
its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from connector.client import Connector
from tests.conftest import ROOT
from tests.e2e.notebook_cells import FOUND
from tests.e2e.processes import Space
from tests.e2e.readme_market import open_market

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.e2e.processes import Running

NOTEBOOK = ROOT / ".cache" / "notebook"
SILENT = {"PLOOMBER_STATS_ENABLED": "false", "PLOOMBER_VERSION_CHECK_DISABLED": "true"}
pytestmark = pytest.mark.skipif(
    not (NOTEBOOK / "sql").is_dir(),
    reason="no jupysql: `make notebook` puts it into .cache/notebook",
)


@pytest.fixture(scope="module")
def deal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, str]]:
    """The buyer, and an agreement."""
    with Space(tmp_path_factory.mktemp("market")) as space:
        seller, buyer = open_market(space)
        yield buyer, Connector(buyer.home).negotiate(seller.did, "deliveries").id


def notebook(deal: tuple[Running, str], home: Path) -> dict[str, Any]:
    """Runs the cells where the buyer's home lies, for a user who never ran any."""
    buyer, agreement = deal
    kept = {name: text for name, text in os.environ.items() if name in ("PATH", "LD_LIBRARY_PATH")}
    paths = {name: str(home) for name in ("HOME", "IPYTHONDIR", "MPLCONFIGDIR")}
    ran = subprocess.run(
        [sys.executable, "-P", "-m", "tests.e2e.notebook_cells", agreement],
        cwd=buyer.home.parent,
        env={**kept, **paths, **SILENT, "MPLBACKEND": "agg",
             "PYTHONPATH": f"{NOTEBOOK}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    (line,) = [line for line in ran.stdout.splitlines() if line.startswith(FOUND)]
    found: dict[str, Any] = json.loads(line.removeprefix(FOUND))
    return found


def test_a_notebook_asks_and_plots(deal: tuple[Running, str], tmp_path: Path) -> None:
    """What is withheld is None with its reason, and no bar; nothing leaves this machine.

    What watches is tried at the end: it notes and refuses a connection and the look-up of a name.
    """
    found = notebook(deal, tmp_path)
    assert found["columns"] == ["mode", "n", "late", "withheld_because"]
    assert found["rows"][:2] == [
        ["RAIL", "664", "1.768072", None],
        ["ROAD", "1325", "1.773585", None],
    ]
    assert [row[:3] for row in found["rows"][2:]] == [["AIR", None, None], ["SEA", None, None]]
    assert all("released only together" in row[3] for row in found["rows"][2:])
    assert found["bars"] == [1.768072, 1.773585]
    assert sum(count for _, count in found["pieces"]) == sum(n % 90 + 1 for n in range(2400))
    assert found["drawn"] == sorted(count for _, count in found["pieces"])
    assert (found["reports"], found["called"]) == (False, [])
    assert found["noted"] == ["socket.connect 192.0.2.1", "socket.getaddrinfo voile.example"]
