"""Commands about messages on their way: ``outbox list``, ``outbox retry``."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import typer

from connector.faces.cli.client import put, said, say
from connector.faces.cli.single import Spelled, single
from connector.faces.cli.tongue import spoken
from connector.faces.cli.words import NEXT, padded
from crypto.words import Words

_STATES = {
    "waiting": Words("等待", "waiting"),
    "delivered": Words("已送达", "delivered"),
    "parked": Words("已搁置", "parked"),
}
_REPAIRED = Words(
    "；搁置的用 `voile outbox retry` 重发", "; parked ones wait for `voile outbox retry`"
)
_NOTHING = Words("尚未发送任何消息", "nothing was sent yet")
_COUNT = Words("{state} {count} 条", "{count} {state}")
_TRIED = Words(
    "        已尝试 {count} 次：{why}", "        {count} {count|attempt|attempts}: {why}"
)
_UNDER_WAY = Words("发送中", "under way")
_AGAIN = Words("        将于 {moment} 重试", "        tried again at {moment}")
_MEND = Words(
    "请先排除原因，再执行 voile outbox retry {message}",
    "mend the cause, then voile outbox retry {message}",
)


class State(StrEnum):
    """How far a message is."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    PARKED = "parked"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    outbox = typer.Typer(help="See and repair what waits to be sent.", no_args_is_help=True)
    outbox.command("list")(
        single("outbox.list", _print, _REPAIRED, spelled={"state": Spelled(kind=State)})
    )
    number = {"row_id": Spelled("ID", int)}
    outbox.command("retry")(single("outbox.retry", _retried, spelled=number))
    app.add_typer(outbox, name="outbox")


def _print(found: dict[str, Any]) -> None:
    counts = [
        said(_COUNT, count=count, state=_STATES.get(state, state))
        for state, count in sorted(found["counts"].items())
    ]
    put(("，" if spoken() == "zh" else ", ").join(counts) or said(_NOTHING))
    for row in found["messages"]:
        state = padded(said(_STATES[row["state"]]), 9)
        to = said(Words("发往", "to"))
        put(f"{row['id']:>6}  {state}  {row['kind']}  {to} {row['peer']}")
        if row["attempts"] and row["state"] != State.DELIVERED:
            say(_TRIED, count=row["attempts"], why=row["reason"] or _UNDER_WAY)
        if row["state"] == State.WAITING and row["attempts"]:
            say(_AGAIN, moment=_moment(row["next"]))
        if row["state"] == State.PARKED:
            put(f"        {said(NEXT, step=said(_MEND, message=row['id']))}")


def _retried(found: dict[str, Any]) -> None:
    say(
        Words("消息 {message} 正在重新发送", "message {message} is sent again"), message=found["id"]
    )


def _moment(unix_ms: int) -> str:
    return datetime.fromtimestamp(unix_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
