"""``verify.py``: a verifier of its own, which an auditor runs without the connector."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from connector.areas.audit import verify as second
from connector.areas.audit.export import export
from connector.areas.audit.folder import Unreadable, read_folder
from connector.faces.cli import build
from contracts.audit import layout
from contracts.audit.trust import write_trust
from contracts.audit.verify import verify
from crypto import merkle
from crypto.canonical import canonical
from crypto.errors import VoileError
from crypto.keys import PublicKey
from crypto.strict_json import loads
from tests.connector.audit.corpus import EVIL, SPELLINGS, corpus, story
from tests.connector.audit.second import judged, outcome
from tests.crypto.keys_for_tests import VECTORS, needs

if TYPE_CHECKING:
    from contracts.audit.verify import Bundle
    from tests.connector.audit.conftest import Case

ROOT = Path(__file__).parents[3]
SOURCE = ROOT / "connector" / "areas" / "audit" / "verify.py"
TESSERA = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"

# RFC 8032 §7.1: secret key left out; public key, message, signature
RFC_8032 = [
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     ("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b4"
     "6bd25bf5f0595bbe24655141438e7a100b")),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     ("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d"
     "8c387b2eaeb4302aeeb00d291612bb0c00")),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     ("6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6"
     "594a7c15e9716ed28dc027beceea1ec40a")),
]  # fmt: skip


def written(bundle: Bundle, folder: Path) -> Path:
    """Write a bundle as a folder, its trust beside it."""
    for path, data in bundle.files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    folder.with_suffix(".trust").write_bytes(write_trust(bundle.trust))
    return folder


def run(*arguments: object, script: Path = SOURCE) -> tuple[int, str, str]:
    """Run it as an auditor does: a process of its own, isolated."""
    done = subprocess.run([sys.executable, "-I", str(script), *map(str, arguments)],
                          capture_output=True, timeout=60, check=False)  # fmt: skip
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_it_imports_the_standard_library_alone_and_nothing_that_connects():
    """No package, no module of ours, no network, no process."""
    tree = ast.parse(SOURCE.read_text("utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import)
             for alias in node.names}  # fmt: skip
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    tops = {name.split(".")[0] for name in names}
    assert tops <= sys.stdlib_module_names
    assert not tops & {"socket", "ssl", "urllib", "http", "asyncio", "subprocess", "ctypes",
                       "importlib", "pickle", "zipfile", "tarfile"}  # fmt: skip


def test_the_readme_has_its_digest():
    """Whoever takes it from the release can compare."""
    digest = hashlib.sha256(SOURCE.read_bytes()).hexdigest()
    for name in ("README.md", "README.zh-CN.md"):
        assert digest in (ROOT / name).read_text("utf-8"), f"{name}: expected {digest}"


@pytest.mark.parametrize(("key", "message", "signature"), RFC_8032)
def test_the_vectors_of_rfc_8032(key: str, message: str, signature: str):
    """Each holds; none with S + L, another message, or a bit flipped."""
    raw, said, signed = map(bytes.fromhex, (key, message, signature))
    assert second.ed25519(raw, signed, said)
    number = int.from_bytes(signed[32:], "little") + second.L
    assert not second.ed25519(raw, signed[:32] + number.to_bytes(32, "little"), said)
    assert not second.ed25519(raw, signed, said + b"x")
    for at in range(0, 64, 7):
        bent = signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]
        assert not second.ed25519(raw, bent, said)


@needs("ed25519")
def test_the_edge_cases_of_ed25519_are_judged_as_by_the_connector():
    """Of 914 cases under 22 keys: the same keys are refused, the same signatures hold (C2SP/CCTV)."""
    cases = json.loads((VECTORS / "ed25519" / "ed25519vectors.json").read_bytes())
    kept, held = {}, 0
    for raw in sorted({bytes.fromhex(case["key"]) for case in cases}):
        try:
            kept[raw] = PublicKey.ed25519(raw)
        except VoileError:
            with pytest.raises(second.Wrong):
                second.ed25519_key(raw)
    for case in cases:
        raw, said = bytes.fromhex(case["key"]), case["msg"].encode()
        signature = bytes.fromhex(case["sig"])
        public = kept.get(raw)
        if public is None:
            continue
        try:
            public.verify(signature, said)
        except VoileError:
            assert not second.ed25519(raw, signature, said)
            continue
        assert second.ed25519(raw, signature, said)
        held += 1
    assert (len(cases), len(kept), held) == (914, 1, 2)


@needs("tlog")
def test_the_checkpoints_of_a_foreign_log_hold():
    """16 checkpoints of transparency-dev/tessera, under its verifier key."""
    for size in range(16):
        note = (VECTORS / "tlog" / f"checkpoint.{size}").read_bytes()
        head = second.open_head(note, [TESSERA], "pinned")
        assert (head.origin, head.size) == ("example.com/log/testdata", size)
        with pytest.raises(second.Wrong):
            second.open_head(note.replace(b"\n", b"0\n", 2), [TESSERA], "pinned")


def test_the_tree_is_that_of_the_connector():
    """For every size up to 130."""
    hashes = [merkle.leaf_hash(bytes([number])) for number in range(130)]
    for size in range(131):
        assert second.root_of(hashes[:size]) == merkle.root_of(hashes[:size])


def test_json_is_written_and_refused_alike():
    """Doubles of every size, names beyond the first plane, every odd spelling."""
    draw = random.Random("json")
    doubles = [0.0, -0.0, 1.0, 0.1, 1e-6, 1e-7, 123456789.5, 2.0**53 - 1, 5e-324, 1.5e15, -1e-5]
    doubles += [draw.choice((1, -1)) * draw.random() * 10 ** draw.randrange(-30, 16)
                for _ in range(2000)]  # fmt: skip
    values: list[Any] = [
        doubles, {"\U0001f600": 1, "\ufb01": 2, "\u20ac": 3, "1": 4, "\r": 5, "\x7f": 6},
        {"a": ['\u2028\x00"\\/\b\f', None, True, -5]},
    ]  # fmt: skip
    for value in values:
        assert second.jcs(value).encode() == canonical(value)
    for spell in SPELLINGS:
        data = spell(canonical(values[2]))
        try:
            expected = loads(data)
        except VoileError:
            with pytest.raises(second.Wrong):
                second.read_json(data)
        else:
            assert second.read_json(data) == expected


def test_bundles_of_real_homes_are_ok_and_bring_it_along(case: Case, tmp_path: Path):
    """Both say OK of both; the manifest does not name the verifier, and its copy runs by itself."""
    for name, bundle in (("buyer", case.consumer), ("supplier", case.provider)):
        found, report = judged(bundle), verify(bundle)
        assert (outcome(found), dict(found.found), report.outcome) == ("OK", {}, "OK")
        same = {name: count for name, count in found.counts.items() if name != "files"}
        assert same.items() <= dict(report.counts).items()
        folder = case.folder / f"{name}.bundle"
        assert (folder / layout.VERIFIER).read_bytes() == SOURCE.read_bytes()
        manifest = layout.read_manifest(bundle.files[layout.MANIFEST])
        assert layout.VERIFIER not in {*manifest.files, *bundle.files, *manifest.absent}
    trust = tmp_path / "trust"
    trust.write_bytes(write_trust(case.trust))
    (tmp_path / "link").symlink_to(trust)
    code, out, _ = run(folder, "--trust", tmp_path / "link", script=folder / layout.VERIFIER)
    assert (code, out.splitlines()[0]) == (0, "OK")


def test_a_verifier_in_a_bundle_that_is_another_is_told_and_judges_nothing(
    case: Case, tmp_path: Path
):
    """It is no evidence: the outcome stays, and who reads the report is warned."""
    folder = tmp_path / "bundle"
    shutil.copytree(case.folder / "buyer.bundle", folder)
    trust = tmp_path / "trust"
    trust.write_bytes(write_trust(case.trust))
    arguments = ["audit", "verify", str(folder), "--trust", str(trust)]
    for data, said in ((None, "same"), (b"print('OK')\n", "other"), (b"x" * 10**6, "other")):
        if data is not None:
            (folder / layout.VERIFIER).write_bytes(data)
        done = CliRunner().invoke(build(), arguments)
        assert (done.exit_code, "do not run it" in done.stdout) == (0, said == "other")
        told = CliRunner().invoke(build(), [*arguments, "--json"])
        assert json.loads(told.stdout)["verifier"] == said
        assert run(folder, "--trust", trust)[0] == 0
    (folder / layout.VERIFIER).unlink()
    (folder / layout.VERIFIER).symlink_to(SOURCE)
    assert CliRunner().invoke(build(), arguments).exit_code == 1  # a link is nothing of a bundle
    assert run(folder, "--trust", trust)[0] == 1
    export(case.pair.consumer.node, tmp_path / "again")
    value = json.loads((tmp_path / "again" / layout.MANIFEST).read_bytes())
    assert layout.VERIFIER not in value["files"]


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("kind", "trusted", "expected"),
    [
        ("honest", True, "OK"),
        ("honest", False, "UNCHECKED"),
        ("whole_forgeries", False, "UNCHECKED"),
        ("flipped_bits", True, "FINDINGS"),
        ("control_characters", True, "OK"),
        ("own_answers", True, "FINDINGS"),
        ("none", True, "UNREADABLE"),
        ("no trust", True, "UNREADABLE"),
    ],
)
def test_headline_json_and_exit_code_are_one_and_those_of_the_connector(
    tmp_path: Path, kind: str, trusted: bool, expected: str
):
    """As processes of their own, isolated; what a bundle says steers no terminal."""
    folder = tmp_path / "bundle"
    trust = folder.with_suffix(".trust")
    if kind not in {"none", "no trust"}:
        written(corpus(kind)[0].bundle, folder)
    else:
        written(corpus("honest")[0].bundle, folder)
        trust.write_bytes(b"{}") if kind == "no trust" else shutil.rmtree(folder)
    how = [folder, *(["--trust", trust] if trusted else [])]
    code, out, _ = run(*how)
    assert (out.splitlines()[0], second.OUTCOMES[code]) == (expected, expected)
    assert all(one.isprintable() or one == "\n" for one in out)
    told, text, _ = run(*how, "--json")
    value = json.loads(text)
    assert (value["outcome"], value["exit"], told) == (expected, code, code)
    assert text.isascii()
    done = CliRunner().invoke(build(), ["audit", "verify", *map(str, how)])
    assert (done.exit_code, done.stdout.splitlines()[0]) == (code, expected)


def test_what_steers_a_terminal_is_shown_as_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path):  # fmt: skip
    """In a DID, in a path, in what an error quotes."""
    made = story(1)
    bundle = corpus("control_characters")[1].bundle
    folder = written(bundle, tmp_path / "bundle")
    (folder / "agreements" / "x\x1b[2J").write_bytes(b"")
    assert second.main([str(folder)]) == 1
    assert second.main([str(folder / EVIL.replace("\x00", ""))]) == 2
    out = capsys.readouterr().out
    assert all(one.isprintable() or one == "\n" for one in out)
    assert made.agreement in out


def test_odd_folders_are_told_alike(tmp_path: Path):
    """Links, pipes, folders without end and names that are none: found by both, followed by none."""
    folder = written(corpus("honest")[0].bundle, tmp_path / "bundle")
    (tmp_path / "secret").write_bytes(b"secret")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "log" / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe")
    (folder / "a/b/c/d/e/f").mkdir(parents=True)
    (folder / "a/b/c/d/e/f/file").write_bytes(b"x")
    (folder / "x y").write_bytes(b"x")
    (folder / ".hidden").write_bytes(b"x")
    os.close(os.open(os.fsencode(folder) + b"/\xff", os.O_CREAT | os.O_WRONLY))
    files, odd = read_folder(folder)
    mine, told = second.read_folder(str(folder))
    assert mine == files
    assert {(one.code, one.where) for one in told} == {(one.code, one.where) for one in odd}
    assert len(odd) >= 7


def test_a_file_beyond_all_measure_is_not_read(tmp_path: Path):
    """Five gigabytes of nothing: refused by its size, by both."""
    folder = written(corpus("honest")[0].bundle, tmp_path / "bundle")
    with (folder / "log" / "big").open("wb") as file:
        file.truncate(5 << 30)
    with pytest.raises(Unreadable):
        read_folder(folder)
    with pytest.raises(second.Unreadable):
        second.read_folder(str(folder))
    assert second.main([str(folder)]) == 2


def test_each_signature_is_checked_once_and_progress_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """A second check of the same bundle computes nothing; beyond a second it says how far it is."""
    bundle = replace(corpus("honest")[0].bundle)
    second._equation.cache_clear()
    monkeypatch.setattr(second, "METER", second.Meter())
    assert judged(bundle).code == 0
    first = second.METER.count
    assert 5 < first < 12
    assert judged(bundle).code == 0
    assert second.METER.count == first
    second._equation.cache_clear()
    second.METER.shown = True
    second.METER.said -= 5
    assert judged(bundle).code == 0
    assert re.fullmatch(r"\d+ signatures checked\n", capsys.readouterr().err)
