"""The catalogue: who sees what, in pages, gzipped, with filters refused; and reading a peer's."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from connector.areas.dsp import peer_catalog as remote
from connector.process.errors import RemoteError
from connector.process.ports import Response
from contracts import links, versions
from contracts import messages as m
from tests.connector.dsp.area import CLOSED, LATE, MANY, OPEN
from tests.contracts.dsp_vectors import needs_vectors, validate

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.connector.dsp.conftest import Pair, Puppet

PATH = "/dsp/2025-1/catalog/request"


def _ask(
    pair: Pair, query: str = "", headers: dict[str, str] | None = None, **page: int
) -> Response:
    spec: tuple[Any, ...] = ({"@type": "QuerySpec", **page},) if page else ()
    return pair.consumer.node.peers.call(
        pair.provider.did,
        "POST",
        pair.provider.url + PATH + query,
        body=m.encode(m.CatalogRequestMessage(filter=spec)),
        headers=headers,
    )


def test_everyone_sees_only_what_its_policy_shows(shared: tuple[Pair, Puppet]):
    """A dataset whose offers are for another party is not listed, and not found by name."""
    pair, _ = shared
    _, found = pair.consumer.manage("POST", "/v1/catalog", {"provider": pair.provider.did})
    names = {item["@id"] for item in found["dataset"]}
    assert OPEN in names
    assert not {CLOSED, LATE} & names
    url = f"{pair.provider.url}/dsp/2025-1/catalog/datasets/"
    for dataset, status in ((OPEN, 200), (CLOSED, 404), ("urn:none", 404)):
        answer = pair.consumer.node.peers.call(pair.provider.did, "GET", url + dataset)
        assert answer.status == status
    closed, none = (
        json.loads(pair.consumer.node.peers.call(pair.provider.did, "GET", url + name).body)
        for name in (CLOSED, "urn:none")
    )
    assert closed == none


@needs_vectors
def test_what_we_serve_validates(shared: tuple[Pair, Puppet]):
    """Catalogue, dataset and version document satisfy the specification's schemas."""
    pair, _ = shared
    catalog = json.loads(_ask(pair).body)
    validate(catalog, "Catalog")
    assert catalog["participantId"] == pair.provider.did
    url = f"{pair.provider.url}/dsp/2025-1/catalog/datasets/{OPEN}"
    dataset = json.loads(pair.consumer.node.peers.call(pair.provider.did, "GET", url).body)
    validate(dataset, "Dataset")
    assert "@context" not in catalog["dataset"][0]
    document = pair.net.request("GET", pair.provider.url + "/.well-known/dspace-version")
    assert document.status == 200
    validate(json.loads(document.body), "ProtocolVersion")


