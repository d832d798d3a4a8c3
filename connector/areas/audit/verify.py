r"""Check one party's bundle of evidence without the connector: a second, independent verifier.

    python3 -I verify.py BUNDLE [--trust FILE] [--json]        (Python 3.11 or newer)

It uses the standard library alone, opens no connection, writes nothing, and shares no code with the
connector: it is written from the formats (docs/evidence.md, RFC 6962, 7515, 7797, 8032, 8785, C2SP
signed-note), so that an error in one of the two verifiers shows as a difference. Take this file
from the release, not from the bundle that it checks, and compare its SHA-256 with README.md's.

First line, ``outcome`` in ``--json`` and exit code are one value: 0 OK, 1 FINDINGS, 2 UNREADABLE,
3 UNCHECKED. What cannot be checked here (signatures of ES256, opened totals under Paillier keys) is
UNCHECKED, never OK; `voile audit verify` checks those, too.

It is one file because an auditor takes, compares and runs one. Read it from the end: `main` reads a
folder, `Check.run` is the list of checks, in order.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import functools
import hashlib
import hmac
import io
import json
import os
import re
import stat
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

OUTCOMES = {0: "OK", 1: "FINDINGS", 2: "UNREADABLE", 3: "UNCHECKED"}
MAX_FILES, MAX_BYTES, MAX_DEPTH = 200_000, 4 << 30, 4  # of a folder, before anything is parsed
MAX_INTEGER = 2**53 - 1  # what JSON numbers hold exactly
MIB = 1 << 20
AHEAD_S, LATE_MS, BACKWARDS_MS = 300, 60_000, 300_000
FRESH_S = 86_400  # that old a register is still the hub's word of now
STAGES = {"AGREED": "assigner", "VERIFIED": "assignee", "FINALIZED": "assigner"}  # who signs


class Wrong(Exception):  # noqa: N818 -- named for what it says of a bundle
    """Something is not in its form, or does not hold."""


class Unknown(Wrong):
    """Nobody gave the key: neither the trust file nor the bundle."""


class Unsupported(Wrong):
    """It may be right, and cannot be checked with the standard library alone."""


class Unreadable(Wrong):
    """There is no bundle, or no trust file."""


# --- bytes, JSON -------------------------------------------------------------------------------


def b64url(data: bytes) -> str:
    """Write base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str, *, url: bool) -> bytes:
    """Read base64, in its one spelling: Python's decoders skip what is foreign."""
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4 if url else 0)
        data = base64.b64decode(padded, b"-_" if url else None, validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise Wrong("not base64") from error
    if (b64url(data) if url else base64.b64encode(data).decode()) != text:
        raise Wrong("not base64 in its one spelling")
    return data


def digest_of(data: bytes) -> str:
    """Give the digest by which leaves name signatures and heads."""
    return "sha-256:" + hashlib.sha256(data).hexdigest()


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(found := dict(pairs)) != len(pairs):
        raise Wrong("JSON with a member that stands twice")
    return found


def _number(text: str, kind: Callable[[str], Any]) -> Any:
    if kind is int and len(text) > 17:  # a sign and 16 digits: nothing of a bundle has more
        raise Wrong("JSON with an integer beyond 2^53")
    if not abs(value := kind(text)) <= MAX_INTEGER:
        raise Wrong("JSON with a number beyond 2^53")
    return value


def _constant(text: str) -> Any:
    raise Wrong(f"JSON with {text}")


_JSON = json.JSONDecoder(object_pairs_hook=_members, parse_constant=_constant,
                         parse_int=lambda text: _number(text, int),
                         parse_float=lambda text: _number(text, float))  # fmt: skip


def read_json(data: bytes, limit: int = MIB, depth: int = 64) -> Any:
    """Parse JSON of a stranger; size and depth are measured before."""
    if len(data) > limit:
        raise Wrong(f"more than {limit} bytes of JSON")
    # without escaped characters every second part between quotes stands outside of strings
    outside = b"".join(data.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')[::2])
    level = 0
    for bracket in re.finditer(rb"[\[\]{}]", outside):
        level += 1 if bracket[0] in b"[{" else -1
        if level > depth:
            raise Wrong(f"JSON nested deeper than {depth}")
    try:
        value = _JSON.decode(data.decode("utf-8"))
        if b"\\u" in data:
            json.dumps(value, ensure_ascii=False).encode("utf-8")  # fails at half a surrogate pair
    except ValueError as error:  # not UTF-8, not JSON
        raise Wrong("not JSON in UTF-8") from error
    return value


_text = json.JSONEncoder(ensure_ascii=False).encode  # as RFC 8785 writes strings


def jcs(value: Any) -> str:
    """Write canonical JSON (RFC 8785)."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{_text(name)}:{jcs(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(jcs, value)) + "]"
    if isinstance(value, float):
        return _double(value)
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _double(value: float) -> str:
    """Write a double as ECMAScript does: Python finds the same digits and sets them otherwise."""
    sign, mantissa = ("-" if value < 0 else ""), repr(abs(value))
    digits, _, exponent = mantissa.partition("e")
    whole, _, part = digits.partition(".")
    point = len(whole) + int(exponent or 0)
    number = (whole + part).lstrip("0")
    point -= len(whole + part) - len(number)
    number = number.rstrip("0")
    if not number:
        return "0"
    if len(number) <= point <= 21:
        return sign + number.ljust(point, "0")
    if 0 < point <= 21:
        return f"{sign}{number[:point]}.{number[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{number}"
    tail = f".{number[1:]}" if len(number) > 1 else ""
    return f"{sign}{number[0]}{tail}e{point - 1:+d}"


def canonical(data: bytes, **limits: int) -> Any:
    """Parse JSON that stands in its one spelling."""
    value = read_json(data, **limits)
    if jcs(value).encode() != data:
        raise Wrong("JSON that is not canonical")
    return value


# --- Ed25519 (RFC 8032 §5.1) ---------------------------------------------------------------------
# Points are extended coordinates (X, Y, Z, T), x = X/Z, y = Y/Z, XY = ZT. Only public values are
# seen, so time may vary.

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int, int, int]
NEUTRAL: Point = (0, 1, 1, 0)


def _add(one: Point, two: Point) -> Point:
    a = (one[1] - one[0]) * (two[1] - two[0]) % P
    b = (one[1] + one[0]) * (two[1] + two[0]) % P
    c = 2 * D * one[3] * two[3] % P
    d = 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _twice(one: Point) -> Point:
    x, y, z, _ = one
    a, b = x * x, y * y
    e, g = 2 * x * y, b - a
    f, h = g - 2 * z * z, -a - b
    return e * f % P, g * h % P, f * g % P, e * h % P


def _point(raw: bytes) -> Point:
    """Decode a point; only its one encoding counts."""
    number = int.from_bytes(raw, "little")
    sign, y = number >> 255, number % 2**255
    if len(raw) != 32 or y >= P:
        raise Wrong("a key that is not 32 bytes in their one encoding")
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if x * x % P != square or (x == 0 and sign):
        raise Wrong("a key that is no point of the curve in its one encoding")
    if x % 2 != sign:
        x = P - x
    return x, y, 1, x * y % P


def _times(scalar: int, one: Point) -> Point:
    total = NEUTRAL
    for bit in f"{scalar:b}":
        total = _twice(total)
        if bit == "1":
            total = _add(total, one)
    return total


@functools.lru_cache(maxsize=256)
def _windows(one: Point) -> list[list[Point]]:
    """Give a point's multiples 0 to 15, and those of 16, 256, … times it: 64 rows."""
    rows = []
    for _ in range(64):
        row = [NEUTRAL]
        while len(row) < 17:
            row.append(_add(row[-1], one))
        rows.append(row)
        one = row[16]
    return rows


def _sum(total: Point, scalar: int, one: Point) -> Point:
    """Add a multiple of a point whose rows are worth keeping: one addition for four bits."""
    for place, row in enumerate(_windows(one)):
        if digit := scalar >> 4 * place & 15:
            total = _add(total, row[digit])
    return total


def _neutral(one: Point) -> bool:
    return one[0] % P == 0 and (one[1] - one[2]) % P == 0


BASE = _point(bytes([0x58] + [0x66] * 31))


@functools.lru_cache(maxsize=4096)
def public_key(raw: bytes) -> Point:
    """Gate a key A, once: of prime order, for under a small one a signature fits all. Give -A."""
    x, y, z, t = _point(raw)
    minus = P - x, y, z, P - t
    if _neutral(_times(8, minus)) or not _neutral(_times(L, minus)):
        raise Wrong("a key outside of the group of prime order")
    return minus


class Meter:
    """Counts signatures, and says on standard error how far it is, once a second."""

    count, said, shown = 0, time.monotonic(), False

    def tick(self) -> None:
        """Count one."""
        self.count += 1
        if self.shown and time.monotonic() - self.said > 1:
            self.said = time.monotonic()
            sys.stderr.write(f"{self.count} signatures checked\n")


METER = Meter()


@functools.lru_cache(maxsize=1 << 17)
def _equation(raw: bytes, point: bytes, s: int, k: int) -> bool:
    """Check [S]B = R + [k]A without the cofactor, R compared as bytes: each one only once."""
    METER.tick()
    x, y, z, _ = _sum(_sum(NEUTRAL, s, BASE), k, public_key(raw))
    inverse = pow(z, -1, P)
    encoded = (y * inverse % P) | (x * inverse % P & 1) << 255
    return encoded.to_bytes(32, "little") == point


def ed25519(raw: bytes, signature: bytes, message: bytes) -> bool:
    """Say whether a signature holds; the key has passed its gate."""
    point, s = signature[:32], int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(point + raw + message).digest(), "little") % L
    return _equation(raw, point, s, k)


# --- keys, signatures, notes ---------------------------------------------------------------------


class Key(NamedTuple):
    """A public key, and where trust in it comes from: "pinned", "registered" or "brought"."""

    alg: str
    raw: bytes
    thumbprint: str  # RFC 7638
    source: str = "brought"
    until: int = 0  # unix second after which it counts for nothing; 0: it counts
    aged: bool = False  # whether that is only how old the register is

    @property
    def convicts(self) -> bool:
        """Whether what it signed, of which nothing else is known, shows anything of its party."""
        return self.source != "brought" and not self.until

    @property
    def replaced(self) -> int:
        """When it was replaced; 0: it was not, or nobody says so."""
        return 0 if self.aged else self.until

    def verify(self, signature: bytes, message: bytes) -> None:
        """Raise `Wrong` unless it holds."""
        if len(signature) == 64 and self.alg == "ES256":
            raise Unsupported("a signature of ES256, which is not checked here")
        if not ed25519(self.raw, signature, message):
            raise Wrong("the signature does not hold")


def key_of(jwk: Any) -> Key:
    """Read a JWK of Ed25519 or P-256."""
    kinds = {("OKP", "Ed25519"): ("EdDSA", ("x",)), ("EC", "P-256"): ("ES256", ("x", "y"))}
    kind = (jwk.get("kty"), jwk.get("crv")) if isinstance(jwk, dict) else ("", "")
    if not all(isinstance(name, str) for name in kind) or kind not in kinds or "d" in jwk:
        raise Wrong("a key that is no public JWK of Ed25519 or P-256")
    alg, names = kinds[kind]
    if jwk.get("alg", alg) != alg or jwk.get("use", "sig") != "sig":
        raise Wrong("a key that is for something else")
    parts = {name: jwk[name] for name in names if isinstance(jwk.get(name), str)}
    raw = [unb64(text, url=True) for text in parts.values()]
    if [len(part) for part in raw] != [32] * len(names):
        raise Wrong("a key with coordinates of another length")
    if alg == "EdDSA":
        return ed25519_key(raw[0])
    p = 2**256 - 2**224 + 2**192 + 2**96 - 1
    b = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
    x, y = (int.from_bytes(part, "big") for part in raw)
    if x >= p or y >= p or (y * y - x**3 + 3 * x - b) % p:
        raise Wrong("a key that is no point of P-256")
    required = jcs({"kty": kind[0], "crv": kind[1]} | parts)
    return Key(alg, b"".join(raw), b64url(hashlib.sha256(required.encode()).digest()))


def ed25519_key(raw: bytes) -> Key:
    """Take a key of Ed25519 through its gate."""
    public_key(raw)
    required = jcs({"crv": "Ed25519", "kty": "OKP", "x": b64url(raw)})
    return Key("EdDSA", raw, b64url(hashlib.sha256(required.encode()).digest()))


def jws_header(text: str) -> dict[str, Any]:
    """Read the protected header of a compact JWS; nothing is verified yet."""
    first = text.split(".", 1)[0]
    if len(first) > 2048:
        raise Wrong("a header that is too long")
    header = read_json(unb64(first, url=True), limit=2048, depth=4)
    if not isinstance(header, dict):
        raise Wrong("a header that is no object")
    return header


def open_jws(text: str, typ: str, find: Callable[[str], Key], payload: bytes | None = None,
             limit: int = 65536) -> tuple[bytes, Key, int | None]:  # fmt: skip
    """Verify a compact JWS, detached if a payload is given; give payload, key and ``iat``."""
    parts = text.split(".")
    if len(text) > limit or len(parts) != 3:
        raise Wrong("a signature that is not three parts, or too long")
    header = jws_header(text)
    allowed = {"alg", "kid", "typ", "iat"} | (set() if payload is None else {"b64", "crit"})
    if set(header) - allowed:
        raise Wrong("a header with a member that is not understood")
    if not all(isinstance(header.get(name), str) for name in ("alg", "kid", "typ")):
        raise Wrong("a header without alg, kid or typ")
    if type(header.get("iat", 0)) is not int or header.get("iat", 0) < 0:
        raise Wrong("a time that is no number of seconds")
    if payload is not None and (header.get("b64") is not False or header.get("crit") != ["b64"]):
        raise Wrong("a detached signature without b64 false and crit [b64]")
    if header["typ"] != typ:
        raise Wrong(f"a signature of type `{header['typ'][:64]}`, expected `{typ[:64]}`")
    body, signature = unb64(parts[1], url=True), unb64(parts[2], url=True)
    if payload is not None and body:
        raise Wrong("a detached signature with a payload")
    key = find(header["kid"])
    if key.alg != header["alg"]:
        raise Wrong(f"the key is for {key.alg}")
    middle = payload if payload is not None else parts[1].encode()
    key.verify(signature, parts[0].encode() + b"." + middle)
    return (body if payload is None else payload), key, header.get("iat")


def vkey(text: str) -> tuple[str, bytes, Key]:
    """Read a verifier key ``name+id+key`` of C2SP signed-note; give name, key id and key."""
    name, _, rest = text.partition("+")
    shown, _, encoded = rest.partition("+")
    raw = unb64(encoded, url=False)
    if not _is_name(name) or raw[:1] != b"\x01":
        raise Wrong("a verifier key that is not name+id+key of Ed25519")
    key_id = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if shown != key_id.hex():
        raise Wrong("a verifier key whose id is another's")
    return name, key_id, ed25519_key(raw[1:])


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(one.isspace() for one in name)


class Head(NamedTuple):
    """The head of a log, and the keys under which it holds."""

    origin: str
    size: int
    root: bytes
    keys: tuple[Key, ...]


def read_head(note: bytes) -> tuple[Head, bytes, list[str]]:
    """Read a checkpoint without verifying it; give it, what was signed, and the signatures."""
    if len(note) > 65536 or any(byte < 0x20 and byte != 0x0A for byte in note):
        raise Wrong("a head that is too long, or with a control character")
    try:
        text = note.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Wrong("a head that is not UTF-8") from error
    body, empty, tail = text.rpartition("\n\n")
    if not empty or not tail.endswith("\n") or len(lines := tail[:-1].split("\n")) > 64:
        raise Wrong("a head that is not a text, an empty line and signatures")
    told = body.split("\n")  # origin, size, root, and perhaps lines that we do not know
    if len(told) < 3 or not all(told) or not re.fullmatch(r"0|[1-9][0-9]{0,18}", told[1]):
        raise Wrong("a head that is not origin, size and root")
    origin, size, root = told[:3]
    if int(size) >= 2**63 or len(hashed := unb64(root, url=False)) != 32:
        raise Wrong("a head whose size or root is none")
    return Head(origin, int(size), hashed, ()), (body + "\n").encode(), lines


def open_head(note: bytes, logs: Iterable[str], source: str) -> Head:
    """Verify a head: signed by a key that is named after its log; no known key may fail."""
    known = {(name, key_id): key for name, key_id, key in map(vkey, logs)}
    head, body, lines = read_head(note)
    holding: dict[tuple[str, str], Key] = {}
    for line in lines:
        dash, name, encoded = [*line.split(" ", 2), "", ""][:3]
        data = unb64(encoded, url=False)
        if dash != "\u2014" or not _is_name(name) or len(data) <= 4:
            raise Wrong("a head with a line that is no signature")
        if (key := known.get((name, data[:4]))) is not None:
            key.verify(data[4:], body)
            holding[name, key.thumbprint] = key._replace(source=source)
    keys = tuple(key for (name, _), key in holding.items() if name == head.origin)
    if not keys:
        raise Wrong("a head that no trusted key of this log has signed")
    return head._replace(keys=keys)


# --- trust ---------------------------------------------------------------------------------------


class Party(NamedTuple):
    """A party's keys for assertions by their ids, and the verifier keys of its logs."""

    did: str
    keys: list[tuple[str, Key]]
    logs: list[str]
    ended: dict[str, int]  # of those that were replaced: thumbprint, and when


class Trust(NamedTuple):
    """Parties by their DID, and the hub that says whose keys are whose."""

    parties: dict[str, Party]
    hub: Party | None = None


def read_trust(data: bytes) -> Trust:
    """Read a trust file, or what a bundle brings along in its form."""
    value = read_json(data, limit=16 * MIB, depth=8)
    if not isinstance(value, dict) or set(value) - {"format", "parties", "hub"}:
        raise Wrong("it is no trust file")
    parties = value.get("parties", [])
    if value.get("format") != "voile-trust/1" or not isinstance(parties, list):
        raise Wrong("it is no trust file of this format")
    every = [*parties, value["hub"]] if "hub" in value else parties
    lists = [one.get("keys") for one in every if isinstance(one, dict)]
    if sum(len(keys) for keys in lists if isinstance(keys, list)) > 10_000:
        raise Wrong("more than 10000 keys")
    hub = _party(value["hub"]) if "hub" in value else None
    found = [*map(_party, parties), *([hub] if hub else [])]
    return Trust({party.did: party for party in found}, hub)


def _party(item: Any) -> Party:
    if not isinstance(item, dict) or set(item) - {"ended"} != {"did", "keys", "logs"}:
        raise Wrong("a party is did, keys and logs")
    did, keys, logs = item["did"], item["keys"], item["logs"]
    if not isinstance(did, str) or not isinstance(keys, list) or not isinstance(logs, list):
        raise Wrong("a party is did, keys and logs")
    if len(logs) > 16 or not all(isinstance(text, str) for text in logs):
        raise Wrong("a party has at most 16 logs, each a verifier key")
    for text in logs:
        vkey(text)
    found = []
    for one in keys:
        pair = isinstance(one, dict) and set(one) == {"kid", "jwk"}
        if not pair or not isinstance(one["kid"], str):
            raise Wrong("a key is kid and jwk")
        found.append((one["kid"], key_of(one["jwk"])))
    return Party(did, found, logs, _ends(item.get("ended", {})))


def _ends(value: Any) -> dict[str, int]:
    if not isinstance(value, dict) or not all(type(at) is int and at > 0 for at in value.values()):
        raise Wrong("ends are unix seconds by thumbprint")
    return value


class Keys:
    """Every key that may be used: pinned, in the register of a pinned hub, or only brought."""

    def __init__(self, trust: Trust, brought: bytes | None, register: str, now: int = 0) -> None:
        self.pinned = {did: of for did, of in trust.parties.items() if of.keys or of.logs}
        self.brought = read_trust(brought).parties if brought is not None else {}
        told = _registered(register, trust.hub) if register and trust.hub else (0, {}, {})
        issued, self.registered, self._ends = told
        for party in trust.parties.values():
            self._ends.setdefault(party.did, {}).update(party.ended)
        self._aged = issued if issued < now - FRESH_S else 0
        self._known: dict[tuple[str, str], Key] = {}
        every = [*self._of(self.pinned, lambda _: "pinned"), *self._of(self.brought, self._source)]
        for did, kid, key in sorted(every, key=lambda one: one[2].source != "pinned"):
            for name in (kid, f"{did}#{key.thumbprint}"):
                held = self._known.setdefault((did, name), key)
                if held.source == "brought" and key.source == "registered":
                    self._known[did, name] = key

    def _of(self, parties: Mapping[str, Party], source: Callable[[tuple[str, Key]], str],
            ) -> Iterator[tuple[str, str, Key]]:  # fmt: skip
        for party in parties.values():
            for kid, key in party.keys:
                sourced = key._replace(source=source((party.did, key)))
                yield party.did, kid, self.judge(party.did, sourced)

    def judge(self, did: str, key: Key) -> Key:
        """Say of a party's key until when it counts."""
        if until := self._ends.get(did, {}).get(key.thumbprint, 0):
            return key._replace(until=until)
        if key.source == "registered" and self._aged:
            return key._replace(until=self._aged, aged=True)
        return key

    def _source(self, one: tuple[str, Key]) -> str:
        vouched = self.registered.get(one[0], set())
        return "registered" if one[1].thumbprint in vouched else "brought"

    def knows(self, did: str) -> bool:
        """Whether the trust file, or a hub that it pins, says anything of a party."""
        return did in self.pinned or did in self.registered

    def find(self, did: str, kid: str) -> Key:
        """Give a party's key."""
        if (key := self._known.get((did, kid))) is None:
            raise Unknown(f"no key `{kid[:200]}` is known")
        return key

    def logs(self, did: str) -> tuple[list[str], str]:
        """Give the verifier keys of a party's logs, and where trust in them comes from."""
        if did in self.pinned and self.pinned[did].logs:
            return self.pinned[did].logs, "pinned"
        logs = self.brought[did].logs if did in self.brought else []
        vouched = self.registered.get(did, set())
        certified = [text for text in logs if vkey(text)[2].thumbprint in vouched]
        return (certified, "registered") if certified else (logs, "brought")


def _registered(register: str, hub: Party) -> tuple[
        int, dict[str, set[str]], dict[str, dict[str, int]]]:  # fmt: skip
    """Verify the hub's register under its pinned key; give when, thumbprints by DID, and ends."""

    def find(kid: str) -> Key:
        for name, key in hub.keys:
            if name == kid:
                return key
        raise Wrong("the register is not signed with the hub's key")

    payload, signer, issued = open_jws(register, "voile-register+jws", find, limit=16 * MIB)
    if issued is None or issued > hub.ended.get(signer.thumbprint, issued):
        raise Wrong("the register has no date, or is signed with a replaced key")
    value = read_json(payload, limit=16 * MIB)
    if not isinstance(value, dict) or value.get("hub") != hub.did:
        raise Wrong("the register is of another hub")
    found: dict[str, set[str]] = {}
    ended: dict[str, dict[str, int]] = {}
    entries = value.get("participants")
    for item in entries if isinstance(entries, list) else ():
        if not isinstance(item, dict) or not isinstance(item.get("did"), str):
            raise Wrong("an entry of the register has no DID")
        if not isinstance(item.get("keys"), list):
            raise Wrong("an entry of the register has no keys")
        found[item["did"]] = {name for name in item["keys"] if isinstance(name, str)}
        ended[item["did"]] = _ends(item.get("ended", {}))
    return issued, found, ended


# --- the log -------------------------------------------------------------------------------------

KINDS = {"ACCESS", "AGREEMENT", "ANSWER", "CERTIFICATION", "COHORT", "CONFIGURATION", "ERASED",
         "NEGOTIATION", "PEER_CHECKPOINT", "PRODUCT", "QUESTION", "REFUSAL", "STATUS",
         "TRANSFER"}  # fmt: skip
NEEDED = {"v", "id", "t", "kind", "sw", "space"}
TEXTS = {"actor", "agreement", "blob", "commit", "consumerPid", "corr", "counterparty", "from",
         "process", "providerPid", "role", "space", "sw", "to"}  # fmt: skip
OBJECTS = {"msg", "policy", "query"}


@functools.lru_cache(maxsize=1 << 16)
def read_leaf(line: bytes) -> Mapping[str, Any]:
    """Read one leaf: canonical JSON of at most 4 KiB with known fields."""
    leaf = canonical(line, limit=4096, depth=6)
    if not isinstance(leaf, dict) or NEEDED - set(leaf):
        raise Wrong("a leaf without one of its fields")
    if set(leaf) - NEEDED - TEXTS - OBJECTS - {"sig"}:
        raise Wrong("a leaf with a field that is not known")
    if not all(isinstance(leaf[name], str) for name in (TEXTS | {"id", "kind"}) & set(leaf)):
        raise Wrong("a leaf with a text that is none")
    if type(leaf["v"]) is not int or leaf["v"] != 1 or not re.fullmatch("[0-9a-f]{32}", leaf["id"]):
        raise Wrong("a leaf of another version, or with an id that is none")
    if type(leaf["t"]) is not int or leaf["t"] < 0 or leaf["kind"] not in KINDS:
        raise Wrong("a leaf of another kind, or with a time that is none")
    for name in OBJECTS & set(leaf):
        if not isinstance(leaf[name], dict) or not _plain(leaf[name]):
            raise Wrong("a leaf with a value that is no text, integer or boolean")
    msg, sig = leaf.get("msg", {}), leaf.get("sig", [])
    if set(msg) - {"direction", "type", "id"} or not all(isinstance(v, str) for v in msg.values()):
        raise Wrong("a leaf whose message is not direction, type and id")
    if not isinstance(sig, list) or not all(isinstance(one, str) for one in sig):
        raise Wrong("a leaf whose digests are no texts")
    return leaf


def _plain(value: Any) -> bool:
    if isinstance(value, dict | list):
        return all(map(_plain, value.values() if isinstance(value, dict) else value))
    return isinstance(value, str | int)


def root_of(hashes: Iterable[bytes]) -> bytes:
    """Give the root over leaf hashes (RFC 6962 §2.1): neighbours are joined, level by level."""
    row = list(hashes) or [hashlib.sha256(b"").digest()]
    while len(row) > 1:
        pairs = zip(row[::2], row[1::2], strict=False)
        joined = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs]
        row = joined + row[len(row) - len(row) % 2 :]
    return row[0]


