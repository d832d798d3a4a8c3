"""Commands about processes that run here: ``status``, ``down``."""

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from connector.faces.cli import problems
from connector.faces.cli.client import (
    Json,
    Lang,
    Management,
    said,
    say,
    settings_of,
    show,
)
from connector.faces.cli.running_lines import print_homes
from connector.process.errors import SettingsError, VoileError
from connector.process.lock import Holder, holder, holds
from connector.process.settings import FILE_NAME, Settings
from crypto.words import Words

_LOOK_SECONDS: Final = 0.1
_CALL_SECONDS: Final = 4.0  # a connector that hangs is told so
_SAY_SECONDS: Final = 1.0  # what takes longer says what it waits for
_SERVING: Final = ("voile serve", "voile hub")  # what `down` ends

Homes = Annotated[
    list[Path] | None,
    typer.Option(
        "--home",
        help="Home to look at, repeatable. Default: VOILE_HOME, else the homes in this folder.",
        show_default=False,
    ),
]
Ended = Annotated[
    list[Path] | None,
    typer.Option(
        "--home",
        help="Home to stop, repeatable. Default: VOILE_HOME, else the only one in this folder.",
        show_default=False,
    ),
]

_NOT_ASKED = Words(
    "未询问：其数据或设置不是您的，或位于别处",
    "not asked: its settings or data are not yours, or lie elsewhere",
)
_NAME = Words("若信任它，请用 --home 指定", "name it with --home if you trust it")
_WAITS = Words(
    "{home}：pid {pid} 正在完成进行中的请求", "{home}: pid {pid} ends the requests under way"
)
_DOWN = Words("{home}：已停止", "{home}: stopped")
_NOT_UP = Words("{home}：未运行", "{home}: does not run")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(status)
    app.command()(down)


def status(home: Homes = None, _lang: Lang = "", as_json: Json = False) -> None:
    """Show what runs here, on which ports, since when, and whether it is ready."""
    homes = _homes(home)
    if len(homes) == 1:
        settings_of(homes[0])  # its error is that of the command; one of many is told beside them
    named = bool(home or os.environ.get("VOILE_HOME"))
    found = [_looked_at(path, named=named) for path in homes]
    show({"homes": found}, as_json=as_json, human=lambda: print_homes(found))
    if any(one["running"] is None for one in found):
        raise typer.Exit(1)


