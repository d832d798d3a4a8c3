"""Other encodings and packed files: the same values as the plain file, or one clear error."""

from __future__ import annotations

import gzip
import io
import sys
from typing import TYPE_CHECKING

import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.reading import ENCODINGS
from connector.engines import packing, recoding
from connector.engines.errors import DataError
from connector.engines.recoding import recode
from tests.connector.engines.reading import contributions, grouped, product, refusal

if TYPE_CHECKING:
    from pathlib import Path

    from catalog.product import Product

CHINESE = "who,part,x,y\n" + "".join(
    f"客户{name},1,{n},\n" for n, name in enumerate("甲乙丙丁戊己庚辛壬癸")
)
GERMAN = "who,part,x,y\n" + "".join(f"Müller & Söhne {n},1,{n},\n" for n in range(9))
JAPANESE = "who,part,x,y\n" + "".join(f"カスタマー株式会社{n},1,{n},\n" for n in range(9))
PLAIN = product("integer")


def declared(encoding: str) -> Product:
    return product("integer", keys=f'reading.encoding = "{encoding}"')


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def values(path: Path, how: Product):
    with grouped(path, how) as found:
        return contributions(found)


@pytest.mark.long
@pytest.mark.parametrize(
    ("text", "encodings"),
    [
        (CHINESE, ["gb18030", "gbk", "gb2312", "utf-16", "utf-16-le", "utf-16-be"]),
        (GERMAN, ["cp1252", "latin-1", "iso-8859-15", "cp850", "cp1250"]),
        (JAPANESE, ["shift_jis", "cp932", "euc-jp"]),
    ],
)
def test_an_encoding_reads_as_utf8_does(tmp_path: Path, text: str, encodings: list[str]) -> None:
    """The values are those of the file in UTF-8, whatever holds them; packed ones too."""
    expected = values(written(tmp_path / "plain.csv", text.encode()), PLAIN)
    assert len(expected[(0,)]) > 8
    for encoding in encodings:
        content = text.encode(encoding)
        for name, pack in (("a", bytes), ("b", gzip.compress), ("c", zstd.compress)):
            path = written(tmp_path / f"{encoding}-{name}.csv", pack(content))
            assert values(path, declared(encoding)) == expected
    marked = written(tmp_path / "marked.csv", ("\ufeff" + text).encode("utf-16-le"))
    assert values(marked, declared("utf-16-le")) == expected


@pytest.mark.parametrize(
    ("text", "truth", "said", "line"),
    [
        (CHINESE, "gb18030", "utf-8", 2),
        (GERMAN, "cp1252", "utf-8", 2),
        (JAPANESE, "shift_jis", "utf-8", 2),
        (CHINESE, "utf-16-le", "gb18030", 1),
        (CHINESE, "utf-16-be", "cp1252", 0),
        (CHINESE, "utf-8", "latin-1", 1),
        (CHINESE, "utf-8", "utf-16", 0),
        (GERMAN, "utf-8", "gbk", 1),
        ("x" + CHINESE, "utf-8", "cp1252", 0),
    ],
)
def test_a_wrong_encoding_is_named_with_the_right_one(
    tmp_path: Path, text: str, truth: str, said: str, line: int
) -> None:
    """By the bytes read so far; in both languages."""
    error = refusal(written(tmp_path / "data.csv", text.encode(truth)), declared(said))
    assert error.code == "data.encoding"
    if line:
        assert f"line {line}" in error.message
        assert f"第 {line} 行" in error.said("zh")
    likely = {"utf-16-be": "utf-16-be", "utf-16-le": "utf-16-le"}.get(truth, truth)
    assert f'`encoding = "{likely}"`' in error.next_step
    assert f'`encoding = "{likely}"`' in error.following("zh")


