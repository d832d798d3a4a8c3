"""The shared catalogue of a hub, with firms and datasets whose names are hostile texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from connector.identity.naming import parties_named
from tests.catalog.datasets import dataset
from tests.connector.consuming.conftest import WHOLE
from tests.connector.consuming.desk import ENV, Desk, hrefs, told
from tests.connector.consuming.test_hostile import HOSTILE, harmless
from tests.connector.hub.test_catalogue import publish
from tests.connector.space import HUB_AREAS, Space

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulators import Net, Party

NAMES = [text for text in HOSTILE if text.isprintable()]


@pytest.fixture
def space(party: Callable[..., Party]) -> Space:
    def make(name: str, **options: object) -> Party:
        return party(name, **{**options, "areas": WHOLE, "env": ENV})

    made = Space(party("hub", areas=HUB_AREAS, role="hub"), make)
    made.renew()
    return made


@pytest.mark.sweep
@pytest.mark.parametrize("text", NAMES[:6])
def test_names_and_titles_of_others_are_text(space: Space, text: str):
    """What the operator registered, and what the provider signed; facets and hits, zh and en."""
    acme = space.firm("acme", nameEn=text, nameZh=text)
    bolt = space.firm("bolt")
    space.settle(acme, bolt)
    assert publish(space, acme, dataset("urn:a:one", zh=text, en=text)).status == 201
    for language in ("en", "zh"):
        html = Desk(bolt, "cdo", language).get("/catalogue")
        harmless(html, text)
        assert told(html).count(" ".join(text.split())) >= 3, "menu, title, name"
        assert "/catalogue/did%3Aweb%3Aacme.example/urn%3Aa%3Aone" in hrefs(html)


def test_searching_narrowing_and_a_hub_that_is_away(space: Space, net: Net):
    """Facets with counts and names, filters kept; without the hub one refusal, the page kept."""
    acme, bolt = space.firm("acme"), space.firm("bolt")
    space.settle(acme, bolt)
    for number, domain in enumerate(("production", "maintenance")):
        what = dataset(f"urn:a:{number}", en=f"Thing {number}", domain=domain)
        assert publish(space, acme, what).status == 201
    desk = Desk(bolt)
    page = told(desk.get("/catalogue"))
    assert "2 found" in page
    assert "acme Ltd (2)" in page
    assert "production (1)" in page
    narrowed = told(desk.get("/catalogue?domain=production&text=thing"))
    assert "1 found" in narrowed
    assert "Nothing fits" in told(desk.get("/catalogue?text=absent"))
    del net.apps["https://hub.example"]
    html = desk.get("/catalogue?text=thing&domain=production")
    assert html.count('class="refusal"') == 1
    assert 'value="thing"' in html
    assert '<option value="production" selected>' in html
    assert "DID of the provider" in told(html)


def test_the_top_bar_has_the_certified_name_of_the_firm(space: Space):
    """In the language of the page; its DID is the title. Whatever stands in it is text."""
    acme = space.firm("acme", nameEn="Acme <b>Ltd", nameZh="顶点<b>公司")
    for language, name in (("en", "Acme &lt;b&gt;Ltd"), ("zh", "顶点&lt;b&gt;公司")):
        page = Desk(acme, "cdo", language).get("/catalogue")
        assert f'<bdi class="firm" title="{acme.did}">{name}</bdi>' in page


def test_a_firm_is_found_by_a_part_of_its_name(space: Space):
    """In any case of letters, in both languages; a DID is taken as it is, % and _ as they are."""
    acme, bolt = space.firm("acme", nameEn="Acme Castings", nameZh="顶点铸造"), space.firm("bolt")
    space.settle(acme, bolt)
    with bolt.node.db.reading() as session:
        for text in ("castings", "ACME", "顶点", acme.did):
            assert parties_named(session, text) == {acme.did}, text
        assert parties_named(session, " ") is None
        for text in ("%", "_", "nobody", "'"):
            assert parties_named(session, text) == frozenset(), text
        assert parties_named(session, "did:web:nobody.example") == {"did:web:nobody.example"}
