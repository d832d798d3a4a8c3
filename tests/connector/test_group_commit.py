"""Changes that share a durable commit: nobody goes on before it, and each fails alone."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text

from connector.evidence.log import head, node_reader
from connector.process.errors import StoreError
from connector.store.facts import fact, set_fact
from connector.store.group import Turns
from connector.store.prepared import control
from connector.store.rows import LogEntryRow
from contracts.evidence import Entry
from crypto import merkle

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.store.database import Database
    from tests.simulators import Party

SECONDS = 60


class Crowd:
    """Changes in threads of their own; the first one holds the turn until the others wait."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.done: list[str] = []
        self.failed: dict[str, BaseException] = {}
        self._inside, self._go = threading.Event(), threading.Event()

    def _change(self, name: str, body: Callable[[Any], None], *, first: bool) -> None:
        try:
            with self.db.transaction() as tx:
                if first:
                    self._inside.set()
                    assert self._go.wait(SECONDS)
                set_fact(tx.session, name, "done")
                tx.append(Entry(kind="CONFIGURATION", to_state="TESTED", process=name))
                body(tx)
            self.done.append(name)
        except Exception as error:  # noqa: BLE001 -- what a caller would see
            self.failed[name] = error

    def run(self, bodies: dict[str, Callable[[Any], None]]) -> None:
        threads = []
        for at, (name, body) in enumerate(bodies.items()):
            threads.append(
                threading.Thread(
                    target=self._change, args=(name, body), kwargs={"first": at == 0}, name=name
                )
            )
            threads[-1].start()
            assert self._inside.wait(SECONDS)
            turns = self.db._turns
            for _ in range(SECONDS * 1000):
                if len(turns._waiting) == at:
                    break
                threading.Event().wait(0.001)
        self._go.set()
        for thread in threads:
            thread.join(SECONDS)
            assert not thread.is_alive()


@pytest.fixture
def db(party: Callable[..., Party]) -> Database:
    return party("acme").node.db


def nothing(_tx: Any) -> None:
    pass


def fail(_tx: Any) -> None:
    raise KeyError("mine")


def found(db: Database, *names: str) -> list[str]:
    with db.reading() as session:
        return [name for name in names if fact(session, name) == "done"]


def whole(db: Database) -> list[str]:
    """Check the log against the reference; give the processes of its leaves."""
    with db.reading() as session:
        now = head(session)
        rows = session.execute(
            select(LogEntryRow.leaf_hash, LogEntryRow.process).order_by(LogEntryRow.index)  # type: ignore[call-overload, arg-type]
        ).all()  # fmt: skip
        assert merkle.root_of([row[0] for row in rows]) == now.root
        assert merkle.root(now.size, node_reader(session)) == now.root
    return [row[1] for row in rows if row[1]]


def test_changes_that_wait_for_each_other_share_one_commit(db: Database):
    """Four callers, one flush; all of it is there when they go on, and the log is whole."""
    before = db.flushes
    crowd = Crowd(db)
    crowd.run(dict.fromkeys("abcd", nothing))
    assert sorted(crowd.done) == ["a", "b", "c", "d"]
    assert db.flushes - before == 1
    assert found(db, "a", "b", "c", "d") == ["a", "b", "c", "d"]
    assert sorted(whole(db)) == ["a", "b", "c", "d"]


