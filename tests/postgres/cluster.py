"""A private PostgreSQL server in a temporary folder, on a Unix socket only, gone after its use."""

from __future__ import annotations

import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

USER = "voile"
MISSING = """no PostgreSQL server on this machine (looked for `postgres` and `initdb`)
  next: apt-get install postgresql
  only its programs are used: the cluster that the package makes is left alone"""
START_SECONDS = 120.0
SETTINGS = {
    "listen_addresses": "",  # no TCP port at all
    "max_connections": "300",
    "shared_buffers": "64MB",
    "password_encryption": "scram-sha-256",
    "log_min_messages": "warning",
    "lc_messages": "C",
}


class Missing(Exception):  # noqa: N818 -- named for what happened
    """There is no server to start here."""


def binaries() -> Path:
    """Find the folder of the newest server's programs.

    Raises:
        Missing: there is none.
    """
    found = [Path(at) for at in (shutil.which("postgres"), os.environ.get("PGBIN")) if at]
    folders = [at if at.is_dir() else at.resolve().parent for at in found]
    folders += Path("/usr/lib/postgresql").glob("*/bin")  # Debian, Ubuntu
    folders += Path("/usr").glob("pgsql-*/bin")  # the project's own packages for Fedora and kin
    whole = [at for at in folders if (at / "postgres").exists() and (at / "initdb").exists()]
    if not whole:
        raise Missing(MISSING)
    return max(whole, key=lambda at: [int(n) for n in re.findall(r"\d+", str(at))])


@dataclass
class Cluster:
    """One server. Its files belong to an ordinary user, since PostgreSQL refuses root."""

    port: int = 5432  # names the socket only
    folder: Path = field(default_factory=Path)
    process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._bin = binaries()
        self.folder = Path(tempfile.mkdtemp(prefix="voile-pg-"))
        self._owner = _ordinary_user()
        try:
            self._make()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def url(self) -> str:
        """Where it is; the password is in `passfile`."""
        return f"postgresql+psycopg://{USER}@/postgres?host={self.folder}&port={self.port}"

    @property
    def passfile(self) -> Path:
        """A file for PGPASSFILE."""
        return self.folder / "pgpass"

    def _make(self) -> None:
        password = secrets.token_urlsafe(24)
        handed = self.folder / "password"
        for path, text in ((handed, password), (self.passfile, f"*:*:*:{USER}:{password}\n")):
            path.touch(mode=0o600)
            path.write_text(text)
        if self._owner is not None:
            for path in (self.folder, handed):
                os.chown(path, self._owner.pw_uid, self._owner.pw_gid)
        self._run(
            "initdb", "--pgdata", str(self.folder / "data"), "--username", USER,
            "--pwfile", str(handed), "--auth", "scram-sha-256", "--encoding", "UTF8",
            "--locale", "C.UTF-8", "--no-sync", *self._foreign_order(),
        )  # fmt: skip
        handed.unlink()

    def _foreign_order(self) -> list[str]:
        """Let databases order text as a dictionary does: whatever relies on bytes must say so."""
        version = re.search(r"\d+", self._run("postgres", "--version"))
        icu = version is not None and int(version[0]) >= 15
        return ["--locale-provider", "icu", "--icu-locale", "en-US"] if icu else []

    def start(self) -> None:
        """Start the server and wait until it takes connections."""
        given = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        log = self.folder / "server.log"
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [self._bin / "postgres", "-D", self.folder / "data", "-k", self.folder,
                 "-p", str(self.port), *given],
                stdout=out, stderr=out, stdin=subprocess.DEVNULL, cwd=self.folder,
                start_new_session=True, **self._as_owner(),
            )  # fmt: skip
        until = time.monotonic() + START_SECONDS
        ready = [self._bin / "pg_isready", "-q", "-h", self.folder, "-p", str(self.port)]
        while subprocess.run(ready, check=False).returncode != 0:
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the server did not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server by its pid: SIGINT breaks connections, SIGQUIT is a crash."""
        if self.process is None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(60)
        self.process = None

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [self._bin / program, *arguments],
            capture_output=True, text=True, cwd=self.folder, check=False, **self._as_owner(),
        )  # fmt: skip
        if done.returncode != 0:
            raise RuntimeError(f"{program} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def _as_owner(self) -> dict[str, object]:
        if self._owner is None:
            return {}
        uid, gid = self._owner.pw_uid, self._owner.pw_gid
        return {"user": uid, "group": gid, "extra_groups": []}


def _ordinary_user() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    sys.exit("PostgreSQL refuses root, and there is no user `postgres` or `nobody` to run it as")
