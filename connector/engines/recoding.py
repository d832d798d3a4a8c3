"""Text in another encoding becomes UTF-8, strictly: every byte of it is accounted for.

Python's codecs decode as they read, a piece at a time. What they make is encoded back: a byte
string that is a second spelling of a character is refused like one that is none.
"""

from __future__ import annotations

import codecs
import re
from hashlib import sha256
from typing import TYPE_CHECKING, Final, Protocol

from catalog.reading import UTF8
from connector.engines import problems, problems_reading
from connector.engines.errors import DataError
from connector.engines.packing import CHUNK

if TYPE_CHECKING:
    from pathlib import Path

    from connector.engines.packing import Reader

_MARKS: Final = (
    (codecs.BOM_UTF8, UTF8),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE: Final = 1 << 16  # bytes by which an encoding is guessed
_SURELY: Final = 12  # characters of several bytes that are UTF-8 by chance once in 10^10 files
_RUN: Final = re.compile(r"[^\x00-\x7f]+")
_KANA: Final = re.compile(r"[\u3041-\u30ff]")
_GUESSES: Final = (UTF8, "gb18030", "shift_jis", "big5", "cp1252")


def recode(source: Reader, target: Writer, encoding: str) -> str:
    """Copies a text as UTF-8.

    Returns:
        The digest of the copy.

    Raises:
        DataError: At the first line that is not of that encoding; the likely one is named.
    """
    digest = sha256()
    head = source.read(CHUNK)
    for mark, named in _MARKS:
        if head.startswith(mark) and not encoding.startswith(named):
            raise _wrong(encoding, 1, named)
    encoding, skipped = _endless(head, encoding)
    text = _Text(encoding)
    chunk = head[skipped:]
    while chunk:
        following = source.read(CHUNK)
        made = text.take(chunk, last=not following)
        digest.update(made)
        target.write(made)
        chunk = following
    text.check_end()
    return f"sha-256:{digest.hexdigest()}"


def as_utf8(path: Path) -> str:
    """Returns the digest of a text's copy in UTF-8; empty if it is no text in another encoding."""
    found = likely_in(path)
    if not found:
        return ""
    try:
        with path.open("rb") as source:
            return recode(source, Nowhere(), found)
    except DataError:
        return ""


class Writer(Protocol):
    """Takes bytes."""

    def write(self, data: bytes, /) -> object:
        """Takes some."""
        ...


class Nowhere:
    """Where a copy goes of which only the digest is wanted."""

    def write(self, data: bytes, /) -> object:
        """Takes some."""


class _Text:
    """The text read so far."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._utf8 = codecs.getincrementaldecoder(UTF8)()
        self._looks_like_utf8 = encoding != UTF8
        self._several = 0  # characters of several bytes, were it UTF-8
        self._lines = 1
        self._after_cr = False

    def take(self, chunk: bytes, *, last: bool) -> bytes:
        """Returns the next bytes as UTF-8; half a character is kept for the next ones."""
        pending = self._decoder.getstate()[0]
        try:
            text = self._decoder.decode(chunk, last)
        except UnicodeDecodeError as error:
            sound = error.object[: error.start].decode(self._encoding)
            raise self._fault(sound, error.object, error.start) from error
        read = pending + chunk
        if kept := self._decoder.getstate()[0]:
            read = read[: -len(kept)]
        try:
            made = text.encode(UTF8)
        except UnicodeEncodeError as error:  # half of a surrogate pair
            raise self._fault(text[: error.start], read, 0) from error
        if self._encoding != UTF8 and text.encode(self._encoding) != read:
            raise self._second_spelling(text, read)
        if (at := text.find("\0")) >= 0:
            raise self._fault(text[:at], read, at)
        self._watch_utf8(chunk, last=last)
        self._count(text)
        return made

    def check_end(self) -> None:
        """Refuses a text that is UTF-8 as a whole, though it could be read as what is declared."""
        if self._looks_like_utf8 and self._several >= _SURELY:
            raise _wrong(self._encoding, 1, UTF8)

    def _watch_utf8(self, chunk: bytes, *, last: bool) -> None:
        if not self._looks_like_utf8:
            return
        try:
            text = self._utf8.decode(chunk, last)
        except UnicodeDecodeError:
            self._looks_like_utf8 = False
            return
        self._several += 0 if text.isascii() else sum(c > "\x7f" for c in text)

    def _count(self, text: str) -> None:
        crlf = text.count("\r\n") + (self._after_cr and text.startswith("\n"))
        self._lines += text.count("\n") + text.count("\r") - crlf
        self._after_cr = text.endswith("\r") if text else self._after_cr

    def _fault(self, sound: str, read: bytes, at: int) -> DataError:
        self._count(sound)
        sample = read[max(0, at - _SAMPLE) : at + _SAMPLE]
        return _wrong(self._encoding, self._lines, likely(sample, self._encoding))

    def _second_spelling(self, text: str, read: bytes) -> DataError:
        at = 0
        for index, character in enumerate(text):
            spelled = character.encode(self._encoding)
            if read[at : at + len(spelled)] != spelled:
                self._count(text[:index])
                return DataError(
                    problems_reading.SECOND_SPELLING,
                    field="data",
                    line=self._lines,
                    character=character,
                    encoding=_named(self._encoding),
                )
            at += len(spelled)
        raise AssertionError("texts differ and no character does")


def likely(sample: bytes, but: str) -> str:
    """Returns the encoding that some bytes of a text seem to have; empty if there is no telling.

    Args:
        sample: Some bytes; they may begin and end within a character.
        but: The encoding that they are not of.
    """
    nothing = sample.count(b"\0")
    if nothing * 4 > len(sample):
        return "utf-16-be" if sample[::2].count(b"\0") * 2 > nothing else "utf-16-le"
    begin = sample.find(b"\n") + 1  # a whole line begins there
    for encoding in _GUESSES:
        if encoding != but and _seems(sample[begin:], encoding):
            return encoding
    return ""


def likely_in(path: Path) -> str:
    """Returns the encoding that a file seems to have which is not UTF-8; empty if unknown."""
    decoder = codecs.getincrementaldecoder(UTF8)()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                at = error.start
                return likely(error.object[max(0, at - _SAMPLE) : at + _SAMPLE], UTF8)
    return ""


def not_in(encoding: str, line: int, row: int, found: str) -> DataError:
    """Makes the error for a line that is not of an encoding.

    Args:
        encoding: The one that it should have.
        line: Its number, from 1.
        row: Number of the data row, from 1; 0 if unknown.
        found: The encoding that it seems to have; empty if there is no telling.
    """
    error = DataError(problems.ENCODING, row=row, line=line, encoding=_named(encoding))
    if found:
        error.advise(problems_reading.SAY_ENCODING, likely=found)
    return error


def _wrong(encoding: str, line: int, found: str) -> DataError:
    return not_in(encoding, line, 0, found)


def _named(encoding: str) -> str:
    return encoding.upper() if encoding.startswith("utf") else encoding


def _endless(head: bytes, encoding: str) -> tuple[str, int]:
    """Returns the encoding with its byte order, and how long the mark is that tells it."""
    if encoding != "utf-16":
        return encoding, 0
    for mark, order in ((codecs.BOM_UTF16_LE, "le"), (codecs.BOM_UTF16_BE, "be")):
        if head.startswith(mark):
            return f"utf-16-{order}", len(mark)
    found = likely(head[:_SAMPLE], encoding)
    error = DataError(problems_reading.NO_MARK, field="data")
    raise error.advise(problems_reading.SAY_ENCODING, likely=found) if found else error


def _seems(sample: bytes, encoding: str) -> bool:
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return False
    runs = _RUN.findall(text)
    foreign = "".join(runs)
    if not foreign or encoding in (UTF8, "cp1252"):
        return bool(foreign)
    if len(foreign) < 1.5 * len(runs):  # words of one letter: a Western text
        return False
    if encoding == "shift_jis":
        return len(_KANA.findall(foreign)) * 5 > len(foreign)
    known = foreign.encode("gb2312" if encoding == "gb18030" else "big5", "ignore")
    return len(known) > len(foreign)  # more than half of them are common
