"""The commands about what waits for a second person: ``approval list|show|agree|decline|…``."""

import json
from datetime import UTC, datetime
from typing import Any

import typer

from connector.faces.cli.client import escaped, printable, put, said, say
from connector.faces.cli.management_keys import role_said
from connector.faces.cli.single import Spelled, single
from connector.faces.cli.tongue import spoken
from connector.faces.cli.words import KEEP_THREE, NEXT, padded
from connector.process.actor import ROLES
from crypto.words import Words

_ID = {"approval_id": Spelled("ID")}
_STATES = {
    "pending": Words("等待同意", "waits"),
    "agreed": Words("已获同意，待执行", "agreed, not done"),
    "running": Words("已开始执行", "begun"),
    "done": Words("已执行", "done"),
    "failed": Words("执行失败", "failed"),
    "declined": Words("未获同意", "declined"),
    "withdrawn": Words("已撤回", "withdrawn"),
    "expired": Words("已过期", "expired"),
}
_NOTHING = Words("没有申请", "no requests")
_NOT_IN_FORCE = Words("双人复核未生效：{why}", "four eyes are not in force: {why}")
_IN_FORCE = Words("双人复核已生效", "four eyes are in force")
_SEE_WHY = Words("见 `voile approval state`", "see `voile approval state`")
_LINE = Words(
    "    {what}；申请人 {who}，{day} 前有效", "    {what}; asked by {who}, open until {day}"
)
_MORE = Words(
    "更早的：voile approval list --before {id}", "earlier ones: voile approval list --before {id}"
)
_STATE = Words("状态    {state}", "state       {state}")
_ASKED = Words("申请人  {who}（{day}）", "asked by    {who}, {day}")
_UNTIL = Words("有效至  {day}", "open until  {day}")
_REASON = Words("理由    {reason}", "reason      {reason}")
_SENT = Words("内容", "what was sent")
_CHANGES = Words("将改变", "what it changes")
_MOVED = Words(
    "所依据的内容此后已改变：不会执行，请申请人重新提出",
    "what it rests on has changed since: it will not be done; who asked must ask again",
)
_AGREED = Words("  {who} 已同意（{day}）", "  {who} agreed, {day}")
_DECLINED = Words("  {who} 不同意（{day}）：{reason}", "  {who} declined, {day}: {reason}")
_FAILED = Words("未执行：{why}", "it was not done: {why}")
_FETCH = Words("申请人执行 voile approval fetch {id}", "who asked runs voile approval fetch {id}")
_ANSWER = Words("已执行 `{operation}`：", "did `{operation}`:")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    approval = typer.Typer(help="What waits for a second person: four eyes.", no_args_is_help=True)
    approval.command("list")(single("approval.list", _list))
    approval.command("show")(single("approval.show", _show, spelled=_ID))
    for verb in ("agree", "decline", "withdraw"):
        failed = _failed if verb == "agree" else None
        made = single(f"approval.{verb}", _show, spelled=_ID, failed=failed)
        approval.command(verb)(made)
    approval.command("fetch")(single("approval.fetch", _fetched, spelled=_ID))
    approval.command("state")(single("approval.state", _state))
    approval.command("on")(single("approval.on", _state))
    approval.command("off")(single("approval.off", _state))
    app.add_typer(approval, name="approval")


def _list(found: dict[str, Any]) -> None:
    if not found["inForce"]:
        say(_NOT_IN_FORCE, why=_SEE_WHY)
    if not found["approvals"]:
        say(_NOTHING)
    for one in found["approvals"]:
        put(f"{one['id']}  {padded(said(_STATES[one['state']]), 18)} {one['operation']}")
        say(_LINE, what=_does(one), who=one["requester"], day=_moment(one["expires"]))
    if following := found.get("next"):
        say(_MORE, id=following)


def _text(value: Any) -> str:
    """Write what was sent; a list of texts a line each, roles with their words."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "\n".join(said(role_said(one)) if one in ROLES else one for one in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _show(found: dict[str, Any]) -> None:
    one = found["approval"]
    put(f"{one['id']}  {one['operation']}")
    put(f"  {_does(one)}")
    say(_STATE, state=_STATES[one["state"]])
    say(_ASKED, who=one["requester"], day=_moment(one["requested"]))
    if one["state"] == "pending":
        say(_UNTIL, day=_moment(one["expires"]))
    if one.get("reason"):
        say(_REASON, reason=printable(one["reason"]))
    if found["sent"]:
        say(_SENT)
    for each in found["sent"]:
        value = each["value"]
        text = _text(value)
        put(f"  {each['field']}  ({printable(each[spoken()])})")
        for line in text.split("\n"):
            put(f"    {printable(line)}")
    if found["changes"]:
        say(_CHANGES)
    for each in found["changes"]:
        put(f"  {printable(each[spoken()])}")
    if found["moved"]:
        say(_MOVED)
    for vote in found["votes"]:
        words = _AGREED if vote["agreed"] else _DECLINED
        reason = printable(vote.get("reason") or "")
        say(words, who=vote["actor"], day=_moment(vote["voted"]), reason=reason)
    _came(one, found.get("outcome") or {})


def _came(one: dict[str, Any], outcome: dict[str, Any]) -> None:
    if error := outcome.get("error"):
        told = error[spoken()]
        say(_FAILED, why=printable(told["message"]))
        if told["next"]:
            put(f"  {said(NEXT, step=told['next'])}")
    elif one["state"] in {"agreed", "running"}:
        put(f"  {said(NEXT, step=said(_FETCH, id=one['id']))}")


def _failed(found: dict[str, Any]) -> bool:
    return bool(found["approval"]["state"] == "failed")


def _fetched(found: dict[str, Any]) -> None:
    say(_ANSWER, operation=found["operation"])
    put(escaped(json.dumps(found["result"], ensure_ascii=False, indent=2)))


def _state(found: dict[str, Any]) -> None:
    if found["inForce"]:
        say(_IN_FORCE)
        if heed := found.get("heed"):
            put(printable(heed[spoken()]))
            put(f"  {said(NEXT, step=said(KEEP_THREE))}")
    else:
        say(_NOT_IN_FORCE, why=found["why"][spoken()])


def _does(one: dict[str, Any]) -> str:
    return printable(one[spoken()])


def _moment(moment_ms: int) -> str:
    return datetime.fromtimestamp(moment_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
