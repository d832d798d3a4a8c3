"""The cases without a process: the version document and the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.tck import bodies, schemas
from tests.tck.voice import CaseFailedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.tck.play import Play


def _version(play: Play) -> None:
    status, answer = play.voice.get(f"{play.stage.root}/.well-known/dspace-version")
    listed = answer.get("protocolVersions") if isinstance(answer, dict) else None
    versions: list[Any] = listed if isinstance(listed, list) else []
    known = [item for item in versions if isinstance(item, dict)]
    if not any(
        item.get("version") == "2025-1" and item.get("path") and item.get("binding")
        for item in known
    ):
        raise CaseFailedError(f"answered {status}, without version 2025-1: {str(answer)[:200]}")


def _listed(play: Play) -> None:
    request = bodies.message("CatalogRequestMessage")
    answer = play.voice.post(f"{play.stage.base}/catalog/request", request)
    catalog = schemas.check(answer, "Catalog")
    if not any(item.get("@id") == play.case.seed for item in catalog["dataset"]):
        raise CaseFailedError(f"the catalogue does not list {play.case.seed}")


def _dataset(play: Play) -> None:
    status, answer = play.voice.get(f"{play.stage.base}/catalog/datasets/{play.case.seed}")
    if status != 200:
        raise CaseFailedError(f"answered {status}")
    if schemas.check(answer, "Dataset")["@id"] != play.case.seed:
        raise CaseFailedError(f"another dataset: {answer['@id']!r}")


def _unknown(play: Play) -> None:
    _, answer = play.voice.get(f"{play.stage.base}/catalog/datasets/{play.case.seed}")
    schemas.check(answer, "CatalogError")


WORDS: Final[dict[str, Callable[[Play], None]]] = {
    "version": _version,
    "listed": _listed,
    "dataset": _dataset,
    "unknown": _unknown,
}
