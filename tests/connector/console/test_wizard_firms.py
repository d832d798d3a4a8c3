"""Whom an offer is for: chosen by name of those whom the operator certifies, refused while written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from catalog.product_file import read_product
from catalog.status import StatusEntry, sign_status
from connector.areas.products.drafts import Drafts
from connector.process.ports import unix
from tests.connector.console import test_wizard as wizard
from tests.connector.console.test_wizard import fields, page
from tests.connector.products import test_drafts as drafts
from tests.connector.products.test_drafts import orders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.connector.console.conftest import Browser
    from tests.simulators import Party, StandingClock

NAMES = {
    "did:web:acme.example": ("甲公司", "Acme"),
    "did:web:buyer.example": ("买方一厂", "Buyer Works Co., Ltd."),
    "did:web:other.example": ("乙公司", "Twice"),
    "did:web:third.example": ("丙公司", "Twice"),
    "did:web:gone.example": ("丁公司", "Gone"),
    "did:web:evil.example": ("<b>戊</b>", "<b>Evil</b>"),
    "did:web:liar.example": ("did:web:buyer.example", "did:web:newcomer.example"),
}


@pytest.fixture
def browser(party: Callable[..., Party], clock: StandingClock) -> Iterator[Browser]:
    """A firm of a space whose operator certifies six, and names one that is revoked."""
    hub = party("hub", role="hub")
    for one in wizard.made(party, "acme", hub=hub.did):
        entries = [
            StatusEntry(
                did=did,  # type: ignore[arg-type]
                status="revoked" if did == "did:web:gone.example" else "certified",
                expires=unix(clock.now()) + 86_400,
                legal_group="G",
                name_zh=zh,
                name_en=en,
            )
            for did, (zh, en) in NAMES.items()
        ]
        document = sign_status(
            entries,
            issuer=hub.did,
            space=hub.node.settings.space,
            serial=1,
            now=unix(clock.now()),
            lifetime_seconds=900,
            key=hub.node.keys.agreements,
            kid=hub.node.keys.agreements_kid,
        )
        node = one.party.node
        node.peers.document(hub.did)
        with node.db.transaction() as tx:
            node.status.accept(tx, document)
        one.enter("steward")
        yield one


def ready(browser: Browser) -> str:
    told = drafts.confirm(browser.party, drafts.begun(browser.party, orders().encode(), "a.csv"))
    return f"/drafts/{told['draft']['id']}"


def kept(browser: Browser) -> list[str]:
    """Whom the only draft is for, as it is kept and as its product file says."""
    store = browser.party.node.services[Drafts]
    row = store.row(store.listed()[0].id)
    found = list(json.loads(row.outline)["offer"]["recipients"])
    assert list(read_product(row.text).offers[0].terms.recipients) == found
    return found


def test_firms_are_chosen_by_their_names(browser: Browser) -> None:
    """Whoever is certified has a box with its name; our own firm and who was revoked have none."""
    at = ready(browser)
    text = page(browser, f"{at}/offer?template=trial")
    for did in ("did:web:buyer.example", "did:web:other.example", "did:web:third.example"):
        assert f'name="firms" type="checkbox" value="{did}"' in text
    assert "Buyer Works Co., Ltd. (did:web:buyer.example)" in text
    assert 'value="did:web:gone.example"' not in text
    assert 'value="did:web:acme.example"' not in text
    assert "&lt;b&gt;Evil" in text
    form = fields(text, "offer") | {"firms": ["did:web:buyer.example", "did:web:other.example"]}
    answer = browser.post(f"{at}/offer", form)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert kept(browser) == ["did:web:buyer.example", "did:web:other.example"]
    again = fields(page(browser, f"{at}/offer"), "offer")
    assert set(again["firms"]) == {"did:web:buyer.example", "did:web:other.example"}
    assert again["recipients"] == ""


@pytest.mark.parametrize("name", ["买方一厂", "Buyer Works Co., Ltd.", "did:web:buyer.example"])
def test_a_name_that_is_typed_is_its_firm(browser: Browser, name: str) -> None:
    """In either language, beside the boxes; it is kept as the DID. A DID is nobody's name."""
    at = ready(browser)
    form = fields(page(browser, f"{at}/offer?template=trial"), "offer")
    form["recipients"] = f"  {name}\r\n\r\ndid:web:third.example did:web:other.example"
    answer = browser.post(f"{at}/offer", form)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert kept(browser) == [
        "did:web:buyer.example", "did:web:third.example", "did:web:other.example",
    ]  # fmt: skip


@pytest.mark.sweep
@pytest.mark.parametrize(
    "name",
    [
        *("Nobody Ltd.", "did:web:nobody.example", "did:web:gone.example", "Gone", "did:nonsense"),
        "did:web:newcomer.example",
        "Twice",
    ],
)
def test_who_is_unknown_is_refused_at_the_field(browser: Browser, name: str) -> None:
    """While the offer is written, and all that was typed and ticked is still there."""
    at = ready(browser)
    form = fields(page(browser, f"{at}/offer?template=trial"), "offer")
    form |= {"recipients": name, "firms": ["did:web:buyer.example"], "title_en": "Ours"}
    answer = browser.post(f"{at}/offer", form)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "draft.recipients" in text
    assert 'id="f-recipients-wrong"' in text
    assert name in text
    again = fields(text, "offer")
    assert (again["recipients"], again["title_en"]) == (name, "Ours")
    assert again["firms"] == ["did:web:buyer.example"]


def test_many_firms_are_found_while_one_types(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond so many boxes the rest is a list to type into; whoever was chosen keeps its box."""
    monkeypatch.setattr("connector.areas.products.pages.offer._MOST_FIRMS", 1)
    at = ready(browser)
    text = page(browser, f"{at}/offer?template=trial")
    assert text.count('name="firms"') == 1
    assert 'list="f-firms"' in text
    assert text.count('<option value="did:web:') == 4
    form = fields(text, "offer") | {"another": "did:web:third.example"}
    assert browser.post(f"{at}/offer", form).status_code == 303
    assert kept(browser) == ["did:web:third.example"]
    again = fields(page(browser, f"{at}/offer"), "offer")
    assert again["firms"] == ["did:web:third.example"]
