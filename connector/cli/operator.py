"""Commands of the operator: who may take part, and who has heard of it."""

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from connector.cli.client import (
    Home,
    Json,
    Lang,
    Management,
    language,
    management,
    say,
    show,
    unreadable,
)
from connector.cli.membership import moment, word
from connector.cli.words import roles

_WAIT_SECONDS = 0.1
_TIMEOUT_SECONDS = 30.0
_NO_REASON = "decided by the operator"

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
    lang: Lang = "",
    as_json: Json = False,
) -> None:
    """List applications, oldest first."""
    client = management(home)
    zh = language(client.settings, lang) == "zh"
    found = client.get("/v1/hub/applications", state=state)

    def human() -> None:
        if not found["applications"]:
            say("没有申请" if zh else "no applications")
        for line in found["applications"]:
            if "unreadable" in line:
                say(f"{line['did']}  {word(line['state'], 'zh' if zh else 'en')}")
                say(f"  {unreadable(line, 'zh' if zh else 'en')}")
                continue
            firm = line["participant"]
            say(f"{firm['did']}  {word(line['state'], 'zh' if zh else 'en')}")
            say(f"  {firm['nameZh']} / {firm['nameEn']}  {_registered(firm, zh=zh)}")
            tongue = "zh" if zh else "en"
            say(f"  {roles(firm['roles'], tongue)}  {moment(line['submitted'])}")
            for other in line["alike"]:
                said = "同名或同号" if zh else "same number or name"
                say(f"  ! {said}: {other['did']} ({other['status']})")

    show(found, as_json=as_json, human=human)


def approve(
    did: FirmDid,
    home: Home,
    days: Annotated[int, typer.Option("--days", min=1, max=90, help="Validity.")] = 90,
    legal_group: Annotated[
        str | None, typer.Option("--legal-group", help="The hand it is in, if you know better.")
    ] = None,
    wait: Wait = False,
    timeout: Timeout = _TIMEOUT_SECONDS,
    lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Certify a firm whose application is pending."""
    terms: dict[str, Any] = {"did": did, "days": days}
    if legal_group is not None:
        terms["legalGroup"] = legal_group
    _decide(home, "applications/approve", terms, timeout if wait else 0, lang, as_json)


def reject(
    did: FirmDid, home: Home, reason: Reason = _NO_REASON, lang: Lang = "", as_json: Json = False
) -> None:
    """Refuse a pending application."""
    _decide(home, "applications/reject", {"did": did, "reason": reason}, 0, lang, as_json)


def suspend(
    did: FirmDid,
    home: Home,
    reason: Reason = _NO_REASON,
    wait: Wait = False,
    timeout: Timeout = _TIMEOUT_SECONDS,
    lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Suspend a firm: until reinstated it can neither call nor be called."""
    terms = {"did": did, "reason": reason}
    _decide(home, "participants/suspend", terms, timeout if wait else 0, lang, as_json)


def reinstate(
    did: FirmDid,
    home: Home,
    reason: Reason = _NO_REASON,
    wait: Wait = False,
    timeout: Timeout = _TIMEOUT_SECONDS,
    lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Lift a suspension."""
    terms = {"did": did, "reason": reason}
    _decide(home, "participants/reinstate", terms, timeout if wait else 0, lang, as_json)


def revoke(
    did: FirmDid,
    home: Home,
    reason: Reason = _NO_REASON,
    wait: Wait = False,
    timeout: Timeout = _TIMEOUT_SECONDS,
    lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Revoke a firm's certification, for good: it would have to apply anew."""
    terms = {"did": did, "reason": reason}
    _decide(home, "participants/revoke", terms, timeout if wait else 0, lang, as_json)


def participants(home: Home, lang: Lang = "", as_json: Json = False) -> None:
    """List every firm that was ever certified."""
    client = management(home)
    tongue = language(client.settings, lang)
    found = client.get("/v1/hub/participants")

    def human() -> None:
        if not found["participants"]:
            say("尚无参与方" if tongue == "zh" else "nobody was certified yet")
        for firm in found["participants"]:
            name = firm["nameZh"] if tongue == "zh" else firm["nameEn"]
            ended = ("（已到期）" if tongue == "zh" else " (ended)") if firm["expired"] else ""
            say(f"{firm['did']}  {name}  {word(firm['status'], tongue)}{ended}")
            until = f"{'有效期至' if tongue == 'zh' else 'until'} {moment(firm['expires'])}"
            say(f"  {firm['legalId']}  {roles(firm['roles'], tongue)}  {until}")

    show(found, as_json=as_json, human=human)


def status(
    home: Home,
    serial: Annotated[
        int | None, typer.Option("--serial", help="Who acknowledged this serial.")
    ] = None,
    lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Show the status document in force, and who has acknowledged the last push."""
    client = management(home)
    zh = language(client.settings, lang) == "zh"
    if serial is not None:
        pushed = client.get(f"/v1/hub/pushes/{serial}")
        show(pushed, as_json=as_json, human=lambda: _print_push(pushed, zh=zh))
        return
    found = client.get("/v1/hub/status")

    def human() -> None:
        until = moment(found["expires"])
        say(
            f"状态文件 #{found['serial']}，有效期至 {until}"
            if zh
            else f"status document #{found['serial']}, in force until {until}"
        )
        if found["lastPush"] is not None:
            say("最近一次推送：" if zh else "last one that was pushed:")
            _print_push(found["lastPush"], zh=zh)

    show(found, as_json=as_json, human=human)


def _registered(firm: dict[str, Any], *, zh: bool) -> str:
    """Say a firm's number, and whose hand it is in where that is another's."""
    if firm["legalGroup"] == firm["legalId"]:
        return str(firm["legalId"])
    return f"{firm['legalId']}  {'归属' if zh else 'group'} {firm['legalGroup']}"


def _decide(
    home: Path, path: str, terms: dict[str, Any], wait: float, lang: str, as_json: bool
) -> None:
    client = management(home)
    tongue = language(client.settings, lang)
    found = client.post(f"/v1/hub/{path}", terms)
    pushed = (
        _acknowledgements(client, found["serial"], wait) if wait and "serial" in found else None
    )
    if pushed is not None:
        found["push"] = pushed

    def human() -> None:
        say(f"{found['did']}  {word(found['status'], tongue)}")
        if pushed is not None:
            _print_push(pushed, zh=tongue == "zh")

    show(found, as_json=as_json, human=human)
    if pushed is not None and not pushed["complete"]:
        raise typer.Exit(1)


def _acknowledgements(client: Management, serial: int, wait: float) -> dict[str, Any]:
    until = time.monotonic() + wait
    while True:
        found: dict[str, Any] = client.get(f"/v1/hub/pushes/{serial}")
        if found["complete"] or time.monotonic() >= until:
            return found
        time.sleep(_WAIT_SECONDS)


def _print_push(found: dict[str, Any], *, zh: bool) -> None:
    states = {
        "sent": ("not acknowledged yet", "尚未确认"),
        "acknowledged": ("acknowledged", "已确认"),
        "refused": ("refused", "被拒绝"),
    }
    say(f"{'状态文件' if zh else 'status document'} #{found['serial']}")
    for line in found["connectors"]:
        took = "" if line["seconds"] is None else f"  {line['seconds']:.3f} s"
        say(f"  {line['did']}  {states[line['state']][1 if zh else 0]}{took}")
