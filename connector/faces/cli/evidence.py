"""Commands ``voile evidence search | show`` and ``voile audit dossier | history``."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

import typer

from connector.faces.cli import problems
from connector.faces.cli.client import Home, Json, Lang, management, part, say, show
from connector.faces.cli.does import does
from connector.faces.cli.evidence_lines import say_dossier, say_history, say_record, say_records
from connector.faces.cli.single import Spelled, single
from connector.faces.cli.tongue import spoken
from connector.process.errors import SettingsError
from crypto.words import Words

_WROTE = Words("已写出 {out}", "wrote {out}")

history = single("question.history", say_history)


def register(app: typer.Typer) -> None:
    """Add the commands of the evidence."""
    evidence = typer.Typer(help="Records of this node's own log.", no_args_is_help=True)
    kind = {"kind": Spelled(kind=str)}  # fourteen names would fill the help
    evidence.command("search")(single("evidence.search", say_records, spelled=kind))
    evidence.command("show")(
        single("evidence.record", say_record, spelled={"index": Spelled(name="LEAF", kind=int)})
    )
    app.add_typer(evidence, name="evidence")


@does("audit.dossier", also="audit.dossier_file")
def dossier(
    home: Home,
    agreement: Annotated[str, typer.Argument(show_default=False)],
    party: Annotated[str | None, typer.Option("--party")] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Write it into this new file, as HTML that needs nothing else."),
    ] = None,
    lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Print it, or write it as a file."""
    del lang  # `spoken` knows it
    client = management(home)
    asked = {"party": party} if party else {}
    if out is None:
        found = client.get(f"/v1/audit/dossier/{part(agreement)}", **asked)
        show(found, as_json=as_json, human=lambda: say_dossier(found))
        return
    if out.exists():
        raise SettingsError(problems.OUT_EXISTS, path=str(out))
    query = urlencode({**asked, "lang": spoken()})
    path = f"/v1/audit/dossier-file/{part(agreement)}?{query}"
    with client.stream("GET", path, b"") as response:
        client.refuse(response)
        data = response.read()
    with out.open("xb") as file:
        file.write(data)
    facts = {"file": str(out), "bytes": len(data)}
    show(facts, as_json=as_json, human=lambda: say(_WROTE, out=out))
