"""One human line of a leaf: who, what, why, with what result.

What a leaf does not say is said to be not recorded, and left out of the line; a state that this
release does not know stands there as it is written. Names and ids that others gave are facts, and
whoever shows them escapes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from connector.areas.audit import leaf_words as w
from connector.areas.audit.rules_said import Joined, rule_named
from contracts.leaf_terms import decision_of
from crypto.words import Spoken, verbatim
from policies.phrases import known, render

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crypto.words import Language

_FEW: Final = 16  # reasons and rules that a line tells


def _id(_kind: str, name: str) -> Spoken:
    return verbatim(name)


def _named(what: str, _leaf: Mapping[str, Any]) -> Spoken:
    return verbatim(what)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What is called how; by default everything as the leaf has it.

    Attributes:
        party: gives what a party is called by its DID.
        own: gives what a person or a key of ours is called, by its kind and its id.
        read: gives what something that an auditor read is called, by its name in the program and
            the leaf, which says of what it was asked.
    """

    party: Callable[[str], Spoken] = verbatim
    own: Callable[[str, str], Spoken] = _id
    read: Callable[[str, Mapping[str, Any]], Spoken] = _named


_AS_IT_IS: Final = Names()


@dataclass(frozen=True, slots=True)
class Line:
    """Who did what, why, and what came of it."""

    who: Spoken
    what: Spoken
    why: Spoken
    result: Spoken

    def said(self, language: Language) -> str:
        """Give it as one line; what is not recorded, or goes without saying, takes no room."""
        more = [one for one in (self.why, self.result) if one not in (w.NOT_SAID, w.TAKEN)]
        if self.who == w.NOT_SAID:
            begun = self.what.said(language)
        else:
            begun = w.LINE.filled(language, {"who": self.who, "what": self.what})
        return w.THEN.said(language).join([begun, *(one.said(language) for one in more)])


@dataclass(frozen=True, slots=True)
class Reasoned:
    """A reason by its code, in the words in which it is refused."""

    code: str

    def said(self, language: Language) -> str:
        """Give what the code means; one that we do not know is said as it is.

        A leaf has no facts beside the code: the text has dots in their places.
        """
        if not known(self.code):
            return self.code
        return render(self.code, language).replace("—", "…").rstrip("。.")


def line_of(
    leaf: Mapping[str, Any],
    names: Names = _AS_IT_IS,
    rule: Callable[[str], Spoken] = rule_named,
) -> Line:
    """Say a leaf.

    Args:
        leaf: as `contracts.evidence.parse_leaf` gives it.
        names: what is called how.
        rule: says a rule of the agreement by the name that the leaf has of it.
    """
    did = leaf.get("counterparty", "")
    party = names.party(did) if did else w.NOBODY
    changed = _changed(leaf, names.party) if leaf["kind"] == "STATUS" else None
    who, what = _who(leaf, party, names), _what(leaf, party, names)
    return Line(who, what, _why(leaf, rule), changed or _result(leaf))


def step_of(leaf: Mapping[str, Any], names: Names = _AS_IT_IS) -> Spoken | None:
    """Give the words of a leaf that no message wrote; None where there are none for its state."""
    kind, state = leaf["kind"], leaf.get("to", "")
    if kind == "STATUS":
        return w.STATUS_MADE if leaf.get("role") == "hub" else w.STATUS_SEEN
    table = leaf.get("query", {}).get("table")
    if kind == "COHORT" and table in w.TABLES:
        return w.TABLES[table]
    outcome = leaf.get("query", {}).get("outcome")
    if kind == "TRANSFER" and outcome in w.OUTCOMES:
        return w.OUTCOMES[outcome]
    read = leaf.get("query", {}).get("read")
    if (kind, state) == ("ACCESS", "READ") and isinstance(read, str):
        return w.READ_WHAT.of(what=names.read(read, leaf))
    found = w.STEPS.get((kind, state))
    if found is None and kind in ("NEGOTIATION", "TRANSFER") and state in w.STATES:
        return w.OF_KIND.of(kind=w.KINDS[kind], state=w.STATES[state])
    if found is None and not state:
        return w.KINDS.get(kind)
    return found


