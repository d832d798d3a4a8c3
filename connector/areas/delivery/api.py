"""Routes of plain delivery: the file itself for who holds a token, and the owner's own commands."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, cast

from flask import Blueprint, Response, request
from werkzeug.wsgi import wrap_file

from connector.areas.delivery import problems
from connector.areas.delivery.flowing import open_flow
from connector.areas.delivery.grants import opened_by
from connector.areas.delivery.jobs import Fetcher
from connector.areas.delivery.live import Deliveries, Live
from connector.areas.delivery.may_flow import look
from connector.areas.delivery.operations import FETCH, WATCH
from connector.areas.delivery.plane import ROUTE
from connector.areas.delivery.ranges import part_of
from connector.areas.products import path_of
from connector.party.private_files import check_public
from connector.party.web import language
from connector.process.actor import Actor, act_as
from connector.process.errors import Forbidden, NotFound, Unauthenticated
from crypto.record_errors import wrong

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog.file_product import FileVersion
    from connector.areas.delivery.operations import Wanted
    from connector.party.node import Node
    from connector.party.operation import Call, Operation
    from connector.party.routes import Run

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
            raise Forbidden(replace(problems.NOT_NOW, code=verdict.code))
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
        act_as(Actor("peer", verdict.row.counterparty))  # whoever shows the token acts for it
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


def _fetch(node: Node, call: Call) -> dict[str, Any]:
    wanted: Wanted = call.body
    out = Path(wanted.out)
    if not out.is_absolute() or out.name in ("", ".", ".."):
        raise wrong("/out", wanted.out, problems.ABSOLUTE_PATH)
    check_public(node.settings, out, suffixes=SUFFIXES)
    return node.services[Fetcher].submit(wanted.agreement, out).to_json(language())


def _watch(node: Node, call: Call) -> dict[str, Any]:
    job = node.services[Fetcher].job(call.path["job_id"])
    if job is None:
        raise NotFound(problems.JOB_MISSING, job=call.path["job_id"])
    return job.to_json(language())


# data by its name, ours first and then what others deliver: nothing that a machine runs or obeys
SUFFIXES: Final = (
    *(".csv", ".parquet", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".geojson", ".xml"),
    *(".xlsx", ".xls", ".ods", ".pdf", ".avro", ".arrow", ".feather", ".orc", ".h5", ".nc"),
    *(".zip", ".gz", ".zst", ".bz2", ".xz", ".7z", ".tar", ".bin", ".dat"),
)
# what an owner can do with plain delivery
OPERATIONS: Final[Mapping[Operation, Run]] = {FETCH: _fetch, WATCH: _watch}


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
