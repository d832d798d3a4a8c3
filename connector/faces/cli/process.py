"""Commands about the process: ``init``, ``serve``, ``doctor``."""

import os
from pathlib import Path
from typing import Annotated

import typer

from connector.faces.cli.client import AcceptHead, Home, Json, say, settings_of, show
from connector.faces.cli.tongue import Tongue, spoken
from connector.faces.cli.words import padded
from connector.process.actor import Actor, acting
from crypto.words import Words

_NEXT = Words("下一步：{step}", "next: {step}")
_YES = Words("是", "yes")
_NO = Words("否", "no")
_NONE = Words("无", "none")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(init)
    app.command()(serve)
    app.command()(doctor)


def init(
    home: Annotated[Path, typer.Argument(help="Folder to make.")],
    did: Annotated[str, typer.Option("--did", help="did:web:… of this party.")],
    public_url: Annotated[str, typer.Option("--public-url", help="Where others reach it.")],
    port: Annotated[
        int | None, typer.Option("--port", help="Protocol port; +1 management, +2 metrics.")
    ] = None,
    role: Annotated[str, typer.Option("--role", help="participant or hub.")] = "participant",
    hub: Annotated[str | None, typer.Option("--hub", help="DID of the hub.")] = None,
    space: Annotated[str | None, typer.Option("--space", help="IRI of the data space.")] = None,
    language: Annotated[str, typer.Option("--language", help="zh or en.")] = "zh",
    loopback_http: Annotated[
        bool, typer.Option("--loopback-http", help="Plain http between parties on this machine.")
    ] = False,
    database: Annotated[
        str, typer.Option("--database", help="postgresql+psycopg://… instead of SQLite.")
    ] = "",
    adopt: Annotated[
        bool,
        typer.Option("--adopt", help="Write lost settings anew for the data folder that is there."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Make a home: settings, data folder, keys, management token."""
    from connector.party.home import Plan, adopt_home, make_home
    from connector.process.settings import SPACE

    plan = Plan(
        did=did,
        public_url=public_url,
        port=port,
        role=role,
        hub=hub,
        space=space or SPACE,
        language=language,
        loopback_http=loopback_http,
        database=database,
    )
    with acting(Actor("command", "init")):
        settings = (adopt_home if adopt else make_home)(home, plan, os.environ)
    facts = {
        "home": str(settings.home),
        "did": settings.did,
        "publicUrl": settings.public_url,
        "kekFile": str(settings.kek_file),
        "managementToken": str(settings.token_file),
    }

    def human() -> None:
        say(f"{'wrote the settings of' if adopt else 'made'} {settings.home} for {settings.did}")
        say(f"  key file      {settings.kek_file}  (without it no secret opens: keep a copy)")
        say(f"  settings      {settings.home / 'voile.toml'}")
        word = "hub serve" if settings.role == "hub" else "serve"
        say(f"  next          voile {word} --home {home}")

    show(facts, as_json=as_json, human=human)


def serve(
    home: Home,
    accept_head: AcceptHead = False,
    profile: Annotated[
        str, typer.Option("--profile", help="Tests only: edc replaces the identity checks.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Run this party's process until SIGTERM."""
    from connector.compose.server import serve as run

    settings, chosen = settings_of(home), None
    if profile:
        from connector.compose.profiles.base import choose

        chosen = choose(profile, settings)
    run(settings, as_json=as_json, accept_head=accept_head, profile=chosen)


def doctor(home: Home, as_json: Json = False) -> None:
    """Print the settings and check what a running connector needs."""
    from connector.compose.doctor import examine
    from connector.compose.doctor_words import called

    found = examine(home, os.environ)

    def human() -> None:
        tongue = spoken()
        for name, value in found.settings.items():
            say(f"{name:<28} {_shown(value, tongue)}".rstrip())
        say()
        for check in found.checks:
            say(f"{check.mark} {padded(called(check.name, tongue), 17)} {check.said(tongue)}")
            if step := check.following(tongue):
                say(f"  {_NEXT.filled(tongue, {'step': step})}")

    show(found.to_json(), as_json=as_json, human=human)
    if not found.ok:
        raise typer.Exit(1)


def _shown(value: object, tongue: Tongue) -> str:
    """Write a setting as a person would."""
    if isinstance(value, bool):
        return (_YES if value else _NO).said(tongue)
    if isinstance(value, list):
        return ", ".join(map(str, value)) or _NONE.said(tongue)
    return str(value)
