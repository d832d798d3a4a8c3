"""Commands of the audit: ``voile audit export | trust | verify | diff | drill``.

``verify``, ``diff`` and ``drill`` work offline on folders; exit codes: 0 clean, 1 findings,
2 unreadable, 3 something unchecked.
"""

import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from connector.faces.cli import problems
from connector.faces.cli.audit_checks import finish, open_bundle
from connector.faces.cli.audit_report import FINDS_BEFORE
from connector.faces.cli.client import (
    AcceptHead,
    Home,
    Json,
    Lang,
    printable,
    put,
    said,
    say,
    settings_of,
    show,
)
from connector.faces.cli.does import does
from connector.faces.cli.evidence import dossier, history
from connector.faces.cli.open_option import ALL, OpenOption
from connector.faces.cli.tongue import spoken
from connector.process.errors import SettingsError
from crypto.words import Words

Bundle = Annotated[Path, typer.Argument(help="Folder of the bundle.", show_default=False)]
TrustFile = Annotated[
    Path | None,
    typer.Option("--trust", help="Keys that you trust, from `voile audit trust`."),
]


_WROTE_BUNDLE = Words(
    "已写出 {out}：{leaves} 片叶，{files} 个证据文件（旁附 verify.py），{bytes} 字节",
    "wrote {out}: {leaves} {leaves|leaf|leaves}, {files} {files|file|files} of evidence beside"
    " verify.py, {bytes} bytes",
)
_CLOSED = Words("未公开（见 --open）", "closed (see --open)")
_DETAILS = {
    "all": Words("已公开", "opened"),
    "sessions": Words("已公开其中 {count} 次会话的", "of {count} sessions opened"),
}
_WROTE_TRUST = Words(
    "已写出 {out}：请与各参与方核对这些指纹",
    "wrote {out}: compare these thumbprints with the parties'",
)
_UNTIL = Words("  有效至 {moment}", "  until {moment}")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    audit = typer.Typer(help="Evidence: export it, check it, compare it.", no_args_is_help=True)
    audit.command(cls=OpenOption)(export)
    audit.command()(trust)
    audit.command()(verify)
    audit.command()(diff)
    audit.command()(drill)
    audit.command()(dossier)
    audit.command("history")(history)
    app.add_typer(audit, name="audit")


