"""The verifier in the browser judges every forged bundle as `voile audit verify` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contracts.audit.memo import Memo
from contracts.audit.verify import verify
from tests.browser.verifying import Verifier, modules
from tests.connector.audit.corpus import KINDS, corpus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

pytestmark = [pytest.mark.slow, pytest.mark.long]


@pytest.fixture(scope="module")
def verifier(browser: Browser) -> Iterator[Verifier]:
    """One page for the whole corpus."""
    with modules(browser) as (page, where):
        yield Verifier(page, where)


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
