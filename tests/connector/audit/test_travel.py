"""Bundles being made, written, read, packed and sent."""

from __future__ import annotations

import io
import json
import os
import tarfile
from typing import TYPE_CHECKING

import pytest

from connector.areas.audit.archive import pack, unpack
from connector.areas.audit.export import export
from connector.areas.audit.folder import Unreadable, read_folder
from connector.areas.audit.trusting import known_parties, trust_of
from contracts.audit import layout
from contracts.audit.trust import party_of, read_trust, write_trust
from contracts.audit.verify import verify
from tests.connector.audit.forging import codes, lines_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.connector.audit.conftest import Case


def test_a_bundle_made_in_the_middle_of_things_is_whole(fresh: Case):
    """Whatever is under way when it is made, the bundle verifies."""
    pair = fresh.pair
    pair.negotiate("urn:dataset:0")
    for number in range(12):
        bundle = fresh.export(pair.consumer, f"consumer-{number}")
        assert verify(bundle).findings == ()
        assert verify(fresh.export(pair.provider, f"provider-{number}")).findings == ()
        if not pair.consumer.deliver(1) + pair.provider.deliver(1):
            break
    assert verify(bundle).counts["agreements"] == 2


def test_a_closed_bundle_opens_nothing(fresh: Case):
    """Without --open there are commitments and no details."""
    folder = fresh.folder / "closed"
    export(fresh.pair.consumer.node, folder)
    bundle = fresh.open(folder)
    report = verify(bundle)
    assert (report.exit_code, report.counts["opened"]) == (0, 0)
    assert layout.OPENED not in bundle.files
    assert report.counts["commitments"] > 5


def test_a_bundle_is_never_written_over(case: Case):
    """A folder that is there already is refused."""
    with pytest.raises(Unreadable):
        export(case.pair.consumer.node, case.folder / "buyer.bundle")


def test_a_node_that_may_not_write_still_shows_what_it_signed(fresh: Case):
    """Read-only after a restored backup: the newest signed head is exported."""
    fresh.pair.consumer.node.db.read_only = "its anchor knows more"
    bundle = fresh.export(fresh.pair.consumer, "read-only")
    assert verify(bundle).exit_code == 0


def test_links_devices_and_odd_names_are_findings(case: Case, tmp_path: Path):
    """Nothing is followed, nothing odd is opened; each is named."""
    source = case.folder / "buyer.bundle"
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in source.rglob("*"):
        target = copy / path.relative_to(source)
        if path.is_dir():
            target.mkdir(exist_ok=True)
        else:
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(path.read_bytes())
    assert read_folder(copy)[1] == ()
    secret = tmp_path / "secret"
    secret.write_text("not for you")
    (copy / "link").symlink_to(secret)
    (copy / "loop").symlink_to(copy)
    os.mkfifo(copy / "pipe")
    (copy / "ünïcode").write_bytes(b"")
    (copy / ".hidden").write_bytes(b"")
    deep = copy / "a/b/c/d/e"
    deep.mkdir(parents=True)
    files, odd = read_folder(copy)
    assert {finding.where for finding in odd} == {
        "link",
        "loop",
        "pipe",
        "ünïcode",
        ".hidden",
        "a/b/c/d/e",
    }
    assert b"not for you" not in b"".join(files.values())
    assert verify(case.open(copy)).exit_code == 1
    checkpoint = copy / "checkpoint"
    checkpoint.unlink()
    checkpoint.symlink_to(source / "checkpoint")
    assert "file-missing" in codes(case.open(copy))


def test_what_is_no_folder_is_unreadable(tmp_path: Path):
    """Nothing there, a file, a link to a folder, an empty folder."""
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    for name in ("none", "file", "empty", "link"):
        with pytest.raises(Unreadable):
            read_folder(tmp_path / name)


