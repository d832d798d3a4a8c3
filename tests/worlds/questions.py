"""Questions to one supplier: well-formed, malformed, explained, repeated, together."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tests.attack.insider import wait
from tests.worlds import holdings
from tests.worlds.caller import call, path_label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.worlds.space import World

PATH, ACKS = "/voile/v1/questions", "/voile/v1/acks"
ANSWERED = (
    "SELECT SUM(amount) FROM held",
    "SELECT COUNT(*) FROM held",
    "SELECT SUM(late), COUNT(*), AVG(amount) FROM held",
    "SELECT region, SUM(amount) FROM held GROUP BY region",
    "SELECT region, kind, SUM(amount), SUM(late), COUNT(*) FROM held GROUP BY region, kind",
    "SELECT kind, region, AVG(late) FROM held GROUP BY kind, region ORDER BY region DESC",
    "SELECT region, COUNT(*) FROM held GROUP BY region HAVING COUNT(*) > 1 LIMIT 2",
    "SELECT region, AVG(amount) FROM held GROUP BY region HAVING AVG(amount) > -1",
    "SELECT SUM(amount) FROM held WHERE region = 'W'",
    "SELECT SUM(amount), COUNT(*) FROM held WHERE region = 'W' AND kind = 'old'",
    "SELECT SUM(amount) FROM held WHERE region = 'E' AND kind = 'old'",
    "SELECT SUM(amount) FROM held WHERE NOT (region = 'W' AND kind = 'old')",
    "SELECT COUNT(*) FROM held WHERE region IN ('N','S') OR kind = 'new'",
)
FRESH = (  # asked by the consumer's connector alone, which promises what it got
    "SELECT SUM(late) FROM held",
    "SELECT SUM(late) FROM held WHERE region = 'W'",
    "SELECT kind, SUM(late) FROM held GROUP BY kind",
)
REFUSED = (
    "SELECT amount FROM held",
    "SELECT who, COUNT(*) FROM held GROUP BY who",
    "SELECT SUM(amount) FROM held WHERE amount > 100",
    "SELECT SUM(amount) FROM held WHERE who = 'ledger-c1'",
    "SELECT SUM(CASE WHEN amount > 3000 THEN 1 ELSE 0 END) FROM held",
    "SELECT SUM(1/(amount-107)) FROM held",
    "SELECT MAX(amount), MIN(amount) FROM held",
    "SELECT COUNT(DISTINCT who) FROM held",
    "SELECT SUM(amount) FROM held GROUP BY region HAVING MAX(amount) > 1",
    "SELECT SUM(amount) FROM held WHERE region = 'nowhere'",
    "SELECT SUM(amount) FROM other",
    "SELECT SUM(amount) FROM held; SELECT 1",
    "SELECT SUM(amount) FROM (SELECT * FROM held)",
    "SELEKT",
    "",
    "SELECT SUM(amount) FROM held WHERE " + "(" * 300 + "region='N'" + ")" * 300,
)
FIELDS: dict[str, tuple[Any, ...]] = {
    "questionId": ("", "x", "x" * 201, None, 7, "urn:uuid:!"),
    "agreementId": ("", "urn:uuid:00000000-0000-4000-8000-000000000000", None, 7, "x" * 501),
    "sql": (None, 7, "x" * 20_001, []),
    "purpose": ("", "credit", "https://w3id.org/voile/ns/purpose/credit", None),
    "mode": ("", "homomorphic", "plain", None, 3),
    "explain": ("yes", 1, None),
    "more": (1,),
}


def body(world: World, sql: str, **changes: Any) -> dict[str, Any]:
    """Make the body of a question to acme."""
    known = world.notes.get("question")
    if known is None:
        known = world.mallory.question(world.notes["ledger"], ANSWERED[0])
        world.notes["question"] = known
    asked = known | {"questionId": f"urn:uuid:{uuid4()}", "sql": sql}
    return asked | changes


def send(world: World, label: str, value: Any, who: Any = None) -> int:
    """Ask acme, write down what it says, and give the status."""
    who = who or world.mallory
    return call(world.book, label, world.acme, "POST", PATH, value, who=who)[0]


def questions(world: World) -> None:
    """See the module."""
    each(world, (*ANSWERED, *REFUSED))
    strange = dict.fromkeys(body(world, ""), (None, [], {}, 7)) | FIELDS
    for name, values in strange.items():
        for value in values:
            label = f"{name} = {str(value)[:30]}"
            send(world, label, body(world, ANSWERED[0]) | {name: value})
            send(
                world, f"explain {label}", body(world, ANSWERED[0]) | {"explain": True, name: value}
            )
    together(world)


def each(world: World, questions: Iterable[str]) -> None:
    """Ask each question: explained, asked, again, in other words, by a stranger, under a used id."""
    for sql in questions:
        asked = body(world, sql)
        send(world, f"explain {sql[:80]}", asked | {"explain": True})
        status = send(world, sql[:80], asked)
        send(world, f"again {sql[:80]}", asked)
        send(world, f"reworded {sql[:80]}", body(world, re.sub(r"\bFROM\b", "/* */ from", sql)))
        send(world, f"a stranger: {sql[:80]}", asked, world.eve)
        if status == 200:  # of how many refused ids one is kept is a matter of time
            send(world, f"another text under it: {sql[:80]}", asked | {"sql": ANSWERED[0] + " "})


def together(world: World) -> None:
    """Ten questions at once, half of them under one id: the bag of responses must be equal."""
    asked = body(world, ANSWERED[3])
    bodies = [asked] * 5 + [body(world, sql) for sql in (*ANSWERED[:3], *REFUSED[:2])]
    with ThreadPoolExecutor(10) as pool:
        said = list(
            pool.map(
                lambda one: call(None, "", world.acme, "POST", PATH, one, who=world.mallory), bodies
            )
        )
    for number, (status, found) in enumerate(said):
        if isinstance(found, dict):  # which of the five came first, and how many before, is chance
            found.pop("usage", None)
            found.pop("repeated", None)
        answer = json.dumps(found).encode()
        world.book.note(f"together {number}", status, [], answer, length=False)


def asking(world: World) -> None:
    """The same through the consumer's own connector: what its people see."""
    mallory, book = world.mallory, world.book
    own = [
        ("GET", "/v1/search", None),
        ("GET", "/v1/search?text=ledger&page=1", None),
        ("POST", "/v1/catalog", {"provider": world.acme.did}),
        ("GET", "/v1/negotiations", None),
        ("GET", "/v1/agreements", None),
        ("GET", f"/v1/agreements/{world.notes['ledger']}", None),
        ("POST", "/v1/agreements/recover", {"provider": world.acme.did}),
        ("GET", "/v1/transfers", None),
        ("GET", "/v1/questions", None),
        ("GET", f"/v1/product-pages/{holdings.LEDGER}?provider={world.acme.did}", None),
    ]
    for kind in ("negotiations", "transfers"):
        rows = next(iter(mallory.manage("GET", f"/v1/{kind}")[1].values()))
        pid = next(row["pid"] for row in rows if row["agreement"] == world.notes["ledger"])
        own += [("GET", f"/v1/{kind}/{pid}", None), ("GET", f"/v1/explain/{pid}?lang=en", None)]
    base = {"agreements": [world.notes["ledger"]], "purpose": "stockPlanning"}
    for sql in (*ANSWERED[:5], *REFUSED[:5]):
        own += [("POST", "/v1/questions", base | {"sql": sql, "explain": True})]
        own += [("POST", "/v1/questions", base | {"sql": sql})]
    for method, path, value in own:
        status, found = mallory.manage(method, path, value)
        if isinstance(found, dict):
            found.pop("seconds", None)
        book.note(
            f"own {method} {path_label(path)}", status, [], json.dumps(found).encode(), length=False
        )
    promising(world)


