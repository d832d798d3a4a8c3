"""From empty homes to an answered question to an audited dossier, by the three kinds of people.

Everybody reads only the screen: pages are found by the rail and by links. What is done by command
is what people do by command: making homes, and exporting what is verified.
"""

from __future__ import annotations

import re
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.hands import Hand, came, made
from tests.browser.looking import no_foreign_requests
from tests.e2e.processes import Space
from tests.e2e.readme_market import rows

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.e2e.processes import Running

STEPS_OF_FIVE_MINUTES = 14  # pages and forms between a file and a published offer
HEADS = {"zh": "客户,年份,运输方式,承诺日,到货日,数量"}


@pytest.fixture
def space(tmp_path: Path) -> Any:
    with Space(tmp_path, quiet=True) as found:
        yield found


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("language", ["zh", "en"])
def test_from_empty_homes_to_an_audited_dossier(
    space: Space, browser: Browser, tmp_path: Path, language: str
):
    """Certified by two, a file published, found, agreed, asked, answered, audited, and seen."""
    hub, hub_link = made(tmp_path, "operator", language, "--role", "hub")
    firms = [made(tmp_path, name, language, "--hub", hub.did) for name in ("seller", "buyer")]
    (seller, seller_link), (buyer, buyer_link) = firms
    for party in (hub, seller, buyer):
        space.parties.append(party.start())
    operator = came(browser, hub, hub_link, "operator", language)
    second = came(browser, hub, invited(operator, "Sun", ["certifier"]), "Sun", language)
    provider = came(browser, seller, seller_link, "provider", language)
    consumer = came(browser, buyer, buyer_link, "consumer", language)
    for hand, name, number in (
        (provider, "Seller", "91110000600037341L"),
        (consumer, "Buyer", "529900T8BM49AURSDO55"),
    ):
        apply(hand, name, number)
        approve(operator, second)
        hand.wait(lambda page: page.locator(".facts .badge.good").count() >= 2)

    file = tmp_path / "deliveries.csv"
    text = rows()
    if language in HEADS:
        text = text.replace(text.splitlines()[0], HEADS[language], 1)
    file.write_text(text, encoding="utf-8")
    provider.count_anew()
    publish(provider, file, buyer.did)
    seconds = time.monotonic() - provider.begun
    told = f"{len(provider.steps)} steps, {provider.typed} fields, {seconds:.0f} s"
    sys.stdout.write(f"from a file to an offer ({language}): {told}: {provider.steps}\n")
    assert len(provider.steps) <= STEPS_OF_FIVE_MINUTES, provider.steps

    agree(consumer)
    ask(consumer)
    audit(browser, provider, seller, tmp_path, language)


def invited(hand: Hand, name: str, roles: list[str], until: str = "") -> str:
    """Invite a person in the browser; give the link that is shown once."""
    hand.rail("/people")
    hand.fill(name=name)
    for role in roles:
        hand.tick("roles", role)
    if until:
        hand.fill(until=until)
    hand.send("invite")
    return hand.page.locator("[role=status] code").inner_text()


def apply(hand: Hand, name: str, number: str) -> None:
    """Apply to the operator, from the first page."""
    hand.open("/")
    hand.follow("[href='/membership']")
    hand.fill(nameZh=f"{name}公司", nameEn=f"{name} Ltd", legalId=number)
    hand.tick("roles", "provider")
    hand.tick("roles", "consumer")
    hand.send("apply")


def approve(operator: Hand, second: Hand) -> None:
    """One certifier looks and approves, another agrees."""
    operator.rail("/applications")
    operator.follow("[href^='/applications/']")
    operator.send("approve")
    assert "/inbox/" in operator.page.url
    second.open("/")
    second.page.click("header a[href='/inbox']")
    second.follow("[href^='/inbox/']")
    second.send("agree")


