"""Files that pages load: style, script, picture; named by their digest, so kept for a year.

`static/` of the console, and `*.js` and `*.css` beside the templates of an area. Scripts that load
each other lie in a folder of their own there and bear the digest of the whole folder.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Final

from flask import Response, request

_ROOT: Final = Path(__file__).resolve().parents[1]
_NAME: Final = re.compile(
    r"([a-z][a-z_]*)/((?:[a-z][a-z_]*/)?[a-z0-9][a-z0-9_.-]*\.(css|js|svg|woff2|txt))"
)
_KINDS: Final = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
    "txt": "text/plain; charset=utf-8",
}
RULE: Final = "/static/<digest>/<path:name>"


def _path(name: str) -> Path | None:
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    area, file = found[1], found[2]
    if area == "console":
        path = _ROOT / "console" / "static" / file
    else:
        path = (_ROOT / "compose" if area == "compose" else _ROOT / "areas" / area) / "pages" / file
    return path if path.is_file() else None


@cache
def _held(name: str) -> tuple[str, bytes] | None:
    path = _path(name)
    if path is None:
        return None
    data = path.read_bytes()
    inside = name.count("/") == 2  # an import without a path names its neighbour of this edition
    whole = [one.read_bytes() for one in sorted(path.parent.iterdir())] if inside else [data]
    return hashlib.sha256(b"\0".join(whole)).hexdigest()[:16], data


def href(name: str) -> str:
    """Give the address of a file `AREA/NAME`.

    Raises:
        LookupError: there is none.
    """
    held = _held(name)
    if held is None:
        raise LookupError(name)
    return f"/static/{held[0]}/{name}"


def serve(digest: str, name: str) -> Response:
    """Answer with a file; one of another edition is not there."""
    held = _held(name) if _path(name) else None
    if held is None or held[0] != digest:
        return Response(status=404, mimetype="text/plain")
    response = Response(held[1], content_type=_KINDS[name.rpartition(".")[2]])
    response.set_etag(digest)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.make_conditional(request)
    return response
