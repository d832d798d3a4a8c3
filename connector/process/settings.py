"""Settings: one TOML file, overruled by the environment; an unknown key is refused by name.

Every key is listed once, in ``_KEYS``; its environment name is ``VOILE_`` and its path in capitals,
so ``[protocol] port`` is ``VOILE_PROTOCOL_PORT``.
"""

from __future__ import annotations

import ipaddress
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from connector.process import database_url as store_url
from connector.process import problems_settings as problems
from connector.process import setting_values as read
from connector.process.errors import SettingsError
from crypto.url import read_url

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crypto.problem import Problem

FILE_NAME: Final = "voile.toml"
MOST_UPLOAD: Final = 1 << 30  # bytes of a file through a browser; larger ones are put in a folder
SPACE: Final = "https://w3id.org/voile/ns/space/default"

Role = Literal["participant", "hub"]
Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """An address that this process listens on."""

    host: str
    port: int

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return ipaddress.ip_address(self.host).is_loopback


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one request, and one source of requests, may cost."""

    body_bytes: int = 1 << 20  # a route may allow more with `body_cap`
    requests_per_second: int = 500  # per source address, before any signature check
    request_burst: int = 1000
    calls_per_second: int = 200  # per participant and route, after it
    call_burst: int = 400
    changes_per_second: int = 5  # per participant, over all routes that may write: for good
    change_burst: int = 50_000
    threads: int = 8  # that answer the protocol listener


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What people may hand in to make products of."""

    upload_bytes: int = 256 << 20  # of one file through a browser
    folder: Path | None = None  # whose files may be chosen by their names


