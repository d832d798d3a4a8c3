"""Commands about files: ``transfer fetch`` and ``transfer send``."""

import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from connector.faces.cli import problems
from connector.faces.cli.client import Failed, Home, Json, Lang, management, part, put, said, show
from connector.faces.cli.contract_lines import state_of
from connector.faces.cli.does import does
from connector.process.errors import Conflict, SettingsError
from crypto.words import NOTHING, Words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from connector.faces.cli.client import Management

Agreement = Annotated[str, typer.Argument(metavar="AGREEMENT")]

_POLL_SECONDS = 0.1
_GOES_ON = Words("；中断后再次执行即续传", "; run it again to go on after a break")
_SENDS = Words(
    "让提供方把合约的文件推送到 URL（HttpData-PUSH），等到送达为止",
    "have the file of an agreement sent to a URL (HttpData-PUSH), and wait until it is there",
)
_NO_DIGEST = Words("  （提供方未给出摘要）", "  (the provider gave no digest)")
_FINAL = frozenset({"COMPLETED", "TERMINATED"})


def register(transfer: typer.Typer) -> None:
    """Add the commands to `voile transfer`."""
    transfer.command("fetch")(fetch)
    transfer.command("send")(send)


@does("delivery.fetch", _GOES_ON)
def fetch(
    agreement: Agreement,
    out: Annotated[Path, typer.Option("--out")],
    home: Home,
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Have it fetched, watch how far it is, and print what came."""
    client = management(home)
    place = str(out.absolute())
    job = client.post("/v1/deliveries", {"agreement": agreement, "out": place})
    watched = sys.stdout.isatty() and not as_json  # no bar in a file or a pipe
    report = _with_bar(client, job) if watched else _wait(client, job, lambda _: None)

    def human() -> None:
        put(f"{report['bytes']:,} B  {report['digest']}")
        put(f"{report['out']}{said(NOTHING if report['verified'] else _NO_DIGEST)}")

    show(report, as_json=as_json, human=human)


@does("transfer.open", words=_SENDS)
def send(
    agreement: Agreement,
    to: Annotated[str, typer.Option("--to", help="https URL that the provider POSTs the file to.")],
    home: Home,
    authorization_file: Annotated[
        Path | None,
        typer.Option(
            "--authorization-file", help="File with the Authorization value for that URL."
        ),
    ] = None,
    seconds: Annotated[float, typer.Option("--seconds", help="How long to wait.")] = 60.0,
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Open a transfer to there, and wait until it has ended."""
    client = management(home)
    address: dict[str, Any] = {"@type": "DataAddress", "endpointType": "HttpData", "endpoint": to}
    if authorization_file is not None:
        entry = {
            "@type": "EndpointProperty",
            "name": "authorization",
            "value": _secret(authorization_file),
        }
        address["endpointProperties"] = [entry]
    body = {"agreement": agreement, "format": "HttpData-PUSH", "dataAddress": address}
    found = client.post("/v1/transfers", body)
    deadline = time.monotonic() + seconds
    while found["state"] not in _FINAL and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
        found = client.get(f"/v1/transfers/{part(found['pid'])}")
    show(found, as_json=as_json, human=lambda: put(f"{found['pid']}  {state_of(found['state'])}"))
    if found["state"] == "TERMINATED":
        code = found.get("ended", {}).get("code")
        ended = replace(problems.TRANSFER_ENDED, code=code or "transfer-ended")
        raise Conflict(ended, why=code or problems.NO_CODE, pid=found["pid"])
    if found["state"] != "COMPLETED":
        raise Conflict(problems.NOT_CONCLUDED, state=found["state"], pid=found["pid"])


def _secret(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(problems.AUTHORIZATION_FILE_UNREADABLE, path=str(path)) from error


def _wait(
    client: "Management", job: "Mapping[str, Any]", watch: "Callable[[Mapping[str, Any]], None]"
) -> dict[str, Any]:
    while job["state"] in ("waiting", "running"):
        watch(job)
        time.sleep(_POLL_SECONDS)
        job = client.get(f"/v1/deliveries/{job['job']}")
    if job["state"] == "failed":
        raise Failed(422, dict(job))
    report: dict[str, Any] = job["report"]
    return report


def _with_bar(client: "Management", job: "Mapping[str, Any]") -> dict[str, Any]:
    from rich.progress import BarColumn, DownloadColumn, Progress, TransferSpeedColumn

    with Progress(BarColumn(), DownloadColumn(), TransferSpeedColumn(), transient=True) as bar:
        task = bar.add_task("", total=None)

        def watch(job: "Mapping[str, Any]") -> None:
            bar.update(task, total=job["total"] or None, completed=job["bytes"])

        return _wait(client, job, watch)
