"""Opened totals inside one bundle: each is the product that the aggregator signed, and true."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.audit.opened_total import check_total, is_total, path_of, read_total
from contracts.audit.report import Finding
from contracts.audit.sessions import stated
from crypto.canonical import digest_bytes
from crypto.errors import VoileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from contracts.audit.contradictions import Said
    from contracts.audit.memo import Memo


def check_totals(files: Mapping[str, bytes], said: Sequence[Said], memo: Memo) -> Iterator[Finding]:
    """Check the opened totals of a bundle against its own signed statements.

    Args:
        files: of the bundle.
        said: its statements; each signature is checked elsewhere.
        memo: remembers what did not change.
    """
    paths = sorted(filter(is_total, files))
    if not paths:
        return
    known = {of.session.session: of for of in stated(said).values()}
    for path in paths:
        try:
            opened = memo(read_total, files[path])
            of = known.get(opened.session)
            product = digest_bytes(opened.product)
            released = of.released_as(product) if of is not None else None
            listed = of.list_of_cells(released) if of is not None else None
            if of is None or released is None or listed is None:
                yield _wrong(path, "the bundle does not hold the session that it is of")
                continue
            if path != path_of(opened.session):
                yield _wrong(path, "the name is another's")
            if product != released.product:
                yield _wrong(path, "it is not the product that the aggregator signed")
                continue
            memo(check_total, opened, of.session, len(listed.indexes))
        except VoileError as error:
            yield _wrong(path, error.message)


def _wrong(path: str, text: str) -> Finding:
    return Finding(code="opened-total", where=path, text=text)
