"""``product import``: a first product file, made of a data contract (ODCS)."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from connector.faces.cli import problems
from connector.faces.cli.client import Json, Lang, printable, put, say
from connector.faces.cli.draft import Out, deliver, refuse_existing, say_what_is_left
from connector.faces.cli.tongue import spoken
from connector.process.errors import SettingsError
from crypto.words import Words

_MOST: Final = 40  # parts that are printed; the file and --json have more
_UNMAPPED: Final = Words(
    "合约中有 {count} 项没有对应，未被采用：",
    "{count} {count|part of the contract has|parts of the contract have} no counterpart and"
    " {count|is|are} not used:",
)
_MORE: Final = Words("  另有 {count} 项（见 --json）", "  {count} more (see --json)")


def import_contract(
    contract: Annotated[
        Path, typer.Argument(help="A YAML file of the Open Data Contract Standard.")
    ],
    name: Annotated[
        str, typer.Option("--object", help="Name of an object in it, if there are several.")
    ] = "",
    out: Out = None,
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Write a first product file from a data contract of ODCS 3.1 or 3.2; list what does not fit.

    It takes voile[odcs]. The contract is read on this machine; nothing is sent anywhere.
    """
    from connector.areas.products import imported

    refuse_existing(out)
    if not contract.is_file():
        raise SettingsError(problems.CONTRACT_FILE_MISSING, path=str(contract))
    today = datetime.now(UTC).date()
    made = imported(contract, name, language=spoken(), today=today)
    found = {
        "decisions": list(made.draft.decisions),
        "lacking": list(made.draft.lacking),
        "unmapped": [{"at": at, "value": value} for at, value in made.unmapped],
    }
    deliver(made.draft.text, out, found, as_json=as_json)
    if out is None or as_json:
        return
    say_what_is_left(made.draft.decisions, made.draft.lacking)
    if made.unmapped:
        say(_UNMAPPED, count=len(made.unmapped))
        for at, value in made.unmapped[:_MOST]:
            put(printable(f"  `{at}: {value}`"))
        if len(made.unmapped) > _MOST:
            say(_MORE, count=len(made.unmapped) - _MOST)
