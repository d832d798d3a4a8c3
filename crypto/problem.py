"""Kinds of problems: a stable code, what it says in both languages, and what to do next.

Each room and area keeps its own as constants in a module `problems`; an error is raised with one
and its facts: ``raise Conflict(problems.JOB_RUNS, job=job.id)``. The table of all of them is
docs/errors.md. (RFC 9457 calls such a thing a problem type.)
"""

from __future__ import annotations

from dataclasses import dataclass

from crypto.words import NOTHING, Words


@dataclass(frozen=True, slots=True)
class Problem:
    """A kind of problem.

    Attributes:
        code: what it is, for programs: lower case, words joined by hyphens, topics by dots; stable.
        says: what is wrong; quotes the offending input in back-ticks.
        next: what to do now; nothing where there is nothing to say.
    """

    code: str
    says: Words
    next: Words = NOTHING

    @property
    def places(self) -> frozenset[str]:
        """The facts that its texts need, by name."""
        return self.says.places | self.next.places
