"""What commands share: options, the client of the management API, and how results are printed.

CLI modules do not use ``from __future__ import annotations``: Typer reads the annotations.
"""

import http.client
import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlencode

import typer

from connector.faces.cli.tongue import spoken
from connector.process.errors import SettingsError, VoileError
from connector.process.settings import Settings, load

Home = Annotated[
    Path,
    typer.Option(
        "--home", envvar="VOILE_HOME", help="Folder with voile.toml and data.", show_default=False
    ),
]
AcceptHead = Annotated[
    bool,
    typer.Option(
        "--accept-head",
        help="Sign on although the anchor file of the log is lost, or everything was restored from "
        "a backup; a leaf says so. A head that others saw since that backup still convicts: the "
        "log is then split for good, and what helps is a new home with a new log.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Lang = Annotated[
    str, typer.Option("--lang", envvar="VOILE_LANG", help="zh or en; default: the settings'.")
]

CALL_SECONDS = 600.0
_printed: list[
    object
] = []  # results that went out as JSON: a failure after one goes to standard error
_STRANGER = "see who uses that port, or set `management.port`"


class Failed(VoileError):  # noqa: N818 -- named as the other errors of the shell
    """The connector refused or failed; its own words and its next step."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        error = body.get("error")
        inner: Mapping[str, Any] = error if isinstance(error, dict) else {}
        super().__init__(
            str(inner.get("message", f"the connector answered {status}")),
            code=str(inner.get("code", "failed")),
            next_step=str(inner.get("next", "")),
            **(inner.get("params") or {}),
        )
        self.status = status
        self.body = body
        self.reasons: list[Any] = list(inner.get("reasons") or [])


class Management:
    """Calls the management API of a running connector."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._listener = settings.management
        try:
            self.token = settings.token_file.read_text(encoding="ascii").strip()
        except FileNotFoundError as error:
            if not settings.data.exists():
                raise _no_data(settings) from error
            raise SettingsError(
                f"the management token `{settings.token_file}` is lost",
                code="token-missing",
                next_step=f"draw a new one: {self._renewal}",
            ) from error
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"the management token `{settings.token_file}` cannot be read",
                code="token-missing",
                next_step="run as the user who ran `voile init`, with the same --home",
            ) from error
        if not self.token or not self.token.isprintable() or " " in self.token:
            raise SettingsError(
                f"the file `{settings.token_file}` holds no management token",
                code="token-missing",
                next_step=f"draw a new one: {self._renewal}",
            )

    @property
    def _renewal(self) -> str:
        return f"voile token renew --home {self.settings.home}"

    def get(self, path: str, **params: str | int) -> Any:
        """GET a path such as ``/v1/traffic``; give the parsed answer."""
        return self.call("GET", f"{path}?{urlencode(params)}" if params else path)

    def post(self, path: str, value: object | None = None) -> Any:
        """POST a JSON value; give the parsed answer."""
        return self.call("POST", path, value if value is not None else {})

    def delete(self, path: str) -> Any:
        """DELETE a path."""
        return self.call("DELETE", path)

    def call(self, method: str, path: str, value: object | None = None) -> Any:
        """Call the API.

        Raises:
            Failed: it answered with an error.
            SettingsError: the connector does not run.
        """
        where = self._listener
        connection = http.client.HTTPConnection(where.host, where.port, timeout=CALL_SECONDS)
        body = None if value is None else json.dumps(value, ensure_ascii=False).encode()
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Accept": "application/json",
            "Accept-Language": spoken(),
        }
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            connection.request(method, path, body=body, headers=headers)
            response = connection.getresponse()
            data = response.read()
        except OSError as error:
            raise SettingsError(
                f"no connector answers at {where.host}:{where.port}",
                code="not-running",
                next_step=f"start it: voile serve --home {self.settings.home}",
            ) from error
        except http.client.HTTPException as error:
            raise SettingsError(
                f"what answers at {where.host}:{where.port} is no connector",
                code="not-a-connector",
                next_step=_STRANGER,
            ) from error
        finally:
            connection.close()
        try:
            found = json.loads(data) if data else None
        except ValueError:
            found = {}
        if response.status >= http.client.BAD_REQUEST:
            raise self._refusal(response.status, found if isinstance(found, dict) else {})
        return found

    def _refusal(self, status: int, body: Mapping[str, Any]) -> VoileError:
        where = f"{self._listener.host}:{self._listener.port}"
        if status == http.client.UNAUTHORIZED:
            return SettingsError(
                f"the connector at {where} does not take the token in `{self.settings.token_file}`",
                code="token-refused",
                next_step="see that it runs from this home; if so, stop it and draw a new token: "
                + self._renewal,
            )
        if "error" not in body and status in {404, 405, 501}:
            return SettingsError(
                f"what answers at {where} is no connector",
                code="not-a-connector",
                next_step=_STRANGER,
            )
        return Failed(status, body)


def _no_data(settings: Settings) -> SettingsError:
    return SettingsError(
        f"there is no data folder `{settings.data}`",
        code="home-missing",
        next_step=f"restore it from a backup; see `voile doctor --home {settings.home}`",
    )


def part(text: str) -> str:
    """Make an id that a person typed a part of a path, whatever stands in it."""
    if not text.strip():
        raise SettingsError("an id is empty", code="usage", next_step="give the id, see the list")
    return quote(text, safe=":")


def settings_of(home: Path) -> Settings:
    """Read the settings of a home."""
    return load(home, os.environ)


def management(home: Path) -> Management:
    """Give the client of the connector of a home."""
    return Management(settings_of(home))


def language(settings: Settings, lang: str) -> str:
    """Choose the language: what was asked for, else the settings'."""
    if lang not in {"", "zh", "en"}:
        raise SettingsError(
            f"language `{lang}` is not known", code="language", next_step="use zh or en"
        )
    return lang or settings.language


def show(value: object, *, as_json: bool, human: Callable[[], None] | None = None) -> None:
    """Print a result: as JSON, or as ``human`` prints it."""
    if as_json or human is None:
        if as_json:
            _printed.append(value)
        text = json.dumps(value, ensure_ascii=False, indent=None if as_json else 2)
        sys.stdout.write(escaped(text) + "\n")
    else:
        human()


def unreadable(row: Mapping[str, Any], lang: str) -> str:
    """Say that one item of a list cannot be read, and why."""
    return f"{'无法读取' if lang == 'zh' else 'cannot be read'}: {printable(row['unreadable'])}"


def escaped(text: str) -> str:
    """Escape in JSON what would steer a terminal: the value stays the same."""
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text)


def printable(text: str) -> str:
    """Return a peer's text without what would steer a terminal."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def printed() -> bool:
    """Whether a result went out as JSON: standard output must hold one value."""
    return bool(_printed)


def begin() -> None:
    """Begin a command: nothing is printed yet."""
    _printed.clear()


def say(text: str = "") -> None:
    """Print one line."""
    sys.stdout.write(text + "\n")