@dataclass(frozen=True, slots=True, kw_only=True)
class Testing:
    """Settings for demonstrations and tests only; `voile doctor` warns of each."""

    loopback_http: bool = False  # http to localhost, for parties on one machine
    record_wire: Path | None = None  # every received body becomes a file in this folder
    cohort_gate: Path | None = None  # sessions wait between their phases while this file exists
    profiles: bool = False  # `voile serve --profile` may replace the identity of production
    plain_peers: tuple[tuple[str, str], ...] = ()  # for a profile: name and DSP base URL
    reaction_ms: int = 500  # profile tck: how long after a change of state it reacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a node is told from outside. Made by `load`."""

    home: Path
    did: str
    public_url: str  # without a trailing slash
    data: Path
    kek_file: Path
    role: Role = "participant"
    hub_did: str | None = None
    space: str = SPACE
    language: Language = "zh"
    zone: str = ""  # IANA name: in which schedules of products without a zone of their own run
    expose: bool = False  # listen beyond loopback
    pinned: frozenset[str] = frozenset()  # DIDs trusted point to point, without a hub
    status_seconds: int = 900  # how old a status document may grow: 60 where a space is strict
    database: str = field(default="", repr=False)  # a PostgreSQL URL; empty: SQLite in the folder
    protocol: Listener = field(default_factory=lambda: Listener(host="127.0.0.1", port=19100))
    management: Listener = field(default_factory=lambda: Listener(host="127.0.0.1", port=19101))
    metrics: Listener = field(default_factory=lambda: Listener(host="127.0.0.1", port=19102))
    console: Listener | None = None  # for people, on this machine only; None: there is no console
    console_url: str = ""  # origin of the TLS proxy in front of it, without a trailing slash
    limits: Limits = field(default_factory=Limits)
    intake: Intake = field(default_factory=Intake)
    testing: Testing = field(default_factory=Testing)

    @property
    def prefix(self) -> str:
        """The path of the public URL, no trailing slash: all protocol routes are under it."""
        return read_url(self.public_url).path.rstrip("/")

    @property
    def console_address(self) -> str:
        """Where people open the console; empty if there is none."""
        if self.console is None:
            return ""
        return self.console_url or f"http://localhost:{self.console.port}"

    @property
    def token_file(self) -> Path:
        """Where the management token lies (0600)."""
        return self.data / "management.token"

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL of the store."""
        return self.database or f"sqlite:///{self.data / 'voile.db'}"


_PORT = read.integer(1, 65535)
_KEYS: Final[Mapping[str, Callable[[object, str], Any]]] = {
    "did": read.did,
    "public_url": read.public_url,
    "role": read.one_of("participant", "hub"),
    "hub": read.did,
    "space": read.text,
    "language": read.one_of("zh", "en"),
    "zone": read.zone,
    "data": read.text,
    "kek_file": read.text,
    "expose": read.flag,
    "pinned": read.dids,
    "status_seconds": read.integer(10, 86_400),
    "database": store_url.read,
    "protocol.host": read.address,
    "protocol.port": _PORT,
    "management.host": read.address,
    "management.port": _PORT,
    "metrics.host": read.address,
    "metrics.port": _PORT,
    "console.port": _PORT,
    "console.url": read.origin,
    "limits.body_bytes": read.integer(1024, 1 << 30),
    "limits.requests_per_second": read.integer(1, 1_000_000),
    "limits.request_burst": read.integer(1, 1_000_000),
    "limits.calls_per_second": read.integer(1, 1_000_000),
    "limits.call_burst": read.integer(1, 1_000_000),
    "limits.changes_per_second": read.integer(1, 1_000_000),
    "limits.change_burst": read.integer(1, 1_000_000),
    "limits.threads": read.integer(1, 256),
    "intake.upload_bytes": read.integer(1024, MOST_UPLOAD),
    "intake.folder": read.text,
    "testing.loopback_http": read.flag,
    "testing.record_wire": read.text,
    "testing.cohort_gate": read.text,
    "testing.profiles": read.flag,
    "testing.plain_peers": read.plain_peers,
    "testing.reaction_ms": read.integer(0, 60_000),
}
_PATHS: Final = frozenset({"data", "kek_file", "intake.folder"})
_TABLES: Final = frozenset(key.split(".")[0] for key in _KEYS if "." in key)
_ENVIRONMENT: Final = {"VOILE_" + key.upper().replace(".", "_"): key for key in _KEYS}
_NOT_SETTINGS: Final = frozenset({"VOILE_HOME", "VOILE_LANG", "VOILE_VECTORS"})


def _flatten(raw: Mapping[str, Any], path: Path) -> dict[str, object]:
    flat: dict[str, object] = {}
    for key, value in raw.items():
        if key in _TABLES:
            if not isinstance(value, dict):
                raise read.wrong(key, value, problems.A_TABLE)
            flat |= {f"{key}.{inner}": item for inner, item in value.items()}
        else:
            flat[key] = value
    for key in flat:
        if key not in _KEYS:
            raise SettingsError(problems.UNKNOWN, setting=key, place=path, known=sorted(_KEYS))
    return flat


def _from_environment(env: Mapping[str, str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in env.items():
        if not name.startswith("VOILE_") or name in _NOT_SETTINGS:
            continue
        key = _ENVIRONMENT.get(name)
        if key is None:
            raise SettingsError(problems.UNKNOWN_VARIABLE, setting=name, known=sorted(_ENVIRONMENT))
        # a path in the file is relative to the file, one in the environment to where we are
        found[key] = str(Path(value).absolute()) if key in _PATHS and value else value
    return found


def load(home: Path, env: Mapping[str, str]) -> Settings:
    """Read ``home``/voile.toml and the environment, which overrules it.

    Args:
        home: the folder made by `voile init`, or the TOML file itself.
        env: the process environment.

    Raises:
        SettingsError: naming the key, what was expected, and what to do.
    """
    path = home if home.suffix == ".toml" else home / FILE_NAME
    folder = path.parent.resolve()
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SettingsError(_missing(folder), place=path, folder=folder) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(problems.UNREADABLE, place=path, why=error) from error
    flat = _flatten(raw, path) | _from_environment(env)
    values = {key: _KEYS[key](value, key) for key, value in flat.items()}
    for key in ("did", "public_url"):
        if key not in values:
            raise read.wrong(key, "", problems.A_VALUE)
    settings = _build(folder, values)
    _check(settings)
    return settings


def _missing(folder: Path) -> Problem:
    held = (folder / "data" / "voile.db").exists()  # where `voile init` puts it
    return problems.SETTINGS_LOST if held else problems.HOME_MISSING


def _build(folder: Path, values: Mapping[str, Any]) -> Settings:
    def group(name: str) -> dict[str, Any]:
        dot = f"{name}."
        return {key.removeprefix(dot): v for key, v in values.items() if key.startswith(dot)}

    def listener(name: str, offset: int) -> Listener:
        given = group(name)
        base: int = values.get("protocol.port", 19100)
        return Listener(
            host=given.get("host", "127.0.0.1"),
            port=given.get("port", base + offset),
        )

    port = group("console").get("port")
    console = None if port is None else Listener(host="127.0.0.1", port=port)
    testing = group("testing")
    for name in ("record_wire", "cohort_gate"):
        if name in testing:
            testing[name] = folder / testing[name]
    intake = group("intake")
    if "folder" in intake:
        intake["folder"] = folder / intake["folder"]
    plain = {key: v for key, v in values.items() if "." not in key}
    hub = plain.pop("hub", None)
    return Settings(
        **plain
        | {
            "home": folder,
            "hub_did": hub,
            "data": folder / plain.get("data", "data"),
            "kek_file": folder / plain.get("kek_file", "kek.key"),
            "protocol": listener("protocol", 0),
            "management": listener("management", 1),
            "metrics": listener("metrics", 2),
            "console": console,
            "console_url": group("console").get("url", ""),
            "limits": Limits(**group("limits")),
            "intake": Intake(**intake),
            "testing": Testing(**testing),
        }
    )


def _check(settings: Settings) -> None:
    """Refuse combinations that would be unsafe or could not work."""
    data, kek = settings.data.resolve(), settings.kek_file.resolve()
    if kek.is_relative_to(data):
        raise SettingsError(problems.KEK_INSIDE_DATA, file=settings.kek_file, data=settings.data)
    public = read_url(settings.public_url)
    if public.scheme == "http" and not (settings.testing.loopback_http and public.local):
        raise SettingsError(problems.NOT_HTTPS, url=settings.public_url)
    for name in ("protocol", "management", "metrics"):
        listener: Listener = getattr(settings, name)
        if not listener.loopback and not settings.expose:
            raise SettingsError(problems.EXPOSED, listener=name, host=listener.host)
    ports = [settings.protocol.port, settings.management.port, settings.metrics.port]
    if settings.console is not None:
        ports.append(settings.console.port)
    elif settings.console_url:
        raise read.wrong("console.port", "", problems.A_VALUE)
    if len(set(ports)) < len(ports):
        raise SettingsError(problems.PORTS_COLLIDE, ports=ports)