def test_the_line_of_a_byte_that_is_none(tmp_path: Path) -> None:
    """Far in a file, after line ends of either kind, half a character before the end of a piece."""
    lines = [f"客户{n},1,1,".encode("gb18030") for n in range(120_000)]
    for end in (b"\n", b"\r\n"):
        broken = [b"who,part,x,y", *lines[:99_000], b"\xff\xff,1,1,", *lines[99_000:]]
        path = written(tmp_path / "data.csv", end.join(broken) + end)
        assert "line 99002" in refusal(path, declared("gb18030")).message
    cut = written(
        tmp_path / "cut.csv", b"who,part,x,y\n" + lines[0][:-1] + "户".encode("gb18030")[:1]
    )
    assert "line 2" in refusal(cut, declared("gb18030")).message


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=40),
    encoding=st.sampled_from(ENCODINGS),
    size=st.integers(1, 7),
)
def test_pieces_do_not_matter(text: str, encoding: str, size: int) -> None:
    """Read a few bytes at a time, a text is itself, or cannot be of that encoding."""
    try:
        content = text.encode(encoding)
    except UnicodeEncodeError:
        return
    bare = text.startswith("\ufeff") or content.startswith(
        (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
    )
    found, refused, looks_like, second = io.BytesIO(), None, False, False
    pieces, recoding.CHUNK = recoding.CHUNK, max(size, 4)
    try:
        recode(io.BytesIO(content), found, encoding)
    except DataError as error:
        looks_like = encoding != "utf-8" and content.decode("utf-8", "ignore").encode() == content
        second = content.decode(encoding).encode(encoding) != content
        refused = error
        looks_like = encoding != "utf-8" and content.decode("utf-8", "ignore").encode() == content
        second = content.decode(encoding).encode(encoding) != content
    finally:
        recoding.CHUNK = pieces
    if refused is None:
        assert found.getvalue().decode() == content.decode(encoding)
    else:
        assert refused.code == "data.encoding"
        assert bare or looks_like or second


def test_trail_bytes_are_no_quotes_and_no_delimiters(tmp_path: Path) -> None:
    r"""GBK has letters, `|` and `\` as second bytes; UTF-16 a quote or line end as one of two."""
    tricky = [b"\x81\x7c", b"\x81\x5c", b"\x81\x41", b"\x81\x7e"]
    content = b"who|part|x|y\n" + b"".join(b + b"|1|1|\n" for b in tricky)
    found = values(written(tmp_path / "data.csv", content), declared("gbk"))
    assert set(found[(0,)]) == {b.decode("gbk") for b in tricky}
    odd = ["\u2c22", "\u0a0d", "\u220a", "\u0d22"]
    text = "who,part,x,y\n" + "".join(f"{c}K,1,1,\n" for c in odd)
    wide = written(tmp_path / "wide.csv", text.encode("utf-16"))
    assert set(values(wide, declared("utf-16"))[(0,)]) == {f"{c}K" for c in odd}


def test_a_second_spelling_is_refused(tmp_path: Path) -> None:
    """Two byte strings that an encoding has for one character would become one contributor."""
    second = b"\x87\x90"  # what cp932 usually writes 81 E0
    assert second.decode("cp932").encode("cp932") != second
    path = written(tmp_path / "data.csv", b"who,part,x,y\nA,1,1,\n" + second + b",1,1,\n")
    error = refusal(path, declared("cp932"))
    assert "line 3" in error.message
    assert "`≒`" in error.said("zh")


def test_characters_that_are_none(tmp_path: Path) -> None:
    """NUL, and half of a surrogate pair, which UTF-16 can write."""
    head = b"who,part,x,y\n"
    path = written(tmp_path / "data.csv", head + b"A\0,1,1,\n")
    assert "line 2" in refusal(path, declared("gb18030")).message
    lone = "who,part,x,y\n".encode("utf-16-le") + b"\x3d\xd8" + ",1,1,\n".encode("utf-16-le")
    assert (
        refusal(written(tmp_path / "lone.csv", lone), declared("utf-16-le")).code == "data.encoding"
    )


def test_packed_files_that_are_damaged_or_traps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut short, changed, or a thousand times as large as it looks: one error, both languages."""
    content = CHINESE.encode() * 50
    for pack in (gzip.compress, zstd.compress):
        packed = pack(content)
        for bad in (packed[:-9], packed[: len(packed) // 2], packed + b"more"):
            error = refusal(written(tmp_path / "data.csv", bad), PLAIN)
            assert error.code == "data.packed"
            assert "损坏" in error.said("zh")
    flipped = bytearray(gzip.compress(content))
    flipped[-6] ^= 1
    assert refusal(written(tmp_path / "data.csv", bytes(flipped)), PLAIN).code == "data.packed"
    monkeypatch.setattr(packing, "FREE", 1 << 20)
    for pack in (gzip.compress, zstd.compress):
        bomb = written(tmp_path / "bomb.csv", pack(b"who,part,x,y\n" + b"a" * (64 << 20)))
        error = refusal(bomb, PLAIN)
        assert (error.code, "250 times" in error.message) == ("data.packed", True)
        assert (tmp_path / "scratch" / "plain.csv").stat().st_size < 8 << 20
        (tmp_path / "scratch" / "plain.csv").unlink()
    twice = written(tmp_path / "twice.csv", gzip.compress(gzip.compress(content)))
    assert "compressed twice" in refusal(twice, PLAIN).message


def test_zstandard_that_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to install, or how to do without."""
    name = "compression" if sys.version_info >= (3, 14) else "backports"
    monkeypatch.setitem(sys.modules, f"{name}.zstd", None)
    monkeypatch.delattr(sys.modules[name], "zstd", raising=False)
    error = refusal(written(tmp_path / "data.csv", zstd.compress(CHINESE.encode())), PLAIN)
    assert "install `voile[zst]`" in error.next_step
    assert "unzstd" in error.following("zh")
