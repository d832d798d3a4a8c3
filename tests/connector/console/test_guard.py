"""What stands before each page of the console: hosts, sessions, forms, headers, ways out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from werkzeug.test import Client

from connector.console.guard import HEADERS, local
from tests.areas import OWN
from tests.connector.console.conftest import BASE, PORT
from tests.connector.console.door import PASSWORD, Door, area, opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.test import TestResponse

    from tests.connector.console.conftest import Browser
    from tests.simulators import Party


def asked_as(browser: Browser, host: str, method: str = "GET") -> TestResponse:
    return browser.client.open("/sign-in?next=/notes", method=method, base_url=f"http://{host}")


@pytest.mark.parametrize(
    "host", ["evil.example", f"localhost:{PORT + 1}", "localhost", f"localhost.evil.example:{PORT}"]
)
def test_a_name_that_is_not_ours_is_told_nothing(browser: Browser, host: str):
    """A name that somebody has point to this machine opens nothing (DNS rebinding)."""
    answer = asked_as(browser, host)
    assert (answer.status_code, answer.data) == (421, b"")


@pytest.mark.parametrize("host", [f"127.0.0.1:{PORT}", f"[::1]:{PORT}"])
def test_the_loopback_address_leads_to_localhost(browser: Browser, host: str):
    answer = asked_as(browser, host)
    assert (answer.status_code, answer.headers["Location"]) == (308, f"{BASE}/sign-in?next=/notes")
    assert asked_as(browser, host, "POST").status_code == 421


def test_the_name_of_the_proxy_is_ours(party: Callable[..., Party]):
    """The address of the TLS proxy counts as host and as origin of forms, and its own name alone."""
    door = Door()
    env = {"VOILE_CONSOLE_PORT": str(PORT), "VOILE_CONSOLE_URL": "https://desk.example/"}
    made = party("acme", areas=(OWN, area(door)), env=env)
    client = Client(opened(made))
    client.set_cookie(f"voile-{PORT}", door.begin("steward"), domain="desk.example")
    page = client.get("/notes", base_url="https://desk.example").get_data(as_text=True)
    token = page.split('name="_csrf" value="')[1].split('"')[0]
    form = {"_csrf": token, "_form": "add", "text": "x"}
    for origin, status in ((BASE, 403), ("https://desk.example", 303)):
        sent = client.post(
            "/notes", data=form, base_url="https://desk.example", headers={"Origin": origin}
        )
        assert sent.status_code == status
    assert client.get("/notes", base_url="https://evil.example").status_code == 421


def test_every_answer_has_the_headers(browser: Browser):
    browser.enter("steward")
    for path in ("/sign-in", "/notes", "/nowhere", "/notes?crash=1", "/account", "/help"):
        answer = browser.get(path)
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, path
        assert answer.headers["Cache-Control"] == "no-store"
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_no_page_has_a_script_or_a_style_in_it(browser: Browser):
    browser.enter("steward")
    for path in ("/notes", "/account", "/help", "/account/factor"):
        html = browser.get(path).get_data(as_text=True)
        assert " style=" not in html
        assert "<style" not in html
        assert " onclick" not in html
        assert html.count("<script") == 1


def test_nothing_is_shown_before_signing_in(browser: Browser):
    """Each address leads to the sign-in, whether there is something or not."""
    for path in ("/", "/notes", "/account", "/nowhere", "/notes?id=1"):
        answer = browser.get(path)
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/sign-in")
    assert browser.get("/notes?id=1").headers["Location"] == "/sign-in?next=%2Fnotes%3Fid%3D1"
    assert browser.post("/notes", {"_form": "add", "text": "x"}).status_code == 303
    assert browser.notes == []


def test_signing_in_gives_a_new_session_in_a_cookie_of_its_own(browser: Browser):
    browser.client.set_cookie(f"voile-{PORT}", "chosen-by-another", domain="localhost")
    token = browser.token("/sign-in")
    form = {"_csrf": token, "name": "steward", "password": PASSWORD, "next": "/notes"}
    answer = browser.post("/sign-in", form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/notes")
    (cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith(f"voile-{PORT}=")]
    flags = {part.strip() for part in cookie.split(";")[1:]}
    assert flags == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
    assert "chosen-by-another" not in cookie
    assert browser.get("/notes").status_code == 200
    assert browser.post("/sign-in", form).status_code == 403, "the token before signing in is over"


def test_a_wrong_password_keeps_the_name_and_never_the_password(browser: Browser):
    form = {"_csrf": browser.token("/sign-in"), "name": "steward", "password": "wrong-one"}
    answer = browser.post("/sign-in", form)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 403
    assert 'value="steward"' in html
    assert "wrong-one" not in html


@pytest.mark.parametrize(
    ("headers", "token", "status"),
    [
        ({}, None, 303),
        ({"Origin": BASE, "Sec-Fetch-Site": None}, None, 303),
        ({"Origin": None, "Sec-Fetch-Site": "same-origin"}, None, 303),
        ({}, "", 403),
        ({}, "0" * 64, 403),
        ({}, "é", 403),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, None, 403),
        ({"Origin": f"http://localhost:{PORT + 1}", "Sec-Fetch-Site": "same-site"}, None, 403),
        ({"Origin": BASE, "Sec-Fetch-Site": "cross-site"}, None, 403),
        ({"Origin": "null", "Sec-Fetch-Site": None}, None, 403),
        ({"Origin": None, "Sec-Fetch-Site": None}, None, 403),
        ({"Origin": "null", "Sec-Fetch-Site": "none"}, None, 403),
    ],
)
def test_a_form_counts_only_from_a_page_of_ours(
    browser: Browser, headers: dict[str, str | None], token: str | None, status: int
):
    """Without its token, with another's, or sent by another site, nothing is done."""
    browser.enter("steward")
    given = browser.token("/notes") if token is None else token
    answer = browser.post("/notes", {"_form": "add", "_csrf": given, "text": "x"}, headers=headers)
    assert answer.status_code == status
    assert len(browser.notes) == (status == 303)