def down(
    home: Ended = None,
    wait: Annotated[
        int, typer.Option("--wait", min=1, max=3600, help="Seconds until it must have ended.")
    ] = 60,
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Stop the connector of a home; requests under way are answered first."""
    homes = _homes(home, one=True)
    told = []
    for path in homes:
        ended = _end(path, settings_of(path), wait, quiet=as_json)
        told.append({"home": str(path), "stopped": ended})
        if not as_json:
            say(_DOWN if ended else _NOT_UP, home=path)
    show({"homes": told}, as_json=as_json, human=lambda: None)


def _homes(given: Sequence[Path] | None, *, one: bool = False) -> list[Path]:
    """Give the homes that are meant; with ``one``, more than one must be named."""
    if given:
        return list(given)
    if named := os.environ.get("VOILE_HOME"):
        return [Path(named)]
    here = Path()
    places = [here, *sorted(path for path in here.iterdir() if path.is_dir())]
    found = [place for place in places if (place / FILE_NAME).is_file()]
    if one and (len(found) != 1 or not _is_ours(found[0])):
        raise SettingsError(problems.HOME_NOT_GIVEN)
    return found


def _is_ours(home: Path) -> bool:
    """Whether all of a home that nobody named is ours: its settings may name another's data.

    Who writes into a folder where we happen to be could else have our token sent to his port.
    """
    try:
        data = settings_of(home).data.resolve()
        places = (home, home / FILE_NAME, data, *data.glob("*.token"))
        owned = all(place.stat().st_uid == os.getuid() for place in places)
    except (VoileError, OSError):
        return False
    return owned and data.is_relative_to(home.resolve())


def _looked_at(home: Path, *, named: bool) -> dict[str, Any]:
    """Look at one home; what cannot be looked at is told as its trouble."""
    try:
        settings = settings_of(home)
        held = holder(settings.data)
    except (VoileError, OSError) as error:
        return {"home": str(home), "running": None, "trouble": _trouble(error)}
    found: dict[str, Any] = {
        "home": str(home),
        "did": settings.did,
        "role": settings.role,
        "running": held is not None,
    }
    if held is None:
        return found
    listeners = (settings.protocol, settings.management, settings.metrics)
    places = [f"http://{it.host}:{it.port}" for it in listeners]
    found |= {"process": held.what, "pid": held.pid, "since": held.since}
    if held.what not in _SERVING:
        return found
    found |= {
        "protocol": f"{places[0]}{settings.prefix}",
        "management": places[1],
        "metrics": f"{places[2]}/metrics",
    }
    if settings.console_address:
        found["console"] = settings.console_address
    if not (named or _is_ours(home)):
        return found | {"ready": None, "trouble": {"why": said(_NOT_ASKED), "next": said(_NAME)}}
    try:
        client = Management(settings)
        client.seconds = _CALL_SECONDS
        node = client.get("/v1/node")
        counts = client.get("/v1/outbox", limit=1)["counts"]
    except VoileError as error:
        return found | {"ready": None, "trouble": _trouble(error)}
    unmet = [
        {"name": name, "why": check.get("why", ""), "next": check.get("next", "")}
        for name, check in node["checks"].items()
        if not check["ok"]
    ]
    found |= {"ready": node["ready"], "unmet": unmet, "parked": counts.get("parked", 0)}
    return found | {"notes": [*node["notes"].values()]}


def _trouble(error: VoileError | OSError) -> dict[str, str]:
    from connector.faces.cli.tongue import spoken
    from connector.process.system_words import system_words

    if isinstance(error, OSError):
        return {"why": system_words(error).said(spoken()), "next": ""}
    return {"why": error.said(spoken()), "next": error.following(spoken())}


def _end(home: Path, settings: Settings, wait: int, *, quiet: bool) -> bool:
    """End the process of a home; give False where there is none.

    Raises:
        SettingsError: something else holds it, or it has not ended in time.
    """
    held = holder(settings.data)
    if held is None:
        return False
    pid = _ours(home, settings, held)
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        pass
    except PermissionError as error:
        raise SettingsError(problems.NOT_OURS, home=home, pid=pid) from error
    begun, told = time.monotonic(), quiet
    while (now := holder(settings.data)) and now.pid in {pid, None}:
        waited = time.monotonic() - begun
        if waited > wait:
            raise SettingsError(problems.STILL_RUNS, home=home, pid=pid, seconds=wait)
        if waited > _SAY_SECONDS and not told:
            say(_WAITS, home=home, pid=pid)
            told = True
        time.sleep(_LOOK_SECONDS)
    while not _gone(pid) and time.monotonic() - begun <= wait:  # it has let go of its folder
        time.sleep(_LOOK_SECONDS)
    return True


def _gone(pid: int) -> bool:
    """Whether a process has ended; one that its parent has not yet asked about has, too."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:  # none of that number, or no such folder on this system
        return True
    return state.rpartition(")")[2].split()[:1] == ["Z"]


def _ours(home: Path, settings: Settings, held: Holder) -> int:
    """Give the number of the process that serves a home, if it can be ended from here."""
    if held.pid is None or (held.what in _SERVING and holds(held.pid, settings.data) is False):
        raise SettingsError(problems.HELD_ELSEWHERE, home=home)
    if held.what not in _SERVING:
        raise SettingsError(problems.NOT_SERVING, home=home, what=held.what, pid=held.pid)
    return held.pid
