"""What the owner sends and gets back about drafts of products, as records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from catalog.outline import About, ColumnOutline, OfferOutline, Outline
from catalog.outline_days import DaysOutline
from connector.areas.products.records import MOST_TEXT
from crypto.records import Range, Size, Text
from crypto.words import Words

MOST_DRAFTS: Final = 200

DraftState = Literal["reading", "failed", "open", "published"]
_Seen = Annotated[int, Range(0), Words("所见的更改次数", "number of changes that were seen")]
_MaySeen = Annotated[
    Annotated[int, Range(0)] | None, Words("所见的更改次数", "number of changes that were seen")
]
_Line = Annotated[str, Text(4096, empty=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """A draft that is to be begun.

    Attributes:
        name: of a file of the import folder.
        product: of a new data version: the product that stands already.
    """

    name: Annotated[
        str,
        Text(255, raw=True),
        Words("导入文件夹中的文件名", "name of a file of the import folder"),
    ]
    product: Annotated[
        str,
        Text(63, empty=True),
        Words("若为已有产品的新数据：其标识", "of new data of a product: its identifier"),
    ] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """Which sheet of a workbook is read.

    Attributes:
        sheet: its name; empty for the one read last, or the first.
        head: number of the row that names the columns.
        seen: as in `Columns`; null asks nothing.
    """

    sheet: Annotated[str, Text(31, empty=True), Words("工作表", "sheet")] = ""
    head: Annotated[int, Range(1, 1000), Words("表头行号", "row of the header")] = 1
    seen: _MaySeen = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropping:
    """A draft that is to be dropped.

    Attributes:
        seen: as in `Columns`; null asks nothing.
    """

    seen: _MaySeen = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What some columns are for.

    Attributes:
        seen: how many changes of the draft were seen: another number changes nothing.
        columns: those that are decided.
        days: measures of days between two columns; null leaves them as they are.
    """

    seen: _Seen
    columns: Annotated[
        tuple[ColumnOutline, ...], Size(0, 500), Words("各列的用途", "what the columns are for")
    ]
    days: Annotated[
        tuple[DaysOutline, ...] | None,
        Size(0, 4),
        Words("两列日期相差的天数作为指标", "measures that are the days between two columns"),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offering:
    """What the product is called, and what is offered.

    Attributes:
        seen: as in `Columns`.
        about: names and grading.
        offer: null for none yet.
    """

    seen: _Seen
    about: Annotated[About, Words("名称与分级", "names and grading")]
    offer: Annotated[OfferOutline | None, Words("要约", "the offer")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewing:
    """How a preview is made.

    Attributes:
        accept_clamped: more than one value in a hundred may be clamped.
    """

    accept_clamped: Annotated[
        bool,
        Words("允许超过 1% 的值越界", "more than 1 % of values may be out of bounds"),
    ] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishes:
    """A draft that is to be published.

    Attributes:
        seen: as in `Columns`.
        accept_clamped: as in publishing.
    """

    seen: _Seen
    accept_clamped: Annotated[
        bool,
        Words("允许超过 1% 的值越界", "more than 1 % of values may be out of bounds"),
    ] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """What is being done with a draft.

    Attributes:
        state: how it stands.
        reads: whether its file is read; else it is previewed.
        stage: as in publishing.
        done: how much of the stage, 0 to 1.
    """

    state: Literal["waiting", "running", "done", "failed"]
    reads: bool
    stage: str
    done: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftListed:
    """A draft; times are milliseconds since 1970.

    Attributes:
        id: of the draft.
        state: how it stands.
        name: of its file.
        bytes: of its file.
        product: that it became, or is a new data version of.
        began_by: actor.
        created: when.
        changed: when last.
        seen: how many changes there were.
        working: what is being done with it.
    """

    id: str
    state: DraftState
    name: _Line
    bytes: int
    product: _Line
    began_by: _Line
    created: int
    changed: int
    seen: int
    working: Working | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftsListed:
    """Drafts, those changed last first, and what may be begun with.

    Attributes:
        drafts: at most 200.
        on_hand: names of files of the import folder.
        upload_bytes: how large a file may be that is handed in.
    """

    drafts: Annotated[tuple[DraftListed, ...], Size(0, MOST_DRAFTS)]
    on_hand: Annotated[tuple[_Line, ...], Size(0, 200)]
    upload_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftShown:
    """A draft with all that was decided, for its owner.

    Attributes:
        draft: as it is listed.
        text: the product file so far.
        sheet: of a workbook: the one that is read.
        sheets: of a workbook: all.
        survey: what the file holds, column by column.
        outline: what was decided.
        preview: what the last preview found: as a check, with `cells`.
        fresh: whether nothing that the preview hangs on was changed since.
        error: why the last reading or preview came to nothing, in each language.
    """

    draft: DraftListed
    text: Annotated[str, Text(MOST_TEXT, empty=True, lines=True)]
    sheet: _Line
    sheets: Annotated[tuple[_Line, ...], Size(0, 1000)]
    survey: Mapping[str, Any] | None
    outline: Outline | None
    preview: Mapping[str, Any] | None
    fresh: bool
    error: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A draft that is gone."""

    id: str
    state: Literal["dropped"]
