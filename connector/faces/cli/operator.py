"""Commands of the operator: who may take part, and who has heard of it."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from connector.faces.cli import deciding
from connector.faces.cli.client import Home, Json, Lang, management, put, say, show
from connector.faces.cli.deciding import SEEN, DigestOf, Seen
from connector.faces.cli.does import does
from connector.faces.cli.membership import Timeout, moment
from crypto.words import Words

_TIMEOUT_SECONDS = 30.0
_NO_REASON = "decided by the operator"
_PUSHED = Words("，以及谁已确认收到最近一次推送", ", and who has acknowledged the last push")
_IN_FORCE = Words(
    "状态文件 #{serial}，有效期至 {until}", "status document #{serial}, in force until {until}"
)

Reason = Annotated[str, typer.Option("--reason")]
Wait = Annotated[bool, typer.Option("--wait", help="Wait until every connector acknowledges it.")]
FirmDid = Annotated[str, typer.Argument()]


def register(hub: typer.Typer) -> None:
    """Add the commands to ``voile hub``."""
    hub.command()(applications)
    hub.command()(approve)
    hub.command()(reject)
    for verb in ("suspend", "reinstate", "revoke"):
        hub.command(verb)(_on_its_entry(verb))
    hub.command()(participants)
    hub.command()(status)


@does("application.list")
def applications(
    home: Home,
    state: Annotated[str, typer.Option("--state")] = "pending",
    digest_of: DigestOf = "",
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Print them, or the digest of one alone."""
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


@does("application.approve", of=SEEN)
def approve(
    did: FirmDid,
    home: Home,
    days: Annotated[int, typer.Option("--days", min=1, max=90)] = 90,
    legal_group: Annotated[str | None, typer.Option("--legal-group")] = None,
    seen: Seen = "",
    wait: Wait = False,
    timeout: Timeout = _TIMEOUT_SECONDS,
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Decide for it."""
    terms: dict[str, Any] = {"did": did, "days": days, "seen": seen}
    if legal_group is not None:
        terms["legalGroup"] = legal_group
    deciding.decide(home, "applications/approve", terms, timeout if wait else 0, as_json)


@does("application.reject", of=SEEN)
def reject(
    did: FirmDid,
    home: Home,
    reason: Reason = _NO_REASON,
    seen: Seen = "",
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Decide against it."""
    terms = {"did": did, "reason": reason, "seen": seen}
    deciding.decide(home, "applications/reject", terms, 0, as_json)


def _on_its_entry(verb: str) -> Callable[..., None]:
    """Make the command for a decision about a certified firm."""

    @does(f"participant.{verb}", of=SEEN)
    def decide(
        did: FirmDid,
        home: Home,
        reason: Reason = _NO_REASON,
        seen: Seen = "",
        wait: Wait = False,
        timeout: Timeout = _TIMEOUT_SECONDS,
        _lang: Lang = "",
        as_json: Json = False,
    ) -> None:
        terms = {"did": did, "reason": reason, "seen": seen}
        deciding.decide(home, f"participants/{verb}", terms, timeout if wait else 0, as_json)

    return decide


@does("participant.list")
def participants(
    home: Home, digest_of: DigestOf = "", _lang: Lang = "", as_json: Json = False
) -> None:
    """Print them, or the digest of one alone."""
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


@does("status.show", _PUSHED)
def status(
    home: Home,
    serial: Annotated[
        int | None, typer.Option("--serial", help="Who acknowledged this serial.")
    ] = None,
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Print it in short, or who has acknowledged one of them."""
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