def test_pages_lead_through_the_whole_catalogue(shared: tuple[Pair, Puppet]):
    """Following `next` with the same body gives every dataset once; `previous` leads back."""
    pair, _ = shared
    seen: list[str] = []
    answer = _ask(pair, limit=3)
    pages = 1
    while True:
        seen += [item["@id"] for item in json.loads(answer.body).get("dataset", [])]
        following = links.target(answer.headers.get("link", ""), "next")
        if following is None:
            break
        assert 'rel="previous"' in answer.headers["link"] or pages == 1
        answer = _ask(pair, "?" + following.split("?", 1)[1], limit=3)
        pages += 1
    assert len(seen) == len(set(seen)) == MANY + 1
    assert pages == -(-len(seen) // 3)
    _, whole = pair.consumer.manage("POST", "/v1/catalog", {"provider": pair.provider.did})
    assert [item["@id"] for item in whole["dataset"]] == seen


@pytest.mark.parametrize(
    "query", ["?offset=-1&limit=3", "?offset=0", "?limit=0&offset=0", "?offset=x&limit=1"]
)
def test_links_that_are_not_ours_are_refused(shared: tuple[Pair, Puppet], query: str):
    """A query that no link of ours has is 400."""
    pair, _ = shared
    assert _ask(pair, query).status == 400


def test_a_page_beyond_the_end_is_empty(shared: tuple[Pair, Puppet]):
    """An offset past the end answers a catalogue without datasets, not an error."""
    pair, _ = shared
    answer = _ask(pair, offset=1000, limit=10)
    assert answer.status == 200
    assert "dataset" not in json.loads(answer.body)


def test_gzip_only_when_asked(shared: tuple[Pair, Puppet]):
    """A catalogue is gzipped for those who accept it, and for nobody else."""
    pair, _ = shared
    plain = _ask(pair)
    assert "content-encoding" not in plain.headers
    packed = _ask(pair, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert remote._decoded(packed) == plain.body


def test_filters_are_refused(shared: tuple[Pair, Puppet]):
    """A filter expression is a typed 400, never ignored."""
    pair, _ = shared
    message = m.CatalogRequestMessage(filter=({"@type": "QuerySpec", "filterExpression": [{}]},))
    answer = pair.consumer.node.peers.call(
        pair.provider.did, "POST", pair.provider.url + PATH, body=m.encode(message)
    )
    assert answer.status == 400
    assert json.loads(answer.body)["code"] == "catalog.filter-unsupported"


def _version(puppet: Puppet, path: str = "/dsp/2025-1") -> None:
    document = {"protocolVersions": [{"version": "2025-1", "path": path, "binding": "HTTPS"}]}
    hear = puppet.hear

    def also(method: str, url: str, body: bytes) -> Response | None:
        if url.endswith("/.well-known/dspace-version"):
            return Response(status=200, headers={}, body=json.dumps(document).encode())
        return hear(method, url, body)

    puppet.net.fault = also


def _page(*names: str, link: str = "") -> Response:
    dataset = {
        "@type": "Dataset",
        "hasPolicy": [{"@id": "urn:o", "@type": "Offer", "permission": [{"action": "use"}]}],
        "distribution": [{"format": "x", "accessService": "urn:s"}],
        "edc:name": "kept",
    }
    datasets = tuple({"@id": f"urn:{name}", **dataset} for name in names)
    catalog = m.Catalog(id="urn:c", participant_id="crow", dataset=datasets)
    return Response(status=200, headers={"link": link} if link else {}, body=m.encode(catalog))


def test_a_foreign_link_is_not_followed(pair: Pair, puppet: Puppet):
    """A page said to be at another origin is not fetched: the token is for this peer only."""
    _version(puppet)
    inner = puppet.net.fault
    assert inner is not None

    def lure(method: str, url: str, body: bytes) -> Response | None:
        if url.endswith("/catalog/request"):
            return _page("d", link='<https://evil.example/next>; rel="next"')
        return inner(method, url, body)

    puppet.net.fault = lure
    found = remote.catalog(pair.consumer.node, puppet.did)
    assert [one["@id"] for one in found.catalog.dataset] == ["urn:d"]
    assert found.to_json()["cut"] == {
        "after": 1,
        "page": 1,
        "why": "the next page is said to be at another origin",
    }
    assert not [sent for sent in puppet.net.sent if "evil.example" in sent.url]


def _answering(puppet: Puppet, pages: Callable[[str], Response | None]) -> list[str]:
    """Let a puppet answer catalogue requests; give the list that the URLs asked for go into."""
    _version(puppet)
    inner, asked = puppet.net.fault, []
    assert inner is not None

    def answer(method: str, url: str, body: bytes) -> Response | None:
        if "/catalog/" not in url:
            return inner(method, url, body)
        asked.append(url.removeprefix(puppet.base))
        return pages(asked[-1])

    puppet.net.fault = answer
    return asked


def test_endless_pages_end_and_say_so(pair: Pair, puppet: Puppet):
    """A peer whose last page never comes is left after the cap; empty pages are taken."""

    def endless(url: str) -> Response:
        at = int(url.partition("page=")[2] or 0)
        link = f'<{puppet.base}/catalog/request?page={at + 1}>; rel="next"'
        return _page(*[f"d{at}"] * (at % 2), link=link)

    asked = _answering(puppet, endless)
    found = remote.catalog(pair.consumer.node, puppet.did, remote.Limits(pages=20))
    assert len(asked) == found.pages == 20
    assert len(found.catalog.dataset) == 10
    assert found.catalog.dataset[0]["edc:name"] == "kept"
    assert found.to_json()["cut"] == {
        "after": 10,
        "page": 20,
        "why": "more than 20 pages are not read",
    }


@pytest.mark.sweep
@pytest.mark.parametrize(
    "form",
    [
        '<{}>; rel="next"',
        "<{}>;rel=next",
        '<{}>; REL="next"',
        '<{}>; title="page, two; of <many>"; rel="next"',
        '<{}>; rel="prev next"',
        '<{}>; rel="NEXT"; rel="previous"',
        '<https://crow.example/other>; rel="up", , <{}>; rel="next"',
        "<https://crow.example/a>; rel=next; anchor=\"#b\", <{}> ; title*=UTF-8''x ; rel = next",
    ],
)
@pytest.mark.parametrize(
    "place", ["https://crow.example/dsp/2025-1/catalog/x?page={}", "x?page={}", "/dsp/2025-1/catalog/x?page={}"]
)  # fmt: skip
def test_a_catalogue_is_followed_to_its_end(pair: Pair, puppet: Puppet, form: str, place: str):
    """However its links are written: 2,550 datasets in 51 pages are 2,550 datasets."""

    def pages(url: str) -> Response:
        at = int(url.partition("page=")[2] or 0)
        names = [f"d{number}" for number in range(50 * at, 50 * at + 50)]
        return _page(*names, link=form.format(place.format(at + 1)) if at < 50 else "")

    asked = _answering(puppet, pages)
    found = pair.consumer.manage("POST", "/v1/catalog", {"provider": puppet.did})[1]
    assert len(asked) == 51
    assert [one["@id"] for one in found["dataset"]] == [f"urn:d{n}" for n in range(2550)]
    assert (found["shown"], found["pages"], found["cut"]) == (2550, 51, None)


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ('<{base}/catalog/request>; rel="next"', "leads back"),
        ('<>; rel="next"', "leads back"),
        ('<?>; rel="next"', "leads back"),
        ('<?x>; rel="next"', "did not come"),
        ("what is no link", "cannot be read"),
        ('<http://[::1/>; rel="next"', "cannot be read"),
        ('<https://crow.example:99999/>; rel="next"', "cannot be read"),
        ('<https://a@crow.example/>; rel="next"', "cannot be read"),
        ('<mailto:a@b.example>; rel="next"', "cannot be read"),
    ],
)
def test_a_link_that_leads_nowhere_is_said(pair: Pair, puppet: Puppet, link: str, why: str):
    """To itself, to nothing that is a URL, to a page that fails: what came is shown once."""

    def pages(url: str) -> Response:
        if url.endswith("request"):
            return _page("a", "b", link=link.format(base=puppet.base))
        return Response(status=500, headers={}, body=b"")

    _answering(puppet, pages)
    found = pair.consumer.manage("POST", "/v1/catalog", {"provider": puppet.did})[1]
    assert [one["@id"] for one in found["dataset"]] == ["urn:a", "urn:b"]
    assert found["cut"]["after"] == 2
    assert found["cut"]["page"] == 1
    assert why in found["cut"]["why"]


