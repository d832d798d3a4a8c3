"""A decision of the operator: about what was seen, and who has heard of it.

Each names the digest of an application or of a firm's entry, as the lists print it. At a terminal
a command without one shows what stands now and asks; a script has to name what it means.
"""

import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from connector.faces.cli.client import Management, language, management, say, show, unreadable
from connector.faces.cli.membership import moment, word
from connector.faces.cli.words import roles
from connector.process.errors import SettingsError

_WAIT_SECONDS = 0.1
_LISTS = {"applications": "voile hub applications", "participants": "voile hub participants"}

Seen = Annotated[
    str,
    typer.Option(
        "--seen",
        help="Digest of what you decide about, as the list prints it; without it you are shown "
        "what stands now, and asked.",
    ),
]
DigestOf = Annotated[
    str, typer.Option("--digest-of", help="Print only the digest for this DID, for --seen.")
]


def decide(
    home: Path, path: str, terms: dict[str, Any], wait: float, lang: str, as_json: bool
) -> None:
    """Send a decision; show what came of it, and with ``wait`` who has acknowledged it."""
    client = management(home)
    tongue = language(client.settings, lang)
    kind = "applications" if path.startswith("applications") else "participants"
    terms["seen"] = terms["seen"] or _ask(client, kind, terms["did"], tongue)
    found = client.post(f"/v1/hub/{path}", terms)
    pushed = (
        _acknowledgements(client, found["serial"], wait) if wait and "serial" in found else None
    )
    if pushed is not None:
        found["push"] = pushed

    def human() -> None:
        say(f"{found['did']}  {word(found['status'], tongue)}")
        if pushed is not None:
            print_push(pushed, zh=tongue == "zh")

    show(found, as_json=as_json, human=human)
    if pushed is not None and not pushed["complete"]:
        raise typer.Exit(1)


def _ask(client: Management, kind: str, did: str, tongue: str) -> str:
    """Show what a decision would be about, and ask whether it is meant; give its digest."""
    if not sys.stdin.isatty():
        raise SettingsError(
            f"the decision about `{did}` does not say what was seen",
            code="decision-unseen",
            next_step=f"look: {_LISTS[kind]}; then name its digest with --seen",
        )
    line = line_of(client, kind, did)
    printer = print_application if kind == "applications" else print_participant
    printer(line, tongue)
    asked = "就以上内容作出决定？" if tongue == "zh" else "decide about this?"
    if not typer.confirm(asked, err=True):
        raise typer.Exit(1)
    return str(line["digest"])


def line_of(client: Management, kind: str, did: str) -> dict[str, Any]:
    """Give what the hub lists for a firm: its pending application, or its entry."""
    state = {"state": "pending"} if kind == "applications" else {}
    for line in client.get(f"/v1/hub/{kind}", **state)[kind]:
        if line.get("participant", line)["did"] == did:
            found: dict[str, Any] = line
            return found
    what = "pending application" if kind == "applications" else "entry"
    raise SettingsError(
        f"`{did}` has no {what}", code="decision-unseen", next_step=f"see {_LISTS[kind]}"
    )


def print_application(line: dict[str, Any], tongue: str) -> None:
    """Print an application as the operator sees it."""
    zh = tongue == "zh"
    if "unreadable" in line:
        say(f"{line['did']}  {word(line['state'], tongue)}")
        say(f"  {unreadable(line, tongue)}")
        return
    firm = line["participant"]
    say(f"{firm['did']}  {word(line['state'], tongue)}")
    say(f"  {firm['nameZh']} / {firm['nameEn']}  {_registered(firm, zh=zh)}")
    say(f"  {roles(firm['roles'], tongue)}  {moment(line['submitted'])}")
    say(f"  {'摘要' if zh else 'digest'} {line['digest']}")
    if line.get("newKeys"):
        said = "密钥与已认证的不同" if zh else "other keys than those that are certified"
        say(f"  ! {said}")
    for other in line["alike"]:
        said = "同名或同号" if zh else "same number or name"
        say(f"  ! {said}: {other['did']} ({other['status']})")


def print_participant(firm: dict[str, Any], tongue: str) -> None:
    """Print a firm's entry in the register."""
    zh = tongue == "zh"
    name = firm["nameZh"] if zh else firm["nameEn"]
    ended = ("（已到期）" if zh else " (ended)") if firm["expired"] else ""
    say(f"{firm['did']}  {name}  {word(firm['status'], tongue)}{ended}")
    until = f"{'有效期至' if zh else 'until'} {moment(firm['expires'])}"
    say(f"  {firm['legalId']}  {roles(firm['roles'], tongue)}  {until}")
    say(f"  {'摘要' if zh else 'digest'} {firm['digest']}")


def print_push(found: dict[str, Any], *, zh: bool) -> None:
    """Print who has acknowledged a status document."""
    states = {
        "sent": ("not acknowledged yet", "尚未确认"),
        "acknowledged": ("acknowledged", "已确认"),
        "refused": ("refused", "被拒绝"),
    }
    say(f"{'状态文件' if zh else 'status document'} #{found['serial']}")
    for line in found["connectors"]:
        took = "" if line["seconds"] is None else f"  {line['seconds']:.3f} s"
        say(f"  {line['did']}  {states[line['state']][1 if zh else 0]}{took}")


def _registered(firm: dict[str, Any], *, zh: bool) -> str:
    """Say a firm's number, and whose hand it is in where that is another's."""
    if firm["legalGroup"] == firm["legalId"]:
        return str(firm["legalId"])
    return f"{firm['legalId']}  {'归属' if zh else 'group'} {firm['legalGroup']}"


def _acknowledgements(client: Management, serial: int, wait: float) -> dict[str, Any]:
    until = time.monotonic() + wait
    while True:
        found: dict[str, Any] = client.get(f"/v1/hub/pushes/{serial}")
        if found["complete"] or time.monotonic() >= until:
            return found
        time.sleep(_WAIT_SECONDS)