def _who(leaf: Mapping[str, Any], party: Spoken, names: Names) -> Spoken:
    kind, _, rest = leaf.get("actor", "").partition(":")
    if kind == "peer":
        peer = verbatim(rest) if rest else party
        theirs = leaf.get("msg", {}).get("direction") == "in"
        return peer if theirs else w.AT_MESSAGE.of(party=peer)
    found = w.ACTORS.get(kind)
    return found.of(name=names.own(kind, rest)) if found is not None else w.NOT_SAID


def _what(leaf: Mapping[str, Any], party: Spoken, names: Names) -> Spoken:
    message = leaf.get("msg", {})
    said = w.MESSAGES.get(message.get("type", ""))
    if said is None and message.get("type"):
        said = verbatim(message["type"])
    if said is not None:
        went = w.WENT if leaf.get("corr") or leaf["kind"] == "COHORT" else w.SENDING
        way = w.CAME if message.get("direction") == "in" else went
        return way.of(party=party, message=said)
    step = step_of(leaf, names)
    if step is None:
        kind = w.KINDS.get(leaf["kind"], verbatim(leaf["kind"]))
        step = w.OF_KIND.of(kind=kind, state=leaf.get("to", "—"))
    if not leaf.get("counterparty"):
        return step
    beside = w.WITH if leaf["kind"] in ("AGREEMENT", "NEGOTIATION", "TRANSFER") else w.ABOUT
    return beside.of(step=step, party=party)


def _why(leaf: Mapping[str, Any], rule: Callable[[str], Spoken]) -> Spoken:
    parts: list[Spoken] = []
    policy, query = leaf.get("policy", {}), leaf.get("query", {})
    if leaf.get("agreement"):
        parts.append(w.UNDER.of(agreement=leaf["agreement"]))
    decision = decision_of(leaf)
    if decision:
        parts.append(w.DECISIONS[decision])
    parts += [Reasoned(code) for code in _texts(policy.get("reasons"))]
    rules = _texts(policy.get("rules"))
    if rules:
        parts.append(w.BY_RULES.of(rules=Joined(tuple(map(rule, rules)))))
    if isinstance(query.get("product"), str):
        parts.append(w.OF_PRODUCT.of(product=query["product"]))
    if isinstance(query.get("mode"), str):
        parts.append(w.MODE.of(mode=w.MODES.get(query["mode"], verbatim(query["mode"]))))
    if isinstance(query.get("reason"), str):
        parts.append(Reasoned(query["reason"]))
    return Joined(tuple(parts)) if parts else w.NOT_SAID


def _result(leaf: Mapping[str, Any]) -> Spoken:
    query = leaf.get("query", {})
    before, after = leaf.get("from", ""), leaf.get("to", "")
    withheld = query.get("withheld", {})
    hidden = withheld if isinstance(withheld, int) else _sum(withheld)
    if "released" in query:
        return w.RELEASED.of(released=query["released"], withheld=hidden)
    if "cells" in query:
        return w.COUNTED.of(cells=query["cells"], withheld=hidden)
    if query.get("outcome") in w.OUTCOMES:
        return w.BYTES.of(outcome=w.OUTCOMES[query["outcome"]], bytes=query.get("bytes", 0))
    if before and after and before != after:
        return w.BECAME.of(before=_state(leaf, before), after=_state(leaf, after))
    return _state(leaf, after) if after and "msg" in leaf else w.TAKEN  # else it was just said


def _changed(leaf: Mapping[str, Any], name: Callable[[str], Spoken]) -> Spoken | None:
    """Say whose standing a status document changed; None where its leaf does not say."""
    found = leaf.get("query", {}).get("changed")
    listed = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    said = [
        w.CHANGED.of(
            party=name(str(one.get("did", ""))),
            before=w.STATUSES.get(str(one.get("was")), verbatim(str(one.get("was")))),
            after=w.STATUSES.get(str(one.get("now")), verbatim(str(one.get("now")))),
        )
        for one in listed[:_FEW]
    ]
    return Joined(tuple(said)) if said else None


def _state(leaf: Mapping[str, Any], state: str) -> Spoken:
    found = w.STATES.get(state) or w.STEPS.get((leaf["kind"], state))
    return found if found is not None else verbatim(state)


def _sum(withheld: object) -> int:
    values = withheld.values() if hasattr(withheld, "values") else ()
    return sum(value for value in values if isinstance(value, int))


def _texts(value: object) -> list[str]:
    listed = value if isinstance(value, list | tuple) else ()
    return [text for text in listed if isinstance(text, str)][:_FEW]
