"""Terms, their differences and reasons as pages show them: words where there are, else as written.

What others wrote is text here, never markup: templates escape it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from crypto.words import NOTHING, verbatim
from policies.errors import PolicyError
from policies.odrl import parse_policy
from policies.phrases import LANGUAGES, known, render
from policies.policy_words import Sentence, sentences
from policies.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Literal

    from connector.party.node import Node
    from crypto.words import Language, Spoken

MOST_RAW: Final = 12_000  # characters of terms as they are written
MOST_TEXT: Final = 2000  # characters of a reason that another wrote


@dataclass(frozen=True, slots=True)
class Terms:
    """An offer or agreement.

    Attributes:
        sentences: one for each rule; none where they cannot be read.
        unreadable: why they cannot be read; nothing where they can.
        raw: as it is written, for experts.
    """

    sentences: tuple[Sentence, ...]
    unreadable: Spoken
    raw: str


def terms_of(
    policy: Mapping[str, Any],
    kind: Literal["Offer", "Agreement"],
    name: Callable[[str], Spoken] = verbatim,
) -> Terms:
    """Say terms.

    Args:
        policy: as it is on the wire.
        kind: what it is.
        name: what a party is called, by its DID.
    """
    raw = json.dumps(policy, ensure_ascii=False, indent=1)
    raw = raw if len(raw) <= MOST_RAW else raw[:MOST_RAW] + "\n…"
    try:
        read = parse_policy(policy, kind=kind)
    except PolicyError as error:
        return Terms((), verbatim(*(error.said(language) for language in LANGUAGES)), raw)
    return Terms(sentences(read, name), NOTHING, raw)


def compared(mine: Terms, other: Terms, language: Language) -> list[list[tuple[str, bool]]]:
    """Give the lines of each rule: its text, and whether the other has no such line."""
    there = {
        (one.head.said(language), line.said(language))
        for one in other.sentences
        for line in (one.head, *one.clauses)
    }
    return [
        [
            (line.said(language), (one.head.said(language), line.said(language)) not in there)
            for line in (one.head, *one.clauses)
        ]
        for one in mine.sentences
    ]


def reason_said(item: Any) -> Spoken:
    """Say one reason: in words where its code is known, else as whoever gave it wrote it."""
    if isinstance(item, dict) and isinstance(item.get("code"), str):
        reason = Reason.from_json(item)
        return verbatim(*(_cut(render(reason, language)) for language in LANGUAGES))
    if isinstance(item, dict) and isinstance(item.get("@value"), str):  # as JSON-LD has a text
        return verbatim(_cut(item["@value"]))
    return verbatim(_cut(item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)))


def code_said(code: str) -> Spoken:
    """Say a code by its phrase, or as it is."""
    return (
        verbatim(*(render(code, language) for language in LANGUAGES))
        if known(code)
        else (verbatim(_cut(code)))
    )


def why_said(code: str, reasons: Iterable[Any]) -> tuple[Spoken, ...]:
    """Say why something ended: its reasons, or its code where there is none."""
    said = tuple(reason_said(one) for one in reasons if one)
    return said or ((code_said(code),) if code else ())


def namer(node: Node, session: Any) -> Callable[[str], Spoken]:
    """Give what names parties as the operator registered them; a DID where it did not."""

    def name(did: str) -> Spoken:
        found = node.status.standing(session, did)
        zh, en = found.name_zh or found.name_en, found.name_en or found.name_zh
        return verbatim(zh or did, en or did)

    return name


def name_of(node: Node, session: Any, did: str, language: Language) -> str:
    """Name a party in the language of the page; empty where the operator registered no name."""
    found = node.status.standing(session, did)
    zh, en = found.name_zh, found.name_en
    return (zh or en) if language == "zh" else (en or zh)


def _cut(text: str) -> str:
    return text if len(text) <= MOST_TEXT else text[:MOST_TEXT] + "…"
