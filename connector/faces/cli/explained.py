"""How `voile explain` is printed, in Chinese or English."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from connector.faces.cli.client import printable, put, said
from connector.faces.cli.contract_lines import ended_line, reason_line, say_offer, state_of
from connector.faces.cli.tongue import spoken
from connector.faces.cli.words import padded
from crypto.words import Words

_HEADS = {
    "turn": Words("轮到", "whose turn"),
    "flight": Words("发送中", "in flight"),
    "objection": Words("对方拒收", "objection"),
    "refused": Words("本方拒收", "refused here"),
    "state": Words("对方状态", "peer's state"),
    "ended": Words("结束方", "ended by"),
    "reach": Words("注意", "beware"),
    "next": Words("下一步", "next"),
}
_KINDS = {"negotiation": Words("协商", "negotiation"), "transfer": Words("传输", "transfer")}
_US = Words("本方", "us")
_NONE = Words("无", "none")
_TRIED = Words(
    "{type}: 已尝试 {count} 次，最近应答 {last} {reason}",
    "{type}: {count} {count|attempt|attempts}, last answer {last} {reason}",
)
_TOLD = Words("{state}, 询问时间 {moment}", "{state}, when asked at {moment}")
_UNFOUND = Words("其他方可能找不到我们: {why}", "others may not find us: {why}")


def say_explained(found: Mapping[str, Any]) -> None:
    """Print why a process stands where it stands.

    Args:
        found: As `GET /v1/explain/{pid}` gives it, in the same language.
    """
    kind = said(_KINDS[found["kind"]])
    put(f"{kind} {found['pid']}, {found['counterparty']}: {state_of(found['state'])}")
    put(f"  {found['meaning']}")
    if found["turn"]:
        _line("turn", said(_US) if found["turn"] == "us" else found["turn"])
    if message := found["message"]:
        facts = {"type": message["type"], "count": message["attempts"]}
        last, reason = message["lastStatus"] or _NONE, message["reason"]
        _line("flight", said(_TRIED, **facts, last=last, reason=reason).rstrip())
    if found["trouble"]:
        _line("objection", found["trouble"])
    for item in found["refused"]:
        words = f"{item['type']} ({item['state']}) {item['status']} {item['code']}"
        _line("refused", f"{_moment(item['atMs'])}  {words}: {item['reason']}")
    if told := found["peerState"]:
        _line("state", said(_TOLD, state=told["said"], moment=_moment(told["askedMs"])))
    if ended := found["ended"]:
        _line("ended", ended_line(ended, spoken()))
        for item in ended["reason"]:
            put(f"    {reason_line(item, spoken())}")
    if offer := found["offer"]:
        say_offer(offer)
    if found["reach"]:
        _line("reach", said(_UNFOUND, why=found["reach"]))
    _line("next", found["next"])


def _line(head: str, text: str) -> None:
    put(f"  {padded(said(_HEADS[head]), 13)} {printable(text)}")


def _moment(unix_ms: int) -> str:
    return datetime.fromtimestamp(unix_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
