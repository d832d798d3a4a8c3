"""The option ``--open`` of ``voile audit export``: alone, or with the id of a session."""

import re
from typing import Any

from connector.faces.cli.helping import HelpingCommand

ALL = "all"
SESSION_ID = re.compile(r"[A-Za-z0-9_-]{22}")


class OpenOption(HelpingCommand):
    """Lets ``--open`` stand alone, for all details, or before the id of a session."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Give a lone ``--open`` its value; an id may begin with a hyphen."""
        spelled: list[str] = []
        for place, arg in enumerate(args):
            if arg != "--open":
                spelled.append(arg)
                continue
            following = args[place + 1 : place + 2]
            lone = not following or (
                following[0].startswith("-") and not SESSION_ID.fullmatch(following[0])
            )
            spelled += [f"--open={ALL}"] if lone else [arg]
        parsed: list[str] = super().parse_args(ctx, spelled)
        return parsed
