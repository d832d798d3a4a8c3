"""What an attempt came to: delivered, tried again, or parked; handlers decide on refusals."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final, Literal, Protocol

from connector.process.ports import Response, unix_ms
from connector.store.outbox_rows import DELIVERED, PARKED, Queued

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

    from connector.store.transaction import Transaction

Verdict = Literal["done", "retry", "soon", "park"]

BASE_MS: Final = 250
SOON_MS: Final = 20  # until the second attempt, where the peer needs but a moment
CAP_MS: Final = 60_000
MAX_ATTEMPTS: Final = 60  # about fifty minutes of an absent peer; then parked, resumable
MAX_ASKED_SECONDS: Final = 60  # of a peer's Retry-After
RETRY_STATUS: Final = frozenset({408, 425, 429})
STRANGER_STATUS: Final = frozenset({401, 403, 404})  # what a peer says that does not take our token


class Handler(Protocol):
    """Hears what became of a message of its kind. Runs in the transaction of the outcome."""

    def acknowledged(self, tx: Transaction, row: Queued, response: Response) -> None:
        """The peer took it (2xx)."""
        ...

    def refused(self, tx: Transaction, row: Queued, response: Response) -> Verdict | None:
        """The peer refused it (3xx, 4xx). None parks the message, `soon` needs but a moment."""
        ...


class _Quiet:
    """The handler of kinds that nobody listens to."""

    def acknowledged(self, tx: Transaction, row: Queued, response: Response) -> None:
        """Nothing more to do."""

    def refused(self, _tx: Transaction, _row: Queued, _response: Response) -> Verdict | None:
        """Park it."""
        return "park"


QUIET: Final = _Quiet()


def settle(
    tx: Transaction,
    row: Queued,
    response: Response | None,
    reason: str,
    *,
    handler: Handler,
    log: FilteringBoundLogger,
) -> None:
    """Write down one attempt, in the transaction in which its handler hears of it.

    Args:
        tx: the transaction of the outcome.
        row: the message.
        response: what the peer answered; None if nothing whole came back.
        reason: why nothing came back.
        handler: decides on a refusal.
        log: told of what was parked or put off.
    """
    row.attempts += 1
    before, row.last_status = row.last_status, response.status if response else None
    verdict: Verdict = "retry"
    if response is None:
        pass
    elif 200 <= response.status < 300:
        handler.acknowledged(tx, row, response)
        verdict, reason = "done", ""
    elif response.status in STRANGER_STATUS and response.status != before:
        # it may not have had our newest key, or a proxy sent our token twice: such a refusal is
        # believed when a fresh token meets it, too
        reason = f"answered {response.status}"
    elif response.status < 500 and response.status not in RETRY_STATUS:
        verdict = handler.refused(tx, row, response) or "park"
        reason = f"answered {response.status}"
    else:
        reason = f"answered {response.status}"
    _conclude(tx, row, verdict, reason, asked_ms=_asked(response), log=log)


def put_off(tx: Transaction, row: Queued, reason: str, *, log: FilteringBoundLogger) -> None:
    """Count an attempt whose outcome could not be written, and try again later."""
    row.attempts += 1
    _conclude(tx, row, "retry", reason, asked_ms=0, log=log)


def _conclude(
    tx: Transaction,
    row: Queued,
    verdict: Verdict,
    reason: str,
    *,
    asked_ms: int,
    log: FilteringBoundLogger,
) -> None:
    now = unix_ms(tx.now)
    row.reason = reason
    if verdict in {"retry", "soon"} and row.attempts >= MAX_ATTEMPTS:
        verdict, row.reason = "park", f"{reason}; gave up after {row.attempts} attempts"
    match verdict:
        case "done":
            row.state, row.ended_ms = DELIVERED, now
        case "park":
            row.state, row.ended_ms = PARKED, now
            log.warning("outbox-parked", peer=row.peer, kind=row.kind, reason=row.reason)
        case "retry" | "soon":
            base = BASE_MS if verdict == "retry" else SOON_MS
            row.next_ms = now + max(asked_ms, delay_ms(row.attempts, base))
            log.info("outbox-retry", peer=row.peer, kind=row.kind, reason=row.reason)


def delay_ms(attempts: int, base: int = BASE_MS) -> int:
    """Give the milliseconds until the next attempt: doubling, capped, with jitter."""
    full = min(CAP_MS, base << min(attempts - 1, 16))
    return int(full * random.uniform(0.5, 1.0))  # noqa: S311 -- it spreads load and hides nothing


def _asked(response: Response | None) -> int:
    """Read a bounded Retry-After in seconds, as milliseconds."""
    text = response.headers.get("retry-after", "") if response else ""
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        return 0
    return min(int(text), MAX_ASKED_SECONDS) * 1000
