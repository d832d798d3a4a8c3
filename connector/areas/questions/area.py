"""Private questions as an area of a participant, and their modes with one provider."""

from __future__ import annotations

from connector.areas.dsp import QUESTION_FORMAT
from connector.areas.questions.api import protocol_routes
from connector.areas.questions.modes import MODES
from connector.areas.questions.plane import QuestionPlane
from connector.areas.questions.rows import (
    AskedQuestionRow,
    ChargeRow,
    GivenAnswerRow,
    ReceivedQuestionRow,
)
from connector.party.area import Area

AREA = Area(
    name="questions",
    tables=(ChargeRow, ReceivedQuestionRow, GivenAnswerRow, AskedQuestionRow),
    protocol=protocol_routes,
    jobs=lambda node: [node.replies],
    planes={QUESTION_FORMAT: QuestionPlane()},
    modes=MODES,
)
