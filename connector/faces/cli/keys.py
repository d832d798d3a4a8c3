"""Commands about a connector's own keys: ``keys rotate``, ``keys show``."""

from typing import Any

import typer

from connector.faces.cli.client import put, said, say
from connector.faces.cli.membership import moment
from connector.faces.cli.single import single
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
_AFTERWARDS = Words(
    "\n\n十五秒后启用，届时所有成员都已得知新密钥；旧密钥此前的签名仍然有效。失败后再次执行："
    "再次证明的是同一批密钥。旧密钥丢失时，建立新节点并重新申请，由运营方决定。",
    "\n\nThey are put to use a quarter of a minute later, when every member can know them. What "
    "the old ones signed before stays good. After a failure say it again: the same keys are proved "
    "again. If the old keys are lost, make a new home, and apply: the operator decides.",
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    keys = typer.Typer(help="The keys of this connector.", no_args_is_help=True)
    keys.command("rotate")(single("keys.rotate", _print, _AFTERWARDS))
    keys.command("show")(single("keys.show", _print))
    app.add_typer(keys, name="keys")


def _print(found: dict[str, Any]) -> None:
    for use, thumbprint in found["keys"].items():
        put(f"{padded(said(_USES[use]), _WIDTH)}  {thumbprint}")
    for use, thumbprint in found["coming"].items():
        when = "" if found["inUseFrom"] is None else f"  {moment(found['inUseFrom'])}"
        told = said(_COMING, print=thumbprint, when=when)
        put(f"{padded(said(_USES[use]), _WIDTH)}  {told}")
    if found["certified"] is False:
        say(_UNCERTIFIED)
