"""A total that hides nothing, or is wrong, by ciphertexts that are none.

Who: one supplier of the cohort who patched its own connector.
Knows: the frame of a batch; that 0, n and multiples of p have no inverse.
Source: privacy.md 3.2, 4; issue 9, 5.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from crypto.b64 import unb64url
from tests.attack import sessions
from tests.attack.stocks import cells, rows_of, stocks

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


HEAD = 8  # magic and the header's length


def attack(scene: Scene, told: Told) -> None:
    dune = scene.extra("dune")
    names = ("acme", "bolt", "dune")
    held = stocks(scene, "cipher")
    held.held = {"acme": held.held["acme"], "bolt": held.held["bolt"], "dune": rows_of(4)}
    held.publish("dune")
    n = {}
    for what in (
        "0",
        "1",
        "n",
        "n^2",
        "n^2 - 1",
        "a multiple of n",
        "all ones",
        "too short",
        "too long",
        "another header",
    ):
        refused = []

        def fault(
            _method: str, url: str, body: bytes, what: str = what, refused: list = refused
        ) -> bytes | None:
            if not url.endswith("/batch") or refused:
                return None
            refused.append(url)
            return _changed(body, what, n["n"])

        n["n"] = 0
        dune.tap.change = fault
        scene.mallory.tap.fault = _watch(n)
        told.tried.append(f"a batch in which the first ciphertext is {what}")
        try:
            status, body = held.ask(scene.mallory, sessions.SQL, *names)
        finally:
            dune.tap.change = scene.mallory.tap.fault = None
        said = [s.answer.status for s in dune.tap.sent if s.url.endswith("/batch")]
        dune.tap.sent.clear()
        assert refused, "the patched supplier was never asked"
        right = status == 200 and all(
            cells(body)[brand]["held:sum"] == str(held.truth(brand)) for brand in cells(body)
        )
        told.came.append(f"{what}: the aggregator said {said}, the consumer got {status}")
        told.check(
            f"no wrong total is passed off as right ({what})",
            holds=status != 200 or right,
            came=body,
        )
        if what not in {"1", "n^2 - 1"}:  # these two are units, and decrypt to nought
            told.check(
                f"the aggregator refuses it ({what})",
                holds=said[:1] not in ([200], [201]),
                came=said,
            )


def _watch(n: dict[str, int]):
    def look(_method: str, url: str, body: bytes) -> None:
        if "/voile/v1/aggregations/" in url and b'"session"' in body:
            import json

            session = json.loads(unb64url(json.loads(body)["session"].split(".")[1]))
            n["n"] = int.from_bytes(unb64url(session["key"]["n"]), "big")

    return look


def _changed(body: bytes, what: str, n: int) -> bytes:
    start = HEAD + int.from_bytes(body[4:8], "big")
    size = 2 * math.ceil(n.bit_length() / 8)
    numbers = {
        "0": 0,
        "1": 1,
        "n": n,
        "n^2": n * n,
        "n^2 - 1": n * n - 1,
        "a multiple of n": 7 * n,
        "all ones": (1 << 8 * size) - 1,
    }
    if what in numbers:
        return body[:start] + numbers[what].to_bytes(size, "big") + body[start + size :]
    if what == "another header":
        return body[:HEAD] + body[HEAD:].replace(b'"scale":0', b'"scale":1', 1)
    return body[:-1] if what == "too short" else body + b"x"
