"""Commands about a connector's own keys: ``keys rotate``, ``keys show``."""

from typing import Any

import typer

from connector.faces.cli.client import Home, Json, Lang, management, put, said, say, show
from connector.faces.cli.membership import moment
from connector.faces.cli.words import padded
from crypto.words import Words

_USES = {
    "token": Words("令牌", "tokens"),
    "agreements": Words("合约", "agreements"),
    "log": Words("存证", "log"),
}
_WIDTH = 10  # places of the terminal
_COMING = Words("{print}  即将启用{when}", "{print}  to come{when}")
_UNCERTIFIED = Words("  ! 运营方未认证这些密钥", "  ! the operator has not certified these keys")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    keys = typer.Typer(help="The keys of this connector.", no_args_is_help=True)
    keys.command()(rotate)
    keys.command("show")(shown)
    app.add_typer(keys, name="keys")


def rotate(home: Home, _lang: Lang = "", as_json: Json = False) -> None:
    """Draw new keys for tokens and agreements; the hub certifies them by a proof under the old one.

    They are put to use a quarter of a minute later, when every member can know them. What the old
    ones signed before stays good. After a failure say it again: the same keys are proved again.
    If the old keys are lost, make a new home, and apply: the operator decides.
    """
    client = management(home)
    found = client.post("/v1/keys/rotate")
    show(found, as_json=as_json, human=lambda: _print(found))


def shown(home: Home, _lang: Lang = "", as_json: Json = False) -> None:
    """Show the thumbprints of the keys in use and of those to come; whether the hub knows them."""
    client = management(home)
    found = client.get("/v1/keys")
    show(found, as_json=as_json, human=lambda: _print(found))


def _print(found: dict[str, Any]) -> None:
    for use, thumbprint in found["keys"].items():
        put(f"{padded(said(_USES[use]), _WIDTH)}  {thumbprint}")
    for use, thumbprint in found["coming"].items():
        when = "" if found["inUseFrom"] is None else f"  {moment(found['inUseFrom'])}"
        told = said(_COMING, print=thumbprint, when=when)
        put(f"{padded(said(_USES[use]), _WIDTH)}  {told}")
    if found["certified"] is False:
        say(_UNCERTIFIED)
