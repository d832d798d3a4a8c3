"""Private questions: who may ask what, masked answers, and asking them of others."""

from __future__ import annotations

from connector.areas.questions.answers import total_cells
from connector.areas.questions.area import AREA
from connector.areas.questions.consumer import ask as ask_masked
from connector.areas.questions.consumer import explain as explain_masked
from connector.areas.questions.enforcement import Granted, decide_question, refusal
from connector.areas.questions.evidence import plan_of
from connector.areas.questions.exchange import ATTEMPTS, asked_pause
from connector.areas.questions.messages import ANSWER_VERSION, declared_bounds
from connector.areas.questions.opening import agreement_of, started_endpoint
from connector.areas.questions.reading import OvertakenError, in_turn
from connector.areas.questions.rows import AskedQuestionRow, GivenAnswerRow
from connector.areas.questions.usage import Usage, used
from connector.areas.questions.usage import commit as commit_use
from connector.areas.questions.usage import release as release_use
from connector.areas.questions.usage import reserve as reserve_use

__all__ = [
    "ANSWER_VERSION",
    "AREA",
    "ATTEMPTS",
    "AskedQuestionRow",
    "GivenAnswerRow",
    "Granted",
    "OvertakenError",
    "Usage",
    "agreement_of",
    "ask_masked",
    "asked_pause",
    "commit_use",
    "decide_question",
    "declared_bounds",
    "explain_masked",
    "in_turn",
    "plan_of",
    "refusal",
    "release_use",
    "reserve_use",
    "started_endpoint",
    "total_cells",
    "used",
]
