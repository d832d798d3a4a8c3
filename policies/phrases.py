"""What every code of a reason says, in Chinese and English.

Placeholders are the reason's own fields and its params. A test walks the source of all rooms and
proves that each code used anywhere stands here in both languages.
"""

from __future__ import annotations

from collections import defaultdict
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from crypto.words import LANGUAGES, Language, Words, verbatim
from policies.phrase_cohort import COHORT
from policies.phrase_cohort_table import COHORT_TABLE
from policies.phrase_next import NEXT
from policies.phrase_policy import POLICY
from policies.phrase_process import PROCESS
from policies.phrase_question import QUESTION
from policies.phrase_service import SERVICE
from policies.phrase_words import word
from policies.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

PHRASES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {**POLICY, **QUESTION, **SERVICE, **PROCESS, **COHORT, **COHORT_TABLE, **NEXT}
)

__all__ = ["LANGUAGES", "PHRASES", "Language", "known", "line", "render", "sentence"]


def known(code: str) -> str:
    """Give the code under which something is said; empty if it is none of ours.

    Codes of earlier versions had underscores: what is stored, or an older peer sends, may.
    """
    spelled = code.replace("_", "-")
    return code if code in PHRASES else spelled if spelled in PHRASES else ""


def render(reason: Reason | str, language: Language = "en") -> str:
    """Say a reason, or what a code means.

    Args:
        reason: A reason, or a key of `PHRASES`.
        language: ``zh`` or ``en``.

    Returns:
        The phrase with its placeholders filled; an unknown code as it is, because a peer's code
        that we do not know is still better than silence.
    """
    given = reason if isinstance(reason, str) else reason.code
    code = known(given)
    if not code:
        return given
    place = LANGUAGES.index(language)
    values: defaultdict[str, object] = defaultdict(lambda: "—")
    if isinstance(reason, Reason):
        values.update({k: v for k, v in reason.to_json().items() if k != "params"})
        values.update(reason.params)
        values.update({name: _said(code, name, value, place) for name, value in values.items()})
    return PHRASES[code][place].format_map(values)


def line(what: Reason | str) -> Words:
    """Say a reason, or what a code means, without a full stop: to stand within other words."""
    return verbatim(*(render(what, language).rstrip("。.") for language in LANGUAGES))


def _said(code: str, name: str, value: object, place: int) -> object:
    """Say a value: a code that is a phrase itself by that phrase, other codes by their words."""
    if isinstance(value, str) and known(value):
        inner = PHRASES[known(value)][place].format_map(defaultdict(lambda: "—"))
        return inner.rstrip("。.")
    return word(code, name, value, place)


def sentence(reason: Reason, language: Language = "en") -> str:
    """Say a reason and what to do next, as one or two sentences."""
    said = render(reason, language)
    if not reason.next:
        return said
    following = render(Reason(code=reason.next, params=reason.params), language)
    return f"{said}{'' if language == 'zh' else ' '}{following}"
