"""Fetching as the consumer: whole and verified, or one error; what has come is never lost."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from connector.areas.delivery.fetch import Fetch
from connector.areas.delivery.part import Part
from connector.process.errors import Conflict, PeerRefused, Refused, VoileError
from connector.process.ports import Response, Streamed
from tests.connector.delivery.shop import CONTENT, DIGEST
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.connector.delivery.shop import Shop


def run(
    shop: Shop, agreement: str, out: Path, meanwhile: Callable[[], None] = lambda: None
) -> dict[str, Any]:
    """Fetch in a thread of its own, while this one delivers messages; give the report or raise."""
    done: list[Any] = []

    def work() -> None:
        try:
            with Part(out) as part:
                done.append(Fetch(shop.consumer.node, agreement, part).run(lambda: None))
        except VoileError as error:
            done.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    while thread.is_alive():
        shop.settle()
        meanwhile()
        thread.join(0.01)
    if isinstance(done[0], VoileError):
        raise done[0]
    found: dict[str, Any] = done[0]
    return found


class Breaking:
    """A network that breaks streams after some bytes, once per number in `after`."""

    def __init__(self, shop: Shop, after: list[int]) -> None:
        self._real = shop.net.stream
        self.after = after
        self.asked: list[dict[str, str]] = []

    def __call__(self, method: str, url: str, **more: Any) -> Any:
        from connector.process.errors import Unreachable

        self.asked.append(dict(more.get("headers") or {}))

        @contextmanager
        def stream() -> Any:
            with self._real(method, url, **more) as answer:
                if not self.after:
                    yield answer
                    return
                left = self.after.pop(0)

                def pieces() -> Any:
                    came = 0
                    for piece in answer.pieces:
                        if came + len(piece) > left:
                            raise Unreachable("it broke", code="peer-unreachable")
                        came += len(piece)
                        yield piece

                yield Streamed(status=answer.status, headers=answer.headers, pieces=pieces())

        return stream()


def test_a_file_comes_whole_and_completes_its_transfer(shop: Shop, tmp_path: Path):
    """Bytes and digest are the published ones; the consumer's leaf says so too."""
    out = tmp_path / "out.csv"
    report = run(shop, shop.agreement(), out)
    assert out.read_bytes() == CONTENT
    assert (report["bytes"], report["digest"], report["verified"]) == (len(CONTENT), DIGEST, True)
    assert out.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.glob("out.csv.*")) == []
    shop.settle()
    assert shop.state(report["transfer"]) == "COMPLETED"
    (leaf,) = [leaf["query"] for leaf in shop.leaves(shop.consumer)]
    assert (leaf["outcome"], leaf["bytes"], leaf["version"]) == ("complete", len(CONTENT), DIGEST)
    assert leaf["promised"] == DIGEST


def test_a_broken_connection_is_gone_on_with(shop: Shop, tmp_path: Path, monkeypatch):
    """Only what is missing is asked for again, of the same version."""
    breaking = Breaking(shop, [5000, 9000])
    monkeypatch.setattr(shop.net, "stream", breaking)
    out = tmp_path / "out.csv"
    assert run(shop, shop.agreement(), out)["digest"] == DIGEST
    assert out.read_bytes() == CONTENT
    assert [headers.get("Range") for headers in breaking.asked] == [
        None,
        "bytes=4096-",
        f"bytes={4096 + 8192}-",
    ]


@pytest.mark.long
def test_a_later_fetch_goes_on_where_an_earlier_one_stopped(shop: Shop, tmp_path, monkeypatch):
    """What has come is kept beside the name, with the version that it is of."""
    agreement, out = shop.agreement(), tmp_path / "out.csv"
    breaking = Breaking(shop, [5000, 0, 0, 0, 0, 0])
    monkeypatch.setattr(shop.net, "stream", breaking)
    with pytest.raises(VoileError) as error:
        run(shop, agreement, out)
    assert error.value.code == "delivery-broken"
    assert not out.exists()
    assert (tmp_path / "out.csv.part").read_bytes() == CONTENT[:4096]
    breaking.after = []
    assert run(shop, agreement, out)["digest"] == DIGEST
    assert breaking.asked[-1]["Range"] == "bytes=4096-"
    assert out.read_bytes() == CONTENT


