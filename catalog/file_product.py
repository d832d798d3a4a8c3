"""A file product: a file that is delivered as it is, to whom its grade and its offers allow.

It has no table and takes no questions; its offers grant plain `use`. An offer without further terms
is a bare ODRL permission, so that every plain peer can take it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from catalog import problems_products as problems
from catalog.dcat import DATA_DOMAIN, DATA_LEVEL, languages
from catalog.grading import DOMAINS, LEVELS, RULE_PACK, missing_terms
from catalog.offer_terms import NAME, literal, literals, purpose
from catalog.product_names import read_text
from catalog.toml_fields import Fields, wrong
from crypto.words import Either
from policies.model import Atomic, Policy, Rule
from policies.odrl import to_wire
from policies.profile import DATE_TIME, MEMBERSHIP, PROFILE, PURPOSE, RECIPIENT, USE, V

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog.product import Text

Format = Literal["HttpData-PULL", "HttpData-PUSH"]
MediaType = Literal["text/csv", "application/vnd.apache.parquet"]

PULL: Final = "HttpData-PULL"
PUSH: Final = "HttpData-PUSH"
FORMATS: Final[tuple[Format, ...]] = (PULL, PUSH)
FILE: Final = V + "file"
KIND: Final = "file"
ID: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOffer:
    """An offer of a file product.

    Attributes:
        name: Unique in the product.
        formats: How the file may be fetched or sent.
        purposes: IRIs; promised by who takes the file, and in the agreement.
        not_before: First instant or day, with zone; empty for none.
        not_after: Last instant or day, with zone; empty for none.
        recipients: Who may take the offer; empty means any certified participant.
        membership: Data space whose membership is required; empty for none.
    """

    name: str
    formats: tuple[Format, ...]
    purposes: tuple[str, ...] = ()
    not_before: str = ""
    not_after: str = ""
    recipients: tuple[str, ...] = ()
    membership: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProduct:
    """A file product.

    Attributes:
        id: Identifier of the dataset; unique at its provider.
        domain: Data domain of `catalog.grading`.
        level: 1 to 3; a file of level 3 has no offer.
    """

    id: str
    title: Text
    description: Text
    keywords: tuple[str, ...]
    domain: str
    level: int
    offers: tuple[FileOffer, ...]

    @property
    def formats(self) -> tuple[Format, ...]:
        """The formats that some offer grants."""
        granted = {given for offer in self.offers for given in offer.formats}
        return tuple(given for given in FORMATS if given in granted)

    def formats_of(self, offer_id: str) -> tuple[Format, ...]:
        """Give the formats of an offer by its `@id`, as it stands today.

        An offer whose terms have changed since is known by its name; of one that is gone, what the
        product's offers grant now.
        """
        name = offer_id.split(":")[1] if offer_id.count(":") == 2 else ""
        return next((o.formats for o in self.offers if o.name == name), self.formats)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileVersion:
    """What a data version adds to the description.

    Attributes:
        number: 1 for the first.
        digest: ``sha-256:`` and hexadecimal, of the file.
        size: Bytes.
        media: Its media type.
        published: Instant, ISO 8601 with `Z`.
    """

    number: int
    digest: str
    size: int
    media: MediaType
    published: str


def read_file_product(fields: Fields) -> FileProduct:
    """Read the keys of a product file of kind ``file``.

    Raises:
        ProductError: The first thing that is wrong with it.
    """
    fields.only("id", "kind", "title", "description", "keywords", "domain", "level", "offer")
    identifier = fields.matching("id", ID, problems.LOWER_CASE)
    fields.choice("kind", (KIND,))
    level = fields.integer("level", min(LEVELS), max(LEVELS))
    product = FileProduct(
        id=identifier,
        title=read_text(fields, "title", fallback=identifier),
        description=read_text(fields, "description", fallback=""),
        keywords=fields.texts("keywords", most=40, none=True),
        domain=fields.choice("domain", tuple(DOMAINS)),
        level=level,
        offers=tuple(_offer(part, level) for part in fields.tables("offer", most=20)),
    )
    names = [offer.name for offer in product.offers]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise wrong(f"offer[{index + 1}].name", problems.NO_OTHER_OFFER, name)
    return product


def _offer(part: Fields, level: int) -> FileOffer:
    part.only(
        *("name", "formats", "purposes", "valid_from", "valid_until"),
        *("recipients", "members_of"),
    )
    formats = part.texts("formats", least=1, most=len(FORMATS))
    for index, given in enumerate(formats):
        if given not in FORMATS:
            expected = Either(tuple(f"`{known}`" for known in FORMATS))
            raise wrong(f"{part.at('formats')}[{index + 1}]", expected, given)
    offer = FileOffer(
        name=part.matching("name", NAME, problems.LOWER_CASE, "standard"),
        formats=tuple(known for known in FORMATS if known in formats),
        purposes=tuple(purpose(part, text) for text in part.texts("purposes", most=20)),
        not_before=literal(part, "valid_from", DATE_TIME),
        not_after=literal(part, "valid_until", DATE_TIME),
        recipients=literals(part, "recipients", RECIPIENT),
        membership=literal(part, "members_of", MEMBERSHIP),
    )
    missing = missing_terms(level, purposes=bool(offer.purposes), recipients=bool(offer.recipients))
    if missing is not None:
        came = problems.AN_OFFER_WITHOUT.of(level=level)
        raise wrong(part.at("recipients"), missing, came)
    return offer


def use_policy(product_id: str, offer: FileOffer, *, life: int = 0) -> Policy:
    """Return an offer as the policy that the provider will be bound by.

    Its `@id` ends in a digest of the terms, as that of an offer of questions does. Our profile is
    declared only where a term of ours stands in it.
    """
    terms = tuple(_constraints(offer))
    ours = any(term.left.startswith(V) or term.left == PURPOSE for term in terms)
    draft = Policy(
        kind="Offer",
        uid="",
        permissions=(Rule(action=USE, constraints=terms),),
        profiles=(PROFILE,) if ours else (),
    )
    told = (to_wire(draft), offer.formats, *((life,) if life else ()))
    digest = hashlib.sha256(repr(told).encode()).hexdigest()[:12]
    return replace(draft, uid=f"{product_id}:{offer.name}:{digest}")


def _constraints(offer: FileOffer) -> list[Atomic]:
    found = []
    if offer.purposes:
        found.append(Atomic(PURPOSE, "isAnyOf", offer.purposes, listed=True))
    if offer.not_before:
        found.append(Atomic(DATE_TIME, "gteq", (offer.not_before,)))
    if offer.not_after:
        found.append(Atomic(DATE_TIME, "lteq", (offer.not_after,)))
    if offer.recipients:
        found.append(Atomic(RECIPIENT, "isAnyOf", offer.recipients, listed=True))
    if offer.membership:
        found.append(Atomic(MEMBERSHIP, "isAnyOf", (offer.membership,), listed=True))
    return found


def use_offers(product: FileProduct, *, life: int = 0) -> tuple[Policy, ...]:
    """Return the product's offers, in the order of its file; `life` as in `catalog.dcat.offers`."""
    return tuple(use_policy(product.id, offer, life=life) for offer in product.offers)


def file_dataset(
    product: FileProduct, version: FileVersion, *, service: Mapping[str, Any], life: int = 0
) -> dict[str, Any]:
    """Return a file product as a DSP Dataset, without `@context`.

    Without offers it is not valid DSP and must not be shown.

    Args:
        product: The product.
        version: Its present data version.
        service: The provider's DataService.
        life: How many products were taken back under its id before.
    """
    return {
        "@id": product.id,
        "@type": "Dataset",
        "dct:title": languages(product.title),
        "dct:description": languages(product.description),
        "dct:issued": version.published,
        "dcat:keyword": list(product.keywords),
        "dcat:version": str(version.number),
        DATA_DOMAIN: f"{RULE_PACK}/{product.domain}",
        DATA_LEVEL: str(product.level),
        FILE: {
            "@type": "@json",
            "@value": {
                "mediaType": version.media,
                "bytes": version.size,
                "digest": version.digest,
                "version": version.number,
            },
        },
        "hasPolicy": [to_wire(policy) for policy in use_offers(product, life=life)],
        "distribution": [
            {"@type": "Distribution", "format": given, "accessService": dict(service)}
            for given in product.formats
        ],
    }
