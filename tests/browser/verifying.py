"""The verifier in the browser, asked what it says of many bundles without loading its page again."""

from __future__ import annotations

import base64
import hashlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import connector.areas.audit
from contracts.audit.trust import write_trust
from tests.browser.site import served

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from playwright.sync_api import Browser, Page

    from contracts.audit.verify import Bundle

MODULES: Final = Path(connector.areas.audit.__file__).with_name("pages") / "verify"
_BEGIN: Final = """
async (from) => {
  const [{check}, {readTrust}] = await Promise.all(
    ["check", "trust"].map((name) => import(`${from}/${name}.js`)));
  const held = new Map(), trusted = new Map();
  window.hold = (files) => {
    for (const [name, text] of files) {
      held.set(name, Uint8Array.from(atob(text), (one) => one.charCodeAt(0)));
    }
  };
  window.judge = async ({files, trust, now}) => {
    if (!trusted.has(trust)) trusted.set(trust, await readTrust(held.get(trust)));
    const bytes = new Map(files.map(([path, name]) => [path, held.get(name)]));
    const made = await check(bytes, trusted.get(trust), now);
    return [made.outcome, made.found.map((one) => [one.level, one.code])];
  };
}
"""
_JUDGE: Final = """
async ([files, bundles]) => {
  hold(files);
  const told = [];
  for (const one of bundles) told.push(await judge(one));
  return told;
}
"""


@dataclass
class Verifier:
    """A page that has loaded the verifier; equal files go to it once."""

    page: Page
    modules: str
    _sent: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.evaluate(_BEGIN, self.modules)

    def judge(self, bundles: Sequence[Bundle]) -> list[tuple[str, set[tuple[str, str]]]]:
        """Give the outcome of each bundle, and level and code of what was found."""
        new: dict[str, str] = {}

        def name(data: bytes) -> str:
            found = hashlib.sha256(data).hexdigest()
            if found not in self._sent:
                new[found] = base64.b64encode(data).decode()
            self._sent.add(found)
            return found

        asked: list[dict[str, Any]] = [
            {
                "files": [[path, name(data)] for path, data in bundle.files.items()],
                "trust": name(write_trust(bundle.trust)),
                "now": bundle.now,
            }
            for bundle in bundles
        ]
        told = self.page.evaluate(_JUDGE, [list(new.items()), asked])
        return [(outcome, {(level, code) for level, code in found}) for outcome, found in told]


@contextmanager
def modules(browser: Browser) -> Iterator[tuple[Page, str]]:
    """Open an empty page under the console's policy; give it, and where the modules are."""

    def find(path: str) -> bytes | None:
        if path == "/":
            return b"<!doctype html><title>Modules</title>"
        file = MODULES / path.removeprefix("/verify/")
        return file.read_bytes() if file.is_file() else None

    with served(find) as origin, browser.new_context() as window:
        page = window.new_page()
        page.goto(f"{origin}/")
        yield page, f"{origin}/verify"
