"""The page that verifies a bundle: offline, with hostile bundles, and where the browser can less."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.serving import make_server

from contracts.audit.trust import write_trust
from contracts.audit.verify import verify
from tests.areas import AUDIT, OWN
from tests.browser.chromium import PHONE
from tests.browser.looking import axe, no_foreign_requests, quiet, tab_to, too_wide
from tests.connector.audit.corpus import HONEST, carried, corpus, put, story
from tests.connector.console.door import Door, area
from tests.long import first_of
from tests.ports import free_ports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

    from contracts.audit.verify import Bundle
    from tests.simulators import Party


@dataclass
class Console:
    """The real console, with persons in memory, on a port."""

    origin: str
    port: int
    door: Door

    def enter(self, window: BrowserContext, language: str = "en") -> Page:
        """Sign an auditor in; give the page."""
        value = self.door.begin("auditor", language)
        window.add_cookies([{"name": f"voile-{self.port}", "value": value, "url": self.origin}])
        page = window.new_page()
        page.goto(f"{self.origin}/verify")
        page.locator("#verifier").wait_for(state="visible")
        return page


@pytest.fixture
def console(party: Callable[..., Party]) -> Iterator[Console]:
    port, door = free_ports(), Door()
    made = party("acme", areas=(OWN, AUDIT, area(door)), env={"VOILE_CONSOLE_PORT": str(port)})
    assert made.apps.console is not None
    server = make_server("127.0.0.1", port, made.apps.console(), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Console(f"http://localhost:{port}", port, door)
    server.shutdown()
    thread.join()
    server.server_close()


def zipped(files: dict[str, bytes], top: str = "", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for path, data in files.items():
            archive.writestr(top + path, data)
    return made.getvalue()


def upload(page: Page, field: str, name: str, data: bytes) -> None:
    kind = "application/zip" if field == "zip" else "application/json"
    page.set_input_files(f"#{field}", {"name": name, "mimeType": kind, "buffer": data})


def settled(page: Page) -> str:
    page.locator("#result:not([aria-busy])").wait_for(state="attached")
    return page.locator("#result").get_attribute("data-outcome") or ""


def verified(page: Page, bundle: Bundle, archive: bytes | None = None) -> str:
    page.clock.set_fixed_time(bundle.now * 1000)
    upload(page, "trust", "trust.json", write_trust(bundle.trust))
    settled(page)
    upload(page, "zip", "bundle.zip", archive or zipped(dict(bundle.files)))
    return settled(page)


def codes(page: Page) -> set[tuple[str, str]]:
    found = page.locator("[data-code]").evaluate_all(
        "all => all.map(one => [one.dataset.level, one.dataset.code])"
    )
    return {(level, code) for level, code in found}


def states(page: Page) -> dict[str, str]:
    found = page.locator("[data-step]").evaluate_all(
        "all => all.map(one => [one.dataset.step, one.dataset.state])"
    )
    return dict(found)


@pytest.mark.long
def test_bundles_are_verified_offline(
    console: Console, window: Callable[..., BrowserContext], tmp_path: Path
):
    """Zip and folder, honest and forged: as the command says, without any request."""
    shell = window()
    page = console.enter(shell)
    shell.set_offline(True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with quiet(page), no_foreign_requests(page, console.origin):
        honest = HONEST[0]
        assert verified(page, honest) == "OK"
        assert codes(page) == set()
        assert states(page)["others"] == "elsewhere"
        assert set(states(page).values()) <= {"good", "none", "elsewhere"}
        for top, method in (("buyer.bundle/", zipfile.ZIP_DEFLATED), ("", zipfile.ZIP_STORED)):
            assert verified(page, honest, zipped(dict(honest.files), top, method)) == "OK"
        for path, data in honest.files.items():
            place = tmp_path / "buyer.bundle" / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        page.set_input_files("#folder", tmp_path / "buyer.bundle")
        assert settled(page) == "OK"
        for kind in (
            "weak_keys",
            "own_answers",
            "registers",
            "nobody_is_trusted",
            "junk_in_leaves",
        ):
            for forged in corpus(kind)[:3]:
                report = verify(forged.bundle)
                assert verified(page, forged.bundle) == report.outcome
                assert codes(page) == {(one.level, one.code) for one in report.findings}
    assert asked == []


@pytest.mark.long
def test_details_are_told(console: Console, window: Callable[..., BrowserContext]):
    """A contradiction names the other statement, and the key with where trust in it comes from."""
    page = console.enter(window())
    assert verified(page, corpus("own_answers")[0].bundle) == "FINDINGS"
    assert codes(page) == {("proof", "contradiction")}
    row = page.locator("tr:has([data-code])").inner_text()
    assert "see signed/" in row
    assert "(pinned in the trust file)" in row


@pytest.mark.long
def test_without_a_trust_file_nothing_is_ok(
    console: Console, window: Callable[..., BrowserContext]
):
    """The bundle alone vouches for its keys: unchecked; a file that is no trust file is refused."""
    page = console.enter(window())
    page.clock.set_fixed_time(HONEST[0].now * 1000)
    upload(page, "zip", "bundle.zip", zipped(dict(HONEST[0].files)))
    assert settled(page) == "UNCHECKED"
    assert ("unchecked", "key-untrusted") in codes(page)
    upload(page, "trust", "trust.json", b'{"format":"voile-trust/1","format":"voile-trust/1"}')
    assert settled(page) == "UNREADABLE"
    upload(page, "zip", "bundle.zip", zipped(dict(HONEST[0].files)))  # it stays refused
    assert settled(page) == "UNREADABLE"


@pytest.mark.long
def test_what_is_chosen_in_one_moment_counts_together(
    console: Console, window: Callable[..., BrowserContext]
):
    """A bundle chosen while the trust file is still read is judged under it."""
    page = console.enter(window())
    page.clock.set_fixed_time(HONEST[0].now * 1000)
    upload(page, "trust", "trust.json", write_trust(HONEST[0].trust))
    upload(page, "zip", "bundle.zip", zipped(dict(HONEST[0].files)))
    assert settled(page) == "OK"


NO_ED25519 = """
const imported = crypto.subtle.importKey.bind(crypto.subtle);
crypto.subtle.importKey = (form, raw, how, ...rest) => how.name === NAME
  ? Promise.reject(new DOMException("no", "NotSupportedError")) : imported(form, raw, how, ...rest);
