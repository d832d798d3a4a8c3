"""Commands about contracts: see offers, agree, open transfers, understand what waits."""

import sys
import time
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from connector.faces.cli import delivery, problems
from connector.faces.cli.catalogue_lines import say_catalogue
from connector.faces.cli.client import Home, Json, Lang, Management, management, part, show
from connector.faces.cli.confirming import confirmed
from connector.faces.cli.contract_lines import say_offer, say_process, say_rows
from connector.faces.cli.does import does
from connector.faces.cli.explained import say_explained
from connector.faces.cli.single import Spelled, single
from connector.process.errors import VoileError
from crypto.words import Words

Wait = Annotated[bool, typer.Option("--wait", help="Wait until it is concluded or has ended.")]
Seconds = Annotated[float, typer.Option("--seconds", help="How long --wait waits.")]
PID = {"pid": Spelled("PID")}

POLL_SECONDS = 0.05
_OTHER_TERMS = Words(
    "这些条款与所请求的不同，仍要接受吗？",
    "These terms are not those that were asked for. Accept them?",
)
_ENDS = Words("；以 FINALIZED 或 TERMINATED 结束", "; it ends FINALIZED or TERMINATED")
_NEEDS_YES = Words(
    "；条款与所请求的不同时，须用 --yes 确认", "; other terms than were asked for need --yes"
)
_STARTED = Words("；状态为 STARTED 时可以提问", "; questions pass while it is STARTED")
# what an owner does with a transfer, and what such a command does not take
_STEPS: Mapping[str, tuple[str, ...]] = {
    "suspend": (),
    "resume": ("reason", "code"),
    "complete": ("reason", "code"),
    "terminate": (),
}
_ENDED = frozenset({"FINALIZED", "TERMINATED", "COMPLETED"})


def register(app: typer.Typer) -> None:
    """Add the commands."""
    provider = {"provider": Spelled("PROVIDER_DID")}
    app.command("catalog")(single("catalog.show", say_catalogue, spelled=provider))
    app.command()(negotiate)
    app.command()(accept)
    app.command("negotiation")(single("negotiation.show", _say_negotiation, spelled=PID))
    app.command("negotiations")(single("negotiation.list", _say_negotiations))
    app.command("terminate")(single("negotiation.terminate", say_process, spelled=PID))
    app.command("explain")(single("process.explain", say_explained, spelled=PID))
    transfer = typer.Typer(help="Open and steer transfers.", no_args_is_help=True)
    transfer.command("start")(transfer_start)
    transfer.command("list")(single("transfer.list", _say_transfers))
    for verb, without in _STEPS.items():
        step = single(f"transfer.{verb}", say_process, spelled=PID, without=without)
        transfer.command(verb)(step)
    delivery.register(transfer)
    app.add_typer(transfer, name="transfer")


@does("negotiation.open", _ENDS)
def negotiate(
    provider: Annotated[str, typer.Argument(metavar="PROVIDER_DID")],
    dataset: Annotated[str, typer.Argument(metavar="DATASET")],
    home: Home,
    offer: Annotated[str, typer.Option("--offer")] = "",
    wait: Wait = False,
    seconds: Seconds = 60.0,
    as_json: Json = False,
    _lang: Lang = "",
) -> None:
    """Ask, and wait for the end if that is wanted."""
    client = management(home)
    body = {"provider": provider, "dataset": dataset, "offer": offer}
    found = client.post("/v1/negotiations", body)
    if wait:
        found = await_state(client, "negotiations", found["pid"], _ENDED, seconds)
    show(found, as_json=as_json, human=lambda: say_process(found))
    if wait:
        _check(found, "FINALIZED")


@does("negotiation.accept", _NEEDS_YES)
def accept(
    pid: Annotated[str, typer.Argument(metavar="PID")],
    home: Home,
    yes: Annotated[
        bool, typer.Option("--yes", help="Accept although the terms are not those asked for.")
    ] = False,
    as_json: Json = False,
    _lang: Lang = "",
) -> None:
    """Show the offer, ask where it differs, and accept what was shown."""
    client = management(home)
    place = f"/v1/negotiations/{part(pid)}"
    offer = client.get(place).get("offer")
    if offer is not None and not as_json:
        say_offer(offer)
    terms = offer["digest"] if offer is not None else ""
    if offer is not None and offer["differs"] and not offer["unreadable"] and not yes:
        if not as_json and sys.stdin.isatty():
            if not confirmed(_OTHER_TERMS):
                raise typer.Abort
        else:
            terms = ""  # the connector says why not
    found = client.post(f"{place}/accept", {"terms": terms})
    show(found, as_json=as_json, human=lambda: say_process(found))


def _say_negotiation(found: Mapping[str, Any]) -> None:
    say_process(found)
    if offer := found.get("offer"):
        say_offer(offer)


def _say_negotiations(found: Mapping[str, Any]) -> None:
    say_rows(found["negotiations"], "dataset")


def _say_transfers(found: Mapping[str, Any]) -> None:
    say_rows(found["transfers"], "agreement")


@does("transfer.open", _STARTED)
def transfer_start(
    agreement: Annotated[str, typer.Argument(metavar="AGREEMENT")],
    home: Home,
    wait: Wait = False,
    seconds: Seconds = 60.0,
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Open it, and wait until it has begun if that is wanted."""
    client = management(home)
    found = client.post("/v1/transfers", {"agreement": agreement})
    if wait:
        found = await_state(client, "transfers", found["pid"], _ENDED | {"STARTED"}, seconds)
    show(found, as_json=as_json, human=lambda: say_process(found))
    if wait:
        _check(found, "STARTED")


def await_state(
    client: Management, kind: str, pid: str, states: frozenset[str], seconds: float
) -> Any:
    """Ask until a process is in one of the states, or the time is up; give its last form."""
    deadline = time.monotonic() + seconds
    while True:
        found = client.get(f"/v1/{kind}/{part(pid)}")
        if found["state"] in states or time.monotonic() > deadline:
            return found
        time.sleep(POLL_SECONDS)


def _check(found: Mapping[str, Any], wanted: str) -> None:
    if found["state"] == wanted:
        return
    if found["state"] in _ENDED:
        raise typer.Exit(1)
    raise VoileError(problems.NOT_CONCLUDED, state=found["state"], pid=found["pid"])
