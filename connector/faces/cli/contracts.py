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
from connector.faces.cli.explained import say_explained
from connector.faces.cli.tongue import spoken
from connector.process.errors import VoileError
from crypto.words import Words

Provider = Annotated[str, typer.Argument(metavar="PROVIDER_DID", help="did:web:… of the provider.")]
Pid = Annotated[str, typer.Argument(metavar="PID", help="Our own id of the process.")]
Wait = Annotated[bool, typer.Option("--wait", help="Wait until it is concluded or has ended.")]
Seconds = Annotated[float, typer.Option("--seconds", help="How long --wait waits.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, in words for the other side.")]
Code = Annotated[str, typer.Option("--code", help="Why, as a stable code.")]

POLL_SECONDS = 0.05
_OTHER_TERMS = Words(
    "这些条款与所请求的不同，仍要接受吗？",
    "These terms are not those that were asked for. Accept them?",
)
_ENDED = frozenset({"FINALIZED", "TERMINATED", "COMPLETED"})


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(catalog)
    app.command()(negotiate)
    app.command()(accept)
    app.command()(negotiation)
    app.command()(negotiations)
    app.command()(terminate)
    app.command()(explain)
    transfer = typer.Typer(help="Open and steer transfers.", no_args_is_help=True)
    transfer.command("start")(transfer_start)
    transfer.command("list")(transfer_list)
    transfer.command("suspend")(transfer_suspend)
    transfer.command("resume")(transfer_resume)
    transfer.command("complete")(transfer_complete)
    transfer.command("terminate")(transfer_terminate)
    delivery.register(transfer)
    app.add_typer(transfer, name="transfer")


def catalog(provider: Provider, home: Home, as_json: Json = False, _lang: Lang = "") -> None:
    """Show what a provider offers us."""
    found = management(home).post("/v1/catalog", {"provider": provider})
    show(found, as_json=as_json, human=lambda: say_catalogue(provider, found))


def negotiate(
    provider: Provider,
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="@id of the dataset.")],
    home: Home,
    offer: Annotated[str, typer.Option("--offer", help="@id, where there are several.")] = "",
    wait: Wait = False,
    seconds: Seconds = 60.0,
    as_json: Json = False,
    _lang: Lang = "",
) -> None:
    """Ask a provider for one of its offers; it ends FINALIZED or TERMINATED."""
    client = management(home)
    body = {"provider": provider, "dataset": dataset, "offer": offer}
    found = client.post("/v1/negotiations", body)
    if wait:
        found = await_state(client, "negotiations", found["pid"], _ENDED, seconds)
    show(found, as_json=as_json, human=lambda: say_process(found))
    if wait:
        _check(found, "FINALIZED")


def accept(
    pid: Pid,
    home: Home,
    yes: Annotated[
        bool, typer.Option("--yes", help="Accept although the terms are not those asked for.")
    ] = False,
    as_json: Json = False,
    _lang: Lang = "",
) -> None:
    """Accept the offer that a provider made; other terms than were asked for need a yes."""
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


def negotiation(pid: Pid, home: Home, as_json: Json = False, _lang: Lang = "") -> None:
    """Show one negotiation: where it stands, what is offered, what differs from what was asked."""
    client = management(home)
    found = client.get(f"/v1/negotiations/{part(pid)}")

    def human() -> None:
        say_process(found)
        if offer := found.get("offer"):
            say_offer(offer)

    show(found, as_json=as_json, human=human)


def negotiations(home: Home, as_json: Json = False) -> None:
    """List negotiations, newest first."""
    found = management(home).get("/v1/negotiations")
    show(found, as_json=as_json, human=lambda: say_rows(found["negotiations"], "dataset"))


def terminate(
    pid: Pid, home: Home, reason: Reason = "", code: Code = "", as_json: Json = False
) -> None:
    """End a negotiation."""
    client = management(home)
    found = client.post(f"/v1/negotiations/{part(pid)}/terminate", _why(reason, code))
    show(found, as_json=as_json, human=lambda: say_process(found))


def explain(pid: Pid, home: Home, as_json: Json = False, _lang: Lang = "") -> None:
    """Say why a negotiation or transfer stands where it stands, and what helps."""
    client = management(home)
    found = client.get(f"/v1/explain/{part(pid)}", lang=spoken())
    show(found, as_json=as_json, human=lambda: say_explained(found))


def transfer_start(
    agreement_id: Annotated[str, typer.Argument(metavar="AGREEMENT", help="@id.")],
    home: Home,
    wait: Wait = False,
    seconds: Seconds = 60.0,
    as_json: Json = False,
) -> None:
    """Open a transfer of an agreement of ours; questions pass while it is STARTED."""
    client = management(home)
    found = client.post("/v1/transfers", {"agreement": agreement_id})
    if wait:
        found = await_state(client, "transfers", found["pid"], _ENDED | {"STARTED"}, seconds)
    show(found, as_json=as_json, human=lambda: say_process(found))
    if wait:
        _check(found, "STARTED")


def transfer_list(home: Home, as_json: Json = False) -> None:
    """List transfers, newest first."""
    found = management(home).get("/v1/transfers")
    show(found, as_json=as_json, human=lambda: say_rows(found["transfers"], "agreement"))


def transfer_suspend(
    pid: Pid, home: Home, reason: Reason = "", code: Code = "", as_json: Json = False
) -> None:
    """Pause a transfer; only the provider lifts its own pause."""
    _steer(pid, home, "suspend", reason, code, as_json)


def transfer_resume(pid: Pid, home: Home, as_json: Json = False) -> None:
    """Lift a pause."""
    _steer(pid, home, "resume", "", "", as_json)


def transfer_complete(pid: Pid, home: Home, as_json: Json = False) -> None:
    """Say that a transfer is complete."""
    _steer(pid, home, "complete", "", "", as_json)


def transfer_terminate(
    pid: Pid, home: Home, reason: Reason = "", code: Code = "", as_json: Json = False
) -> None:
    """End a transfer."""
    _steer(pid, home, "terminate", reason, code, as_json)


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


def _steer(pid: str, home: Any, verb: str, reason: str, code: str, as_json: bool) -> None:
    client = management(home)
    found = client.post(f"/v1/transfers/{part(pid)}/{verb}", _why(reason, code))
    show(found, as_json=as_json, human=lambda: say_process(found))


def _why(reason: str, code: str) -> dict[str, str]:
    return {"reason": reason, "code": code}


def _check(found: Mapping[str, Any], wanted: str) -> None:
    if found["state"] == wanted:
        return
    if found["state"] in _ENDED:
        raise typer.Exit(1)
    raise VoileError(problems.NOT_CONCLUDED, state=found["state"], pid=found["pid"])
