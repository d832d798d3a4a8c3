"""The `Link` header of an answer: which place stands in which relation to it.

Spec: RFC 8288 §3 and appendix B.2. A link that says of something else than the answer (`anchor`) is
passed over. What is not understood is an error, not an end: a page that has a next one must not
look like the last.
"""

from __future__ import annotations

import re
from typing import Final

from contracts import problems
from contracts.errors import MalformedMessageError

MAX_CHARACTERS: Final = 8192

_BETWEEN: Final = re.compile(r"[ \t,]*")
_TARGET: Final = re.compile(r"<([^<>]*)>")
_WORD: Final = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_PARAMETER: Final = re.compile(
    rf"[ \t]*;[ \t]*(?:({_WORD})[ \t]*"
    rf"(?:=[ \t]*(?:\"((?:[^\"\\]|\\.)*)\"|([^ \t;,\"]*)))?)?"
)
_ESCAPED: Final = re.compile(r"\\(.)")


def target(header: str, relation: str) -> str | None:
    """Give the first target of a relation.

    Args:
        header: the values of all `Link` headers, joined with commas; empty where there is none.
        relation: such as ``next``; compared without regard to case.

    Returns:
        The target as it stands there, maybe relative; None if there is none.

    Raises:
        MalformedMessageError: the header is not one of links.
    """
    if len(header) > MAX_CHARACTERS:
        raise _unreadable(MAX_CHARACTERS)
    found = None
    at = _end(_BETWEEN.match(header), 0)
    while at < len(header):
        place = _TARGET.match(header, at)
        if place is None:
            raise _unreadable(at)
        at, said = _parameters(header, place.end())
        relations = said.get("rel", "").lower().split()
        if found is None and relation.lower() in relations and "anchor" not in said:
            found = place[1]
        after = _end(_BETWEEN.match(header, at), at)
        if after < len(header) and "," not in header[at:after]:
            raise _unreadable(after)
        at = after
    return found


def _parameters(header: str, at: int) -> tuple[int, dict[str, str]]:
    """Read the parameters of one link; of each name the first counts."""
    said: dict[str, str] = {}
    while (match := _PARAMETER.match(header, at)) is not None:
        name, quoted, plain = match.groups()
        if name:
            value = _ESCAPED.sub(r"\1", quoted) if quoted is not None else plain or ""
            said.setdefault(name.lower(), value)
        at = match.end()
    return at, said


def _end(match: re.Match[str] | None, otherwise: int) -> int:
    return match.end() if match is not None else otherwise


def _unreadable(at: int) -> MalformedMessageError:
    return MalformedMessageError(problems.LINK, place=at)