def test_a_dataset_that_comes_again_is_shown_once(pair: Pair, puppet: Puppet):
    """Two names for one page give each dataset once, and how many came again is said."""
    link = f'<{puppet.base}/catalog/request?again>; rel="next"'
    _answering(puppet, lambda url: _page("a", "b", link="" if "again" in url else link))
    found = pair.consumer.manage("POST", "/v1/catalog", {"provider": puppet.did})[1]
    assert (found["shown"], found["repeated"], found["cut"]) == (2, 2, None)


def test_who_was_asked_is_shown_not_who_it_says_it_is(pair: Pair, puppet: Puppet):
    """A catalogue that names another party does not become that party's."""
    _answering(puppet, lambda _url: _page("a"))
    found = pair.consumer.manage("POST", "/v1/catalog", {"provider": puppet.did})[1]
    assert (found["provider"], found["claimsToBe"]) == (puppet.did, "crow")
    puppet.net.fault = None
    honest = {"provider": pair.provider.did}
    assert pair.consumer.manage("POST", "/v1/catalog", honest)[1]["claimsToBe"] is None


def test_a_bomb_is_not_unpacked():
    """A gzipped answer that decodes to more than the cap is refused."""
    bomb = gzip.compress(b"0" * (remote.MAX_DECODED_BYTES + 1))
    answer = Response(status=200, headers={"content-encoding": "gzip"}, body=bomb)
    with pytest.raises(RemoteError) as caught:
        remote._decoded(answer)
    assert caught.value.code == "peer-too-large"


def test_a_peer_of_another_version_is_told_apart(pair: Pair, puppet: Puppet):
    """A peer that does not speak 2025-1 is refused with that reason."""
    puppet.net.fault = lambda _method, url, _body: (
        Response(
            status=200, headers={}, body=b'{"protocolVersions":[{"version":"2024-1","path":"/"}]}'
        )
        if url.endswith("/.well-known/dspace-version")
        else None
    )
    with pytest.raises(RemoteError) as caught:
        remote.base_of(pair.consumer.node, puppet.did)
    assert versions.VERSION in caught.value.message
