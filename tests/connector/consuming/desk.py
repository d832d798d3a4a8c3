"""A person at the console of a node in memory: opens pages, sends their forms, counts on no script."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import quote

from werkzeug.test import Client

from connector.console.app import console_app
from connector.party.area import Areas
from tests.connector.console.door import Door

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.simulators import Party

PORT = 23_456
BASE = f"http://localhost:{PORT}"
ENV = {"VOILE_CONSOLE_PORT": str(PORT)}


class Reader(HTMLParser):
    """What stands in a page: text, attributes, and fields of each form by its name."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.forms: list[dict[str, str]] = []
        self.tags: set[str] = set()
        self._in_form = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        named = {name: value or "" for name, value in attrs}
        self.attributes += [(tag, name, value) for name, value in named.items()]
        if tag == "form":
            self.forms.append({})
            self._in_form = True
        if tag == "input" and self._in_form and named.get("type") == "hidden":
            self.forms[-1][named["name"]] = named["value"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in_form = False

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@dataclass
class Desk:
    """A person of one role, in one language."""

    party: Party
    role: str = "cdo"
    language: str = "en"
    door: Door = field(default_factory=Door)

    def __post_init__(self) -> None:
        app = console_app(self.party.node, self.party.node.services[Areas].pages, self.door)
        self.client = Client(app)
        self.sit(self.role, self.language)

    def sit(self, role: str, language: str = "en") -> Desk:
        """Let another person come."""
        token = self.door.begin(role, language)
        self.client.set_cookie(f"voile-{PORT}", token, domain="localhost")
        return self

    def open(self, path: str, status: int = 200) -> bytes:
        """What a link gives, to the byte."""
        answer = self.client.get(path, base_url=BASE)
        assert answer.status_code == status
        return answer.get_data()

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path, base_url=BASE)
        html = answer.get_data(as_text=True)
        assert answer.status_code == status, html
        return html

    def send(self, path: str, name: str, which: int = 0, **fields: str) -> TestResponse:
        """Send a form as its page draws it, hidden fields and all."""
        forms = [form for form in Reader(self.get(path)).forms if form.get("_form") == name]
        assert forms, f"no form {name} at {path}"
        return self.client.post(
            path,
            base_url=BASE,
            data=forms[which] | fields,
            headers={"Origin": BASE, "Sec-Fetch-Site": "same-origin"},
        )

    def does(self, path: str, name: str, which: int = 0, **fields: str) -> str:
        """Send a form that goes well; give where it leads."""
        answer = self.send(path, name, which, **fields)
        assert answer.status_code == 303, told(answer.get_data(as_text=True))
        return answer.headers["Location"].removeprefix(BASE)


def told(html: str) -> str:
    """The words of a page, in one line."""
    return " ".join(" ".join(Reader(html).text).split())


def part(text: str) -> str:
    return quote(text, safe="")


def forms(html: str) -> set[str]:
    """The names of the forms of a page."""
    return set(re.findall(r'data-form="(\w+)"', html))


def hrefs(html: str) -> list[str]:
    """Where a page leads, as a browser reads it."""
    return [
        unescape(value) for _, name, value in Reader(html).attributes if name in ("href", "src")
    ]
