"""A console in memory: a browser with its cookies, and forms as its pages draw them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.test import Client

from tests.areas import OWN
from tests.connector.console.door import Door, Notes, area, opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.simulators import Party

PORT = 23_456
BASE = f"http://localhost:{PORT}"


@dataclass
class Browser:
    """One browser: it keeps cookies, and says where its forms come from as Chromium and Firefox do."""

    app: Flask
    door: Door
    party: Party

    def __post_init__(self) -> None:
        self.client = Client(self.app)

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.open(path, method=more.pop("method", "GET"), base_url=BASE, **more)

    def post(self, path: str, form: dict[str, Any], **more: Any) -> TestResponse:
        headers = {"Origin": "null", "Sec-Fetch-Site": "same-origin"} | more.pop("headers", {})
        headers = {name: value for name, value in headers.items() if value is not None}
        return self.client.open(
            path, method="POST", base_url=BASE, data=form, headers=headers, **more
        )

    def token(self, path: str) -> str:
        """The token in the forms of a page."""
        found = re.search(
            r'name="_csrf" value="([0-9a-f]+)"', self.get(path).get_data(as_text=True)
        )
        assert found
        return found[1]

    def enter(self, role: str, language: str = "en") -> str:
        """Begin a session without the form."""
        token = self.door.begin(role, language)
        self.client.set_cookie(f"voile-{PORT}", token, domain="localhost")
        return token

    @property
    def notes(self) -> list[tuple[str, str]]:
        return self.party.node.services[Notes].kept


@pytest.fixture
def browser(party: Callable[..., Party]) -> Browser:
    door = Door()
    made = party("acme", areas=(OWN, area(door)), env={"VOILE_CONSOLE_PORT": str(PORT)})
    return Browser(opened(made), door, made)
