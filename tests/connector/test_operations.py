"""What owners can do is declared once: rights, routes, documents and the kept `/v1` follow from it."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from connector.compose.describing import AREAS, DOCS, breaks, described, kept, openapi, operations
from connector.process.actor import ROLES
from contracts.evidence import KINDS
from crypto.record_kinds import fields_of, words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulators import Party

WHO = ["participant", "hub"]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ID = "urn:uuid:00000000-0000-4000-8000-000000000000"


@pytest.fixture(params=WHO)
def node(request: pytest.FixtureRequest, party: Callable[..., Party]) -> Party:
    return party("acme", role=request.param, areas=AREAS[request.param])


@pytest.mark.parametrize("who", WHO)
def test_each_is_declared_whole_and_once(who: str):
    """A name, a path, words in both languages, somebody who may; one of each name and route."""
    seen = operations(who)
    assert len({one.name for one in seen}) == len(seen)
    assert len({(one.method, one.path) for one in seen}) == len(seen)
    for one in seen:
        assert re.fullmatch(r"[a-z_]+\.[a-z_]+", one.name)
        assert one.path.startswith("/v1/")
        assert CHINESE.search(one.words.zh), one.name
        assert not CHINESE.search(one.words.en), one.name
        assert not one.words.en.endswith("."), one.name
        assert one.may, one.name
        assert one.may <= set(ROLES), one.name
        assert one.approval is None or one.approval <= set(ROLES)
        assert one.leaf is None or one.leaf in KINDS, one.name
        assert one.method != "GET" or one.leaf in {None, "ACCESS"}, (
            "what is read is put on record as that"
        )


@pytest.mark.parametrize("who", WHO)
def test_whatever_is_sent_has_words(who: str):
    """Each field of a body or a query, and each part of a path: what it is, in both languages."""
    for one in operations(who):
        assert set(one.named) == set(one.parts), one.name
        sent = (*fields_of(one.body), *fields_of(one.query))
        for words in (*one.named.values(), *(words_of(each.kind) for each in sent)):
            assert words, one.name
            assert CHINESE.search(words.zh) or words.zh == words.en, words
            assert not CHINESE.search(words.en), words
            assert not words.en.endswith("."), words


@pytest.mark.parametrize("who", WHO)
def test_the_words_of_what_is_sent_are_in_the_document(who: str):
    """As descriptions of parameters and of fields of a body."""
    paths = openapi(who)["paths"]
    for one in operations(who):
        made = paths[one.path][one.method.lower()]
        said = {each["name"]: each["description"] for each in made.get("parameters", ())}
        if "requestBody" in made:
            body = made["requestBody"]["content"]["application/json"]["schema"]["properties"]
            said |= {name: each["description"] for name, each in body.items()}
        sent = (*fields_of(one.body), *fields_of(one.query))
        expected = {name: words.en for name, words in one.named.items()}
        expected |= {each.key: words.en for each in sent if (words := words_of(each.kind))}
        assert said == expected


@pytest.mark.parametrize("who", WHO)
def test_who_only_audits_changes_nothing_but_by_its_own_leaf(who: str):
    """An auditor reads; what it exports is logged as read, and changes nothing else."""
    may = [one for one in operations(who) if "auditor" in one.may and one.method != "GET"]
    assert [one.name for one in may] == ["audit.export"]
    assert {one.leaf for one in may} == {"ACCESS"}


@pytest.mark.parametrize("who", WHO)
def test_the_document_is_openapi_and_the_one_that_is_served(who: str, party: Callable[..., Party]):
    """OpenAPI 3.1 by its own validator; `GET /v1/openapi.json` gives it."""
    made = openapi(who)
    OpenAPIV31SpecValidator(made).validate()
    acme = party("acme", role=who, areas=AREAS[who])
    assert acme.manage("GET", "/v1/openapi.json") == (200, json.loads(json.dumps(made)))


def test_the_documentation_says_what_is_declared():
    """`python -m connector.compose.describing` has been run."""
    text = (DOCS / "api.md").read_text(encoding="utf-8")
    assert described(text) == text


@pytest.mark.parametrize("who", WHO)
def test_what_v1_promised_still_holds(who: str):
    """The kept document may grow; nothing of it goes, nothing new is demanded."""
    old = json.loads(kept(who).read_text(encoding="utf-8"))
    assert list(breaks(old, openapi(who))) == []
    assert set(openapi(who)["paths"]) == set(old["paths"]), "write the documents anew"


BREAKING: list[Callable[[dict[str, Any]], object]] = [
    lambda doc: doc["paths"].pop("/v1/outbox"),
    lambda doc: doc["paths"]["/v1/management-keys"].pop("get"),
    lambda doc: doc["paths"]["/v1/node"]["get"]["x-voile-may"].remove("steward"),
    lambda doc: doc["paths"]["/v1/outbox"]["get"]["parameters"].pop(),
    lambda doc: _body(doc)["properties"].pop("name"),
    lambda doc: _body(doc)["properties"].update(name={"type": "integer"}),
    lambda doc: _body(doc)["required"].append("reason"),
    lambda doc: _reply(doc)["required"].remove("id"),
    lambda doc: _reply(doc)["properties"].pop("id"),
    lambda doc: doc["paths"]["/v1/outbox"]["get"]["parameters"].append(
        {"name": "since", "in": "query", "required": True, "schema": {"type": "string"}}
    ),
]
HARMLESS: list[Callable[[dict[str, Any]], object]] = [
    lambda doc: doc["paths"].update({"/v1/new": {"get": {}}}),
    lambda doc: doc["paths"]["/v1/node"]["get"].update(summary="other words"),
    lambda doc: _body(doc)["properties"].update(reason={"type": "string"}),
    lambda doc: _reply(doc)["properties"].update(more={"type": "string"}),
    lambda doc: _reply(doc)["required"].append("revoked"),
]


def _body(doc: dict[str, Any]) -> dict[str, Any]:
    post = doc["paths"]["/v1/management-keys"]["post"]
    found: dict[str, Any] = post["requestBody"]["content"]["application/json"]["schema"]
    return found


def _reply(doc: dict[str, Any]) -> dict[str, Any]:
    post = doc["paths"]["/v1/management-keys/{name}/revoke"]["post"]
    found: dict[str, Any] = post["responses"]["200"]["content"]["application/json"]["schema"]
    return found


@pytest.mark.parametrize(
    ("change", "broken"),
    [*((change, True) for change in BREAKING), *((change, False) for change in HARMLESS)],
)
def test_a_breaking_change_would_be_found(change: Callable[[dict[str, Any]], object], broken: bool):
    """Each kind of it; and what breaks nobody is none."""
    old = json.loads(json.dumps(openapi("participant")))
    new = deepcopy(old)
    change(new)
    assert bool(list(breaks(old, new))) is broken


def test_the_permission_matrix_is_what_the_routes_do(node: Party):
    """Each operation with a key of each role alone: 403 exactly where the declaration says so."""
    role = node.node.settings.role
    tokens = {
        one: node.manage("POST", "/v1/management-keys", {"name": one, "roles": [one]})[1]["token"]
        for one in ROLES
    }
    for operation in operations(role):
        path = re.sub(r"\{\w+\}", ID, operation.path)
        if operation.name == "token.renew":
            continue  # it would take the first key from us; its rights are those of `key.add`
        for one, token in tokens.items():
            body = None if operation.method == "GET" else {"unknown": 1}
            status, found = node.manage(operation.method, path, body, token=token)
            refused = status == 403 and found["error"]["code"] == "role-missing"
            assert refused is (one not in operation.may), (operation.name, one, status)


def test_every_route_of_the_owner_is_an_operation(node: Party):
    """So each has its roles."""
    declared = {(one.method, one.rule) for one in operations(node.node.settings.role)}
    served = {
        (method, rule.rule)
        for rule in node.apps.management.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert served == declared
