"""Routes of plain delivery: the file itself for who holds a token, and the owner's own commands."""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, request
from werkzeug.wsgi import wrap_file

from connector.delivery.flow import look
from connector.delivery.grants import opened_by
from connector.delivery.live import Live, deliveries_of
from connector.delivery.plane import ROUTE
from connector.delivery.push import Pusher
from connector.delivery.ranges import part_of
from connector.errors import Forbidden, NotFound, Unauthenticated
from connector.products.delivered import path_of

if TYPE_CHECKING:
    from pathlib import Path

    from catalog.file_product import FileVersion
    from connector.delivery.live import Deliveries
    from connector.node import Node, Worker

BLOCK: Final = 1 << 18
_SCHEME: Final = "bearer "


def protocol_routes(node: Node) -> Blueprint:
    """The one route that gives a file, or a part of it."""
    routes = Blueprint("delivery", __name__)

    @routes.get(ROUTE + "/<path>")
    def data(path: str) -> Response:
        with node.db.reading() as session:
            transfer = opened_by(node, session, path, _token())
            if transfer is None:
                raise Unauthenticated("no token of a delivery")
            verdict = look(node, session, transfer)
        if verdict.code or verdict.file is None:
            raise Forbidden(
                "this delivery is not allowed now",
                code=verdict.code,
                next_step="read the state of the transfer; the provider knows more",
            )
        found = verdict.file
        part = part_of(
            request.headers.get("Range", ""),
            size=found.version.size,
            unchanged=request.headers.get("If-Range", _tag(found.version)) == _tag(found.version),
        )
        headers = _headers(found.version)
        if part is None:
            headers |= {"Content-Range": f"bytes */{found.version.size}", "Content-Length": "0"}
            return Response(status=416, headers=headers)
        start, length = part
        status = 200
        if length != found.version.size:
            status = 206
            last = start + length - 1
            headers["Content-Range"] = f"bytes {start}-{last}/{found.version.size}"
        headers["Content-Length"] = str(length)
        if request.method == "HEAD":
            return Response(status=status, headers=headers, mimetype=found.version.media)
        live = Live(transfer=transfer, way="pull", file=found, start=start, length=length)
        flow = open_flow(deliveries_of(node), live, path_of(node, found))
        return Response(
            wrap_file(request.environ, flow, BLOCK),  # type: ignore[arg-type]
            status=status,
            headers=headers,
            mimetype=found.version.media,
            direct_passthrough=True,
        )

    return routes


def background(node: Node) -> list[Worker]:
    """What watches deliveries, and what sends files."""
    return [deliveries_of(node), Pusher(node)]


class Flow:
    """A part of a file as the server reads it; it counts, stops when cut, and tells of its end.

    The server reads from its one loop, without a thread per delivery: nothing here waits.
    """

    def __init__(self, live: Live, deliveries: Deliveries, path: Path) -> None:
        self._live = live
        self._deliveries = deliveries
        self._file = path.open("rb")
        self._end = live.start + live.length
        self._file.seek(live.start)

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes; a broken connection is all that the reader sees of a cut."""
        if self._live.cut:
            raise ConnectionAbortedError("the delivery was stopped")
        left = self._end - self._file.tell()
        found = self._file.read(left if size < 0 else min(size, left))
        if not found and left and size:
            raise ConnectionAbortedError("the file is shorter than it was")
        return found

    def seekable(self) -> bool:
        """Say yes: the server measures and rewinds."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move in the file."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Say where it stands."""
        return self._file.tell()

    def close(self) -> None:
        """Say how far it came. Called once or more, when all was sent or the connection broke."""
        if self._file.closed:
            return
        self._live.sent = self._file.tell() - self._live.start
        self._file.close()
        self._deliveries.end(self._live)


def open_flow(deliveries: Deliveries, live: Live, path: Path) -> Flow:
    """Begin a delivery; nothing of it stays open if it cannot begin."""
    try:
        flow = Flow(live, deliveries, path)
    except OSError as error:
        raise NotFound(
            "the file is gone: a newer version was published",
            code="delivery-renewed",
            next_step="ask again for the newest version",
        ) from error
    try:
        deliveries.begin(live)
    except BaseException:
        flow.close()
        raise
    return flow


def _token() -> str:
    given = request.headers.get("Authorization", "").strip()
    return given[len(_SCHEME) :].strip() if given.lower().startswith(_SCHEME) else given


def _tag(version: FileVersion) -> str:
    return f'"{version.digest}"'


def _headers(version: FileVersion) -> dict[str, str]:
    digest = bytes.fromhex(version.digest.removeprefix("sha-256:"))
    return {
        "Accept-Ranges": "bytes",
        "ETag": _tag(version),
        "Repr-Digest": f"sha-256=:{base64.b64encode(digest).decode()}:",
    }
