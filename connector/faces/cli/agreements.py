"""Commands about agreements: list, show, end, get back what a backup did not have."""

from collections.abc import Mapping
from typing import Any

import typer

from connector.faces.cli import problems
from connector.faces.cli.agreement_lines import say_agreement, say_agreements, say_recovered
from connector.faces.cli.client import Json, MaybeHome, management, say, show
from connector.faces.cli.does import does
from connector.faces.cli.single import Spelled, single
from connector.process.errors import SettingsError
from crypto.words import Words

_ONE = {"agreement_id": Spelled("ID")}
_GROUP = Words("；终止合约，或取回丢失的合约", "; end one, or get lost ones back")
_AFTERWARDS = Words(
    "：此后不再提问、开启传输或作答", ": nothing is asked, opened or answered under it any more"
)
_AS_AFTER = Words("（例如由备份恢复之后）", ", as after a backup was restored")
_TOLD = Words("  已通知对方", "  the other side is told")
_HERE_ONLY = Words(
    "  仅在本方终止：协议没有相应的消息，请自行告知对方",
    "  here only: the protocol has no message for it; tell the other side yourself",
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("agreement")(single("agreement.show", say_agreement, spelled=_ONE))
    group = typer.Typer()
    group.callback(invoke_without_command=True)(listed)
    group.command("end")(single("agreement.end", _say_end, _AFTERWARDS, spelled=_ONE))
    recovered = single(
        "agreement.recover",
        say_recovered,
        _AS_AFTER,
        spelled={"provider": Spelled("--from")},
        failed=lambda found: bool(found["refused"]),
    )
    group.command("recover")(recovered)
    app.add_typer(group, name="agreements")


@does("agreement.list", _GROUP)
def listed(
    context: typer.Context,
    home: MaybeHome = None,
    as_json: Json = False,
) -> None:
    """Print the list, where no other command follows."""
    if context.invoked_subcommand is not None:
        return
    if home is None:
        raise SettingsError(problems.HOME_NOT_GIVEN)
    found = management(home).get("/v1/agreements")

    show(found, as_json=as_json, human=lambda: say_agreements(found["agreements"]))


def _say_end(found: Mapping[str, Any]) -> None:
    say(Words("已终止  {id}", "ended  {id}"), id=found["id"])
    say(_TOLD if found["told"] else _HERE_ONLY)