def promising(world: World) -> None:
    """What the consumer's connector promised of the answers that it got; and what is none."""
    base = {"agreements": [world.notes["ledger"]], "purpose": "stockPlanning"}
    for sql in FRESH:
        status, found = world.mallory.manage("POST", "/v1/questions", base | {"sql": sql})
        assert status == 200, found
    acks = wait(lambda: _promised(world), lambda found: len(found) == len(FRESH))
    none = {"ack": acks[0]["ack"], "kind": "ANSWER", "of": "urn:uuid:nothing"}
    for label, value in (
        *((f"promise {number}", {"acks": [ack]}) for number, ack in enumerate(acks)),
        ("promises", {"acks": acks}),
        ("of nothing", {"acks": [none]}),
        ("too many", {"acks": [none] * 33}),
        ("none", {"acks": []}),
        ("nothing", {}),
        ("another's", {"acks": [acks[1] | {"of": acks[0]["of"]}]}),
    ):
        for who in (world.mallory, world.eve):
            call(world.book, f"{who.did} {label}", world.acme, "POST", ACKS, value, who=who)


def _promised(world: World) -> list[Any]:
    bodies = (one.body for one in world.mallory.tap.sent if one.url == world.acme.url + ACKS)
    found = {ack["of"]: ack for body in bodies for ack in json.loads(body)["acks"]}
    return list(found.values())
