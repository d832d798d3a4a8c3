"""The texts that the cells of a workbook share: how long each is.

Cells refer to them by number, and each becomes a text of its own. It runs in a process of its own
and imports nothing but the standard library.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from connector.engines.workbook_parts import Refused, part_called

if TYPE_CHECKING:
    import zipfile

_TEXTS: Final = "xl/sharedStrings.xml"


class _Texts:
    """What the part says."""

    def __init__(self) -> None:
        self.lengths = array("L")
        self._inside = False
        self._length = 0

    def begin(self, name: str, _attributes: object) -> None:
        """Takes the begin of an element."""
        if name.rpartition(":")[2] == "si":
            self._inside, self._length = True, 0

    def text(self, raw: str) -> None:
        """Takes some characters as they are written."""
        if self._inside:
            if raw.startswith(("<!", "<?")):  # read as nothing by some
                raise Refused("DAMAGED")
            self._length += len(raw)

    def end(self, name: str) -> None:
        """Takes its end."""
        if name.rpartition(":")[2] == "si":
            self._inside = False
            self.lengths.append(self._length)


def lengths_of_texts(archive: zipfile.ZipFile) -> array[int]:
    """Returns how many characters each shared text has at most.

    Raises:
        Refused: If they are not as workbooks have them.
    """
    texts = _Texts()
    name = part_called(archive, _TEXTS)
    if name is None:
        return texts.lengths
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.StartElementHandler = texts.begin
    parser.EndElementHandler = texts.end
    parser.DefaultHandler = texts.text
    try:
        with archive.open(name) as part:
            parser.ParseFile(part)
    except expat.ExpatError as error:
        raise Refused("DAMAGED") from error
    return texts.lengths


def refuse_doctype(*_given: object) -> None:
    """Refuses a part that could declare entities."""
    raise Refused("DAMAGED")
