"""Everybody else's answers delayed, by questions that are refused and cost much to refuse.

Who: a consumer with six threads.
Knows: that a refused question charges nothing, and which filters are slow to read.
Source: disclosure.md 9; issue 9, purpose and 4.
"""

from __future__ import annotations

import threading
import time
from statistics import median
from typing import TYPE_CHECKING
from uuid import uuid4

from tests.attack.tables import Measure, Row, Table

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


THREADS, SECONDS, HONEST = 6, 6.0, 12
LONGEST = 30.0  # seconds for one honest answer, on a machine that is busy with other things, too


def attack(scene: Scene, told: Told) -> None:
    codes = {name: [f"{name}{n}" for n in range(12)] for name in "abcd"}
    rows: list[Row] = [
        (f"c{i}", (f"a{i % 3}", f"b{i % 2}", "c0", "d0"), (100 + i,)) for i in range(120)
    ]
    table = Table(codes, [Measure("amount", 0, 900, "CNY")], rows)
    assert table.publish(scene, "hostile"), table.told
    table.number(scene.mallory, "SELECT SUM(amount) FROM held")
    quiet = _asked(scene, table)
    stop, said = threading.Event(), []
    threads = [
        threading.Thread(target=_hostile, args=(scene, table, stop, said)) for _ in range(THREADS)
    ]
    told.tried.append(
        f"{THREADS} threads of slow questions that are refused, while another consumer asks"
    )
    for thread in threads:
        thread.start()
    began = time.monotonic()
    busy: list[float] = []
    while True:
        busy += _asked(scene, table, 3)
        if time.monotonic() - began >= SECONDS and len(busy) >= HONEST:
            break
    stop.set()
    for thread in threads:
        thread.join(60)
    statuses = [status for status, _ in said]
    told.came.append(
        f"refused {len(said)} times, {statuses.count(429)} of them by 429; "
        f"the other's median {median(quiet) * 1000:.0f} ms alone, {median(busy) * 1000:.0f} ms meanwhile"
    )
    times = [wait for status, wait in said if status == 429]
    told.check(
        "who goes on is told by 429 when to come back",
        holds=bool(times) and all(times),
        came=statuses[:10],
    )
    told.check(
        "the other consumer is answered all the while", holds=max(busy) < LONGEST, came=max(busy)
    )


def _asked(scene: Scene, table: Table, count: int = HONEST) -> list[float]:
    taken = []
    for n in range(count):
        began = time.monotonic()
        status, body = table.ask(scene.eve, f"SELECT SUM(amount) FROM held WHERE a <> 'a{n}'")
        assert status == 200, body
        taken.append(time.monotonic() - began)
    return taken


def _hostile(scene: Scene, table: Table, stop: threading.Event, said: list) -> None:
    clauses = [
        f"(a = 'a{n % 12}' AND b <> 'b{n % 11}' AND (c = 'c{n % 7}' OR d <> 'd{n % 5}'))"
        for n in range(150)
    ]
    sql = f"SELECT a, b, c, d, SUM(amount) FROM held WHERE {' OR '.join(clauses)} GROUP BY a, b, c, d HAVING MAX(amount) > 1"
    agreement = table.agreements[scene.mallory.did]
    asked = scene.mallory.question(agreement, "SELECT SUM(amount) FROM held")
    while not stop.is_set():
        changed = sql.replace("MAX(amount) > 1", f"SUM(amount) > {len(said)}")
        body = asked | {
            "questionId": f"urn:uuid:{uuid4()}",
            "sql": changed if len(said) % 2 else sql,
            "purpose": "https://w3id.org/voile/ns/purpose/planning",
        }
        answer = scene.mallory.call(scene.acme, "POST", "/voile/v1/questions", body)
        said.append((answer.status, answer.headers.get("retry-after", "")))
