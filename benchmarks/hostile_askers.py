"""Six threads of one consumer that ask what will be refused, as fast as they can.

`python -m benchmarks.hostile_askers HOME URL DID AGREEMENT` begins and rests with each line on its
standard input, until that is closed; then it prints how often it was told what, and the seconds it
was told to wait. It signs with
the keys of a real home and speaks HTTP by itself, so that nothing of ours holds it back. It comes
from an address of its own and steps back for the processes that are measured: a real attacker has a
machine of its own.
"""

import http.client
import json
import os
import sys
import threading
import uuid
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from connector.areas.questions.messages import ANSWER_VERSION, Question
from connector.party.node import Node, open_node
from connector.process.settings import load

THREADS = 6
OTHER_ADDRESS = "127.0.0.2"

# refused late, each after as much work as its kind can cause
_PAIRS = " OR ".join(
    f"({x} = {i} AND {y} = {(3 * i) % 8})" for i in range(16) for x, y in ("ae", "bf", "cg", "dh")
)
_MANY = " OR ".join(f"(part = {11 * i} AND plant = 'P{i % 10}')" for i in range(160))
_CODES = ", ".join(str(7 * i) for i in range(700))
REFUSED = (
    f"SELECT SUM(qty) FROM parts WHERE {_MANY} OR part = -1",  # the last code is not declared
    f"SELECT SUM(qty) FROM parts WHERE part IN ({_CODES}) AND part > 99000",  # nothing is kept
    f"SELECT SUM(qty) FROM parts WHERE part IN ({_CODES}) GROUP BY contributor",
    f"SELECT SUM(qty) FROM parts WHERE {_PAIRS}",  # no such columns
    "SELECT " + ", ".join(["SUM(qty)"] * 250) + " FROM parts WHERE part = 1 HAVING AVG(qty) > 1",
)


def main(home: str, url: str, did: str, agreement: str) -> None:
    """Ask until standard input ends."""
    os.nice(10)
    node = open_node(load(Path(home), os.environ))
    told: Counter[str] = Counter()
    waits: list[int] = []
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while sys.stdin.readline():
        stop = threading.Event()
        threads = [
            threading.Thread(target=_ask, args=(node, url, did, agreement, told, waits, stop))
            for _ in range(THREADS)
        ]
        for thread in threads:
            thread.start()
        sys.stdin.readline()
        stop.set()
        for thread in threads:
            thread.join()
    json.dump({"told": told, "waits": [min(waits, default=0), max(waits, default=0)]}, sys.stdout)


def _ask(
    node: Node,
    url: str,
    did: str,
    agreement: str,
    told: Counter[str],
    waits: list[int],
    stop: threading.Event,
) -> None:
    place = urlsplit(f"{url}/voile/v1/questions")
    made: http.client.HTTPConnection | None = None
    number = 0
    while not stop.is_set():
        number += 1
        body = json.dumps(_question(agreement, REFUSED[number % len(REFUSED)])).encode()
        token = node.peers.token(did, "POST", place.geturl(), body)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        try:
            if made is None:
                made = http.client.HTTPConnection(
                    "127.0.0.1", place.port, source_address=(OTHER_ADDRESS, 0), timeout=60
                )
            made.request("POST", place.path, body=body, headers=headers)
            answer = made.getresponse()
            found = json.loads(answer.read())
        except (OSError, http.client.HTTPException):
            made = None
            told["lost"] += 1
            continue
        told[f"{answer.status} {found.get('error', {}).get('code', '')}"] += 1
        if answer.status == 429:
            waits.append(int(answer.headers["Retry-After"]))


def _question(agreement: str, sql: str) -> dict[str, Any]:
    question = Question(
        id=f"urn:uuid:{uuid.uuid4()}",
        agreement=agreement,
        sql=sql,
        purpose="capacityPlanning",
        answers=(ANSWER_VERSION,),
    )
    return question.to_wire()


if __name__ == "__main__":
    main(*sys.argv[1:])
