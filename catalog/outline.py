"""What a person has decided about a product that is being made from a file, column by column.

It begins as the cautious guesses of a draft; what tells of others than its owner must be confirmed
before anything is made of it. `outline_text` writes it as a product file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Final, Literal

from catalog.draft_names import identifier_of, nameable, names_of
from catalog.draft_roles import bounds_of, roles_of
from catalog.forms import TEXT
from catalog.grading import DOMAINS, LEVELS
from catalog.outline_days import DaysOutline
from catalog.outline_forms import DECIMAL, form_of, forms_of
from crypto.records import Range, Size, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.draft_roles import Roles
    from catalog.surveyed import ColumnSurvey, Survey

Role = Literal["contributor", "dimension", "measure", "unused"]
Cut = Literal["codes", "range", "bins", "year", "quarter", "month"]
Empty = Literal["error", "zero", "skip", "drop"]
MOST_COLUMNS: Final = 500
MOST_ORDER: Final = 99
MOST_CODES: Final = 1000  # that a page takes; a product file takes more
CUTS: Final[dict[str, tuple[Cut, ...]]] = {
    "text": ("codes",),
    "boolean": ("codes",),
    "integer": ("range", "codes", "bins"),
    "decimal": ("bins",),
    "date": ("year", "quarter", "month"),
    "timestamp": ("year", "quarter", "month"),
}

_Line = Annotated[str, Text(200, empty=True)]
_Prose = Annotated[str, Text(2000, empty=True, lines=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnOutline:
    """What one column is for.

    Attributes:
        place: of the column in the file, from 0.
        role: what it is for.
        name: as questions write it.
        zh: what it means, in Chinese; empty for its name.
        en: what it means, in English.
        unit: of a measure.
        reading: which of the ways it can be read in, from 0.
        cut: how a dimension's codes are made.
        codes: of a dimension; of bins their edges.
        lower: of a measure's bounds, or of a range.
        upper: of a measure's bounds, or of a range.
        empty: what becomes of a row without a value.
        order: of a dimension: the least is the most important.
        confirmed: whether a person has looked at it.
    """

    place: Annotated[int, Range(0, MOST_COLUMNS - 1)]
    role: Role = "unused"
    name: Annotated[str, Text(63, empty=True)] = ""
    zh: _Line = ""
    en: _Line = ""
    unit: Annotated[str, Text(40, empty=True)] = ""
    reading: Annotated[int, Range(0, 9)] = 0
    cut: Cut = "codes"
    codes: Annotated[tuple[Annotated[str, Text(200, raw=True)], ...], Size(0, MOST_CODES)] = ()
    lower: Annotated[str, Text(40, empty=True)] = ""
    upper: Annotated[str, Text(40, empty=True)] = ""
    empty: Empty = "error"
    order: Annotated[int, Range(0, MOST_ORDER)] = 0
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferOutline:
    """Who may ask, for what, until when, how often.

    Attributes:
        audience: the members of our data space, or those named; `all` is whoever is certified.
        recipients: DIDs of those named; who is asked for it may give certified names.
        purposes: short names or IRIs.
        until: the last day, `YYYY-MM-DD`.
        count: how many answers; null for no limit.
        minimum: least contributors of a released cell, if more than the product's own.
    """

    audience: Literal["all", "space", "named"] = "named"
    recipients: Annotated[tuple[Annotated[str, Text(2048)], ...], Size(0, 200)] = ()
    purposes: Annotated[tuple[Annotated[str, Text(500)], ...], Size(1, 20)] = ("planning",)
    until: Annotated[str, Text(40)] = ""
    count: Annotated[int, Range(1, 10**9)] | None = None
    minimum: Annotated[int, Range(3, 10_000)] | None = None

    @property
    def names_somebody(self) -> bool:
        """Whether it says who may ask: a list of nobody would be read as everybody."""
        return self.audience != "named" or bool(self.recipients)

    @property
    def names_more(self) -> bool:
        """Whether it names some beside saying that it is for all: one of the two is a slip."""
        return self.audience != "named" and bool(self.recipients)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the product is called and how it is graded.

    Attributes:
        id: of the product.
        table: as questions write it.
        title_zh: of the product.
        title_en: of the product.
        description_zh: of the product.
        description_en: of the product.
        domain: of the owner's classification.
        level: of the owner's grading.
        zone: where a day begins, of timestamps with an offset.
        separate_rows: the owner's word that the rows are no other product's.
    """

    id: Annotated[str, Text(63)]
    table: Annotated[str, Text(63)]
    title_zh: _Line = ""
    title_en: _Line = ""
    description_zh: _Prose = ""
    description_en: _Prose = ""
    domain: Annotated[str, Text(60)] = "management"
    level: Annotated[int, Range(min(LEVELS), max(LEVELS))] = 2
    zone: Annotated[str, Text(60, empty=True)] = ""
    separate_rows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """All that was decided so far.

    Attributes:
        about: the product as a whole.
        columns: those of the file, in their order.
        offer: what is offered; null for nothing yet.
        days: measures that are the days between two columns.
    """

    about: About
    columns: Annotated[tuple[ColumnOutline, ...], Size(0, MOST_COLUMNS)]
    offer: OfferOutline | None = None
    days: Annotated[tuple[DaysOutline, ...], Size(0, 4)] = ()

    def of(self, role: Role) -> tuple[ColumnOutline, ...]:
        """The columns of a role; dimensions by their importance."""
        found = [column for column in self.columns if column.role == role]
        return tuple(sorted(found, key=lambda one: (one.order, one.place)))

    @property
    def unconfirmed(self) -> tuple[ColumnOutline, ...]:
        """The columns in use that nobody has looked at."""
        return tuple(c for c in self.columns if c.role != "unused" and not c.confirmed)


