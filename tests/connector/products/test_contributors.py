"""Contributors over data versions and products: the same firm, however it was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from connector.areas.products.publish import publish
from connector.engines.errors import DataError
from connector.process.errors import Conflict
from tests.catalog.product_texts import DELIVERIES, changed
from tests.connector.engines.files import line, write_csv
from tests.connector.products.test_publish import AREAS, rows_by_mode

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connector.party.node import Node
    from tests.simulators import Party

LINE = 'contributor = "customer"\n'
FOLD = changed(LINE, LINE + 'contributor_case = "fold"\n')
OTHER = changed('id = "delivery-records"', 'id = "others"')


@pytest.fixture
def node(party: Callable[..., Party]) -> Node:
    return party("acme", areas=AREAS).node


def wide(text: str) -> str:
    """The same letters in full width."""
    return "".join(chr(ord(c) + 0xFEE0) for c in text)


def publish_ids(node: Node, folder: Path, ids: list[str], text: str = DELIVERIES, **more: object):
    """Publishes two rows per id, the second with a weight of its own, so that files differ."""
    lines = [line(who, weight=w) for who in ids for w in (5, 6)]
    number = len(list(folder.glob("*.csv")))
    return publish(node, text, write_csv(folder / f"{number}.csv", lines), **more)


def respell_basis(node: Node, expression: str) -> None:
    """Leaves a basis as older code left it: ids as they stood in the owner's file."""
    (path,) = (node.settings.data / "products").rglob("basis-*.parquet")
    spelled = path.with_name("spelled")
    with duckdb.connect() as session:
        session.execute(
            f"COPY (SELECT * REPLACE ({expression} AS contributor) FROM read_parquet('{path}')) "
            f"TO '{spelled}' (FORMAT parquet)"
        )
    spelled.replace(path)


def test_spellings_do_not_make_a_cell_safe(node: Node, tmp_path: Path) -> None:
    """Two firms written in six ways are two contributors: too few to show anything."""
    with pytest.raises(DataError) as caught:
        publish_ids(node, tmp_path, ["KA", "KA ", "K\u200bA", "KB", wide("KB"), " KB"])
    assert caught.value.code == "data.unsafe"


def test_the_report_names_what_fell_together(node: Node, tmp_path: Path) -> None:
    """The owner reads which spellings are one contributor, and which differ in case only."""
    report = publish_ids(node, tmp_path, ["KA", "KA ", "KB", "Kb", "KC", "KD"])
    assert report["contributorIds"] == {
        "together": {"count": 1, "some": [["KA", "KA "]]},
        "caseOnly": {"count": 1, "some": [["KB", "Kb"]]},
    }


def test_old_bases_are_read_by_the_same_rule(node: Node, tmp_path: Path) -> None:
    """Ids kept as an earlier file wrote them are the same contributors: nothing has changed."""
    ids = ["KA", "KB", "KC", "KD"]
    publish_ids(node, tmp_path, ids)
    respell_basis(node, "contributor || ' '")
    lines = [line(wide(who), weight=w) for who in ids for w in (6, 5)]  # the rows in other order
    report = publish(node, DELIVERIES, write_csv(tmp_path / "again.csv", lines))
    assert report["renewal"] == {"updated": 0, "held": 0, "added": 0, "unchanged": 1}


def test_old_ids_that_fall_together_are_summed(node: Node, tmp_path: Path) -> None:
    """A firm that an old basis holds in two spellings changed by the difference of its sums."""
    ids = ["KA", "KB", "KC", "KD"]
    publish_ids(node, tmp_path, [*ids, "KE"])
    respell_basis(node, "CASE contributor WHEN 'KE' THEN 'KA ' ELSE contributor END")
    lines = [line(who, weight=w) for who in [*ids, "KA"] for w in (6, 5)]
    report = publish(node, DELIVERIES, write_csv(tmp_path / "again.csv", lines))
    # what a first version held is recognised by ids as they are read now: it has not changed
    assert report["renewal"] == {"updated": 0, "held": 0, "added": 0, "unchanged": 1}
    assert rows_by_mode(node)["AIR"] == ("released", 10, None)


def test_another_spelling_is_no_renaming(node: Node, tmp_path: Path) -> None:
    """A file whose ids are all written differently has the same contributors; other ids do not."""
    ids = [f"K{i}" for i in range(8)]
    publish_ids(node, tmp_path, ids)
    publish_ids(node, tmp_path, [*map(wide, ids), "X1", "X2", "X3"])
    with pytest.raises(DataError) as caught:
        publish_ids(node, tmp_path, [f"Z{i}" for i in range(8)])
    assert caught.value.code == "data.contributors.renamed"


@pytest.mark.long
@pytest.mark.parametrize(
    ("spell", "first", "second"),
    [
        (wide, DELIVERIES, OTHER),
        (lambda text: f"{text}\u200b ", DELIVERIES, OTHER),
        (str.lower, FOLD, OTHER),
        (str.lower, DELIVERIES, OTHER.replace(LINE, LINE + 'contributor_case = "fold"\n')),
    ],
)
def test_the_same_rows_in_another_spelling_are_recognised(
    node: Node, tmp_path: Path, spell: Callable[[str], str], first: str, second: str
) -> None:
    """Another product with the same contributors is refused however it writes them.

    In another case, where either of the two says that case makes no other contributor.
    """
    ids = [f"K{i}" for i in range(8)]
    publish_ids(node, tmp_path, ids, first)
    with pytest.raises(Conflict) as caught:
        publish_ids(node, tmp_path, [spell(who) for who in ids], second)
    assert caught.value.code == "product.like-rows"


def test_case_may_be_folded_later_and_not_unfolded(node: Node, tmp_path: Path) -> None:
    """Bases are read again without case; what was one contributor never becomes several."""
    ids = ["KA", "KB", "KC", "KD"]
    publish_ids(node, tmp_path, ids)
    lines = [line(who.lower(), weight=w) for who in ids for w in (6, 5)]
    report = publish(node, FOLD, write_csv(tmp_path / "lower.csv", lines))
    # what a first version held is recognised by ids as they are read now: nothing has moved
    assert (report["renewal"]["updated"], report["renewal"]["held"]) == (0, 0)
    with pytest.raises(Conflict) as caught:
        publish_ids(node, tmp_path, [*ids, "KE", "KF", "KG"])
    assert (caught.value.code, caught.value.params["field"]) == (
        "product.reshaped",
        "contributorCase",
    )
