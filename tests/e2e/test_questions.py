"""Questions between real processes: the command a person types, and kill -9 in the middle of it."""

from __future__ import annotations

import csv
import io
import json
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.firm import publish
from tests.e2e.processes import voile

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.processes import Running, Space

TOTAL = "SELECT SUM(quantity) AS total, COUNT(*) AS n FROM deliveries"
BY_MODE = (
    "SELECT mode, SUM(quantity) AS total, AVG(quantity) AS mean FROM deliveries "
    "GROUP BY mode ORDER BY total DESC"
)


@pytest.fixture
def contract(space: Space, tmp_path: Path) -> tuple[Running, Running, str]:
    """A provider, a consumer, and an agreement that is good for five answers."""
    provider, consumer = space.party("acme"), space.party("bolt")
    pinned = {"VOILE_PINNED": f"{provider.did},{consumer.did}"}
    provider.env.update(pinned)
    consumer.env.update(pinned)
    provider.start()
    consumer.start()
    dataset = publish(provider, tmp_path)
    done = consumer.voile("negotiate", provider.did, dataset, "--wait", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return provider, consumer, json.loads(done.stdout)["agreement"]


def ask(consumer: Running, agreement: str, sql: str, *more: str) -> Any:
    purpose = ("--purpose", "capacityPlanning")
    return consumer.voile("ask", sql, "--agreement", agreement, *purpose, *more)


def test_asking_from_the_command_line(contract: tuple[Running, Running, str]) -> None:
    """Explained, asked as a table, as CSV and as JSON, in both languages; refused with exit code 1."""
    provider, consumer, agreement = contract
    explained = ask(consumer, agreement, TOTAL, "--explain")
    assert explained.returncode == 0, explained.stderr
    assert "it would be allowed" in explained.stdout
    assert "5 of 5 answers left" in explained.stdout
    assert "the number of answers at most 5" in explained.stdout
    in_chinese = ask(consumer, agreement, TOTAL, "--explain", "--lang", "zh").stdout
    assert "回答次数 至多 5" in in_chinese
    terms = consumer.voile("agreement", agreement).stdout
    assert "the number of answers at most 5" in terms
    assert "state       in force" in terms
    assert not any("lteq" in text for text in (explained.stdout, in_chinese, terms))
    listed = voile("ask", "--help").stdout
    assert all(
        purpose in listed for purpose in ("capacityPlanning", "deliveryReliability", "credit")
    )

    shown = ask(consumer, agreement, BY_MODE)
    assert shown.returncode == 0, shown.stderr
    values = [n % 17 + 1 for n in range(800)]
    rail = sum(v for n, v in enumerate(values) if n % 3)
    assert f"{rail:,}" in shown.stdout or str(rail) in shown.stdout
    assert "total [piece]" in shown.stdout
    assert "4 of 5 answers left" in shown.stdout
    assert "mode masked" in shown.stdout

    told = ask(consumer, agreement, TOTAL, "--json")
    found = json.loads(told.stdout)
    values_told = found["answer"]["cells"][0]["values"]
    assert values_told == {"*:count": "800", "quantity:sum": str(sum(values))}
    assert found["usage"] == {"used": 2, "limit": 5, "left": 3}

    table = list(csv.reader(io.StringIO(ask(consumer, agreement, BY_MODE, "--csv").stdout)))
    heads = ["mode", "total [piece]", "mean [piece]"]
    states = ["total [piece] status", "mean [piece] status", "status"]
    assert table[0] == [*heads, *states, "note", "bounds"]
    assert table[1][:2] == ["RAIL", str(rail)]

    for lang, words in (
        ("en", "does not grant the purpose credit"),
        ("zh", "合约未授予用途 credit"),
    ):
        arguments = ("ask", TOTAL, "--agreement", agreement, "--purpose", "credit", "--lang", lang)
        refused = consumer.voile(*arguments)
        assert refused.returncode == 1
        assert words in refused.stderr
    as_json = ask(consumer, agreement, "SELECT MAX(quantity) FROM deliveries", "--json")
    assert as_json.returncode == 1
    reasons = json.loads(as_json.stdout)["error"]["reasons"]
    assert [reason["code"] for reason in reasons] == ["question.single-values"]
    assert ask(consumer, agreement, TOTAL, "--csv", "--json").returncode == 2
    listed = consumer.voile("questions")
    assert "refused" in listed.stdout
    assert "answered" in listed.stdout
    check_received(provider, consumer, agreement)


def check_received(provider: Running, consumer: Running, agreement: str) -> None:
    """The provider's list of them: as lines, as JSON, as CSV for a spreadsheet, filtered."""
    shown = provider.voile("questions", "--received", "--state", "refused").stdout
    assert shown.count(agreement) == 3
    assert "does not grant the purpose credit" in shown
    today = time.strftime("%Y-%m-%d", time.gmtime())
    page = provider.voile("questions", "--received", "--limit", "1", "--json").stdout
    (newest,) = json.loads(page)["questions"]
    assert newest["sql"] == "SELECT MAX(quantity) FROM deliveries"
    since = ("--since", today, "--until", today, "--from", consumer.did)
    told = provider.voile("questions", "--received", "--csv", "--bom", "--lang", "zh", *since)
    assert told.stdout.startswith("\ufeff时间（UTC）,提问方")
    rows = list(csv.DictReader(io.StringIO(told.stdout.removeprefix("\ufeff"))))
    assert {row["提问方"] for row in rows} == {consumer.did}
    assert {row["SQL"] for row in rows} == {BY_MODE, TOTAL, newest["sql"]}
    assert [row["已计次"] for row in rows].count("是") == 2
    assert provider.voile("questions", "--product", "deliveries").returncode == 2
    assert provider.voile("questions", "--received", "--since", "now").returncode == 2


@pytest.mark.long
def test_kill_nine_in_the_middle_of_answers_charges_nothing_twice(
    contract: tuple[Running, Running, str],
) -> None:
    """Either process dies while questions are under way; each id ends with one answer, one charge."""
    provider, consumer, agreement = contract
    first = ask(consumer, agreement, TOTAL, "--json")  # opens the transfer
    assert first.returncode == 0, first.stderr
    questions = {
        "urn:uuid:kill-1": "SELECT SUM(quantity) FROM deliveries WHERE mode = 'RAIL'",
        "urn:uuid:kill-2": "SELECT COUNT(*) FROM deliveries WHERE mode = 'RAIL'",
        "urn:uuid:kill-3": "SELECT SUM(quantity) FROM deliveries WHERE mode = 'ROAD'",
        "urn:uuid:kill-4": "SELECT COUNT(*) FROM deliveries WHERE mode = 'ROAD'",
    }
    for victim in (provider, consumer):
        asking = [
            threading.Thread(target=_try, args=(consumer, agreement, sql, question))
            for question, sql in questions.items()
        ]
        for thread in asking:
            thread.start()
        time.sleep(0.15)
        victim.kill()
        for thread in asking:
            thread.join()
        victim.start()
    answers = {}
    for question, sql in questions.items():
        done = ask(consumer, agreement, sql, "--question-id", question, "--json")
        assert done.returncode == 0, done.stdout + done.stderr + provider.log[-2000:]
        answers[question] = json.loads(done.stdout)
    assert {a["answer"]["questionId"] for a in answers.values()} == set(questions)
    again = ask(consumer, agreement, TOTAL, "--json")
    assert json.loads(again.stdout)["repeated"] is True
    assert json.loads(again.stdout)["usage"] == {"used": 5, "limit": 5, "left": 0}
    over = ask(consumer, agreement, BY_MODE)
    assert over.returncode == 1
    assert "used up" in over.stderr


def _try(consumer: Running, agreement: str, sql: str, question: str) -> None:
    """Ask through the management API; whether an answer comes does not matter here."""
    body = {"agreements": [agreement], "sql": sql, "purpose": "capacityPlanning"}
    try:
        consumer.manage("POST", "/v1/questions", body | {"questionId": question})
    except OSError:
        return
    except ValueError:  # half an answer
        return
