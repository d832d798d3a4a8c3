"""Publishing: a version with evidence, or nothing changed."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import col, select

from connector.areas.products import store
from connector.areas.products.files import workplace
from connector.areas.products.publish import publish
from connector.areas.products.rows import ProductRow, ProductVersionRow
from connector.areas.products.shelf import ProductShelf
from connector.areas.products.withdraw import withdraw
from connector.engines.errors import DataError
from connector.evidence.log import head
from connector.process.errors import BadRequest, Conflict, NotFound, StoreError
from connector.store.rows import LogEntryRow
from crypto.disclosure.groups import answer_groups
from crypto.disclosure.guarded_codec import decode_published, encode_published
from crypto.disclosure.statuses import Output
from tests.areas import OWN, PRODUCTS
from tests.catalog.product_texts import DELIVERIES, changed
from tests.connector.engines.files import Line, line, write_csv

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlmodel import Session

    from connector.party.node import Node
    from tests.simulators import Party

AREAS = (OWN, PRODUCTS)


@pytest.fixture
def node(party: Callable[..., Party]) -> Node:
    return party("acme", areas=AREAS).node


def on_offer(session: Session) -> list[store.PublishedProduct]:
    """Every product on offer, by id."""
    names = session.exec(select(ProductRow.id).order_by(col(ProductRow.id))).all()
    found = (store.product(session, name) for name in names)
    return [product for product in found if product is not None]


def deliveries(*districts: tuple[str, str]) -> list[Line]:
    """One delivery per customer: pairs of a ship mode and the letters of its customers."""
    return [line(who, mode=mode) for mode, whom in districts for who in whom]


K = "minimum_contributors = 3"
FIRST = deliveries(("AIR", "ABCDEF"), ("RAIL", "GH"), ("ROAD", "IJKL"))


def data(tmp_path: Path, lines: list[Line], name: str = "data.csv") -> Path:
    return write_csv(tmp_path / name, lines)


def state(node: Node) -> tuple[Any, ...]:
    """All that publishing may change: rows, size of the log, files."""
    with node.db.reading() as session:
        rows = [row.model_dump() for row in session.exec(select(ProductRow))]
        versions = [row.number for row in session.exec(select(ProductVersionRow))]
        size = head(session).size
    root = node.settings.data / "products"
    files = sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())
    return rows, versions, size, files


def rows_by_mode(node: Node) -> dict[str, tuple[str, int | None, int | None]]:
    with node.db.reading() as session:
        table = store.protected_table(session, "delivery-records")
    found = answer_groups(table, group_by=[1], outputs=[Output("rows")])
    told = {}
    for one in found:
        (rows,) = one.outputs
        as_of = None if one.of_version == table.number else one.of_version
        told[table.dimensions[1][1][one.key[0]]] = (rows.status, sum(rows.values), as_of)
    return told


def test_a_product_is_published(node: Node, tmp_path: Path) -> None:
    """The report tells cells, merging, margins and clamping; the product is listed with offers."""
    lines = [*FIRST, line("A", price="-5.00")]
    report = publish(node, DELIVERIES, data(tmp_path, lines), accept_clamped=True)
    assert report["rows"] == 13
    assert report["cells"] == {
        "finest": 3,
        "unsafe": 1,
        "merged": 2,
        "safe": 2,
        "blocked": 0,
        "pending": 0,
    }
    assert report["rowsAtFinest"] == {"rows": 7, "percent": "53.85"}
    assert report["clamped"] == {"price": 1, "late": 0, "delay": 0}
    assert report["rounded"] == {"price": 0, "late": 0, "delay": 0}
    assert report["brokenRules"]["minimum_contributors"] == 1
    margins = {tuple(m["dimensions"]): m["released"] for m in report["margins"]}
    assert margins["mode",] == 1
    assert margins["year",] == 1
    with node.db.reading() as session:
        (listed,) = on_offer(session)
        shown = ProductShelf(node).dataset(session, "delivery-records")
        assert store.product(session, "delivery-records") == listed
        assert store.product(session, "other") is None
    assert listed.publication.digest == report["version"]["digest"]
    assert shown is not None
    assert shown["hasPolicy"][0]["@id"] == listed.offers[0].uid
    assert shown["distribution"][0]["format"] == "Voile-Question"
    assert shown["distribution"][0]["accessService"]["endpointURL"].endswith("/dsp/2025-1")


def test_it_is_in_evidence(node: Node, tmp_path: Path) -> None:
    """A leaf names product, number and version; the contributions lie in a private file."""
    _, _, before, _ = state(node)
    publish(node, DELIVERIES, data(tmp_path, FIRST))
    _, versions, after, files = state(node)
    assert (after - before, versions) == (1, [1])
    (basis,) = files
    path = node.settings.data / "products" / basis
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_tables_are_read_once(node: Node, tmp_path: Path) -> None:
    """The same version is the same object, so that a question does not decode it again."""
    publish(node, DELIVERIES, data(tmp_path, FIRST))
    with node.db.reading() as session:
        table = store.protected_table(session, "delivery-records")
        assert store.protected_table(session, "delivery-records") is table
    assert table.version == state(node)[0][0].get("digest", table.version)


@pytest.mark.long
@pytest.mark.parametrize(
    ("text", "lines", "error"),
    [
        (changed("level = 1", "level = 9"), FIRST, BadRequest),
        (DELIVERIES, [*FIRST, line("Z", price="many")], DataError),
        (DELIVERIES, [*FIRST, line("Z", mode="BOAT")], DataError),
        (DELIVERIES, [], DataError),
    ],
)
def test_bad_input_changes_nothing(
    node: Node, tmp_path: Path, text: str, lines: list[Line], error: type[Exception]
) -> None:
    """One error; no row, no leaf, no file of a failed publication remains."""
    before = state(node)
    with pytest.raises(error):
        publish(node, text, data(tmp_path, lines))
    assert state(node) == before
    publish(node, DELIVERIES, data(tmp_path, FIRST))
    before = state(node)
    with pytest.raises(error):
        publish(node, text, data(tmp_path, lines))
    assert state(node) == before


def test_data_of_which_nothing_could_be_shown(node: Node, tmp_path: Path) -> None:
    """Too few contributors in all: refused with what to do, and nothing changes."""
    before = state(node)
    with pytest.raises(DataError, match="nothing of the data could be shown") as caught:
        publish(node, DELIVERIES, data(tmp_path, deliveries(("AIR", "AB"))))
    assert caught.value.next_step
    assert state(node) == before


def test_a_full_disk_is_said(node: Node) -> None:
    """What the system refuses to write for want of space is one error, whoever writes it."""
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")

    def fill() -> None:
        with workplace(node) as scratch:
            (scratch / "copy").symlink_to(full)
            (scratch / "copy").write_bytes(b"x" * 100_000)

    with pytest.raises(DataError, match="no space left") as caught:
        fill()
    assert caught.value.code == "data.disk"
    assert list((node.settings.data / "products").iterdir()) == []


def test_a_file_that_is_not_there(node: Node, tmp_path: Path) -> None:
    """A missing data file, or none at the first publication, is one error."""
    with pytest.raises(DataError, match="cannot be read"):
        publish(node, DELIVERIES, tmp_path / "none.csv")
    with pytest.raises(BadRequest, match="no data yet"):
        publish(node, DELIVERIES, None)


def test_a_new_version_obeys_the_rule_on_changes(node: Node, tmp_path: Path) -> None:
    """Unsafe changes are held back, safe ones shown, and the third version counts from what was
    shown.
    """
    publish(node, DELIVERIES, data(tmp_path, FIRST))
    second = deliveries(("AIR", "ABCDEFg"), ("RAIL", "GH"), ("ROAD", "IJKLmnop"))
    report = publish(node, DELIVERIES, data(tmp_path, second))
    assert report["version"]["number"] == 2
    assert report["renewal"] == {"updated": 1, "held": 1, "added": 0, "unchanged": 0}
    assert rows_by_mode(node)["AIR"] == ("released", 6, 1)
    third = deliveries(("AIR", "ABCDEFghi"), ("RAIL", "GH"), ("ROAD", "IJKLmnop"))
    report = publish(node, DELIVERIES, data(tmp_path, third))
    assert report["renewal"] == {"updated": 1, "held": 0, "added": 0, "unchanged": 1}
    assert rows_by_mode(node)["AIR"] == ("released", 9, None)
    _, versions, _, files = state(node)
    assert versions == [1, 2, 3]
    assert len(files) == 3  # a later change is judged against each


def test_unchanged_data_is_no_new_version(node: Node, tmp_path: Path) -> None:
    """The same file again, or no file, renews description and offers and keeps the version."""
    path = data(tmp_path, FIRST)
    first = publish(node, DELIVERIES, path)
    again = publish(node, changed("count = 40", "count = 41"), path)
    assert again["dataUnchanged"]
    assert again["version"] == first["version"]
    publish(node, changed("Delivery records", "Deliveries"), None)
    with node.db.reading() as session:
        (listed,) = on_offer(session)
    assert listed.product.title.en == "Deliveries"
    assert listed.publication.number == 1


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("minimum_contributors = 3", "minimum_contributors = 4", "rules"),
        ("bounds = [-30, 30]", "bounds = [-31, 30]", "measures"),
        ('codes = ["AIR", "RAIL", "ROAD"]', 'codes = ["RAIL", "AIR", "ROAD"]', "codes"),
        ('expression = "received > promised"', 'expression = "received >= promised"', "measures"),
        ("level = 1", 'level = 1\nzeros = "hidden"', "cells without rows"),
        ('contributor = "customer"', 'contributor = "promised"', "contributor"),
        ('name = "customer"\ntype = "text"', 'name = "customer"\ntype = "integer"', "contributor"),
        ("decimal(12, 2)", "decimal(13, 2)", "columns"),
        ("bounds = [0, 1]", 'bounds = [0, 1]\nempty = "zero"', "measures"),
        ("level = 1", 'level = 1\nempty_contributor = "drop"', "rows without a contributor"),
        ("level = 1", 'level = 1\nzone = "Asia/Shanghai"', "zone"),
    ],
)
def test_a_published_table_is_not_cut_anew(
    node: Node, tmp_path: Path, old: str, new: str, part: str
) -> None:
    """Another cut of the same rows could undo the first: it is refused and nothing changes."""
    publish(node, DELIVERIES, data(tmp_path, FIRST))
    before = state(node)
    for path in (data(tmp_path, [*FIRST, line("Z")], "more.csv"), None):
        with pytest.raises(Conflict, match=part):
            publish(node, changed(old, new), path)
    assert state(node) == before


@pytest.mark.long
@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("bounds = [0, 1]", 'bounds = [0, 1]\nempty = "zero"', "measures"),
        ("level = 1", 'level = 1\nempty_contributor = "drop"', "rows without a contributor"),
        ("level = 1", 'level = 1\nzone = "Asia/Shanghai"', "zone"),
    ],
)
def test_what_was_declared_stays_declared(
    node: Node, tmp_path: Path, old: str, new: str, part: str
) -> None:
    """A key that a first version has cannot be left out of the second, nor can it change."""
    publish(node, changed(old, new), data(tmp_path, FIRST))
    before = state(node)
    for path in (data(tmp_path, [*FIRST, line("Z")], "more.csv"), None):
        with pytest.raises(Conflict, match=part):
            publish(node, DELIVERIES, path)
    assert state(node) == before
    publish(node, changed(old, new), data(tmp_path, [*FIRST, line("Z")], "more.csv"))


def test_empty_values_are_reported(node: Node, tmp_path: Path) -> None:
    """The owner's report and the sealed evidence say how many were taken as zero or left out.

    What others see says that empty values count as zero, and not how many there were.
    """
    text = changed("bounds = [0, 1000]", 'bounds = [0, 1000]\nempty = "zero"')
    text = changed("level = 1", 'level = 1\nempty_contributor = "drop"', text=text)
    lines = [*FIRST, line("Y", price=None), line("Z", price=None), line("", price="5.00")]
    report = publish(node, text, data(tmp_path, lines))
    assert report["emptyAsZero"] == {"price": 2}
    assert report["withoutContributor"] == 1
    assert report["rows"] == len(FIRST) + 2
    with node.db.reading() as session:
        table = store.protected_table(session, "delivery-records")
        (dataset,) = ProductShelf(node).datasets(session)
    (total,) = answer_groups(table, group_by=(), outputs=[Output("rows"), Output("sum", "price")])
    assert [one.values for one in total.outputs] == [(len(FIRST) + 2,), (len(FIRST) * 1000,)]
    assert '"empty": "zero"' in json.dumps(dataset)
    assert "emptyAsZero" not in json.dumps(dataset)
    plain = publish(
        node,
        changed('id = "delivery-records"', 'id = "o"\nseparate_rows = true'),
        data(tmp_path, [*FIRST, line("Q")], "o.csv"),
    )
    assert not {"emptyAsZero", "withoutContributor"} & plain.keys()


def test_skipped_values_are_reported(node: Node, tmp_path: Path) -> None:
    """They are in no sum and no count of their measure, and the owner reads how many there were."""
    text = changed("bounds = [0, 1000]", 'bounds = [0, 1000]\nempty = "skip"')
    lines = [*FIRST, *FIRST, line("Y", price=None), line("Z", price=None)]
    report = publish(node, text, data(tmp_path, lines))
    assert report["emptySkipped"] == {"price": 2}
    assert "emptyAsZero" not in report
    with node.db.reading() as session:
        table = store.protected_table(session, "delivery-records")
    (total,) = answer_groups(table, group_by=(), outputs=[Output("rows"), Output("sum", "price")])
    values = [one.values for one in total.outputs]
    assert values == [(2 * len(FIRST) + 2,), (2 * len(FIRST) * 1000,)]


def test_a_declaration_that_cannot_be_judged(node: Node, tmp_path: Path) -> None:
    """It is refused before the data file is looked at, with advice, and changes nothing."""
    measures = "".join(
        f'[[measure]]\nname = "m{i}"\nexpression = "{i} + weight"\nbounds = [0, 9]\n'
        for i in range(7)
    )
    before = state(node)
    with pytest.raises(BadRequest, match="more than 6 comparable") as caught:
        publish(node, DELIVERIES.replace("[[offer]]", f"{measures}[[offer]]"), tmp_path / "none")
    assert caught.value.next_step
    assert state(node) == before


def test_what_gives_way_may_change(node: Node, tmp_path: Path) -> None:
    """What is done on a conflict, and whether mixed totals are given; a unit may not."""
    publish(node, DELIVERIES, data(tmp_path, FIRST))
    more = data(tmp_path, [*FIRST, *deliveries(("ROAD", "MNO"))], "b.csv")
    free = changed(K, f'{K}\non_conflict = "refuse"\nmixed_versions = true')
    assert publish(node, free, more)["version"]["number"] == 2
    with node.db.reading() as session:
        table = store.protected_table(session, "delivery-records").table
    assert table.declaration.protection.mixed_versions
    assert table.declaration.protection.on_conflict == "refuse"
    with pytest.raises(Conflict, match="cannot change the measures"):
        publish(node, changed('unit = "d"', 'unit = "h"'), more)


def test_a_conflict_stops_a_publication_that_says_so(node: Node, tmp_path: Path) -> None:
    """Everybody but one has paid what was billed: one error that names the form and what helps."""
    text = changed(K, f'{K}\non_conflict = "refuse"')
    text = text.replace('"received - promised"', '"cost"\nscale = 2').replace(
        "[-30, 30]", "[0, 1000]"
    )
    text = text.replace('unit = "d"', 'unit = "CNY"')
    text = text.replace('2)"\ndisclosure = "never"', '2)"\ndisclosure = "aggregate"')
    lines = [
        (*line(who, price="20.00")[:7], "20.00" if who != "A" else "12.00") for who in "ABCDEFGH"
    ]
    for who in "BC":
        lines += [(*line(who, price=p)[:7], c) for p, c in (("9.00", "8.00"), ("8.00", "9.00"))]
    before = state(node)
    with pytest.raises(Conflict, match="price − delay") as caught:
        publish(node, text, data(tmp_path, lines))
    assert caught.value.code == "product.conflict"
    assert "on_conflict" in caught.value.next_step
    assert state(node) == before
    withheld = publish(node, text.replace('"refuse"', '"withhold"'), data(tmp_path, lines))
    assert withheld["withheld"]["count"] == 1


def test_at_most_twelve_versions(node: Node, tmp_path: Path) -> None:
    """The core's refusal of one more comes through with what to do; nothing changes."""
    publish(node, DELIVERIES, data(tmp_path, FIRST))
    with node.db.transaction() as tx:
        row = tx.session.exec(select(ProductVersionRow)).one()
        kept = decode_published(row.protected)
        full = replace(kept, table=replace(kept.table, versions=kept.table.versions * 12))
        row.protected, row.digest = encode_published(full), full.version
        tx.session.add(row)
    before = state(node)
    with pytest.raises(Conflict, match="at most 12 data versions") as caught:
        publish(node, DELIVERIES, data(tmp_path, [*FIRST, line("Z")], "x.csv"))
    assert caught.value.next_step == "make a new product"
    assert state(node) == before