def test_a_fetch_that_is_suspended_goes_on_with_the_next_token(shop: Shop, tmp_path, monkeypatch):
    """Cut in the middle, refused with the old token, taken up again where it was."""
    agreement, out = shop.agreement(), tmp_path / "out.csv"
    breaking = Breaking(shop, [5000])
    stopped: list[str] = []

    def suspending(method: str, url: str, **more: Any) -> Any:
        if len(breaking.asked) == 1 and not stopped:  # it broke: the provider has suspended it
            stopped.append(shop.consumer.manage("GET", "/v1/transfers")[1]["transfers"][0]["pid"])
            shop.steer(stopped[0], "suspend")
        return breaking(method, url, **more)

    def resume() -> None:
        if stopped and shop.state(stopped[0]) == "SUSPENDED" and len(breaking.asked) == 2:
            shop.steer(stopped[0], "resume")

    monkeypatch.setattr(shop.net, "stream", suspending)
    report = run(shop, agreement, out, meanwhile=resume)
    assert (report["digest"], report["transfer"]) == (DIGEST, stopped[0])
    tokens = [headers["Authorization"] for headers in breaking.asked]
    assert tokens[0] == tokens[1] != tokens[2]
    assert breaking.asked[2]["Range"] == "bytes=4096-"


def test_a_file_without_a_tag_begins_anew(shop: Shop, tmp_path: Path, monkeypatch):
    """What broke is not gone on with where the provider does not say which version it sends."""
    breaking = Breaking(shop, [5000])

    @contextmanager
    def untold(*given: Any, **more: Any) -> Any:
        with breaking(*given, **more) as answer:
            headers = {k: v for k, v in answer.headers.items() if k not in ("etag", "repr-digest")}
            yield Streamed(status=answer.status, headers=headers, pieces=answer.pieces)

    monkeypatch.setattr(shop.net, "stream", untold)
    out = tmp_path / "out.csv"
    report = run(shop, shop.agreement(), out)
    assert out.read_bytes() == CONTENT
    assert report["verified"] is False
    assert [{"Range", "If-Range"} & set(headers) for headers in breaking.asked] == [set(), set()]


def test_parts_shorter_than_asked_for_are_gone_on_with(shop: Shop, tmp_path: Path, monkeypatch):
    """A server may answer a range with less of it: the file is whole when all has come."""
    breaking = Breaking(shop, [5000])

    def short(*given: Any, headers: dict[str, str], **more: Any) -> Any:
        if "Range" in headers:
            start = int(headers["Range"].removeprefix("bytes=").removesuffix("-"))
            headers = headers | {"Range": f"bytes={start}-{start + 19_999}"}
        return breaking(*given, headers=headers, **more)

    monkeypatch.setattr(shop.net, "stream", short)
    out = tmp_path / "out.csv"
    assert run(shop, shop.agreement(), out)["digest"] == DIGEST
    assert out.read_bytes() == CONTENT
    assert len(breaking.asked) > 2


def test_a_fetch_that_waits_can_be_stopped(shop: Shop, tmp_path: Path):
    """A process that stops does not wait for a Start that may come in a minute."""

    def stop() -> None:
        raise Conflict("stopping", code="stopping", next_step="fetch again")

    agreement = shop.agreement()
    with pytest.raises(Conflict), Part(tmp_path / "out.csv") as part:
        Fetch(shop.consumer.node, agreement, part).run(stop)


