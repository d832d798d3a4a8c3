"""Step 9: bundles of all parties, checked offline against keys pinned from outside, and drilled."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from connector.demo.processes import command, voile
from connector.demo.results import AuditLine, Text
from connector.demo.stage import Stage

if TYPE_CHECKING:
    from subprocess import CompletedProcess

_CLEAN: Final = 0
_UNCHECKED: Final = 3
_AT_ONCE: Final = 2
FLIPS: Final = "8"  # per large file, so that the drill of the whole bundle takes seconds


def run(stage: Stage) -> None:
    """Export, verify, diff, drill."""
    bundles = stage.out / "bundles"
    bundles.mkdir(exist_ok=True)
    trust = stage.out / "trust.json"
    made = command(stage.hub, "audit", "trust", "--out", str(trust), "--json")
    stage.check(
        "the operator wrote a file with everybody's keys",
        "运营方写出了各方公钥文件",
        ok=made.returncode == _CLEAN and len(_read(made).get("parties", ())) >= len(stage.firms),
        detail=_words(made),
    )
    parties = list(stage.processes.running.values())
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        exports = list(
            pool.map(
                lambda party: command(
                    party,
                    *("audit", "export", "--open"),  # with what the commitments are to
                    *("--out", str(bundles / party.party.slug), "--json"),
                ),
                parties,
            )
        )
        for party, done in zip(parties, exports, strict=True):
            _line(stage, f"export {party.party.slug}", done, f"{_read(done).get('leaves')} leaves")
        plan = _plan(bundles, trust, [p.party.slug for p in parties], stage)
        outcomes = list(pool.map(lambda arguments: voile(*arguments, "--json"), plan))
    for arguments, done in zip(plan, outcomes, strict=True):
        _line(stage, _name(arguments), done, _outcome(_read(done)))
    alone = voile("audit", "verify", str(bundles / stage.buyer.party.slug), "--json")
    ok = alone.returncode == _UNCHECKED
    stage.check(
        "a bundle that vouches for itself is unchecked, not OK",
        "只由自身作证的证据包结论为“未核实”，而非通过",
        ok=ok,
        detail=_words(alone),
    )


def _plan(
    bundles: Path, trust: Path, slugs: Sequence[str], stage: Stage
) -> tuple[tuple[str, ...], ...]:
    """The checks: each bundle, the buyer's beside each supplier's, and the drill."""
    pinned = ("--trust", str(trust))
    buyer = str(bundles / stage.buyer.party.slug)
    drill = ("audit", "drill", buyer, *pinned, "--flips", FLIPS)
    verify = tuple(("audit", "verify", str(bundles / slug), *pinned) for slug in slugs)
    diff = tuple(
        ("audit", "diff", buyer, str(bundles / supplier.party.slug), *pinned)
        for supplier in stage.suppliers
    )
    return (drill, *verify, *diff)


def _line(stage: Stage, name: str, done: "CompletedProcess[str]", outcome: str) -> None:
    ok = done.returncode == _CLEAN
    title = f"voile audit {name}"
    stage.findings.audits.append(AuditLine(title=Text(title, title), outcome=outcome, ok=ok))
    stage.check(
        f"{title}: {outcome}", f"{title}：{outcome}", ok=ok, detail=f"{_words(done)[:1500]}"
    )


def _name(arguments: Sequence[str]) -> str:
    """The command without the folder's path and the trust file."""
    shown = [Path(word).name if "/" in word else word for word in arguments[1:]]
    return " ".join(shown[: shown.index("--trust")])


def _outcome(value: dict[str, Any]) -> str:
    said = str(value.get("outcome", "?"))
    if "changes" in value:
        return f"{said}: {value['changes']:,} changes made, {value['found']:,} found"
    counts = ", ".join(f"{name} {count}" for name, count in (value.get("counts") or {}).items())
    return f"{said}: {counts}" if counts else said


def _read(done: "CompletedProcess[str]") -> dict[str, Any]:
    try:
        found = json.loads(done.stdout)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _words(done: "CompletedProcess[str]") -> str:
    return f"exit {done.returncode}: {done.stdout.strip()[:1200]} {done.stderr.strip()[-300:]}"