def test_codes_may_be_appended(node: Node, tmp_path: Path) -> None:
    """A new ship mode is a new part of the table; the old ones keep their values."""
    publish(node, DELIVERIES, data(tmp_path, FIRST))
    text = changed('"RAIL", "ROAD"]', '"RAIL", "ROAD", "SHIP"]')
    publish(node, text, data(tmp_path, [*FIRST, *deliveries(("SHIP", "ABC"))]))
    assert rows_by_mode(node)["SHIP"] == ("released", 3, None)
    assert rows_by_mode(node)["AIR"] == ("released", 6, None)


def test_one_table_per_file(node: Node, tmp_path: Path) -> None:
    """The same rows under another product id are refused."""
    path = data(tmp_path, FIRST)
    publish(node, DELIVERIES, path)
    with pytest.raises(Conflict, match="published already, as product `delivery-records`"):
        publish(node, changed('id = "delivery-records"', 'id = "copy"'), path)


def test_the_same_rows_in_another_file(node: Node, tmp_path: Path) -> None:
    """Shuffled rows under another id are refused, unless declared to be other rows: in evidence."""
    publish(node, DELIVERIES, data(tmp_path, FIRST))
    shuffled = data(tmp_path, FIRST[::-1], "copy.csv")
    text = changed('id = "delivery-records"', 'id = "copy"')
    before = state(node)
    with pytest.raises(Conflict, match="those of product `delivery-records`") as caught:
        publish(node, text, shuffled)
    assert caught.value.code == "product.like-rows"
    assert state(node) == before
    publish(node, text.replace("level = 1", "level = 1\nseparate_rows = true"), shuffled)
    with node.db.reading() as session:
        leaf = session.exec(select(LogEntryRow).order_by(col(LogEntryRow.index).desc())).first()
    assert leaf is not None
    assert b'"separateRows":true' in leaf.entry


