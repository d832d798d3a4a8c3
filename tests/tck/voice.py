"""How the kit calls: a connection per request that stays open, fixed header, its own retries."""

from __future__ import annotations

import gzip
import http.client
import json
import time
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

HEADER: Final = "tck-fixed-token"
ATTEMPTS: Final = 3  # of a message that met a 4xx
FIRST_PAUSE: Final = 0.2
MOST_KEPT: Final = 600  # the kit keeps each for five minutes; we have to share our descriptors


class CaseFailedError(AssertionError):
    """A case went wrong; the message says how."""


@dataclass(slots=True)
class Voice:
    """Calls the connector.

    Attributes:
        timeout: seconds for one call.
        kept: connections that are left open, as the kit's client leaves them.
    """

    timeout: float
    kept: list[http.client.HTTPConnection] = field(default_factory=list)

    def get(self, url: str) -> tuple[int, Any]:
        """Ask; give status and parsed answer."""
        return self._call("GET", url, None)

    def post(self, url: str, message: Any, *, refused: bool = False) -> Any:
        """Send a message.

        Args:
            url: where to.
            message: what.
            refused: whether it is illegal, and 4xx other than 404 must come back.

        Returns:
            The parsed answer.

        Raises:
            CaseFailedError: it was refused although it is legal, or the other way about.
        """
        pause = FIRST_PAUSE
        for attempt in range(ATTEMPTS):
            status, answer = self._call("POST", url, message)
            again = not refused and status != 404 and 400 <= status < 500
            if not again or attempt == ATTEMPTS - 1:
                break
            time.sleep(pause)
            pause *= 2
        name = f"{message.get('@type', 'webhook')} to {urlsplit(url).path}"
        if status == 404:
            raise CaseFailedError(f"{name}: answered 404")
        if refused and 200 <= status < 300:
            raise CaseFailedError(f"{name}: illegal, but answered {status}")
        legal = 400 <= status < 500 if refused else 200 <= status < 300
        if not legal:
            raise CaseFailedError(f"{name}: answered {status}: {str(answer)[:200]}")
        return answer

    def close(self) -> None:
        """Close what was kept open."""
        for connection in self.kept:
            connection.close()
        self.kept.clear()

    def _call(self, method: str, url: str, value: Any) -> tuple[int, Any]:
        parts = urlsplit(url)
        host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname or ""
        connection = http.client.HTTPConnection(host, parts.port or 80, timeout=self.timeout)
        self.kept.append(connection)
        if len(self.kept) > MOST_KEPT:
            self.kept.pop(0).close()
        headers = {"Authorization": HEADER, "Host": parts.netloc, "Connection": "Keep-Alive"}
        headers |= {"Accept-Encoding": "gzip", "User-Agent": "okhttp/4.12.0"}
        body = None
        if value is not None:
            body = json.dumps(value).encode()
            headers["Content-Type"] = "application/json; charset=utf-8"
        try:
            connection.request(method, parts.path, body=body, headers=headers)
            answer = connection.getresponse()
            data = answer.read()
            if answer.getheader("Content-Encoding") == "gzip":
                data = gzip.decompress(data)
        except (OSError, EOFError, http.client.HTTPException) as error:
            raise CaseFailedError(f"{method} {url}: {type(error).__name__}") from error
        try:
            return answer.status, json.loads(data) if data else None
        except ValueError:
            return answer.status, data.decode(errors="replace")