@pytest.mark.parametrize(
    "path",
    ["/sign-in", "/preferences", "/sign-out", "/sign-out-everywhere", "/account/password",
     "/account/factor", "/invitation/good", "/notes"],
)  # fmt: skip
def test_each_form_needs_the_token_of_this_session(browser: Browser, path: str):
    """Also of another person, and of the time before signing in."""
    before = browser.token("/sign-in")
    other = browser.door.csrf(browser.door.begin("steward"))
    browser.enter("steward")
    for wrong in (before, other, ""):
        assert browser.post(path, {"_csrf": wrong, "_form": "add"}).status_code == 403
    assert "good" in browser.door.links


def test_every_route_that_changes_something_is_no_get(browser: Browser):
    """Each view besides those that only show takes POST alone, or draws a form for GET."""
    rules = {r.endpoint: r.methods or set() for r in browser.app.url_map.iter_rules()}
    assert rules["sign_out"] & {"GET", "POST"} == {"POST"}
    assert rules["everywhere"] & {"GET", "POST"} == {"POST"}
    assert rules["preferences"] & {"GET", "POST"} == {"POST"}
    token = browser.enter("steward")
    assert browser.get("/sign-out").status_code == 405
    assert browser.door.visitor(token)


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
     "/\tevil", "//evil.example/%2f..", "evil", "", "/\n/evil.example", "///evil.example", "/\x85/x"],
)  # fmt: skip
def test_no_way_out_leads_to_another_site(browser: Browser, path: str):
    assert local(path) == "/"
    form = {"name": "steward", "password": PASSWORD, "next": path}
    answer = browser.post("/sign-in", form | {"_csrf": browser.token("/sign-in")})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    chosen = {"_csrf": browser.token("/notes"), "theme": "dark", "next": path}
    assert browser.post("/preferences", chosen).headers["Location"] == "/"


def test_only_three_methods_are_known(browser: Browser):
    browser.enter("steward")
    for method in ("OPTIONS", "PUT", "DELETE", "TRACE", "PATCH"):
        answer = browser.get("/notes", method=method)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, POST")
    head = browser.get("/notes", method="HEAD")
    assert (head.status_code, head.data) == (200, b"")
    posted = browser.post("/help", {"_csrf": browser.token("/notes")})
    assert posted.status_code == 405


def test_signing_out_ends_the_session(browser: Browser):
    token = browser.enter("steward")
    answer = browser.post("/sign-out", {"_csrf": browser.token("/notes")})
    assert answer.headers["Location"] == "/sign-in"
    assert browser.door.visitor(token) is None
    assert browser.get("/notes").status_code == 303


def test_a_large_body_and_an_encoded_one_are_refused(browser: Browser):
    browser.enter("steward")
    form = {"_csrf": browser.token("/notes"), "_form": "add", "text": "x" * (2 << 20)}
    assert browser.post("/notes", form).status_code == 413
    answer = browser.post("/notes", {}, headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 415
    assert browser.notes == []


def test_static_files_are_kept_by_their_digest(browser: Browser):
    html = browser.get("/sign-in").get_data(as_text=True)
    (style,) = [part for part in html.split('"') if part.endswith("console.css")]
    answer = browser.get(style)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    again = browser.get(style, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    for other in (style.replace("/static/", "/static/0"), "/static/0/console/../app.py",
                  "/static/0/console/%2e%2e/app.py"):  # fmt: skip
        assert browser.get(other).status_code == 404