def test_other_contributors_are_other_rows(node: Node, tmp_path: Path) -> None:
    """A second product over other contributors needs no declaration."""
    publish(node, DELIVERIES, data(tmp_path, FIRST))
    others = deliveries(("AIR", "abcdef"), ("RAIL", "gh"), ("ROAD", "iJKL"))
    publish(node, changed('id = "delivery-records"', 'id = "other"'), data(tmp_path, others, "o"))
    with node.db.reading() as session:
        assert len(on_offer(session)) == 2


def test_renamed_contributors_are_refused(node: Node, tmp_path: Path) -> None:
    """Ids in another spelling would make every change look safe."""
    publish(node, DELIVERIES, data(tmp_path, FIRST))
    renamed = [(f"0{who}", *rest) for who, *rest in [*FIRST, line("Z")]]
    before = state(node)
    with pytest.raises(DataError, match="only 0 of the 12 contributors") as caught:
        publish(node, DELIVERIES, data(tmp_path, renamed))
    assert caught.value.code == "data.contributors.renamed"
    assert state(node) == before


def test_three_versions_hide_a_victim(node: Node, tmp_path: Path) -> None:
    """Third minus first is no single customer: every version's contributions are kept."""
    rest = ("RAIL", "GH"), ("ROAD", "IJKL")
    publish(node, DELIVERIES, data(tmp_path, FIRST))
    publish(node, DELIVERIES, data(tmp_path, deliveries(("AIR", "ABCDEFPQRST?"), *rest)))
    assert rows_by_mode(node)["AIR"] == ("released", 12, None)
    publish(node, DELIVERIES, data(tmp_path, deliveries(("AIR", "ABCDEF?"), *rest)))
    assert rows_by_mode(node)["AIR"] == ("released", 12, 2)
    assert len(list((node.settings.data / "products").rglob("basis-*"))) == 3


