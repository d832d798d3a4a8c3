"""The three parties of README's first ten minutes, made cheaply: a hub, a seller, a buyer."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from tests.conftest import ROOT
from tests.e2e.test_membership import certify
from tests.waiting import wait_for

if TYPE_CHECKING:
    from tests.e2e.processes import Running, Space

_PRODUCT = re.compile(r"cat > deliveries\.toml <<'EOF'\n(.*?)^EOF$", re.MULTILINE | re.DOTALL)
_ROWS = re.compile(r"python3 - > deliveries\.csv <<'EOF'\n(.*?)^EOF$", re.MULTILINE | re.DOTALL)


def product_file() -> str:
    """README's product file."""
    found = _PRODUCT.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert found is not None
    return found[1]


def rows() -> str:
    """README's CSV."""
    found = _ROWS.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert found is not None
    lines: list[str] = []
    exec(found[1], {"print": lines.append})
    return "\n".join(lines) + "\n"


def open_market(space: Space) -> tuple[Running, Running]:
    """Start hub, seller and buyer, certify them, publish README's product, wait until it is found.

    Returns:
        The seller and the buyer.
    """
    hub = space.party("operator", role="hub").start()
    seller = space.party("seller", hub=hub.did).start()
    buyer = space.party("buyer", hub=hub.did).start()
    certify(hub, seller, buyer)
    (space.folder / "deliveries.toml").write_text(product_file(), encoding="utf-8")
    (space.folder / "deliveries.csv").write_text(rows(), encoding="utf-8")
    files = (str(space.folder / "deliveries.toml"), str(space.folder / "deliveries.csv"))
    done = seller.voile("publish", *files, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    wait_for(
        lambda: buyer.manage("GET", "/v1/search?text=deliveries")[1],
        lambda found: json.dumps(found).count("deliveries") > 0 and bool(found["hits"]),
    )
    return seller, buyer
