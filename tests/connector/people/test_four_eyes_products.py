"""Publishing by four eyes: by the declared level and by what it loosens, and of the very file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from connector.areas.products import folder
from connector.party.gate import Held
from connector.process.errors import Conflict
from tests.areas import APPROVALS, OWN, PRODUCTS
from tests.catalog.product_texts import DELIVERIES, changed
from tests.connector.engines.files import line, write_csv
from tests.connector.people.four_eyes import Person, person
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.simulators import Party

LINES = [line(who) for who in "ABCDEF"]
NAMED = 'recipients = ["did:web:bolt.example"]\nmembers_of'
TWO = changed("level = 1", "level = 2", text=changed("members_of", NAMED))


@pytest.fixture
def acme(party: Callable[..., Party]) -> Iterator[Party]:
    made = party("acme", areas=(OWN, APPROVALS, PRODUCTS))
    for worker in made.apps.workers:
        worker.start()
    yield made
    for worker in made.apps.workers:
        worker.stop()


@pytest.fixture
def lin(acme: Party) -> Person:
    person(acme, "mei", "security")
    return person(acme, "lin", "steward")


@pytest.fixture
def chen(acme: Party) -> Person:
    return person(acme, "chen", "cdo")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "data.csv", LINES)


def ended(acme: Party, job: dict[str, Any]) -> dict[str, Any]:
    path = f"/v1/products/jobs/{job['job']}"
    _, told = wait_for(
        lambda: acme.manage("GET", path),
        lambda told: told[1]["state"] not in ("waiting", "running"),
        every=0.01,
    )
    found: dict[str, Any] = told
    return found


def test_level_one_is_published_by_one(acme: Party, lin: Person, chen: Person, data: Path):
    made = lin.does("product.publish", product=DELIVERIES, data=str(data))
    assert ended(acme, made)["state"] == "done"


def test_level_two_waits_and_is_published_as_it_was_seen(
    acme: Party, lin: Person, chen: Person, data: Path
):
    """The preview says why; agreed to, the job is the steward's."""
    made = lin.does("product.publish", product=TWO, data=str(data))
    assert isinstance(made, Held)
    shown = chen.does("approval.show", {"approval_id": made.id})
    assert [one["en"] for one in shown["changes"]] == [
        "publishes data of level 2: `delivery-records`"
    ]
    assert [one["field"] for one in shown["sent"]] == ["product", "data", "acceptClamped"]
    done = chen.does("approval.agree", {"approval_id": made.id})
    assert done["approval"]["state"] == "done", done["outcome"]
    assert ended(acme, done["outcome"]["result"])["state"] == "done"
    seen = person(acme, "rui", "auditor").does("approval.show", {"approval_id": made.id})
    assert (seen["approval"]["state"], seen["outcome"]) == ("done", {}), "an answer is the asker's"


def test_a_file_that_changed_is_not_published(acme: Party, lin: Person, chen: Person, data: Path):
    """Nor one that is gone; the request says that it moved."""
    made = lin.does("product.publish", product=TWO, data=str(data))
    write_csv(data, [*LINES, line("G")])
    assert chen.does("approval.show", {"approval_id": made.id})["moved"] is True
    with pytest.raises(Conflict, match="has changed since"):
        chen.does("approval.agree", {"approval_id": made.id})
    data.unlink()
    with pytest.raises(Conflict, match="has changed since"):
        chen.does("approval.agree", {"approval_id": made.id})
    assert acme.manage("GET", "/v1/products")[1]["products"] == []


def test_a_file_is_read_once_however_often_its_request_is_looked_at(
    acme: Party, lin: Person, chen: Person, data: Path, monkeypatch: pytest.MonkeyPatch
):
    """Agreeing reads it anew: what only looks the same is not what was asked for."""
    read: list[Path] = []
    real = folder.source_digest

    def counted(path: Path, progress: Any) -> str:
        read.append(path)
        return real(path, progress)

    monkeypatch.setattr(folder, "source_digest", counted)
    made = lin.does("product.publish", product=TWO, data=str(data))
    assert len(read) == 1
    for _ in range(5):
        assert chen.does("approval.show", {"approval_id": made.id})["moved"] is False
    assert len(read) == 1
    before = data.stat()
    text = data.read_text()
    data.write_text(text.replace("A,", "B,", 1))
    shown = chen.does("approval.show", {"approval_id": made.id})
    assert (shown["moved"], len(read)) == (True, 2)
    data.write_text(text)
    assert chen.does("approval.show", {"approval_id": made.id})["moved"] is False
    was = data.stat()
    data.write_text(text.replace("A,", "B,", 1))
    os.utime(data, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert data.stat().st_size == before.st_size
    assert chen.does("approval.show", {"approval_id": made.id})["moved"] is False, "it looks so"
    with pytest.raises(Conflict, match="has changed since"):
        chen.does("approval.agree", {"approval_id": made.id})


def test_a_file_that_changes_before_its_job_reads_it_is_not_published(
    acme: Party, lin: Person, chen: Person, data: Path
):
    """The job holds what it reads against what was agreed to."""
    from connector.areas.products import Publisher

    made = lin.does("product.publish", product=TWO, data=str(data))
    with acme.node.services[Publisher].alone("delivery-records"):
        done = chen.does("approval.agree", {"approval_id": made.id})
        write_csv(data, [*LINES, line("G")])
    job = ended(acme, done["outcome"]["result"])
    assert (job["state"], job["error"]["code"]) == ("failed", "product.not-agreed-data")


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("before", "after", "waits"),
    [
        ("level = 1", "level = 1", False),
        ("min_group_size = 5", "min_group_size = 4", True),
        ("min_group_size = 5", "min_group_size = 6", False),
        ('dimensions = ["year", "mode"]', 'dimensions = ["year"]', False),
        ('dimensions = ["year", "mode"]', "", True),
        ('measures = ["late:sum", "*:count"]', 'measures = ["late:sum", "price:sum"]', True),
        ("min_cohort = 3", "min_cohort = 4", False),
        ('members_of = "https://example.org/space"', "", True),
        ("2027-12-31Z", "2028-12-31Z", True),
        ('name = "reliability"', 'name = "other"', False),
        ("count = 40", "count = 39", False),
        ("count = 40", "count = 41", True),
        ("count = 40", "", True),
    ],
)
def test_what_loosens_waits(
    acme: Party, lin: Person, chen: Person, data: Path, before: str, after: str, waits: bool
):
    """Also of a product that was withdrawn first; what is the same or narrower does not."""
    assert before in DELIVERIES, before
    made = lin.does("product.publish", product=DELIVERIES, data=str(data))
    assert ended(acme, made)["state"] == "done"
    chen.does("product.withdraw", {"product_id": "delivery-records"})
    text = DELIVERIES.replace(before, after)
    made = lin.does("product.publish", product=text, data=str(data))
    assert isinstance(made, Held) is waits


def test_from_level_two_down_to_one_waits(acme: Party, lin: Person, chen: Person, data: Path):
    """Else the level would be the way around."""
    made = lin.does("product.publish", product=TWO, data=str(data))
    done = chen.does("approval.agree", {"approval_id": made.id})
    assert ended(acme, done["outcome"]["result"])["state"] == "done"
    made = lin.does("product.publish", product=DELIVERIES, data=str(data))
    assert isinstance(made, Held)
    shown = chen.does("approval.show", {"approval_id": made.id})
    assert "the level goes from 2 down to 1" in [one["en"] for one in shown["changes"]]
