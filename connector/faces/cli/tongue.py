"""The language in which the command line speaks: decided in one place, for all that is printed."""

import os
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields
from pathlib import Path
from typing import Final

from connector.process.settings import FILE_NAME, Settings
from crypto.words import Language

_LOCALES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")  # as POSIX has it: the first that is set counts
_ASKED: Final = ("--lang", "--language")  # the latter of `voile init`: it speaks as the home will
_OPTION_HOME: Final = "--home"
_speaking: ContextVar[Language | None] = ContextVar("tongue", default=None)


def spoken(words: Sequence[str] | None = None, env: Mapping[str, str] | None = None) -> Language:
    """Choose the language; whatever is wrong with a source, the next one is asked.

    In this order: `--lang` and VOILE_LANG, for they are said of this one command; the setting
    `language` of the home that `--home` or VOILE_HOME names, for its owner chose it; a Chinese
    locale; else English. A locale that is not Chinese decides nothing: it is set on most machines,
    whoever works there.

    Args:
        words: what stands behind `voile`; without, what this process was called with.
        env: the environment; without, that of this process.
    """
    if words is None and env is None and (decided := _speaking.get()):
        return decided
    words = sys.argv[1:] if words is None else words
    env = os.environ if env is None else env
    for asked in (*(_after(option, words) for option in _ASKED), env.get("VOILE_LANG", "")):
        if found := _known(asked):
            return found
    home = _after(_OPTION_HOME, words) or env.get("VOILE_HOME", "")
    return (_of_home(Path(home), env) if home else None) or of_locale(env)


@contextmanager
def speaking(tongue: Language) -> Iterator[None]:
    """Speak one language in here, whatever else is asked for."""
    token = _speaking.set(tongue)
    try:
        yield
    finally:
        _speaking.reset(token)


def of_locale(env: Mapping[str, str]) -> Language:
    """Give the language of a locale: Chinese, or what everybody else gets."""
    chosen = next((env[name] for name in _LOCALES if env.get(name)), "")
    return "zh" if chosen.startswith("zh") else "en"


def _known(text: object) -> Language | None:
    return "zh" if text == "zh" else "en" if text == "en" else None


def _after(option: str, words: Sequence[str]) -> str:
    """Find what an option of the line says, before anything has read the line."""
    for place, word in enumerate(words):
        if word == "--":
            break
        if word == option:
            return words[place + 1] if place + 1 < len(words) else ""
        if word.startswith(f"{option}="):
            return word[len(option) + 1 :]
    return ""


def _of_home(home: Path, env: Mapping[str, str]) -> Language | None:
    """Read the one setting; what else is wrong with a home, others say."""
    path = home if home.suffix == ".toml" else home / FILE_NAME
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # of TOML and of UTF-8, too
        return None
    usual = next(field.default for field in fields(Settings) if field.name == "language")
    return _known(env.get("VOILE_LANGUAGE") or settings.get("language", usual))
