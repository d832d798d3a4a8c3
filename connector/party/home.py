"""Making a home: settings, key file, data folder, keys, management token, the first leaf."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import inspect

from connector.evidence.log import Log
from connector.http.addresses import named
from connector.identity import problems as identity_problems
from connector.identity.keyring import make_keys
from connector.identity.presence import check_did
from connector.party import problems_home as problems
from connector.party.credentials import make_first
from connector.party.node import SOFTWARE, open_node
from connector.process.database_url import is_postgres, shown
from connector.process.errors import SettingsError, StoreError
from connector.process.leftovers import undone_on_failure
from connector.process.lock import FolderLock
from connector.process.logs import silent
from connector.process.ports import SystemClock, system_entropy
from connector.process.settings import FILE_NAME, SPACE, Settings, load
from connector.store.database import Database
from connector.store.facts import fact, set_fact
from connector.store.failures import translated
from connector.store.migrate import current, migrate
from connector.store.secrets import KEY_BYTES, SecretStore, make_kek, read_kek
from contracts.evidence import Entry
from crypto.did import document_url
from crypto.errors import MalformedError, VoileError
from crypto.url import DEFAULT_PORTS, read_url

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from connector.party.node import Node
    from connector.process.ports import Clock, Entropy


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What `voile init` was told."""

    did: str
    public_url: str
    port: int | None = None
    role: str = "participant"
    hub: str | None = None
    space: str = SPACE
    language: str = "zh"
    loopback_http: bool = False
    database: str = field(default="", repr=False)  # a PostgreSQL URL; empty: SQLite


def settings_text(plan: Plan) -> str:
    """Write the settings file of a plan."""
    port = plan.port or _port(plan.public_url) or 19100
    lines = [
        "# Settings of this connector. `voile doctor` prints and checks them; the environment",
        "# overrules them: [protocol] port is VOILE_PROTOCOL_PORT.",
        _line("did", plan.did),
        _line("public_url", plan.public_url.rstrip("/")),
        _line("role", plan.role),
    ]
    if plan.hub:
        lines.append(_line("hub", plan.hub))
    lines += [_line("space", plan.space), _line("language", plan.language)]
    if plan.database:
        lines.append(_line("database", plan.database))
    lines += ["", "[protocol]"]
    lines += [f"port = {port}", "", "[management]", f"port = {port + 1}"]
    lines += ["", "[metrics]", f"port = {port + 2}"]
    lines += ["", "# pages for people, on this machine; docs/console.md says how others reach it"]
    lines += ["[console]", f"port = {port + 3}"]
    if plan.loopback_http:
        lines += ["", "# for parties on one machine only", "[testing]", "loopback_http = true"]
    return "\n".join(lines) + "\n"


def _line(name: str, value: str) -> str:
    return f"{name} = {json.dumps(value, ensure_ascii=False)}"


def _port(public_url: str) -> int | None:
    """Give the port that a public URL names; what is no URL is refused when it is loaded."""
    try:
        found = read_url(public_url)
    except MalformedError:
        return None
    return None if found.port == DEFAULT_PORTS[found.scheme] else found.port


def make_home(
    home: Path,
    plan: Plan,
    env: Mapping[str, str],
    *,
    clock: Clock | None = None,
    entropy: Entropy = system_entropy,
    at_last: Callable[[Node], object] | None = None,
) -> Settings:
    """Make a home; nothing of an existing one is touched, and a failure leaves nothing behind.

    Args:
        home: the folder to make.
        plan: what goes into the settings.
        env: the environment, for `VOILE_KEK_FILE`.
        clock: the clock.
        entropy: the source of keys.
        at_last: does what else belongs to a new home, before its log is signed.

    Raises:
        SettingsError: there is a home already, or the plan does not hold: others could not resolve
            the DID, or would look for it elsewhere.
    """
    clock = clock or SystemClock()
    path = home / FILE_NAME
    if path.exists():
        raise SettingsError(problems.HOME_EXISTS, home=home)
    with undone_on_failure() as left:  # half a home could be neither used nor made again
        left.on_the_way(path)
        home.mkdir(parents=True, exist_ok=True)
        _claim(path, plan)
        left.ours(path)
        settings = load(home, env)
        _check_names(settings)
        _check_empty(settings)
        for place in (settings.data, settings.kek_file, home / "log.anchor", home / "log.new"):
            left.before(place)
        settings.data.mkdir(parents=True, exist_ok=True)
        os.chmod(settings.data, 0o700)  # noqa: PTH101 -- beside the other calls of os
        if not settings.kek_file.exists():
            make_kek(settings.kek_file, entropy)
        with FolderLock(settings.data, what="voile init", now=clock.now()):
            _fill(settings, clock, entropy)
            node = open_node(settings, clock=clock, entropy=entropy, log=silent())
            try:
                if at_last is not None:
                    at_last(node)
                node.checkpoints.sign()
            finally:
                node.close()
    return settings


