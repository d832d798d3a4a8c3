"""The command ``demo``: five processes on this machine, from certification to audited answers."""

import shlex
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from connector.faces.cli.client import Json, Lang, language, put, show
from connector.faces.cli.management_keys import role_said
from connector.faces.cli.words import padded
from crypto.words import Words

if TYPE_CHECKING:
    from connector.demo.results import Findings, Step, Text
    from connector.demo.stage import Stage


_STEP: Final = Words(
    "{mark} {number}  {title}{seconds} 秒   {held}/{of}",
    "{mark} {number}  {title}{seconds} s   {held}/{of}",
)
_SUMMARY: Final = Words(
    "放出 {released} 个数，其中 {equal} 个与明文一致；未放出 {withheld} 个",
    "{released} numbers released, {equal} equal to plaintext; {withheld} withheld",
)
_HELD: Final = Words(
    "voile demo: 全部成立（{steps} 步，{checks} 项检查，{seconds} 秒）",
    "voile demo: all held ({steps} steps, {checks} checks, {seconds} s)",
)
_NOT_HELD: Final = Words(
    "voile demo: 并非全部成立：{bad} 项不成立，{missing} 步未执行（{seconds} 秒）",
    "voile demo: NOT all held: {bad} failed, {missing} not reached ({seconds} s)",
)
_STILL_RUNNING: Final = Words("进程仍在运行。可以试试：", "The processes are still running. Try:")
_CONSOLES: Final = Words(
    "控制台在浏览器中打开。以下链接各能使用一次，{days} 天内有效：设置密码，"
    "角色需要时还须用验证器应用扫码",
    "The consoles open in a browser. Each link is good once, for {days} days: choose a password,"
    " and where the role needs one add an authenticator app",
)
_DESK: Final = Words(
    "  # {party}，以 `{name}` 登录（{roles}）：{look}",
    "  # {party}, as `{name}` ({roles}): {look}",
)
_FIRST: Final = Words("    之后先看 {first}", "    then, first: {first}")
_STOP_THEM: Final = Words("  # 停止它们", "  # stop them")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def demo(
    scale: Annotated[
        float,
        typer.Option("--scale", min=0.01, max=100, help="TPC-H scale: 0.1 is 600,572 lines."),
    ] = 0.1,
    keep: Annotated[
        bool,
        typer.Option(
            "--keep", help="Leave the processes running: links to sign in with, what to try."
        ),
    ] = False,
    out: Annotated[
        Path, typer.Option("--out", help="Folder for data, bundles and reports.")
    ] = Path("demo-out"),
    lang: Lang = "",
    database: Annotated[
        str,
        typer.Option("--database", help="A PostgreSQL server: postgresql+psycopg://…, not SQLite."),
    ] = "",
    as_json: Json = False,
) -> None:
    """Run five processes on this machine, from certification to audited answers."""
    from connector.demo import told
    from connector.demo.run import run

    spoken = language(lang)
    loud = None if as_json else Teller(zh=spoken == "zh")
    begun = time.monotonic()
    stage = run(
        out.resolve(),
        scale=scale,
        keep=keep,
        teller=loud or told.Silent(),
        database=database,
        language=spoken,
    )
    seconds = time.monotonic() - begun
    if loud is None:
        value = told.as_json(stage, out, seconds, keep=keep, language=spoken)
        show(value, as_json=True)
    else:
        loud.all(stage, out, seconds, keep=keep)
    if not stage.findings.ok:
        raise typer.Exit(1)


