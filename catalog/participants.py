"""What the register says of a firm: who it is, in which hand, and where its connector is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from catalog import problems
from catalog.fields import Fields
from crypto.errors import MalformedError
from crypto.record_errors import wrong
from crypto.url import read_url

if TYPE_CHECKING:
    from crypto.did import Did

PartyRole = Literal["provider", "consumer", "service"]
ROLES: Final[tuple[PartyRole, ...]] = ("provider", "consumer", "service")
_FIELDS: Final = ("did", "nameZh", "nameEn", "legalId", "legalGroup", "roles", "endpoint")


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

    did: Did
    name_zh: str
    name_en: str
    legal_id: str
    legal_group: str
    roles: tuple[PartyRole, ...]
    endpoint: str

    def to_json(self) -> dict[str, Any]:
        """Give the description as it stands in an application."""
        return {
            "did": self.did,
            "nameZh": self.name_zh,
            "nameEn": self.name_en,
            "legalId": self.legal_id,
            "legalGroup": self.legal_group,
            "roles": list(self.roles),
            "endpoint": self.endpoint,
        }

    @classmethod
    def from_json(cls, value: Any, pointer: str = "") -> Participant:
        """Read a description.

        Args:
            value: the parsed JSON.
            pointer: where it stands in the whole, for errors.

        Raises:
            MalformedError: a field is missing, wrong or unknown.
        """
        fields = Fields(value, pointer, known=_FIELDS)
        return cls(
            did=fields.did("did"),
            name_zh=fields.text("nameZh", longest=200),
            name_en=fields.text("nameEn", longest=200),
            legal_id=fields.text("legalId", longest=64),
            legal_group=fields.text("legalGroup", longest=64),
            roles=roles(fields.items("roles", longest=len(ROLES), least=1), fields.at("roles")),
            endpoint=_endpoint(fields.text("endpoint"), fields.at("endpoint")),
        )


def roles(values: tuple[Any, ...], pointer: str) -> tuple[PartyRole, ...]:
    """Take a list of roles: known ones, each once, in the order of `ROLES`.

    Raises:
        MalformedError: one is unknown or stands twice.
    """
    for value in values:
        if value not in ROLES or values.count(value) > 1:
            raise wrong(pointer, value, problems.ROLES_ONCE.of(roles=ROLES))
    return tuple(role for role in ROLES if role in values)


def _endpoint(url: str, pointer: str) -> str:
    try:
        found = read_url(url)
    except MalformedError as error:
        raise wrong(pointer, url, problems.AN_HTTPS_URL) from error
    if found.query is not None or found.fragment is not None or url.endswith("/"):
        raise wrong(pointer, url, problems.A_PLAIN_URL)
    return url
