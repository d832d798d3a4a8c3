"""How `voile explain` is printed, in Chinese or English."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from connector.faces.cli.client import printable, say
from connector.faces.cli.contract_lines import ended_line, reason_line, say_offer

_HEADS = {
    "turn": ("轮到", "whose turn"),
    "flight": ("发送中", "in flight"),
    "objection": ("对方拒收", "objection"),
    "refused": ("本方拒收", "refused here"),
    "state": ("对方状态", "peer's state"),
    "ended": ("结束方", "ended by"),
    "reach": ("注意", "beware"),
    "next": ("下一步", "next"),
}
_KINDS = {"negotiation": ("协商", "negotiation"), "transfer": ("传输", "transfer")}


def say_explained(found: Mapping[str, Any], lang: str) -> None:
    """Print why a process stands where it stands.

    Args:
        found: As `GET /v1/explain/{pid}` gives it, in the same language.
        lang: zh or en.
    """
    zh = lang == "zh"
    kind = _pick(_KINDS[found["kind"]], lang)
    say(f"{kind} {found['pid']}, {found['counterparty']}: {found['state']}")
    say(f"  {found['meaning']}")
    if found["turn"]:
        _line("turn", ("本方" if zh else "us") if found["turn"] == "us" else found["turn"], lang)
    if message := found["message"]:
        last = message["lastStatus"] or ("无" if zh else "none")
        tried = (
            f"已尝试 {message['attempts']} 次，最近应答 {last}"
            if zh
            else f"{message['attempts']} attempt(s), last answer {last}"
        )
        _line("flight", f"{message['type']}: {tried} {message['reason']}".rstrip(), lang)
    if found["trouble"]:
        _line("objection", found["trouble"], lang)
    for item in found["refused"]:
        words = f"{item['type']} ({item['state']}) {item['status']} {item['code']}"
        _line("refused", f"{_moment(item['atMs'])}  {words}: {item['reason']}", lang)
    if told := found["peerState"]:
        asked = "询问时间" if zh else "when asked at"
        _line("state", f"{told['said']}, {asked} {_moment(told['askedMs'])}", lang)
    if ended := found["ended"]:
        _line("ended", ended_line(ended, lang), lang)
        for item in ended["reason"]:
            say(f"    {reason_line(item, lang)}")
    if offer := found["offer"]:
        say_offer(offer, lang)
    if found["reach"]:
        told = "其他方可能找不到我们" if zh else "others may not find us"
        _line("reach", f"{told}: {found['reach']}", lang)
    _line("next", found["next"], lang)


def _line(head: str, text: str, lang: str) -> None:
    name = _pick(_HEADS[head], lang)
    pad = " " * max(1, 14 - sum(2 if ord(c) > 0x2E80 else 1 for c in name))
    say(f"  {name}{pad}{printable(text)}")


def _pick(pair: tuple[str, str], lang: str) -> str:
    return pair[0] if lang == "zh" else pair[1]


def _moment(unix_ms: int) -> str:
    return datetime.fromtimestamp(unix_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