# --- the checks ----------------------------------------------------------------------------------


class Finding(NamedTuple):
    """One thing that does not hold (finding, proof), or that nobody trusted vouches for."""

    level: str
    code: str
    where: str
    text: str


class Manifest(NamedTuple):
    """What the party says its bundle holds."""

    did: str
    space: str
    created: int  # seconds since 1970
    head: tuple[str, int, bytes]  # origin, size, root
    opened: str
    files: dict[str, tuple[int, str]]


class Said(NamedTuple):
    """A signed statement that holds."""

    path: str
    typ: str
    key: Key
    signer: str
    payload: Mapping[str, Any]


PATH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}(/[A-Za-z0-9][A-Za-z0-9._-]{0,99}){0,3}")
HEX = re.compile(r"[0-9a-f]{64}")
NUMBER, TEXT = "a number", "a text"


def read_manifest(data: bytes) -> Manifest:
    """Read ``manifest.json``: canonical, with exactly its members."""
    value = canonical(data, limit=64 * MIB, depth=4)
    outer = {"format": TEXT, "did": TEXT, "space": TEXT, "software": TEXT, "created": NUMBER,
             "log": None, "opened": TEXT, "absent": None, "files": None}  # fmt: skip
    _expect(value, outer)
    _expect(value["log"], {"origin": TEXT, "size": NUMBER, "root": HEX})
    absent, files = value["absent"], value["files"]
    if value["format"] != "voile-bundle/1" or value["opened"] not in {"none", "sessions", "all"}:
        raise Wrong("a manifest of another format")
    if not isinstance(absent, list) or not all(isinstance(one, str) for one in absent):
        raise Wrong("a manifest that does not say what is absent")
    if not isinstance(files, dict):
        raise Wrong("a manifest that names no files")
    for path, item in files.items():
        if not PATH.fullmatch(path) or path in {"manifest.json", "manifest.jws"}:
            raise Wrong("a manifest with a file that cannot be one")
        _expect(item, {"bytes": NUMBER, "sha-256": HEX})
    head = value["log"]["origin"], value["log"]["size"], bytes.fromhex(value["log"]["root"])
    listed = {path: (item["bytes"], item["sha-256"]) for path, item in files.items()}
    did, space, created = value["did"], value["space"], value["created"]
    return Manifest(did, space, created, head, value["opened"], listed)


