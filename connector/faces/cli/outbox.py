"""Commands about messages on their way: ``outbox list``, ``outbox retry``."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import typer

from connector.faces.cli.client import Home, Json, management, say, show


class State(StrEnum):
    """How far a message is."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    PARKED = "parked"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    outbox = typer.Typer(help="See and repair what waits to be sent.", no_args_is_help=True)
    outbox.command("list")(listed)
    outbox.command("retry")(retry)
    app.add_typer(outbox, name="outbox")


def listed(
    home: Home,
    state: Annotated[
        State | None, typer.Option("--state", help="Only these; default: all.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="At most so many.")] = 100,
    as_json: Json = False,
) -> None:
    """List messages to other parties, newest first; parked ones wait for `voile outbox retry`."""
    params: dict[str, str | int] = {"limit": limit}
    if state is not None:
        params["state"] = state.value
    found = management(home).get("/v1/outbox", **params)
    show(found, as_json=as_json, human=lambda: _print(found))


def retry(
    message: Annotated[int, typer.Argument(metavar="ID", help="Number of a parked message.")],
    home: Home,
    as_json: Json = False,
) -> None:
    """Send a parked message again."""
    found = management(home).post(f"/v1/outbox/{message}/retry")
    show(found, as_json=as_json, human=lambda: say(f"message {message} is sent again"))


def _print(found: dict[str, Any]) -> None:
    counts = ", ".join(f"{count} {state}" for state, count in sorted(found["counts"].items()))
    say(counts or "nothing was sent yet")
    for row in found["messages"]:
        say(f"{row['id']:>6}  {row['state']:9}  {row['kind']}  to {row['peer']}")
        if row["attempts"] and row["state"] != State.DELIVERED:
            say(f"        {row['attempts']} attempt(s): {row['reason'] or 'under way'}")
        if row["state"] == State.WAITING and row["attempts"]:
            say(f"        tried again at {_moment(row['next'])}")
        if row["state"] == State.PARKED:
            say(f"        next: mend the cause, then voile outbox retry {row['id']}")


def _moment(unix_ms: int) -> str:
    return datetime.fromtimestamp(unix_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
