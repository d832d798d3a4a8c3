"""How a connector is reached: from its home, as commands do, or by its address and a key."""

from __future__ import annotations

import os
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from connector.client import problems
from connector.client.channel import Place, Secret
from connector.client.errors import Misused, Unavailable
from connector.process import problems_home
from connector.process.errors import MalformedError, SettingsError
from connector.process.settings import load
from crypto.url import read_url
from crypto.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.process.settings import Settings
    from crypto.url import Url
    from crypto.words import Language


def place_of(settings: Settings) -> Place:
    """Give where the connector of a home answers."""
    where = settings.management
    return Place(
        host=where.host,
        port=where.port,
        home=str(settings.home),
        token_file=str(settings.token_file),
    )


def secret_of(settings: Settings) -> Secret:
    """Read the token of a home.

    Raises:
        Unavailable: the data folder, the file or the token is missing, or it cannot be read.
    """
    file, renewal = settings.token_file, place_of(settings).renewal
    try:
        text = file.read_text(encoding="ascii").strip()
    except FileNotFoundError as error:
        if not settings.data.exists():
            raise Unavailable(
                problems_home.DATA_FOLDER_MISSING, data=str(settings.data), home=str(settings.home)
            ) from error
        raise Unavailable(problems_home.TOKEN_LOST, file=str(file), renewal=renewal) from error
    except (OSError, UnicodeDecodeError) as error:
        raise Unavailable(problems_home.TOKEN_UNREADABLE, file=str(file)) from error
    try:
        return Secret(text)
    except Misused as error:
        raise Unavailable(problems_home.TOKEN_NONE, file=str(file), renewal=renewal) from error


def at_home(home: str | os.PathLike[str], language: str) -> tuple[Place, Secret, Language]:
    """Reach the connector of a home: its folder, or its voile.toml; empty means VOILE_HOME.

    Raises:
        Unavailable: the home or its token is not as it must be.
        Misused: no home is named, or a language that there is none of.
    """
    given = os.fspath(home) or os.environ.get("VOILE_HOME", "")
    if not given:
        raise Misused(problems.OPENED_ODDLY)
    try:
        settings = load(Path(given), os.environ)
        spoken = spoken_of(language, os.environ, settings.language)
        return place_of(settings), secret_of(settings), spoken
    except SettingsError as error:
        raise Unavailable.of(error).speaking(spoken_of(language, os.environ, "en")) from None


def at_url(url: str, language: str) -> tuple[Place, Language]:
    """Reach a connector by its address, for a management key.

    Raises:
        Misused: no address, or one that would carry the token in clear.
    """
    spoken = spoken_of(language, os.environ, "en")
    try:
        found = read_url(url)
    except MalformedError as error:
        raise Misused.of(error).speaking(spoken) from None
    if found.query is not None or found.fragment is not None:
        raise Misused(problems.URL_ODD, where=found.bare).speaking(spoken)
    if found.scheme != "https" and not _here(found):
        raise Misused(problems.TOKEN_IN_CLEAR, where=found.bare).speaking(spoken)
    place = Place(
        host=found.host,
        port=found.port,
        tls=found.scheme == "https",
        prefix=found.path.rstrip("/"),
    )
    return place, spoken


def _here(url: Url) -> bool:
    """Say whether a token stays on this machine: a resolver may send `x.localhost` elsewhere."""
    if url.is_address:
        return ip_address(url.host).is_loopback
    return url.host == "localhost"


def spoken_of(language: str, env: Mapping[str, str], usual: Language) -> Language:
    """Choose the language: what was asked for, VOILE_LANG, else the usual one."""
    if language and language not in LANGUAGES:
        raise Misused(problems.LANGUAGE_UNKNOWN, given=language)
    for asked in (language, env.get("VOILE_LANG", "")):
        if asked in LANGUAGES:
            return "zh" if asked == "zh" else "en"
    return usual