def publish(hand: Hand, file: Path, buyer: str) -> None:
    """A file becomes a product on offer: the wizard from its first page to its last."""
    page = hand.page
    hand.rail("/new-product")
    page.set_input_files("main input[type=file]", file)
    hand.typed += 1
    hand.send("upload", ":has(input[type=file])")
    hand.wait(lambda page: page.locator("form[data-form=columns]").count() == 1)
    for name in page.locator("form[data-form=columns] [name$=_unit]").all():
        if not name.input_value():
            name.fill("pcs")
            hand.typed += 1
    for box in page.locator("form[data-form=columns] [name$=_confirmed]").all():
        if not box.is_checked():
            box.check()
            hand.typed += 1
    hand.send("columns")
    hand.follow("[href$='/preview']")
    hand.wait(lambda page: page.locator("[data-again]").count() == 0)
    if page.locator("form[data-form=preview] button:not(.plain)").count():
        hand.send("preview")
    hand.wait(lambda page: page.locator("[data-again]").count() == 0)
    page.locator("ol.steps a[href$='/offer']").click()
    hand.steps.append("link offer")
    page.locator("main a[href*='template=trial']").click()
    hand.steps.append("template")
    hand.fill(
        recipients=buyer,
        id="deliveries",
        table="deliveries",
        title_zh="交付",
        title_en="Deliveries",
    )
    page.select_option("[name=level]", "1")
    hand.typed += 1
    hand.send("offer")
    for step in ("preview", "seen", "publish"):
        page.locator(f"ol.steps a[href$='/{step}']").click()
        hand.steps.append(f"link {step}")
        if step == "preview" and page.locator("form[data-form=preview] button:not(.plain)").count():
            hand.send("preview")
        hand.wait(lambda page: page.locator("[data-again]").count() == 0)
    hand.send("publish")
    hand.wait(lambda page: page.locator(".notice a[href='/products/deliveries']").count() == 1)


def agree(hand: Hand) -> None:
    """Find the product, ask for its offer, and have a contract."""
    hand.rail("/catalogue")
    hand.wait(lambda page: page.locator("main table a").count() > 0)
    hand.fill(text="deliveries")
    with hand.page.expect_navigation():
        hand.page.locator("main form.filters button").click()
    hand.page.locator("main table a").first.click()
    hand.page.wait_for_load_state()
    hand.send("ask")
    hand.wait(lambda page: page.locator("main a[href^='/contracts/']").count() > 0)


def ask(hand: Hand) -> None:
    """From the contract's list to a question that the page itself proposes, and its answer."""
    hand.rail("/questions")
    hand.follow("[href='/questions/new']")
    hand.page.locator("main [name=agreement]").first.check()
    with hand.page.expect_navigation():
        hand.page.locator("main form button[type=submit]").click()
    hand.follow("[href*='sample=']")
    for pressed in ("check", "ask"):
        with hand.page.expect_navigation():
            hand.page.click(f"main button[name=_form][value={pressed}]")
    hand.wait(lambda page: page.locator("main a[href*='answer.csv']").count() > 0)
    assert hand.page.locator("main table tbody tr").count() >= 1


def audit(browser: Browser, firm: Hand, party: Running, folder: Path, language: str) -> None:
    """An auditor of a month searches, opens, verifies and takes a dossier; the firm sees it."""
    last = (datetime.now(UTC) + timedelta(days=30)).date()
    auditor = came(
        browser, party, invited(firm, "Auditor", ["auditor"], f"{last}"), "Auditor", language
    )
    page = auditor.page
    assert page.locator(".banner").count() == 1  # read only, and until when
    with no_foreign_requests(page, auditor.origin):
        auditor.rail("/dossiers")
        auditor.follow("[href^='/dossiers/']")
        auditor.follow("[href^='/evidence?']")
        (agreement,) = parse_qs(urlsplit(page.url).query)["agreement"]
        assert page.locator("main table tbody tr").count() >= 3
        auditor.follow("[href^='/evidence/']:not([href*='?'])")
        assert page.locator("main svg, main pre").count() >= 1
        verify(auditor, party, folder)
        auditor.rail("/dossiers")
        auditor.follow("[href^='/dossiers/']")
        with page.expect_download() as kept:
            page.locator("main a[href^='/dossier-file/']").click()
    dossier = kept.value.path().read_text(encoding="utf-8")
    assert agreement in dossier
    assert not re.search(r"<script|<link|(?:src|href)=.?https?:", dossier)
    firm.rail("/evidence")
    firm.follow("[href*='kind=ACCESS']")
    reads = "\n".join(firm.page.locator("main table tbody tr").all_inner_texts())
    told = ("检索了证据", "查看了一条记录", "查看了合约卷宗")
    if language == "en":
        told = ("searched the evidence", "opened a record", "opened a dossier")
    assert all(one in reads for one in told), reads


def verify(auditor: Hand, party: Running, folder: Path) -> None:
    """Have the browser verify what the firm exported."""
    bundle, trust = folder / "bundle", folder / "trust.json"
    for words in (("export", "--out", str(bundle)), ("trust", "--out", str(trust))):
        done = party.voile("audit", *words)
        assert done.returncode == 0, done.stderr
    auditor.rail("/verify")
    done = auditor.page.locator("#result:not([aria-busy])[data-outcome]")
    auditor.page.set_input_files("#trust", trust)
    auditor.page.set_input_files("#folder", bundle)
    assert done.get_attribute("data-outcome") == "OK"
