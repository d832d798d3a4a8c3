"""Commands about agreements: list, show, end, get back what a backup did not have."""

from pathlib import Path
from typing import Annotated

import typer

from connector.faces.cli import problems
from connector.faces.cli.agreement_lines import say_agreement, say_agreements, say_recovered
from connector.faces.cli.client import Home, Json, Lang, management, part, say, show
from connector.process.errors import SettingsError
from crypto.words import Words

Id = Annotated[str, typer.Argument(metavar="ID", help="@id of the agreement.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, in words for the other side.")]
Code = Annotated[str, typer.Option("--code", help="Why, as a stable code.")]


_TOLD = Words("  已通知对方", "  the other side is told")
_HERE_ONLY = Words(
    "  仅在本方终止：协议没有相应的消息，请自行告知对方",
    "  here only: the protocol has no message for it; tell the other side yourself",
)


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
        raise SettingsError(problems.HOME_NOT_GIVEN)
    found = management(home).get("/v1/agreements")

    show(found, as_json=as_json, human=lambda: say_agreements(found["agreements"]))


def agreement(agreement_id: Id, home: Home, as_json: Json = False) -> None:
    """Show one agreement: parties, terms, who signed when."""
    found = management(home).get(f"/v1/agreements/{part(agreement_id)}")

    show(found, as_json=as_json, human=lambda: say_agreement(found))


def end(
    agreement_id: Id,
    home: Home,
    reason: Reason = "",
    code: Code = "",
    as_json: Json = False,
    _lang: Lang = "",
) -> None:
    """End an agreement: nothing is asked, opened or answered under it any more."""
    client = management(home)
    body = {"reason": reason, "code": code}
    found = client.post(f"/v1/agreements/{part(agreement_id)}/end", body)

    def human() -> None:
        say(Words("已终止  {id}", "ended  {id}"), id=found["id"])
        say(_TOLD if found["told"] else _HERE_ONLY)

    show(found, as_json=as_json, human=human)


def recover(
    provider: Annotated[str, typer.Option("--from", help="did:web:… of the provider.")],
    home: Home,
    as_json: Json = False,
    _lang: Lang = "",
) -> None:
    """Get agreements back from their provider that this database, a restored one, does not have."""
    client = management(home)
    found = client.post("/v1/agreements/recover", {"provider": provider})

    show(found, as_json=as_json, human=lambda: say_recovered(found))
    if found["refused"]:
        raise typer.Exit(1)
