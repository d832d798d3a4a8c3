"""Commands about a connector's own keys: ``keys rotate``, ``keys show``."""

from typing import Any

import typer

from connector.faces.cli.client import Home, Json, Lang, language, management, say, show
from connector.faces.cli.membership import moment

_USES = {"token": ("tokens", "令牌"), "agreements": ("agreements", "合约"), "log": ("log", "存证")}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    keys = typer.Typer(help="The keys of this connector.", no_args_is_help=True)
    keys.command()(rotate)
    keys.command("show")(shown)
    app.add_typer(keys, name="keys")


def rotate(home: Home, lang: Lang = "", as_json: Json = False) -> None:
    """Draw new keys for tokens and agreements; the hub certifies them by a proof under the old one.

    They are put to use a quarter of a minute later, when every member can know them. What the old
    ones signed before stays good. After a failure say it again: the same keys are proved again.
    If the old keys are lost, make a new home, and apply: the operator decides.
    """
    client = management(home)
    tongue = language(client.settings, lang)
    found = client.post("/v1/keys/rotate")
    show(found, as_json=as_json, human=lambda: _print(found, tongue))


def shown(home: Home, lang: Lang = "", as_json: Json = False) -> None:
    """Show the thumbprints of the keys in use and of those to come; whether the hub knows them."""
    client = management(home)
    tongue = language(client.settings, lang)
    found = client.get("/v1/keys")
    show(found, as_json=as_json, human=lambda: _print(found, tongue))


def _print(found: dict[str, Any], tongue: str) -> None:
    zh = tongue == "zh"
    for use, thumbprint in found["keys"].items():
        say(f"{_USES[use][1 if zh else 0]}  {thumbprint}")
    for use, thumbprint in found["coming"].items():
        name = _USES[use][1 if zh else 0]
        when = "" if found["inUseFrom"] is None else f"  {moment(found['inUseFrom'])}"
        say(f"{name}  {thumbprint}  {'即将启用' if zh else 'to come'}{when}")
    if found["certified"] is False:
        say(
            "  ! 运营方未认证这些密钥" if zh else "  ! the operator has not certified these keys",
        )
