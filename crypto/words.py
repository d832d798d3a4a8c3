"""What people read: a text in Chinese and English with named places, filled at the last moment.

A text stands once, beside what it is about; whoever shows it chooses the language. What fills a
place is a fact, never a secret: a number, an id, a name, a list of them, or something that speaks
both languages itself. What is counted agrees with its number: `{count} {count|cell|cells}`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping

Language = Literal["zh", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
_COMMA: Final[Mapping[Language, str]] = {"zh": "、", "en": ", "}
_OR: Final[Mapping[str, str]] = {"zh": " 或 ", "en": " or "}
# a brace that is meant, or a name, perhaps with what is said of one and what of any other number
_PLACE: Final = re.compile(r"\{\{|\}\}|\{([A-Za-z_]\w*)(?:\|([^{}|]*)\|([^{}|]*))?\}")
MISSING: Final = "—"  # what a place shows that nothing fills: a text is still better than none


@runtime_checkable
class Spoken(Protocol):
    """Something that says itself in both languages."""

    def said(self, language: Language) -> str:
        """Give its text."""
        ...


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages, without a full stop at its end; `{name}` is a place.

    `{name|one|several}` says the first where what fills `name` is 1, and else the second.

    Attributes:
        zh: in Chinese.
        en: in English; it begins lower case, and the same places stand in it.
    """

    zh: str
    en: str

    def said(self, language: Language) -> str:
        """Give the text, for one without places."""
        return self.filled(language, {})

    def filled(self, language: Language, values: Mapping[str, object]) -> str:
        """Give the text with its places filled; whatever stands in it, this goes well.

        A place is a plain name: neither forms of numbers nor parts of a value are asked for. What
        fills a place is never read as a text with places.

        Args:
            language: in which it is said.
            values: what fills the places, by name; what no place asks for is left out.
        """
        template = self.zh if language == "zh" else self.en
        if "{" not in template and "}" not in template:
            return template

        def fill(found: re.Match[str]) -> str:
            name, one, several = found.groups()
            if not name:
                return found[0][0]
            said = spoken(values.get(name, MISSING), language)
            return said if one is None else one if said == "1" else several

        return _PLACE.sub(fill, template)

    def of(self, **facts: object) -> Filled:
        """Fill its places later, in whatever language it is said then."""
        return Filled(self, facts)

    def then(self, more: Words) -> Words:
        """Give these words with others right behind them."""
        return Words(self.zh + more.zh, self.en + more.en)

    @property
    def places(self) -> frozenset[str]:
        """The names of its places, of both languages together."""
        found = (*_PLACE.finditer(self.zh), *_PLACE.finditer(self.en))
        return frozenset(one[1] for one in found if one[1])


@dataclass(frozen=True, slots=True)
class Filled:
    """Words with the facts that fill them: they fill a place of other words, or stand alone."""

    words: Words
    facts: Mapping[str, object]

    def said(self, language: Language) -> str:
        """Give the text."""
        return self.words.filled(language, self.facts)


NOTHING: Final = Words("", "")


def verbatim(zh: str, en: str | None = None) -> Words:
    """Make words of texts that are final, whatever stands in them: one for both, or one for each.

    Args:
        zh: the text in Chinese, or in whatever language somebody else wrote it.
        en: in English; left out, the same text.
    """
    if not zh and not en:
        return NOTHING
    return Words(_escaped(zh), _escaped(zh if en is None else en))


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def spoken(value: object, language: Language) -> str:
    """Say a value: by its own words, a list with commas of the language, anything else as text."""
    if isinstance(value, str):
        return value
    # our own first: whether something else speaks takes long to find out, and a page asks often
    if isinstance(value, (Words, Filled, Spoken)):
        return value.said(language)
    if isinstance(value, tuple | list):
        return _COMMA[language].join(spoken(each, language) for each in value)
    return str(value)


@dataclass(frozen=True, slots=True)
class Either:
    """Several things, one of which is meant: it fills a place with “a or b”."""

    choices: tuple[object, ...]

    def said(self, language: Language) -> str:
        """Give the text."""
        return _OR[language].join(spoken(each, language) for each in self.choices)
