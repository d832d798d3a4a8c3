"""The life of a question that we ask, in whatever mode.

1. The agreements are ours as consumer, in force and signed by both sides; the mode is one that they
   all grant, chosen by its name. What the mode needs stands, and everybody is certified.
2. The question and its leaves are committed. From here on the same id means this question.
3. It is sent. What happens after a crash or a lost answer: asked again with the same id it is the
   same question, and gets the same answer without being charged again.
4. The answer is verified, stored as it came, and its leaves written; or the refusal is.

An id whose answer is stored is answered from here.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from connector.areas.dsp import fresh_urn
from connector.areas.questions import asked, gone, keeping, problems
from connector.areas.questions.choosing import choose
from connector.areas.questions.mode import modes_of
from connector.process.errors import PeerRefused, Refused, VoileError
from connector.process.lists import each
from connector.process.refusing import refusal
from crypto.words import NOTHING, verbatim
from policies.errors import QueryError
from policies.phrases import render
from policies.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from connector.areas.questions.asked import Asked
    from connector.areas.questions.mode import Mode, Told, Wanted
    from connector.party.node import Node
    from crypto.words import Language

LISTED = 200  # questions of each mode, and of all modes that are no longer there


def ask(node: Node, wanted: Wanted, modes: Sequence[Mode] | None = None) -> dict[str, Any]:
    """Ask a question.

    Args:
        node: This node, the consumer.
        wanted: What is asked.
        modes: Those that there are; None for all of the node.

    Returns:
        The outcome, as the management API gives it: the verified answer, how and at what cost.

    Raises:
        Refused: By a contract, or because somebody is not certified; with all reasons.
        Conflict: The id was used for another question.
        NotFound, BadRequest: Of the agreements.
        Unreachable: No answer came; asking again with the same id is safe.
        VerificationError: Somebody's word does not hold.
    """
    begun = time.perf_counter()
    modes = modes_of(node) if modes is None else modes
    row = _known(node, wanted, modes)
    question = wanted.id or fresh_urn(node.entropy)
    if row is not None and row.state == asked.ANSWERED:
        told, mode, why = _of(row, modes).told(node, row), row.mode, _why(wanted, row)
        return _outcome(question, mode, why, told, begun, repeated=True)
    if row is not None and _of(row, modes).resumes:
        mode, why, attempt, opened = row.mode, _why(wanted, row), row.attempt, None
    else:
        chosen = choose(node, wanted, question, modes)
        mode, why = chosen.mode, chosen.why
        with _naming(question):
            asker = _named(mode, modes)
            opened = asker.open(node, chosen, asker.plan(node, chosen))
            keeping.save(node, chosen, opened)
        attempt = opened.attempt
    with _naming(question), _sent(node, question):
        told = _named(mode, modes).answer(node, attempt, opened)
    return _outcome(question, mode, why, told, begun, repeated=told.repeated)


def explain(node: Node, wanted: Wanted, modes: Sequence[Mode] | None = None) -> dict[str, Any]:
    """Say whether a question would be answered, and why. Nothing is charged.

    It goes the way of `ask` step by step, and providers decide it as they would decide that.

    Returns:
        ``allowed``, ``reasons``, ``mode``, ``why``, ``usage`` and what providers tell besides.

    Raises:
        Conflict: The id was used for another question.
    """
    modes = modes_of(node) if modes is None else modes
    try:
        row = _known(node, wanted, modes)
        if row is not None and row.state == asked.ANSWERED:  # `ask` gives it from here
            usage = _of(row, modes).told(node, row).usage
            found = {"allowed": True, "reasons": [], "repeated": True, "usage": usage}
            return found | _told(row.mode, _why(wanted, row))
        chosen = choose(node, wanted, wanted.id or fresh_urn(node.entropy), modes)
        mode = _named(chosen.mode, modes)
        found = mode.explain(node, chosen, mode.plan(node, chosen))
    except (Refused, QueryError) as error:
        return {"allowed": False, "reasons": [reason.to_json() for reason in error.reasons]}
    return found | _told(chosen.mode, chosen.why)


def listed(
    node: Node, modes: Sequence[Mode] | None = None, language: Language = "en"
) -> dict[str, list[dict[str, Any]]]:
    """Return what we asked of one provider and of several, each newest first."""
    found: dict[str, list[Asked]] = {"questions": [], "totals": []}
    modes = modes_of(node) if modes is None else modes
    with node.db.reading() as session:
        for mode in modes:
            of = "totals" if mode.terms.several else "questions"
            found[of] += asked.newest(session, mode.terms.name, LISTED)
        for row in asked.newest_of_others(session, [mode.terms.name for mode in modes], LISTED):
            found["totals" if gone.several(row) else "questions"].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: -row.asked_ms)
    return {
        of: each(
            rows[:LISTED],
            lambda row: _shown(_lister(row, modes), row),
            lambda row: _lister(row, modes).named(row),
            language,
        )
        for of, rows in found.items()
    }


def _lister(row: Asked, modes: Sequence[Mode]) -> Mode | gone.Gone:
    return next((mode for mode in modes if mode.terms.name == row.mode), gone.GONE)


def _shown(mode: Mode | gone.Gone, row: Asked) -> dict[str, Any]:
    return {
        **mode.named(row),
        **mode.shown(row),
        "mode": row.mode,
        "reasons": row.told,
        "asked": row.asked_ms,
        "ended": row.ended_ms or None,
    }


def _known(node: Node, wanted: Wanted, modes: Sequence[Mode]) -> Asked | None:
    """Find what an id stands for; insisting on another mode makes it another question."""
    row = keeping.known(node, wanted)
    if row is not None and wanted.mode not in (None, row.mode):
        choose(node, wanted, row.question, modes)  # refuses a mode that does not fit
        raise keeping.reused(row.question)
    return row


def _named(name: str, modes: Sequence[Mode]) -> Mode:
    found = next((mode for mode in modes if mode.terms.name == name), None)
    if found is None:  # asked when the node still brought it
        expected = ", ".join(mode.terms.name for mode in modes)
        unfit = Reason(
            code="question.mode-unfit", given=name, expected=expected, next="next.choose-mode"
        )
        raise refusal(unfit)
    return found


def _of(row: Asked, modes: Sequence[Mode]) -> Mode:
    return _named(row.mode, modes)


def _why(wanted: Wanted, row: Asked) -> str:
    return row.why if wanted.mode is None else "plan.asked"


def _outcome(
    question: str, mode: str, why: str, told: Told, begun: float, *, repeated: bool
) -> dict[str, Any]:
    return {
        "questionId": question,
        **_told(mode, why),
        "seconds": f"{time.perf_counter() - begun:.3f}",
        "repeated": repeated,
        "usage": told.usage,
        "answer": told.answer,
        "signature": told.signature,
    }


def _told(mode: str, why: str) -> dict[str, Any]:
    return {
        "mode": mode,
        "why": {"code": why, "zh": render(why, "zh"), "en": render(why, "en")},
    }


@contextmanager
def _naming(question: str) -> Iterator[None]:
    """Whatever goes wrong names the id under which the question can be asked again."""
    try:
        yield
    except VoileError as error:
        error.params.setdefault("questionId", question)
        raise


@contextmanager
def _sent(node: Node, question: str) -> Iterator[None]:
    """From here on a provider may have charged: whatever goes wrong says how to ask again."""
    try:
        yield
    except VoileError as error:
        refused = isinstance(error, PeerRefused) and 400 <= error.peer_status < 500
        if not (refused or isinstance(error, Refused)):
            step = verbatim(error.following("zh"), error.following("en"))
            again = problems.UNFINISHED.next if step == NOTHING else problems.STEP_AND_AGAIN
            error.advise(again, step=step.of(), questionId=question)
        raise
    except Exception as error:  # a bug of ours: the answer waits at the provider
        node.log.exception("answer-not-taken", process=question)
        raise VoileError(problems.UNFINISHED, questionId=question) from error
