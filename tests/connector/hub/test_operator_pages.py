"""The operator's pages on a real hub: what they show, what their forms do, what hostile firms write."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from sqlalchemy import update

from connector.areas.hub.counted import counted
from connector.areas.hub.numbers import Numbers
from connector.areas.hub.pages.catalogue_words import hidden_said
from connector.areas.hub.rows import ApplicationRow, ContactRow, ListingRow, ParticipantRow
from connector.party.area import Area
from policies.offers import QuestionTerms
from tests.catalog.datasets import dataset
from tests.connector.console.conftest import PORT, Browser
from tests.connector.console.door import Door
from tests.connector.hub.test_catalogue import publish
from tests.connector.hub.test_certifying import rows
from tests.connector.space import HUB_AREAS, Space

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulators import Party

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "{{ 7 * 7 }}",
    "'; DROP TABLE firm; --",
)
PAGES = ("/", "/applications?state=all", "/participants", "/shared")


@pytest.fixture
def operator(party: Callable[..., Party]) -> tuple[Space, Browser]:
    """A hub with its console, and a browser in it."""
    door = Door()
    areas = (*HUB_AREAS, Area(name="door", door=lambda _node: door))
    hub = party("hub", areas=areas, role="hub", env={"VOILE_CONSOLE_PORT": str(PORT)})
    space = Space(hub, party)
    space.renew()
    assert hub.apps.console is not None
    return space, Browser(hub.apps.console(), door, hub)


def first(space: Space, name: str, **described: str) -> str:
    """Have a firm apply; give its DID."""
    firm = space.firm(name, certify=False)
    space.apply(firm, **described)
    return str(firm.did)


def sent(browser: Browser, path: str, form: str, **given: object) -> int:
    """Send a form of a page with what the page put into it; give the status."""
    page = browser.get(path).get_data(as_text=True)
    inside = page[page.index(f'data-form="{form}"') :].split("</form>")[0]
    held = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', inside))
    return browser.post(path, {**held, **given}).status_code


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_application_is_looked_at_and_approved(operator, language):
    """From the list to the page to the register, in either language."""
    space, browser = operator
    browser.enter("certifier", language)
    for path in PAGES:
        assert browser.get(path).status_code == 200, path
    did = first(space, "alder", nameZh="桤木公司", legalId="91110000600037341L")
    (row,) = rows(space.hub, ApplicationRow)
    assert f'href="/applications/{row.id}"' in browser.get("/applications").get_data(as_text=True)
    page = browser.get(f"/applications/{row.id}").get_data(as_text=True)
    assert ("校验位正确" if language == "zh" else "check digits hold") in page
    assert sent(browser, f"/applications/{row.id}", "approve", days="91", legalGroup="") == 400
    assert sent(browser, f"/applications/{row.id}", "approve", days="30", legalGroup="") == 303
    (firm,) = rows(space.hub, ParticipantRow)
    assert (firm.did, firm.status) == (did, "certified")
    for path in (*PAGES, f"/participants/{quote(did, safe='')}", f"/applications/{row.id}"):
        assert browser.get(path).status_code == 200, path
    assert did in browser.get("/participants?standing=certified").get_data(as_text=True)
    assert did not in browser.get("/participants?standing=revoked").get_data(as_text=True)
    assert did in browser.get(f"/participants?named={quote('桤木')}").get_data(as_text=True)
    assert did not in browser.get("/participants?named=%25").get_data(as_text=True)


def test_a_decision_is_about_what_was_seen(operator):
    """A firm that replaces its application while the page is open is not approved by it."""
    space, browser = operator
    browser.enter("certifier")
    firm = space.firm("alder", certify=False)
    space.apply(firm)
    (row,) = rows(space.hub, ApplicationRow)
    old = {"did": row.did, "seen": row.digest, "days": "30", "_form": "approve"}
    token = browser.token(f"/applications/{row.id}")
    space.apply(firm, nameEn="Another name")
    answer = browser.post(f"/applications/{row.id}", {**old, "_csrf": token})
    assert answer.status_code == 409
    assert "decision-outdated" in answer.get_data(as_text=True)
    assert rows(space.hub, ParticipantRow) == []


def test_a_standing_is_changed_with_its_preview_and_reason(operator):
    """Suspended, reinstated, revoked; a revocation needs the tick."""
    space, browser = operator
    browser.enter("certifier")
    firm = space.firm("alder")
    path = f"/participants/{quote(firm.did, safe='')}"
    assert "no connector takes its calls" in browser.get(path).get_data(as_text=True)
    assert sent(browser, path, "suspend", reason="") == 400
    assert sent(browser, path, "suspend", reason="late papers") == 303
    assert sent(browser, path, "reinstate", reason="papers came") == 303
    assert sent(browser, path, "revoke", reason="left") == 400
    assert rows(space.hub, ParticipantRow)[0].status == "certified"
    assert sent(browser, path, "revoke", reason="left", understood="yes") == 303
    assert rows(space.hub, ParticipantRow)[0].status == "revoked"
    page = browser.get(path).get_data(as_text=True)
    assert 'data-form="' not in page, "nothing is possible any more"


def test_an_auditor_sees_and_decides_nothing(operator):
    space, browser = operator
    space.firm("alder")
    first(space, "birch")
    browser.enter("auditor")
    (_, row) = rows(space.hub, ApplicationRow)
    page = browser.get(f"/applications/{row.id}").get_data(as_text=True)
    assert 'data-form="' not in page
    token = browser.token("/")
    form = {"did": row.did, "seen": row.digest, "reason": "no", "_form": "reject", "_csrf": token}
    assert browser.post(f"/applications/{row.id}", form).status_code == 403
    assert rows(space.hub, ApplicationRow)[1].state == "pending"


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_firm_writes_stays_text(operator, text):
    """Names and numbers of a firm are shown as written, and steer nothing."""
    space, browser = operator
    browser.enter("certifier")
    first(space, "alder", nameEn=text, nameZh=text, legalId=text)
    (row,) = rows(space.hub, ApplicationRow)
    assert sent(browser, f"/applications/{row.id}", "approve", days="9", legalGroup=text) == 303
    seen = [
        *PAGES,
        f"/applications/{row.id}",
        f"/participants/{quote(row.did, safe='')}",
        f"/participants?named={quote(text)}",
        f"/shared?text={quote(text)}&provider={quote(text)}",
    ]
    for path in seen:
        page = browser.get(path).get_data(as_text=True)
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert not re.search(r'(?:href|src|action)="(?:javascript:|[^/#"])', page), path
        assert "49" not in re.sub(r"[0-9a-f]{20,}|\d{3,}", "", page.split("<main")[1]), path


def test_what_is_not_there_is_not_found(operator):
    space, browser = operator
    browser.enter("certifier")
    for path in ("/applications/none", "/participants/did:web:nobody.example", "/shared?page=0"):
        assert browser.get(path).status_code in {400, 404}, path
    for path in ("/applications?after=x", "/applications?state=%27"):
        assert browser.get(path).status_code == 200, path
    # PostgreSQL holds no U+0000 and says so, SQLite finds nothing after it
    holds = space.hub.node.db.engine.dialect.name == "sqlite"
    assert browser.get("/participants?after=%00").status_code == (200 if holds else 400)


def test_lists_are_paged(operator):
    """Fifty a page; each firm on one page, whatever the order of arrival."""
    space, browser = operator
    browser.enter("certifier")
    with space.hub.node.db.transaction() as tx:
        for n in range(120):
            tx.session.add(
                ApplicationRow(
                    id=f"{n:032x}",
                    did=f"did:web:f{n}.example",
                    digest=str(n),
                    state="pending",
                    participant="{}",
                    thumbprints="{}",
                    submitted_ms=n,
                )
            )
            tx.session.add(ParticipantRow(did=f"did:web:f{n}.example", name_zh="甲", name_en="A",
                           legal_id=str(n), legal_group=str(n), roles="provider", endpoint="https://f",
                           status="certified", since=1, expires=2**33, changed_ms=1, credential=""))  # fmt: skip
    for path, link in (("/applications", r'href="/applications/(\w{32})"'),
                       ("/participants", r'href="/participants/([^"?]+)"')):  # fmt: skip
        met: list[str] = []
        where = path
        while where:
            page = browser.get(where).get_data(as_text=True)
            met += re.findall(link, page)
            further = re.search(r'href="([^"]+)" rel="next"', page)
            where = further[1].replace("&amp;", "&") if further else ""
        assert len(met) == len(set(met)) == 120


def test_the_hub_keeps_who_fetched_the_status(operator):
    """When, which serial, and the software as the connector names itself; nothing else it sends."""
    space, browser = operator
    firm = space.firm("alder")
    (contact,) = rows(space.hub, ContactRow)
    assert (contact.did, contact.software) == (firm.did, firm.node.software)
    browser.enter("certifier")
    assert firm.node.software in browser.get("/participants").get_data(as_text=True)


@pytest.mark.parametrize(
    ("text", "kind", "verdict"),
    [
        ("91110000600037341L", "uscc", "holds"),
        ("91110000600037341M", "uscc", "wrong"),
        ("5299 00T8BM49AURSDO55", "lei", "holds"),
        ("529900T8BM49AURSDO56", "lei", "wrong"),
        ("DE 136695976", "vat", "holds"),
        ("DE136695978", "vat", "wrong"),
        ("EL094259216", "vat", "holds"),
        ("ID-alder", "other", "unknown"),
        ("", "other", "unknown"),
        ("９１", "other", "unknown"),
        ("9" * 5000, "other", "unknown"),
    ],
)
def test_registered_numbers_are_told_apart(text, kind, verdict):
    found = Numbers().look_at(text)
    assert (found.kind, found.verdict) == (kind, verdict)


def test_the_search_box_leads_to_the_page_about_an_id(operator):
    """A DID leads to the firm, an application's id to it; what nobody knows is said, and goes no further."""
    space, browser = operator
    did = space.firm("alder").did
    (row,) = rows(space.hub, ApplicationRow)
    browser.enter("certifier")
    assert 'action="/search"' in browser.get("/").get_data(as_text=True)
    for text, there in (
        (f"  {did} ", f"/participants/{quote(did, safe='')}"),
        (row.id, f"/applications/{row.id}"),
    ):
        answer = browser.get(f"/search?id={quote(text)}")
        assert (answer.status_code, answer.headers["Location"]) == (303, there)
        assert browser.get(there).status_code == 200
    for text in ("", did[:-1], "%", *HOSTILE, "//evil.example", "x" * 5000):
        answer = browser.get(f"/search?id={quote(text)}")
        assert answer.status_code == 200, text
        assert "<script>alert" not in answer.get_data(as_text=True)
    browser.enter("steward")  # who may open no page of the hub's finds none
    assert browser.get(f"/search?id={quote(did)}").status_code == 200


