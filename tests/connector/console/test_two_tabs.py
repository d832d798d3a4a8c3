"""Two tabs: what a page writes back whole is refused once something else stands than it showed.

Every form of every page stands in one of the lists below, or the first test fails; each of the
list `SHOWN` says what it showed, and is sent here from a tab that was left open.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlmodel import select

from connector.areas.products.rows import ProductDraftRow, ProductRow
from connector.compose import hub, participant
from connector.compose.pages.differing import MOST_LINES, differing
from tests.connector.console.test_wizard import fields, made, page
from tests.connector.products import test_drafts as drafts
from tests.connector.products.test_drafts import orders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.connector.console.conftest import Browser
    from tests.simulators import Party

AT: Final = "/products/orders"
STEPS: Final = ("columns", "offer", "preview", "publish", "seen")
# writes back, or takes away for good, what was read: it names what was shown, and is tried here
SHOWN: Final = {
    ("products.one", "offers"),
    ("products.one", "withdraw"),
    ("products.one", "unpublish"),
    ("products.columns", "columns"),
    ("products.offer", "offer"),
    ("products.publish", "publish"),
    *((f"products.{step}", form) for step in STEPS for form in ("read", "drop")),
}
# the same, tried where their areas are
ELSEWHERE: Final = {
    ("people.person", "roles"): "people/test_pages.py",
    ("membership.own", "apply"): "consuming/test_membership_page.py",
    ("hub.application", "approve"): "hub/test_certifying.py: the digest of the application",
    ("hub.application", "reject"): "the same",
    ("hub.participant", "suspend"): "hub/test_seen_pages.py: the digest of the entry",
    ("hub.participant", "reinstate"): "the same",
    ("hub.participant", "revoke"): "the same",
    ("dsp.negotiation", "accept"): "consuming/test_by_forms.py: the digest of the terms",
    ("asking.dataset", "ask"): "an offer's id is a digest of its terms",
    ("people.request", "agree"): "people/test_four_eyes.py: a request never changes",
    ("people.request", "fetch"): "the same",
}
# says something new; nothing that was read is written back
NEW: Final = {
    ("asking.answer", "ask"),
    ("asking.new", "ask"),
    ("asking.new", "check"),
    ("asking.contract", "open"),
    ("delivery.one", "retry"),
    ("firm.connector", "add"),
    ("firm.messages", "retry"),
    ("membership.own", "look"),
    ("people.list", "invite"),
    ("people.person", "renew"),
    ("products.begin", "upload"),
    ("products.one", "refresh"),  # by the product file that stands
    ("products.preview", "preview"),
    *((f"products.{step}", "cancel") for step in STEPS),
}
# ends or pauses what it names, whatever became of it: nothing is opened by that
LESS: Final = {
    ("asking.contract", "end"),
    ("asking.contract", "pause"),
    ("delivery.one", "complete"),
    ("delivery.one", "end"),
    ("delivery.one", "pause"),
    ("dsp.negotiation", "terminate"),
    ("firm.connector", "revoke"),
    ("people.person", "end"),
    ("people.request", "decline"),
    ("people.request", "withdraw"),
}
# lifts the pause that stands, which docs/limitations.md says
OPEN: Final = {("asking.contract", "resume"), ("delivery.one", "resume")}


def test_every_form_stands_in_one_list():
    found = {
        (one.name, form.name)
        for area in (*participant.AREAS, *hub.AREAS)
        for one in area.pages
        for form in one.forms
    }
    lists = (SHOWN, ELSEWHERE.keys(), NEW, LESS, OPEN)
    assert found == set().union(*lists)
    assert len(found) == sum(map(len, lists)), "in one alone"


@pytest.fixture
def browser(party: Callable[..., Party]) -> Iterator[Browser]:
    yield from made(party, "acme")


@pytest.fixture
def shop(browser: Browser) -> Browser:
    """With a product of level 1 on offer, and its cdo."""
    told = drafts.begun(browser.party, orders().encode())
    told = drafts.confirm(browser.party, told)
    told = drafts.previewed(browser.party, drafts.offered(browser.party, told, level=1))
    assert drafts.published(browser.party, told)["state"] == "done"
    browser.enter("cdo")
    return browser


def text_of(browser: Browser) -> str:
    with browser.party.node.db.reading() as session:
        return session.get_one(ProductRow, "orders").text


def sent(browser: Browser, path: str, form: dict[str, Any], **more: Any) -> tuple[int, str]:
    answer = browser.post(path, form | more)
    return answer.status_code, answer.get_data(as_text=True)


def changed(text: str, what: str) -> str:
    """The product file with another count of answers: what two persons write at once."""
    assert "count = 50" in text
    return text.replace("count = 50", what)


def write(browser: Browser, form: dict[str, Any], text: str) -> None:
    answer = browser.post(AT, form | {"text": text})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    page(browser, answer.headers["Location"])


@pytest.mark.long
@pytest.mark.parametrize("language", ["zh", "en"])
def test_two_persons_edit_a_product_at_once(shop: Browser, language: str):
    """The second is refused, sees what differs, keeps what was typed, and may then go on."""
    shop.enter("cdo", language)
    first = fields(page(shop, AT), "offers")
    second = dict(first)
    write(shop, first, changed(first["text"], "count = 10"))
    stands = text_of(shop)
    assert "count = 10" in stands
    mine = changed(second["text"], "count = 900")
    status, html = sent(shop, AT, second, text=mine)
    assert status == 409
    assert "product.changed" in html
    assert text_of(shop) == stands
    (pre,) = re.findall(r'banner.*?<pre tabindex="0">(.*?)</pre>', html, re.DOTALL)
    assert re.findall(r"^([-+]) .*?(count = \d+)", pre, re.MULTILINE) == [
        ("-", "count = 10"),
        ("+", "count = 900"),
    ]
    again = fields(html, "offers")
    assert again["text"].strip() == mine.strip()
    write(shop, again, again["text"])
    assert "count = 900" in text_of(shop)


def test_an_old_tab_brings_nothing_back(shop: Browser):
    """Looser terms that stood once, a product that was withdrawn, one that was taken back."""
    old = fields(page(shop, AT), "offers")
    write(shop, dict(old), changed(old["text"], "count = 10"))
    assert sent(shop, AT, old)[0] == 409
    old = fields(page(shop, AT), "offers")
    assert shop.party.manage("DELETE", "/v1/products/orders", {})[0] == 200
    assert sent(shop, AT, old)[0] == 409
    (one,) = shop.party.manage("GET", "/v1/products")[1]["products"]
    assert one["state"] == "withdrawn"


@pytest.mark.long
@pytest.mark.parametrize("form", ["withdraw", "unpublish"])
def test_nothing_is_taken_off_that_is_another_by_now(shop: Browser, form: str):
    html = page(shop, AT)
    old, offers = fields(html, form), fields(html, "offers")
    write(shop, offers, changed(offers["text"], "count = 10"))
    ending = {"reason": "old", "understood": "yes"}
    status, html = sent(shop, AT, old, **ending)
    assert status == 409
    assert "product.changed" in html
    (one,) = shop.party.manage("GET", "/v1/products")[1]["products"]
    assert one["state"] == "published"
    assert sent(shop, AT, fields(html, form), **ending)[0] == 303


@pytest.mark.long
@pytest.mark.parametrize("form", ["offers", "withdraw", "unpublish"])
def test_another_refusal_does_not_show_what_changed(shop: Browser, form: str):
    """Who is refused for a slip keeps the mark of what it saw: its next try is refused, too."""
    html = page(shop, AT)
    old, offers = fields(html, form), fields(html, "offers")
    write(shop, offers, changed(offers["text"], "count = 10"))
    slip = {"text": "id = "} if form == "offers" else {"reason": ""}
    status, html = sent(shop, AT, old, **slip)
    assert status == 400
    again = fields(html, form) | {"text": old.get("text", ""), "reason": "r", "understood": "yes"}
    assert sent(shop, AT, again)[0] == 409


@pytest.mark.long
@pytest.mark.sweep
@pytest.mark.parametrize("form", ["offers", "withdraw", "unpublish"])
@pytest.mark.parametrize("switch", [{"_language": "zh"}, {"_theme": "dark"}])
def test_another_language_does_not_show_what_changed(shop: Browser, form: str, switch: Any):
    """What was typed stays without a script; what it was typed about is not what stands now."""
    html = page(shop, AT)
    old, offers = fields(html, form), fields(html, "offers")
    write(shop, offers, changed(offers["text"], "count = 10"))
    status, html = sent(shop, AT, old, reason="r", understood="yes", **switch)
    assert (status, "refusal" in html) == (200, False)
    again = fields(html, form) | {"text": old.get("text", ""), "reason": "r", "understood": "yes"}
    status, html = sent(shop, AT, again)
    assert (status, "product.changed" in html) == (409, True)


@pytest.mark.long
@pytest.mark.parametrize(("form", "other"), [("withdraw", "unpublish"), ("unpublish", "withdraw")])
def test_a_tick_stays_in_its_form(shop: Browser, form: str, other: str):
    """And is given anew once something else stood than was seen."""
    html = page(shop, AT)
    old, offers = fields(html, form), fields(html, "offers")
    typed = old | {"reason": "old", "understood": "yes"}
    ticked = r'id="{}-understood" name="understood" type="checkbox" value="yes" checked'
    for status, more in ((200, {"_language": "en"}), (400, {"reason": ""})):
        got, html = sent(shop, AT, typed, **more)
        assert got == status
        assert re.search(ticked.format(form), html), "what was typed stays"
        assert not re.search(ticked.format(other), html)
        assert fields(html, other).get("reason", "") == ""
    write(shop, offers, changed(offers["text"], "count = 10"))
    got, html = sent(shop, AT, typed)
    assert got == 409
    assert "-understood" in html
    assert not re.search(ticked.format(form), html)


@pytest.mark.long
@pytest.mark.parametrize("form", ["offers", "withdraw", "unpublish"])
def test_a_page_that_names_nothing_has_seen_nothing(shop: Browser, form: str):
    old = fields(page(shop, AT), form) | {"reason": "r", "understood": "yes"}
    del old["seen"]
    assert sent(shop, AT, old)[0] == 409


def test_the_file_of_another_product_is_not_published_here(shop: Browser):
    old = fields(page(shop, AT), "offers")
    other = old["text"].replace('id = "orders"', 'id = "others"')
    status, html = sent(shop, AT, old, text=other)
    assert (status, "product.other" in html) == (400, True)


def test_programs_may_name_what_they_saw(shop: Browser):
    """Through the API it is asked only of who says so; `product.show` gives it."""
    mark = shop.party.manage("GET", AT.replace("/", "/v1/", 1))[1]["mark"]
    body = {"product": changed(text_of(shop), "count = 10")}
    assert shop.party.manage("POST", "/v1/product-checks", body | {"seen": mark})[0] == 202
    offers = fields(page(shop, AT), "offers")
    write(shop, offers, changed(offers["text"], "count = 20"))
    status, refused = shop.party.manage("POST", "/v1/products", body | {"seen": mark})
    assert (status, refused["error"]["code"]) == (409, "product.changed")
    status, refused = shop.party.manage("POST", "/v1/product-checks", body | {"seen": mark})
    assert (status, refused["error"]["code"]) == (409, "product.changed")
    assert shop.party.manage("POST", "/v1/products", body)[0] == 202


@pytest.fixture
def draft(browser: Browser) -> str:
    """The path of a draft that is ready to be published, and a steward."""
    told = drafts.begun(browser.party, orders().encode())
    told = drafts.confirm(browser.party, told)
    told = drafts.previewed(browser.party, drafts.offered(browser.party, told, level=1))
    browser.enter("steward")
    return f"/drafts/{told['draft']['id']}"


def changes(browser: Browser) -> int:
    with browser.party.node.db.reading() as session:
        return session.exec(select(ProductDraftRow)).one().seen


@pytest.mark.long
@pytest.mark.sweep
@pytest.mark.parametrize(
    ("step", "form"),
    [("columns", "columns"), ("offer", "offer"), ("publish", "publish")]
    + [(step, "drop") for step in STEPS],
)
def test_a_draft_is_changed_by_who_saw_it(browser: Browser, draft: str, step: str, form: str):
    """Refused from an old tab, and again when what was refused is sent once more."""
    old = fields(page(browser, f"{draft}/{step}"), form)
    offer = fields(page(browser, f"{draft}/offer"), "offer")
    assert sent(browser, f"{draft}/offer", offer, title_en="Changed")[0] == 303
    before = changes(browser)
    sure = {"drop_understood": "yes"} if form == "drop" else {}
    status, html = sent(browser, f"{draft}/{step}", old, **sure)
    assert (status, "draft.changed" in html) == (409, True)
    assert sent(browser, f"{draft}/{step}", fields(html, form), **sure)[0] == 409
    fresh = fields(page(browser, f"{draft}/{step}"), form)
    assert fresh["seen"] == str(before)
    assert changes(browser) == before


@pytest.mark.sweep
@pytest.mark.parametrize("step", STEPS)
def test_a_draft_is_read_anew_by_who_saw_it(browser: Browser, draft: str, step: str):
    """It gives up all that was decided. The button is there for workbooks and after a stop."""
    old = fields(page(browser, f"{draft}/{step}"), "drop") | {"_form": "read", "head": "1"}
    offer = fields(page(browser, f"{draft}/offer"), "offer")
    assert sent(browser, f"{draft}/offer", offer, title_en="Changed")[0] == 303
    status, html = sent(browser, f"{draft}/{step}", old)
    assert (status, "draft.changed" in html) == (409, True)


def test_what_differs_is_bounded():
    """However long two texts are, a page says in how much they differ, or that it is too much."""
    assert differing("a\nb\n", "a\nc\n") == [("-", "b"), ("+", "c")]
    assert differing("a", "a") == []
    long = [str(n) for n in range(20_000)]
    assert differing("\n".join(long), "") is None
    assert differing("\n".join(long), "\n".join(["x", *long, "y"])) is None, "no end is alike"
    other = [*long[:9000], "x", *long[9001:]]
    assert differing("\n".join(long), "\n".join(other)) == [("-", "9000"), ("+", "x")]
    assert differing("a\nb\na", "a\na") == [("-", "b")]
    moved = differing("[a]\nk = 1\n[b]\n", "[a]\n[b]\nk = 1\n")
    assert {sign for sign, _ in moved or ()} == {"-", "+"}, "a line that moved is another"
    alike = ["0", "1"] * MOST_LINES
    assert differing("\n".join([*alike, "x"]), "\n".join(["x", *alike])) is None, "takes seconds"
    assert all(len(line) < 400 for _, line in differing("y" * 10_000, "z" * 10_000) or ())


@pytest.mark.long
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_says_what_an_empty_list_means(shop: Browser, language: str):
    """Of a product published when it was everybody; sent back as it stands, it is refused."""
    shop.enter("cdo", language)
    with shop.party.node.db.transaction() as tx:
        row = tx.session.get_one(ProductRow, "orders")
        row.text = re.sub(r"recipients = \[[^\]]*\]", "recipients = []", row.text)
        assert "recipients = []" in row.text
        tx.session.add(row)
    html = page(shop, AT)
    warned = {"zh": "写有空列表 `recipients`", "en": "has an empty list `recipients`"}
    assert warned[language] in html
    status, refused = sent(shop, AT, fields(html, "offers"))
    assert (status, "product.empty-list" in refused) == (400, True)
    assert "recipients = []" in fields(refused, "offers")["text"]