def _expect(value: Any, form: Mapping[str, Any]) -> None:
    """Refuse other members, or values of another kind; None is looked at by the caller."""
    if not isinstance(value, dict) or set(value) != set(form):
        raise Wrong("an object with other members than the format")
    for name, kind in form.items():
        held = value[name]
        if kind is NUMBER and not (type(held) is int and held >= 0):
            raise Wrong(f"`{name}` is no number")
        if kind in {TEXT, HEX} and not (isinstance(held, str) and held):
            raise Wrong(f"`{name}` is no text")
        if kind is HEX and not HEX.fullmatch(held):
            raise Wrong(f"`{name}` is not 32 bytes in hexadecimal")


def folder_of(name: str) -> str:
    """Give what the folder of an agreement or a party is called."""
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def read_agreement(data: bytes) -> dict[str, Any]:
    """Read ``agreement.json``: what the stages are signatures of."""
    value = canonical(data)
    _expect(value, {"agreement": None, "consumerPid": None, "providerPid": None})
    body = value["agreement"]
    ids = body.get("@id") if isinstance(body, dict) else None, value["consumerPid"]
    if not all(isinstance(text, str) for text in (*ids, value["providerPid"])):
        raise Wrong("an agreement without ids")
    return dict(value)


def read_peer(data: bytes) -> str:
    """Read ``peer.json``: whose heads these are."""
    value = canonical(data, limit=4096)
    _expect(value, {"did": None})
    if not isinstance(value["did"], str):
        raise Wrong("a party that is no DID")
    return value["did"]


