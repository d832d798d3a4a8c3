"""What `voile status` prints of each home."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any, Final

from connector.faces.cli.client import harmless, put, said, say
from connector.faces.cli.words import NO, NONE, YES, figure, padded
from crypto.errors import MalformedError
from crypto.instants import read_instant
from crypto.words import Words

_NOWHERE = Words("此处没有节点文件夹", "there is no home here")
_ELSEWHERE = Words(
    "  下一步        voile status --home 文件夹，或到其所在的文件夹中执行",
    "  next          voile status --home FOLDER, or call it in the folder where homes lie",
)
_RUNS = Words("运行中", "runs")
_STOPPED = Words("未运行", "does not run")
_LOCKED = Words("被占用", "in use")
_LABELS: Final[Mapping[str, Words]] = {
    "process": Words("进程", "process"),
    "since": Words("启动于", "since"),
    "protocol": Words("协议地址", "protocol"),
    "management": Words("管理接口", "management"),
    "metrics": Words("指标", "metrics"),
    "console": Words("控制台", "console"),
    "ready": Words("就绪", "ready"),
    "parked": Words("搁置的消息", "messages parked"),
    "trouble": Words("问题", "trouble"),
    "note": Words("提示", "note"),
}
_PROCESS = Words("{what}（pid {pid}）", "{what}, pid {pid}")
_SOMEBODY = Words("另一进程", "another process")
_START = Words(
    "  下一步        voile {word} --home {home}", "  next          voile {word} --home {home}"
)


def print_homes(found: Sequence[Mapping[str, Any]]) -> None:
    """Print what was found of homes, or where to look for them."""
    if not found:
        say(_NOWHERE)
        say(_ELSEWHERE)
    for number, home in enumerate(found):
        if number:
            put()
        _print_one(home)


def _print_one(home: Mapping[str, Any]) -> None:
    serves = "protocol" in home
    running = home["running"]
    state = _RUNS if serves else _LOCKED if running else _STOPPED
    place = harmless(home["home"])
    if running is None:
        put(place)
    else:
        put(f"{place}  {harmless(home['did'])}  {said(state)}")
    if running:
        pid = home["pid"]
        who = said(_SOMEBODY) if pid is None else said(_PROCESS, what=home["process"], pid=pid)
        _line("process", who)
        if home["since"]:
            _line("since", _moment(home["since"]))
    for name in ("protocol", "management", "metrics", "console"):
        if name in home:
            _line(name, home[name])
    if home.get("ready") is not None:
        _line("ready", said(YES if home["ready"] else NO))
        _line("parked", figure(home["parked"]) if home["parked"] else said(NONE))
    for trouble in (*home.get("unmet", ()), *filter(None, [home.get("trouble")])):
        _line("trouble", harmless(trouble["why"]))
        if trouble["next"]:
            _line("", harmless(trouble["next"]))
    for note in home.get("notes", ()):
        _line("note", harmless(note))
    if running is False:
        word = "hub serve" if home["role"] == "hub" else "serve"
        say(_START, word=word, home=place)


def _line(name: str, text: str) -> None:
    label = said(_LABELS[name]) if name else ""
    put(f"  {padded(label, 16)}{text}")


def _moment(written: str) -> str:
    try:
        moment = read_instant(written)
    except MalformedError:
        return harmless(written)
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
