"""A dataset as its provider describes it, under the provider's own signature.

The shared catalogue shows these descriptions and nothing of its own making: whoever finds one
checks the provider's signature again, so that an operator can neither alter nor invent an offer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from catalog import problems
from catalog.certification import keys_of
from catalog.dcat import DATA_DOMAIN, DATA_LEVEL, TABLE
from catalog.description_texts import languages, languages_or_none
from catalog.grading import DOMAINS, RULE_PACK
from catalog.product import Text
from crypto import jws
from crypto.b64 import unb64url
from crypto.canonical import canonical, digest_bytes
from crypto.errors import VerificationError
from crypto.record_errors import wrong
from crypto.record_texts import Instant, Line, Others, Party
from crypto.records import As, Name, Range, Size, read
from crypto.records import Text as TextOf
from crypto.strict_json import loads
from policies.errors import PolicyError
from policies.odrl import parse_policy
from policies.offers import granted
from policies.profile import MODES, QUERY_MODE

if TYPE_CHECKING:
    from collections.abc import Callable

    from crypto.did import Did
    from crypto.keys import PublicKey, SigningKey
    from policies.model import Policy

TYP: Final = "voile-description+jws"
KIND: Final = "VoileDescription"
MAX_DESCRIPTION_BYTES: Final = 256 << 10  # the compact JWS
MAX_OFFERS: Final = 50
Signed = Annotated[str, TextOf(MAX_DESCRIPTION_BYTES)]  # a description, as it travels
LEEWAY_SECONDS: Final = 30
NO_TEXT: Final = Text("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Service:
    endpoint: Annotated[Line, Name("endpointURL")]
    others: Others


@dataclass(frozen=True, slots=True, kw_only=True)
class _Distribution:
    format: Line
    access_service: _Service
    others: Others


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dataset:
    kind: Annotated[Literal["Dataset"], Name("@type")]
    id: Annotated[Line, Name("@id")]
    distribution: Annotated[tuple[_Distribution, ...], Size(1, 20)]
    has_policy: Annotated[tuple[Mapping[str, Any], ...], Size(1, MAX_OFFERS)]
    domain: Annotated[Line, Name(DATA_DOMAIN)]
    level: Annotated[Literal["1", "2", "3"], Name(DATA_LEVEL)]
    title: Annotated[Text, As(languages), Name("dct:title")]
    summary: Annotated[Text, As(languages_or_none), Name("dct:description")] = NO_TEXT
    keywords: Annotated[tuple[Any, ...], Size(0, 50), Name("dcat:keyword")] = ()
    others: Others


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    kind: Annotated[Literal["VoileDescription"], Name("type")]
    provider: Party
    space: Line
    version: Annotated[int, Range(1, 2**53 - 1)]
    iat: Instant
    dataset: _Dataset
    others: Others


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A verified description.

    Attributes:
        provider: Who described and signed it.
        dataset_id: Identifier of the dataset, unique at its provider.
        version: Grows with each description of the same dataset.
        issued: Unix seconds.
        digest: Of the signed payload.
        dataset: The dataset as the provider's own catalogue shows it.
        title: In both languages.
        summary: In both languages; may be empty.
        keywords: In any language.
        domain: Data domain of `catalog.grading`.
        level: "1" to "3".
        modes: The query modes that the offers grant.
        offers: The offers, parsed: every term is known.
    """

    provider: Did
    dataset_id: str
    version: int
    issued: int
    digest: str
    dataset: Mapping[str, Any]
    title: Text
    summary: Text
    keywords: tuple[str, ...]
    domain: str
    level: str
    modes: tuple[str, ...]
    offers: tuple[Policy, ...]

    def texts(self) -> tuple[tuple[str, int], ...]:
        """Give what it is found by, each text with the weight of one occurrence in it."""
        literal = self.dataset.get(TABLE)
        table = literal.get("@value") if isinstance(literal, dict) else None
        columns = _column_texts(table) if isinstance(table, dict) else ()
        return (
            (self.title.zh, 8),
            (self.title.en if self.title.en != self.title.zh else "", 8),
            *((keyword, 5) for keyword in self.keywords),
            *((text, 2) for text in columns),
            (self.summary.zh, 1),
            (self.summary.en if self.summary.en != self.summary.zh else "", 1),
            (self.dataset_id, 1),
        )


