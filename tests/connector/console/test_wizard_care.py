"""What the wizard does not do at one click, and what it keeps of what was typed."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from catalog import draft_reason_words
from catalog.product_file import read_product
from connector.areas.products import store
from connector.areas.products.drafts import Drafts
from connector.areas.products.pages import columns_words, offer_words, publish_words, wizard_words
from connector.areas.products.publish import publish
from tests.connector.console import test_wizard as wizard
from tests.connector.console.test_wizard import draft_of, fields, page, upload
from tests.connector.delivery import shop
from tests.connector.products import test_drafts as drafts
from tests.connector.products.test_drafts import orders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from connector.areas.products.rows import ProductDraftRow
    from crypto.words import Language
    from tests.connector.console.conftest import Browser
    from tests.simulators import Party

LANGUAGES = ("zh", "en")


@pytest.fixture
def browser(party: Callable[..., Party]) -> Iterator[Browser]:
    """A firm's whole connector and a steward's browser."""
    for one in wizard.made(party, "acme"):
        one.enter("steward")
        yield one


def begun(browser: Browser, name: str = "orders.csv") -> str:
    at = draft_of(upload(browser, orders().encode(), name))
    page(browser, f"{at}/columns")
    return at


def ticked(form: dict[str, Any]) -> dict[str, Any]:
    """The form of the columns with every box ticked."""
    return form | {n.replace("_was", "_confirmed"): "yes" for n in form if n.endswith("_was")}


def checked(text: str) -> set[str]:
    """The names of the boxes that are ticked on a page."""
    boxes = re.findall(r'<input[^>]*name="([^"]+)" type="checkbox"[^>]* checked', text)
    return set(boxes)


def test_a_draft_is_not_dropped_at_one_click(browser: Browser) -> None:
    """On each step it asks for a tick first; of a draft that was published nothing is left."""
    at = begun(browser)
    kept = browser.party.node.services[Drafts]
    for step in ("columns", "preview", "offer", "seen", "publish"):
        form = fields(page(browser, f"{at}/{step}"), "drop")
        assert "drop_understood" not in form
        refused = browser.post(f"{at}/{step}", form)
        assert refused.status_code == 400
        assert "console-not-confirmed" in refused.get_data(as_text=True)
        assert len(kept.listed()) == 1
    sure = form | {"drop_understood": "yes"}
    assert browser.post(f"{at}/publish", sure).status_code == 303
    assert kept.listed() == []


@pytest.mark.long
def test_what_was_published_has_no_file_to_drop(browser: Browser) -> None:
    told = drafts.begun(browser.party, orders().encode())
    told = drafts.previewed(browser.party, drafts.confirm(browser.party, told))
    told = drafts.previewed(browser.party, drafts.offered(browser.party, told, level=1))
    assert drafts.published(browser.party, told)["state"] == "done"
    for step in ("columns", "publish"):
        text = page(browser, f"/drafts/{told['draft']['id']}/{step}")
        assert 'data-form="drop"' not in text
        assert "leaves the list by itself" in text


def test_another_form_of_the_page_takes_no_tick_away(browser: Browser) -> None:
    """Whoever is refused to drop the draft finds the columns as they stand, with their ticks."""
    at = begun(browser)
    form = ticked(fields(page(browser, f"{at}/columns"), "columns"))
    assert browser.post(f"{at}/columns", form).status_code == 303
    stands = checked(page(browser, f"{at}/columns"))
    assert stands
    text = page(browser, f"{at}/columns")
    drop = fields(text, "drop") | {"c3_unit": "of another form"}
    answer = browser.post(f"{at}/columns", drop).get_data(as_text=True)
    assert checked(answer) == stands
    assert "of another form" not in answer


WRONG = [
    ("c3_lower", "4.000,00", "4.000,00"),
    ("c3_upper", "1,000", "1,000"),
    ("c3_upper", "", ""),
    ("c3_upper", "-5", "-5"),
    ("c3_name", "Amount of it", "Amount of it"),
    ("c3_name", "select", "select"),
    ("c1_order", "0", "0"),
    ("c1_order", "1.5", "1.5"),
    ("c1_order", "100", "100"),
    ("c1_lower", "MMXX", "MMXX"),
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_typed_wrong_is_refused_at_its_field(browser: Browser, language: Language) -> None:
    """At once, by field and format; what was typed and ticked is kept, and nothing is saved."""
    at = begun(browser)
    browser.enter("steward", language)
    drawn = fields(page(browser, f"{at}/columns"), "columns")
    assert {"c3_lower", "c1_order", "c2_order"} <= drawn.keys()
    for name, typed, kept in (*WRONG, ("c2_order", drawn["c1_order"], drawn["c1_order"])):
        form = ticked(drawn) | {"c3_unit": "CNY"} | {name: typed}
        answer = browser.post(f"{at}/columns", form)
        text = answer.get_data(as_text=True)
        assert answer.status_code == 400, (name, typed)
        assert "draft.column-field" in text
        faulty = re.findall(r'<input id="f-([^"]+)"[^>]*aria-invalid="true"', text)
        assert faulty == [name] or (name == "c2_order" and faulty == ["c1_order"]), (name, typed)
        assert f'id="f-{faulty[0]}-wrong"' in text
        assert "product file" not in text.partition("<details>")[0].lower()
        again = fields(text, "columns")
        assert (again[name], again["c3_unit"]) == (kept, "CNY")
        assert checked(text) == {f"c{place}_confirmed" for place in range(4)}
    if language == "en":
        assert "importance" in text
        form = ticked(drawn) | {"c3_lower": "4.000,00"}
        text = browser.post(f"{at}/columns", form).get_data(as_text=True)
        assert "no marks between thousands" in text
    again = fields(page(browser, f"{at}/columns"), "columns")
    assert again["c3_unit"] == ""


def test_a_column_that_becomes_a_dimension_is_the_least_important(browser: Browser) -> None:
    """It gets the next number by itself: none is 0, none is there twice."""
    at = begun(browser)
    form = ticked(fields(page(browser, f"{at}/columns"), "columns"))
    assert browser.post(f"{at}/columns", form | {"c3_role": "dimension"}).status_code == 303
    drawn = fields(page(browser, f"{at}/columns"), "columns")
    assert sorted(drawn[n] for n in drawn if n.endswith("_order")) == ["1", "2", "3"]
    assert drawn["c3_order"] == "3"
    assert "c3_confirmed" not in checked(page(browser, f"{at}/columns"))


def test_an_offer_says_what_is_wrong_in_its_own_words(browser: Browser) -> None:
    """Each field by what it is called on the page, never by a key of a product file."""
    at = begun(browser)
    form = ticked(fields(page(browser, f"{at}/columns"), "columns"))
    assert browser.post(f"{at}/columns", form).status_code == 303
    drawn = fields(page(browser, f"{at}/offer?template=trial"), "offer")
    drawn |= {"recipients": "did:web:buyer.example", "title_en": "Our orders"}
    for name, typed in (
        ("id", "Not An Id"),
        ("table", "select"),
        ("count", "many"),
        ("minimum", "2"),
        ("until", "tomorrow"),
        ("other", "no iri"),
    ):
        answer = browser.post(f"{at}/offer", drawn | {name: typed})
        text = answer.get_data(as_text=True)
        assert answer.status_code == 400, name
        assert "draft.offer-field" in text, name
        assert f'id="f-{name}-wrong"' in text, name
        assert "product file" not in text.partition("<details>")[0].lower()
        again = fields(text, "offer")
        assert (again[name], again["title_en"]) == (typed, "Our orders")


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_step_shows_the_way_on(browser: Browser, language: Language) -> None:
    """What is left to do is a button; a preview of before says so where it is shown."""
    at = begun(browser)
    browser.enter("steward", language)
    link = f'<a class="button" href="{at}/'
    assert f"{link}columns" in page(browser, f"{at}/publish")
    form = ticked(fields(page(browser, f"{at}/columns"), "columns"))
    assert browser.post(f"{at}/columns", form).status_code == 303
    assert f"{link}preview" in page(browser, f"{at}/publish")
    assert f"{link}preview" in page(browser, f"{at}/seen")
    text = page(browser, f"{at}/preview")
    assert browser.post(f"{at}/preview", fields(text, "preview")).status_code == 303
    page(browser, f"{at}/preview")
    before = page(browser, f"{at}/offer?template=trial")
    assert offer_words.INTRO.said(language) in before
    offer = fields(before, "offer") | {"recipients": "did:web:buyer.example", "title_en": "Ours"}
    assert browser.post(f"{at}/offer", offer).status_code == 303
    text = page(browser, f"{at}/offer")
    assert offer_words.INTRO.said(language) not in text
    assert f'href="{at}/seen"' in text
    seen = page(browser, f"{at}/seen")
    assert wizard_words.STALE.said(language) not in seen
    assert f"{link}publish" in seen
    assert publish_words.READY.said(language) in page(browser, f"{at}/publish")
    form = fields(page(browser, f"{at}/columns"), "columns") | {"c3_upper": "99999"}
    assert browser.post(f"{at}/columns", ticked(form)).status_code == 303
    seen = page(browser, f"{at}/seen")
    assert wizard_words.STALE.said(language) in seen
    assert f'href="{at}/preview">{wizard_words.PREVIEW_AGAIN.said(language)}' in seen
    assert f"{link}preview" in page(browser, f"{at}/publish")


def test_a_file_with_an_offer_is_not_said_to_have_none(browser: Browser, tmp_path: Path) -> None:
    """Its offers are no sentences about questions; that nobody can ask would be read as a lack."""
    for offer, said in ((shop.OFFER, "offers: 1"), ("", "nobody can ask")):
        name = f"parts-{len(offer)}"
        data = tmp_path / f"{name}.csv"
        data.write_bytes(f"part,qty,{name}\n".encode() + shop.CONTENT)
        publish(browser.party.node, shop.PRODUCT.replace("parts", name) + offer, data)
        assert said in page(browser, f"/products/{name}")


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_second_file_of_a_name_gets_a_free_identifier(
    browser: Browser, language: Language
) -> None:
    """Whether a product or a draft has the first one; the page of the offer says so."""
    browser.enter("steward", language)
    told = drafts.confirm(browser.party, drafts.begun(browser.party, orders().encode(), "way.csv"))
    assert told["outline"]["about"]["id"] == "way"
    second = drafts.begun(browser.party, orders().encode(), "way.csv")
    assert second["outline"]["about"]["id"] == "way-2"
    assert 'id = "way-2"' in second["text"]
    told = drafts.offered(browser.party, told, id="way")
    assert drafts.published(browser.party, told)["state"] == "done"
    third = drafts.begun(browser.party, orders().encode(), "way.csv")
    assert third["outline"]["about"]["id"] == "way-3"
    said = offer_words.ID_INSTEAD.filled(language, {"first": "way", "id": "way-3"})
    text = page(browser, f"/drafts/{third['draft']['id']}/offer")
    assert said.replace("'", "&#39;") in text
    third = drafts.offered(browser.party, drafts.confirm(browser.party, third), id="way")
    text = page(browser, f"/drafts/{third['draft']['id']}/offer")
    assert offer_words.ID_STANDS.said(language) in text


def test_a_chinese_text_has_no_key_of_ours(browser: Browser) -> None:
    """What may not change once published is called by its name in each language."""
    browser.enter("steward", "zh")
    told = drafts.confirm(browser.party, drafts.begun(browser.party, orders().encode(), "way.csv"))
    assert drafts.published(browser.party, drafts.offered(browser.party, told))["state"] == "done"
    told = drafts.begun(browser.party, orders().encode(), "b.csv")
    told = drafts.confirm(browser.party, told, 运输方式={"name": "how", "codes": ["空运", "铁路"]})
    told = drafts.previewed(browser.party, drafts.offered(browser.party, told))
    found = {one["code"]: one["message"] for one in told["preview"]["findings"]}
    said = found["product.reshaped"]["zh"]
    assert said.startswith("产品 `orders` 的维度一经发布不能更改")
    assert not re.findall("[A-Za-z]{4,}", said.replace("`orders`", ""))
    assert "the dimensions" in found["product.reshaped"]["en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_column_that_is_not_used_says_why(browser: Browser, language: Language) -> None:
    at = begun(browser)
    browser.enter("steward", language)
    text = page(browser, f"{at}/columns")
    assert draft_reason_words.PRIVATE.said(language) in text  # 备注
    form = ticked(fields(text, "columns")) | {"c2_role": "unused"}
    assert browser.post(f"{at}/columns", form).status_code == 303
    assert draft_reason_words.BY_A_PERSON.said(language) in page(browser, f"{at}/columns")


def deliveries() -> bytes:
    """Orders that were promised for a day and came on another one."""
    lines = ["customer,promised,received,pieces"]
    for row in range(600):
        came = f"2025-0{1 + row % 9}-{10 + row % 7 + row % 3}"
        lines.append(f"Works {row % 40},2025-0{1 + row % 9}-{10 + row % 7},{came},{1 + row % 9}")
    return ("\n".join(lines) + "\n").encode()


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_two_columns_of_days_can_be_a_measure(browser: Browser, language: Language) -> None:
    """Proposed as actual less promised, taken when it is ticked, and published as any other."""
    browser.enter("steward", language)
    at = draft_of(upload(browser, deliveries(), "late.csv"))
    text = page(browser, f"{at}/columns")
    assert columns_words.DAYS_WHY.said(language) in text
    form = ticked(fields(text, "columns"))
    assert (form["d0_later"], form["d0_earlier"], form["d0_name"]) == ("2", "1", "days_late")
    for name, typed in (
        ("d0_lower", "1.000"),
        ("d0_upper", "-40"),
        ("d0_earlier", "2"),
        ("d0_name", "pieces"),
        ("d0_name", "select"),
    ):
        answer = browser.post(f"{at}/columns", form | {"d0_use": "yes", name: typed})
        assert answer.status_code == 400, (name, typed)
        refused = answer.get_data(as_text=True)
        assert f'id="f-{name}-wrong"' in refused
        assert "d0_use" in checked(refused)
        assert fields(refused, "columns")[name] == typed
    assert browser.post(f"{at}/columns", form).status_code == 303
    assert "days_late" not in draft(browser).text
    sent = form | {"seen": "2", "d0_use": "yes", "d0_upper": "5", "d0_lower": "0"}
    assert browser.post(f"{at}/columns", sent).status_code == 303
    assert "d0_use" in checked(page(browser, f"{at}/columns"))
    (measure,) = [one for one in read_product(draft(browser).text).measures if one.unit == "d"]
    assert (measure.name, measure.lower, measure.upper) == ("days_late", Decimal(0), Decimal(5))
    told = drafts.settled(browser.party, at.rpartition("/")[2])
    told = drafts.previewed(browser.party, drafts.offered(browser.party, told, level=1))
    assert told["preview"]["findings"] == []
    assert "days_late" in told["preview"]["cells"]["measures"]
    assert told["outline"]["days"][0]["name"] == "days_late"
    assert drafts.published(browser.party, told)["state"] == "done"
    with browser.party.node.db.reading() as session:
        table = store.protected_table(session, "orders").table
    assert "days_late" in [figure.name for figure in table.figures]


def draft(browser: Browser) -> ProductDraftRow:
    """The draft that was changed last."""
    kept = browser.party.node.services[Drafts]
    return kept.row(kept.listed()[0].id)


def test_one_column_of_days_is_no_measure(browser: Browser) -> None:
    assert "d0_use" not in page(browser, f"{begun(browser)}/columns")
