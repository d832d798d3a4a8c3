"""Commands about agreements: list, show, end, get back what a backup did not have."""

from pathlib import Path
from typing import Annotated

import typer

from connector.faces.cli.client import (
    Home,
    Json,
    Lang,
    language,
    management,
    part,
    printable,
    say,
    show,
    unreadable,
)
from connector.faces.cli.contract_lines import reason_line, say_terms
from connector.process.errors import SettingsError

Id = Annotated[str, typer.Argument(metavar="ID", help="@id of the agreement.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, in words for the other side.")]
Code = Annotated[str, typer.Option("--code", help="Why, as a stable code.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(agreement)
    group = typer.Typer(help="List agreements; end one, or get lost ones back.")
    group.callback(invoke_without_command=True)(listed)
    group.command("end")(end)
    group.command("recover")(recover)
    app.add_typer(group, name="agreements")


def listed(
    context: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option("--home", envvar="VOILE_HOME", help="Folder with voile.toml and data."),
    ] = None,
    as_json: Json = False,
) -> None:
    """List agreements, newest first; with a command: end one, or get lost ones back."""
    if context.invoked_subcommand is not None:
        return
    if home is None:
        raise SettingsError(
            "expected a home, got none", code="usage", next_step="give --home, or set VOILE_HOME"
        )
    found = management(home).get("/v1/agreements")

    def human() -> None:
        for item in found["agreements"]:
            state = item["state"]
            name = printable(item["id"])
            say(f"{name}  {item['role']:8}  {state:13}  signatures {item['signatures']}")
            say(f"    {item['counterparty']}  {printable(item['dataset'])}")
            if item["unreadable"]:
                say(f"    {unreadable(item, 'en')}")

    show(found, as_json=as_json, human=human)


def agreement(agreement_id: Id, home: Home, as_json: Json = False) -> None:
    """Show one agreement: parties, terms, who signed when."""
    found = management(home).get(f"/v1/agreements/{part(agreement_id)}")

    def human() -> None:
        body = found["body"]
        say(printable(f"agreement   {found['id']}"))
        say(printable(f"provider    {body.get('assigner', '?')}"))
        say(printable(f"consumer    {body.get('assignee', '?')}"))
        say(printable(f"dataset     {found['dataset']}"))
        say(f"since       {found['finalized'] or 'not concluded yet'}")
        say(f"state       {found['state']}")
        if found["ended"]:
            code = found["endedWhy"].get("code", "")
            words = found["endedWhy"].get("reason") or ([{"code": code}] if code else [])
            why = "; ".join(reason_line(word, "en") for word in words if word)
            say(printable(f"ended       {found['ended']} by {found['endedBy']} {why}".rstrip()))
        say(f"signatures  {found['signatures']}")
        for stage in found["stages"]:
            say(f"    {stage['stage']:10} {stage['signed']}  {stage['signer']}")
        if found["unreadable"]:
            say(f"terms       {unreadable(found, 'en')}")
        say_terms(body, "en")
        for item in found["transfers"]:
            say(f"transfer    {item['pid']}  {item['state']}")

    show(found, as_json=as_json, human=human)


def end(
    agreement_id: Id,
    home: Home,
    reason: Reason = "",
    code: Code = "",
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """End an agreement: nothing is asked, opened or answered under it any more."""
    client = management(home)
    zh = language(client.settings, lang) == "zh"
    body = {"reason": reason, "code": code}
    found = client.post(f"/v1/agreements/{part(agreement_id)}/end", body)

    def human() -> None:
        say(f"{'已终止' if zh else 'ended'}  {found['id']}")
        if found["told"]:
            say("  已通知对方" if zh else "  the other side is told")
        else:
            say(
                "  仅在本方终止：协议没有相应的消息，请自行告知对方"
                if zh
                else "  here only: the protocol has no message for it; tell the other side yourself"
            )

    show(found, as_json=as_json, human=human)


def recover(
    provider: Annotated[str, typer.Option("--from", help="did:web:… of the provider.")],
    home: Home,
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Get agreements back from their provider that this database, a restored one, does not have."""
    client = management(home)
    zh = language(client.settings, lang) == "zh"
    found = client.post("/v1/agreements/recover", {"provider": provider})

    def human() -> None:
        for name in found["recovered"]:
            say(f"{'已恢复' if zh else 'recovered'}  {printable(name)}")
        for item in found["refused"]:
            name = item["agreement"] or "?"
            said = f"{'未采信' if zh else 'refused'}  {name}: {item['why']}"
            say(printable(said))
        count = len(found["known"])
        say(f"本方已有 {count} 份" if zh else f"{count} known here already")

    show(found, as_json=as_json, human=human)
    if found["refused"]:
        raise typer.Exit(1)
