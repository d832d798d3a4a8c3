"""A decision of the operator: about what was seen, and who has heard of it.

Each names the digest of an application or of a firm's entry, as the lists print it. At a terminal
a command without one shows what stands now and asks; a script has to name what it means.
"""

import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from connector.faces.cli import problems
from connector.faces.cli.client import Management, management, put, said, say, show, unreadable
from connector.faces.cli.confirming import confirmed
from connector.faces.cli.membership import moment, word
from connector.faces.cli.tongue import spoken
from connector.faces.cli.words import roles
from connector.process.errors import SettingsError
from crypto.words import Words

_WAIT_SECONDS = 0.1
_LISTS = {"applications": "voile hub applications", "participants": "voile hub participants"}

SEEN = {
    "seen": Words(
        "；不给时先显示当前内容再询问",
        "; without it you are shown what stands now, and asked",
    )
}
Seen = Annotated[str, typer.Option("--seen")]
DigestOf = Annotated[
    str, typer.Option("--digest-of", help="Print only the digest for this DID, for --seen.")
]


def decide(home: Path, path: str, terms: dict[str, Any], wait: float, as_json: bool) -> None:
    """Send a decision; show what came of it, and with ``wait`` who has acknowledged it."""
    client = management(home)
    kind = "applications" if path.startswith("applications") else "participants"
    terms["seen"] = terms["seen"] or _ask(client, kind, terms["did"])
    found = client.post(f"/v1/hub/{path}", terms)
    pushed = (
        _acknowledgements(client, found["serial"], wait) if wait and "serial" in found else None
    )
    if pushed is not None:
        found["push"] = pushed

    def human() -> None:
        put(f"{found['did']}  {word(found['status'])}")
        if pushed is not None:
            print_push(pushed)

    show(found, as_json=as_json, human=human)
    if pushed is not None and not pushed["complete"]:
        raise typer.Exit(1)


def _ask(client: Management, kind: str, did: str) -> str:
    """Show what a decision would be about, and ask whether it is meant; give its digest."""
    line = line_of(client, kind, did)
    if not sys.stdin.isatty():
        raise SettingsError(problems.DECISION_UNSEEN, did=did, list=_LISTS[kind])
    printer = print_application if kind == "applications" else print_participant
    printer(line)
    if not confirmed(Words("就以上内容作出决定？", "decide about this?")):
        raise typer.Exit(1)
    return str(line["digest"])


def line_of(client: Management, kind: str, did: str) -> dict[str, Any]:
    """Give what the hub lists for a firm: its pending application, or its entry."""
    state = {"state": "pending"} if kind == "applications" else {}
    for line in client.get(f"/v1/hub/{kind}", **state)[kind]:
        if line.get("participant", line)["did"] == did:
            found: dict[str, Any] = line
            return found
    what = problems.A_PENDING_APPLICATION if kind == "applications" else problems.AN_ENTRY
    raise SettingsError(problems.NOTHING_TO_DECIDE, did=did, what=what, list=_LISTS[kind])


_DIGEST = Words("  摘要 {digest}", "  digest {digest}")
_OTHER_KEYS = Words("  ! 密钥与已认证的不同", "  ! other keys than those that are certified")
_ALIKE = Words("  ! 同名或同号：{did}（{status}）", "  ! same number or name: {did} ({status})")
_ENDED = Words("（已到期）", " (ended)")
_UNTIL = Words("有效期至 {moment}", "until {moment}")
_GROUP = Words("{id}  归属 {group}", "{id}  group {group}")
_DOCUMENT = Words("状态文件 #{serial}", "status document #{serial}")
_ACKNOWLEDGED = {
    "sent": Words("尚未确认", "not acknowledged yet"),
    "acknowledged": Words("已确认", "acknowledged"),
    "refused": Words("被拒绝", "refused"),
}


def print_application(line: dict[str, Any]) -> None:
    """Print an application as the operator sees it."""
    if "unreadable" in line:
        put(f"{line['did']}  {word(line['state'])}")
        put(f"  {unreadable(line)}")
        return
    firm = line["participant"]
    put(f"{firm['did']}  {word(line['state'])}")
    put(f"  {firm['nameZh']} / {firm['nameEn']}  {_registered(firm)}")
    put(f"  {roles(firm['roles'], spoken())}  {moment(line['submitted'])}")
    say(_DIGEST, digest=line["digest"])
    if line.get("newKeys"):
        say(_OTHER_KEYS)
    for other in line["alike"]:
        say(_ALIKE, did=other["did"], status=word(other["status"]))


def print_participant(firm: dict[str, Any]) -> None:
    """Print a firm's entry in the register."""
    name = firm["nameZh"] if spoken() == "zh" else firm["nameEn"]
    ended = said(_ENDED) if firm["expired"] else ""
    put(f"{firm['did']}  {name}  {word(firm['status'])}{ended}")
    until = said(_UNTIL, moment=moment(firm["expires"]))
    put(f"  {firm['legalId']}  {roles(firm['roles'], spoken())}  {until}")
    say(_DIGEST, digest=firm["digest"])


def print_push(found: dict[str, Any]) -> None:
    """Print who has acknowledged a status document."""
    say(_DOCUMENT, serial=found["serial"])
    for line in found["connectors"]:
        took = "" if line["seconds"] is None else f"  {line['seconds']:.3f} s"
        put(f"  {line['did']}  {said(_ACKNOWLEDGED[line['state']])}{took}")


def _registered(firm: dict[str, Any]) -> str:
    """Say a firm's number, and whose hand it is in where that is another's."""
    if firm["legalGroup"] == firm["legalId"]:
        return str(firm["legalId"])
    return said(_GROUP, id=firm["legalId"], group=firm["legalGroup"])


def _acknowledgements(client: Management, serial: int, wait: float) -> dict[str, Any]:
    until = time.monotonic() + wait
    while True:
        found: dict[str, Any] = client.get(f"/v1/hub/pushes/{serial}")
        if found["complete"] or time.monotonic() >= until:
            return found
        time.sleep(_WAIT_SECONDS)
