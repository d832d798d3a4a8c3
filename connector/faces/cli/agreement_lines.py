"""How agreements are printed: the list, one of them, those that came back."""

from collections.abc import Mapping
from typing import Any, Final

from connector.faces.cli.client import printable, put, said, say, unreadable
from connector.faces.cli.contract_lines import (
    reason_line,
    role_of,
    say_terms,
    signed,
    state_column,
    state_of,
)
from connector.faces.cli.tongue import spoken
from connector.faces.cli.words import padded
from crypto.words import Words

_NONE: Final = Words("没有合约", "no agreements")
_SIGNED: Final = Words("签名：{sort}", "signatures {sort}")
_HEADS: Final = {
    "agreement": Words("合约", "agreement"),
    "provider": Words("提供方", "provider"),
    "consumer": Words("使用方", "consumer"),
    "dataset": Words("数据集", "dataset"),
    "since": Words("生效", "since"),
    "state": Words("状态", "state"),
    "ended": Words("终止", "ended"),
    "signatures": Words("签名", "signatures"),
    "terms": Words("条款", "terms"),
    "transfer": Words("传输", "transfer"),
}
_STATES: Final = {
    "not concluded": Words("未达成", "not concluded"),
    "not begun": Words("尚未开始", "not begun"),
    "in force": Words("生效中", "in force"),
    "expired": Words("已到期", "expired"),
    "ended": Words("已终止", "ended"),
    "unreadable": Words("无法读取", "unreadable"),
}
_NOT_YET: Final = Words("尚未达成", "not concluded yet")
_ENDED: Final = Words("{moment}，由 {who} {why}", "{moment} by {who} {why}")
_RECOVERED: Final = Words("已恢复  {name}", "recovered  {name}")
_REFUSED: Final = Words("未采信  {name}: {why}", "refused  {name}: {why}")
_KNOWN: Final = Words("本方已有 {count} 份", "{count} known here already")


def say_agreements(rows: list[dict[str, Any]]) -> None:
    """Print a list of agreements."""
    if not rows:
        say(_NONE)
    for item in rows:
        role, state = padded(role_of(item["role"]), 8), padded(_state(item["state"]), 13)
        shown = said(_SIGNED, sort=signed(item["signatures"]))
        put(f"{printable(item['id'])}  {role}  {state}  {shown}")
        put(f"    {item['counterparty']}  {printable(item['dataset'])}")
        if item["unreadable"]:
            put(f"    {unreadable(item)}")


def say_agreement(found: Mapping[str, Any]) -> None:
    """Print one agreement: parties, terms, who signed when."""
    body = found["body"]
    _line("agreement", found["id"])
    _line("provider", body.get("assigner", "?"))
    _line("consumer", body.get("assignee", "?"))
    _line("dataset", found["dataset"])
    _line("since", found["finalized"] or said(_NOT_YET))
    _line("state", _state(found["state"]))
    if found["ended"]:
        code = found["endedWhy"].get("code", "")
        words = found["endedWhy"].get("reason") or ([{"code": code}] if code else [])
        why = "; ".join(reason_line(word, spoken()) for word in words if word)
        _line("ended", said(_ENDED, moment=found["ended"], who=found["endedBy"], why=why).rstrip())
    _line("signatures", signed(found["signatures"]))
    for stage in found["stages"]:
        name = state_column(stage["stage"])
        put(f"    {name} {stage['signed']}  {stage['signer']}")
    if found["unreadable"]:
        _line("terms", unreadable(found))
    say_terms(body)
    for item in found["transfers"]:
        _line("transfer", f"{item['pid']}  {state_of(item['state'])}")


def say_recovered(found: Mapping[str, Any]) -> None:
    """Print what came back from a provider, and what was not believed."""
    for name in found["recovered"]:
        say(_RECOVERED, name=name)
    for item in found["refused"]:
        say(_REFUSED, name=item["agreement"] or "?", why=item["why"])
    say(_KNOWN, count=len(found["known"]))


def _line(head: str, text: str) -> None:
    put(printable(f"{padded(said(_HEADS[head]), 11)} {text}"))


def _state(code: str) -> str:
    return said(_STATES[code]) if code in _STATES else code
