"""A second answer for one charge, or an answer to a stranger, by messages of a session sent again.

Who: the consumer of a finished session, and a stranger who has seen its messages.
Knows: every byte that the consumer sent.
Source: privacy.md 4: replay of a phase.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.attack.stocks import stocks

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


def attack(scene: Scene, told: Told) -> None:
    held = stocks(scene, "replay")
    mallory = scene.mallory
    held.agreements(mallory)
    mallory.tap.sent.clear()
    status, body = held.ask(mallory)
    assert status == 200, body
    sent = [
        s
        for s in mallory.tap.sent
        if "/voile/v1/cohorts/" in s.url or "/voile/v1/aggregations/" in s.url
    ]
    before = held.used(mallory)
    parties = [*scene.suppliers.values(), scene.hub]
    told.tried.append(
        f"{len(sent)} messages of a finished session again, by the consumer and by a stranger"
    )
    for message in sent:
        callee = next(party for party in parties if message.url.startswith(party.url + "/"))
        path = message.url[len(callee.url) :]
        value = json.loads(message.body) if message.body else None
        again = mallory.call(callee, message.method, path, value)
        told.check(
            "a repeated message gets its stored answer or a refusal",
            holds=again.status in {200, 403, 404, 409},
            came=f"{path}: {again.status} {again.body[:200]!r}",
        )
        theirs = scene.eve.call(callee, message.method, path, value)
        told.check(
            "a stranger gets nothing with it",
            holds=theirs.status in {400, 401, 403, 404, 409},
            came=f"{message.method} {path}: {theirs.status} {theirs.body[:200]!r}",
        )
        raw = scene.eve.node.peers._transport.request(
            message.method, message.url, body=message.body or None, headers=message.headers
        )
        told.check(
            "a token works once", holds=raw.status in {401, 404}, came=f"{path}: {raw.status}"
        )
    told.held = sorted(set(told.held))
    told.check(
        "charged once",
        holds=held.used(mallory) == before == [1, 1, 1],
        came=(before, held.used(mallory)),
    )
