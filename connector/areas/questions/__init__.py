"""Private questions: who may ask what, what is answered, and asking others, in any mode."""

from __future__ import annotations

from connector.areas.questions.answers import total_cells
from connector.areas.questions.area import AREA
from connector.areas.questions.asked import ANSWERED, ASKED, ENDED, Asked, unfinished
from connector.areas.questions.asked import attempt as of_attempt
from connector.areas.questions.enforcement import Granted, decide_question, refusal
from connector.areas.questions.evidence import plan_of
from connector.areas.questions.exchange import ATTEMPTS, asked_pause
from connector.areas.questions.given_answers import (
    AnsweredAs,
    GivenTo,
    answers_to,
    given_to,
    is_committed,
)
from connector.areas.questions.keeping import answered as keep_answered
from connector.areas.questions.keeping import refused as keep_refused
from connector.areas.questions.life import ask, explain, listed
from connector.areas.questions.looking import AskedState, answer_of, asked_page, attempt_at
from connector.areas.questions.messages import ANSWER_VERSION, declared_bounds
from connector.areas.questions.mode import Chosen, Mode, Told, Wanted
from connector.areas.questions.opening import started_endpoint
from connector.areas.questions.reading import OvertakenError, in_turn
from connector.areas.questions.rows import AskedQuestionRow, GivenAnswerRow, ReceivedQuestionRow
from connector.areas.questions.usage import Usage, used, used_of_each
from connector.areas.questions.usage import commit as commit_use
from connector.areas.questions.usage import release as release_use
from connector.areas.questions.usage import reserve as reserve_use

__all__ = [
    "ANSWERED",
    "ANSWER_VERSION",
    "AREA",
    "ASKED",
    "ATTEMPTS",
    "ENDED",
    "AnsweredAs",
    "Asked",
    "AskedQuestionRow",
    "AskedState",
    "Chosen",
    "GivenAnswerRow",
    "GivenTo",
    "Granted",
    "Mode",
    "OvertakenError",
    "ReceivedQuestionRow",
    "Told",
    "Usage",
    "Wanted",
    "answer_of",
    "answers_to",
    "ask",
    "asked_page",
    "asked_pause",
    "attempt_at",
    "commit_use",
    "decide_question",
    "declared_bounds",
    "explain",
    "given_to",
    "in_turn",
    "is_committed",
    "keep_answered",
    "keep_refused",
    "listed",
    "of_attempt",
    "plan_of",
    "refusal",
    "release_use",
    "reserve_use",
    "started_endpoint",
    "total_cells",
    "unfinished",
    "used",
    "used_of_each",
]
