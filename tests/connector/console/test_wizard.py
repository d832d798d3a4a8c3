"""From a file to a product by reading only the screen: the wizard's pages, as a browser sends them."""

from __future__ import annotations

import io
import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from connector.areas.products.jobs import Publisher
from connector.areas.products.pages import preview_words as w
from connector.areas.products.pages import publish_words, seen_words
from connector.areas.products.pages.columns import COLUMNS_PAGE
from connector.compose import participant
from connector.console.page import Visit, Visitor
from connector.process.actor import Actor
from tests.connector.console.conftest import PORT, Browser
from tests.connector.console.door import Door, area
from tests.connector.products import test_drafts as drafts
from tests.connector.products.test_drafts import orders
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.simulators import Party

MOST_BYTES = 150_000
FIELD = re.compile(r'<(input|select|textarea)\b[^>]*?name="([^"]+)"([^>]*)>', re.DOTALL)


@pytest.fixture
def browser(party: Callable[..., Party]) -> Iterator[Browser]:
    """A firm's whole connector, whose publisher works, and a steward's browser."""
    yield from made(party, "acme")


def made(
    party: Callable[..., Party], name: str, *, hub: str | None = None, **env: str
) -> Iterator[Browser]:
    door = Door()
    areas = [one for one in participant.AREAS if one.name != "people"]
    known = {"VOILE_CONSOLE_PORT": str(PORT), **env}
    node = party(name, areas=(*areas, area(door)), env=known, hub=hub)
    publisher = node.node.services[Publisher]
    publisher.start()
    assert node.apps.console is not None
    yield Browser(node.apps.console(), door, node)
    publisher.stop()


def upload(browser: Browser, data: bytes, name: str = "订单.csv") -> Any:
    form = {
        "_csrf": browser.token("/new-product"),
        "_form": "upload",
        "product": "",
        "file": (io.BytesIO(data), name),
    }
    return browser.post("/new-product", form, content_type="multipart/form-data")


def page(browser: Browser, path: str) -> str:
    """A page once nothing is under way on it."""

    def look() -> str:
        answer = browser.get(path)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_data(as_text=True)

    found = wait_for(look, lambda text: "data-again" not in text, every=0.05)
    assert len(found.encode()) < MOST_BYTES
    return str(found)


def fields(text: str, form: str) -> dict[str, Any]:
    """What a browser would send with a form as it is drawn."""
    (body,) = re.findall(rf'data-form="{form}">(.*?)</form>', text, re.DOTALL)
    sent: dict[str, Any] = {}
    for kind, name, rest in FIELD.findall(body):
        if kind == "input" and 'type="checkbox"' in rest:
            if " checked" in rest:
                sent.setdefault(name, []).append(value_of(rest))
        elif kind == "input":
            sent[name] = value_of(rest)
        elif kind == "select":
            inner = body.partition(f'name="{name}"')[2].partition("</select>")[0]
            chosen = re.search(r'value="([^"]*)" selected', inner)
            first = re.search(r'<option value="([^"]*)"', inner)
            assert first
            sent[name] = unescape((chosen or first)[1])
        else:
            inner = body.partition(f'name="{name}"')[2].partition(">")[2]
            sent[name] = unescape(inner.partition("</textarea>")[0].removeprefix("\n"))
    return sent


def value_of(rest: str) -> str:
    found = re.search(r'value="([^"]*)"', rest)
    return unescape(found[1]) if found else ""


def table_rows(text: str, caption: str) -> list[list[str]]:
    """The rows of the table under a caption, as text."""
    body = text.partition(f"<caption>{caption}</caption>")[2].partition("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", body.partition("<tbody>")[2], re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[unescape(re.sub("<[^>]+>", "", cell)).strip() for cell in row] for row in cells]


def draft_of(answer: Any) -> str:
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"]).rpartition("/")[0]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_from_a_file_to_a_product(browser: Browser, language: Any) -> None:
    """Five pages, each sent as it is drawn with what a person ticks and fills in."""
    browser.enter("steward", language)
    at = draft_of(upload(browser, orders().encode("gb18030")))
    columns = page(browser, f"{at}/columns")
    form = fields(columns, "columns")
    form |= {"c3_unit": "元", "c3_zh": "金额", "c3_en": "amount"}
    form |= {name.replace("_was", "_confirmed"): "yes" for name in form if name.endswith("_was")}
    assert browser.post(f"{at}/columns", form).status_code == 303
    preview = page(browser, f"{at}/preview")
    assert browser.post(f"{at}/preview", fields(preview, "preview")).status_code == 303
    preview = page(browser, f"{at}/preview")
    assert "<svg" in preview
    assert "空运" in preview
    told = table_rows(preview, w.COUNTED.said(language))
    assert [row[0] for row in told] == ["COUNT(*)", "SUM(金额)"]
    counted = {row[0]: (row[1], sum(map(int, row[1:]))) for row in told}
    answered = table_rows(preview, w.ANSWERED.said(language))
    of = "{1} 组中的 {0} 组" if language == "zh" else "{0} of {1}"
    for term, (count, of_all) in counted.items():
        assert of.format(count, of_all) in answered[-1][2]
        assert term in answered[-1][2]
    offer = fields(page(browser, f"{at}/offer?template=trial"), "offer")
    assert offer["count"] == "10"
    refused = browser.post(f"{at}/offer", offer | {"id": "orders", "recipients": ""})
    assert refused.status_code == 400
    assert 'value="orders"' in refused.get_data(as_text=True)  # what was sent is kept
    sent = offer | {"id": "orders", "recipients": "did:web:buyer.example"}
    assert browser.post(f"{at}/offer", sent).status_code == 303
    shown = page(browser, f"{at}/offer")
    assert "did:web:buyer.example" in shown
    seen = page(browser, f"{at}/seen")
    assert "SELECT" in seen
    assert table_rows(seen, seen_words.MARGINS.said(language)) == answered
    last = page(browser, f"{at}/publish")
    assert browser.party.manage("GET", "/v1/products")[1]["products"] == []
    file = browser.get(f"{at}/product.toml")
    assert "attachment" in file.headers["Content-Disposition"]
    assert 'id = "orders"' in file.get_data(as_text=True)
    answer = browser.post(f"{at}/publish", fields(last, "publish"))
    assert answer.status_code == 303
    assert "/products/orders" in page(browser, answer.headers["Location"])
    (one,) = browser.party.manage("GET", "/v1/products")[1]["products"]
    assert (one["id"], one["state"], one["level"]) == ("orders", "published", 2)
    assert "/products/orders" in page(browser, "/products")
    product = page(browser, "/products/orders")
    assert "SELECT" in product
    assert 'data-form="unpublish"' not in product  # the cdo's alone
    browser.enter("cdo", language)
    product = page(browser, "/products/orders")
    form = fields(product, "unpublish")
    assert browser.post("/products/orders", form).status_code == 400
    sent = form | {"reason": "a first try", "understood": "yes"}
    assert browser.post("/products/orders", sent).status_code == 303
    assert browser.party.manage("GET", "/v1/products")[1]["products"] == []


