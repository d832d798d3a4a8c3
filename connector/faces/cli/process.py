"""Commands about the process: ``init``, ``serve``, ``doctor``."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from connector.faces.cli.client import (
    AcceptHead,
    Home,
    Json,
    Lang,
    put,
    said,
    say,
    settings_of,
    show,
)
from connector.faces.cli.tongue import spoken
from connector.faces.cli.words import NEXT, NO, NONE, YES, padded
from connector.process.actor import Actor, acting
from crypto.words import Words

if TYPE_CHECKING:
    from connector.party.node import Node

_MADE = Words("已为 {did} 建立 {home}", "made {home} for {did}")
_ADOPTED = Words("已为 {did} 重写 {home} 的设置", "wrote the settings of {home} for {did}")
_KEY_FILE = Words(
    "  密钥文件      {file}（没有它，任何秘密都无法打开：请留副本）",
    "  key file      {file}  (without it no secret opens: keep a copy)",
)
_FIRST_LINK = Words(
    "  控制台        {link}（七天内有效，只能使用一次：请在启动后打开，此后以 `owner` 登录）",
    "  console       {link}  (good once, for seven days: open it when it runs; you then sign in as"
    " `owner`)",
)
Language = Annotated[
    str | None,
    typer.Option(
        "--language",
        "--lang",
        help="zh or en: what this home speaks. Default: VOILE_LANG, a Chinese locale, else en.",
        show_default=False,
    ),
]


Folder = Annotated[Path, typer.Argument(help="Folder to make.")]
Port = Annotated[
    int | None, typer.Option("--port", help="Protocol port; +1 management, +2 metrics.")
]
Space = Annotated[str | None, typer.Option("--space", help="IRI of the data space.")]
LoopbackHttp = Annotated[
    bool, typer.Option("--loopback-http", help="Plain http between parties on this machine.")
]
Adopt = Annotated[
    bool,
    typer.Option("--adopt", help="Write lost settings anew for the data folder that is there."),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(init)
    app.command()(serve)
    app.command()(doctor)


def init(
    home: Folder,
    did: Annotated[str, typer.Option("--did", help="did:web:… of this party.")],
    public_url: Annotated[str, typer.Option("--public-url", help="Where others reach it.")],
    port: Port = None,
    role: Annotated[str, typer.Option("--role", help="participant or hub.")] = "participant",
    hub: Annotated[str | None, typer.Option("--hub", help="DID of the hub.")] = None,
    space: Space = None,
    language: Language = None,
    loopback_http: LoopbackHttp = False,
    database: Annotated[
        str, typer.Option("--database", help="postgresql+psycopg://… instead of SQLite.")
    ] = "",
    adopt: Adopt = False,
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
        language=language or spoken(),
        loopback_http=loopback_http,
        database=database,
    )
    first: list[str] = []
    with acting(Actor("command", "init")):
        if adopt:
            settings = adopt_home(home, plan, os.environ)
        else:
            from connector.areas.people import invite_first

            def invite(node: "Node") -> None:
                if node.settings.console is not None:
                    first.append(invite_first(node).link)

            settings = make_home(home, plan, os.environ, at_last=invite)
    facts = {
        "home": str(settings.home),
        "did": settings.did,
        "publicUrl": settings.public_url,
        "kekFile": str(settings.kek_file),
        "managementToken": str(settings.token_file),
        **({"invitation": first[0]} if first else {}),
    }

    def human() -> None:
        say(_ADOPTED if adopt else _MADE, home=settings.home, did=settings.did)
        say(_KEY_FILE, file=settings.kek_file)
        say(
            Words("  设置          {file}", "  settings      {file}"),
            file=settings.home / "voile.toml",
        )
        word = "hub serve" if settings.role == "hub" else "serve"
        line = f"voile {word} --home {home}"
        say(Words("  下一步        {line}", "  next          {line}"), line=line)
        if first:
            say(_FIRST_LINK, link=first[0])

    show(facts, as_json=as_json, human=human)


def serve(
    home: Home,
    accept_head: AcceptHead = False,
    profile: Annotated[
        str, typer.Option("--profile", help="Tests only: edc replaces the identity checks.")
    ] = "",
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Run this party's process until SIGTERM."""
    from connector.compose.server import serve as run

    settings, chosen = settings_of(home), None
    if profile:
        from connector.compose.profiles.base import choose

        chosen = choose(profile, settings)
    run(
        settings,
        as_json=as_json,
        accept_head=accept_head,
        profile=chosen,
        language=spoken(),
    )


def doctor(home: Home, _lang: Lang = "", as_json: Json = False) -> None:
    """Print the settings and check what a running connector needs."""
    from connector.compose.doctor import examine
    from connector.compose.doctor_words import called

    found = examine(home, os.environ)

    def human() -> None:
        tongue = spoken()
        for name, value in found.settings.items():
            put(f"{name:<28} {_shown(value)}".rstrip())
        put()
        for check in found.checks:
            name = padded(called(check.name, tongue), 17)
            put(f"{check.mark} {name} {check.said(tongue)}")
            if step := check.following(tongue):
                put(f"  {said(NEXT, step=step)}")

    show(found.to_json(), as_json=as_json, human=human)
    if not found.ok:
        raise typer.Exit(1)


def _shown(value: object) -> str:
    """Write a setting as a person would."""
    if isinstance(value, bool):
        return said(YES if value else NO)
    if isinstance(value, list):
        return ", ".join(map(str, value)) or said(NONE)
    return str(value)