def read_promise(line: bytes) -> tuple[str, str, str, bytes]:
    """Read a line of ``acks/``: who promises, of which message, the signature, what is signed."""
    value = canonical(line, limit=3072, depth=2)
    names = {"by", "corr", "hash", "index", "jws", "log"}
    if not isinstance(value, dict) or set(value) - {"accepted"} != names:
        raise Wrong("a promise is by, corr, hash, index, jws and log, perhaps accepted")
    index = value["index"]
    texts = [value[name] for name in set(value) - {"index"}]
    if type(index) is not int or index < 0 or not all(isinstance(one, str) for one in texts):
        raise Wrong("a promise with a member of another kind")
    corr = value["corr"].removeprefix("hmac-sha-256:")
    hashes = (corr, value["hash"], value.get("accepted", value["hash"]))
    forms = corr != value["corr"] and all(map(HEX.fullmatch, hashes))
    if not forms or not re.fullmatch(r"[A-Za-z0-9_-]{43}", value["log"]):
        raise Wrong("a promise whose mark, hash or log is none")
    told = {name: value[name] for name in set(value) - {"by", "jws"}}
    return value["by"], value["corr"], value["jws"], jcs(told).encode()


NOT_ITS_OWN = {"manifest-signature", "file-missing", "file-extra", "file-changed", "checkpoint",
               "log-size", "log-root", "leaf-changed", "leaf-hashes"}  # fmt: skip


