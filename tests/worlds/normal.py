"""What a response says apart from nonces, signatures, instants and released values.

Tokens drawn at random become numbers in order of appearance, so that which of them are the same
within one response is still compared. Released values are the leaves below a member named `values`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crypto.b64 import unb64url

if TYPE_CHECKING:
    from collections.abc import Mapping

VALUE = "<value>"
JWS = re.compile(r"[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{20,}")
_CHARACTERS = "A-Za-z0-9_+/-"
RANDOM = re.compile(
    r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"  # uuid
    r"|(?:sha-?256:)?[0-9a-f]{64}"
    rf"|(?<![{_CHARACTERS}])(?:[{_CHARACTERS}]{{22}}|[{_CHARACTERS}]{{43}})=?(?![{_CHARACTERS}])"
    rf"|(?<![{_CHARACTERS}])[{_CHARACTERS}]{{60,}}={{0,2}}"  # keys, signatures, ciphertexts
)
ACK = re.compile(  # of a leaf of a log
    r"\b\d+;[0-9a-f]{64};(?:[0-9a-f]{64})?;[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]{86}"
)
NOTE = re.compile(r"\A([^\n]+\n)\d+\n(?=[^\n]+\n\n— )")  # a signed head of a log
INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?")
SECONDS = range(1_600_000_000, 2_400_000_000)
MILLISECONDS = range(1_600_000_000_000, 2_400_000_000_000)


@dataclass
class Normaliser:
    """Normalises the responses of one world.

    Attributes:
        names: texts that stand for a party of this world, and what they are called in both.
        tokens: everything that looked random: ids, digests, keys.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    _seen: dict[str, str] = field(default_factory=dict)

    def body(self, data: bytes) -> Any:
        """Normalise a body: JSON in its own order, signed statements opened, text, or a length."""
        self._seen.clear()
        return self._body(data)

    def _body(self, data: bytes) -> Any:
        try:
            text = data.decode()
        except UnicodeDecodeError:
            return f"<{len(data)} bytes>"
        try:
            value = json.loads(text, object_pairs_hook=lambda pairs: [("{}", ""), *pairs])
        except ValueError:
            return self.text(text)
        return self.value(value)

    def value(self, value: Any, below: str = "") -> Any:
        """Normalise what was parsed; objects are lists of pairs, so that order is compared."""
        if isinstance(value, list) and value and value[0] == ("{}", ""):
            return [
                (self.text(name), self.value(item, "values" if below == "values" else name))
                for name, item in value[1:]
            ]
        if isinstance(value, list):
            return [self.value(item, below) for item in value]
        if below == "values" and value is not None:
            return VALUE
        if below == "serial":
            return "<serial>"  # of a status document: the hub renews it by the clock
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, int) and not isinstance(value, bool):
            timely = value in SECONDS or value in MILLISECONDS
            return "<time>" if timely else value
        return value

    def text(self, text: str) -> Any:
        """Normalise a text; a signed statement is opened and compared by what it says."""
        for name, word in self.names.items():
            text = text.replace(name, word)
        if JWS.fullmatch(text):
            header, payload, signature = text.split(".")
            opened = [self._body(unb64url(part)) if part else "" for part in (header, payload)]
            return ("<jws>", *opened, len(signature))
        # how many leaves a log has depends on whose heads crossed meanwhile
        text = NOTE.sub(r"\1<size>\n", text)
        text = ACK.sub("<ack>", text)
        text = INSTANT.sub("<instant>", text)
        return RANDOM.sub(lambda found: self._numbered(found[0]), text)

    def _numbered(self, token: str) -> str:
        self.tokens.add(token)
        return self._seen.setdefault(token, f"<{len(token)}#{len(self._seen)}>")


def released(value: Any) -> bool:
    """Say whether something normalised holds a released value."""
    if isinstance(value, list | tuple):
        return any(released(item) for item in value)
    return value == VALUE
