"""The operator's hub: ``voile hub`` runs it, ``voile hub …`` are the operator's commands."""

from pathlib import Path
from typing import Annotated

import typer

from connector.faces.cli import operator, problems
from connector.faces.cli.client import Home, Json, Lang, put, settings_of
from connector.faces.cli.process import Adopt, Folder, Language, LoopbackHttp, Port, Space
from connector.faces.cli.tongue import spoken
from connector.process.errors import SettingsError


def register(app: typer.Typer) -> None:
    """Add the commands."""
    hub = typer.Typer(help="The operator's hub.", no_args_is_help=False)
    hub.callback(invoke_without_command=True)(run)
    hub.command()(serve)
    hub.command()(init)
    operator.register(hub)
    app.add_typer(hub, name="hub")


def run(
    context: typer.Context,
    home: Annotated[
        Path | None, typer.Option("--home", envvar="VOILE_HOME", help="Run the hub of this folder.")
    ] = None,
) -> None:
    """Run the operator's hub, or a command of the operator."""
    if context.invoked_subcommand is not None:
        return
    if home is None:
        put(context.get_help())
        raise typer.Exit(2)
    serve(home)


def serve(home: Home, _lang: Lang = "", as_json: Json = False) -> None:
    """Run the hub until SIGTERM."""
    from connector.compose.server import serve as start

    settings = settings_of(home)
    if settings.role != "hub":
        raise SettingsError(problems.ROLE_WRONG, home=str(home), role=settings.role)
    start(settings, as_json=as_json, language=spoken())


def init(
    home: Folder,
    did: Annotated[str, typer.Option("--did", help="did:web:… of the operator.")],
    public_url: Annotated[str, typer.Option("--public-url", help="Where connectors reach it.")],
    port: Port = None,
    space: Space = None,
    language: Language = None,
    loopback_http: LoopbackHttp = False,
    adopt: Adopt = False,
    as_json: Json = False,
) -> None:
    """Make the home of a hub: settings, data folder, keys, management token."""
    from connector.faces.cli.process import init as make

    make(
        home,
        did,
        public_url,
        port=port,
        role="hub",
        space=space,
        language=language,
        loopback_http=loopback_http,
        adopt=adopt,
        as_json=as_json,
    )
