"""Refreshes of a running connector: by command, and by schedule after it was down at the time."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from connector.areas.products.refresh_state import last_of, note
from connector.areas.products.rows import ProductRow
from connector.party.node import open_node
from connector.process.ports import SystemClock
from connector.process.settings import load
from tests.connector.engines.files import write_csv
from tests.connector.products.test_databases import fill
from tests.connector.products.test_refresh import DAILY, ID, MORE, PATH, ROWS, order
from tests.e2e.processes import voile
from tests.waiting import wait_for

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.processes import Running, Space

TWO_DAYS_MS = 2 * 24 * 3600 * 1000


def last(acme: Running) -> dict[str, Any]:
    """How the last refresh stands."""
    found: dict[str, Any] = acme.manage("GET", PATH)[1]["refresh"].get("last", {})
    return found


def was_down(acme: Running) -> None:
    """End the process, have its product published and refreshed two days earlier, and start it again."""
    acme.stop()
    node = open_node(load(acme.home, acme.env), clock=SystemClock())
    try:
        with node.db.transaction() as tx:
            row = tx.session.get(ProductRow, ID)
            assert row is not None
            row.changed_ms -= TWO_DAYS_MS
            tx.session.add(row)
            before = last_of(tx.session, ID)
            assert before is not None
        note(node, ID, replace(before, at=before.at - TWO_DAYS_MS))
    finally:
        node.close()
    acme.start()


def said(acme: Running, *words: str) -> dict[str, str]:
    """What a command says, in both languages."""
    told = {}
    for language in ("en", "zh"):
        done = acme.voile(*words, "--lang", language)
        assert done.returncode == 0, done.stderr
        told[language] = done.stdout
    return told


@pytest.mark.long
def test_by_command_and_by_schedule(space: Space, tmp_path: Path):
    """New rows, the same rows, no database; what an owner reads of each, in both languages."""
    acme = space.party("acme").start()
    warehouse = fill(tmp_path / "warehouse.db", ROWS)
    known = acme.home / "databases.toml"
    known.write_text(f'[warehouse]\nurl = "sqlite:///{warehouse}"\n', encoding="utf-8")
    known.chmod(0o600)
    product = tmp_path / "product.toml"
    product.write_text(DAILY, encoding="utf-8")
    assert acme.voile("publish", str(product)).returncode == 0

    fill(warehouse, [*ROWS, *MORE])
    done = acme.voile("publish", "--refresh", ID, "--json")
    assert json.loads(done.stdout)["version"]["number"] == 2, done.stderr
    again = said(acme, "publish", "--refresh", ID)
    assert "unchanged" in again["en"]
    assert "未变" in again["zh"]
    shown = said(acme, "products", ID)
    assert "nothing that may be shown differed" in shown["en"]
    assert "refreshed `every day 06:00` (Asia/Shanghai), next at " in shown["en"]
    assert "可公布的内容未变" in shown["zh"]

    fill(warehouse, [*ROWS, *MORE, *(order(n, 2026) for n in range(360, 480))])
    was_down(acme)  # at its last 06:00: it is made up for at the start
    ended = wait_for(
        lambda: last(acme), lambda told: told.get("state") == "done" and told["scheduled"]
    )
    assert ended["scheduled"] is True
    assert acme.manage("GET", "/v1/products")[1]["products"][0]["version"]["number"] == 3
    warehouse.unlink()
    assert acme.manage("GET", "/v1/node")[1]["notes"] == {}
    failed = acme.voile("publish", "--refresh", ID, "--lang", "zh")
    assert failed.returncode != 0
    assert last(acme)["state"] == "failed"
    for language, words in (("en", "failed, and the data version before it stays: "),
                            ("zh", "的更新失败，仍为原来的数据版本：")):  # fmt: skip
        for command in (("products",), ("products", ID)):
            assert words in said(acme, *command)[language], command
        status = voile("status", "--home", str(acme.home), env={"VOILE_LANG": language}).stdout
        assert f"voile products {ID}" in status, status
        done = voile("doctor", "--home", str(acme.home), env={"VOILE_LANG": language})
        shown_there = " ".join(done.stdout.split())
        assert f"voile products {ID} --home" in shown_there, done
    _, ready = acme.metrics("/readyz")
    assert json.loads(ready)["ready"] is True
    assert f'voile_refresh_failed{{product="{ID}"}} 1.0' in acme.metrics("/metrics")[1]
    assert '"refresh-failed"' in acme.log
    assert acme.manage("GET", "/v1/products")[1]["products"][0]["version"]["number"] == 3


def test_words_that_do_not_fit(space: Space, tmp_path: Path):
    """A file beside --refresh, neither of them, no such product, data from the command line."""
    acme = space.party("acme").start()
    product = tmp_path / "product.toml"
    product.write_text("", encoding="utf-8")
    for words, code in (
        ((str(product), "--refresh", ID), "product-file"),
        (("--check", "--refresh", ID), "product-file"),
        ((), "product-file"),
        (("--refresh", ID), "product-missing"),
    ):
        done = acme.voile("publish", *words, "--json")
        assert done.returncode != 0
        assert json.loads(done.stdout)["error"]["code"] == code, words
    text = DAILY.partition("\n[source]")[0].replace('refresh = "every day 06:00"\n', "")
    product.write_text(text, encoding="utf-8")
    data = write_csv(tmp_path / "data.csv", ROWS)
    assert acme.voile("publish", str(product), str(data)).returncode == 0
    for language, words in (("en", "declare a table or a query"), ("zh", "以 `[source]` 声明")):
        done = acme.voile("publish", "--refresh", ID, "--lang", language)
        assert done.returncode != 0
        assert words in done.stderr