"""


@pytest.mark.long
@pytest.mark.parametrize("suite", first_of(["Ed25519", "ECDSA"]))
def test_what_a_browser_cannot_check_is_never_ok(
    console: Console, window: Callable[..., BrowserContext], suite: str
):
    """A suite that WebCrypto lacks is not checked here; a changed leaf is found all the same."""
    shell = window()
    shell.add_init_script(NO_ED25519.replace("NAME", json.dumps(suite)))
    page = console.enter(shell)
    es256 = corpus("beyond_es256")[0].bundle
    bundle = HONEST[0] if suite == "Ed25519" else es256
    assert verified(page, bundle) == "UNCHECKED"
    assert codes(page) >= {("unchecked", "not-checkable")}
    assert states(page)["manifest"] == "unchecked"
    if suite == "Ed25519":
        line = bundle.files["log/entries.jsonl"]
        assert verified(page, carried(bundle, put("log/entries.jsonl", line + line))) == "FINDINGS"
    plain = console.enter(window())
    assert verified(plain, bundle) == "OK"


@pytest.mark.long
def test_opened_totals_are_not_checked_here(
    console: Console, window: Callable[..., BrowserContext]
):
    """Their ciphertexts need more than a browser has: said so, line by line, and never OK."""
    made = story(1)
    total = put(f"opened/total-{'0' * 64}.json", b"{}")
    bundle = made.bundle(made.buyer, change=total)
    page = console.enter(window())
    assert verified(page, bundle) == "UNCHECKED"
    assert codes(page) == {("unchecked", "not-checkable")}
    assert states(page)["totals"] == "unchecked"
    assert "voile audit verify" in page.locator("#result").inner_text()


def lying(**change: int) -> bytes:
    """An archive whose list says another size, method or flag than is true."""
    data = bytearray(zipped({"manifest.json": b"0" * 100_000}))
    at = data.index(b"PK\x01\x02")
    for name, value in change.items():
        where, width = {"size": (24, 4), "packed": (20, 4), "method": (10, 2), "flags": (8, 2)}[
            name
        ]
        data[at + where : at + where + width] = value.to_bytes(width, "little")
    return bytes(data)


ARCHIVES = {
    "no archive": b"PK" + b"\0" * 200,
    "empty": zipped({}),
    "cut": zipped({"manifest.json": b"x" * 100})[:-30],
    "says less than it becomes": lying(size=1000),
    "says more than it becomes": lying(size=200_000),
    "says gigabytes": lying(size=0xFFFF_FFF0),
    "zip64": lying(size=0xFFFF_FFFF),
    "encrypted": lying(flags=1),
    "another method": lying(method=93),
    "more than the file": lying(packed=0x00FF_FFFF),
}


@pytest.mark.long
@pytest.mark.sweep
@pytest.mark.parametrize("name", ARCHIVES)
def test_archives_that_lie_are_refused(
    console: Console, window: Callable[..., BrowserContext], name: str
):
    """A bomb, a list that contradicts its files, an end that is none: one line, and no result."""
    page = console.enter(window())
    with quiet(page):
        upload(page, "zip", "bundle.zip", ARCHIVES[name])
        assert settled(page) == "UNREADABLE"
        assert page.locator("[data-step]").count() == 0


@pytest.mark.long
def test_a_name_that_stands_twice_in_an_archive_is_refused(
    console: Console, window: Callable[..., BrowserContext]
):
    """Which of the two would count is for no reader to choose."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("manifest.json", b"{}")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("manifest.json", b"{ }")
    page = console.enter(window())
    upload(page, "zip", "bundle.zip", made.getvalue())
    assert settled(page) == "UNREADABLE"


