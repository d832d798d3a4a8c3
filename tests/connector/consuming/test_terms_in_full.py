"""Terms as they are written: length and digest are said, and every byte can be had, however long."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from sqlmodel import col, select

from connector.areas.dsp import AgreementRow, ProcessRow
from connector.compose.contract_facts import MOST
from connector.console.terms import MOST_RAW, MOST_TEXT, cut, terms_of
from crypto.canonical import canonical, digest
from tests.connector.consuming.desk import told
from tests.connector.consuming.test_by_forms import concluded, product

if TYPE_CHECKING:
    from tests.connector.consuming.desk import Desk
    from tests.connector.dsp.conftest import Pair

OFFER: dict[str, Any] = {
    "@id": "urn:offer:1",
    "@type": "Offer",
    "target": "urn:data:1",
    "permission": [{"action": "use"}],
}


def test_terms_say_their_length_and_digest_and_whether_they_are_whole():
    """Of the canonical JSON, which is what is digested everywhere else."""
    for note, whole in (("", True), ("x" * MOST_RAW, False)):
        policy = OFFER | {"x:note": note}
        found = terms_of(policy, "Offer")
        assert (found.length, found.digest) == (len(canonical(policy)), digest(policy))
        assert found.whole is whole
        assert json.dumps(policy, ensure_ascii=False, indent=1).startswith(found.raw)
        assert len(found.raw) <= MOST_RAW
        assert (json.loads(found.raw) == policy) if whole else True


def test_what_is_shortened_says_so():
    """A reason of another, a question in a list."""
    assert cut("short") == "short"
    assert cut("x" * MOST_TEXT) == "x" * MOST_TEXT
    assert cut("x" * (MOST_TEXT + 1)) == "x" * MOST_TEXT + "…"
    assert cut("SELECT", 3) == "SEL…"


def lengthen(desk: Desk, row: type[AgreementRow | ProcessRow], name: str) -> dict[str, Any]:
    """Have the terms that a node holds be longer than a page shows."""
    with desk.party.node.db.transaction() as tx:
        found = tx.session.exec(select(row).where(col(getattr(row, name)) != "")).first()  # type: ignore[call-overload]
        terms: dict[str, Any] = json.loads(getattr(found, name))
        terms["x:note"] = "y" * MOST_RAW + "the end"
        setattr(found, name, json.dumps(terms))
        tx.session.add(found)
    return terms


@pytest.mark.parametrize(
    ("language", "said"), [("en", "the rest is in the file"), ("zh", "其余见下载的全文")]
)
def test_long_terms_of_a_contract_and_an_offer_are_had_whole(
    pair: Pair, buyer: Desk, language: str, said: str
):
    """The page says that it shows the beginning; the file has the bytes of the digest."""
    line = concluded(pair, buyer.sit("cdo", "en"))
    buyer.sit("cdo", language)
    pid = re.findall(r'href="(/negotiations/[^"]+)"', buyer.get("/negotiations"))[0]
    for path, row, name in ((line, AgreementRow, "body"), (pid, ProcessRow, "offer")):
        html = buyer.get(path)
        assert said not in told(html)
        terms = lengthen(buyer, row, name)  # type: ignore[arg-type]
        html = buyer.get(path)
        assert said in told(html)
        assert "the end" not in html
        assert digest(terms) in html
        assert f"{len(canonical(terms)):,}" in told(html)
        (there,) = set(re.findall(r'href="(/(?:contract|offer)-terms/[^"]+)"', html))
        data = buyer.open(there)
        assert json.loads(data) == terms
        assert "sha-256:" + hashlib.sha256(data).hexdigest() == digest(terms)


def test_terms_of_the_catalogue_are_had_as_they_are_shown_now(pair: Pair, buyer: Desk):
    """By the offer's id; one that is not there any more is said to be gone."""
    html = buyer.sit("cdo", "en").get(product(pair))
    (there,) = set(re.findall(r'href="(/catalogue-terms/[^"]+)"', html))
    data = buyer.open(there.replace("&amp;", "&"))
    assert digest(json.loads(data)) in html
    assert buyer.open(there.split("?")[0]) == data, "without an id the first"
    gone = buyer.open(there.split("?")[0] + f"?offer={quote('urn:none')}", 404)
    assert b"offer-not-shown" in gone


@pytest.mark.parametrize(("language", "said"), [("en", "the newest 20"), ("zh", "最新的 20 条")])
def test_a_list_that_is_not_all_says_so(pair: Pair, buyer: Desk, language: str, said: str):
    """The newest deliveries of a contract; the log has the others."""
    line = concluded(pair, buyer.sit("cdo", "en"))
    buyer.does(line, "open")
    pair.settle()
    buyer.sit("cdo", language)
    assert said not in told(buyer.get(line))
    with buyer.party.node.db.transaction() as tx:
        query = select(ProcessRow).where(ProcessRow.kind == "transfer")
        one = tx.session.exec(query).one()
        for number in range(MOST - 1):
            values = one.model_dump() | {"pid": f"more-{number}", "peer_pid": f"more-{number}"}
            tx.session.add(ProcessRow(**values))
    assert said in told(buyer.get(line))
