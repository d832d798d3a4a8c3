"""Tables of the first edition are made anew of their bases, or say why not; the node serves on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sqlmodel import col, select

from connector.areas.products import store
from connector.areas.products.migration import first_editions, migrate_all
from connector.areas.products.publish import publish
from connector.areas.products.rows import ProductRow, ProductVersionRow
from connector.areas.products.shelf import ProductShelf
from connector.compose import home_checks
from connector.evidence.log import head
from connector.party.node import open_node
from connector.process.errors import BadRequest, Refused, VoileError
from connector.process.settings import load
from connector.store.rows import LogEntryRow
from crypto.disclosure import decode
from crypto.disclosure.guarded_codec import is_published
from crypto.disclosure.migrating import MAX_EARLIER
from tests.areas import OWN, PRODUCTS
from tests.catalog.product_texts import DELIVERIES, changed
from tests.connector.engines.files import line, write_csv
from tests.connector.products.first_editions import publish_first_edition
from tests.fixtures.homes.pack import HERE, unpack, versions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connector.party.node import Node
    from crypto.disclosure import ProtectedTable
    from tests.simulators import Party

ID = "delivery-records"
PEOPLE = "ABCDEFGHIJ"
LINES = [line(who, mode=mode, late=i % 3, price=f"{i}.50") for mode in ("AIR", "RAIL") for i, who in
         enumerate(PEOPLE, 5)]  # fmt: skip


@pytest.fixture
def node(party: Callable[..., Party]) -> Node:
    return party("acme", areas=(OWN, PRODUCTS)).node


def newest(node: Node, product: str = ID) -> ProductVersionRow:
    with node.db.reading() as session:
        row = session.get_one(ProductRow, product)
        return session.get_one(ProductVersionRow, (product, row.number))


def size(node: Node) -> int:
    with node.db.reading() as session:
        return head(session).size


def shows_as(old: ProtectedTable, node: Node, product: str = ID) -> None:
    """The base cells are the old safe cells, with the figures that these showed."""
    with node.db.reading() as session:
        table = store.protected_table(session, product)
    was = {
        tuple(sorted(old.members(i))): (safe.rows, *safe.sums) for i, safe in enumerate(old.safe)
    }
    assert dict(zip(table.table.base, table.table.newest.values, strict=True)) == was
    assert table.number == old.number + 1
    assert len(table.table.versions) == min(table.number, MAX_EARLIER + 1)
    assert table.dimensions == old.dimensions


def test_a_table_is_made_anew(node: Node, tmp_path: Path) -> None:
    """As the next data version, with a basis and a leaf of its own; once; and it is renewed on."""
    old = publish_first_edition(node, DELIVERIES, write_csv(tmp_path / "a.csv", LINES))
    with node.db.reading() as session, pytest.raises(Refused) as caught:
        store.protected_table(session, ID)
    assert caught.value.reasons[0].code == "product.first-edition"
    before = size(node)
    migrate_all(node)
    row = newest(node)
    shows_as(old, node)
    assert size(node) == before + 1
    with node.db.reading() as session:
        entry = session.exec(select(LogEntryRow).order_by(col(LogEntryRow.index).desc())).first()
        (shown,) = ProductShelf(node).datasets(session)
        assert first_editions(session) == []
    assert entry is not None
    assert row.digest.encode() in entry.entry
    assert shown["dcat:version"] == "2"
    report = json.loads(row.report)
    assert (report["rows"], report["version"]["number"]) == (len(LINES), 2)
    assert "noLonger" in report
    migrate_all(node)
    assert size(node) == before + 1
    more = [*LINES, *(line(who, mode="AIR", price="7.00") for who in PEOPLE)]
    again = publish(node, DELIVERIES, write_csv(tmp_path / "b.csv", more))
    assert again["version"]["number"] == 3
    assert again["renewal"]["updated"] + again["renewal"]["held"] == 1
    names = {path.name for path in (node.settings.data / "products" / ID).iterdir()}
    assert {name.split("-")[1] for name in names} == {"1", "2", "3"}


@pytest.mark.long
def test_changes_are_judged_against_all_that_was_shown(node: Node, tmp_path: Path) -> None:
    """Nine go up and back again, the tenth changes: against the first version that is his change.

    Both first versions were shown by the first edition; the second and its change would be fine.
    """

    def lines(price: str, *, up: bool = False) -> list[tuple[object, ...]]:
        prices = [f"{i + 4 * up}.50" for i in range(5, 14)]
        return [
            line(who, mode="AIR", price=p) for who, p in zip(PEOPLE, [*prices, price], strict=True)
        ]

    publish_first_edition(node, DELIVERIES, write_csv(tmp_path / "1.csv", lines("14.50")))
    old = publish_first_edition(
        node, DELIVERIES, write_csv(tmp_path / "2.csv", lines("14.50", up=True)), number=2
    )
    migrate_all(node)
    shows_as(old, node)
    publish(node, DELIVERIES, write_csv(tmp_path / "3.csv", lines("16.50")))
    with node.db.reading() as session:
        table = store.protected_table(session, ID)
    assert (table.first, table.number) == (1, 4)
    assert table.table.newest.held == (0,)
    assert table.table.newest.values == table.table.versions[1].values
    assert table.table.newest.values != table.table.versions[0].values


@pytest.mark.long
def test_more_versions_than_a_table_may_have(node: Node, tmp_path: Path) -> None:
    """The newest are kept, the owner reads it, and no data version follows that is not judged."""
    for number in range(1, MAX_EARLIER + 3):
        path = write_csv(tmp_path / f"{number}.csv", [*LINES, line("A", price=f"{number}.00")])
        old = publish_first_edition(node, DELIVERIES, path, number=number)
    migrate_all(node)
    with node.db.reading() as session:
        table = store.protected_table(session, ID)
    assert (table.first, table.number) == (3, old.number + 1)
    told = {"kept": MAX_EARLIER, "of": MAX_EARLIER + 2}
    assert json.loads(newest(node).report)["earlierVersions"] == told
    with pytest.raises(VoileError, match="at most 12 data versions"):
        publish(node, DELIVERIES, write_csv(tmp_path / "next.csv", LINES))


def test_what_differences_told_is_released_no_longer(node: Node, tmp_path: Path) -> None:
    """Everybody but one has paid what was billed: the first edition released both, this does not."""
    text = changed('unit = "d"', 'unit = "CNY"').replace("[-30, 30]", "[0, 1000]")
    text = text.replace('"received - promised"', '"cost"\nscale = 2')
    text = text.replace('name = "cost"\ntype = "decimal(12, 2)"\ndisclosure = "never"',
                        'name = "cost"\ntype = "decimal(12, 2)"\ndisclosure = "aggregate"')  # fmt: skip
    lines = [(*line(who, price="20.00")[:7], "20.00" if who != "A" else "12.00") for who in PEOPLE]
    lines += [
        (*line(who, price=p)[:7], c)
        for who in "BC"
        for p, c in (("9.00", "8.00"), ("8.00", "9.00"))
    ]
    publish_first_edition(node, text, write_csv(tmp_path / "a.csv", lines))
    migrate_all(node)
    told = json.loads(newest(node).report)
    assert told["noLonger"]["delay"]["count"] > 0
    assert "late" not in told["noLonger"]


@pytest.mark.long
@pytest.mark.parametrize("loss", ["gone", "damaged", "other"])
def test_a_lost_basis_is_said(node: Node, tmp_path: Path, loss: str) -> None:
    """Nothing changes, questions are refused, doctor and `voile publish` say what is missing."""
    path = write_csv(tmp_path / "a.csv", LINES)
    publish_first_edition(node, DELIVERIES, path)
    (basis,) = (node.settings.data / "products" / ID).iterdir()
    if loss == "gone":
        basis.unlink()
    elif loss == "damaged":
        basis.write_bytes(b"PAR1")
    else:
        publish_first_edition(
            node, changed(f'id = "{ID}"', 'id = "o"'), write_csv(tmp_path / "o.csv", LINES[:-1])
        )
        (other,) = (node.settings.data / "products" / "o").iterdir()
        other.replace(basis)
    before = size(node)
    migrate_all(node)
    assert not is_published(newest(node).protected)
    with node.db.reading() as session, pytest.raises(Refused):
        store.protected_table(session, ID)
    assert size(node) == before
    with pytest.raises(VoileError) as caught:
        publish(node, DELIVERIES, path)
    assert caught.value.next_step
    assert size(node) == before
    assert any(
        "first edition" in c.text and c.next_step for c in home_checks.products(node.settings)
    )


def many(unit: str) -> str:
    """The product file with seven more measures."""
    measures = "".join(
        f'[[measure]]\nname = "m{i}"\nexpression = "{i + 1} * weight"\nunit = "{unit.format(i)}"\n'
        "bounds = [0, 1000]\n"
        for i in range(7)
    )
    return DELIVERIES.replace("[[offer]]", f"{measures}[[offer]]")


@pytest.mark.long
def test_too_many_comparable_measures_are_said(node: Node, tmp_path: Path) -> None:
    """They read one column: whatever their units, no table is made, and the owner reads why."""
    path = write_csv(tmp_path / "a.csv", LINES)
    publish_first_edition(node, many("kg"), path)
    migrate_all(node)
    assert not is_published(newest(node).protected)
    with pytest.raises(BadRequest, match="comparable") as caught:
        publish(node, many("kg{0}"), None)
    assert caught.value.code == "product.comparable"


@pytest.mark.long
def test_units_that_help_are_declared_at_the_next_publication(node: Node, tmp_path: Path) -> None:
    """A file with units makes the table anew where the stored one could not."""
    columns = "".join(
        f'[[column]]\nname = "c{i}"\nsource = "c{i}"\ntype = "integer"\ndisclosure = "aggregate"\n'
        for i in range(7)
    )

    def text(unit: str) -> str:
        measures = "".join(
            f'[[measure]]\nname = "c{i}"\nunit = "{unit.format(i)}"\nbounds = [0, 9]\n'
            for i in range(7)
        )
        found = DELIVERIES.replace("[[offer]]", f"{measures}[[offer]]")
        return found.replace("[[dimension]]", f"{columns}\n[[dimension]]", 1)

    header = ["customer", "year", "Ship Mode", "promised", "received", "price", "weight", "cost"]
    rows = [(*ln, *(1 + (i + j) % 5 for j in range(7))) for i, ln in enumerate(LINES)]
    path = write_csv(tmp_path / "a.csv", rows, header=[*header, *(f"c{i}" for i in range(7))])
    old = publish_first_edition(node, text("kg"), path)
    migrate_all(node)
    assert not is_published(newest(node).protected)
    publish(node, text("kg{0}"), None)
    shows_as(old, node)
    assert json.loads(newest(node).shape)["measures"][-1]["unit"] == "kg6"


@pytest.mark.parametrize("version", versions())
def test_the_homes_of_an_earlier_version(version: str, tmp_path: Path) -> None:
    """Every table on offer in them, renewed and held ones too, shows on what it showed.

    Where the version had this edition already, nothing is made anew, and no leaf written.
    """
    unpack(version, tmp_path)
    told = json.loads((HERE / f"{version}.json").read_text(encoding="utf-8"))
    for name in ("acme", "bolt", "cogs"):
        node = open_node(load(tmp_path / name, {}))
        try:
            with node.db.reading() as session:
                waiting = first_editions(session)
                stored = session.exec(select(ProductVersionRow)).all()
            tables = {(row.product, row.number): row.protected for row in stored}
            assert bool(waiting) is ("measures" in told["lacks"])
            assert tables
            old = {product: decode(newest(node, product).protected) for product in waiting}
            before = size(node)
            for service in PRODUCTS.services(node):
                node.services.add(service)
            migrate_all(node)
            assert size(node) == before + len(old)
            for product, table in old.items():
                shows_as(table, node, product)
            with node.db.reading() as session:
                kept = session.exec(select(ProductVersionRow)).all()
                assert len(kept) == len(tables) + len(old)
                assert all(
                    store.protected_table(session, row.product).number >= row.number for row in kept
                )
            assert (
                tables.items() <= {(row.product, row.number): row.protected for row in kept}.items()
            )
        finally:
            node.close()