def test_withdrawing(node: Node, tmp_path: Path) -> None:
    """A withdrawn product is off the catalogue; published again it goes on from what was shown."""
    publish(node, DELIVERIES, data(tmp_path, FIRST))
    withdraw(node, "delivery-records")
    with node.db.reading() as session:
        assert on_offer(session) == []
        assert store.declared(session, "delivery-records") is None
        assert ProductShelf(node).datasets(session) == []
    with pytest.raises(NotFound):
        withdraw(node, "delivery-records")
    second = deliveries(("AIR", "ABCDEFg"), ("RAIL", "GH"), ("ROAD", "IJKL"))
    publish(node, DELIVERIES, data(tmp_path, second))
    assert rows_by_mode(node)["AIR"] == ("released", 6, 1)


def test_a_lost_basis_is_said(node: Node, tmp_path: Path) -> None:
    """Without the contributions behind the values shown, a change cannot be checked: refused."""
    publish(node, DELIVERIES, data(tmp_path, FIRST))
    for path in (node.settings.data / "products").rglob("basis-*"):
        path.unlink()
    with pytest.raises(StoreError, match="is gone"):
        publish(node, DELIVERIES, data(tmp_path, [*FIRST, line("Z")]))


def test_a_damaged_table_is_said(node: Node, tmp_path: Path) -> None:
    """A stored table whose bytes do not give its digest is never answered from."""
    publish(node, DELIVERIES, data(tmp_path, FIRST))
    with node.db.transaction() as tx:
        row = tx.session.exec(select(ProductVersionRow)).one()
        row.digest = "sha-256:" + "0" * 64
        tx.session.add(row)
    with node.db.reading() as session, pytest.raises(StoreError, match="damaged"):
        store.protected_table(session, "delivery-records")


def test_the_report_is_for_the_owner(node: Node, tmp_path: Path) -> None:
    """Broken rules are in the report and nowhere in what others see."""
    report = publish(node, DELIVERIES, data(tmp_path, FIRST))
    assert report["brokenRules"]
    with node.db.reading() as session:
        shown = json.dumps(ProductShelf(node).datasets(session))
    for word in ("brokenRules", "unsafe", "dominance", "p_percent"):
        assert word not in shown
