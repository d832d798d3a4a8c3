"""A finding of `voile audit`, said to a person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from connector.areas.audit.finding_words import FINDINGS, LEVELS, OUTCOMES, SOURCES
from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crypto.words import Language

_QUOTED: Final = re.compile(r"`([^`]{1,200})`")
_LEAF: Final = Words("第 {leaf} 行", "leaf {leaf}")
_ABOUT: Final = Words("涉及 {names}", "about {names}")
_VERIFIED: Final = Words("核验通过的密钥：{keys}", "verified with {keys}")
_KEY: Final = Words("`{key}`（{source}）", "`{key}` ({source})")
_CONVICTS: Final = Words("不能据此定任何人的错", "it convicts nobody")


def outcome(name: str, language: Language) -> str:
    """Say what a whole check came to: `OK`, `FINDINGS`, `UNREADABLE` or `UNCHECKED`."""
    return OUTCOMES[name].said(language) if name in OUTCOMES else name


def level(name: str, language: Language) -> str:
    """Say how much a finding shows: `proof`, `finding` or `unchecked`."""
    return LEVELS[name].said(language) if name in LEVELS else name


def told(finding: Mapping[str, Any], language: Language) -> str:
    """Say a finding in one line, without its level and without where it is.

    Args:
        finding: as a report's JSON has it: `level`, `code`, `where`, `text`, and where there are
            any `leaf` and `keys`.
        language: English is the finding's own text; Chinese is said by its code, with what the
            text quotes. A code without words is told in English.
    """
    words = FINDINGS.get(str(finding["code"]))
    if language == "en" or words is None:
        return str(finding["text"])
    parts = [words.said(language)]
    if finding.get("leaf") is not None:
        parts.append(_LEAF.filled(language, {"leaf": finding["leaf"]}))
    keys = [
        (str(key["thumbprint"]), SOURCES[key["trust"]])
        for key in finding.get("keys", ())
        if key.get("trust") in SOURCES
    ]
    named = dict.fromkeys(f"`{name}`" for name in _QUOTED.findall(str(finding["text"])))
    for key, _source in keys:
        named.pop(f"`{key}`", None)
    if named:
        parts.append(_ABOUT.filled(language, {"names": list(named)}))
    if keys:
        each = [_KEY.filled(language, {"key": key, "source": source}) for key, source in keys]
        parts.append(_VERIFIED.filled(language, {"keys": each}))
        if finding["level"] == "unchecked":
            parts.append(_CONVICTS.said(language))
    return "；".join(parts)
