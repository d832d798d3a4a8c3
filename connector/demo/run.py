"""The whole run: prepare, ten steps, report. A step that fails is said to have failed."""

import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from connector.demo import consoles, data, databases, problems, report
from connector.demo.parties import PARTIES
from connector.demo.plan import PLAN, Planned
from connector.demo.processes import Processes, refuse_if_in_use
from connector.demo.results import Findings, Step, Text
from connector.demo.stage import Stage
from connector.party.node import SOFTWARE
from connector.process.errors import SettingsError, VoileError
from crypto.words import Language

_PREPARE: Final = Text("Generate the data, start five processes", "生成数据，启动五个进程")
_STOP: Final = Text("Stop the processes", "停止各进程")
ENDS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
MARKER: Final = ".voile-demo"
_OURS: Final = ("data", "bundles", "parties", "trust.json", "report.html", "report.json")


class Teller(Protocol):
    """Says what goes on, while it goes on."""

    def begins(self, title: Text) -> None:
        """A step begins."""

    def ended(self, step: Step) -> None:
        """A step has ended."""


def run(
    out: Path,
    *,
    scale: float,
    keep: bool,
    teller: Teller,
    database: str = "",
    language: Language = "en",
) -> Stage:
    """Run the demonstration.

    Args:
        out: Folder for data, bundles, homes and reports.
        scale: TPC-H scale factor.
        keep: Leave the processes running, and invite people to their consoles.
        teller: Told of every step.
        database: URL of a PostgreSQL server where each party gets a database; empty: SQLite.
        language: In which the people who are invited are spoken to.

    Returns:
        The stage as the last step left it; its findings are written as report.

    Raises:
        SettingsError: The folder holds something else, an earlier run still works in it, or the
            server does not let us make databases.
    """
    clear(out)
    made = databases.make(database, (party.slug for party in PARTIES)) if database else {}
    prepare = Planned("prepare", _PREPARE, lambda stage: _prepare(stage, scale))
    invite = Planned("invite", consoles.TITLE, lambda stage: consoles.invite(stage, language))
    ending = (invite,) if keep else (Planned("stop", _STOP, _stop),)
    findings = Findings(
        scale=f"{scale:g}",
        version=SOFTWARE,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        planned=[planned.name for planned in (prepare, *PLAN, *ending)],
    )
    stage = Stage(
        out=out, processes=Processes(out / "parties", databases=made), held=(), findings=findings
    )
    with _ended_with_us(stage.processes):
        for planned in (prepare, *PLAN):
            if _run_step(stage, planned, teller).error:
                break
        for planned in ending:
            _run_step(stage, planned, teller)
        report.write(findings, out)
        if keep:
            stage.processes.leave_running()
    return stage


@contextmanager
def _ended_with_us(processes: Processes) -> Iterator[None]:
    """End all processes when this one is told to end, or breaks, with or without `keep`.

    They are told so from within the handler: a thread of ours may wait for an answer of theirs.
    """

    def end(number: int, _frame: object) -> None:
        for one in former:
            signal.signal(one, signal.SIG_IGN)  # once is enough
        processes.end()
        raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(128 + number)

    former = {
        number: signal.signal(number, end)
        for number in ENDS
        if signal.getsignal(number) is not signal.SIG_IGN  # as `nohup` has it
    }
    try:
        yield
    except BaseException:
        processes.stop()
        raise
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def clear(out: Path) -> None:
    """Make the folder, or empty it of an earlier run; anything else in it is left alone."""
    if out.exists() and any(out.iterdir()) and not (out / MARKER).exists():
        raise SettingsError(problems.FOLDER_TAKEN, folder=out)
    out.mkdir(parents=True, exist_ok=True)
    (out / MARKER).touch()
    refuse_if_in_use(out / "parties")
    for name in _OURS:
        path = out / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    (out / "parties").mkdir()


def _prepare(stage: Stage, scale: float) -> None:
    stage.processes.make()
    stage.processes.start()
    stage.check(
        "five processes are ready on loopback",
        "五个进程已在本机就绪",
        ok=len(stage.processes.pids) == len(stage.processes.running),
    )
    stage.held = data.generate(stage.out / "data", scale=scale)
    lines = sum(held.delivery_rows for held in stage.held)
    stage.check(
        f"{lines:,} order lines lie with three suppliers, each with its own part",
        f"{lines:,} 个订单行分属三家供应方，各持一部分",
        ok=lines > 0 and all(held.delivery_rows for held in stage.held),
    )


def _stop(stage: Stage) -> None:
    unclean = stage.processes.stop()
    stage.check(
        "every process ended cleanly on SIGTERM",
        "每个进程收到 SIGTERM 后均正常结束",
        ok=not unclean,
        detail="; ".join(unclean),
    )


def _run_step(stage: Stage, planned: Planned, teller: Teller) -> Step:
    teller.begins(planned.title)
    stage.checks = []
    begun = time.monotonic()
    error = error_zh = ""
    try:
        planned.run(stage)
    except VoileError as failure:
        facts = {"what": failure, "step": failure.next}
        words = problems.STOPPED_NEXT if failure.next_step else problems.STOPPED
        error, error_zh = words.filled("en", facts), words.filled("zh", facts)
    step = Step(
        name=planned.name,
        title=planned.title,
        seconds=time.monotonic() - begun,
        checks=tuple(stage.checks),
        error=error,
        error_zh=error_zh,
    )
    stage.findings.steps.append(step)
    teller.ended(step)
    return step
