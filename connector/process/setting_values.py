"""Readers of single settings: a value from TOML or the environment, or one clear error."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connector.process import problems_settings as problems
from connector.process.errors import MalformedError, SettingsError
from crypto.url import read_url

if TYPE_CHECKING:
    from collections.abc import Callable

    from crypto.words import Spoken


def wrong(name: str, value: object, expected: Spoken) -> SettingsError:
    """Make the error of a setting that is not what it must be."""
    return SettingsError(problems.WRONG, setting=name, expected=expected, got=str(value))


def text(value: object, name: str) -> str:
    """Read a non-empty string without control characters."""
    if not isinstance(value, str) or not value or any(ord(c) < 0x20 for c in value):
        raise wrong(name, value, problems.A_TEXT)
    return value


def integer(low: int, high: int) -> Callable[[object, str], int]:
    """Make the reader of whole numbers from ``low`` to ``high``."""

    def read(value: object, name: str) -> int:
        if isinstance(value, str) and value.isascii() and value.isdigit():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise wrong(name, value, problems.A_NUMBER.of(low=low, high=high))
        return value

    return read


def flag(value: object, name: str) -> bool:
    """Read true or false."""
    if isinstance(value, str) and value in {"true", "false"}:
        return value == "true"
    if not isinstance(value, bool):
        raise wrong(name, value, problems.TRUE_OR_FALSE)
    return value


def zone(value: object, name: str) -> str:
    """Read the name of a zone of the IANA list."""
    try:
        return ZoneInfo(text(value, name)).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise wrong(name, value, problems.A_ZONE) from error


def one_of(*choices: str) -> Callable[[object, str], str]:
    """Make the reader of one of these words."""

    def read(value: object, name: str) -> str:
        if value not in choices:
            raise wrong(name, value, problems.ONE_OF.of(choices=choices))
        return str(value)

    return read


def dids(value: object, name: str) -> frozenset[str]:
    """Read a list of DIDs; from the environment, separated by commas."""
    items = value.split(",") if isinstance(value, str) else value
    if not isinstance(items, list):
        raise wrong(name, value, problems.DIDS)
    return frozenset(did(item, name) for item in items)


def plain_peers(value: object, name: str) -> tuple[tuple[str, str], ...]:
    """Read a list of ``name=URL``; from the environment, separated by commas."""
    items = value.split(",") if isinstance(value, str) else value
    expected = problems.PLAIN_PEERS
    if not isinstance(items, list):
        raise wrong(name, value, expected)
    found = []
    for item in items:
        who, _, url = item.partition("=") if isinstance(item, str) else ("", "", "")
        try:
            read_url(url)
        except MalformedError as error:
            raise wrong(name, item, expected) from error
        if not who:
            raise wrong(name, item, expected)
        found.append((who, url.rstrip("/")))
    return tuple(found)


def address(value: object, name: str) -> str:
    """Read an IP address."""
    try:
        return str(ipaddress.ip_address(text(value, name)))
    except ValueError as error:
        raise wrong(name, value, problems.AN_ADDRESS) from error


def did(value: object, name: str) -> str:
    """Read a did:web DID."""
    found = text(value, name)
    if not found.startswith("did:web:"):
        raise wrong(name, value, problems.A_DID)
    return found


def public_url(value: object, name: str) -> str:
    """Read the URL under which others reach this party."""
    found = text(value, name).rstrip("/")
    try:
        parts = read_url(found)
    except MalformedError as error:
        raise wrong(name, value, problems.A_URL) from error
    if parts.query is not None or parts.fragment is not None:
        raise wrong(name, value, problems.A_BARE_URL)
    return found


def origin(value: object, name: str) -> str:
    """Read the origin of a proxy that speaks TLS: `https://`, a host, perhaps a port."""
    found = text(value, name).rstrip("/")
    try:
        parts = read_url(found)
    except MalformedError as error:
        raise wrong(name, value, problems.AN_ORIGIN) from error
    if (
        parts.scheme != "https"
        or parts.path not in {"", "/"}
        or parts.query is not None
        or parts.fragment is not None
    ):
        raise wrong(name, value, problems.AN_ORIGIN)
    return found