def outline_of(survey: Survey, name: str) -> Outline:
    """Begins an outline with what a draft would guess.

    Args:
        survey: What the file holds.
        name: Of the file, without a folder.
    """
    headers = [column.source for column in survey.columns]
    usable = usable_columns(survey)
    roles = roles_of(survey, usable)
    names = names_of(headers)
    stem = name.split(".", maxsplit=1)[0]
    title = "".join(c for c in stem if c.isprintable()).strip()[:100] or "my data"
    return Outline(
        about=About(
            id=identifier_from(name),
            table=_table(stem),
            title_zh=title,
            title_en=title,
            domain=next(iter(DOMAINS)) if "management" not in DOMAINS else "management",
            zone="UTC" if any(c.form.zoned for c in survey.columns) else "",
        ),
        columns=tuple(
            _column(place, column, names[place], roles)
            for place, column in enumerate(survey.columns)
        ),
    )


def identifier_from(name: str) -> str:
    """Returns the identifier that the name of a file gives."""
    stem = name.split(".", maxsplit=1)[0]
    return identifier_of(stem, between="-", fallback="my-data")


def _table(stem: str) -> str:
    """Returns a name for the table, in the script of the file's name."""
    own, *_ = names_of([stem])
    fallback = identifier_of(stem, between="_", fallback="my_data")
    return fallback if own.startswith("column_") else own


def usable_columns(survey: Survey) -> tuple[bool, ...]:
    """Says of each column whether a product file can declare it."""
    fit = nameable([column.source for column in survey.columns])
    return tuple(ok and not c.unreadable for ok, c in zip(fit, survey.columns, strict=True))


def _column(place: int, column: ColumnSurvey, name: str, roles: Roles) -> ColumnOutline:
    made = ColumnOutline(place=place, name=name)
    if place == roles.contributor:
        empty: Empty = "drop" if column.empty or column.worded else "error"
        return replace(made, role="contributor", empty=empty)
    if place in roles.dimensions:
        return guessed(
            replace(made, role="dimension", order=roles.dimensions.index(place) + 1), column
        )
    return guessed(replace(made, role="measure"), column) if place in roles.measures else made


def guessed(outline: ColumnOutline, column: ColumnSurvey) -> ColumnOutline:
    """Fills what a role needs and nobody has said, from what the column holds."""
    if outline.role == "measure" and form_of(column, outline) == TEXT:
        outline = replace(outline, reading=forms_of(column).index(DECIMAL))
    kind = form_of(column, outline).type
    if outline.role == "measure":
        if (outline.lower and outline.upper) or column.low is None or column.high is None:
            return outline
        low, high = bounds_of(column.low, column.high)
        empty: Empty = "skip" if column.empty and outline.empty == "error" else outline.empty
        return replace(outline, lower=f"{low:f}", upper=f"{high:f}", empty=empty)
    if outline.role != "dimension":
        return outline
    cuts = CUTS[kind]
    cut = outline.cut if outline.cut in cuts else cuts[0]
    made = replace(outline, cut=cut)
    if cut == "codes" and not made.codes:
        return replace(made, codes=_codes(column, kind))
    if cut in ("range", "year") and not (made.lower and made.upper) and column.low is not None:
        assert column.high is not None
        return replace(made, lower=f"{int(column.low)}", upper=f"{int(column.high)}")
    return made


def _codes(column: ColumnSurvey, kind: str) -> tuple[str, ...]:
    if kind == "boolean":
        return ("false", "true")
    if kind == "integer":
        return tuple(map(str, sorted(map(int, column.codes))))
    return column.codes


def changed(outline: Outline, survey: Survey, given: Sequence[ColumnOutline]) -> Outline:
    """Puts decisions about some columns in the place of what stood there.

    What the owner left open in a role that is new is guessed; that must be confirmed then.
    """
    known = {column.place: column for column in outline.columns}
    for one in given:
        if one.place not in known:
            continue
        before = known[one.place]
        if one.role != before.role or one.reading != before.reading or one.cut != before.cut:
            own = replace(one, codes=_kept(one, before))
            if one.role == "dimension" != before.role and not one.order:
                others = (c.order for c in known.values() if c.role == "dimension")
                own = replace(own, order=min(max(others, default=0) + 1, MOST_ORDER))
            made = guessed(own, survey.columns[one.place])
            same = made == replace(one, order=made.order)
            made = replace(made, confirmed=one.confirmed and same)
        else:
            made = one
        known[one.place] = replace(made, name=one.name or before.name)
    return replace(outline, columns=tuple(known[place] for place in sorted(known)))


def _kept(now: ColumnOutline, before: ColumnOutline) -> tuple[str, ...]:
    """Codes that were written for another way of cutting are none."""
    same = now.cut == before.cut and now.reading == before.reading
    return now.codes if same or now.codes != before.codes else ()
