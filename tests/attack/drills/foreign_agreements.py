"""What others have agreed on, and asked, from how a request of one's own is refused.

Who: a certified consumer who has learnt the id of somebody else's agreement.
Knows: ids of agreements, negotiations, transfers and questions of another consumer.
Source: issue 9, 5: error and length differences; disclosure.md 7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.attack.tables import Measure, Row, Table

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


NOBODYS = "urn:uuid:00000000-0000-4000-8000-000000000000"


def attack(scene: Scene, told: Told) -> None:
    rows: list[Row] = [(f"c{i}", ("x",), (100 + i,)) for i in range(30)]
    table = Table({"line": ["x"]}, [Measure("amount", 0, 900, "CNY")], rows)
    assert table.publish(scene, "foreign"), table.told
    assert table.number(scene.mallory, "SELECT SUM(amount) FROM held") is not None
    theirs = table.agreements[scene.mallory.did]
    pids = [
        row["pid"] for row in scene.mallory.manage("GET", "/v1/negotiations")[1]["negotiations"]
    ]
    told.tried.append("every id of another consumer's, and one that does not exist")
    for what, path, ids in (
        ("an agreement's signatures", "/voile/v1/agreements/{}/signatures", (theirs, NOBODYS)),
        ("a negotiation", "/dsp/2025-1/negotiations/{}", (pids[0], NOBODYS)),
        ("a transfer", "/dsp/2025-1/transfers/{}", (pids[0], NOBODYS)),
    ):
        both = [scene.eve.call(scene.acme, "GET", path.format(one)) for one in ids]
        _alike(told, what, both, ids)
    asked = scene.mallory.question(theirs, "SELECT SUM(amount) FROM held")
    for explain in (False, True):
        both = [
            scene.eve.call(
                scene.acme,
                "POST",
                "/voile/v1/questions",
                asked | {"agreementId": one, "explain": explain},
            )
            for one in (theirs, NOBODYS)
        ]
        _alike(told, f"a question under it, explain={explain}", both, (theirs, NOBODYS))


def _alike(told: Told, what: str, both: list, ids: tuple[str, str]) -> None:
    said = [
        (answer.status, len(answer.body), answer.body.decode().replace(one, "ID"))
        for answer, one in zip(both, ids, strict=True)
    ]
    told.came.append(f"{what}: {said[0][0]}, {said[0][1]} bytes")
    told.check(
        f"{what} of another is refused like one that does not exist",
        holds=said[0] == said[1] and _refused(*said[0]),
        came=said,
    )


def _refused(status: int, _size: int, text: str) -> bool:
    return status in {401, 403, 404} or '"allowed":false' in text