class Check:
    """Checks one bundle; `run` is the list of checks, `found` what came of them."""

    def __init__(self, files: Mapping[str, bytes], trust: Trust, now: int) -> None:
        self.files, self.trust, self.now = files, trust, now
        self.found: dict[Finding, None] = {}  # in order, each once
        self.facts: dict[str, Any] = {}
        self.counts = {"files": len(files)}
        self.manifest = Manifest("", "", 0, ("", 0, b""), "none", {})
        self.keys = Keys(trust, None, "")
        self.leaves: list[Mapping[str, Any] | None] = []
        self.by_id: dict[str, int] = {}
        self.named: dict[str, set[str]] = {}  # kinds of the leaves that name a digest
        self.reached: dict[tuple[str, str], dict[str, int]] = {}  # of agreement and party: states
        self.newest = 0
        self.grave = 0  # findings and proofs, the unchecked left out
        self.dated: dict[str, int] = {}  # when a leaf first names a digest, milliseconds
        self.marked: dict[tuple[str, str], int] = {}  # when a message of a party has its leaf
        self.own: list[Key] = []  # under which manifest and head are the party's
        self.said: list[Said] = []
        self.contracts: dict[tuple[str, str], tuple[Mapping[str, Any], int]] = {}

    def run(self) -> Check:
        """Run every check, in order."""
        try:
            self.manifest = read_manifest(self.files.get("manifest.json", b""))
        except Wrong as error:
            self.add("manifest", "manifest.json", str(error))
            return self
        if self.manifest.created > self.now + AHEAD_S:
            self.add("manifest-time", "manifest.json", "it is of the future")
        self.keys = self._usable_keys()
        self._manifest_signature()
        self._every_file()
        self._log(*self._head())
        if {one.code for one in self.found} & NOT_ITS_OWN or len(self.own) < 2:
            self.own = []
        for folder, items in self._folders("agreements"):
            self._agreement(folder, items)
        for path in sorted(path for path in self.files if path.startswith("signed/")):
            self._statement(path, self.files[path])
        self._contradictions()
        self._answers()
        self._counts()
        for folder, items in self._folders("peers"):
            self._peer(folder, items)
        for path in sorted(path for path in self.files if path.startswith("acks/")):
            self._promises(path, self.files[path])
        self._openings()
        self._not_held()
        self._describe()
        return self

    def add(self, code: str, where: str, text: str, level: str = "finding") -> None:
        """Note what was found."""
        self.grave += level != "unchecked"
        self.found.setdefault(Finding(level, code, where, text))

    def accuse(self, code: str, where: str, text: str, *keys: Key, level: str = "proof") -> None:
        """Note what a signer's own keys show: nothing, unless all of them are trusted."""
        if keys and all(key.convicts for key in keys):
            shown = ", ".join(sorted({f"`{key.thumbprint}` ({key.source})" for key in keys}))
            self.add(code, where, f"{text}; verified with {shown}", level)
        else:
            why = "no trusted key vouches for that"
            if any(key.until for key in keys):
                why = "a key signed it that was replaced, or may have been: nothing dates it before"
            self.add(code, where, f"{text}; {why}", "unchecked")

    def _replaced(self, where: str, key: Key) -> None:
        text = f"signed under a key that was replaced at {key.replaced}; nothing dates it before"
        self.add("key-replaced", where, text, "unchecked")

    def _before(self, digest: str, until: int) -> bool:
        return digest in self.dated and self.dated[digest] <= until * 1000

    def _untrusted(self, did: str, where: str) -> None:
        text = f"what it signed in {where} holds under a key that only the bundle vouches for"
        self.add("key-untrusted", did, text, "unchecked")

    def _folders(self, top: str) -> Iterator[tuple[str, dict[str, bytes]]]:
        grouped: dict[str, dict[str, bytes]] = {}
        for path in sorted(self.files):
            if path.startswith(f"{top}/"):
                folder, _, name = path.rpartition("/")
                grouped.setdefault(folder, {})[name] = self.files[path]
        yield from grouped.items()

    def _usable_keys(self) -> Keys:
        brought = self.files.get("keys/parties.json")
        register = self.files.get("keys/register.jws", b"").decode("latin-1")
        hub = self.trust.hub
        if register and hub is not None:
            try:
                signer: str | None = str(jws_header(register).get("kid", "")).partition("#")[0]
            except Wrong:
                signer = None
            if signer not in {None, hub.did}:
                self.add("trust-foreign", "keys/register.jws", "it is another hub's", "unchecked")
                register = ""
        try:
            keys = Keys(self.trust, brought, register, self.now)
        except Wrong as error:
            self.add("keys", "keys", str(error))
            keys = Keys(self.trust, None, "", self.now)
        if not keys.knows(self.manifest.did) and self.trust.parties:
            text = "the trust file says nothing of this party: is it another space's?"
            self.add("trust-foreign", self.manifest.did, text, "unchecked")
        return keys

    def _manifest_signature(self) -> None:
        did, where = self.manifest.did, "manifest.jws"
        text = self.files.get(where, b"").decode("latin-1")
        try:
            _, key, _ = open_jws(text, "voile-bundle+jws", lambda kid: self.keys.find(did, kid),
                                 payload=self.files["manifest.json"])  # fmt: skip
        except Unsupported as error:
            self.add("not-checkable", where, str(error), "unchecked")
        except Wrong as error:
            self.add("manifest-signature", where, str(error))
        else:
            self.own.append(key)
            if key.source == "brought":
                self._untrusted(did, where)
            elif key.replaced:
                self._replaced(where, key)

    def _every_file(self) -> None:
        listed = self.manifest.files
        tops = ("keys/", "log/", "agreements/", "signed/", "peers/", "acks/", "opened/")
        for path in sorted(set(listed) | set(self.files) - {"manifest.json", "manifest.jws"}):
            if path not in self.files:
                self.add("file-missing", path, "the manifest names it")
            elif path not in listed:
                self.add("file-extra", path, "the manifest does not name it")
            else:
                data = self.files[path]
                if listed[path] != (len(data), hashlib.sha256(data).hexdigest()):
                    self.add("file-changed", path, "its digest is not the manifest's")
                if path not in {"checkpoint", "README.txt"} and not path.startswith(tops):
                    self.add("file-extra", path, "the format has no such file")

    def _head(self) -> tuple[int, bytes]:
        """Check the signed head of the log; give the size and root that count."""
        did, (origin, size, root) = self.manifest.did, self.manifest.head
        logs, source = self.keys.logs(did)
        try:
            head = open_head(self.files.get("checkpoint", b""), logs, source)
        except Wrong as error:
            self.add("checkpoint", "checkpoint", str(error))
            return size, root
        if source == "brought":
            self.add("log-untrusted", did, "only the bundle vouches for its log's key", "unchecked")
        keys = [self.keys.judge(did, key) for key in head.keys]
        self.own += keys
        late = max(keys, key=lambda key: key.replaced)
        if source != "brought" and late.replaced:
            self._replaced("checkpoint", late)
        if head[:3] != (origin, size, root):
            self.add("checkpoint", "checkpoint", "it is not the head that the manifest names")
        return head.size, head.root

    def _log(self, size: int, root: bytes) -> None:
        """Check every leaf, and the tree over them."""
        where = "log/entries.jsonl"
        *lines, rest = self.files.get(where, b"").split(b"\n")
        if rest:
            self.add("log-form", where, "the last line is not ended")
        for index, line in enumerate(lines):
            try:
                leaf = read_leaf(line)
            except Wrong as error:
                self.add("leaf-malformed", where, f"leaf {index}: {error}")
                self.leaves.append(None)
                continue
            self.leaves.append(leaf)
            if self.by_id.setdefault(leaf["id"], index) != index:
                self.add("leaf-twice", where, f"leaf {index} has the id of an earlier one")
            if leaf["t"] < self.newest - BACKWARDS_MS:
                self.add("leaf-backdated", where, f"leaf {index} is dated before earlier ones")
            self.newest = max(self.newest, leaf["t"])
            for digest in leaf.get("sig", ()):
                self.named.setdefault(digest, set()).add(leaf["kind"])
                self.dated[digest] = min(leaf["t"], self.dated.get(digest, leaf["t"]))
            if leaf.get("corr"):
                self.marked.setdefault((leaf.get("counterparty", ""), leaf["corr"]), leaf["t"])
            if leaf["kind"] in {"NEGOTIATION", "AGREEMENT"} and "agreement" in leaf:
                of = leaf["agreement"], leaf.get("counterparty", "")
                self.reached.setdefault(of, {}).setdefault(leaf.get("to", ""), leaf["t"])
        if self.newest > (self.manifest.created + AHEAD_S) * 1000:
            self.add("manifest-time", "manifest.json", "it is dated before its newest leaf")
        if {leaf["space"] for leaf in self.leaves if leaf} - {self.manifest.space}:
            self.add("leaf-space", where, "leaves of another data space than the bundle's")
        hashes = [hashlib.sha256(b"\x00" + line).digest() for line in lines]
        listed = self.files.get("log/leaf-hashes")
        if len(hashes) != size:
            self.add("log-size", where, f"the head is of {size} leaves, the log has {len(hashes)}")
        if listed is not None and len(listed) != 32 * size:
            self.add("leaf-hashes", "log/leaf-hashes", f"expected {size} hashes")
            listed = None
        if len(hashes) == size and root_of(hashes) == root:
            if listed is not None and listed != b"".join(hashes):
                self.add("leaf-hashes", "log/leaf-hashes", "they are not those of the leaves")
            return
        if len(hashes) == size:
            self.add("log-root", where, "the leaves do not give the root of the head")
        signed = [(listed or b"")[at : at + 32] for at in range(0, len(listed or b""), 32)]
        if listed is not None and root_of(signed) == root:
            for index, expected in enumerate(signed):
                if hashes[index : index + 1] != [expected]:
                    self.add("leaf-changed", where, f"leaf {index} is not the one that was signed")

    def _agreement(self, folder: str, files: dict[str, bytes]) -> None:
        """Check one agreement: its form, the chain of its signatures, and its leaves."""
        before = self.grave
        for name in set(files) - {"agreement.json", *(f"{stage}.jws" for stage in STAGES)}:
            self.add("file-extra", f"{folder}/{name}", "not a stage")
        body: Any = None
        try:
            value = read_agreement(files.get("agreement.json", b""))
            body = value["agreement"]
        except Wrong as error:
            self.add("agreement-malformed", f"{folder}/agreement.json", str(error))
        signed: dict[str, str] = {}
        checked = True
        if body is not None:
            name = folder_of(f"{body['@id']} {value['providerPid']}")
            if folder.rsplit("/", 1)[-1] != name:
                self.add("agreement-place", folder, "the folder is another agreement's")
            if self.manifest.did not in (body.get("assigner"), body.get("assignee")):
                self.add("agreement-foreign", folder, "whose bundle this is, is no party to it")
            try:
                signed = self._stages(folder, files, value)
            except (Unknown, Unsupported) as error:
                code = "key-missing" if isinstance(error, Unknown) else "not-checkable"
                self.add(code, folder, str(error), "unchecked")
                checked = False
            except Wrong as error:
                self.add("agreement-signature", folder, str(error))
        sound = self.grave == before
        for name in sorted(files):
            known = "AGREEMENT" in self.named.get(digest_of(files[name]), ())
            if name.endswith(".jws") and not known:
                self.add("stage-unlogged", f"{folder}/{name}", "no leaf names this signature")
        if body is None:
            return
        amount = ("none", "own", "own", "mutual")[len(signed)] if checked else "unchecked"
        told = {"agreement": body["@id"], "signatures": amount}
        self.facts.setdefault("contracts", []).append(told)
        if sound:
            stages = len(signed) if checked and signed else len(files) - 1
            self.contracts[body["@id"], str(body.get("assigner"))] = body, stages
        other = body.get("assignee" if body.get("assigner") == self.manifest.did else "assigner")
        reached = self.reached.get((body["@id"], str(other)), {})
        final = reached.get("FINALIZED", self.newest)
        if not reached:
            self.add("agreement-unlogged", folder, "no leaf names this agreement")
        elif checked and amount != "mutual" and final <= self.newest - LATE_MS:
            self.add("agreement-one-sided", folder, f"final, and signatures are `{amount}`")

    def _stages(
        self, folder: str, files: dict[str, bytes], value: dict[str, Any]
    ) -> dict[str, str]:
        """Verify the chain of stages; give who signed which."""
        signed: dict[str, str] = {}
        weak: set[str] = set()
        late: list[tuple[str, Key]] = []
        prev: str | None = None
        for stage, role in STAGES.items():
            data = files.get(f"{stage}.jws")
            if data is not None:
                signer = value["agreement"].get(role)

                def find(kid: str, signer: Any = signer) -> Key:
                    if not isinstance(signer, str) or kid.partition("#")[0] != signer:
                        raise Wrong("a stage that another than its party has signed")
                    return self.keys.find(signer, kid)

                payload = jcs(value | {"stage": stage, "prev": prev}).encode()
                text = data.decode("latin-1")
                _, key, iat = open_jws(text, "voile-agreement+jws", find, payload, 4096)
                if iat is None or iat > self.now + AHEAD_S:
                    raise Wrong("a stage that is not dated, or of the future")
                signed[stage] = signer
                weak |= {signer} if key.source == "brought" else set()
                until = key.replaced
                if until and (iat > until or not self._before(digest_of(data), until)):
                    late.append((f"{folder}/{stage}.jws", key))
            prev = digest_of(data) if data is not None else None
        for did in sorted(weak):
            self._untrusted(did, folder)
        for where, key in late:
            self._replaced(where, key)
        return signed

    def _statement(self, path: str, data: bytes) -> None:
        """Check one signed statement: its name, type, signature and leaf."""
        if digest_of(data) not in self.named:
            self.add("statement-unlogged", path, "no leaf names it")
        if path != f"signed/{hashlib.sha256(data).hexdigest()}.jws":
            return self.add("statement-place", path, "the name is another's")
        signers: list[str] = []

        def find(kid: str) -> Key:
            signers.append(kid.partition("#")[0])
            return self.keys.find(signers[-1], kid)

        try:
            text = data.decode("ascii")
            typ = str(jws_header(text).get("typ"))
            if not typ.startswith("voile-"):
                typ = "voile-"  # one of ours, which it is not
            body, key, _ = open_jws(text, typ, find, None, 16 * MIB)
        except (Unknown, Unsupported) as error:
            code = "key-missing" if isinstance(error, Unknown) else "not-checkable"
            return self.add(code, path, str(error), "unchecked")
        except (Wrong, UnicodeDecodeError) as error:
            return self.add("statement-signature", path, str(error))
        signer = signers[-1]
        if key.source == "brought":
            self._untrusted(signer, path)
        try:
            payload = read_json(body, limit=16 * MIB)
        except Wrong:
            return None  # nobody's statement about anything that we know
        if isinstance(payload, dict):
            if key.replaced and not self._before(digest_of(data), key.replaced):
                self._replaced(path, key)
            mine = signer == self.manifest.did and self.own and all(k.convicts for k in self.own)
            if mine and self._before(digest_of(data), key.until):
                key = key._replace(until=0, aged=False)
            self.said.append(Said(path, typ, key, signer, payload))
        return None

    def _contradictions(self) -> None:
        """Find two statements of one signer about one thing."""
        first: dict[tuple[str, ...], Said] = {}
        for one in sorted(self.said, key=lambda said: not said.key.convicts):
            typ, payload = one.typ, one.payload
            if typ == "voile-answer+jws":
                about = str(payload.get("agreementId")), str(payload.get("questionId"))
            elif typ.startswith("voile-cohort-") and "transcript" in payload:
                if typ in {"voile-cohort-released+jws", "voile-cohort-ended+jws"}:
                    typ = "outcome"  # a session is released or it has ended, never both
                about = str(payload["transcript"]), ""
            elif typ == "voile-cohort-table+jws" and "cohort" in payload:
                about = str(payload["cohort"]), ""
            else:
                continue
            other = first.setdefault((typ, one.signer, *about), one)
            if other.path != one.path:
                text = f"`{one.signer}` signed two different statements: see also {other.path}"
                self.accuse("contradiction", one.path, text, one.key, other.key)

    def _answers(self) -> None:
        """Check that each answer stands under a mutually signed agreement, within its count."""
        given: dict[tuple[str, str], int] = {}
        grants: dict[tuple[str, str], int | None] = {}  # an agreement may be long
        for one in self.said:
            if one.typ != "voile-answer+jws":
                continue
            name = str(one.payload.get("agreementId")), one.signer
            body, stages = self.contracts.get(name, ({}, 0))
            if stages != len(STAGES):
                text = "no agreement of its signer, signed by both sides, carries this answer"
                self.add("answer-without-agreement", one.path, text)
                continue
            sides = one.payload.get("provider"), one.payload.get("consumer")
            if sides != (str(body.get("assigner")), str(body.get("assignee"))):
                self.add("answer-parties", one.path, "it names other parties than its agreement")
            given[name] = given.get(name, 0) + 1
            if name not in grants:
                grants[name] = granted(body)
            if given[name] - 1 == grants[name]:
                self.add("answer-count", one.path, "more answers than the agreement grants")

    def _counts(self) -> None:
        """Hold what leaves count of answers and totals against what was signed, if it is here."""
        said = {f"sha-256:{one.path[7:-4]}": one for one in self.said}
        for index, leaf in enumerate(self.leaves):
            for digest in leaf.get("sig", ()) if leaf else ():
                one, query = said.get(digest), (leaf or {}).get("query", {})
                if one and one.typ == "voile-cohort-contribution+jws":
                    one = said.get(str(one.payload.get("cleared")))
                told = counted(one.typ, one.payload, query) if one else {}
                if any(query.get(name) != value for name, value in told.items()):
                    self.add("counted-otherwise", "log/entries.jsonl", f"leaf {index} miscounts")

    def _peer(self, folder: str, files: dict[str, bytes]) -> None:
        """Check the heads of another party's log: signatures, leaves, and each with the others."""
        try:
            did: str | None = read_peer(files.get("peer.json", b""))
        except Wrong as error:
            self.add("peer-malformed", f"{folder}/peer.json", str(error))
            did = None
        heads: list[tuple[str, Head]] = []
        logs, source = self.keys.logs(did) if did is not None else ([], "brought")
        for name, data in files.items():
            where = f"{folder}/{name}"
            seen = "PEER_CHECKPOINT" in self.named.get(digest_of(data), ())
            if name.endswith(".checkpoint") and not seen:
                self.add("peer-unlogged", where, "no leaf says that it was seen")
            if did is None or name == "peer.json":
                continue
            try:
                head = open_head(data, logs, source) if logs else read_head(data)[0]
                head = head._replace(keys=tuple(self.keys.judge(did, key) for key in head.keys))
            except Wrong as error:
                self.add("peer-checkpoint", where, str(error))
                continue
            if name != f"{head.size}-{head.root.hex()}.checkpoint":
                self.add("peer-place", where, "the name is another's")
            heads.append((where, head))
            late = max(head.keys, key=lambda key: key.replaced, default=None)
            if late and late.replaced and not self._before(digest_of(data), late.replaced):
                self._replaced(where, late)
        if did is None:
            return
        if folder.rsplit("/", 1)[-1] != folder_of(did):
            self.add("peer-place", folder, "the folder is another's")
        if heads and not logs:
            self.add("key-missing", folder, "no key of this log is known", "unchecked")
        elif heads and source == "brought":
            self._untrusted(did, folder)
        roots: dict[tuple[str, int], Head] = {}
        names: dict[str, Head] = {}
        for where, head in heads:
            for log in (f"name {head.origin}", *(f"key {key.thumbprint}" for key in head.keys)):
                other = roots.setdefault((log, head.size), head)
                if other.root != head.root:
                    text = f"`{did}` signed two roots for {head.size} leaves"
                    keys = (*head.keys, *other.keys) if head.keys and other.keys else ()
                    self.accuse("split-view", where, text, *keys)
                other = names.setdefault(log, head)
                if other.origin != head.origin:
                    text = f"`{did}` signs two logs with one key"
                    self.accuse("renamed-log", where, text, *head.keys, level="finding")

    def _promises(self, path: str, data: bytes) -> None:
        """Check what a party acknowledged: form, place, signature, and that a leaf tells of it."""
        *lines, rest = data.split(b"\n")
        if rest:
            self.add("ack-form", path, "the last line is not ended")
        seen: set[str] = set()
        for line in lines:
            try:
                by, corr, key, made = self._promise(line)
            except (Unknown, Unsupported) as error:
                code = "key-missing" if isinstance(error, Unknown) else "not-checkable"
                self.add(code, path, str(error), "unchecked")
                continue
            except Wrong as error:
                self.add("ack-signature", path, str(error))
                continue
            if path != f"acks/{folder_of(by)}.jsonl" or corr in seen:
                self.add("ack-form", path, "it is another party's, or stands there twice")
            seen.add(corr)
            if key.source == "brought":
                self._untrusted(by, path)
            at = self.marked.get((by, corr), self._stated.get(corr))
            if at is None:
                self.add("ack-unlogged", path, f"no leaf tells of the message `{corr}`")
            elif key.replaced and (at > key.replaced * 1000 or made > key.replaced):
                self._replaced(path, key)

    @functools.cached_property
    def _stated(self) -> dict[str, int]:
        """Give when a leaf first names each statement, by the mark that promises have of it."""
        made = functools.partial(hmac.digest, b"voile-statement-v1", digest="sha256")
        return {f"hmac-sha-256:{made(d.encode()).hex()}": at for d, at in self.dated.items()}

    def _promise(self, line: bytes) -> tuple[str, str, Key, int]:
        by, corr, jws, payload = read_promise(line)

        def find(kid: str) -> Key:
            if kid.partition("#")[0] != by:
                raise Wrong("a promise that another has signed")
            key = self.keys.find(by, kid)
            if kid != f"{by}#{key.thumbprint}":
                raise Wrong("a promise that names its key otherwise than by its digest")
            return key

        _, key, made = open_jws(jws, "voile-ack+jws", find, payload, 1536)
        if made is None:
            raise Wrong("a promise that is not dated")
        return by, corr, key, made

    def _openings(self) -> None:
        """Check each opened detail against its commitment, and that none is left out."""
        where, said = "opened/entries.jsonl", self.manifest.opened
        data = self.files.get(where)
        for path in self.files:
            if path.startswith("opened/total-"):
                text = "an opened total, whose ciphertexts are not checked here"
                self.add("not-checkable", path, text, "unchecked")
        if data is None:
            if said != "none":
                self.add("opening", where, "announced, and not there")
            return
        if said == "none":
            self.add("opening", where, "there, and the manifest says that nothing is opened")
        *lines, rest = data.split(b"\n")
        if rest:
            self.add("opening", where, "the last line is not ended")
        seen: set[str] = set()
        for number, line in enumerate(lines):
            try:
                self._opening(line, seen)
            except Wrong as error:
                self.add("opening", where, f"line {number}: {error}")
        present = seen | self._erased()
        chosen = {(self.leaves[self.by_id[name]] or {}).get("process") for name in seen}
        for index, leaf in enumerate(self.leaves):
            if leaf is None or "commit" not in leaf or leaf["id"] in present:
                continue
            msg = leaf.get("msg", {})  # contributions are opened with their session only
            given = (msg.get("type"), msg.get("direction")) == ("CohortContribution", "out")
            of_chosen = "process" in leaf and leaf["process"] in chosen
            if (said == "all" and not given) or (said == "sessions" and of_chosen):
                self.add("opening", where, f"the detail of leaf {index} is left out")

    def _opening(self, line: bytes, seen: set[str]) -> None:
        value = canonical(line, limit=16 * MIB)
        _expect(value, {"id": None, "salt": None, "detail": None})
        name, salt, detail = value["id"], value["salt"], value["detail"]
        if not isinstance(name, str) or not isinstance(salt, str):
            raise Wrong("an opening whose id or salt is no text")
        leaf = self.leaves[self.by_id[name]] if name in self.by_id else None
        if leaf is None or "commit" not in leaf:
            raise Wrong("it opens no leaf that has a commitment")
        if name in seen:
            raise Wrong("it opens a leaf a second time")
        seen.add(name)
        key, text = unb64(salt, url=True), jcs(detail).encode()
        mark = "hmac-sha-256:" + hmac.new(key, text, hashlib.sha256).hexdigest()
        if len(key) != 32 or mark != leaf["commit"]:
            raise Wrong("it is not the detail that was committed to")
        jws = detail.get("jws") if isinstance(detail, dict) else None
        if isinstance(jws, str) and "sig" in leaf and digest_of(jws.encode()) not in leaf["sig"]:
            raise Wrong("its leaf names another signature than the detail holds")

    def _erased(self) -> set[str]:
        """Give the ids of leaves whose detail a later leaf says was destroyed."""
        found: set[str] = set()
        for index, leaf in enumerate(self.leaves):
            if leaf is not None and leaf["kind"] == "ERASED":
                named = leaf.get("query", {}).get("entries")
                texts = [n for n in named if isinstance(n, str)] if isinstance(named, list) else []
                found |= {name for name in texts if self.by_id.get(name, index) < index}
        return found

    def _not_held(self) -> None:
        """Name what leaves name and the bundle does not hold."""
        held = {f"sha-256:{path[7:-4]}" for path in self.files if path.startswith("signed/")}
        held |= {digest_of(data) for path, data in self.files.items()
                 if (path.startswith("agreements/") and path.endswith(".jws"))
                 or (path.startswith("peers/") and path.endswith(".checkpoint"))}  # fmt: skip
        kinds = {"AGREEMENT", "PEER_CHECKPOINT"}
        kinds |= {"ANSWER", "COHORT"} if self.manifest.opened == "all" else set()
        for index, leaf in enumerate(self.leaves):
            if leaf is None or leaf["kind"] not in kinds:
                continue
            told = leaf.get("query", {}).get("table") if leaf["kind"] == "COHORT" else None
            if told in ("marks", "changes") and leaf.get("role") == "aggregator":
                continue  # somebody's marks, which their owner opens from its own log
            if set(leaf.get("sig", ())) - held:
                text = f"leaf {index} names what is not in the bundle"
                self.add("not-held", "log/entries.jsonl", text)

    def _describe(self) -> None:
        origin, size, root = self.manifest.head
        self.facts |= {"party": self.manifest.did, "created": self.manifest.created,
                       "origin": origin, "size": size, "root": root.hex()}  # fmt: skip
        ends = {"stages": ("agreements/", ".jws"), "statements": ("signed/", ""),
                "peerCheckpoints": ("peers/", ".checkpoint")}  # fmt: skip
        self.counts["leaves"] = len(self.leaves)
        for name, (start, end) in ends.items():
            self.counts[name] = sum(p.startswith(start) and p.endswith(end) for p in self.files)
        self.counts["opened"] = self.files.get("opened/entries.jsonl", b"").count(b"\n")

    @property
    def code(self) -> int:
        """0 clean, 1 findings, 3 something unchecked."""
        levels = {one.level for one in self.found}
        return 1 if levels & {"finding", "proof"} else 3 if levels else 0


