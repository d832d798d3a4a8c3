"""Runs cases against a connector and tells what became of them."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tests.tck.play import KIT_PAUSE, Play, Stage
from tests.tck.voice import Voice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.tck.cases import Case
    from tests.tck.ears import Ears


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case; `why` is empty where it passed."""

    case: str
    seconds: float
    why: str = ""
    early: int = 0  # messages that came before their handler

    def line(self) -> str:
        """Give the line that is printed."""
        verdict = f"FAILED  {self.why}" if self.why else "passed"
        early = f"  ({self.early} early)" if self.early else ""
        return f"{self.case:<11} {self.seconds:6.2f} s  {verdict}{early}"

    def as_json(self) -> dict[str, Any]:
        """Give the object that `--json` prints."""
        return {
            "case": self.case,
            "passed": not self.why,
            "seconds": round(self.seconds, 3),
            "early": self.early,
            "why": self.why,
        }


CALL_SECONDS: Final = 30.0  # for one answer, on a machine that plays sixteen cases at a time


def stage_of(
    url: str, *, callback: str, wait: float, pause: float = KIT_PAUSE, patient: bool = False
) -> Stage:
    """Name the addresses as the kit's properties file does.

    Args:
        url: the connector's public URL.
        callback: the kit's own address.
        wait: seconds to wait for a message or a state.
        pause: seconds before a state is read.
        patient: whether it hears nothing between what it says and its own step.
    """
    return Stage(
        base=f"{url}/dsp/2025-1",
        root=f"{url}/dsp",
        webhooks=f"{url}/tck",
        callback=callback,
        wait=wait,
        pause=pause,
        patient=patient,
    )


def run(
    cases: Sequence[Case],
    stage: Stage,
    ears: Ears,
    *,
    jobs: int,
    tell: Callable[[Outcome], None] = lambda _: None,
) -> list[Outcome]:
    """Play cases, several at a time; each has an address of its own below the callback address.

    Args:
        cases: which.
        stage: where.
        ears: the callback server.
        jobs: how many at a time; with one, the bare callback address is used, as the kit does.
        tell: hears of each outcome as it comes.
    """
    voice = Voice(timeout=max(stage.wait, CALL_SECONDS))

    def one(case: Case) -> Outcome:
        ear = ears.open("" if jobs == 1 else case.name.lower().replace(":", "-"))
        started = time.monotonic()
        why = ""
        try:
            Play(case, stage, voice, ear).run()
        except AssertionError as error:
            why = str(error) or type(error).__name__
        except Exception as error:  # noqa: BLE001 -- an answer that nobody thought of fails the case
            why = f"{type(error).__name__}: {error}"
        finally:
            ears.shut(ear)
        outcome = Outcome(case.name, time.monotonic() - started, why, ear.early)
        tell(outcome)
        return outcome

    try:
        with ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="case") as pool:
            return list(pool.map(one, cases))
    finally:
        voice.close()


def failed(outcomes: Sequence[Outcome]) -> set[str]:
    """Name the cases that failed."""
    return {outcome.case for outcome in outcomes if outcome.why}


def last_line(outcomes: Sequence[Outcome]) -> str:
    """Give the line that a run ends with."""
    bad = len(failed(outcomes))
    return f"tck: {len(outcomes) - bad} passed, {bad} failed"


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
