"""Catalogues with more datasets than a page, read by each side from the other."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from catalog.file_product import FILE
from connector.compose.profiles.edc import header
from tests.interop.management import as_list
from tests.interop.registry import scenario
from tests.interop.scene import digest, expect
from tests.interop.stage import ASSETS, PAGE, PRODUCTS, QUESTIONS, TIMED, parts

if TYPE_CHECKING:
    from tests.interop.scene import Scene

CONTEXTS: Final = [
    "https://w3id.org/dspace/2025/1/context.jsonld",
    "https://w3id.org/edc/dspace/v0.0.1",
]

OFFERED: Final = sorted([QUESTIONS, *(f"parts-{number}" for number in range(PRODUCTS))])


@scenario("EDC asks Voile", "a catalogue in pages, by EDC's own limit and offset")
def edc_pages(scene: Scene) -> str:
    """EDC's API fetches page after page; each dataset is there once, with offer and formats."""
    seen: list[str] = []
    pages = 0
    while True:
        page = scene.api.catalog(scene.voile.did, scene.voile.dsp, limit=PAGE, offset=PAGE * pages)
        datasets = as_list(page.get("dataset"))
        if not datasets:
            break
        expect(len(datasets) <= PAGE, page)
        for dataset in datasets:
            expect(bool(as_list(dataset["hasPolicy"])), dataset)
            expect(bool(as_list(dataset["distribution"])), dataset)
        seen += [dataset["@id"] for dataset in datasets]
        pages += 1
    expect(sorted(seen) == OFFERED, seen)
    return f"{len(seen)} datasets in {pages} pages of {PAGE}"


@scenario("EDC asks Voile", "a catalogue in pages, by following our links as EDC's clients do")
def links_followed(scene: Scene) -> str:
    """The same body is posted to each `Link` of relation next; the last page has none."""
    body = {
        "@context": CONTEXTS,
        "@type": "CatalogRequestMessage",
        "filter": [
            {
                "@type": "QuerySpec",
                "limit": PAGE,
                "offset": 0,
                "sortOrder": "ASC",
                "filterExpression": [],
            }
        ],
    }
    url: str | None = f"{scene.voile.dsp}/catalog/request"
    seen: list[str] = []
    pages = 0
    while url is not None:
        status, headers, page = _post(scene, url, body)
        expect(status == 200, status, page)
        seen += [dataset["@id"] for dataset in page.get("dataset", ())]
        pages += 1
        link = headers.get("link", "")
        more = [part for part in link.split(",") if 'rel="next"' in part]
        url = more[0].strip()[1:].partition(">")[0] if more else None
    expect(sorted(seen) == OFFERED, seen)
    return f"{len(seen)} datasets in {pages} pages of {PAGE}"


@scenario("EDC asks Voile", "EDC keeps what our datasets say about themselves")
def edc_keeps(scene: Scene) -> str:
    """Offer, formats and service come through EDC's JSON-LD as they left us; so do our own keys."""
    found = scene.api.dataset(scene.voile.did, scene.voile.dsp, "parts-1")
    offer = as_list(found["hasPolicy"])[0]
    expect(offer["@id"].startswith("parts-1:standard:"), offer)
    formats = sorted(d["format"] for d in as_list(found["distribution"]))
    expect(formats == ["HttpData-PULL", "HttpData-PUSH"], found["distribution"])
    for distribution in as_list(found["distribution"]):
        service = distribution["accessService"]
        expect(service["endpointURL"] == scene.voile.dsp, service)
    described = found[FILE]
    literal = described.get("@value", described)
    expect(literal["digest"] == f"sha-256:{digest(parts(1))}", described)
    titles = {title["@language"]: title["@value"] for title in as_list(found["dct:title"])}
    expect(titles["en"] == "Parts 1", found["dct:title"])
    return f"offer, formats, service, title, and our description: {described}"


@scenario("Voile asks EDC", "a catalogue in pages: we follow EDC's links")
def voile_pages(scene: Scene) -> str:
    """More assets than EDC puts on a page: all of them are in our catalogue of it."""
    before = len(scene.tape.exchanges)
    found = scene.voile.call("POST", "/v1/catalog", {"provider": scene.edc.name})
    names = {dataset["@id"] for dataset in found["dataset"]}
    wanted = {f"asset-{number}" for number in range(ASSETS)} | {TIMED}
    expect(names == wanted, sorted(names ^ wanted), len(found["dataset"]))
    pages = scene.tape.of("voile", "CatalogRequestMessage", before)
    expect(len(pages) > 1, "only one page")
    expect(all(page.status == 200 for page in pages), pages)
    return f"{len(names)} datasets in {len(pages)} pages"


def _post(scene: Scene, url: str, body: object) -> tuple[int, dict[str, str], Any]:
    """Post as EDC would, in its name."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port or 80, timeout=30)
    said = header(scene.edc.name, scene.voile.dsp, url)
    sent = {"Authorization": said, "Content-Type": "application/json; charset=utf-8"}
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, json.dumps(body), sent)
        answer = connection.getresponse()
        raw = answer.read()
    finally:
        connection.close()
    return answer.status, {k.lower(): v for k, v in answer.getheaders()}, json.loads(raw)
