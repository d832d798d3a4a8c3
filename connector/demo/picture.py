"""One chart of the report: drawn once per language, with its numbers as a table behind it."""

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from connector.demo.results import Text


@dataclass(frozen=True, slots=True)
class Picture:
    """One chart in both languages and its numbers as a table."""

    heading: Text
    note: Text
    en: Markup
    zh: Markup
    columns: tuple[Text, ...]
    rows: tuple[tuple[str | Text, ...], ...]


def both_languages(
    heading: Text,
    uid: str,
    drawing: Callable[[str, str, str, str], Markup],
    description: Text,
) -> tuple[Text, Text, Markup, Markup]:
    """Draw a chart in English and in Chinese: heading, note, and the two drawings."""
    return (
        heading,
        description,
        drawing("en", f"{uid}-en", heading.en, description.en),
        drawing("zh", f"{uid}-zh", heading.zh, description.zh),
    )
