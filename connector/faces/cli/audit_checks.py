"""What the offline checks of bundles share: reading one, and saying what came of it."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from connector.faces.cli.audit_report import print_report
from connector.faces.cli.client import show
from crypto.errors import VoileError


def open_bundle(folder: Path, trust_file: Path | None) -> Any:
    """Read a bundle, and the keys that it is held against."""
    from connector.areas.audit import read_file, read_folder
    from contracts.audit.trust import MAX_BYTES, Trust, read_trust
    from contracts.audit.verify import Bundle as Opened

    files, odd = read_folder(folder)
    found = Trust()
    if trust_file is not None:
        found = read_trust(read_file(trust_file, max_bytes=MAX_BYTES))
    return Opened(files=files, trust=found, now=int(time.time()), oddities=odd)


def finish(run: Callable[[], tuple[dict[str, Any], int]], *, as_json: bool, trusted: bool) -> None:
    """Run a check and print it: headline, JSON and exit code are one value, set here."""
    from contracts.audit.report import OUTCOMES, UNREADABLE

    failed: VoileError | None = None
    try:
        found, code = run()
    except VoileError as error:
        failed, code = error, UNREADABLE
        found = {"error": {"code": error.code, "message": error.message, "next": error.next_step}}
    value = {"outcome": OUTCOMES[code], "exit": code}
    value |= {name: said for name, said in found.items() if name not in value}
    show(value, as_json=as_json, human=lambda: print_report(value, failed, trusted=trusted))
    raise typer.Exit(code)
