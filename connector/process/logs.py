"""Structured logs: one JSON object a line, allow-listed fields, nothing secret.

A field that is not on the list is dropped and its name noted, so that a token, a body or a row of
data cannot slip into a log by being convenient. Of a crash types and places are told, and no words:
an exception of a library may quote a value, a row, an answer or what somebody typed.
"""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, Any, Final, TextIO, cast

from connector.process.lean import without

with without("rich"):  # of its console; 4 MB
    import structlog

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from structlog.typing import ExcInfo, FilteringBoundLogger

FIELDS: Final = frozenset(
    {
        "action", "agreement", "attempt", "attempts", "bytes", "code", "count", "dataset",
        "did", "endpoint", "error", "event", "exception", "file", "from_state", "hub", "index",
        "kind", "level", "listener", "method", "mode", "path", "peer", "pid", "port", "process",
        "product", "profile", "reason", "reference", "role", "root", "row", "rows", "seconds",
        "serial", "session", "size", "source", "state", "status", "step", "thread", "timestamp",
        "to_state", "version",
    }
)  # fmt: skip
MAX_TEXT: Final = 500
_places: Final = structlog.tracebacks.ExceptionDictTransformer(show_locals=False, max_frames=12)


class Enduring:
    """A stream for lines that may get lost: a full disk or a closed pipe must end no work.

    What could not be written is counted, and said in a line of its own once writing works again.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lost = 0

    def write(self, text: str) -> int:
        """Write a line, or lose it."""
        try:
            if self._lost:
                line = {"event": "log-lines-lost", "level": "error", "count": self._lost}
                self._stream.write(f"\n{json.dumps(line)}\n")  # the last one may be half written
                self._stream.flush()
                self._lost = 0
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):  # ValueError: it is closed
            self._lost += 1
        return len(text)

    def flush(self) -> None:
        """Do nothing: every line is flushed as it is written."""


def _allow(_logger: object, _method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    dropped: list[str] = []
    for name, value in event.items():
        if name not in FIELDS:
            dropped.append(name)
        elif isinstance(value, str) and name != "exception":
            kept[name] = value if len(value) <= MAX_TEXT else value[:MAX_TEXT] + "…"
        else:
            kept[name] = value
    if dropped:
        kept["dropped"] = sorted(dropped)
    return kept


def logger(*, did: str = "", stream: TextIO | None = None) -> FilteringBoundLogger:
    """Make a logger that writes JSON lines to ``stream`` (default: standard error)."""
    made = structlog.wrap_logger(
        structlog.WriteLogger(cast("TextIO", Enduring(stream or sys.stderr))),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(_without_words),
            _allow,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
        wrapper_class=structlog.make_filtering_bound_logger("info"),
        did=did,
    )
    return cast("FilteringBoundLogger", made)


def _without_words(exc_info: ExcInfo) -> list[dict[str, Any]]:
    """Tell a crash by types and places: the exceptions, the last one first."""
    told: list[dict[str, Any]] = _places(exc_info)
    for one in told:
        one["frames"] = [
            {name: frame[name] for name in ("filename", "lineno", "name")}
            for frame in one["frames"]
        ]
    return [{name: one[name] for name in ("exc_type", "is_cause", "frames")} for one in told]


def silent() -> FilteringBoundLogger:
    """Make a logger for a command that says itself, in its own words, what went wrong."""
    return logger(stream=io.StringIO())
