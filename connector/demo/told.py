"""What `voile demo --json` prints: one value, when all has ended."""

from pathlib import Path
from typing import Any

from connector.demo.results import Findings, Step, Text
from connector.demo.stage import Stage
from crypto.words import Language


class Silent:
    """Says nothing while it goes on: standard output is for the one value."""

    def begins(self, title: Text) -> None:
        """A step begins."""

    def ended(self, step: Step) -> None:
        """A step has ended."""


def counted(findings: Findings) -> dict[str, int]:
    """Count what was released, equal to plaintext, and withheld, over all questions."""
    return {
        "released": sum(question.released for question in findings.questions),
        "equal": sum(question.equal for question in findings.questions),
        "withheld": sum(question.withheld for question in findings.questions),
    }


def as_json(
    stage: Stage, out: Path, seconds: float, *, keep: bool, language: Language
) -> dict[str, Any]:
    """Give how it went; with `keep` also what runs, whom to let in where, and what to try.

    Args:
        stage: as the last step left it.
        out: folder of the reports.
        seconds: how long it took.
        keep: whether the processes go on.
        language: of the words in it.
    """
    findings = stage.findings
    checks = [check for step in findings.steps for check in step.checks]
    wrong = [_said(check.what, language) for check in checks if not check.ok]
    wrong += [step.error for step in findings.steps if step.error]
    told: dict[str, Any] = {
        "ok": findings.ok,
        "steps": len(findings.steps),
        "planned": len(findings.planned),
        "checks": len(checks),
        "wrong": wrong,
        "seconds": round(seconds, 3),
        **counted(findings),
        "report": str(out / "report.html"),
    }
    if not keep:
        return told
    from connector.demo.next_steps import suggestions

    tries = [
        {"what": _said(what, language), "command": list(command)}
        for what, command in suggestions(stage)
    ]
    return told | {
        "pids": list(stage.processes.pids),
        "consoles": [one.as_json(language) for one in stage.invited],
        "try": tries,
    }


def _said(text: Text, language: Language) -> str:
    return text.zh if language == "zh" else text.en
