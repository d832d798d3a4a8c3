"""Two terms side by side: whatever differs is marked, also where every line has its like."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from connector.console.terms import MOST_NAMED, MOST_PAIRS, Lines, Terms, compared, namer, terms_of
from contracts import messages as m
from contracts.agreements import message_offer
from contracts.messages import Pid
from policies.profile import QUERY
from tests.connector.consuming.desk import Desk, part, told
from tests.connector.dsp.area import OPEN, offer_of
from tests.connector.dsp.playing import P, negotiate, serve

if TYPE_CHECKING:
    from tests.connector.dsp.conftest import Pair, Puppet

FIRMS = tuple(f"did:web:firm{number}.example" for number in range(13))


def terms(*rules: tuple[str, int], by: tuple[str, ...] = FIRMS) -> Terms:
    """Terms with a permission each for a purpose, so many answers, and these recipients."""
    permissions = [
        {
            "action": QUERY,
            "constraint": [
                {"leftOperand": "purpose", "operator": "eq", "rightOperand": purpose},
                {"leftOperand": "count", "operator": "lteq", "rightOperand": str(count)},
                {"leftOperand": "recipient", "operator": "isAnyOf", "rightOperand": list(by)},
            ],
        }
        for purpose, count in rules
    ]
    made = terms_of({"@id": "urn:o", "@type": "Offer", "permission": permissions}, "Offer")
    assert made.sentences, made.unreadable.said("en")
    return made


def marked(lines: Lines) -> set[str]:
    return {line for rule in lines for line, alone in rule if alone}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_thirteenth_recipient_is_seen(language):
    """What somebody agrees to is named whole, however long it is."""
    rival = "did:web:rival.example"
    mine, theirs = terms(("urn:a", 5)), terms(("urn:a", 5), by=(*FIRMS[:12], rival))
    asked, offered = compared(mine, theirs, language)
    (was,), (now,) = marked(asked), marked(offered)
    assert FIRMS[12] in was
    assert rival in now


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_clause_of_another_rule_is_another_clause(language):
    """Counts that changed places between two rules are two differences, and none is hidden."""
    mine, theirs = terms(("urn:a", 5), ("urn:b", 100)), terms(("urn:a", 100), ("urn:b", 5))
    asked, offered = compared(mine, theirs, language)
    assert all(any(alone for _, alone in rule) for rule in (*asked, *offered))


def test_rules_that_say_the_same_are_beside_each_other():
    mine = terms(("urn:a", 5), ("urn:b", 100))
    asked, offered = compared(mine, terms(("urn:b", 100), ("urn:a", 5)), "en")
    assert not marked(asked) | marked(offered)
    asked, offered = compared(mine, terms(("urn:a", 5), ("urn:a", 5), ("urn:b", 100)), "en")
    assert not marked(asked)
    assert sum(all(alone for _, alone in rule) for rule in offered) == 1


def test_firms_of_one_name_are_told_apart_and_few_are_looked_up():
    """Two may be called alike; a list of thousands costs no query each."""
    asked: list[str] = []

    def standing(_session: object, did: str) -> SimpleNamespace:
        asked.append(did)
        return SimpleNamespace(name_zh="博纳", name_en="")

    name = namer(SimpleNamespace(status=SimpleNamespace(standing=standing)), None)  # type: ignore[arg-type]
    one, other = (name(did).said("en") for did in FIRMS[:2])
    assert one != other
    assert one == f"博纳 ({FIRMS[0]})"
    many = [f"did:web:m{number}.example" for number in range(3 * MOST_NAMED)]
    assert all(did in name(did).said("zh") for did in many * 2)
    assert len(asked) == MOST_NAMED


def test_many_rules_are_not_tried_each_with_each():
    """More than may be laid beside each other count as other."""
    many = [(f"urn:a{number}", 1) for number in range(60)]
    asked, offered = compared(
        terms(*many), terms(*((name, 2) for name, _ in many), by=FIRMS[:1]), "en"
    )
    assert len(many) ** 2 > MOST_PAIRS
    assert all(alone for rule in (*asked, *offered) for _, alone in rule)


def test_an_offer_for_another_dataset_says_so(pair: Pair, puppet: Puppet, buyer: Desk):
    """The same terms for another dataset are not what was asked for, and the page names both."""
    serve(pair, puppet)
    pid = negotiate(pair, puppet)
    message = m.ContractOfferMessage(
        id="urn:o:1",
        consumer_pid=Pid(pid),
        provider_pid=P,
        offer=message_offer(json.loads(json.dumps(offer_of(OPEN))), dataset_id="urn:other"),
    )
    assert puppet.send(pair.consumer, f"/negotiations/{pid}/offers", message)[0] == 200
    html = buyer.get(f"/negotiations/{part(pid)}")
    assert "for another dataset than we asked for" in told(html)
    assert re.search(rf"<del><bdi>{OPEN}</bdi></del> <ins><bdi>urn:other</bdi></ins>", html)