def test_a_bundle_travels_as_a_tar(case: Case, tmp_path: Path):
    """Packed and unpacked it has the same bytes."""
    source = case.folder / "buyer.bundle"
    unpack(io.BytesIO(b"".join(pack(source))), tmp_path / "out")
    assert read_folder(tmp_path / "out") == read_folder(source)


@pytest.mark.parametrize(
    "name", ["../out", "/etc/passwd", "a/../b", "a//b", ".x", "a\\b", "a/b/c/d/e"]
)
def test_a_tar_with_other_names_is_refused(tmp_path: Path, name: str):
    """Nothing is written outside the folder that was named."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as tar:
        info = tarfile.TarInfo(name)
        info.size = 1
        tar.addfile(info, io.BytesIO(b"x"))
    data.seek(0)
    with pytest.raises(Unreadable):
        unpack(data, tmp_path / "out")
    assert [path.name for path in tmp_path.rglob("*")] == ["out"]


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE]
)
def test_a_tar_with_anything_but_files_is_refused(tmp_path: Path, kind: bytes):
    """No links, no devices, no folders."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as tar:
        info = tarfile.TarInfo("link")
        info.type, info.linkname = kind, "/etc/passwd"
        tar.addfile(info)
    data.seek(0)
    with pytest.raises(Unreadable):
        unpack(data, tmp_path / "out")


def test_half_a_tar_is_refused(case: Case, tmp_path: Path):
    """A connector that dies while it streams leaves no bundle that looks whole."""
    data = b"".join(pack(case.folder / "buyer.bundle"))
    with pytest.raises(Unreadable):
        unpack(io.BytesIO(data[: len(data) // 2]), tmp_path / "out")


def test_the_management_api_streams_a_bundle_and_logs_that_it_did(fresh: Case, tmp_path: Path):
    """POST /v1/audit/bundle gives a tar; a leaf says whether details were opened."""
    from werkzeug.test import Client

    consumer = fresh.pair.consumer
    token = consumer.node.settings.token_file.read_text().strip()
    answer = Client(consumer.apps.management).post(
        "/v1/audit/bundle?opened=all", headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 200
    unpack(io.BytesIO(answer.get_data()), tmp_path / "out")
    answer.close()
    bundle = fresh.open(tmp_path / "out")
    assert verify(bundle).exit_code == 0
    last = json.loads(lines_of(bundle)[-1])
    assert (last["to"], last["policy"]) == ("EXPORTED", {"opened": True})
    assert list(consumer.node.settings.data.glob("bundle-*")) == []
    for query, pointer in (
        ("opened=some", "/opened"),
        ("opened=all&opened=none", "/opened"),
        ("sessions=x", "/sessions"),
        ("&".join(f"session={n}" for n in range(65)), "/session"),
    ):
        status, body = consumer.manage("POST", f"/v1/audit/bundle?{query}")
        assert (status, body["error"]["params"]["pointer"]) == (400, pointer)
    status, body = consumer.manage("POST", "/v1/audit/bundle?session=x")
    assert (status, body["error"]["code"]) == (404, "session-missing")


def test_the_management_api_gives_trust(case: Case):
    """GET /v1/audit/trust: keys of those this node deals with, or why there are none."""
    status, body = case.pair.consumer.manage("GET", "/v1/audit/trust")
    assert status == 200
    assert read_trust(body["trust"].encode()) == case.trust
    status, body = case.pair.consumer.manage("GET", "/v1/audit/trust?party=did:web:nobody.example")
    assert (status, list(body["failed"])) == (200, ["did:web:nobody.example"])


def test_trust_is_what_the_did_documents_say(case: Case):
    """Keys for assertions and logs of both parties, and no token key."""
    consumer = case.pair.consumer.node
    party = next(party for party in case.trust.parties if party.did == consumer.settings.did)
    assert party == party_of(consumer.peers.document(consumer.settings.did))
    assert [key for _, key in party.keys] == [consumer.keys.agreements.public]
    again, _ = trust_of(consumer, known_parties(consumer))
    assert read_trust(write_trust(again)) == again
