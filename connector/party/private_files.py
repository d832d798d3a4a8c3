"""Which files of this machine nobody who may publish or fetch gets at through the connector."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from connector.party import problems
from connector.process.errors import Forbidden
from connector.process.settings import FILE_NAME

if TYPE_CHECKING:
    from pathlib import Path

    from connector.process.settings import Settings


DATABASES: Final = "databases.toml"  # where the owner's databases are, with passwords perhaps


def check_public(settings: Settings, path: Path, *, suffixes: tuple[str, ...]) -> Path:
    """See that a file that somebody names is none of the connector's own, nor of another kind.

    The steward of products is not who keeps the keys: what opens this connector, or stands in its
    data folder, is neither read nor written for it; and only files of data are, by their name.

    Args:
        settings: of the node.
        path: an absolute path; links are followed.
        suffixes: that its name may end in.

    Returns:
        The path that it leads to.

    Raises:
        Forbidden: it is such a file.
    """
    found = path.resolve()
    own = [settings.kek_file, settings.token_file, settings.home / FILE_NAME]
    own += [settings.home / "log.anchor", settings.home / DATABASES]
    private = found.is_relative_to(settings.data.resolve())
    for one in own:
        private = private or found == one.resolve()
        with suppress(OSError):  # one of the two is not there
            private = private or found.samefile(one)
    if private:
        raise Forbidden(problems.FILE_PRIVATE, path=path)
    if not found.name.lower().endswith(suffixes):
        raise Forbidden(
            problems.FILE_OTHER, path=path, ending=suffixes[0], endings=" ".join(suffixes)
        )
    return found