@does("audit.export")
def export(
    home: Home,
    out: Annotated[Path, typer.Option("--out", help="Folder to make for the bundle.")],
    opened: Annotated[
        list[str] | None,
        typer.Option(
            "--open",
            metavar="[SESSION]",
            help="Open the details behind the commitments, too. With the id of a total's session: "
            "of that one only, what we contributed to it included, which is never opened else.",
        ),
    ] = None,
    accept_head: AcceptHead = False,
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Have it streamed into a new folder, and say what came."""
    from connector.faces.cli.reach import fetch_bundle
    from contracts.audit.layout import MANIFEST, UNLISTED, read_manifest

    if out.exists():
        raise SettingsError(problems.OUT_EXISTS, path=str(out))
    started = time.perf_counter()
    sessions = [name for name in opened or () if name != ALL]
    everything = ALL in (opened or ())
    fetch_bundle(
        settings_of(home),
        out,
        opened="all" if everything else "none",
        sessions=sessions,
        accept_head=accept_head,
    )
    seconds = time.perf_counter() - started
    manifest = read_manifest((out / MANIFEST).read_bytes())
    facts = {
        "folder": str(out),
        "party": manifest.did,
        "leaves": manifest.size,
        "files": len(manifest.files) + UNLISTED,
        "bytes": sum(item.size for item in manifest.files.values()),
        "opened": manifest.opened,
        "seconds": round(seconds, 3),
    }

    def human() -> None:
        amounts = {name: f"{facts[name]:,}" for name in ("leaves", "files", "bytes")}
        say(_WROTE_BUNDLE, out=out, **amounts)
        say(Words("  日志    {log}", "  log      {log}"), log=manifest.origin)
        opened = _DETAILS.get(manifest.opened, _CLOSED).filled(spoken(), {"count": len(sessions)})
        say(Words("  细节    {opened}", "  details  {opened}"), opened=opened)
        line = f"voile audit verify {out} --trust FILE"
        say(Words("  下一步  {line}", "  next     {line}"), line=line)

    show(facts, as_json=as_json, human=human)


@does("audit.trust")
def trust(
    home: Home,
    out: Annotated[Path, typer.Option("--out", help="File to write.")],
    party: Annotated[list[str] | None, typer.Option("--party")] = None,
    hub_only: Annotated[
        bool, typer.Option("--hub-only", help="Pin the hub only: it vouches for the others.")
    ] = False,
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Collect them, and print what they are to be compared with."""
    from dataclasses import replace

    from connector.faces.cli.reach import fetch_trust
    from contracts.audit.report import moment
    from contracts.audit.trust import write_trust

    found, failed = fetch_trust(settings_of(home), party or ())
    if hub_only:
        if found.hub is None:
            raise SettingsError(problems.NO_HUB_KNOWN)
        found = replace(found, parties=())
    out.write_bytes(write_trust(found))
    everybody = (*((found.hub,) if found.hub else ()), *found.parties)
    facts = {
        "file": str(out),
        "hub": found.hub.did if found.hub else None,
        "parties": [
            {
                "did": one.did,
                "keys": [key.thumbprint() for _, key in one.keys],
                "logs": one.logs,
                "ended": dict(one.ended),
            }
            for one in everybody
        ],
        "failed": failed,
    }

    def human() -> None:
        say(_WROTE_TRUST, out=out)
        for one in everybody:
            mark = said(Words("  （运营方）", "  (hub)")) if one is found.hub else ""
            put(printable(f"  {one.did}{mark}"))
            ends = dict(one.ended)
            for _, key in one.keys:
                until = ends.get(key.thumbprint())
                ended = said(_UNTIL, moment=moment(until)) if until else ""
                put(f"    {key.thumbprint()}{ended}")
            for log in one.logs:
                say(Words("    日志 {log}", "    log {log}"), log=log)
        for did, why in failed.items():
            say(Words("  {did}：没有密钥：{why}", "  {did}: no keys: {why}"), did=did, why=why)

    show(facts, as_json=as_json, human=human)


def verify(
    bundle: Bundle, trust_file: TrustFile = None, _lang: Lang = "", as_json: Json = False
) -> None:
    """Check a bundle offline. Without --trust nothing can be more than UNCHECKED."""
    from connector.areas.audit import no_collection, verifier_beside
    from contracts.audit.verify import verify as check

    def run() -> tuple[dict[str, Any], int]:
        with no_collection():
            report = check(open_bundle(bundle, trust_file))
        return report.to_json() | {"verifier": verifier_beside(bundle)}, report.exit_code

    finish(run, as_json=as_json, trusted=trust_file is not None)


def diff(
    a: Annotated[Path, typer.Argument(help="Bundle of one party.")],
    b: Annotated[Path, typer.Argument(help="Bundle of another.")],
    others: Annotated[list[Path] | None, typer.Argument(help="Bundles of further parties.")] = None,
    trust_file: TrustFile = None,
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Lay parties' bundles side by side, after checking each.

    Totals over several suppliers are added up again from what their parties opened.
    """
    from connector.areas.audit import compare

    def run() -> tuple[dict[str, Any], int]:
        return compare([open_bundle(folder, trust_file) for folder in (a, b, *(others or ()))])

    finish(run, as_json=as_json, trusted=trust_file is not None)


def drill(
    bundle: Bundle,
    trust_file: TrustFile = None,
    flips: Annotated[
        int, typer.Option("--flips", min=2, max=4096, help="Flips in each large file.")
    ] = 64,
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Change a copy of a bundle in thousands of ways; every change must be found."""
    from rich.progress import Progress

    from contracts.audit.drill import drill as run_drill
    from contracts.audit.report import CLEAN, FINDINGS, together
    from contracts.audit.verify import verify as check

    def run() -> tuple[dict[str, Any], int]:
        opened = open_bundle(bundle, trust_file)
        before = check(opened)
        if before.exit_code == FINDINGS:
            value = before.to_json() | {"error": FINDS_BEFORE.en}
            return value, FINDINGS
        started = time.perf_counter()
        with Progress(transient=True, disable=as_json or not sys.stdout.isatty()) as progress:
            task = progress.add_task(said(Words("改动中", "changing")), total=None)
            tallies = run_drill(
                opened,
                flips_per_file=flips,
                progress=lambda made: progress.update(task, completed=made),
            )
        missed = [tally for tally in tallies if tally.found != tally.made]
        sorts = {
            sort: {
                "made": sum(t.made for t in tallies if t.sort == sort),
                "found": sum(t.found for t in tallies if t.sort == sort),
                "located": sum(t.located for t in tallies if t.sort == sort),
            }
            for sort in ("flip", "deep", "move")
        }
        # every change found does not make a bundle good that nobody vouches for
        code = together([FINDINGS if missed else CLEAN, before.exit_code])
        value = {
            "files": len(opened.files),
            "seconds": round(time.perf_counter() - started, 3),
            "changes": sum(t.made for t in tallies),
            "found": sum(t.found for t in tallies),
            "bySort": sorts,
            "missed": [{"sort": t.sort, "where": t.where, "made": t.made, "found": t.found}
                       for t in missed],
        }  # fmt: skip
        return value, code

    finish(run, as_json=as_json, trusted=trust_file is not None)
