"""The management API of a connector of one's own: where it answers, the key that opens it, calls.

Nothing else carries the token: no redirect is followed, no proxy asked, and plain http goes to this
machine or, for a home, to where its own settings say. An error holds neither the token nor a frame
that does, also where whoever answers writes it back.
"""

from __future__ import annotations

import http.client
import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from connector.client import problems
from connector.client.errors import AwaitsApproval, Failed, Misused, Unavailable
from connector.client.hiding import without, without_in_bytes
from crypto.errors import MalformedError
from crypto.strict_json import loads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from crypto.words import Language

HELD: Final = "application/vnd.voile.approval+json"  # media type of what waits for a person
CALL_SECONDS: Final = 600.0
MOST_BYTES: Final = 256 << 20  # of one answer; a bundle is read piece by piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a connector's management API answers.

    Attributes:
        host: name or address.
        port: of it.
        tls: whether by https.
        prefix: path before `/v1`, without a slash at its end.
        home: the home it runs from; empty if only its address is known.
        token_file: where the home's token lies; empty likewise.
    """

    host: str
    port: int
    tls: bool = False
    prefix: str = ""
    home: str = ""
    token_file: str = ""

    def __str__(self) -> str:
        return f"{self.host}:{self.port}{self.prefix}"

    @property
    def renewal(self) -> str:
        """The command that draws the home's token anew."""
        return f"voile token renew --home {self.home}"