@pytest.mark.long
def test_a_new_version_is_not_appended_to_the_old_one(shop: Shop, tmp_path, monkeypatch):
    """A fetch that goes on after a publication begins anew."""
    agreement, out = shop.agreement(), tmp_path / "out.csv"
    breaking = Breaking(shop, [5000, 0, 0, 0, 0, 0])
    monkeypatch.setattr(shop.net, "stream", breaking)
    with pytest.raises(VoileError):
        run(shop, agreement, out)
    breaking.after = []
    shop.publish(CONTENT[:100] + b"new")
    run(shop, agreement, out)
    assert out.read_bytes() == CONTENT[:100] + b"new"


def test_what_is_not_what_was_promised_is_thrown_away(shop: Shop, tmp_path: Path, monkeypatch):
    """A byte that changed on the way: one error, no file, nothing kept, the transfer stays."""
    real = shop.net.request

    def changed(method: str, url: str, **more: Any) -> Response:
        found = real(method, url, **more)
        if "/voile/v1/data/" in url:
            return replace(found, body=b"X" + found.body[1:])
        return found

    monkeypatch.setattr(shop.net, "request", changed)
    out = tmp_path / "out.csv"
    with pytest.raises(PeerRefused) as error:
        run(shop, shop.agreement(), out)
    assert error.value.code == "delivery-digest"
    assert list(tmp_path.glob("out.csv*")) == []
    assert shop.leaves(shop.consumer)[-1]["query"]["outcome"] == "failed"


def test_a_token_whose_hour_is_over_is_renewed(shop: Shop, tmp_path: Path):
    """The connector opens another transfer and goes on; the owner sees nothing of it."""
    agreement = shop.agreement()
    old = shop.pull(agreement)
    shop.clock.advance(3700)
    report = run(shop, agreement, tmp_path / "out.csv")
    assert report["transfer"] != old
    shop.settle()
    assert shop.state(old) == "COMPLETED"


def test_an_offer_that_grants_no_pull_says_so(shop: Shop, tmp_path: Path):
    """The provider's code reaches the owner."""
    shop.publish(offer='[[offer]]\nformats = ["HttpData-PUSH"]\n')
    with pytest.raises(Refused) as error:
        run(shop, shop.agreement(), tmp_path / "out.csv")
    assert error.value.code == "delivery.not-started"
    assert "transfer.format-unsupported" in error.value.message


def test_a_file_that_is_there_is_not_overwritten(shop: Shop, tmp_path: Path):
    """Nothing is asked for, and it stays as it is."""
    out = tmp_path / "out.csv"
    out.write_text("mine")
    with pytest.raises(Conflict, match="there already"), Part(out):
        pass
    assert out.read_text() == "mine"


def test_a_link_in_the_place_of_the_part_is_not_followed(tmp_path: Path):
    """Whoever can write beside the file cannot have another one written through it."""
    victim = tmp_path / "victim"
    victim.write_text("keep")
    (tmp_path / "out.csv.part").symlink_to(victim)
    with pytest.raises(VoileError) as error, Part(tmp_path / "out.csv"):
        pass
    assert error.value.code == "delivery-out"
    assert victim.read_text() == "keep"


def test_the_owners_routes_fetch_in_the_background(shop: Shop, tmp_path: Path):
    """A job is taken, watched, and ends with its report."""
    from connector.areas.delivery.jobs import Fetcher

    fetcher = shop.consumer.node.services[Fetcher]
    fetcher.start()
    try:
        body = {"agreement": shop.agreement(), "out": str(tmp_path / "out.csv")}
        status, job = shop.consumer.manage("POST", "/v1/deliveries", body)
        assert status == 202
        path = f"/v1/deliveries/{job['job']}"
        job = wait_for(
            lambda: (shop.settle(), shop.consumer.manage("GET", path)[1])[1],
            lambda one: one["state"] not in ("waiting", "running"),
            every=0,
        )
        assert (job["state"], job["report"]["digest"]) == ("done", DIGEST)
    finally:
        fetcher.stop()
    for out in ("relative.csv", "/"):
        status, error = shop.consumer.manage("POST", "/v1/deliveries", {**body, "out": out})
        assert (status, error["error"]["code"]) == (400, "field-wrong")
