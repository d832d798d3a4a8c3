"""Step 3 of the wizard: who may ask, as a small form and a sentence; names and grading."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from catalog.errors import ProductError
from catalog.grading import DOMAINS
from catalog.offer_sentence import sentence
from catalog.outline import About, OfferOutline
from catalog.product_file import read_product
from connector.areas.products import problems_drafts as problems
from connector.areas.products.draft_api import RUNS
from connector.areas.products.draft_faults import ASKED
from connector.areas.products.draft_names import instead_of
from connector.areas.products.draft_operations import OFFER
from connector.areas.products.draft_recipients import known_firms
from connector.areas.products.draft_records import Offering
from connector.areas.products.operations import STEWARDS
from connector.areas.products.pages import offer_words as words
from connector.areas.products.pages.wizard import (
    around,
    call_of,
    common_forms,
    draft_of,
    number_of,
    read_typed,
    seen_of,
    to_step,
)
from connector.areas.products.rows import ProductRow
from connector.console.page import Form, Page
from connector.console.terms import namer
from connector.process.errors import BadRequest
from crypto.problems import NOTHING
from crypto.words import verbatim
from policies.profile import PURPOSES
from policies.purpose_words import PURPOSE_WORDS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from catalog.product import Product
    from connector.areas.products.draft_recipients import Firm
    from connector.console.page import Visit
    from connector.party.node import Node
    from connector.party.operation import Call
    from crypto.words import Spoken

# names of what the form makes: of each its field, and what it is called
_FIELDS: Final = {
    **ASKED,
    "titleZh": ("title_zh", problems.F_TITLE),
    "titleEn": ("title_en", problems.F_TITLE),
    "descriptionZh": ("about_zh", problems.F_ABOUT),
    "descriptionEn": ("about_en", problems.F_ABOUT),
    "until": ("until", problems.F_UNTIL),
    "minimum": ("minimum", problems.F_MINIMUM),
}
_MOST_FIRMS: Final = 40  # that have a box each
_MOST_MORE: Final = 1000  # that are offered while one types
WHO: Final = (("named", words.WHO_NAMED), ("space", words.WHO_SPACE), ("all", words.WHO_ALL))
LEVELS: Final = ((1, words.LEVEL_1), (2, words.LEVEL_2), (3, words.LEVEL_3))
# audience, answers, days
TEMPLATES: Final = {
    "trial": (words.TEMPLATE_TRIAL, "named", 10, 30),
    "partner": (words.TEMPLATE_PARTNER, "named", 100, 365),
    "space": (words.TEMPLATE_SPACE, "space", 50, 90),
}


def view(node: Node, visit: Visit) -> Mapping[str, Any]:
    """Gives the offer as it stands, or as a template would have it."""
    shown = draft_of(node, visit)
    made = around(shown, "offer")
    if shown.outline is None:
        return made | {"about": None}
    offer = shown.outline.offer
    template = TEMPLATES.get(visit.asked("template"))
    if template is not None:
        _, audience, count, days = template
        until = node.clock.now().date() + timedelta(days=days)
        filled = OfferOutline(
            audience="space" if audience == "space" else "named",
            recipients=() if offer is None or audience == "space" else offer.recipients,
            purposes=("planning",) if offer is None else offer.purposes,
            until=f"{until}",
            count=count,
        )
    else:
        filled = offer or OfferOutline(until=f"{node.clock.now().date() + timedelta(days=90)}")
    with node.db.reading() as session:
        firms = known_firms(node, session)
        instead = instead_of(session, shown.outline, shown.draft.name, shown.draft.id)
        stands = session.get(ProductRow, shown.outline.about.id) is not None
    listed = _listed(firms, filled.recipients)
    return made | {
        "stands": stands,
        "instead_of": instead,
        "firms": [(one.did, one.said) for one in listed],
        "more_firms": [one for one in firms if one not in listed][:_MOST_MORE],
        "others": [did for did in filled.recipients if did not in {one.did for one in listed}],
        "about": shown.outline.about,
        "offer": filled,
        "count": "" if filled.count is None else filled.count,
        "minimum": "" if filled.minimum is None else filled.minimum,
        "sentences": sentences(node, shown.text),
        "templates": [
            (f"/drafts/{shown.draft.id}/offer?template={key}", one[0])
            for key, one in TEMPLATES.items()
        ],
        "who": WHO,
        "levels": LEVELS,
        "domains": [(key, verbatim(said, key.replace("_", " "))) for key, said in DOMAINS.items()],
        "purposes": [(name, PURPOSE_WORDS[name]) for name in PURPOSES],
        "other": next((one for one in filled.purposes if one not in PURPOSES), ""),
        "zoned": bool(shown.outline.about.zone),
    }


def _listed(firms: Sequence[Firm], chosen: Collection[str]) -> list[Firm]:
    """Returns the firms that have a box: those chosen, and others while there is room."""
    room = max(_MOST_FIRMS - sum(one.did in chosen for one in firms), 0)
    rest = [one for one in firms if one.did not in chosen][:room]
    return [one for one in firms if one.did in chosen or one in rest]


def _recipients(visit: Visit) -> list[str]:
    """Reads whom the offer is for: boxes that are ticked, and lines with a DID or a name."""
    found = [did for did in visit.given.get("firms", ()) if did]
    for line in (*visit.sent("recipients").splitlines(), visit.sent("another")):
        words_of = line.split()
        dids = bool(words_of) and all(one.startswith("did:") for one in words_of)
        found += words_of if dids else [" ".join(words_of)] if words_of else []
    return found


def sentences(node: Node, text: str) -> list[Spoken]:
    """Says the offers of a product file; none of one that cannot be read yet."""
    with suppress(ProductError):
        return offers_said(node, read_product(text, stored=True))
    return []


def offers_said(node: Node, product: Product) -> list[Spoken]:
    """Says the offers of a product, with recipients as the operator registered them."""
    least = product.rules.minimum_contributors
    with node.db.reading() as session:
        name = namer(node, session)
        return [sentence(offer.terms, least, name) for offer in product.offers]


def _read(visit: Visit) -> Call:
    def sent(name: str) -> str:
        return visit.sent(name).strip()

    about = read_typed(
        About,
        {
            "id": sent("id"),
            "table": sent("table"),
            "titleZh": sent("title_zh"),
            "titleEn": sent("title_en"),
            "descriptionZh": sent("about_zh"),
            "descriptionEn": sent("about_en"),
            "domain": sent("domain"),
            "level": number_of(sent("level")) or 0,
            "zone": sent("zone"),
            "separateRows": sent("separate") == "yes",
        },
        _FIELDS,
        problems.OFFER_FIELD,
    )
    if visit.sent("nothing") == "yes":
        return call_of(visit, Offering(seen=seen_of(visit), about=about, offer=None))
    purposes = [*visit.given.get("purposes", ()), *([sent("other")] if sent("other") else [])]
    told: dict[str, Any] = {
        "audience": sent("audience"),
        "recipients": _recipients(visit),
        "purposes": purposes,
        "until": sent("until"),
    }
    for name in ("count", "minimum"):
        if sent(name):
            told[name] = number_of(sent(name)) if number_of(sent(name)) is not None else sent(name)
    if not purposes:
        raise BadRequest(
            problems.OFFER_FIELD,
            what=problems.F_PURPOSES,
            expected=words.ONE_PURPOSE,
            got=NOTHING,
            field="other",
        )
    offer = read_typed(OfferOutline, told, _FIELDS, problems.OFFER_FIELD)
    return call_of(visit, Offering(seen=seen_of(visit), about=about, offer=offer))


OFFER_PAGE: Final = Page(
    name="products.offer",
    path="/drafts/{draft_id}/offer",
    title=words.TITLE,
    may=STEWARDS,
    view=view,
    template="products/offer.html",
    words=words,
    forms=(
        Form(
            name="offer",
            operation=OFFER,
            run=RUNS[OFFER.name],
            read=_read,
            then=to_step("offer"),
            done=words.SAVED,
        ),
        *common_forms("offer"),
    ),
)
