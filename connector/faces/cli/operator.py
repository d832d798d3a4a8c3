"""Commands of the operator: who may take part, and who has heard of it."""

from typing import Annotated, Any

import typer

from connector.faces.cli import deciding
from connector.faces.cli.client import Home, Json, Lang, management, put, say, show
from connector.faces.cli.deciding import DigestOf, Seen
from connector.faces.cli.membership import moment
from crypto.words import Words

_TIMEOUT_SECONDS = 30.0
_NO_REASON = "decided by the operator"
_IN_FORCE = Words(
    "状态文件 #{serial}，有效期至 {until}", "status document #{serial}, in force until {until}"
)

Reason = Annotated[str, typer.Option("--reason", help="Why: told to the firm, kept as evidence.")]
Wait = Annotated[bool, typer.Option("--wait", help="Wait until every connector acknowledges it.")]
Timeout = Annotated[float, typer.Option("--timeout", min=0, help="Seconds to wait at most.")]
FirmDid = Annotated[str, typer.Argument(help="DID of the firm.")]


def register(hub: typer.Typer) -> None:
    """Add the commands to ``voile hub``."""
    hub.command()(applications)
    hub.command()(approve)
    hub.command()(reject)
    hub.command()(suspend)
    hub.command()(reinstate)
    hub.command()(revoke)
    hub.command()(participants)
    hub.command()(status)


def applications(
    home: Home,
    state: Annotated[
        str, typer.Option("--state", help="pending, approved, rejected; empty for all.")
    ] = "pending",
    digest_of: DigestOf = "",
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """List applications, oldest first, each with the digest that a decision names."""
    client = management(home)
    if digest_of:
        put(deciding.line_of(client, "applications", digest_of)["digest"])
        return
    found = client.get("/v1/hub/applications", state=state)

    def human() -> None:
        if not found["applications"]:
            say(Words("没有申请", "no applications"))
        for line in found["applications"]:
            deciding.print_application(line)

    show(found, as_json=as_json, human=human)


def approve(
    did: FirmDid,
    home: Home,
    days: Annotated[int, typer.Option("--days", min=1, max=90, help="Validity.")] = 90,
    legal_group: Annotated[
        str | None, typer.Option("--legal-group", help="The hand it is in, if you know better.")
    ] = None,
    seen: Seen = "",
    wait: Wait = False,
    timeout: Timeout = _TIMEOUT_SECONDS,
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Certify a firm whose application is pending, and is the one that you have seen."""
    terms: dict[str, Any] = {"did": did, "days": days, "seen": seen}
    if legal_group is not None:
        terms["legalGroup"] = legal_group
    deciding.decide(home, "applications/approve", terms, timeout if wait else 0, as_json)


def reject(
    did: FirmDid,
    home: Home,
    reason: Reason = _NO_REASON,
    seen: Seen = "",
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Refuse a pending application."""
    terms = {"did": did, "reason": reason, "seen": seen}
    deciding.decide(home, "applications/reject", terms, 0, as_json)


def suspend(
    did: FirmDid,
    home: Home,
    reason: Reason = _NO_REASON,
    seen: Seen = "",
    wait: Wait = False,
    timeout: Timeout = _TIMEOUT_SECONDS,
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Suspend a firm: until reinstated it can neither call nor be called."""
    terms = {"did": did, "reason": reason, "seen": seen}
    deciding.decide(home, "participants/suspend", terms, timeout if wait else 0, as_json)


def reinstate(
    did: FirmDid,
    home: Home,
    reason: Reason = _NO_REASON,
    seen: Seen = "",
    wait: Wait = False,
    timeout: Timeout = _TIMEOUT_SECONDS,
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Lift a suspension."""
    terms = {"did": did, "reason": reason, "seen": seen}
    deciding.decide(home, "participants/reinstate", terms, timeout if wait else 0, as_json)


def revoke(
    did: FirmDid,
    home: Home,
    reason: Reason = _NO_REASON,
    seen: Seen = "",
    wait: Wait = False,
    timeout: Timeout = _TIMEOUT_SECONDS,
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Revoke a firm's certification, for good: it would have to apply anew."""
    terms = {"did": did, "reason": reason, "seen": seen}
    deciding.decide(home, "participants/revoke", terms, timeout if wait else 0, as_json)


def participants(
    home: Home, digest_of: DigestOf = "", _lang: Lang = "", as_json: Json = False
) -> None:
    """List every firm that was ever certified, each with the digest that a decision names."""
    client = management(home)
    if digest_of:
        put(deciding.line_of(client, "participants", digest_of)["digest"])
        return
    found = client.get("/v1/hub/participants")

    def human() -> None:
        if not found["participants"]:
            say(Words("尚无参与方", "nobody was certified yet"))
        for firm in found["participants"]:
            deciding.print_participant(firm)

    show(found, as_json=as_json, human=human)


def status(
    home: Home,
    serial: Annotated[
        int | None, typer.Option("--serial", help="Who acknowledged this serial.")
    ] = None,
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Show the status document in force, and who has acknowledged the last push."""
    client = management(home)
    if serial is not None:
        pushed = client.get(f"/v1/hub/pushes/{serial}")
        show(pushed, as_json=as_json, human=lambda: deciding.print_push(pushed))
        return
    found = client.get("/v1/hub/status")

    def human() -> None:
        until = moment(found["expires"])
        say(_IN_FORCE, serial=found["serial"], until=until)
        if found["lastPush"] is not None:
            say(Words("最近一次推送：", "last one that was pushed:"))
            deciding.print_push(found["lastPush"])

    show(found, as_json=as_json, human=human)