def _claim(path: Path, plan: Plan) -> None:
    """Write the settings of a home that nobody else makes at the same time."""
    try:
        path.touch(mode=0o600 if plan.database else 0o666, exist_ok=False)  # a URL may hold secrets
    except FileExistsError as error:
        raise SettingsError(problems.HOME_IN_THE_MAKING, home=path.parent) from error
    path.write_text(settings_text(plan), encoding="utf-8")


def adopt_home(home: Path, plan: Plan, env: Mapping[str, str]) -> Settings:
    """Write the lost settings of a home anew; its data folder and key file are there.

    Raises:
        SettingsError: there are settings, or these do not fit data folder and key file.
    """
    path = home / FILE_NAME
    if path.exists():
        raise SettingsError(problems.HAS_SETTINGS, home=home)
    with undone_on_failure() as left:
        _claim(path, plan)
        left.ours(path)
        settings = load(home, env)
        with FolderLock(settings.data, what="voile init", now=SystemClock().now()):
            # it opens only with its own DID and its own key
            open_node(settings, log=silent()).close()
    return settings


def _check_names(settings: Settings) -> None:
    """Refuse names that no other party can resolve; a home made before is only warned of."""
    loopback = settings.testing.loopback_http
    check_did(settings.did, settings.public_url, loopback_http=loopback)
    if settings.hub_did is None:
        return
    try:
        named(document_url(settings.hub_did, loopback_http=loopback), loopback_http=loopback)
    except VoileError as error:
        raise SettingsError(identity_problems.HUB_UNRESOLVABLE, why=error) from error


def _check_empty(settings: Settings) -> None:
    if (settings.data / "voile.db").exists():
        raise SettingsError(problems.HOLDS_DATABASE, data=settings.data)
    if (settings.home / "log.anchor").exists():
        raise SettingsError(problems.HOLDS_ANCHOR, home=settings.home)
    if not is_postgres(settings.database_url):
        return
    where = shown(settings.database_url)
    db = Database(settings.database_url, SystemClock())
    try:
        with db.reading() as session:
            if current(session.connection()) is None:
                tables = inspect(session.connection()).get_table_names()
                owner = problems.OTHER_TABLES.of(table=tables[0]) if tables else None
            else:
                did = fact(session, "did")
                owner = problems.NODE_OF.of(did=did) if did else None
    except StoreError as error:
        why = error.reason or error
        raise SettingsError(problems.SERVER_UNUSABLE, where=where, why=why) from error
    finally:
        db.close()
    if owner:
        raise SettingsError(problems.DATABASE_TAKEN, where=where, owner=owner)


def _fill(settings: Settings, clock: Clock, entropy: Entropy) -> None:
    kek = read_kek(settings.kek_file)
    db = Database(settings.database_url, clock)
    try:
        with translated(db.troubled):
            migrate(db)
        secrets = SecretStore(db, kek, entropy)
        data_key = entropy(KEY_BYTES)
        db.log = Log(data_key=data_key, entropy=entropy, software=SOFTWARE, space=settings.space)
        with db.transaction() as tx:
            set_fact(tx.session, "did", settings.did)
            make_keys(tx, secrets, entropy)
            secrets.put(tx, "key/data", data_key)
            make_first(tx, settings.token_file, entropy)
            tx.append(
                Entry(
                    kind="CONFIGURATION",
                    role=settings.role,
                    to_state="INITIALISED",
                    detail={"did": settings.did, "publicUrl": settings.public_url},
                )
            )
    finally:
        db.close()