def sign_description(
    dataset: Mapping[str, Any],
    *,
    provider: str,
    space: str,
    version: int,
    now: int,
    key: SigningKey,
    kid: str,
) -> str:
    """Sign a dataset's description.

    Args:
        dataset: as `catalog.dcat.dataset` makes it.
        provider: our DID.
        space: IRI of the data space.
        version: greater than that of any description of this dataset before.
        now: unix seconds.
        key: our agreements key.
        kid: its absolute id.
    """
    payload = {
        "type": KIND,
        "provider": provider,
        "space": space,
        "version": version,
        "iat": now,
        "dataset": dataset,
    }
    return jws.sign(canonical(payload), key, typ=TYP, kid=kid)


def verify_description(
    description: str,
    *,
    expected_provider: str,
    expected_space: str,
    find_key: Callable[[str], PublicKey],
    now: int,
) -> Description:
    """Check a description: whose it is, and that every part of it is understood.

    Args:
        description: the compact JWS.
        expected_provider: DID of the party it is said to come from, compared whole.
        expected_space: IRI of our space.
        find_key: gives a key of the provider's `assertionMethod` by its absolute id.
        now: unix seconds.

    Raises:
        MalformedError: it is not a description of a dataset.
        VerificationError: it does not hold.
    """
    # (0) The key belongs to the provider, by the DID part of its id.
    # (1) Signature, with typ `voile-description+jws` and nothing else.
    verified = jws.verify(
        description,
        expected_typ=TYP,
        find_key=keys_of(expected_provider, find_key, problems.DESCRIPTION_KEY),
        max_bytes=MAX_DESCRIPTION_BYTES,
    )
    payload = loads(verified.payload, max_bytes=MAX_DESCRIPTION_BYTES)
    said = read(_Written, payload)

    # (2) Provider and space, whole.
    provider, space = said.provider, said.space
    if provider != expected_provider:
        raise VerificationError(
            problems.DESCRIPTION_OWNER, got=provider, expected=expected_provider
        )
    if space != expected_space:
        raise VerificationError(problems.DESCRIPTION_SPACE, got=space, expected=expected_space)

    # (3) Not from the future.
    issued = said.iat
    if issued > now + LEEWAY_SECONDS:
        raise VerificationError(problems.DESCRIPTION_EARLY)

    # (4) The dataset: its shape, offers of which every term is known, its grading.
    return _described(verified.payload, payload, said)


def read_kept(description: str) -> Description:
    """Read a description that was verified when it was taken in: its signature is not looked at.

    Args:
        description: the compact JWS, as it is kept.

    Raises:
        MalformedError: it is not a description of a dataset.
    """
    payload = unb64url(description.split(".")[1])
    value = loads(payload, max_bytes=MAX_DESCRIPTION_BYTES)
    return _described(payload, value, read(_Written, value))


def _described(signed: bytes, payload: Any, said: _Written) -> Description:
    dataset = said.dataset
    offers = tuple(
        _offer(offer, f"/dataset/hasPolicy/{index}")
        for index, offer in enumerate(dataset.has_policy)
    )
    # no description without domain and level
    pack, _, domain = dataset.domain.partition("/")
    if pack != RULE_PACK or domain not in DOMAINS:
        expected = problems.A_DOMAIN_KNOWN.of(pack=RULE_PACK)
        raise wrong(f"/dataset/{DATA_DOMAIN}", dataset.domain, expected)
    modes = {mode for offer in offers for mode in granted(offer, QUERY_MODE)}
    return Description(
        provider=said.provider,
        dataset_id=dataset.id,
        version=said.version,
        issued=said.iat,
        digest=digest_bytes(signed),
        dataset=payload["dataset"],
        title=dataset.title,
        summary=dataset.summary,
        keywords=tuple(word for word in dataset.keywords if isinstance(word, str)),
        domain=domain,
        level=dataset.level,
        modes=tuple(mode for mode in MODES if mode in modes),
        offers=offers,
    )


def _offer(value: Any, pointer: str) -> Policy:
    try:
        offer = parse_policy(value, kind="Offer")
    except PolicyError as error:
        raise wrong(pointer + error.reasons[0].clause, None, error) from error
    if offer.target:
        raise wrong(f"{pointer}/target", offer.target, problems.NO_TARGET)
    return offer


def _column_texts(table: Mapping[str, Any]) -> tuple[str, ...]:
    found: list[str] = []
    for kind in ("dimensions", "measures"):
        listed = table.get(kind)
        for column in listed if isinstance(listed, list) else ():
            if isinstance(column, dict):
                title = column.get("title")
                names = [column.get("name"), *(title.values() if isinstance(title, dict) else ())]
                found.extend(dict.fromkeys(name for name in names if isinstance(name, str)))
    return tuple(found)
