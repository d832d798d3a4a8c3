"""Whatever another firm writes is text on the pages: no markup, no address, nothing that steers."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from catalog.dcat import TABLE
from connector.console.text import harmless as shown
from connector.process.ports import Response
from contracts import messages as m
from contracts.messages import Pid
from tests.connector.consuming.desk import Desk, Reader, part
from tests.connector.dsp.area import OPEN, offer_of
from tests.connector.dsp.playing import P, agree, negotiate, serve

if TYPE_CHECKING:
    from tests.connector.dsp.conftest import Pair, Puppet

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' autofocus onfocus='alert(1)",
    "javascript:alert(1)",
    "https://evil.example/x",
    "//evil.example/x",
    "{{ 7*7 }}{% raw %}",
    "</title></textarea></pre><b>bold</b>",
    "a\u202egnp.exe\u2066\u200f",
    "<!-- --><a href=//evil.example>x</a>",
)
STEERING = set("\u202e\u2066\u200f\u2028\u200b\x1b\x00")
SAFE_PATHS = re.compile(r"(/([^/].*)?)?|#main", re.DOTALL)


def harmless(html: str, what: str) -> None:
    """Nothing of it is a tag, an attribute that acts, or where a link leads; nothing steers."""
    read = Reader(html)
    assert not read.tags & {"b", "iframe", "object", "embed", "base"}, what
    assert "<script>" not in html, what
    for tag, name, value in read.attributes:
        assert not name.startswith("on"), (what, tag, name)
        if name in ("href", "src", "action", "formaction"):
            assert SAFE_PATHS.fullmatch(value), (what, tag, name, value)
            assert not value.startswith("//"), (what, value)
    images = [value for tag, name, value in read.attributes if (tag, name) == ("img", "src")]
    assert all(value.startswith("/static/") for value in images), (what, images)
    assert not STEERING & set(html), what


def declared(text: str) -> dict[str, Any]:
    """A table as our own connectors describe it, in which all that is free text is theirs."""
    both = {"title": {"zh": text, "en": text}, "unit": text}
    dimension = {"name": text, "kind": "code", "codes": [text], "disclosure": "group_key"}
    measure = {"name": text, "scale": 0, "lower": "0", "upper": "10"}
    table = {
        "name": text,
        "minimumContributors": 3,
        "dimensions": [dimension | both],
        "measures": [measure | both],
        "margins": [{"dimensions": [text], "groups": 3, "released": 2, "measures": {text: 1}}],
    }
    return {"@type": "@json", "@value": table}


def hostile_dataset(text: str) -> dict[str, Any]:
    """A dataset in which everything that may be a text is one of theirs."""
    offer = json.loads(json.dumps(offer_of(OPEN)))
    offer["@id"] = f"urn:offer:{text}"
    clauses = offer["permission"][0]["constraint"]
    clauses[0]["rightOperand"] = [f"https://evil.example/{part(text)}", "urn:x:purpose"]
    clauses.append(
        {
            "leftOperand": "https://w3id.org/voile/ns/dimension",
            "operator": "isAnyOf",
            "rightOperand": [text[:60]],
        }
    )
    return {
        "@id": OPEN,
        "@type": "Dataset",
        "dct:title": [{"@language": one, "@value": text} for one in ("zh", "en")],
        "dct:description": [{"@language": one, "@value": text} for one in ("zh", "en")],
        "hasPolicy": [offer, {"@id": text, "@type": "Offer", "permission": text}],
        "distribution": [{"@type": "Distribution", "format": text, "accessService": "urn:s"}],
        TABLE: declared(text),
    }


def show(pair: Pair, puppet: Puppet, dataset: dict[str, Any]) -> None:
    """Let the puppet show a dataset of its own, alone and in its catalogue."""
    serve(pair, puppet)
    before = pair.net.fault

    def hear(method: str, url: str, sent: bytes) -> Response | None:
        if url.startswith(puppet.party.url) and "/catalog/" in url:
            whole = {
                "@context": ["https://w3id.org/dspace/2025/1/context.jsonld"],
                "@id": "urn:catalog",
                "@type": "Catalog",
                "participantId": dataset["dct:title"][0]["@value"],
                "dataset": [dataset],
            }
            body = (
                whole
                if url.endswith("/catalog/request")
                else {"@context": ["https://w3id.org/dspace/2025/1/context.jsonld"], **dataset}
            )
            return Response(status=200, headers={}, body=json.dumps(body).encode())
        assert before is not None
        return before(method, url, sent)

    pair.net.fault = hear


@pytest.mark.sweep
@pytest.mark.parametrize("text", HOSTILE)
def test_a_dataset_of_theirs_is_text(pair: Pair, puppet: Puppet, buyer: Desk, text: str):
    """Titles, descriptions, columns, units, formats, offers: in both languages, on both pages."""
    show(pair, puppet, hostile_dataset(text))
    for language in ("en", "zh"):
        buyer.sit("cdo", language)
        for path in (
            f"/catalogue/{part(puppet.did)}",
            f"/catalogue/{part(puppet.did)}/{part(OPEN)}",
        ):
            html = buyer.get(path)
            assert 'class="refusal"' not in html, html
            harmless(html, text)
            read = "".join(Reader(html).text)
            seen = shown(text)
            assert seen[:20] in read, "it is shown, as text"
            if path.endswith(part(OPEN)):
                assert read.count(seen[:8]) > 8, "columns, offers, formats"


@pytest.mark.sweep
@pytest.mark.parametrize("text", HOSTILE)
def test_what_they_say_in_a_negotiation_is_text(pair: Pair, puppet: Puppet, buyer: Desk, text: str):
    """Ids, values of a counter-offer, codes and reasons of an end."""
    serve(pair, puppet)
    pid = negotiate(pair, puppet)
    offer = hostile_dataset(text)["hasPolicy"][0] | {"target": OPEN}
    path = f"/negotiations/{part(pid)}"
    counter = m.ContractOfferMessage(
        id="urn:o:1", consumer_pid=Pid(pid), provider_pid=P, offer=offer
    )
    status, answer = puppet.send(pair.consumer, f"/negotiations/{pid}/offers", counter)
    harmless(buyer.get(path), text)
    assert status in (200, 400), answer
    end = m.ContractNegotiationTerminationMessage(
        id="urn:e:1",
        consumer_pid=Pid(pid),
        provider_pid=P,
        code=text,
        reason=(text, {"@language": "en", "@value": text}, {"code": text, "given": text}),
    )
    status, answer = puppet.send(pair.consumer, f"/negotiations/{pid}/termination", end)
    assert status == 200, answer
    for language in ("en", "zh"):
        buyer.sit("cdo", language)
        harmless(buyer.get(path), text)
        harmless(buyer.get("/negotiations"), text)


@pytest.mark.sweep
@pytest.mark.parametrize("text", HOSTILE)
def test_a_contract_of_theirs_is_text(pair: Pair, puppet: Puppet, buyer: Desk, text: str):
    """The id of an agreement is the provider's, and so is why it ended."""
    serve(pair, puppet)
    puppet.answers["/signatures"] = (200, b'{"stages": {}}')
    pid = negotiate(pair, puppet)
    status, answer = agree(pair, puppet, pid, **{"@id": f"urn:agreement:{text}"})
    for language in ("en", "zh"):
        buyer.sit("cdo", language)
        html = buyer.get("/contracts")
        harmless(html, text)
        for line in re.findall(r'href="(/contracts/[^"]+)"', html):
            harmless(buyer.get(line.replace("&amp;", "&").replace("&#39;", "'")), text)
    assert status in (200, 400), answer


def test_what_stands_in_our_own_url_is_text(buyer: Desk):
    """Filters and ids come from whoever made the link."""
    for text in HOSTILE:
        for path in ("/catalogue?text=", "/catalogue?provider=", "/catalogue?page=",
                     "/negotiations?show=", "/negotiations?after=1.", "/contracts?role=",
                     "/contracts?after=99999999999999."):  # fmt: skip
            harmless(buyer.get(path + part(text)), text)
        for path in ("/negotiations/", "/contracts/"):
            harmless(buyer.get(path + part(text), 404), text)
        answer = buyer.client.get(
            f"/catalogue?from={part(text)}", base_url="http://localhost:23456"
        )
        assert answer.status_code == 303
        assert re.match(r"(http://localhost:23456)?/catalogue/", answer.headers["Location"])
