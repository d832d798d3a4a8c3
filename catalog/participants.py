"""What the register says of a firm: who it is, in which hand, and where its connector is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from catalog import problems
from crypto import records
from crypto.errors import MalformedError
from crypto.record_errors import wrong
from crypto.record_texts import Line, Name64, Name200, Party
from crypto.records import As, Size, value_of
from crypto.url import read_url

PartyRole = Literal["provider", "consumer", "service"]
ROLES: Final[tuple[PartyRole, ...]] = ("provider", "consumer", "service")


def roles_up_to(most: int) -> As:
    """Make the kind of a list of roles: known ones, each once, in the order of `ROLES`."""

    def read(value: Any, at: str) -> tuple[PartyRole, ...]:
        listed: tuple[Any, ...] = value_of(Annotated[tuple[Any, ...], Size(1, most)], value, at)
        for one in listed:
            if one not in ROLES or listed.count(one) > 1:
                raise wrong(at, one, problems.ROLES_ONCE.of(roles=ROLES))
        return tuple(role for role in ROLES if role in listed)

    return As(read, list, problems.ROLES_ONCE.of(roles=ROLES))


def _endpoint(value: Any, at: str) -> str:
    url: str = value_of(Line, value, at)
    try:
        found = read_url(url)
    except MalformedError as error:
        raise wrong(at, url, problems.AN_HTTPS_URL) from error
    if found.query is not None or found.fragment is not None or url.endswith("/"):
        raise wrong(at, url, problems.A_PLAIN_URL)
    return url


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """A firm, as it describes itself and as the operator certifies it.

    Attributes:
        did: Its identifier; everything it signs is signed under it.
        name_zh: Its name in Chinese.
        name_en: Its name in English.
        legal_id: Its registered number (USCC, LEI, VAT number, …), as written.
        legal_group: The hand it is in: firms under common control bear the same one. A firm that
            stands alone bears its own legal id.
        roles: What it does in the space.
        endpoint: Public URL of its connector, without a trailing slash.
    """

    did: Party
    name_zh: Name200
    name_en: Name200
    legal_id: Name64
    legal_group: Name64
    roles: Annotated[tuple[PartyRole, ...], roles_up_to(len(ROLES))]
    endpoint: Annotated[str, As(_endpoint, expected=problems.AN_HTTPS_URL)]

    def to_json(self) -> dict[str, Any]:
        """Give the description as it stands in an application."""
        return records.write(self)

    @classmethod
    def from_json(cls, value: object) -> Participant:
        """Read a description.

        Raises:
            MalformedError: a field is missing, wrong or unknown.
        """
        return records.read(cls, value)