def test_what_the_database_undid_by_itself_is_not_told_as_committed(db: Database):
    """The transaction is gone, and nobody noticed: a commit of nothing would look like one."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("a server says so at the next statement")

    def undo(tx: Any) -> None:
        control(db._group._driver, "ROLLBACK")  # type: ignore[union-attr]

    crowd = Crowd(db)
    crowd.run({"a": undo})
    assert crowd.done == []
    assert isinstance(crowd.failed["a"], StoreError)
    assert found(db, "a") == []
    assert whole(db) == []
    with db.transaction() as tx:
        set_fact(tx.session, "after", "done")
    assert found(db, "after") == ["after"]


@pytest.mark.parametrize("at", ["a", "b", "d"])
def test_an_exception_undoes_its_own_change_alone(db: Database, at: str):
    """The first, one in the middle or the last fails: the others commit, the log has their leaves."""
    crowd = Crowd(db)
    crowd.run({name: fail if name == at else nothing for name in "abcd"})
    others = [name for name in "abcd" if name != at]
    assert sorted(crowd.done) == others
    assert isinstance(crowd.failed[at], KeyError)
    assert found(db, *"abcd") == others
    assert sorted(whole(db)) == others
    with db.transaction() as tx:
        set_fact(tx.session, "after", "done")
    assert found(db, "after") == ["after"]


def test_nobody_goes_on_before_the_common_commit(db: Database):
    """While the second runs, the first has not returned, and readers see nothing of it."""
    crowd = Crowd(db)
    seen: list[tuple[list[str], list[str]]] = []

    def look(_tx: Any) -> None:
        seen.append((list(crowd.done), found(db, "a")))

    crowd.run({"a": nothing, "b": look})
    assert seen == [([], [])]
    assert sorted(crowd.done) == ["a", "b"]


def test_a_commit_that_fails_is_told_to_all(db: Database):
    """A rule that is checked at the commit refuses it: no change of the group has happened."""
    with db.engine.begin() as connection:
        connection.execute(text("create table parent (id integer primary key)"))
        connection.execute(
            text(
                "create table child (id integer references parent (id)"
                " deferrable initially deferred)"
            )
        )
    sent: list[str] = []

    def orphan(tx: Any) -> None:
        tx.session.execute(text("insert into child values (7)"))
        tx.after_commit(lambda: sent.append("b"))

    crowd = Crowd(db)
    crowd.run({"a": nothing, "b": orphan, "c": nothing})
    assert crowd.done == []
    assert {type(error) for error in crowd.failed.values()} == {StoreError}
    assert set(crowd.failed) == {"a", "b", "c"}
    assert found(db, "a", "b", "c") == []
    assert sent == []
    assert whole(db) == []
    with db.transaction() as tx:
        set_fact(tx.session, "after", "done")
    assert found(db, "after") == ["after"]


def test_a_database_that_gives_the_transaction_up_fails_the_whole_group(db: Database):
    """The transaction is rolled back under a change: those before it did not happen, and hear so.

    Who has the turn after whom is not said: `c` may come before or after.
    """

    def give_up(tx: Any) -> None:
        tx.session.connection().exec_driver_sql("ROLLBACK")
        raise KeyError("mine")

    crowd = Crowd(db)
    crowd.run({"a": nothing, "b": give_up, "c": nothing})
    assert isinstance(crowd.failed.pop("b"), KeyError)
    assert isinstance(crowd.failed["a"], StoreError)
    assert {type(error) for error in crowd.failed.values()} == {StoreError}
    assert sorted([*crowd.failed, *crowd.done]) == ["a", "c"]
    assert found(db, "a", "b", "c") == crowd.done
    assert whole(db) == crowd.done


def test_many_threads_need_fewer_flushes_than_changes(db: Database):
    """Eight threads at once: every change is there, and commits were shared."""
    changes, flushes = db.commits, db.flushes

    def some(number: int) -> None:
        for at in range(10):
            with db.transaction() as tx:
                set_fact(tx.session, f"{number}-{at}", "done")
                tx.append(Entry(kind="CONFIGURATION", to_state="TESTED", process=f"{number}-{at}"))

    threads = [threading.Thread(target=some, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    names = [f"{number}-{at}" for number in range(8) for at in range(10)]
    assert found(db, *names) == names
    assert sorted(whole(db)) == sorted(names)
    assert db.commits - changes == len(names)
    assert db.flushes - flushes < len(names)


class Broken:
    """A lock whose next wait is broken off; a lock whose one waiter leaves as it is released."""

    def __init__(self, turns: Turns) -> None:
        self.turns, self.lock = turns, turns._turn
        turns._turn = self  # type: ignore[assignment]

    def acquire(self, blocking: bool = True, **_timeout: float) -> bool:
        if blocking:
            raise KeyboardInterrupt
        return self.lock.acquire(blocking=False)

    def release(self) -> None:
        self.lock.release()
        self.turns._waiting.pop()


def test_who_is_broken_off_while_it_waits_is_waited_for_by_nobody():
    """Else a finished change would leave its commit to somebody who never comes."""
    turns = Turns()
    assert turns.take(1)
    Broken(turns)
    with pytest.raises(KeyboardInterrupt):
        turns.take(1)
    assert not turns.pass_on()


def test_who_gives_up_as_the_turn_is_passed_on_leaves_it_where_it_was():
    """The one that counted on it takes it back, and commits."""
    turns = Turns()
    assert turns.take(1)
    turns._waiting.append(None)
    Broken(turns)
    assert not turns.pass_on()
    assert not turns._turn.acquire(blocking=False)


@pytest.mark.long
def test_a_change_that_counted_on_one_that_was_broken_off_is_committed(
    db: Database, monkeypatch: pytest.MonkeyPatch
):
    """Ctrl-C while it waits for its turn: it gets the turn all the same, and commits for the other."""
    turns = db._turns
    counted = threading.Event()

    def broken_off(_seconds: float) -> bool:
        turns._waiting.append(None)
        counted.set()
        first.join(2)  # it has left its commit to us
        turns._waiting.pop()
        raise KeyboardInterrupt

    def change() -> None:
        with db.transaction() as tx:
            set_fact(tx.session, "a", "done")
            began.set()
            counted.wait(SECONDS)

    began = threading.Event()
    first = threading.Thread(target=change)
    first.start()
    began.wait(SECONDS)
    take = turns.take
    monkeypatch.setattr(
        turns, "take", lambda seconds: take(seconds) if not seconds else broken_off(seconds)
    )
    with pytest.raises(KeyboardInterrupt), db.transaction():
        raise AssertionError("it never came to its turn")
    first.join(SECONDS)
    assert found(db, "a") == ["a"]