def test_an_identifier_that_is_taken_is_said_before(browser: Browser) -> None:
    """A draft that is called like a product on offer would put other terms in its place."""
    browser.enter("steward")
    last = []
    for _ in range(2):
        told = drafts.begun(browser.party, orders().encode())
        told = drafts.confirm(browser.party, told)
        told = drafts.previewed(browser.party, drafts.offered(browser.party, told, level=1))
        last.append(page(browser, f"/drafts/{told['draft']['id']}/publish"))
        if len(last) == 1:
            assert drafts.published(browser.party, told)["state"] == "done"
    assert [publish_words.STANDS.said("en") in text for text in last] == [False, True]


def test_what_a_file_says_is_text(browser: Browser) -> None:
    """Headers, values and names of files never become markup."""
    evil = "<img src=x onerror=alert(1)>"
    text = f'"{evil}",firm,"a""b"\n' + "".join(
        f"{evil}{n % 3},firm {n % 30},{{{{ 7*7 }}}}{n % 2}\n" for n in range(200)
    )
    browser.enter("steward")
    at = draft_of(upload(browser, text.encode(), f"{evil}.csv"))
    for path in (f"{at}/columns", "/new-product"):
        shown = page(browser, path)
        assert "<img src=x" not in shown
        assert "&lt;img src=x" in shown
    assert "{{ 7*7 }}" in page(browser, f"{at}/columns")


@pytest.mark.long
def test_many_columns_are_shown_page_by_page(browser: Browser) -> None:
    """A file of five hundred columns: each page stays small."""
    head_ = ",".join(f"column of the quarter {n}" for n in range(500))
    line = ",".join(f"some value {n}" for n in range(500))
    browser.enter("steward")
    at = draft_of(upload(browser, "\n".join([head_, *[line] * 60]).encode()))
    first = page(browser, f"{at}/columns")
    assert "?from=50" in first
    assert "column of the quarter 60" in page(browser, f"{at}/columns?from=50")


def test_a_file_that_is_too_large(party: Callable[..., Party]) -> None:
    """One clear error that says the limit, and nothing is kept."""
    for browser in made(party, "bolt", VOILE_INTAKE_UPLOAD_BYTES="20000"):
        browser.enter("steward")
        answer = upload(browser, orders().encode())
        assert answer.status_code == 413
        text = answer.get_data(as_text=True)
        assert "draft.file-too-large" in text
        assert "20,000" in text
        assert list((browser.party.node.settings.data / "spool").iterdir()) == []


def test_others_see_nothing_of_drafts(browser: Browser) -> None:
    """Neither who has not signed in, nor another role: not that there is one."""
    browser.enter("steward")
    at = draft_of(upload(browser, orders().encode()))
    page(browser, f"{at}/columns")
    browser.enter("security")
    for path in (f"{at}/columns", f"{at}/product.toml", "/new-product"):
        assert browser.get(path).status_code == 403
    browser.client.delete_cookie(f"voile-{PORT}", domain="localhost")
    assert browser.get(f"{at}/preview").status_code == 303


def test_codes_come_back_as_they_were_drawn() -> None:
    """Breaks of lines that only some programs know are letters of a code, and part none."""
    codes = ("A\u2028B", "A", " B", "C\x0bD", "E\x85")
    given = {"c0_role": ["dimension"], "c0_was": ["dimension"], "c0_codes": ["\r\n".join(codes)]}
    actor = Actor("person", "0", frozenset({"steward"}))
    visitor = Visitor(actor=actor, name="Lin", language="en", session="s")
    (form,) = [one for one in COLUMNS_PAGE.forms if one.name == "columns"]
    body = form.read(Visit(visitor=visitor, path={"draft_id": "d"}, given=given)).body
    assert body.columns[0].codes == codes
