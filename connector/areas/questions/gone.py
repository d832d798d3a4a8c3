"""What the list tells of a question in a mode that this node no longer brings: what is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from connector.areas.questions.one_provider import named_of_one

if TYPE_CHECKING:
    from connector.areas.questions.asked import Asked


def several(asked: Asked) -> bool:
    """Say whether it was asked of several; if its agreements cannot be read, it was of one."""
    try:
        return len(asked.by_provider) != 1
    except (ValueError, TypeError):
        return False


class Gone:
    """Stands in the list for the mode."""

    def named(self, asked: Asked) -> dict[str, Any]:
        """Name it, also if the rest cannot be read."""
        if several(asked):
            return {"questionId": asked.question, "session": asked.attempt, "state": asked.state}
        return named_of_one(asked)

    def shown(self, asked: Asked) -> dict[str, Any]:
        """Give what was asked of one provider, or the agreement with each of several."""
        if several(asked):
            return {"agreements": asked.by_provider}
        return {"sql": asked.sql, "purpose": asked.purpose}


GONE: Final = Gone()
