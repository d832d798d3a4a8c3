"""`report.json` for machines and `report.html` for people, both made from the same findings."""

import json
from pathlib import Path
from typing import Any

from connector.demo import pictures
from connector.demo.results import Findings, Question

REPORT_VERSION = 1


def as_json(findings: Findings) -> dict[str, Any]:
    """The report's machine-readable form; every number of a cell is a decimal string."""
    return {
        "version": REPORT_VERSION,
        "ok": findings.ok,
        "steps": [
            {"name": step.name, "seconds": round(step.seconds, 3), "ok": step.ok}
            for step in findings.steps
        ],
        "questions": [_question(question) for question in findings.questions],
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "sql": question.sql,
        "mode": question.mode,
        "providers": list(question.providers),
        "cells": [
            {
                "key": dict(cell.key),
                "measure": cell.measure,
                "unit": cell.unit,
                "value": cell.value,
                "reason": cell.reason,
                "plaintext": cell.plaintext,
                "equal": cell.equal,
            }
            for cell in question.cells
        ],
    }


def as_html(findings: Findings) -> str:
    """One self-contained page: no font, script, style or picture from elsewhere."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("connector.demo"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html").render(
        run=findings, pictures=pictures.draw(findings)
    )


def write(findings: Findings, folder: Path) -> tuple[Path, Path]:
    """Write both reports into `folder` and return their paths."""
    page, data = folder / "report.html", folder / "report.json"
    data.write_text(
        json.dumps(as_json(findings), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    page.write_text(as_html(findings), encoding="utf-8")
    return page, data
