"""Data addresses of plain delivery, as DSP has them and as EDC writes them.

DSP knows `endpoint` and the bare property names `authorization` and `authType`; EDC writes and
reads only names in its own namespace. We send both forms and read both. What a peer's address may
hold is an allow-list: nothing in it may name a secret or a token endpoint of ours.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from connector.areas.delivery import problems
from connector.http.addresses import named
from connector.process.errors import EgressRefused, MalformedError
from contracts.errors import UnacceptableTermsError
from crypto.url import read_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crypto.problem import Problem

EDC: Final = "https://w3id.org/edc/v0.0.1/ns/"
HTTP_ENDPOINT: Final = "https://w3id.org/idsa/v4.1/HTTP"
HTTP_DATA: Final = "HttpData"
LONGEST: Final = 8192  # characters of an authorization
_URL_NAMES: Final = ("endpoint", "baseUrl")
_KNOWN: Final = frozenset(
    {"endpoint", "baseUrl", "endpointType", "type", "authorization", "authType", "contentType"}
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where data are fetched from or sent to, and what opens it."""

    url: str
    authorization: str = field(default="", repr=False)  # the value of the header, as it is sent

    def to_json(self) -> dict[str, str]:
        """Give it as it is sealed."""
        return {"url": self.url, "authorization": self.authorization}

    @property
    def shown(self) -> str:
        """The URL without what might open something."""
        try:
            return read_url(self.url).bare
        except MalformedError:  # kept from a time when it was not read
            return "what is no URL"


def read(address: Mapping[str, Any]) -> Endpoint:
    """Read an address that a peer or our owner has given, in either form.

    Raises:
        UnacceptableTermsError: It names no URL, or holds what we do not read.
    """
    found: dict[str, str] = {}
    for entry in address.get("endpointProperties", ()):
        name = str(entry["name"]).removeprefix(EDC)
        if name not in _KNOWN:
            raise _refused(problems.PROPERTY_UNREAD, name=name[:80])
        if name in found and found[name] != entry["value"]:
            raise _refused(problems.PROPERTY_TWICE, name=name)
        found[name] = str(entry["value"])
    urls = {url for name in _URL_NAMES if (url := found.get(name))}
    if given := address.get("endpoint"):
        urls.add(str(given))
    if len(urls) != 1:
        raise _refused(problems.ONE_URL, count=len(urls))
    return Endpoint(urls.pop(), _authorization(found))


def _authorization(found: Mapping[str, str]) -> str:
    value = found.get("authorization", "")
    if not value:
        return ""
    if len(value) > LONGEST or not value.isascii() or not value.isprintable():
        raise _refused(problems.AUTHORIZATION_ODD)
    bearer = found.get("authType", "").lower() == "bearer"
    return f"Bearer {value}" if bearer and " " not in value else value


def check_destination(endpoint: Endpoint, *, loopback_http: bool) -> None:
    """Refuse a destination that we would never call, by its text; its name is resolved later.

    Raises:
        UnacceptableTermsError: It is refused.
    """
    try:
        named(endpoint.url, loopback_http=loopback_http)
    except EgressRefused as error:
        raise UnacceptableTermsError(problems.DESTINATION_REFUSED, clause="dataAddress") from error


def pull_address(url: str, token: str) -> dict[str, Any]:
    """Write the address of a Start: where the file is, and what opens it."""
    properties = {
        "authorization": token,
        "authType": "bearer",
        EDC + "endpoint": url,
        EDC + "endpointType": HTTP_ENDPOINT,
        EDC + "authorization": token,
        EDC + "authType": "bearer",
    }
    return _address(HTTP_ENDPOINT, url, properties)


def push_address(endpoint: Endpoint) -> dict[str, Any]:
    """Write the address of a request: where the file shall go."""
    properties = {EDC + "baseUrl": endpoint.url, EDC + "type": HTTP_DATA}
    if endpoint.authorization:
        properties["authorization"] = endpoint.authorization
    return _address(HTTP_DATA, endpoint.url, properties)


def _address(kind: str, url: str, properties: Mapping[str, str]) -> dict[str, Any]:
    return {
        "@type": "DataAddress",
        "endpointType": kind,
        "endpoint": url,
        "endpointProperties": [
            {"@type": "EndpointProperty", "name": name, "value": value}
            for name, value in properties.items()
        ],
    }


def _refused(problem: Problem, **facts: Any) -> UnacceptableTermsError:
    return UnacceptableTermsError(problem, clause="dataAddress", **facts)
