"""The second factor: codes of six digits by the time (RFC 6238), each good once.

A secret lies sealed among the node's secrets. One that is not proved yet is bound to the link and
the visit, or the session, that asked for it, so that nobody proves one that somebody else has seen.
"""

from __future__ import annotations

import base64
import hmac
import json
import threading
import unicodedata
from typing import TYPE_CHECKING, Final

from connector.areas.people.values import Factor
from connector.process.errors import NotFound
from connector.process.ports import unix
from crypto.url import read_url

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from connector.party.node import Node
    from connector.process.actor import Role
    from connector.store.transaction import Transaction

REQUIRED: Final[frozenset[Role]] = frozenset({"cdo", "certifier", "auditor"})
SECRET_BYTES: Final = 20
STEP_SECONDS: Final = 30
SKEW: Final = 1  # steps before and after


def required(roles: Collection[str]) -> bool:
    """Say whether who has these roles must have a second factor."""
    return bool(REQUIRED & set(roles))


def factor_name(person: str) -> str:
    """Name the secret of a person's second factor."""
    return f"person/{person}/factor"


def _coming_name(person: str) -> str:
    return f"person/{person}/factor-new"


class Codes:
    """Codes of one node's people."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._importing = threading.Lock()  # by two threads at once, one may see half of it

    def step_of(self, secret: str, code: str, now: datetime) -> int:
        """Give the step of time that a code is of; 0 if it is none of now, or just before or after.

        Args:
            secret: in base 32; empty if there is none.
            code: as it was typed; spaces and full-width digits do not matter.
            now: the moment.
        """
        with self._importing:
            from pyotp import HOTP
        typed = "".join(unicodedata.normalize("NFKC", code[:100]).split())
        present = unix(now) // STEP_SECONDS
        codes = HOTP(secret or "A" * 32)
        found = 0
        for step in range(present - SKEW, present + SKEW + 1):
            same = hmac.compare_digest(codes.at(step).encode(), typed.encode("utf-8", "replace"))
            found = step if same and secret else found
        return found

    def secret(self, person: str, *, tx: Transaction | None = None) -> str:
        """Give a person's secret; empty if there is none."""
        try:
            return self._node.secrets.get(factor_name(person), tx=tx).decode()
        except NotFound:
            return ""

    def coming(self, person: str, bound: str, *, tx: Transaction | None = None) -> str:
        """Give the secret that was drawn for a link or session; empty if none was."""
        try:
            kept = json.loads(self._node.secrets.get(_coming_name(person), tx=tx))
        except NotFound:
            return ""
        return str(kept[1]) if kept[0] == bound else ""

    def draw(self, person: str, name: str, bound: str) -> Factor:
        """Draw a secret for a link or session, or give the one that it has."""
        secret = self.coming(person, bound)
        if not secret:
            with self._node.db.transaction() as tx:
                secret = self.coming(person, bound, tx=tx)
                if not secret:
                    secret = base64.b32encode(self._node.entropy(SECRET_BYTES)).decode()
                    kept = json.dumps([bound, secret]).encode()
                    self._node.secrets.put(tx, _coming_name(person), kept)
        with self._importing:
            import segno  # noqa: F401 -- for the picture of what is given
            from pyotp import TOTP
        place = read_url(self._node.settings.public_url).host
        uri = TOTP(secret).provisioning_uri(name=name, issuer_name=f"Voile {place}")
        return Factor(secret=secret, uri=uri)

    def take(self, tx: Transaction, person: str, secret: str) -> None:
        """Make a proved secret the person's."""
        self._node.secrets.put(tx, factor_name(person), secret.encode())
        self._node.secrets.delete(tx, _coming_name(person))

    def drop(self, tx: Transaction, person: str) -> None:
        """Destroy a person's secrets."""
        self._node.secrets.delete(tx, factor_name(person))
        self._node.secrets.delete(tx, _coming_name(person))
