"""Days and moments as they are typed."""

import re
from typing import Final

from connector.faces.cli import problems_asked as problems
from connector.process.errors import SettingsError
from connector.process.ports import unix_ms
from crypto.errors import MalformedError
from crypto.instants import read_interval

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_moment(text: str, *, end: bool = False) -> int | None:
    """Read a day or a moment as milliseconds since 1970; of a day its start, or its end.

    A day without a zone is one of UTC.
    """
    if not text:
        return None
    try:
        start, over = read_interval(f"{text}Z" if _DAY.fullmatch(text) else text)
    except MalformedError as error:
        raise SettingsError(problems.NO_MOMENT, given=text) from error
    return max(0, unix_ms(over if end else start))
