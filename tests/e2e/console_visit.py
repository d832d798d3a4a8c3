"""A visit to the console of a real process, without a browser."""

from __future__ import annotations

import http.client
import re
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

import pyotp

if TYPE_CHECKING:
    from collections.abc import Mapping

PASSWORD: Final = "A long enough sentence, 1 of many"


def fetch(
    origin: str,
    path: str,
    cookies: Mapping[str, str] | None = None,
    fields: Mapping[str, str] | None = None,
) -> tuple[int, str, dict[str, str]]:
    """Ask for a page, or send a form; give status, text and the cookies as they are then."""
    sent = {"Accept": "text/html", "Accept-Language": "en"}
    held = dict(cookies or {})
    if held:
        sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in held.items())
    body = None
    if fields is not None:
        body = urlencode(fields)
        sent |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": origin}
    asked = http.client.HTTPConnection("localhost", urlsplit(origin).port or 80, timeout=60)
    try:
        asked.request("GET" if body is None else "POST", path, body, sent)
        answer = asked.getresponse()
        text = answer.read().decode("utf-8")
        for one in answer.headers.get_all("Set-Cookie") or ():
            held |= {name: morsel.value for name, morsel in SimpleCookie(one).items()}
    finally:
        asked.close()
    return answer.status, text, held


def enter(origin: str, token: str) -> dict[str, str]:
    """Use a link: a password, and the code of the shown second factor; give the cookies."""
    path = f"/invitation/{token}"
    status, page, cookies = fetch(origin, path)
    assert status == 200, page[-2000:]
    (secret,) = re.findall(r'class="secret" data-copy="([A-Z2-7]+)"', page)
    csrf = re.findall(r'name="_csrf" value="([^"]+)"', page)[-1]
    fields = {"password": PASSWORD, "again": PASSWORD, "code": pyotp.TOTP(secret).now()}
    status, page, cookies = fetch(origin, path, cookies, fields | {"_csrf": csrf})
    assert status == 303, page[-2000:]
    return cookies
