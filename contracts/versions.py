"""The version document at `<root>/.well-known/dspace-version`: ours, and how we read a peer's.

Spec: DSP 2025-1 §4.3; voile design dsp.md §5. No `@context`, no authentication.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from contracts import problems
from contracts.errors import MalformedMessageError
from contracts.messages.codec import load
from contracts.messages.shapes import Shape, array, name, optional, required, text

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION: Final = "2025-1"
PATH: Final = "/dsp/2025-1"

DOCUMENT: Final[Mapping[str, Any]] = {
    "protocolVersions": [
        {
            "version": VERSION,
            "path": PATH,
            "binding": "HTTPS",
            "identifierType": "did:web",
            "auth": {"protocol": "DCP", "version": "1.0", "profile": ["vc20-bssl/jwt"]},
        }
    ]
}

_VERSION_SHAPE: Final = Shape(
    (required("version", name), required("path", text), optional("binding", name))
)
_DOCUMENT_SHAPE: Final = Shape((required("protocolVersions", array(_VERSION_SHAPE, at_least=1)),))


def base_url(document: bytes, *, root: str) -> str:
    """Read a peer's version document and return the base of its 2025-1 endpoints.

    Args:
        document: The body as received.
        root: The URL before `/.well-known/dspace-version`.

    Raises:
        MalformedMessageError: Not a version document, or none of its versions is 2025-1 over HTTPS.
    """
    value = load(document)
    _DOCUMENT_SHAPE(value, "")
    for item in value["protocolVersions"]:
        if item["version"] == VERSION and item.get("binding", "HTTPS") == "HTTPS":
            path = item["path"].strip("/")
            return f"{root.rstrip('/')}/{path}".rstrip("/")
    raise MalformedMessageError(
        problems.NO_COMMON_VERSION, pointer="/protocolVersions", version=VERSION
    )
