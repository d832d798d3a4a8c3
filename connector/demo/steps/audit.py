"""Step 9: bundles of all parties, checked offline against keys pinned from outside, and drilled."""

import json
from collections.abc import Mapping, Sequence
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
            leaves = _read(done).get("leaves")
            written = Text(f"{leaves} leaves", f"{leaves} 条存证")
            _line(stage, f"export {party.party.slug}", done, written)
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


def _line(stage: Stage, name: str, done: "CompletedProcess[str]", outcome: Text) -> None:
    ok = done.returncode == _CLEAN
    title = f"voile audit {name}"
    stage.findings.audits.append(AuditLine(title=Text(title, title), outcome=outcome, ok=ok))
    stage.check(
        f"{title}: {outcome.en}", f"{title}：{outcome.zh}", ok=ok, detail=f"{_words(done)[:1500]}"
    )


def _name(arguments: Sequence[str]) -> str:
    """The command without the folder's path and the trust file."""
    shown = [Path(word).name if "/" in word else word for word in arguments[1:]]
    return " ".join(shown[: shown.index("--trust")])


def _outcome(value: dict[str, Any]) -> Text:
    said = str(value.get("outcome", "?"))
    if "changes" in value:
        made, found = f"{value['changes']:,}", f"{value['found']:,}"
        return Text(
            f"{said}: {made} changes made, {found} found",
            f"{said}：改动 {made} 处，发现 {found} 处",
        )
    counts = (value.get("counts") or {}).items()
    return Text(
        ", ".join([said, *(f"{_COUNTED.get(name, (name,))[0]} {count}" for name, count in counts)]),
        "，".join(
            [said, *(f"{_COUNTED.get(name, (name,))[-1]} {count}" for name, count in counts)]
        ),
    )


_COUNTED: Final[Mapping[str, tuple[str, ...]]] = {
    "files": ("files", "文件"),
    "leaves": ("leaves", "存证"),
    "commitments": ("commitments", "承诺"),
    "agreements": ("agreements", "合约"),
    "stages": ("signatures of agreements", "合约签名"),
    "statements": ("signed statements", "已签名声明"),
    "peerCheckpoints": ("checkpoints of others", "对方检查点"),
    "opened": ("details opened", "已打开明细"),
    "matched": ("matched", "两侧一致"),
    "leavesOfA": ("leaves of A", "A 侧存证"),
    "leavesOfB": ("leaves of B", "B 侧存证"),
    "contributionsOpened": ("contributions opened", "已打开贡献"),
    "totalsAddedUp": ("totals added up again", "重新相加的合计"),
    "tablesMadeAgain": ("cohort tables made again", "重新计算的群组表"),
    "renewalsWorkedOut": ("renewals worked out again", "重新计算的更新"),
}


def _read(done: "CompletedProcess[str]") -> dict[str, Any]:
    try:
        found = json.loads(done.stdout)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _words(done: "CompletedProcess[str]") -> str:
    return f"exit {done.returncode}: {done.stdout.strip()[:1200]} {done.stderr.strip()[-300:]}"
