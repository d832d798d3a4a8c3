"""The command ``ask``: a question in SQL, an answer as a table, a refusal in words."""

import sys
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from connector.client.answer_words import providers_versions, said_of_bounds
from connector.client.margin_words import helpful_margins
from connector.faces.cli import problems
from connector.faces.cli.answer_table import AnswerTable
from connector.faces.cli.client import (
    Csv,
    Failed,
    Home,
    Json,
    Lang,
    management,
    printable,
    put,
    say,
    show,
)
from connector.faces.cli.does import does
from connector.faces.cli.question_lines import say_explained, say_usage, sentence_of
from connector.faces.cli.sheet import print_sheet
from connector.faces.cli.tongue import spoken
from connector.process.errors import SettingsError
from crypto.words import Words

_REFUSED = Words("未获准：", "refused:")
_LEFT_OUT = Words(
    "HAVING 或 LIMIT 略去 {count} 格",
    "{count} more {count|is|are} released but left out by HAVING or LIMIT",
)
_MODE = Words("模式 {mode}：{why} {seconds} 秒", "mode {mode}: {why} {seconds} s")
_REPEATED = Words("此问题已回答过，不再计次。", "answered before: the stored answer, not charged")
_QUESTION_ID = Words("问题编号 {id}", "question id {id}")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(ask)


@does("question.ask", fields={"agreement": "agreements"})
def ask(
    sql: Annotated[str, typer.Argument(metavar="SQL")],
    home: Home,
    agreement: Annotated[list[str], typer.Option("--agreement", "-a")],
    purpose: Annotated[str, typer.Option("--purpose", "-p")],
    mode: Annotated[str, typer.Option("--mode")] = "",
    question_id: Annotated[str, typer.Option("--question-id")] = "",
    explain: Annotated[bool, typer.Option("--explain")] = False,
    csv: Csv = False,
    as_json: Json = False,
    _lang: Lang = "",
) -> None:
    """Ask, and print the answer as a table, a refusal in words."""
    if csv and (as_json or explain):
        raise SettingsError(problems.CSV_ALONE)
    client = management(home)
    body: dict[str, Any] = {"agreements": agreement, "sql": sql, "purpose": purpose}
    optional = {"mode": mode, "questionId": question_id, "explain": explain}
    body |= {name: value for name, value in optional.items() if value}
    try:
        found = client.post("/v1/questions", body)
    except Failed as error:
        if not error.reasons:
            raise
        reasons = error.reasons
        show(error.body, as_json=as_json, human=lambda: _say_refusal(reasons))
        raise typer.Exit(1) from error
    margins = found.get("margins") or ()
    if explain:
        allowed = found["explain"].get("allowed") is True
        show(found, as_json=as_json, human=lambda: say_explained(found["explain"], sql, margins))
        if not allowed:
            raise typer.Exit(1)
        return
    table = AnswerTable(sql, found["answer"], spoken())
    if csv:
        sys.stdout.write(table.csv())
        return
    show(found, as_json=as_json, human=lambda: _print(found, table))


def _print(found: Mapping[str, Any], table: AnswerTable) -> None:
    print_sheet(table.rich())
    answer, tongue = found["answer"], spoken()
    for line in (said_of_bounds(answer, tongue), *providers_versions(answer, tongue)):
        if line:
            put(printable(line))
    put(table.counts.said(tongue))
    for line in table.said_of_each():
        put(printable(line))
    for one in helpful_margins(answer, table.outputs, found.get("margins") or ()):
        put(printable(one.said(tongue)))
    if answer.get("leftOut"):
        say(_LEFT_OUT, count=answer["leftOut"])
    say(_MODE, mode=found["mode"], why=found["why"][tongue], seconds=found["seconds"])
    if found.get("repeated"):
        say(_REPEATED)
    if usage := found.get("usage"):
        say_usage(usage)
    say(_QUESTION_ID, id=found["questionId"])


def _say_refusal(reasons: list[Any]) -> None:
    lines = [_REFUSED.said(spoken()), *(f"  - {sentence_of(reason)}" for reason in reasons)]
    sys.stderr.write("\n".join(lines) + "\n")
