"""Commands about contracts: see offers, agree, open transfers, understand what waits."""

import time
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from connector.cli import delivery
from connector.cli.client import (
    Home,
    Json,
    Lang,
    Management,
    language,
    management,
    part,
    say,
    show,
)
from connector.cli.contract_lines import (
    code_in_words,
    constraint,
    say_process,
    say_rows,
    short,
    title,
)
from connector.errors import VoileError
from policies.phrase_words import clause as in_words

Provider = Annotated[str, typer.Argument(metavar="PROVIDER_DID", help="did:web:… of the provider.")]
Pid = Annotated[str, typer.Argument(metavar="PID", help="Our own id of the process.")]
Wait = Annotated[bool, typer.Option("--wait", help="Wait until it is concluded or has ended.")]
Seconds = Annotated[float, typer.Option("--seconds", help="How long --wait waits.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, in words for the other side.")]
Code = Annotated[str, typer.Option("--code", help="Why, as a stable code.")]

POLL_SECONDS = 0.05
_ENDED = frozenset({"FINALIZED", "TERMINATED", "COMPLETED"})


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(catalog)
    app.command()(negotiate)
    app.command()(accept)
    app.command()(negotiations)
    app.command()(terminate)
    app.command()(agreements)
    app.command()(agreement)
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


def catalog(provider: Provider, home: Home, as_json: Json = False, lang: Lang = "") -> None:
    """Show what a provider offers us."""
    client = management(home)
    found = client.post("/v1/catalog", {"provider": provider})
    chosen = language(client.settings, lang)

    def human() -> None:
        datasets = found.get("dataset", [])
        say(f"{found['participantId']} offers us {len(datasets)} dataset(s)")
        for dataset in datasets:
            say(f"  {dataset['@id']}  {title(dataset, chosen)}".rstrip())
            for offer in dataset["hasPolicy"]:
                say(f"    offer {offer['@id']}")

    show(found, as_json=as_json, human=human)


def negotiate(
    provider: Provider,
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="@id of the dataset.")],
    home: Home,
    offer: Annotated[str, typer.Option("--offer", help="@id, where there are several.")] = "",
    wait: Wait = False,
    seconds: Seconds = 60.0,
    as_json: Json = False,
    lang: Lang = "",
) -> None:
    """Ask a provider for one of its offers; it ends FINALIZED or TERMINATED."""
    client = management(home)
    body = {"provider": provider, "dataset": dataset, "offer": offer}
    found = client.post("/v1/negotiations", body)
    if wait:
        found = await_state(client, "negotiations", found["pid"], _ENDED, seconds)
    show(found, as_json=as_json, human=lambda: say_process(found, language(client.settings, lang)))
    if wait:
        _check(found, "FINALIZED")


def accept(pid: Pid, home: Home, as_json: Json = False) -> None:
    """Accept the offer that a provider made."""
    found = management(home).post(f"/v1/negotiations/{part(pid)}/accept")
    show(found, as_json=as_json, human=lambda: say_process(found, "en"))


def negotiations(home: Home, as_json: Json = False) -> None:
    """List negotiations, newest first."""
    found = management(home).get("/v1/negotiations")
    show(found, as_json=as_json, human=lambda: say_rows(found["negotiations"], "dataset"))


def terminate(
    pid: Pid, home: Home, reason: Reason = "", code: Code = "", as_json: Json = False
) -> None:
    """End a negotiation."""
    found = management(home).post(f"/v1/negotiations/{part(pid)}/terminate", _why(reason, code))
    show(found, as_json=as_json, human=lambda: say_process(found, "en"))


def agreements(home: Home, as_json: Json = False) -> None:
    """List agreements, newest first."""
    found = management(home).get("/v1/agreements")

    def human() -> None:
        for item in found["agreements"]:
            state = item["state"]
            say(f"{item['id']}  {item['role']:8}  {state:13}  signatures {item['signatures']}")
            say(f"    {item['counterparty']}  {item['dataset']}")

    show(found, as_json=as_json, human=human)


def agreement(
    agreement_id: Annotated[str, typer.Argument(metavar="ID", help="@id of the agreement.")],
    home: Home,
    as_json: Json = False,
) -> None:
    """Show one agreement: parties, terms, who signed when."""
    found = management(home).get(f"/v1/agreements/{part(agreement_id)}")

    def human() -> None:
        body = found["body"]
        say(f"agreement   {found['id']}")
        say(f"provider    {body['assigner']}")
        say(f"consumer    {body['assignee']}")
        say(f"dataset     {found['dataset']}")
        say(f"since       {found['finalized'] or 'not concluded yet'}")
        say(f"state       {found['state']}")
        say(f"signatures  {found['signatures']}")
        for stage in found["stages"]:
            say(f"    {stage['stage']:10} {stage['signed']}  {stage['signer']}")
        for kind in ("permission", "prohibition", "obligation"):
            for rule in body.get(kind, ()):
                say(f"{kind:12}{short(rule['action'])}")
                for clause in rule.get("constraint", ()):
                    say(f"    {in_words(constraint(clause), 1)}")
        for item in found["transfers"]:
            say(f"transfer    {item['pid']}  {item['state']}")

    show(found, as_json=as_json, human=human)


def explain(pid: Pid, home: Home, as_json: Json = False) -> None:
    """Say why a negotiation or transfer stands where it stands, and what helps."""
    found = management(home).get(f"/v1/explain/{part(pid)}")

    def human() -> None:
        say(f"{found['kind']} {found['pid']} with {found['counterparty']}: {found['state']}")
        say(f"  {found['meaning']}")
        if found["turn"]:
            say(f"  whose turn    {found['turn']}")
        if message := found["message"]:
            tried = (
                f"{message['attempts']} attempt(s), last answer {message['lastStatus'] or 'none'}"
            )
            say(f"  in flight     {message['type']}: {tried} {message['reason']}".rstrip())
        if found["trouble"]:
            say(f"  objection     {found['trouble']}")
        if ended := found["ended"]:
            say(f"  ended by      {ended['by']} {code_in_words(ended['code'], 'en')}".rstrip())
        say(f"  next          {found['next']}")

    show(found, as_json=as_json, human=human)


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
    show(found, as_json=as_json, human=lambda: say_process(found, "en"))
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
    found = management(home).post(f"/v1/transfers/{part(pid)}/{verb}", _why(reason, code))
    show(found, as_json=as_json, human=lambda: say_process(found, "en"))


def _why(reason: str, code: str) -> dict[str, str]:
    return {"reason": reason, "code": code}


def _check(found: Mapping[str, Any], wanted: str) -> None:
    if found["state"] == wanted:
        return
    if found["state"] in _ENDED:
        raise typer.Exit(1)
    raise VoileError(
        f"it is still {found['state']}",
        code="not-concluded",
        next_step=f"voile explain {found['pid']}",
    )