def test_lists_are_files_with_their_filters(operator):
    """All rows that fit, beyond one page; what a firm wrote is no formula there."""
    space, browser = operator
    did = first(space, "alder", nameEn="=1+1", nameZh="=1+1", legalId="@x")
    browser.enter("certifier")

    def lines(path: str) -> list[list[str]]:
        found = browser.get(path)
        assert found.status_code == 200, found.get_data(as_text=True)[-800:]
        return list(csv.reader(io.StringIO(found.get_data(as_text=True))))

    assert lines("/applications.csv")[1][:3] == ["'=1+1", did, "'@x"]
    assert len(lines("/applications.csv?state=rejected")) == 1
    (row,) = rows(space.hub, ApplicationRow)
    assert sent(browser, f"/applications/{row.id}", "approve", days="30", legalGroup="") == 303
    assert len(lines("/applications.csv")) == 1  # as the list: what waits
    assert len(lines("/applications.csv?state=all")) == 2
    head, line = lines("/participants.csv?standing=certified")
    assert line[:4] == ["'=1+1", did, "'@x", "certified"]
    assert len(head) == len(line)
    assert len(lines("/participants.csv?standing=revoked")) == 1
    assert len(lines("/participants.csv?named=nobody")) == 1
    page = browser.get("/participants?standing=certified").get_data(as_text=True)
    assert 'href="/participants.csv?standing=certified"' in page


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_overview_counts_what_the_catalogue_shows_and_says_what_it_does_not(
    operator, language, clock
):
    """One number in both places, and why others are hidden: suspended, for others, unreadable."""
    space, browser = operator
    maple, alder, birch = (space.firm(name) for name in ("maple", "alder", "birch"))
    terms = QuestionTerms(purposes=("quality",), recipients=(maple.did,))
    for firm, number, named in (
        (alder, 1, None),
        (alder, 2, terms),
        (alder, 3, terms),
        (birch, 4, None),
        (birch, 5, None),
    ):
        what = dataset(f"urn:d{number}", **({"terms": named} if named else {}))
        assert publish(space, firm, what).status == 201
    with space.hub.node.db.transaction() as tx:
        tx.session.execute(
            update(ListingRow).where(ListingRow.dataset_id == "urn:d3").values(offers="{")
        )
    space.act("participants/suspend", birch)
    browser.enter("certifier", language)
    home, shared = (browser.get(path).get_data(as_text=True) for path in ("/", "/shared"))
    at = home.rindex('href="/shared">')
    assert re.findall(r'class="figure"><span class="number">(\d+)<', home[:at])[-1] == "1"
    assert shared.count('<th scope="row"><bdi>') == 1
    with space.hub.node.db.reading() as session:
        now = int(clock.now().timestamp())
        settings = space.hub.node.settings
        found = counted(session, settings.did, space=settings.space, now=now)
    assert (found.shown, found.uncertified, found.reserved, found.unreadable) == (1, 2, 1, 1)
    said = [one.said(language) for one in hidden_said(found)]
    assert len(said) == 3
    for html in (home, shared):
        assert all(one in html for one in said)
