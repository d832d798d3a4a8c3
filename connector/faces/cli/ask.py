"""The command ``ask``: a question in SQL, an answer as a table, a refusal in words."""

import sys
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import typer

from connector.faces.cli.answer_table import AnswerTable
from connector.faces.cli.answer_words import providers_versions, said_of_bounds, said_of_cells
from connector.faces.cli.client import (
    Failed,
    Home,
    Json,
    Lang,
    language,
    management,
    printable,
    say,
    show,
    unreadable,
)
from connector.faces.cli.sheet import print_sheet
from connector.process.errors import SettingsError
from policies.phrase_words import clause as said
from policies.phrases import render, sentence
from policies.profile import PURPOSES
from policies.reasons import Reason

Language = Literal["zh", "en"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(ask)
    app.command()(questions)


def ask(
    sql: Annotated[str, typer.Argument(metavar="SQL", help="SELECT … FROM … [WHERE …] …")],
    home: Home,
    agreement: Annotated[
        list[str],
        typer.Option("--agreement", "-a", help="Agreement id; repeat it for a total over several."),
    ],
    purpose: Annotated[
        str, typer.Option("--purpose", "-p", help=f"{', '.join(PURPOSES)}; or an IRI.")
    ],
    mode: Annotated[
        str, typer.Option("--mode", help="masked or homomorphic; default: the cheapest that fits.")
    ] = "",
    question_id: Annotated[
        str, typer.Option("--question-id", help="Ask again: the same answer, not charged twice.")
    ] = "",
    explain: Annotated[
        bool, typer.Option("--explain", help="Say whether it would be allowed; nothing is charged.")
    ] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Ask a question under an agreement, and print the answer."""
    if csv and (as_json or explain):
        raise SettingsError(
            "`--csv` prints answers only", code="usage", next_step="leave --json or --explain out"
        )
    client = management(home)
    tongue: Language = "zh" if language(client.settings, lang) == "zh" else "en"
    body: dict[str, Any] = {"agreements": agreement, "sql": sql, "purpose": purpose}
    optional = {"mode": mode, "questionId": question_id, "explain": explain}
    body |= {name: value for name, value in optional.items() if value}
    try:
        found = client.post("/v1/questions", body)
    except Failed as error:
        if not error.reasons:
            raise
        reasons = error.reasons
        show(error.body, as_json=as_json, human=lambda: _say_refusal(reasons, tongue))
        raise typer.Exit(1) from error
    if explain:
        allowed = found["explain"].get("allowed") is True
        show(found, as_json=as_json, human=lambda: _say_explained(found["explain"], tongue))
        if not allowed:
            raise typer.Exit(1)
        return
    table = AnswerTable(sql, found["answer"], tongue)
    if csv:
        sys.stdout.write(table.csv())
        return
    show(found, as_json=as_json, human=lambda: _print(found, table, tongue))


def questions(home: Home, as_json: Json = False, lang: Lang = "") -> None:
    """List the questions that we asked, newest first."""
    client = management(home)
    tongue: Language = "zh" if language(client.settings, lang) == "zh" else "en"
    found = client.get("/v1/questions")

    def human() -> None:
        rows = [*found["questions"], *found.get("totals", [])]
        for row in (row for row in rows if "unreadable" in row):
            say(f"{row['state']:<9} {row['questionId']}")
            say(f"          {unreadable(row, tongue)}")
        readable = (row for row in rows if "unreadable" not in row)
        for row in sorted(readable, key=lambda row: -row["asked"]):
            providers = [row["provider"]] if "provider" in row else list(row["agreements"])
            say(f"{row['state']:<9} {row['questionId']}  {row['mode']}  {', '.join(providers)}")
            if "sql" in row:
                say(f"          {printable(row['sql'])}")
            for reason in row["reasons"]:
                say(f"          {_said(reason, tongue)}")

    show(found, as_json=as_json, human=human)


def _print(found: Mapping[str, Any], table: AnswerTable, tongue: Language) -> None:
    zh = tongue == "zh"
    print_sheet(table.rich())
    answer = found["answer"]
    for line in (said_of_bounds(answer, tongue), *providers_versions(answer, tongue)):
        if line:
            say(printable(line))
    say(said_of_cells(answer, tongue))
    if answer.get("leftOut"):
        left_out = answer["leftOut"]
        say(
            f"HAVING 或 LIMIT 略去 {left_out} 格"
            if zh
            else f"{left_out} more are released but left out by HAVING or LIMIT"
        )
    why = found["why"][tongue]
    seconds = found["seconds"]
    say(
        f"模式 {found['mode']}：{why} {seconds} 秒"
        if zh
        else f"mode {found['mode']}: {why} {seconds} s"
    )
    if found.get("repeated"):
        say(
            "此问题已回答过，不再计次。"
            if zh
            else "answered before: the stored answer, not charged"
        )
    usage = found.get("usage") or {}
    if usage:
        _say_usage(usage, tongue)
    say(f"问题编号 {found['questionId']}" if zh else f"question id {found['questionId']}")


def _say_usage(usage: Mapping[str, Any], tongue: Language) -> None:
    """Say what is left of the contract's count; of a total, of each provider's."""
    each = {"": usage} if "limit" in usage else usage
    zh = tongue == "zh"
    for provider, told in each.items():
        if not isinstance(told, Mapping):
            continue
        if told.get("limit") is None:
            text = "合约不限次数" if zh else "the contract does not limit the count"
        else:
            left, limit = told["left"], told["limit"]
            text = f"合约剩余 {left}/{limit} 次" if zh else f"{left} of {limit} answers left"
        say(f"{text}  {provider}".rstrip())


def _say_refusal(reasons: list[Any], tongue: Language) -> None:
    lines = ["未获准：" if tongue == "zh" else "refused:"]
    lines += [f"  - {_said(reason, tongue)}" for reason in reasons]
    sys.stderr.write("\n".join(lines) + "\n")


def _said(reason: Mapping[str, Any], tongue: Language) -> str:
    return printable(sentence(Reason.from_json(reason), tongue))


def _say_explained(found: Mapping[str, Any], tongue: Language) -> None:
    zh = tongue == "zh"
    if found.get("allowed") is not True:
        say("不会获准：" if zh else "it would be refused:")
        for reason in found.get("reasons", []):
            say(f"  - {_said(reason, tongue)}")
        _say_clauses(found, zh=zh)
        return
    if decides := found.get("decides"):
        say(f"{'各供方' if zh else 'each provider says'}: {render(str(decides), tongue)}")
    else:
        say("会获准。" if zh else "it would be allowed.")
    if found.get("repeated"):
        say("  此问题已回答过，不再计次。" if zh else "  answered before: the stored answer comes")
    say(f"  {'模式' if zh else 'mode'} {found['mode']}: {render(found['why']['code'], tongue)}")
    if "minimumContributors" in found:
        k = found["minimumContributors"]
        say(f"  每格至少 {k} 个贡献者" if zh else f"  at least {k} contributors per released cell")
    _say_clauses(found, zh=zh)
    if found.get("usage"):
        _say_usage(found["usage"], tongue)
    say("未计次。" if zh else "nothing was charged.")


def _say_clauses(found: Mapping[str, Any], *, zh: bool) -> None:
    """List the contract's clauses, each with what it was tried on and how it came out."""
    signs = {"true": "✓", "false": "✗", "unknown": "?", "later": "…"}
    for clause in found.get("clauses", []):
        sign = signs.get(str(clause.get("verdict")), "?")
        ban = clause.get("effect") == "prohibition"
        effect = ("禁止 " if zh else "prohibited: ") if ban else ""
        given = f"  ({clause['given']})" if clause.get("given") else ""
        text = said(str(clause.get("text", "")), 0 if zh else 1)
        say(printable(f"  {sign} {effect}{text}{given}"))
