"""The real kit, from a folder of jars, against our connector: `make tck TCK_LIB=DIR`.

Its exit code says nothing (0 also with failures, also with a wrong file name), so its totals are
demanded. A kit that is not pointed at us tests itself: that is refused before it runs.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import tempfile
import threading
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.tck.bodies import CONNECTOR, FORMAT
from tests.tck.cases import CASES
from tests.tck.connector import Connector
from tests.tck.run import say
from tests.tck.voice import HEADER

PORT: Final = 18080
KIT_PORT: Final = 8083
SUITE: Final = "org.eclipse.dataspacetck.dsp.suite.DspTckSuite"
NEEDED: Final = {
    SUITE.replace(".", "/") + ".class": "org.eclipse.dataspacetck.dsp:dsp-tck",
    "org/junit/jupiter/engine/JupiterTestEngine.class": "org.junit.jupiter:junit-jupiter-engine",
}
MOST_SECONDS: Final = 900.0  # 65 cases that all wait in vain take less
ANSI: Final = re.compile(r"\x1b\[[0-9;]*m")
BAD_SETUP: Final = 2


class SetupError(Exception):
    """The kit cannot be run; the message says what is missing and what to do."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the kit's output says."""

    passed: int | None
    failed: int | None
    complete: bool

    @property
    def good(self) -> bool:
        """Whether every active case passed."""
        return (self.passed, self.failed, self.complete) == (len(CASES), 0, True)

    def line(self) -> str:
        """Give the line that a run ends with."""
        if self.passed is None or self.failed is None or not self.complete:
            return "tck (real kit): no totals: the run did not complete"
        return f"tck (real kit): {self.passed} passed, {self.failed} failed"


def judge(output: str) -> Verdict:
    """Read the totals out of the kit's output; the exit code is not asked."""
    text = ANSI.sub("", output)

    def last(what: str) -> int | None:
        found = re.findall(rf"\b{what} tests:\s*(\d+)\b", text)
        return int(found[-1]) if found else None

    return Verdict(last("Passed"), last("Failed"), "Test run complete" in text)


def properties(*, port: int = PORT, kit_port: int = KIT_PORT, wait: float = 15) -> str:
    """Write the kit's properties file: where we are, who it is, which seed each case uses."""
    dsp, url = "dataspacetck.dsp", f"http://localhost:{port}"
    lines = [
        f"{dsp}.local.connector=false",
        "dataspacetck.ansi=false",
        "dataspacetck.debug=false",
        "dataspacetck.host=localhost",
        f"dataspacetck.port={kit_port}",
        f"dataspacetck.callback.address=http://localhost:{kit_port}",
        f"{dsp}.default.wait={round(wait)}",
        f"{dsp}.connector.agent.id={CONNECTOR}",
        f"{dsp}.connector.http.url={url}/dsp/2025-1",
        f"{dsp}.connector.http.base.url={url}/dsp",
        f"{dsp}.connector.http.headers.authorization={HEADER}",
        f"{dsp}.connector.negotiation.initiate.url={url}/tck/negotiations",
        f"{dsp}.connector.transfer.initiate.url={url}/tck/transfers",
    ]
    for case in CASES:
        key = case.name.replace(":", "_").replace("-", "_")
        if case.kind == "transfer":
            lines += [f"{key}_AGREEMENTID={case.seed}", f"{key}_FORMAT={FORMAT}"]
        elif case.seed[0].isalpha():
            lines.append(f"{key}_DATASETID={case.seed}")
        if case.kind == "negotiation" and case.role == "consumer":
            lines.append(f"{key}_OFFERID=CD123:{case.seed}:456")
    return "\n".join(lines) + "\n"


def check_properties(text: str) -> None:
    """Refuse a properties file with which the kit would judge somebody else.

    Raises:
        SetupError: it says, or does not deny, that the kit shall test itself.
    """
    pairs = (line.partition("=") for line in text.splitlines() if not line.lstrip().startswith("#"))
    told = {key.strip(): value.strip() for key, _, value in pairs}
    key = "dataspacetck.dsp.local.connector"
    if told.get(key) != "false":
        raise SetupError(
            f"`{key}` is {told.get(key, 'not set')!r}: the kit would test itself; set it to false"
        )


def check_jars(lib: Path) -> None:
    """Look whether the jars are there.

    Raises:
        SetupError: naming what is not.
    """
    jars = sorted(lib.glob("*.jar")) if lib.is_dir() else []
    if not jars:
        raise SetupError(f"no jars in `{lib}`: name the folder of the kit's jars with TCK_LIB=DIR")
    names: set[str] = set()
    for jar in jars:
        try:
            with zipfile.ZipFile(jar) as opened:
                names |= NEEDED.keys() & set(opened.namelist())
        except zipfile.BadZipFile as error:
            raise SetupError(f"`{jar}` is no jar: fetch it again") from error
    for name, artifact in NEEDED.items():
        if name not in names:
            raise SetupError(f"no jar in `{lib}` holds `{name}`: add {artifact} and what it needs")


def check_ports(*ports: int) -> None:
    """Look whether the ports are free: to the kit a taken one is 59 failures without a word.

    Raises:
        SetupError: naming the one that is not.
    """
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise SetupError(f"port {port} is taken: free it, then run this again") from error


def find_java() -> str:
    """Find the `java` command.

    Raises:
        SetupError: there is none.
    """
    java = shutil.which("java")
    if java is None:
        raise SetupError("the real kit needs Java 17, and there is no `java`: install a JRE first")
    return java


def run_kit(java: str, lib: Path, config: Path) -> str:
    """Run the kit in a bare environment, showing its output as it comes; give the output."""
    command = [java, "-cp", f"{lib.resolve()}/*", SUITE, "-config", str(config)]
    lines = []
    with subprocess.Popen(
        command,
        env={},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as kit:
        timer = threading.Timer(MOST_SECONDS, kit.kill)
        timer.start()
        try:
            assert kit.stdout is not None
            for line in kit.stdout:
                lines.append(line)
                say(line.rstrip("\n"))
        finally:
            timer.cancel()
            kit.kill()
    return "".join(lines)


def main(lib: Path, *, config: Path | None = None, reaction_ms: int = 500, wait: float = 15) -> int:
    """Run the real kit; give the exit code, which is 0 only for all cases passed.

    Args:
        lib: folder of the kit's jars.
        config: a properties file for the kit's usual ports; by default we write one.
        reaction_ms: how long the connector waits before it reacts.
        wait: seconds that the kit waits.
    """
    try:
        text = config.read_text(encoding="utf-8") if config else properties(wait=wait)
        check_properties(text)
        java = find_java()
        check_jars(lib)
        check_ports(PORT, PORT + 1, PORT + 2, KIT_PORT)
    except (SetupError, OSError) as error:
        say(f"tck (real kit): {error}")
        return BAD_SETUP
    with tempfile.TemporaryDirectory(prefix="voile-tck-") as name:
        folder = Path(name)
        file = folder / "tck.properties"
        file.write_text(text, encoding="utf-8")
        with Connector(folder / "home", port=PORT, reaction_ms=reaction_ms):
            verdict = judge(run_kit(java, lib, file))
    say(verdict.line())
    return 0 if verdict.good else 1
