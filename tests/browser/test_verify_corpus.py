"""The verifier in the browser judges every forged bundle as `voile audit verify` does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import connector.areas.audit
from contracts.audit.memo import Memo
from contracts.audit.verify import verify
from tests.browser.site import served
from tests.browser.verifying import Verifier
from tests.connector.audit.corpus import KINDS, corpus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

PAGES = Path(connector.areas.audit.__file__).with_name("pages")


@pytest.fixture(scope="module")
def verifier(browser: Browser) -> Iterator[Verifier]:
    """One page for the whole corpus."""

    def find(path: str) -> bytes | None:
        file = PAGES / path.removeprefix("/")
        return (
            b"<!doctype html><title>x</title>"
            if path == "/"
            else (file.read_bytes() if file.is_file() else None)
        )

    with served(find) as origin, browser.new_context() as window:
        page = window.new_page()
        page.goto(f"{origin}/")
        yield Verifier(page, f"{origin}/verify")


@pytest.mark.parametrize("name", sorted(KINDS))
def test_it_judges_as_the_command_does(verifier: Verifier, name: str):
    """Outcome, level and code of every finding are the same, for all bundles of a kind."""
    memo, every = Memo(), corpus(name)
    wrong = {}
    for number, (forged, told) in enumerate(
        zip(every, verifier.judge([one.bundle for one in every]), strict=True)
    ):
        report = verify(forged.bundle, memo)
        expected = report.outcome, {(one.level, one.code) for one in report.findings}
        if told != expected:
            wrong[number] = (told[0], expected[0], told[1] ^ expected[1])
    assert not wrong, f"{len(wrong)} of {len(every)}: {dict(list(wrong.items())[:12])}"
