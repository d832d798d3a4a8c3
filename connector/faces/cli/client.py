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

from connector.faces.cli import problems
from connector.faces.cli.tongue import spoken
from connector.process import problems_home
from connector.process.errors import SettingsError, VoileError
from connector.process.settings import Settings, load
from crypto.words import LANGUAGES, NOTHING, Language, Words

_HOME: Any = typer.Option(
    "--home", envvar="VOILE_HOME", help="Folder with voile.toml and data.", show_default=False
)
Home = Annotated[Path, _HOME]
MaybeHome = Annotated[Path | None, _HOME]  # of a command that others stand below
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


def _known(lang: str) -> str:
    """Refuse a language that there is none of, before anything runs."""
    if lang and lang not in LANGUAGES:
        raise SettingsError(problems.LANGUAGE_UNKNOWN, given=lang)
    return lang


Lang = Annotated[
    str,
    typer.Option(
        "--lang", envvar="VOILE_LANG", callback=_known, help="zh or en; default: the settings'."
    ),
]

CALL_SECONDS = 600.0
_printed: list[
    object
] = []  # results that went out as JSON: a failure after one goes to standard error


class Failed(VoileError):  # noqa: N818 -- named as the other errors of the shell
    """The connector refused or failed; its own words and its next step."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        error = body.get("error")
        inner: Mapping[str, Any] = error if isinstance(error, dict) else {}
        message = str(inner.get("message", ""))
        super().__init__(
            message or problems.ANSWERED,
            code=str(inner.get("code", "failed")),
            next_step=str(inner.get("next", "")),
        )
        self.params = dict(inner.get("params") or ({} if message else {"status": status}))
        self.status = status
        self.body = body
        self.reasons: list[Any] = list(inner.get("reasons") or [])


class Management:
    """Calls the management API of a running connector."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._listener = settings.management
        file = settings.token_file
        try:
            self.token = file.read_text(encoding="ascii").strip()
        except FileNotFoundError as error:
            if not settings.data.exists():
                raise SettingsError(
                    problems_home.DATA_FOLDER_MISSING,
                    data=str(settings.data),
                    home=str(settings.home),
                ) from error
            raise SettingsError(
                problems_home.TOKEN_LOST, file=str(file), renewal=self._renewal
            ) from error
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(problems_home.TOKEN_UNREADABLE, file=str(file)) from error
        if not self.token or not self.token.isprintable() or " " in self.token:
            raise SettingsError(problems_home.TOKEN_NONE, file=str(file), renewal=self._renewal)

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
                problems.NOT_RUNNING,
                where=f"{where.host}:{where.port}",
                home=str(self.settings.home),
            ) from error
        except http.client.HTTPException as error:
            raise SettingsError(
                problems.NOT_A_CONNECTOR, where=f"{where.host}:{where.port}"
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
                problems.TOKEN_REFUSED,
                where=where,
                file=str(self.settings.token_file),
                renewal=self._renewal,
            )
        if "error" not in body and status in {404, 405, 501}:
            return SettingsError(problems.NOT_A_CONNECTOR, where=where)
        return Failed(status, body)


def part(text: str) -> str:
    """Make an id that a person typed a part of a path, whatever stands in it."""
    if not text.strip():
        raise SettingsError(problems.ID_EMPTY)
    return quote(text, safe=":")


def settings_of(home: Path) -> Settings:
    """Read the settings of a home."""
    return load(home, os.environ)


def management(home: Path) -> Management:
    """Give the client of the connector of a home."""
    return Management(settings_of(home))


def language(lang: str = "") -> Language:
    """Give the language of this command: what its `--lang` says, else what `spoken` decides."""
    _known(lang)
    return "zh" if lang == "zh" else "en" if lang == "en" else spoken()


def show(value: object, *, as_json: bool, human: Callable[[], None] | None = None) -> None:
    """Print a result: as JSON, or as ``human`` prints it."""
    if as_json or human is None:
        if as_json:
            _printed.append(value)
        text = json.dumps(value, ensure_ascii=False, indent=None if as_json else 2)
        sys.stdout.write(escaped(text) + "\n")
    else:
        human()


def unreadable(row: Mapping[str, Any]) -> str:
    """Say that one item of a list cannot be read, and why."""
    return said(Words("无法读取：{why}", "cannot be read: {why}"), why=row["unreadable"])


def escaped(text: str) -> str:
    """Escape in JSON what would steer a terminal: the value stays the same."""
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text)


def printable(text: str) -> str:
    """Return a peer's text without what would steer a terminal."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def harmless(text: str) -> str:
    """Return lines, some of them a peer's, without what would steer a terminal."""
    return "\n".join(printable(line) for line in text.split("\n"))


def printed() -> bool:
    """Whether a result went out as JSON: standard output must hold one value."""
    return bool(_printed)


def begin() -> None:
    """Begin a command: nothing is printed yet."""
    _printed.clear()


def said(words: Words, /, **facts: object) -> str:
    """Give words in the language of this command, without what would steer a terminal.

    Args:
        words: the text.
        facts: what fills its places.
    """
    return printable(words.filled(spoken(), facts))


def say(words: Words = NOTHING, /, **facts: object) -> None:
    """Print one line of words."""
    put(said(words, **facts))


def put(text: str = "") -> None:
    """Print one line that is in no language: ids, names, numbers; or words that were said."""
    sys.stdout.write(text + "\n")
