"""The second verifier, asked what it says of a bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.areas.audit import verify as second
from contracts.audit.trust import write_trust
from contracts.audit.verify import verify

if TYPE_CHECKING:
    from contracts.audit.report import Report
    from contracts.audit.verify import Bundle

NOT_CHECKABLE = "not-checkable"  # what it says of ES256 and of opened totals


def judged(bundle: Bundle) -> second.Check:
    """Check a bundle with the trust and clock that it comes with."""
    trust = second.read_trust(write_trust(bundle.trust))
    return second.Check(bundle.files, trust, bundle.now).run()


def outcome(check: second.Check) -> str:
    """Its headline."""
    return second.OUTCOMES[check.code]


def verified(bundle: Bundle) -> Report:
    """Check a bundle with both; they say the same."""
    report, check = verify(bundle), judged(bundle)
    ours = {(one.level, one.code) for one in report.findings}
    assert {(one.level, one.code) for one in check.found} == ours
    assert outcome(check) == report.outcome
    return report
