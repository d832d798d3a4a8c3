"""Waiting for a negotiation: seen or unseen, with an end, and with the reason if it is declined."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from connector.client import problems
from connector.client.channel import part
from connector.client.errors import Declined, OtherTerms, StillWaiting
from crypto.words import Words, verbatim
from policies.phrases import sentence
from policies.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from connector.client.channel import Channel
    from crypto.words import Language

SECONDS: Final = 60.0
_FIRST_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 1.0
_LINE: Final = Words("协商 {state}（{seconds} 秒）", "negotiation {state} ({seconds} s)")


@dataclass(frozen=True, slots=True)
class Step:
    """Where a negotiation is: told once for each state that is seen."""

    pid: str
    state: str
    seconds: float


def shown_on_stderr(language: Language) -> Callable[[Step], None]:
    """Make a watcher that prints one line for each state."""

    def show(step: Step) -> None:
        line = _LINE.filled(language, {"state": step.state, "seconds": f"{step.seconds:.1f}"})
        sys.stderr.write(line + "\n")
        sys.stderr.flush()

    return show


def wait(
    channel: Channel,
    found: Mapping[str, Any],
    *,
    seconds: float,
    watch: Callable[[Step], None] | None,
    language: Language,
) -> str:
    """Wait until a negotiation is concluded; give the id of its agreement.

    Raises:
        Declined: it was ended.
        OtherTerms: other terms than were asked for wait for us.
        StillWaiting: the time is up.
    """
    pid, began, last, pause = str(found["pid"]), time.monotonic(), "", _FIRST_PAUSE
    while True:
        state, spent = str(found["state"]), time.monotonic() - began
        if state != last and watch is not None:
            watch(Step(pid, state, spent))
        last = state
        if state == "FINALIZED":
            return str(found["agreement"])
        if state == "TERMINATED":
            raise _declined(found, pid, language)
        offer = found.get("offer") or {}
        if state == "OFFERED" and offer.get("differs"):
            raise _waiting(OtherTerms(problems.OTHER_TERMS, pid=pid), pid, offer, language)
        if spent >= seconds:
            late = StillWaiting(
                problems.STILL_WAITING, pid=pid, state=state, seconds=f"{spent:.0f}"
            )
            raise _waiting(late, pid, offer, language)
        time.sleep(min(pause, max(0.0, seconds - spent)))
        pause = min(pause * 1.3, _LONGEST_PAUSE)
        found = channel.get(f"/v1/negotiations/{part(pid)}")


def _declined(found: Mapping[str, Any], pid: str, language: Language) -> Declined:
    ended: Mapping[str, Any] = found.get("ended") or {}
    reasons = tuple(ended.get("reason") or ())
    said = "; ".join(filter(None, (_said(one, language) for one in reasons)))
    why = verbatim(said or str(ended.get("code", ""))) if said or ended.get("code") else None
    error = Declined(
        problems.DECLINED,
        by=str(ended.get("by") or found.get("counterparty", "")),
        why=why or problems.NO_REASON,
        pid=pid,
    )
    error.pid, error.reasons = pid, reasons
    return error.speaking(language)


def _said(reason: Any, language: Language) -> str:
    """Say one reason that a peer gave: one of ours in our words, any other text as it came."""
    if isinstance(reason, dict) and isinstance(reason.get("code"), str):
        return sentence(Reason.from_json(reason), language)
    if isinstance(reason, dict):
        return str(reason.get("@value", "")) or str(reason)
    return str(reason)


def _waiting(
    error: StillWaiting, pid: str, offer: Mapping[str, Any], language: Language
) -> StillWaiting:
    error.pid, error.offer = pid, offer
    return error.speaking(language)
