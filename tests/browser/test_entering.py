"""Somebody comes in by a link to a real process, and verifies what that process exported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.entering import console, enrolled, invited
from tests.browser.looking import axe, no_foreign_requests, quiet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import BrowserContext

    from tests.e2e.processes import Space


@pytest.mark.slow
@pytest.mark.long
def test_an_auditor_at_the_operator_verifies_a_firms_export(
    space: Space, window: Callable[..., BrowserContext], tmp_path: Path
):
    """Unchecked by a hub that has not certified it, OK under its pinned keys; changed it is not."""
    hub = space.party("hub", role="hub").start()
    acme = space.party("acme", hub=hub.did).start()
    bundle, trust = tmp_path / "acme.bundle", tmp_path / "trust.json"
    exported = acme.voile("audit", "export", "--out", str(bundle))
    assert exported.returncode == 0, exported.stderr
    unknown = tmp_path / "unknown.json"
    for party, out in ((hub, unknown), (acme, trust)):
        told = party.voile("audit", "trust", "--out", str(out))
        assert told.returncode == 0, told.stderr
    shell = window(language="zh")
    with no_foreign_requests(shell.new_page(), console(hub)):
        page, _ = enrolled(shell, invited(hub, "Li", "auditor", language="zh"), "Li")
        with quiet(page):
            page.goto(f"{console(hub)}/verify")
            done = page.locator("#result:not([aria-busy])[data-outcome]")
            page.set_input_files("#trust", unknown)
            page.set_input_files("#folder", bundle)
            assert done.get_attribute("data-outcome") == "UNCHECKED"
            page.set_input_files("#trust", trust)
            assert done.get_attribute("data-outcome") == "OK"
            assert axe(page) == []
            log = bundle / "log" / "entries.jsonl"
            log.write_bytes(log.read_bytes().replace(b'"kind":"', b'"kind": "', 1))
            page.set_input_files("#folder", bundle)
            page.locator("[data-code=file-changed]").wait_for()
            assert done.get_attribute("data-outcome") == "FINDINGS"
