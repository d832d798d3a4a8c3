"""Digests of the owner's data for whoever only looks: a file that is as it was is not read again.

A request that waits for a second person names the digest of its data, and is looked at often; two
gigabytes take seconds. What is agreed to is read anew.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from connector.areas.products.files import stamp
from connector.engines.progress import quiet

if TYPE_CHECKING:
    from connector.areas.products.folder import Data

MOST: Final = 512  # that are remembered


class Digests:
    """Remembers digests by path, device, inode, size and time of change. A service of each node."""

    def __init__(self) -> None:
        self._turn = threading.Lock()  # of two who look at once, one reads
        self._lock = threading.Lock()
        self._kept: OrderedDict[Data, str] = OrderedDict()

    def of(self, data: Data, *, glance: bool) -> str:
        """Give the digest of data.

        Args:
            data: as they lie there now.
            glance: whether what was read before counts, as long as the files look the same.

        Raises:
            DataError: they cannot be read.
        """
        if not glance:
            return self._keep(data)
        with self._turn:
            return self._kept.get(data) or self._keep(data)

    def _keep(self, data: Data) -> str:
        found = data.digests(quiet)[0]
        if tuple(map(stamp, data.files or (data.path,))) == data.stamps:  # not written meanwhile
            with self._lock:
                self._kept[data] = found
                while len(self._kept) > MOST:
                    self._kept.popitem(last=False)
        return found
