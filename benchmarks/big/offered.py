"""Products: one published from data, the others under other names; the shared catalogue is told.

A product is the row, the data version and the leaf that publishing writes. The protected table
is the first one's: thousands of groupings in DuckDB would show nothing to a page.
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import insert

from benchmarks.big.begun import crowd
from benchmarks.big.world import Sizes, World, say
from catalog.dcat import dataset
from catalog.description import sign_description, verify_description
from catalog.product import Product, Text
from catalog.product_file import read_product
from connector.areas.hub.listings import _fill, _index
from connector.areas.hub.rows import ListingRow
from connector.areas.membership.announce import LISTED
from connector.areas.membership.rows import AnnouncementRow
from connector.areas.products import ProductShelf, published_product
from connector.areas.products.publication import entry_of
from connector.areas.products.publish import publish
from connector.areas.products.rows import FileVersionRow, ProductRow, ProductVersionRow
from connector.areas.products.shelf import data_service
from connector.process.ports import unix, unix_ms
from contracts.evidence import Entry
from crypto.canonical import digest
from tests.connector.questions.market import PRODUCT, publish_deliveries
from tests.simulators import Party

BATCH: Final = 1_000
WORDS: Final = (
    "电池", "铝材", "铸造", "芯片", "布料", "交付", "检验", "能耗",
    "设备", "包装", "物流", "订单", "库存", "质量", "产量", "温度",
    "battery", "aluminium", "casting", "chip", "fabric", "delivery", "inspection",
    "energy", "machine", "packing", "logistics", "order", "stock", "quality", "output",
    "heat",
)  # fmt: skip
TEXT: Final = PRODUCT.replace("count = 12", "count = 900000")
FILE: Final = """
kind = "file"
id = "{id}"
title = "Stock levels {title}"
domain = "production"
level = 1

[[offer]]
name = "standard"
formats = ["HttpData-PULL"]
"""


def offer(world: World, sizes: Sizes) -> None:
    """Fill the firm's shelf, those of the sellers, and the shared catalogue."""
    crowd(world, sizes.firms)
    each = max(1, sizes.others // len(world.sellers))
    for party, count in ((world.firm, sizes.products), *((one, each) for one in world.sellers)):
        _publish(party)
        world.deliver()
        _announce(world.hub, party, _copies(party, count))
        say(f"{party.did}: {count:,} products")


def _publish(party: Party) -> None:
    from tests.connector.questions import market

    text, market.PRODUCT = market.PRODUCT, TEXT
    try:
        with TemporaryDirectory() as name:
            publish_deliveries(party, Path(name))
            if party.did.endswith("acme.example"):
                data = Path(name) / "stock.csv"
                data.write_text("part,stock\n1,2\n")
                publish(party.node, FILE.format(id="stock", title="stock"), data)
    finally:
        market.PRODUCT = text


def _copies(party: Party, count: int) -> list[str | Product]:
    """Write further products like those that were published; a tenth of our own are files.

    A product file takes milliseconds to read: a copy is the first one's value under another name.

    Returns:
        Of tables what they declare, of files the ids.
    """
    drawn = random.Random(party.did)
    with party.node.db.reading() as session:
        version = session.get_one(ProductVersionRow, ("deliveries", 1)).model_dump()
        file = session.get(FileVersionRow, ("stock", 1))
    copied = None if file is None else file.model_dump()
    first, made = read_product(TEXT), list[str | Product]()
    for begin in range(0, count, BATCH):
        with party.node.db.transaction() as tx:
            products, tables, files = [], [], []
            for number in range(begin, min(begin + BATCH, count)):
                said = " ".join(drawn.sample(WORDS, 3))
                name, is_file = f"product-{number:05}", copied is not None and number % 10 == 0
                text = FILE.format(id=name, title=said) if is_file else _text(name, said)
                state = "withdrawn" if number % 25 == 7 else "published"
                row = {"id": name, "text": text, "number": 1, "changed_ms": unix_ms(tx.now)}
                kind = "file" if is_file else "table"
                products.append(row | {"kind": kind, "state": state})
                if is_file:
                    assert copied is not None
                    files.append(copied | {"product": name})
                    query = {"product": name, "kind": "file", "number": 1}
                    tx.append(
                        Entry(kind="PRODUCT", role="provider", to_state="PUBLISHED", query=query)
                    )
                    made.append(name)
                    continue
                title = Text(zh=f"{said} 记录", en=f"Records of {said}")
                product = replace(first, id=name, title=title)
                tables.append(version | {"product": name})
                tx.append(entry_of(tx, product, 1, version["digest"], {"rows": 3000}))
                if state == "published":
                    made.append(product)
            tx.session.execute(insert(ProductRow), products)
            for kind_of, rows in ((ProductVersionRow, tables), (FileVersionRow, files)):
                if rows:
                    tx.session.execute(insert(kind_of), rows)
        party.node.db.clock.advance(60)
    return made


def _text(name: str, said: str) -> str:
    text = TEXT.replace('id = "deliveries"', f'id = "{name}"', 1)
    return text.replace('zh = "交付记录"', f'zh = "{said} 记录"', 1).replace(
        'en = "Delivery records"', f'en = "Records of {said}"', 1
    )


def _announce(hub: Party, party: Party, products: Sequence[str | Product]) -> None:
    """Have the hub list what is on offer as it does when a description comes in."""
    node, keys = party.node, party.node.keys.now()
    shelf = node.services[ProductShelf]
    with node.db.reading() as session:
        like = published_product(session, "deliveries")
        assert like is not None
        fresh = [
            shelf.dataset(session, one)
            if isinstance(one, str)
            else dataset(one, like.publication, service=data_service(node))
            for one in products
        ]
        assert all(one == shelf.dataset(session, one["@id"]) for one in fresh[:3])
    for first in range(0, len(fresh), BATCH):
        with node.db.transaction() as ours, hub.node.db.transaction() as tx:
            for shown in fresh[first : first + BATCH]:
                version = unix_ms(tx.now)
                signed = sign_description(
                    shown,
                    provider=party.did,
                    space=node.settings.space,
                    version=version,
                    now=unix(tx.now),
                    key=keys.agreements,
                    kid=keys.agreements_kid,
                )
                found = verify_description(
                    signed,
                    expected_provider=party.did,
                    expected_space=node.settings.space,
                    find_key=lambda _kid: keys.agreements.public,
                    now=unix(tx.now),
                )
                row = ListingRow(
                    provider=party.did,
                    dataset_id=found.dataset_id,
                    version=0,
                    digest="",
                    changed_ms=unix_ms(tx.now),
                )
                _fill(row, found, signed)
                tx.session.add(row)
                tx.session.flush()
                _index(tx, row, found, (party.did, party.did))
                tx.append(
                    Entry(
                        kind="PRODUCT",
                        role="hub",
                        counterparty=party.did,
                        process=found.dataset_id,
                        to_state="listed",
                        sig=[found.digest],
                    )
                )
                ours.session.add(
                    AnnouncementRow(
                        dataset_id=shown["@id"],
                        version=version,
                        digest=digest(shown),
                        state=LISTED,
                        changed_ms=unix_ms(tx.now),
                    )
                )