def test_what_a_bundle_says_is_shown_as_text(
    console: Console, window: Callable[..., BrowserContext]
):
    """Markup and letters that turn the direction, in names and in the manifest, do nothing."""
    bundle = HONEST[0]
    manifest: dict[str, Any] = json.loads(bundle.files["manifest.json"])
    manifest["did"] = "<img src=x onerror=alert(1)>\u202egnp"
    from crypto.canonical import canonical

    files = {**bundle.files, "manifest.json": canonical(manifest)}
    page = console.enter(window())
    with quiet(page):
        archive = zipped({**files, '"><img src=x onerror=alert(1)>': b"x"})
        assert verified(page, replace(bundle, files=files), archive) == "FINDINGS"
    assert page.locator("#result img").count() == 0
    text = page.locator("#result").inner_text()
    assert "<img src=x onerror=alert(1)>\\u{202e}gnp" in text
    assert "\u202e" not in text
    assert ("finding", "file-odd") in codes(page)


@pytest.mark.sweep
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_is_for_everybody(
    console: Console, window: Callable[..., BrowserContext], language: str, theme: str
):
    """Both languages and themes, a phone's width, keyboard alone: with and without a result."""
    page = console.enter(window(language=language, theme=theme, viewport=PHONE), language)
    assert axe(page) == []
    assert too_wide(page) == []
    assert verified(page, corpus("weak_keys")[0].bundle) == "FINDINGS"
    assert axe(page) == []
    assert too_wide(page) == []
    heading = page.locator("#result h2").inner_text()
    assert heading == {"en": "FINDINGS", "zh": "有发现"}[language]
    tab_to(page, {"en": "Folder of the bundle", "zh": "证据包的文件夹"}[language])


@pytest.mark.long
def test_without_scripts_it_names_the_command(
    console: Console, window: Callable[..., BrowserContext]
):
    """Nothing that does nothing is shown; the other way is."""
    shell = window(scripts=False)
    value = console.door.begin("auditor")
    shell.add_cookies([{"name": f"voile-{console.port}", "value": value, "url": console.origin}])
    page = shell.new_page()
    page.goto(f"{console.origin}/verify")
    assert not page.locator("#folder").is_visible()
    assert "python3 -I verify.py" in page.locator("main").inner_text()
