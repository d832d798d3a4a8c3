"""Step 8: every released number beside the plaintext answer over all the data."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from connector.demo import compare
from connector.demo.asked import Asked, cells_of
from connector.demo.results import Question
from connector.demo.stage import Stage


def run(stage: Stage) -> None:
    """Compare; the numbers that were withheld are shown beside, for they were not released."""
    small = []
    for asked, found in stage.asked:
        truth = stage.plain.answer(asked.reference)
        question = as_question(stage, asked, found)
        question = replace(question, cells=compare.beside_plaintext(question.cells, truth))
        stage.findings.questions.append(question)
        if asked.shown:
            stage.checks.extend(compare.checks(question, truth))
        else:
            small.append(question)
    if small:
        stage.checks.append(compare.tally(small))


def as_question(stage: Stage, asked: Asked, found: Mapping[str, Any]) -> Question:
    """An answer as the report shows it, not compared yet."""
    return Question(
        id=asked.id,
        title=asked.title,
        sql=asked.sql,
        mode=str(found["mode"]),
        providers=tuple(stage.processes.running[slug].did for slug in asked.suppliers),
        cells=cells_of(found["answer"]),
        seconds=float(found["seconds"]),
        left=_left(found.get("usage")),
        shown=asked.shown,
    )


def _left(usage: object) -> str:
    """What is left of the contract's count; of the scarcest, where several contracts were asked."""
    if not isinstance(usage, Mapping):
        return ""
    parts = [usage, *(part for part in usage.values() if isinstance(part, Mapping))]
    left = [part["left"] for part in parts if isinstance(part.get("left"), int)]
    return str(min(left)) if left else ""
