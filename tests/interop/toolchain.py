"""Java and Maven: found or asked for, and what they build, kept beside the project.

The recipe (`recipe/pom.xml`, `recipe/PullEndpoint.java`) names no place to download from: Maven's own
configuration does. What was built is kept under a digest of the recipe and built again when that
changes.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

RECIPE: Final = Path(__file__).parent / "recipe"
CACHE: Final = Path(__file__).parents[2] / ".cache" / "edc"
JAVA: Final = 17
MAVEN_SECONDS: Final = 900
SERVICES: Final = "META-INF/services/org.eclipse.edc.spi.system.ServiceExtension"
APT: Final = "apt-get install -y openjdk-17-jdk-headless maven"


class MissingToolError(Exception):
    """Java or Maven is not there, or too old; the text says what to install."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """A built EDC.

    Attributes:
        folder: holds `lib/` with its jars and `classes/` with our extension.
    """

    folder: Path

    @property
    def class_path(self) -> str:
        """What `java -cp` takes."""
        return f"{self.folder / 'lib'}/*{os.pathsep}{self.folder / 'classes'}"


def build(cache: Path = CACHE) -> Runtime:
    """Give the runtime, building it where the recipe is new here. Needs the network then.

    Args:
        cache: the folder to keep it in; made with a `.gitignore` of its own.

    Raises:
        MissingToolError: Java 17 or Maven is missing.
        RuntimeError: Maven or the compiler failed; with what they said.
    """
    _need_java()
    done = cache / _digest()
    if done.is_dir():
        return Runtime(done)
    _need_maven()
    cache.mkdir(parents=True, exist_ok=True)
    (cache / ".gitignore").write_text("*\n")
    part = cache / f"part-{os.getpid()}"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    try:
        _run(
            *("mvn", "--batch-mode", "--quiet", "--file", str(RECIPE / "pom.xml")),
            *("dependency:copy-dependencies", f"-DoutputDirectory={part / 'lib'}"),
        )
        classes = part / "classes"
        services = classes / SERVICES
        services.parent.mkdir(parents=True)
        services.write_text("PullEndpoint\n")
        _run(
            *("javac", "-proc:none", "--release", str(JAVA), "-cp", f"{part / 'lib'}/*"),
            *("-d", str(classes), str(RECIPE / "PullEndpoint.java")),
        )
        part.rename(done)
    except OSError:
        if not done.is_dir():  # somebody else may have been faster
            raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return Runtime(done)


def _digest() -> str:
    hasher = hashlib.sha256()
    for path in sorted(RECIPE.iterdir()):
        hasher.update(path.read_bytes())
    return hasher.hexdigest()[:12]


def _need_java() -> None:
    for tool in ("java", "javac"):
        if shutil.which(tool) is None:
            raise MissingToolError(f"`{tool}` is not there: expected Java {JAVA} or newer; {APT}")
    said = _run("javac", "-version")
    found = re.search(r"javac (\d+)", said)
    if found is None or int(found[1]) < JAVA:
        raise MissingToolError(f"expected Java {JAVA} or newer, got `{said.strip()[:80]}`; {APT}")


def _need_maven() -> None:
    if shutil.which("mvn") is None:
        raise MissingToolError(f"`mvn` is not there: it fetches Eclipse EDC once; {APT}")


def _run(*command: str) -> str:
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=MAVEN_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"`{command[0]}` failed ({done.returncode}):\n{done.stdout[-4000:]}")
    return done.stdout
