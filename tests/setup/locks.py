"""The locks as pip reads them, and empty wheels that are newer than all of them."""

from __future__ import annotations

import base64
import hashlib
import re
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LOCKS = ("base", "build", "dev", "postgres", "odcs", "datasets")
_PIN = re.compile(
    r"(?P<name>[a-z0-9][a-z0-9-]*)==(?P<version>[^\s;\\]+)(?: ; (?P<marker>[^\\]+))?(?P<rest>.*)"
)


def read(name: str) -> dict[str, tuple[str, str, int]]:
    """A lock by its short name: package to version, marker (or nothing) and number of hashes."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    joined = text.replace("\\\n", " ")
    found: dict[str, tuple[str, str, int]] = {}
    for line in joined.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        pin = _PIN.fullmatch(line.strip())
        assert pin, f"not a pinned requirement: {line[:80]}"
        marker = (pin["marker"] or "").split("--hash")[0].strip()
        assert pin["name"] not in found, f"{pin['name']} stands twice in {name}.txt"
        found[pin["name"]] = (pin["version"], marker, line.count("--hash=sha256:"))
    return found


def empty_wheel(folder: Path, name: str, version: str) -> None:
    """Writes a valid wheel of that name and version which holds nothing."""
    stem = f"{name.replace('-', '_')}-{version}"
    files = {
        f"{stem}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{stem}.dist-info/WHEEL": (
            "Wheel-Version: 1.0\nGenerator: empty\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        ),
    }
    rows = []
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=")
        rows.append(f"{path},sha256={digest.decode()},{len(text)}")
    record = f"{stem}.dist-info/RECORD"
    files[record] = "\n".join([*rows, f"{record},,", ""])
    with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)


def newer_wheels(folder: Path) -> int:
    """An empty wheel of version 999 for every locked name; returns how many."""
    names = sorted({name for lock in LOCKS for name in read(lock)})
    for name in names:
        empty_wheel(folder, name, "999")
    return len(names)


if __name__ == "__main__":  # what .ci/bare offers pip beside the index
    import sys

    print(newer_wheels(Path(sys.argv[1])))
