"""Reports of the audit, printed for people: nothing that a bundle says steers the terminal."""

from collections.abc import Mapping
from typing import Any, Final

from connector.faces.cli.client import printable, put, said, say
from connector.faces.cli.tongue import spoken
from connector.faces.cli.words import COUNTED, NEXT, figure, opened_of, padded
from connector.process.errors import VoileError
from crypto.words import Words, verbatim

_SORTS: Final = {
    "flip": Words("翻转的位", "flipped bits"),
    "deep": Words("在新的清单之下", "under a new manifest"),
    "move": Words("整个文件", "whole files"),
}
_TALLIES: Final = {
    "made": Words("作出 {n} 处", "{n} made"),
    "found": Words("发现 {n} 处", "{n} found"),
    "located": Words("定位 {n} 处", "{n} located"),
}
_SIGNED: Final = {
    "mutual": Words("双方签名 {n} 份", "{n} mutual"),
    "own": Words("仅本方签名 {n} 份", "{n} own"),
    "none": Words("无签名 {n} 份", "{n} none"),
    "unchecked": Words("未核验 {n} 份", "{n} unchecked"),
}
SIGNED: Final = tuple(f"signatures.{word}" for word in _SIGNED)
SHOWN: Final = 50  # findings printed; --json has all
_SIGNATURES: Final = Words("{told}，其中{each}", "{told}: signatures {each}")
_BUNDLE: Final = Words(
    "  证据包 {name}：{outcome}，{findings} 项疑点，{unchecked} 项未核验",
    "  bundle {name}: {outcome}, {findings} findings, {unchecked} unchecked",
)
_MORE: Final = Words("…… 另有 {count} 项：见 --json", "… and {count} more: see --json")
_MISSED: Final = Words(
    "漏过       {where} 中{sort}：{found}/{made}", "missed     {sort} in {where}: {found}/{made}"
)
_OTHER_VERIFIER: Final = (
    Words(
        "  此文件夹中的 verify.py 不是本版本的：不要运行它，请取自",
        "  verify.py in this folder is not the one of this version: do not run it, take it from",
    ),
    Words("  发布版本，其 README 载有它的 SHA-256", "  the release, whose README has its SHA-256"),
)
_NAME_KEYS: Final = Words(
    "用 --trust FILE 给出您信任的公钥，由 `voile audit trust` 写出",
    "name the keys that you trust: --trust FILE, from `voile audit trust`",
)
FINDS_BEFORE: Final = Words("演练之前证据包已有疑点", "the bundle has findings before the drill")


def print_report(value: dict[str, Any], failed: VoileError | None = None, *, trusted: bool) -> None:
    """Print what a check found.

    Args:
        value: as `--json` has it.
        failed: what ended the check before it could find anything.
        trusted: whether a trust file was named.
    """
    from connector.areas.audit import outcome_of_check

    put(outcome_of_check(value["outcome"], spoken()))
    _print_counts(value)
    for name, found in (value.get("bundles") or {}).items():
        outcome = outcome_of_check(found["outcome"], spoken())
        say(_BUNDLE, **{**found, "name": name.upper(), "outcome": outcome})
    for pair in value.get("pairs") or []:
        facts = {"a": pair["a"].upper(), "b": pair["b"].upper()}
        both = said(Words("{a} 与 {b}", "{a} and {b}"), **facts)
        matched = f"{pair['counts'].get('matched', 0):,}"
        _row(both, said(Words("{n} 项相符", "{n} matched"), n=matched))
        for finding in pair["findings"][:SHOWN]:
            _print_finding(finding, f"{both}{said(Words('，', ', '))}")
        if (more := len(pair["findings"]) - SHOWN) > 0:
            say(_MORE, count=more)
    findings = value.get("findings") or []
    for finding in findings[:SHOWN]:
        _print_finding(finding)
    if len(findings) > SHOWN:
        say(_MORE, count=len(findings) - SHOWN)
    for missed in value.get("missed") or []:
        say(_MISSED, **{**missed, "sort": _MISSED_SORTS.get(missed["sort"], missed["sort"])})
    if value.get("verifier") == "other":
        for line in _OTHER_VERIFIER:
            say(line)
    if failed is not None:
        _indented(failed.said(spoken()))
        if step := failed.following(spoken()):
            _indented(said(NEXT, step=step))
    elif value.get("error"):
        _indented(said(FINDS_BEFORE))
    if value["outcome"] == "UNCHECKED" and not trusted:
        _indented(said(NEXT, step=_NAME_KEYS))


def _print_counts(value: Mapping[str, Any]) -> None:
    counted = dict(value.get("counts") or {})
    amounts = {name[11:]: counted.pop(name) for name in sorted(counted) if name in SIGNED}
    facts = {name: value[name] for name in COUNTED if name in value} | counted
    for name, fact in facts.items():
        told = opened_of(value, spoken()) if name == "opened" else figure(fact)
        if name == "agreements" and any(amounts.values()):
            each = [said(_SIGNED[word], n=f"{n:,}") for word, n in amounts.items() if n]
            told = said(_SIGNATURES, told=told, each=each)
        _row(_counted(name), told)
    for sort, tally in (value.get("bySort") or {}).items():
        each = [said(words, n=f"{tally[name]:,}") for name, words in _TALLIES.items()]
        _row(said(_SORTS[sort]), said(Words("{each}", "{each}"), each=each))


def _counted(name: str) -> str:
    """Say what is counted; a kind of finding, by its code."""
    from connector.areas.audit import told

    if name in COUNTED:
        return said(COUNTED[name])
    return told({"code": name, "text": name, "level": "finding"}, spoken())


_MISSED_SORTS: Final = {sort: verbatim(words.zh, sort) for sort, words in _SORTS.items()}


def _print_finding(finding: Mapping[str, Any], before: str = "") -> None:
    from connector.areas.audit import level_of_finding, told

    level = padded(level_of_finding(finding["level"], spoken()), 10)
    words = Words("{level} {before}{where}：{text}", "{level} {before}{where}: {text}")
    say(words, level=level, before=before, where=finding["where"], text=told(finding, spoken()))


def _row(name: str, told: str) -> None:
    put(printable(f"  {padded(name, 24)} {told}"))


def _indented(text: str) -> None:
    put(printable(f"  {text}"))