class Secret:
    """A management token: shown by nothing, copied by nothing."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        fine = text and text.isascii() and text.isprintable() and " " not in text
        self._text, text = text, ""
        if not fine:
            self._text = ""
            raise Misused(problems.TOKEN_ODD)

    def reveal(self) -> str:
        """Give it, for a header."""
        return self._text

    def __repr__(self) -> str:
        return "<management token>"

    def __reduce__(self) -> tuple[Any, ...]:
        raise Misused(problems.SECRET_STAYS)


class Channel:
    """Calls to one connector, from any thread: each has a connection of its own."""

    seconds: float = CALL_SECONDS  # for one call

    def __init__(self, place: Place, secret: Secret, tongue: Callable[[], Language]) -> None:
        """Open nothing yet.

        Args:
            place: where it answers.
            secret: the token.
            tongue: gives the language in which the connector is to speak.
        """
        self.place = place
        self._secret = secret
        self._tongue = tongue

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.place}>"

    @property
    def token(self) -> str:
        """The token, for a header."""
        return self._secret.reveal()

    def get(self, path: str, **params: str | int | Sequence[str]) -> Any:
        """GET a path such as ``/v1/traffic``; give the parsed answer."""
        return self.call("GET", f"{path}?{urlencode(params, doseq=True)}" if params else path)

    def post(self, path: str, value: object | None = None) -> Any:
        """POST a JSON value; give the parsed answer."""
        return self.call("POST", path, value if value is not None else {})

    def delete(self, path: str) -> Any:
        """DELETE a path."""
        return self.call("DELETE", path)

    def call(self, method: str, path: str, value: object | None = None) -> Any:
        """Call the API; give the parsed answer, None for an empty one.

        Raises:
            Failed: it answered with an error; `Refused` where it gives reasons.
            AwaitsApproval: it kept what was asked until a second person agrees.
            Unavailable: nobody answers, or not a connector, or it does not take the token.
        """
        body = None if value is None else json.dumps(value, ensure_ascii=False).encode()
        with self.stream(method, path, body) as response:
            found, failed = self._told(response)
        if failed is not None:
            raise failed
        return found

    @contextmanager
    def stream(
        self, method: str, path: str, body: bytes | None = None
    ) -> Iterator[http.client.HTTPResponse]:
        """Call the API and give the answer, whatever its status, to be read here.

        Raises:
            Unavailable: nobody answers, or not in HTTP.
        """
        connection = self._connection()
        try:
            response, failed = self._asked(connection, method, path, body)
            if response is None:
                raise failed or self._failed(problems.NOT_A_CONNECTOR)
            with response:  # it may have the socket, and be read in part only
                yield response
        finally:
            connection.close()

    def refuse(self, response: http.client.HTTPResponse) -> None:
        """Raise the error that a streamed answer is, if it is one."""
        if self._fine(response.status):
            return
        _, failed = self._told(response)
        raise failed or self._failed(problems.NOT_A_CONNECTOR)

    def _asked(
        self, connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None
    ) -> tuple[http.client.HTTPResponse | None, Unavailable | None]:
        """Send a request; what failed is given back: no error holds frames with the token."""
        try:
            connection.request(
                method, self.place.prefix + path, body=body, headers=self._headers(body)
            )
            return connection.getresponse(), None
        except OSError as error:
            if why := _tls(error):
                return None, self._failed(problems.TLS_FAILED, why=why)
            nobody = problems.NOT_RUNNING if self.place.home else problems.NOT_ANSWERING
            return None, self._failed(nobody)
        except (http.client.HTTPException, ValueError):
            return None, self._failed(problems.NOT_A_CONNECTOR)

    def _headers(self, body: bytes | None) -> Mapping[str, str]:
        headers = {
            "Authorization": f"Bearer {self._secret.reveal()}",
            "Accept": "application/json",
            "Accept-Language": self._tongue(),
        }
        return headers if body is None else headers | {"Content-Type": "application/json"}

    def _connection(self) -> http.client.HTTPConnection:
        where = self.place
        if where.tls:
            return http.client.HTTPSConnection(where.host, where.port, timeout=self.seconds)
        return http.client.HTTPConnection(where.host, where.port, timeout=self.seconds)

    def _told(self, response: http.client.HTTPResponse) -> tuple[Any, VoileErrors | None]:
        """Read an answer, or the error that it is, given back: it holds no frame of its bytes."""
        status = response.status  # the token gets no name here: reading may be broken off
        try:
            data = response.read(MOST_BYTES + 1)
            data = without_in_bytes(data, self._secret.reveal())
            found = loads(data, max_bytes=MOST_BYTES) if data else None
        except (OSError, http.client.HTTPException):
            return None, self._failed(problems.NOT_A_CONNECTOR)
        except MalformedError as error:
            if self._fine(status):
                why = error.kept()
                why.params = without(why.params, self._secret.reveal())
                return None, self._failed(problems.ANSWER_UNREADABLE, why=why)
            found = None  # its status says enough
        if status >= http.client.BAD_REQUEST:
            body = without(found, self._secret.reveal()) if isinstance(found, dict) else {}
            return None, self._refusal(status, body)
        if not self._fine(status):
            return None, self._failed(problems.NOT_A_CONNECTOR)  # a redirect: the token stays here
        if response.headers.get_content_type() == HELD and isinstance(found, dict):
            return None, AwaitsApproval(found).speaking(self._tongue())
        return found, None

    def _refusal(self, status: int, body: Mapping[str, Any]) -> VoileErrors:
        if status == http.client.UNAUTHORIZED and self.place.home:
            return self._failed(
                problems.TOKEN_REFUSED, file=self.place.token_file, renewal=self.place.renewal
            )
        if status == http.client.UNAUTHORIZED:
            return self._failed(problems.KEY_REFUSED)
        if "error" not in body and (status < 400 or status in {404, 405, 501}):
            return self._failed(problems.NOT_A_CONNECTOR)
        return Failed.told(status, body).speaking(self._tongue())

    def _failed(self, problem: Any, **facts: Any) -> Unavailable:
        facts = {"where": str(self.place), "home": self.place.home, **facts}
        return Unavailable(problem, **facts).speaking(self._tongue())

    @staticmethod
    def _fine(status: int) -> bool:
        return http.client.OK <= status < http.client.MULTIPLE_CHOICES


VoileErrors = Failed | Unavailable | AwaitsApproval


def _tls(error: OSError) -> str:
    """Say what was wrong with a TLS connection; empty for any other failure."""
    import ssl

    if not isinstance(error, ssl.SSLError):
        return ""
    return str(getattr(error, "verify_message", "") or error.reason or "TLS")


def part(text: str, what: str = "id") -> str:
    """Make an id that a person gave a part of a path, whatever stands in it."""
    if not text.strip():
        raise Misused(problems.ID_EMPTY, what=what)
    return quote(text, safe=":")