def granted(agreement: Mapping[str, Any]) -> int | None:
    """Give how many answers an agreement grants: the largest number of any permission."""

    def objects(value: Any) -> list[dict[str, Any]]:
        return [one for one in (value if isinstance(value, list) else [value])
                if isinstance(one, dict)]  # fmt: skip

    def bare(one: dict[str, Any], name: str) -> str:
        return str(one.get(name)).removeprefix("http://www.w3.org/ns/odrl/2/").removeprefix("odrl:")

    limits: list[int] = []
    for permission in objects(agreement.get("permission")):
        texts = [str(one.get("rightOperand")) for one in objects(permission.get("constraint"))
            if (bare(one, "leftOperand"), bare(one, "operator")) == ("count", "lteq")]  # fmt: skip
        numbers = [int(text.lstrip("0")[:19] or "0") for text in texts
                   if re.fullmatch("[0-9]+", text)]  # fmt: skip
        if not numbers:
            return None
        limits.append(min(numbers))
    return max(limits, default=None)


def counted(typ: str, payload: Mapping[str, Any], query: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a leaf must say of a signed answer or list of cells; of others nothing."""
    if typ == "voile-cohort-cleared+jws" and "released" in query:
        columns = payload.get("columns")
        if not isinstance(columns, list) or not all(isinstance(one, str) for one in columns):
            return {}
        cleared = ["1" in marks for marks in zip(*columns, strict=False)]
        rest = cleared.count(False)
        told = rest if isinstance(query.get("withheld"), int) else {"cohort": rest}
        return {"released": cleared.count(True), "withheld": told}
    get: Any = payload.get
    cells, others, of, left = map(get, ("cells", "withheld", "dataVersion", "leftOut"))
    listed = isinstance(cells, list) and isinstance(others, list) and isinstance(of, dict)
    if typ != "voile-answer+jws" or not listed or payload.get("v", 1) not in (1, 2):
        return {}
    reasons: dict[Any, int] = {}
    for cell in others:
        more = cell.get("statuses", {}) if isinstance(cell, dict) else ()
        why = [cell.get("reason"), *more.values()] if isinstance(more, dict) else [None]
        if not all(isinstance(one, str) for one in why):
            return {}
        if "released" in query or set(why) <= {"blocked", "merged", "withheld", "mixed"}:
            reasons[why[0]] = reasons.get(why[0], 0) + 1
    count = len(cells) + len(others) + left if type(left) is int else -1
    many = {"released": len(cells), "cells": count}  # by the form of the leaf: either, or both
    many = {name: many[name] for name in many if name in query} or {"cells": count}
    return many | {"mode": get("mode"), "product": get("product"), "withheld": reasons,
                   "dataVersion": of.get("digest")}  # fmt: skip


# --- the command ---------------------------------------------------------------------------------


def read_folder(folder: str) -> tuple[dict[str, bytes], list[Finding]]:
    """Read the plain files of a bundle, but ``verify.py``: no bundle vouches for a verifier."""
    top = Path(folder)
    if top.is_symlink() or not top.is_dir():
        raise Unreadable(f"`{folder}` is no folder")
    files: dict[str, bytes] = {}
    odd: list[Finding] = []
    left = MAX_BYTES
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        for entry in sorted(os.scandir(top / prefix), key=lambda one: one.name):
            path = prefix + entry.name
            if entry.is_dir(follow_symlinks=False) and path.count("/") < MAX_DEPTH:
                waiting.append(f"{path}/")
            elif not entry.is_file(follow_symlinks=False) or not PATH.fullmatch(path):
                shown = path.encode("utf-8", "backslashreplace").decode()
                odd.append(Finding("finding", "file-odd", shown, "no plain file with a plain name"))
            elif path != "verify.py":
                files[path] = _read(top / path, left)
                left -= len(files[path])
            if len(files) + len(odd) > MAX_FILES:
                raise Unreadable(f"more than {MAX_FILES} files")
    if not files:
        raise Unreadable(f"`{folder}` is empty")
    return files, odd


def _read(path: Path, limit: int) -> bytes:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_size > limit:
            raise Unreadable(f"`{path}` is no plain file, or too large")
        return file.read(limit + 1)


def report(check: Check | None, error: str = "") -> dict[str, Any]:
    """Give a result as JSON has it."""
    code = 2 if check is None else check.code
    value: dict[str, Any] = {"outcome": OUTCOMES[code], "exit": code}
    if check is None:
        return value | {"error": error}
    found = [one._asdict() for one in check.found]
    return value | check.facts | {"counts": check.counts, "findings": found}


def main(arguments: list[str]) -> int:
    """Check a bundle and say what was found; give the exit code."""
    parser = argparse.ArgumentParser(prog="verify.py", description="Check a bundle of evidence.")
    parser.add_argument("bundle", metavar="BUNDLE", help="folder")
    parser.add_argument("--trust", metavar="FILE", help="keys that you trust")
    parser.add_argument("--json", action="store_true", help="one JSON value on standard output")
    given = parser.parse_args(arguments)
    METER.shown = True
    try:
        files, odd = read_folder(given.bundle)
        trust = Trust({})
        if given.trust:  # named by who runs this: a link or a pipe is as good as a file
            with Path(given.trust).open("rb") as file:
                trust = read_trust(file.read(16 * MIB + 1))
        check = Check(files, trust, int(time.time()))
        check.found.update(dict.fromkeys(odd))
        value = report(check.run())
    except (OSError, Wrong) as error:
        value = report(None, str(error))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    if given.json:
        sys.stdout.write(json.dumps(value, indent=2) + "\n")
        return int(value["exit"])
    lines = [value["outcome"], *(f"  {name:<16} {value[name]}" for name in
             ("error", "party", "origin", "size", "root") if name in value)]  # fmt: skip
    lines += [f"  {name:<16} {count}" for name, count in value.get("counts", {}).items()]
    lines += [f"  {one['signatures']:<16} {one['agreement']}" for one in value.get("contracts", ())]
    found = value.get("findings", [])
    lines += [f"{one['level']:<10} {one['where']}: {one['text']}" for one in found[:50]]
    lines += [f"... and {len(found) - 50} more: see --json"] if len(found) > 50 else []
    for line in lines:  # without what, of a stranger's text, would steer a terminal
        sys.stdout.write("".join(one if one.isprintable() else "\ufffd" for one in line) + "\n")
    return int(value["exit"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
