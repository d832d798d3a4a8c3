"""What keeps a session in a real browser: cookies, framing, forms of others, redirections, names."""

from __future__ import annotations

import socketserver
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

import pyotp
import pytest

from connector.compose import hub as operator
from tests.browser.chromium import context
from tests.browser.entering import PASSWORD, console, enrolled, invited
from tests.browser.looking import no_foreign_requests
from tests.e2e.processes import Space, request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.browser.entering import Person

AWAY = ("//evil.example/x", "https://evil.example/x", "/\\evil.example", "/%5cevil.example",
        "javascript:alert(1)", "/\t/evil.example", "///evil.example")  # fmt: skip


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, ...]]:
    """A hub and a person of it, who came by a link."""
    with Space(tmp_path_factory.mktemp("space"), quiet=True) as space:
        hub = space.party("operator", role="hub").start()
        shell = context(browser)
        before = shell.new_page()
        before.goto(f"{console(hub)}/sign-in")
        given = [one["value"] for one in shell.cookies()]
        _, person = enrolled(shell, invited(hub, "Li", "certifier", "security"), "Li")
        shell.close()
        yield hub, person, given


@contextmanager
def foreign(body: str) -> Iterator[str]:
    """Serve a page of somebody else, on another port of this machine: cookies go there, too."""

    class Theirs(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/" else 204)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body) if self.path == "/" else 0))
            self.end_headers()
            self.wfile.write(body.encode() if self.path == "/" else b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Theirs) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_address[1]}"
        server.shutdown()


def sitting(window: Callable[..., BrowserContext], person: Person) -> Page:
    shell = window()
    shell.add_cookies(person.cookies)
    return shell.new_page()


@pytest.mark.long
def test_cookies_are_for_the_console_alone(desk, window: Callable[..., BrowserContext]):
    """Out of reach of scripts, of plain http elsewhere and of posts of others; new at sign-in."""
    hub, person, before = desk
    held = {one["name"]: one for one in person.cookies}
    own = held[f"voile-{hub.port + 3}"]
    assert (own["httpOnly"], own["secure"], own["sameSite"]) == (True, True, "Lax")
    assert (own["expires"], own["path"], own["domain"]) == (-1, "/", "localhost")
    assert all(one["httpOnly"] and one["secure"] for one in person.cookies)
    assert before
    assert own["value"] not in before  # what was held before signing in opens nothing
    assert f"voile-before-{hub.port + 3}" not in held
    page = sitting(window, person)
    page.goto(f"{console(hub)}/account")
    assert page.evaluate("document.cookie") == ""


@pytest.mark.long
def test_a_cookie_that_somebody_put_there_is_no_session(desk, window):
    """A secret of another's choice is not taken over by signing in."""
    hub, person, _ = desk
    shell = window()
    name, chosen = f"voile-{hub.port + 3}", "f" * 64
    shell.add_cookies(
        [{"name": name, "value": chosen, "url": console(hub), "httpOnly": True, "secure": True}]
    )
    page = shell.new_page()
    page.goto(f"{console(hub)}/account")
    assert page.url.startswith(f"{console(hub)}/sign-in")
    signed_in(page, person, "/account")
    (now,) = [one["value"] for one in shell.cookies() if one["name"] == name]
    assert now != chosen


def signed_in(page: Page, person: Person, _path: str = "") -> None:
    page.fill("[name=name]", person.name)
    page.fill("[name=password]", PASSWORD)
    for step in (0, 30, 60):  # a code is good once
        page.fill("[name=code]", pyotp.TOTP(person.secret).at(int(time.time()) + step))
        page.click("main form button[type=submit]")
        if "/sign-in" not in page.url:
            return
        page.fill("[name=password]", PASSWORD)


def test_nobody_frames_the_console(desk, window):
    """A frame of another page shows nothing of it."""
    hub, person, _ = desk
    page = sitting(window, person)
    with foreign(f'<title>x</title><iframe src="{console(hub)}/account"></iframe>') as theirs:
        page.goto(theirs)
        page.wait_for_function("document.querySelector('iframe') !== null")
        page.wait_for_timeout(300)
        (frame,) = page.frames[1:]
        assert frame.url.startswith("chrome-error:")
        assert frame.locator("main").count() == 0


def test_a_form_of_another_page_does_nothing(desk, window):
    """Its cookie comes along from another port, and it is refused all the same."""
    hub, person, _ = desk
    page = sitting(window, person)
    body = (
        f'<form id="f" method="post" action="{console(hub)}/sign-out"><input name="_csrf" value="x">'
        "</form><script>f.submit()</script>"
    )
    with foreign(body) as theirs, page.expect_response(f"{console(hub)}/sign-out") as sent:
        page.goto(theirs)
    assert sent.value.status == 403
    page.goto(f"{console(hub)}/account")
    assert page.url == f"{console(hub)}/account"


@pytest.mark.long
def test_a_form_of_ours_without_its_token_does_nothing(desk, window):
    """Missing, wrong or another session's: 403, and nobody is invited."""
    hub, person, _ = desk
    page = sitting(window, person)
    page.goto(f"{console(hub)}/people")
    statuses = page.evaluate(
        """async () => {
          const given = [undefined, "", "0".repeat(64)];
          const out = [];
          for (const token of given) {
            const form = new URLSearchParams({_form: "invite", name: "Ghost", roles: "security",
              language: "en", days: "7", ...(token === undefined ? {} : {_csrf: token})});
            out.push((await fetch("/people", {method: "POST", body: form})).status);
          }
          return out;
        }"""
    )
    assert statuses == [403, 403, 403]
    page.reload()
    assert "Ghost" not in page.locator("main").inner_text()


@pytest.mark.long
@pytest.mark.sweep
@pytest.mark.parametrize("wanted", AWAY)
def test_signing_in_leads_to_our_own_pages_only(desk, window, wanted: str):
    """Whatever `next` says: who has a session already is sent there at once."""
    hub, person, _ = desk
    page = sitting(window, person)
    with no_foreign_requests(page, console(hub)):
        page.goto(f"{console(hub)}/sign-in?next={wanted}")
        assert page.url.startswith(f"{console(hub)}/")


def test_other_names_of_this_machine_get_nothing(desk):
    """A host that is not ours gets no page, nor is it written into one."""
    hub, *_ = desk
    for host in ("evil.example", f"evil.example:{hub.port + 3}", "localhost", "localhost:1", ""):
        status, headers, body = request(hub.port + 3, "GET", "/sign-in", headers={"Host": host})
        assert (status, body) == (421, b"") or (status == 400 and not host), host
        assert "location" not in headers
    host = f"127.0.0.1:{hub.port + 3}"
    status, headers, _ = request(hub.port + 3, "GET", "//evil.example/x", headers={"Host": host})
    assert status == 308
    assert headers["location"].startswith(f"{console(hub)}/")


def test_nothing_is_told_before_signing_in(desk):
    """Each page leads to the sign-in with an empty answer, and so does one that is not there."""
    hub, *_ = desk
    host = {"Host": f"localhost:{hub.port + 3}"}
    paths = [page.path for area in operator.AREAS for page in area.pages]
    for path in (*paths, "/account", "/help", "/no-such-page"):
        status, headers, body = request(hub.port + 3, "GET", path, headers=host)
        assert status == 303, path
        assert headers["location"].startswith("/sign-in"), path
        assert b"<main" not in body, path
