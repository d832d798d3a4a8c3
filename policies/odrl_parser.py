"""Reading a policy's JSON part by part; what is not understood is a finding with its pointer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from crypto.strict_json import kind
from policies.literals import check_literal
from policies.model import (
    Atomic,
    Conflict,
    Connective,
    Constraint,
    Logical,
    Policy,
    PolicyKind,
    Rule,
)
from policies.profile import ACTIONS, ODRL, OPERANDS, OPERATORS, PROFILE, short
from policies.reasons import Reason

MAX_RULES: Final = 64


MAX_CONSTRAINTS: Final = 256


MAX_DEPTH: Final = 8


_SINGLE: Final = frozenset({"eq", "neq", "lt", "lteq", "gt", "gteq", "isA"})


_CONNECTIVES: Final[Mapping[str, Connective]] = {"and": "and", "or": "or", "xone": "xone"}


_CONFLICTS: Final[Mapping[str, Conflict]] = {"prohibit": "prohibit", "invalid": "invalid"}


_POLICY_KEYS: Final = frozenset(
    [
        "@id",
        "@type",
        "profile",
        "target",
        "assigner",
        "assignee",
        "timestamp",
        "permission",
        "prohibition",
        "obligation",
        "conflict",
    ]
)


_BARE_ONLY_IN_OUR_CONTEXT: Final = frozenset({"conflict"})  # DSP's context lacks them


class Parser:
    """Collects findings while it reads; reading goes on behind each of them."""

    def __init__(self) -> None:
        self.findings: list[Reason] = []
        self._constraints = 0

    def policy(self, obj: Mapping[str, Any], kind: PolicyKind) -> Policy:
        """Read a policy; it is only worth something when there are no findings."""
        keys = self._keys(obj, "", _POLICY_KEYS)
        if (got := self._reference(keys.get("@type", ""), "/@type")) not in (kind, f"odrl:{kind}"):
            self._find("policy.type", "/@type", expected=kind, given=got)
        uid = self._text(keys, "@id", "")
        if not uid:
            self._find("policy.key.missing", "/@id", expected="an identifier")
        profiles = tuple(
            self._reference(p, f"/profile/{i}") for i, p in enumerate(_listed(keys, "profile"))
        )
        for index, profile in enumerate(profiles):
            if profile != PROFILE:
                self._find(
                    "policy.profile.unknown", f"/profile/{index}", expected=PROFILE, given=profile
                )
        for index, _ in enumerate(_listed(keys, "obligation")):
            self._find(
                "policy.duty.unsupported",
                f"/obligation/{index}",
                expected="no duty",
                given="obligation",
            )
        permissions = self._rules(keys, "permission")
        prohibitions = self._rules(keys, "prohibition")
        if not permissions and not prohibitions:
            self._find("policy.empty", "", expected="a permission or a prohibition")
        if kind == "Agreement":
            for name in ("target", "assigner", "assignee", "timestamp"):
                if not self._text(keys, name, f"/{name}"):
                    self._find("policy.key.missing", f"/{name}", expected="a text")
        return Policy(
            kind=kind,
            uid=uid,
            permissions=permissions,
            prohibitions=prohibitions,
            conflict=self._conflict(keys),
            target=self._text(keys, "target", "/target"),
            assigner=self._text(keys, "assigner", "/assigner"),
            assignee=self._text(keys, "assignee", "/assignee"),
            timestamp=self._text(keys, "timestamp", "/timestamp"),
            profiles=profiles,
        )

    def _conflict(self, keys: Mapping[str, Any]) -> Conflict:
        if "conflict" not in keys:
            return "invalid"
        name = short(self._reference(keys["conflict"], "/odrl:conflict").removeprefix("odrl:"))
        if name not in _CONFLICTS:
            self._find("policy.conflict.unknown", "/odrl:conflict", expected="prohibit", given=name)
        return _CONFLICTS.get(name, "invalid")

    def _rules(self, keys: Mapping[str, Any], name: str) -> tuple[Rule, ...]:
        found = _listed(keys, name)
        if len(found) > MAX_RULES:
            self._find("policy.too-large", f"/{name}", expected=f"at most {MAX_RULES} rules")
            return ()
        return tuple(
            rule
            for index, item in enumerate(found)
            if (rule := self._rule(item, f"/{name}/{index}")) is not None
        )

    def _rule(self, item: Any, at: str) -> Rule | None:
        if not isinstance(item, Mapping):
            self._find("policy.shape", at, expected="an object", given=kind(item))
            return None
        allowed = frozenset({"@id", "@type", "action", "constraint", "duty"})
        keys = self._keys(item, at, allowed)
        for index, _ in enumerate(_listed(keys, "duty")):
            self._find(
                "policy.duty.unsupported", f"{at}/duty/{index}", expected="no duty", given="duty"
            )
        action = _bare(self._reference(keys.get("action", ""), f"{at}/action"))
        if action not in ACTIONS:
            self._find(
                "policy.action.unknown",
                f"{at}/action",
                expected=", ".join(map(short, ACTIONS)),
                given=action,
            )
        constraints = tuple(
            constraint
            for index, value in enumerate(_listed(keys, "constraint"))
            if (constraint := self._constraint(value, f"{at}/constraint/{index}", 1)) is not None
        )
        return Rule(action=action, constraints=constraints, uid=self._text(keys, "@id", at))

    def _constraint(self, item: Any, at: str, depth: int) -> Constraint | None:
        self._constraints += 1
        if depth > MAX_DEPTH or self._constraints > MAX_CONSTRAINTS:
            self._find(
                "policy.too-large",
                at,
                expected=f"at most {MAX_CONSTRAINTS} constraints, {MAX_DEPTH} deep",
            )
            return None
        if not isinstance(item, Mapping):
            self._find("policy.shape", at, expected="an object", given=kind(item))
            return None
        allowed = frozenset({"@id", "@type", "leftOperand", "operator", "rightOperand"})
        keys = self._keys(item, at, allowed | _CONNECTIVES.keys())
        connectives = [name for name in _CONNECTIVES if name in keys]
        if connectives:
            return self._logical(keys, connectives, at, depth)
        return self._atomic(keys, at)

    def _logical(
        self, keys: Mapping[str, Any], connectives: list[str], at: str, depth: int
    ) -> Logical | None:
        name = connectives[0]
        if len(connectives) > 1 or {"leftOperand", "operator", "rightOperand"} & keys.keys():
            self._find("policy.shape", at, expected="one connective or one comparison")
            return None
        listed = _listed(keys, name)
        operands = tuple(
            constraint
            for index, value in enumerate(listed)
            if (constraint := self._constraint(value, f"{at}/{name}/{index}", depth + 1))
            is not None
        )
        if not listed:
            self._find("policy.logic.empty", f"{at}/{name}", expected="at least one constraint")
        if len(operands) < len(listed) or not listed:
            return None
        return Logical(_CONNECTIVES[name], operands)

    def _atomic(self, keys: Mapping[str, Any], at: str) -> Atomic | None:
        left = _bare(self._reference(keys.get("leftOperand", ""), f"{at}/leftOperand"))
        name = _bare(self._reference(keys.get("operator", ""), f"{at}/operator"))
        listed = isinstance(keys.get("rightOperand"), list)
        right = tuple(
            self._literal(value, f"{at}/rightOperand") for value in _listed(keys, "rightOperand")
        )
        operand = OPERANDS.get(left)
        if operand is None:
            self._find(
                "policy.operand.unknown",
                f"{at}/leftOperand",
                expected=", ".join(map(short, OPERANDS)),
                given=left,
            )
            return None
        if name not in operand.operators:
            code = "policy.operator.unsuitable" if name in OPERATORS else "policy.operator.unknown"
            self._find(
                code,
                f"{at}/operator",
                operand=short(left),
                expected=", ".join(sorted(operand.operators)),
                given=name,
            )
            return None
        if not right or (name in _SINGLE and len(right) != 1):
            self._find(
                "policy.literal.count",
                f"{at}/rightOperand",
                operand=short(left),
                expected="one value" if name in _SINGLE else "at least one value",
                given=str(len(right)),
            )
            return None
        for value in right:
            if (expected := check_literal(operand, value)) is not None:
                self._find(
                    "policy.literal.bad",
                    f"{at}/rightOperand",
                    operand=short(left),
                    expected=expected.said("en"),  # stored and signed
                    given=value,
                )
        return Atomic(left, name, right, listed)

    def _literal(self, value: Any, at: str) -> str:
        if isinstance(value, Mapping) and "@value" in value and value.keys() <= {"@value", "@type"}:
            value = value["@value"]
        return self._reference(value, at)

    def _reference(self, value: Any, at: str) -> str:
        """Return a text, or the text inside ``{"@id": …}``; numbers and the rest are findings."""
        if isinstance(value, Mapping) and value.keys() == {"@id"}:
            value = value["@id"]
        if isinstance(value, str):
            return value
        self._find("policy.shape", at, expected="a text", given=kind(value))
        return ""

    def _text(self, keys: Mapping[str, Any], name: str, at: str) -> str:
        return self._reference(keys[name], at) if name in keys else ""

    def _keys(self, obj: Mapping[str, Any], at: str, known: frozenset[str]) -> dict[str, Any]:
        """Return the object under bare keys; lost keys and one key under two names are findings."""
        found: dict[str, Any] = {}
        for key, value in obj.items():
            name = _bare(key)
            lost = name not in known or (key in _BARE_ONLY_IN_OUR_CONTEXT)
            if lost or name in found:
                code = "policy.key.lost" if lost else "policy.key.twice"
                self._find(code, f"{at}/{key}", expected="a term of ODRL in use here", given=key)
                continue
            found[name] = value
        return found

    def _find(
        self, code: str, at: str, *, expected: str = "", given: str = "", operand: str = ""
    ) -> None:
        if len(self.findings) < 32:
            self.findings.append(
                Reason(
                    code=code,
                    clause=at,
                    operand=operand,
                    expected=expected,
                    given=given[:200],
                    cause="malformed",
                    next="next.ask-known-terms",
                )
            )


def _bare(term: str) -> str:
    for prefix in ("odrl:", ODRL):
        if term.startswith(prefix):
            return term[len(prefix) :]
    return term


def _listed(keys: Mapping[str, Any], name: str) -> list[Any]:
    """Return a value as a list: absent is empty, a scalar is a list of one."""
    value = keys.get(name, [])
    return value if isinstance(value, list) else [value]