class Teller:
    """Prints each step while it runs and when it has ended."""

    def __init__(self, *, zh: bool) -> None:
        from rich.console import Console

        self._zh = zh
        self._console = Console(highlight=False)
        self._status = self._console.status("")
        self._number = -1

    def begins(self, title: "Text") -> None:
        """A step begins."""
        self._number += 1
        self._status.update(f"{self._number:>2}  {self._pick(title)} …")
        self._status.start()

    def ended(self, step: "Step") -> None:
        """A step has ended: its time, and what did not hold."""
        self._status.stop()
        held = sum(check.ok for check in step.checks)
        mark = "✓" if step.ok else "✗"
        title = padded(self._pick(step.title), 46)
        facts = {"seconds": f"{step.seconds:6.1f}", "held": held, "of": len(step.checks)}
        self._say(_STEP, mark=mark, number=f"{self._number:>2}", title=title, **facts)
        for check in step.checks:
            if not check.ok:
                put(f"      ✗ {self._pick(check.what)}")
                put(f"        {check.detail[:600]}")
        if step.error:
            said = step.error_zh if self._zh and step.error_zh else step.error
            put(f"      ✗ {said[:600]}")

    def all(self, stage: "Stage", out: Path, seconds: float, *, keep: bool) -> None:
        """Say what came of it, once it is over."""
        self.drills(stage.findings)
        self.summary(stage.findings, out)
        if keep:
            self.consoles(stage)
            self.what_next(stage)
        self.verdict(stage.findings, seconds)

    def drills(self, findings: "Findings") -> None:
        """Say who attacked, what came back, and what could be inferred, in plain words."""
        for drill in findings.drills:
            put()
            put(f"{'✓' if drill.held else '✗'} {self._pick(drill.title)}")
            for line in (drill.tried, drill.came, drill.inferred):
                put(f"    {self._pick(line)}")

    def summary(self, findings: "Findings", out: Path) -> None:
        """Say what was released, withheld and refused, and where the report lies."""
        from connector.demo.told import counted

        put()
        counts = counted(findings)
        self._say(_SUMMARY, **{name: f"{count:,}" for name, count in counts.items()})
        put(f"{out / 'report.html'}")

    def verdict(self, findings: "Findings", seconds: float) -> None:
        """The last line: whether all held."""
        bad = sum(not check.ok for step in findings.steps for check in step.checks)
        bad += sum(bool(step.error) for step in findings.steps)
        checks = sum(len(step.checks) for step in findings.steps)
        steps, took = len(findings.steps), f"{seconds:.0f}"
        if findings.ok:
            self._say(_HELD, steps=steps, checks=checks, seconds=took)
        else:
            missing = len(findings.planned) - len(findings.steps)
            self._say(_NOT_HELD, bad=bad, missing=missing, seconds=took)

    def consoles(self, stage: "Stage") -> None:
        """Say who may look where: the links stand nowhere else."""
        from connector.demo.consoles import DAYS

        if not stage.invited:
            return
        put()
        self._say(_CONSOLES, days=DAYS)
        for one in stage.invited:
            party, desk = one.desk.party, one.desk
            roles = [role_said(role) for role in desk.roles]
            name = party.zh if self._zh else party.en
            self._say(_DESK, party=name, name=one.name, roles=roles, look=desk.look)
            put(f"    {one.link}")
            self._say(_FIRST, first=one.address + desk.first)

    def what_next(self, stage: "Stage") -> None:
        """Say what to try against the processes that were left running."""
        from connector.demo.next_steps import suggestions

        put()
        self._say(_STILL_RUNNING)
        for what, command in suggestions(stage):
            put(f"  # {self._pick(what)}")
            put(f"  {' '.join(map(quoted, command))}")
        self._say(_STOP_THEM)
        put(f"  kill {' '.join(map(str, stage.processes.pids))}")
        put()

    def _say(self, words: Words, **facts: object) -> None:
        put(words.filled("zh" if self._zh else "en", facts))

    def _pick(self, text: "Text") -> str:
        return text.zh if self._zh else text.en


def quoted(word: str) -> str:
    """Quote a word for a shell; one with apostrophes in double quotes, which read better."""
    plain = "'" in word and not set(word) & set('"$`\\!')
    return f'"{word}"' if plain else shlex.quote(word)
