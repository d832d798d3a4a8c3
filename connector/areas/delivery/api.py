"""Routes of plain delivery: the file itself for who holds a token, and the owner's own commands."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, cast

from flask import Blueprint, Response, request
from werkzeug.wsgi import wrap_file

from connector.areas.delivery.flow import look
from connector.areas.delivery.flowing import open_flow
from connector.areas.delivery.grants import opened_by
from connector.areas.delivery.jobs import Fetcher
from connector.areas.delivery.live import Deliveries, Live
from connector.areas.delivery.plane import ROUTE
from connector.areas.delivery.ranges import part_of
from connector.areas.dsp import text_of
from connector.areas.products import path_of
from connector.party.web import json_object, missing, reply
from connector.process.errors import BadRequest, Forbidden, Unauthenticated

if TYPE_CHECKING:
    from catalog.file_product import FileVersion
    from connector.party.node import Node

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
        if verdict.code or verdict.file is None or verdict.row is None:
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
        live = Live(
            transfer=transfer,
            peer=verdict.row.counterparty,
            way="pull",
            file=found,
            start=start,
            length=length,
        )
        flow = open_flow(node.services[Deliveries], live, path_of(node, found))
        return Response(
            wrap_file(request.environ, cast("IO[bytes]", flow), BLOCK),  # it reads like a file
            status=status,
            headers=headers,
            mimetype=found.version.media,
            direct_passthrough=True,
        )

    return routes


def management_routes(node: Node) -> Blueprint:
    """Routes for the owner's commands: fetch a file to a path of this machine."""
    routes = Blueprint("delivery", __name__, url_prefix="/v1/deliveries")
    fetcher = node.services[Fetcher]

    @routes.post("")
    def fetch() -> Response:
        body = json_object()
        out = Path(text_of(body, "out"))
        if not out.is_absolute() or "\x00" in str(out) or out.name in ("", ".", ".."):
            raise BadRequest(
                "`out`: expected the absolute path of a file on the connector's machine",
                code="field-wrong",
                next_step="correct the path",
                field="out",
            )
        return reply(fetcher.submit(text_of(body, "agreement"), out).to_json(), 202)

    @routes.get("/<job_id>")
    def watch(job_id: str) -> Response:
        job = fetcher.job(job_id)
        if job is None:
            raise missing(
                "delivery", job_id, "fetch it again: deliveries under way end with the connector"
            )
        return reply(job.to_json())

    return routes


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
