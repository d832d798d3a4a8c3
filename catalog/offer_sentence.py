"""An offer as a sentence in both languages: who may ask what for, until when, how often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crypto.words import Words, verbatim
from policies.purpose_words import PURPOSE_WORDS, short_purpose

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crypto.words import Spoken
    from policies.offers import QuestionTerms

_SENTENCE: Final = Words(
    "{who}可以为{purposes}提问{often}{until}；{what}，每个公布的单元格至少有 {least} 个贡献者。",
    "{who} may ask{often} for {purposes}{until}; {what}, and each cell that is shown has at least"
    " {least} contributors.",
)
_ANYBODY: Final = Words("任何已认证的企业", "Any certified firm")
_MEMBERS: Final = Words("本数据空间的成员", "The members of our data space")
_NAMED: Final = Words("{names}", "{names}")
_OF_THEM: Final = Words("本数据空间成员中的 {names}", "Those of our data space named {names}")
_ANY_PURPOSE: Final = Words("任何用途", "any purpose")
_OFTEN: Final = Words("，最多 {count} 次", " up to {count} {count|question|questions}")
_UNTIL: Final = Words("，截至 {day}", ", until {day}")
_MASKED: Final = Words("回答只含受保护的分组数字", "answers are protected figures of groups alone")
_TOTALS: Final = Words("回答只含多个供方的总计", "answers are totals over several providers alone")
_BOTH: Final = Words(
    "回答含受保护的分组数字和多个供方的总计",
    "answers are protected figures of groups, and totals over several providers",
)
_NOTHING: Final = Words("", "")
_QUOTED: Final = Words("“{purpose}”", "“{purpose}”")


def sentence(terms: QuestionTerms, least: int, name: Callable[[str], Spoken] = verbatim) -> Spoken:
    """Says what an offer grants.

    Args:
        terms: Of the offer.
        least: The product's own minimum of contributors.
        name: Gives what a recipient is called, by its DID.
    """
    return _SENTENCE.of(
        who=_who(terms, name),
        purposes=[_purpose(one) for one in terms.purposes] or _ANY_PURPOSE,
        often=_OFTEN.of(count=terms.count) if terms.count is not None else _NOTHING,
        until=_UNTIL.of(day=terms.not_after.removesuffix("Z")) if terms.not_after else _NOTHING,
        what=_what(terms.modes),
        least=max(least, terms.min_group_size or 0),
    )


def _who(terms: QuestionTerms, name: Callable[[str], Spoken]) -> Spoken:
    names = [name(did) for did in terms.recipients]
    if names:
        return (_OF_THEM if terms.membership else _NAMED).of(names=names)
    return _MEMBERS if terms.membership else _ANYBODY


def _what(modes: Sequence[str]) -> Spoken:
    if set(modes) == {"masked"}:
        return _MASKED
    return _BOTH if "masked" in modes else _TOTALS


def _purpose(iri: str) -> Spoken:
    name = short_purpose(iri)
    return _QUOTED.of(purpose=PURPOSE_WORDS.get(name, verbatim(name)))
