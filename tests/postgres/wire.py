"""A socket in front of the server that breaks connections at a COMMIT, as a network would."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path

BEFORE = "before"  # the COMMIT never reaches the server
AFTER = "after"  # the server commits, its answer never reaches us
SILENT = "silent"  # as after, and nobody gets through any more


class Wire:
    """Forwards a Unix socket; `cut` arms it for the next COMMIT."""

    def __init__(self, folder: Path, server: str) -> None:
        self.folder = folder
        self._server = server
        self._fault = ""
        self.cuts = 0
        self._closed = False
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / ".s.PGSQL.5432"))
        self._listener.listen(16)
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._closed = True
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def cut(self, fault: str) -> None:
        """Break the connection of the next COMMIT."""
        self._fault = fault

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if self._closed:
                near.close()
                continue
            far = socket.socket(socket.AF_UNIX)
            far.connect(self._server)
            threading.Thread(target=self._carry, args=(near, far), daemon=True).start()

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        back = threading.Thread(target=self._pump, args=(far, near), daemon=True)
        back.start()
        with suppress(OSError):
            while data := near.recv(65_536):
                if self._fault and b"COMMIT\x00" in data:
                    fault, self._fault = self._fault, ""
                    self.cuts += 1
                    if fault != BEFORE:
                        self._closed = fault == SILENT
                        near.shutdown(socket.SHUT_WR)  # nothing of the answer gets through
                        far.sendall(data)
                        far.shutdown(socket.SHUT_WR)
                        back.join(5)  # the server has answered and hung up
                    break
                far.sendall(data)
        for end in (near, far):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    @staticmethod
    def _pump(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                with suppress(OSError):
                    sink.sendall(data)
