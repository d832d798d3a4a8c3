"""Templates: where they lie, what they may say, and how values become text."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cached_property, partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, FunctionLoader, StrictUndefined, pass_context
from markupsafe import Markup

from connector.console import charts, statics, words
from connector.console.ahead import ahead
from connector.console.text import harmless, shortened
from crypto.instants import last_day
from crypto.words import LANGUAGES, Words, spoken
from policies.phrases import sentence

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from jinja2.runtime import Context

    from crypto.words import Language
    from policies.reasons import Reason

_ROOT: Final = Path(__file__).resolve().parents[1]
_NAME: Final = re.compile(r"([a-z][a-z_]*)/([a-z0-9][a-z0-9_-]*\.html)")


def folder_of(area: str) -> Path:
    """Name the folder of the templates of an area, of `compose`, or of `console` itself."""
    match area:
        case "console":
            return _ROOT / "console" / "templates"
        case "compose":
            return _ROOT / "compose" / "pages"
        case _:
            return _ROOT / "areas" / area / "pages"


def _load(name: str) -> str | None:
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    path = folder_of(found[1]) / found[2]
    return path.read_text(encoding="utf-8") if path.is_file() else None


class Phrase(str):
    """Words in the language of a page; called with facts, it fills their places."""

    __slots__ = ("_language", "_words")

    _words: Words
    _language: Language

    @classmethod
    def of(cls, said: Words, language: Language) -> Phrase:
        """Make one."""
        made = cls(said.said(language))
        made._words, made._language = said, language
        return made

    def __call__(self, **facts: object) -> str:
        """Give it with its places filled."""
        return self._words.filled(self._language, facts)


class Speech:
    """The words of a module or class in one language: `w.some_name` is its constant SOME_NAME."""

    def __init__(self, source: object, language: Language) -> None:
        self._source = source
        self._language = language

    def __getattr__(self, name: str) -> Phrase:
        found = getattr(self._source, name.upper(), None)
        if not isinstance(found, Words):
            raise AttributeError(name)  # noqa: TRY004 -- what `getattr` is to raise
        return Phrase.of(found, self._language)


class Drawing:
    """The charts in the language of a page: the table of each is called a table."""

    def __init__(self, language: Language) -> None:
        self._table = words.AS_TABLE.said(language)

    def __getattr__(self, name: str) -> Any:
        found = getattr(charts, name)
        return partial(found, table=self._table) if name in charts.DRAWN else found


@pass_context
def _said(context: Context, value: object) -> str:
    return spoken(value, context["language"])


@pass_context
def _reasoned(context: Context, reason: Reason) -> str:
    return sentence(reason, context["language"])


@pass_context
def _other(context: Context, value: object) -> str:
    there = next(one for one in LANGUAGES if one != context["language"])
    return spoken(value, there)


def _shown(value: Any) -> Any:
    """Give a value as it goes into a page; what is markup was made of such values."""
    if isinstance(value, Markup):
        return value
    if value is None:
        raise TypeError("a template shows None: say in words that there is nothing")
    return harmless(value) if isinstance(value, str) else value


def _number(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"


class Renderer:
    """Draws templates; the environment is made when the first is drawn."""

    def __init__(self, zone: str) -> None:
        self._zone = zone

    @cached_property
    def zone(self) -> ZoneInfo | None:
        """The zone in which times are shown; None for UTC."""
        return ZoneInfo(self._zone) if self._zone else None

    @cached_property
    def environment(self) -> Environment:
        """The templates of all rooms and areas."""
        made = Environment(
            loader=FunctionLoader(_load),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_shown,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        made.filters |= {
            "said": _said,
            "other": _other,
            "reasoned": _reasoned,
            "number": _number,
            "short": shortened,
            "harmless": harmless,
            "when": self.when,
            "iso": iso,
            "ahead": ahead,
            "last_day": last_day,
        }
        made.globals |= {"static": statics.href}
        return made

    def when(self, ms: int) -> str:
        """Give a time as people read it, in the firm's zone; UTC says so."""
        at = moment(ms, self.zone or UTC)
        if at is None:
            return str(ms)
        return at.strftime("%Y-%m-%d %H:%M") + ("" if self.zone else " UTC")

    def draw(self, name: str, language: Language, said: object, values: Mapping[str, Any]) -> str:
        """Draw a template.

        Args:
            name: `AREA/FILE.html`.
            language: in which it speaks.
            said: what it says as `w`.
            values: what it shows.
        """
        context = {
            **values,
            "fresh": count(1).__next__,
            "language": language,
            "charts": Drawing(language),
            "w": Speech(said, language),
            "c": Speech(words, language),
        }
        return self.environment.get_template(name).render(context)


def iso(ms: int) -> str:
    """Give a time as ISO 8601, in UTC."""
    at = moment(ms, UTC)
    return str(ms) if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(ms: int, zone: tzinfo) -> datetime | None:
    """Give a time; None for one that no calendar has: others say times, and a page shows them."""
    try:
        return datetime.fromtimestamp(ms / 1000, tz=zone)
    except (OverflowError, ValueError, OSError):
        return None
