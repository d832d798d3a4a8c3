"""A contract of a firm that may not act is nowhere said to be in force."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from sqlalchemy import event

from connector.areas.dsp import agreements_page, contracts_stand
from tests.areas import AUDIT
from tests.connector.consuming.desk import ENV, Desk
from tests.connector.membership import bazaar as made
from tests.connector.membership.bazaar import Bazaar

if TYPE_CHECKING:
    from pathlib import Path

    from tests.connector.space import Space
    from tests.simulators import Net

SAID = {
    "suspend": {"en": "suspended", "zh": "已暂停"},
    "revoke": {"en": "revoked", "zh": "已撤销"},
}


@pytest.fixture
def bazaar(space: Space, net: Net, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bazaar:
    monkeypatch.setattr(made, "AREAS", (*made.AREAS, AUDIT))
    make = space.make
    space.make = lambda name, **more: make(name, env=ENV, **more)
    return Bazaar.make(space, net, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("word", ["suspend", "revoke"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_lists_and_pages_say_the_same_of_a_contract_whose_party_may_not_act(
    bazaar: Bazaar, word: str, language: str
) -> None:
    """On both sides; reinstated, it is in force again."""
    agreement = quote(bazaar.agreement("deliveries"), safe="")
    force = {"en": "in force", "zh": "生效中"}[language]
    paths = {
        "buyer": ("/contracts", f"/contracts/{agreement}", "/dossiers"),
        "supplier": ("/contracts", f"/contracts/{agreement}", "/dossiers", "/products/deliveries"),
    }
    desks = {who: Desk(bazaar.party(who), "cdo", language) for who in paths}

    def badges(said: str) -> list[bool]:
        return [
            said + "</span>" in desks[who].open(path).decode()
            for who, listed in paths.items()
            for path in listed
        ]

    assert all(badges(force))
    bazaar.act(word, "supplier")
    assert not any(badges(force))
    here = {"en": "the other party is ", "zh": "对方认证"}[language]
    own = {"en": "we are ", "zh": "本方认证"}[language]
    told = SAID[word][language]
    assert badges(here + told) == [True] * 3 + [False] * 4
    assert badges(own + told) == [False] * 3 + [True] * 4
    if word == "suspend":
        bazaar.act("reinstate", "supplier")
        assert all(badges(force))


def test_however_many_contracts_are_judged_by_as_many_statements(bazaar: Bazaar) -> None:
    """Parties are looked up together."""
    for dataset in ("deliveries", "parts"):
        bazaar.agreement(dataset)
    node = bazaar.buyer.node
    counted: list[int] = []
    with node.db.reading() as session:
        found = [one for _, one in agreements_page(session, limit=10)]
        statements: list[str] = []
        event.listen(
            session.get_bind(),
            "before_cursor_execute",
            lambda _c, _u, statement, *_more: statements.append(statement),
        )
        for many in (found[:1], found * 20):
            statements.clear()
            contracts_stand(node, session, many, node.clock.now())
            counted.append(len(statements))
    assert counted[0] == counted[1] <= 2
