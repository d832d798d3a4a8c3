"""How a text is cut into terms, a question matched against them, and hits put in order and counted.

Chinese has no spaces: a run of Han characters becomes its overlapping pairs (bigrams), in the text
and in the question alike, so that any part of a word is found. Latin words are folded: case, width,
accents, and the plural (Harman's S stemmer, JASIS 42(1) 1991, table 1). A hit has every term.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Facet = Literal["provider", "domain", "level", "mode"]
FACETS: Final[tuple[Facet, ...]] = ("provider", "domain", "level", "mode")

LONGEST_QUESTION: Final = 200  # characters
MOST_TERMS: Final = 32
LONGEST_TERM: Final = 40
_SATURATION: Final = 6.0  # weight at which a term counts half of its most

_HAN: Final = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS: Final = re.compile(rf"(?P<han>[{_HAN}]+)|(?P<word>[^\W_{_HAN}]+)")
_STOP: Final = frozenset(
    {
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "is",
        "of",
        "on",
        "or",
        "the",
        "to",
    }
)


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked for: a hit has every term of `wanted` and none of `unwanted`."""

    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What hits are filtered and counted by.

    Attributes:
        key: of the hit, or of the first of those that are alike in all of this.
        provider: who offers it.
        domain: of its data.
        level: of its data.
        modes: in which it may be asked.
        times: how many hits there are of the kind.
    """

    key: int
    provider: str
    domain: str
    level: str
    modes: tuple[str, ...]
    times: int = 1

    def values(self, facet: Facet) -> tuple[str, ...]:
        """Give its values in one facet."""
        match facet:
            case "provider":
                return (self.provider,)
            case "domain":
                return (self.domain,)
            case "level":
                return (self.level,)
            case "mode":
                return self.modes


def fold(word: str) -> str:
    """Fold a Latin word to the form it is found by.

    Args:
        word: lower case, without accents.
    """
    if len(word) < 4 or not word.endswith("s"):
        return word
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    if word.endswith("es") and not word.endswith(("aes", "ees", "oes")):
        return word[:-1]
    return word if word.endswith(("us", "ss")) else word[:-1]


def _plain(text: str) -> str:
    """Take away width, case and accents, and nothing of Han characters."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", "".join(c for c in apart if not unicodedata.combining(c)))


def terms(text: str) -> tuple[str, ...]:
    """Cut a text into the terms it is found by, in order, with repetitions.

    A run of Han characters gives its pairs and, for the shortest questions, its single characters.
    """
    found: list[str] = []
    for run in _RUNS.finditer(_plain(text)):
        if han := run["han"]:
            found.extend(_pairs(han))
            if len(han) > 1:
                found.extend(han)
        else:
            found.append(fold(run["word"][:LONGEST_TERM]))
    return tuple(found)


def _pairs(han: str) -> list[str]:
    return [han[i : i + 2] for i in range(len(han) - 1)] or [han]


def parse(text: str) -> Question:
    """Read what somebody typed: terms side by side are all wanted, `-term` is not wanted.

    Args:
        text: at most `LONGEST_QUESTION` characters count.
    """
    wanted: dict[str, None] = {}
    unwanted: dict[str, None] = {}
    for part in _plain(text[:LONGEST_QUESTION]).split():
        into = unwanted if part.startswith("-") and len(part) > 1 else wanted
        for run in _RUNS.finditer(part):
            if han := run["han"]:
                into.update(dict.fromkeys(_pairs(han)))
            elif run["word"] not in _STOP:
                into[fold(run["word"][:LONGEST_TERM])] = None
    return Question(tuple(wanted)[:MOST_TERMS], tuple(unwanted)[:MOST_TERMS])


def weigh(fields: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Give the terms of a described thing, each with its weight.

    Args:
        fields: texts, each with the weight of one occurrence of a term in it.
    """
    found: Counter[str] = Counter()
    for text, weight in fields:
        for term, times in Counter(terms(text)).items():
            found[term] += weight * times
    return dict(found)


def score(
    weights: Mapping[str, int], wanted: Sequence[str], *, known: Mapping[str, int], total: int
) -> float:
    """Say how well something answers: rare terms and weighty places count most.

    Args:
        weights: of the wanted terms, as `weigh` gave them for it.
        wanted: the terms of the question.
        known: in how many things each wanted term occurs.
        total: number of things.
    """
    found = 0.0
    for term in wanted:
        weight = weights.get(term, 0)
        rarity = math.log(1 + (total + 0.5) / (known.get(term, 0) + 0.5))
        found += rarity * weight / (weight + _SATURATION)
    return found


def narrow(cards: Iterable[Card], chosen: Mapping[Facet, frozenset[str]]) -> list[Card]:
    """Keep the cards that have a chosen value in each facet where any is chosen."""
    return [card for card in cards if _fits(card, chosen)]


def count(
    cards: Sequence[Card], chosen: Mapping[Facet, frozenset[str]]
) -> dict[Facet, dict[str, int]]:
    """Count values per facet, each under the choices made in the other facets.

    So a facet shows what choosing another of its values would give. Most frequent first.
    """
    found: dict[Facet, dict[str, int]] = {}
    for facet in FACETS:
        others = {name: values for name, values in chosen.items() if name != facet}
        counted: Counter[str] = Counter()
        for card in cards:
            if _fits(card, others):
                counted.update(dict.fromkeys(card.values(facet), card.times))
        found[facet] = dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
    return found


def _fits(card: Card, chosen: Mapping[Facet, frozenset[str]]) -> bool:
    return all(
        not values or not values.isdisjoint(card.values(facet)) for facet, values in chosen.items()
    )
