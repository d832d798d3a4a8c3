"""Terms, their differences and reasons as pages show them: words where there are, else as written.

What others wrote is text here, never markup: templates escape it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask import Response

from crypto.canonical import PREFIX, canonical, digest_bytes
from crypto.words import NOTHING, verbatim
from policies.errors import PolicyError
from policies.odrl import parse_policy
from policies.phrases import LANGUAGES, known, render
from policies.policy_words import EVERY, Sentence, sentences
from policies.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Literal

    from connector.identity.standing import Standing
    from connector.party.node import Node
    from crypto.words import Language, Spoken

MOST_RAW: Final = 12_000  # characters of terms on a page; all of them are in a file
MOST_NAMED: Final = 200  # parties of terms that are looked up; others go by their DIDs
MOST_PAIRS: Final = 2500  # of rules that are laid beside each other
Lines = list[list[tuple[str, bool]]]
MOST_TEXT: Final = 2000  # characters of a reason that another wrote


@dataclass(frozen=True, slots=True)
class Terms:
    """An offer or agreement.

    Attributes:
        sentences: one for each rule; none where they cannot be read.
        unreadable: why they cannot be read; nothing where they can.
        raw: as it is written, for experts; its beginning where it is long.
        length: of all of it as canonical JSON, in bytes.
        digest: of that; empty where there is none.
        whole: whether `raw` is all of it.
    """

    sentences: tuple[Sentence, ...]
    unreadable: Spoken
    raw: str
    length: int = 0
    digest: str = ""
    whole: bool = True


def terms_of(
    policy: Mapping[str, Any],
    kind: Literal["Offer", "Agreement"],
    name: Callable[[str], Spoken] = verbatim,
    *,
    most: int = EVERY,
) -> Terms:
    """Say terms.

    Args:
        policy: as it is on the wire.
        kind: what it is.
        name: what a party is called, by its DID.
        most: values named of a clause; all of them wherever somebody may agree to it.
    """
    raw = json.dumps(policy, ensure_ascii=False, indent=1)
    data = canonical(policy)
    whole = len(raw) <= MOST_RAW
    written = (raw if whole else raw[:MOST_RAW], len(data), digest_bytes(data), whole)
    try:
        read = parse_policy(policy, kind=kind)
    except PolicyError as error:
        return Terms((), verbatim(*(error.said(language) for language in LANGUAGES)), *written)
    return Terms(sentences(read, name, most=most), NOTHING, *written)


def terms_file(policy: Mapping[str, Any]) -> Response:
    """Give terms to save, every byte of them: canonical JSON, of which the page says the digest."""
    data = canonical(policy)
    name = digest_bytes(data).removeprefix(PREFIX)[:12]
    response = Response(data, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="terms-{name}.json"'
    return response


def compared(mine: Terms, other: Terms, language: Language) -> tuple[Lines, Lines]:
    """Lay the rules of two terms side by side, each beside one of the other.

    Rules that say the same are beside each other; of what remains, those of one action that have
    most in common. A line that stands in another rule is another line: it grants something else.

    Returns:
        Of each the lines of its rules: the text, and whether the rule beside it has none like it.
    """
    left, right = (_rules(one, language) for one in (mine, other))
    beside = _same(left, right)
    waiting = [at for at in range(len(left)) if at not in beside]
    free = [at for at in range(len(right)) if at not in set(beside.values())]
    if len(waiting) * len(free) <= MOST_PAIRS:  # else all of it counts as other
        for at in waiting:
            near = [to for to in free if right[to][0] == left[at][0]]
            if near:
                beside[at] = max(near, key=lambda to: len(set(left[at]) & set(right[to])))
                free.remove(beside[at])
    back = {to: at for at, to in beside.items()}
    return _marked(left, right, beside), _marked(right, left, back)


def _rules(terms: Terms, language: Language) -> list[list[str]]:
    return [[line.said(language) for line in (one.head, *one.clauses)] for one in terms.sentences]


def _same(left: list[list[str]], right: list[list[str]]) -> dict[int, int]:
    """Give the places of rules that say the same, each of the other side once."""
    places: dict[tuple[str, frozenset[str]], list[int]] = {}
    for at, rule in enumerate(right):
        places.setdefault((rule[0], frozenset(rule)), []).append(at)
    found = {}
    for at, rule in enumerate(left):
        if there := places.get((rule[0], frozenset(rule))):
            found[at] = there.pop(0)
    return found


def _marked(rules: list[list[str]], others: list[list[str]], beside: Mapping[int, int]) -> Lines:
    there = {at: frozenset(others[to]) for at, to in beside.items()}
    return [
        [(line, line not in there.get(at, ())) for line in rule] for at, rule in enumerate(rules)
    ]


def reason_said(item: Any) -> Spoken:
    """Say one reason: in words where its code is known, else as whoever gave it wrote it."""
    if isinstance(item, dict) and isinstance(item.get("code"), str):
        reason = Reason.from_json(item)
        return verbatim(*(cut(render(reason, language)) for language in LANGUAGES))
    if isinstance(item, dict) and isinstance(item.get("@value"), str):  # as JSON-LD has a text
        return verbatim(cut(item["@value"]))
    return verbatim(cut(item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)))


def code_said(code: str) -> Spoken:
    """Say a code by its phrase, or as it is."""
    return (
        verbatim(*(render(code, language) for language in LANGUAGES))
        if known(code)
        else (verbatim(cut(code)))
    )


def why_said(code: str, reasons: Iterable[Any]) -> tuple[Spoken, ...]:
    """Say why something ended: its reasons, or its code where there is none."""
    said = tuple(reason_said(one) for one in reasons if one)
    return said or ((code_said(code),) if code else ())


def namer(node: Node, session: Any) -> Callable[[str], Spoken]:
    """Give what names parties as the operator registered them, and by DID: names may be alike."""
    known: dict[str, Spoken] = {}

    def name(did: str) -> Spoken:
        if did not in known and len(known) == MOST_NAMED:
            return verbatim(did)
        if did not in known:
            known[did] = looked_up(did)
        return known[did]

    def looked_up(did: str) -> Spoken:
        found = node.status.standing(session, did)
        zh, en = found.name_zh or found.name_en, found.name_en or found.name_zh
        return verbatim(*(f"{one} ({did})" if one else did for one in (zh, en)))

    return name


def name_of(node: Node, session: Any, did: str, language: Language) -> str:
    """Name a party in the language of the page; empty where the operator registered no name."""
    return names_of(node, session, [did], language)[did]


def names_of(node: Node, session: Any, dids: Iterable[str], language: Language) -> dict[str, str]:
    """Name several parties, looked up at once."""
    found = node.status.standings(session, {*dids})
    return {did: _name(standing, language) for did, standing in found.items()}


def _name(standing: Standing, language: Language) -> str:
    zh, en = standing.name_zh, standing.name_en
    return (zh or en) if language == "zh" else (en or zh)


def cut(text: str, most: int = MOST_TEXT) -> str:
    """Shorten what another wrote, and show that it is shortened."""
    return text if len(text) <= most else text[:most] + "…"
