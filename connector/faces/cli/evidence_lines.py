"""How records of the evidence, dossiers and question histories are printed."""

from collections.abc import Mapping
from typing import Any, Final

from connector.client.received_csv import moment_of
from connector.faces.cli.client import printable, put, say
from connector.faces.cli.received_lines import say_received
from connector.faces.cli.tongue import spoken
from crypto.words import Words

_NONE: Final = Words("没有符合条件的记录", "no record fits")
_OLDER: Final = Words(
    "还有更早的：加上 --before {leaf}", "there are older ones: add --before {leaf}"
)
_LOOKED: Final = Words("已查到 {moment}", "looked back to {moment}")
_KINDS: Final = Words("最近 2000 条中：{kinds}", "among the newest 2,000: {kinds}")
_WHO: Final = Words("谁      {text}", "who     {text}")
_WHAT: Final = Words("做什么  {text}", "what    {text}")
_WHY: Final = Words("依据    {text}", "why     {text}")
_RESULT: Final = Words("结果    {text}", "result  {text}")
_RAW: Final = Words("原文    {text}", "leaf    {text}")
_HASH: Final = Words("散列    {text}", "hash    {text}")
_NO_HEAD: Final = Words("还没有签名的日志头覆盖此叶", "no signed head covers this leaf yet")
_HEAD: Final = Words(
    "日志头  {size} 片叶，根 {root}，{algorithm}，密钥 {thumbprint}",
    "head    {size} leaves, root {root}, {algorithm}, key {thumbprint}",
)
_STEP: Final = Words("  {side}  {sibling}", "  {side}  {sibling}")
_SIDES: Final[Mapping[str, Words]] = {
    "left": Words("左", "left "),
    "right": Words("右", "right"),
}
_BESIDE: Final = Words(
    "同一流程：上一条 {before}，下一条 {after}", "same process: {before}, {after}"
)
_AGREEMENT: Final = Words("合约 {agreement}  产品 {product}", "agreement {agreement}  {product}")
_WITH: Final = Words("对方 {name} {party}", "with {name} {party}")
_POLICY: Final = Words("条款：{text}", "policy: {text}")
_GAP: Final = Words("缺失：{text}", "lacks: {text}")
_NO_GAPS: Final = Words("没有缺失", "nothing lacks")
_MORE: Final = Words("另有 {count} 条未列出", "{count} more {count|is|are} not listed")
_CUT: Final = Words("只读了最早的 2000 条", "the first 2,000 were read")
_OVERLAP: Final = Words("{one} 与 {other} 相同 {share}%", "{one} and {other}: {share}% in common")
_NEAR: Final = 50  # hundredths from which two questions are named


def say_records(page: Mapping[str, Any]) -> None:
    """Print one page of a search, and how to see the next."""
    if not page["records"]:
        say(_NONE)
    for row in page["records"]:
        _say(row)
    if page["kinds"]:
        kinds = ", ".join(f"{kind} {count}" for kind, count in page["kinds"].items())
        say(_KINDS, kinds=kinds)
    if page["lookedTo"] is not None:
        say(_LOOKED, moment=moment_of(page["lookedTo"]))
    if page["next"] is not None:
        say(_OLDER, leaf=page["next"])


def _say(row: Mapping[str, Any]) -> None:
    head = f"{row['index']:>8}  {moment_of(row['time'])}  {row['kind']:<15}"
    put(printable(f"{head} {row['line'][spoken()]}"))


def say_record(found: Mapping[str, Any]) -> None:
    """Print one record with its proof."""
    tongue = spoken()
    _say(found["record"])
    for words, name in ((_WHO, "who"), (_WHAT, "what"), (_WHY, "why"), (_RESULT, "result")):
        say(words, text=printable(found[name][tongue]))
    say(_HASH, text=found["leafHash"])
    say(_RAW, text=printable(found["raw"]))
    facts = {
        "before": "–" if found["previous"] is None else found["previous"],
        "after": "–" if found["next"] is None else found["next"],
    }
    say(_BESIDE, **facts)
    if found["head"] is None:
        say(_NO_HEAD)
        return
    head = found["head"]
    say(_HEAD, **{name: head[name] for name in ("size", "root", "algorithm", "thumbprint")})
    for step in head["path"]:
        say(_STEP, side=_SIDES[step["side"]], sibling=step["sibling"])


def say_dossier(found: Mapping[str, Any]) -> None:
    """Print a dossier: what it is about, what lacks, what happened."""
    tongue = spoken()
    facts = {name: printable(found[name]) for name in ("agreement", "product", "party")}
    say(_AGREEMENT, **facts)
    say(_WITH, name=printable(found["name"][tongue]), party=facts["party"])
    for line in found["policy"]:
        say(_POLICY, text=printable(line[tongue]))
    for gap in found["gaps"]:
        say(_GAP, text=printable(gap["text"][tongue]))
    if not found["gaps"]:
        say(_NO_GAPS)
    for event in found["events"]:
        _say(event["record"])
    if found["leftOut"]:
        say(_MORE, count=found["leftOut"])
    if found["cut"]:
        say(_CUT)


def say_history(page: Mapping[str, Any]) -> None:
    """Print the questions of a contract, then which of them are near each other."""
    say_received(page)
    names = page["compared"]
    for at, line in enumerate(page["overlap"]):
        for beside in range(at):
            if line[beside] >= _NEAR:
                pair = {"one": printable(names[beside]), "other": printable(names[at])}
                say(_OVERLAP, **pair, share=line[beside])
