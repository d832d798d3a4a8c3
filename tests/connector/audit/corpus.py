"""Thousands of forged bundles, each made with the forger's own keys, and what each must be judged.

A *carrier* has no key at all: it changes bytes on the way. A *forger* is one of the two firms of a
`Deal`, with its own keys and nobody else's; a `stranger` is a key that the forger drew. Each kind
says which outcome its bundles have, and which code must be among the findings. What one bundle
cannot show by itself (a history written anew as a whole, an older export) is OK, and said so here:
`voile audit diff` finds those. The same seed gives the same bytes.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from contracts.audit import layout
from contracts.audit.agreements import agreement_name, write_agreement
from contracts.audit.layout import short_name
from contracts.audit.peers import checkpoint_name, write_peer
from contracts.audit.trust import Party, Trust, sign_register, write_trust
from contracts.signatures import STAGES, stage_payload
from crypto import jws, merkle, notes
from crypto.b64 import b64, b64url, unb64url
from crypto.canonical import canonical, digest_bytes
from crypto.keys import SigningKey
from tests.contracts.audit.test_forged_agreements import instead, signed, swapped_roles
from tests.contracts.audit.witnessed import (
    BUYER,
    EVERYBODY,
    MINUTE,
    SELLER,
    Book,
    Deal,
    Firm,
    ask,
    bundle_of,
    deal,
    stranger,
    trust_in,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from contracts.audit.verify import Bundle

OK, FINDINGS, UNCHECKED = ({"OK"}, {"FINDINGS"}, {"UNCHECKED"})
HUB, THIRD = Firm("did:web:hub.example"), Firm("did:web:third.example")
L = 2**252 + 27742317777372353535851937790883648493
ENTRIES, OPENED = layout.ENTRIES, layout.OPENED
Files = dict[str, bytes]


@dataclass(frozen=True)
class Forged:
    """One bundle, and what must be said of it.

    Attributes:
        kind: of forgery.
        bundle: with the trust of the auditor.
        outcomes: one of these.
        code: among the findings; empty: nothing in particular.
        beyond: the second verifier cannot check it, and says so.
    """

    kind: str
    bundle: Bundle
    outcomes: frozenset[str]
    code: str = ""
    beyond: bool = False


Made = tuple["Bundle", set[str], str]
KINDS: dict[str, tuple[Callable[[random.Random], Iterator[Made]], bool]] = {}


def kind(make: Callable[[random.Random], Iterator[Made]]) -> Callable[..., Iterator[Made]]:
    """Enter a kind under its function's name."""
    KINDS[make.__name__] = make, make.__name__.startswith("beyond")
    return make


def corpus(name: str) -> list[Forged]:
    """Make all bundles of a kind."""
    make, beyond = KINDS[name]
    return [Forged(name, bundle, frozenset(outcomes), code, beyond)
            for bundle, outcomes, code in make(random.Random(name))]  # fmt: skip


# --- what is forged ------------------------------------------------------------------------------


def story(questions: int = 2) -> Deal:
    """An agreement, heads, questions, and the leaf that each export leaves."""
    made = deal(questions)
    for book in (made.buyer, made.seller):
        book.write(made.now, kind="ACCESS", to_state="EXPORTED")
    return made


def books(made: Deal) -> tuple[Book, Book]:
    return made.buyer, made.seller


HONEST = [made.bundle(book) for made in (story(1), story(3)) for book in books(made)]
CLOSED = [story(2).bundle(book, opened="none") for book in books(story(2))]


def carried(bundle: Bundle, change: Callable[[Files], None]) -> Bundle:
    """Change files on the way: nothing is signed."""
    files = dict(bundle.files)
    change(files)
    return replace(bundle, files=files)


def put(path: str, data: bytes | None) -> Callable[[Files], None]:
    """Give what replaces a file, or takes it away."""

    def change(files: Files) -> None:
        files.pop(path, None)
        if data is not None:
            files[path] = data

    return change


def own(made: Deal, book: Book, change: Callable[[Files], None], **how: Any) -> Bundle:
    """Change files as their own firm: the manifest is signed anew."""
    return made.bundle(book, change=change, **how)


def paths(bundle: Bundle, start: str, end: str = "") -> list[str]:
    return [path for path in sorted(bundle.files) if path.startswith(start) and path.endswith(end)]


def lines_of(data: bytes) -> list[bytes]:
    return data.split(b"\n")[:-1]


def text_of(lines: list[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def flipped(data: bytes, draw: random.Random) -> bytes:
    at = draw.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << draw.randrange(8)]) + data[at + 1 :]


# --- a carrier -----------------------------------------------------------------------------------


@kind
def honest(draw: random.Random) -> Iterator[Made]:
    """Nothing is changed."""
    yield from ((bundle, OK, "") for bundle in (*HONEST, *CLOSED))


@kind
def nobody_is_trusted(draw: random.Random) -> Iterator[Made]:
    """No trust file, or one of the other side alone: what vouches for itself is unchecked."""
    for bundle in (*HONEST, *CLOSED):
        yield replace(bundle, trust=Trust()), UNCHECKED, "key-untrusted"
        yield replace(bundle, trust=trust_in(THIRD)), UNCHECKED, "trust-foreign"
        for did in (BUYER, SELLER):
            yield replace(bundle, trust=trust_in(Firm(did))), UNCHECKED, "key-untrusted"


@kind
def flipped_bits(draw: random.Random) -> Iterator[Made]:
    """One bit of any file."""
    for bundle in HONEST[:2]:
        for path in sorted(bundle.files):
            for _ in range(12):
                yield carried(bundle, put(path, flipped(bundle.files[path], draw))), FINDINGS, ""


@kind
def moved_files(draw: random.Random) -> Iterator[Made]:
    """Files taken away, added, cut, lengthened, emptied, exchanged."""
    for bundle in (*HONEST, *CLOSED):
        every = sorted(bundle.files)
        for path in every:
            data = bundle.files[path]
            for bent in (None, data + b"\n", data[:-1], b"", data * 2):
                yield carried(bundle, put(path, bent)), FINDINGS, ""
            other = draw.choice([one for one in every if bundle.files[one] != data])
            both = {path: bundle.files[other], other: data}
            yield carried(bundle, lambda files, both=both: files.update(both)), FINDINGS, ""
        for path in ("added", "log/more", "agreements/x/agreement.json", "keys/a.json", "x/y/z"):
            yield carried(bundle, put(path, b"{}")), FINDINGS, "file-extra"


@kind
def moved_leaves(draw: random.Random) -> Iterator[Made]:
    """Leaves tampered with, reordered, cut, doubled: on the way."""
    for bundle in HONEST:
        for _ in range(12):
            yield carried(bundle, put(ENTRIES, text_of(bent(bundle, draw)))), FINDINGS, ""


def bent(bundle: Bundle, draw: random.Random) -> list[bytes]:
    lines = lines_of(bundle.files[ENTRIES])
    one, two = sorted(draw.sample(range(len(lines)), 2))
    sort = draw.randrange(6)
    if sort == 0:
        lines[one], lines[two] = lines[two], lines[one]
    elif sort == 1:
        del lines[one]
    elif sort == 2:
        lines = lines[:one] if one else lines[:1]
    elif sort == 3:
        lines.insert(one, lines[two])
    elif sort == 4:
        leaf = json.loads(lines[one])
        lines[one] = canonical(leaf | {"t": leaf["t"] + 1})
    else:
        lines[one] = lines[one][:-1] + b" }"
    return lines


@kind
def signed_by_a_stranger(draw: random.Random) -> Iterator[Made]:
    """The manifest made anew, signed with a key of the carrier under the innocent's kid."""
    for bundle in HONEST:
        manifest = layout.read_manifest(bundle.files[layout.MANIFEST])
        for path in paths(bundle, ""):
            if path in {layout.MANIFEST, layout.SIGNATURE}:
                continue
            files = {p: d for p, d in bundle.files.items() if not p.startswith("manifest")}
            files[path] = flipped(files[path], draw)
            listed = {p: layout.file_digest(d) for p, d in files.items()}
            data = layout.write_manifest(replace(manifest, files=listed))
            kid = Firm(manifest.did).agreements_kid
            text = jws.sign(data, stranger(), typ=layout.SIGNATURE_TYPE, kid=kid, detached=True)
            files |= {layout.MANIFEST: data, layout.SIGNATURE: text.encode()}
            yield replace(bundle, files=files), FINDINGS, "manifest-signature"


class Imposter(Firm):
    """The DID of a firm, with keys that somebody else drew."""

    def __init__(self, did: str, seed: bytes = b"i") -> None:
        super().__init__(did)
        self.agreements, self.log = stranger(seed), stranger(seed + b" log")


@kind
def whole_forgeries(draw: random.Random) -> Iterator[Made]:
    """Everything of a firm signed with keys that only the bundle brings under its name."""
    for did in (BUYER, SELLER):
        for number in range(6):
            book = Book(Imposter(did, bytes([number])))
            for at in range(1 + number):
                book.write(1_795_000_000_000 + at, kind="ACCESS", to_state="EXPORTED")
            brought = put(layout.PARTIES, write_trust(trust_in(book.firm)))
            for trust, outcome, code in (
                (Trust(), UNCHECKED, "log-untrusted"),
                (trust_in(THIRD), UNCHECKED, "trust-foreign"),
                (EVERYBODY, FINDINGS, "checkpoint"),
            ):
                bundle = bundle_of(book, {}, at=1_795_000_100_000, trust=trust, change=brought)
                yield bundle, outcome, code


# --- a firm with its own keys: the log -----------------------------------------------------------


@kind
def own_leaves_under_the_old_head(draw: random.Random) -> Iterator[Made]:
    """Leaves changed and a new manifest: the head that was signed is another's."""
    made = story(3)
    for book in books(made):
        bundle = made.bundle(book)
        for _ in range(20):
            lines = bent(bundle, draw)
            hashes = b"".join(map(merkle.leaf_hash, lines))

            def change(files: Files, lines: list[bytes] = lines, hashes: bytes = hashes) -> None:
                files[ENTRIES] = text_of(lines)
                if draw.random() < 0.5:
                    files[layout.LEAF_HASHES] = hashes

            yield own(made, book, change), FINDINGS, ""


@kind
def deep_flips(draw: random.Random) -> Iterator[Made]:
    """One bit of any file that is evidence, and a new manifest by its firm."""
    made = story(2)
    tops = ("log/", "checkpoint", "agreements/", "signed/", "peers/", "opened/")
    for book in books(made):
        files = made.bundle(book).files
        for path in [path for path in sorted(files) if path.startswith(tops)]:
            old = layout.read_manifest(files[layout.MANIFEST])
            for _ in range(8):
                data = flipped(files[path], draw)
                yield signed_over(book, made, put(path, data), old), FINDINGS, ""


@kind
def histories_written_anew(draw: random.Random) -> Iterator[Made]:
    """Leaves changed, left out at the end, or added, under a new head: nothing shows by itself."""
    made = story(2)
    for book in books(made):
        for at, line in enumerate(book.lines):
            lines = list(book.lines)
            lines[at] = canonical(json.loads(line) | {"sw": f"voile/{at}"})
            yield own(made, book, lambda _: None, lines=lines), OK, ""
        lines = [*book.lines, canonical(json.loads(book.lines[-1]) | {"id": "0" * 32})]
        yield own(made, book, lambda _: None, lines=lines), OK, ""


@kind
def older_bundles(draw: random.Random) -> Iterator[Made]:
    """An export of before: as honest as the newer one."""
    made = story(2)
    for book in books(made):
        old = list(book.lines), made.now // 1000
        ask(made, 7)
        made.now += MINUTE
        yield own(made, book, lambda _: None, lines=old[0], created=old[1]), OK, ""


@kind
def cut_logs(draw: random.Random) -> Iterator[Made]:
    """The log cut anywhere, under a new head; the agreement and what it was held for stay."""
    made = story(3)
    for book in books(made):
        held = {path: data for path, data in made.bundle(book).files.items()
                if path.startswith(("agreements/", "signed/", "peers/"))}  # fmt: skip
        last = max(at for at, line in enumerate(book.lines) if b'"sig"' in line)
        for size in range(last + 1):
            bundle = own(
                made, book, lambda files, held=held: files.update(held), lines=book.lines[:size]
            )
            yield bundle, FINDINGS, ""


@kind
def wrong_heads(draw: random.Random) -> Iterator[Made]:
    """Heads that are foreign, older, of another root or name, or signed by nobody who may."""
    made = story(2)
    for book in books(made):
        firm, lines = book.firm, book.lines
        other = Firm(SELLER if firm.did == BUYER else BUYER)
        good = firm.head(lines)
        forged = notes.sign_checkpoint(
            firm.origin, len(lines), notes.parse_checkpoint(good).root, stranger(), firm.origin
        )
        for note in (
            other.head(lines), firm.head(lines[:-1]), firm.head([*lines, b"{}"]), forged,
            firm.head(lines, origin="another.example/log"), firm.head([]), b"", b"x",
            good.replace(firm.origin.encode(), other.origin.encode(), 1),
            good + good.rpartition(b"\n\n")[2] * 64, good[:-1], good.replace(b"\n\n", b"\n"),
            good.replace("\u2014".encode(), b"-"), good + b"\n", good.replace(b" ", b"  "),
        ):  # fmt: skip
            old = layout.read_manifest(made.bundle(book).files[layout.MANIFEST])

            def change(files: Files, note: bytes = note) -> None:
                files[layout.CHECKPOINT] = note

            yield signed_over(book, made, change, old), FINDINGS, ""


def signed_over(book: Book, made: Deal, change: Callable[[Files], None],
                old: layout.Manifest, **facts: Any) -> Bundle:  # fmt: skip
    """Change files as their own firm, and name what one likes in the manifest."""
    bundle = made.bundle(book)
    files = {p: d for p, d in bundle.files.items() if not p.startswith("manifest")}
    change(files)
    listed = {path: layout.file_digest(data) for path, data in files.items()}
    return under(book.firm, bundle, files, layout.write_manifest(
        replace(old, files=listed, **facts)))  # fmt: skip


def under(firm: Firm, bundle: Bundle, files: Files, manifest: bytes) -> Bundle:
    """Sign a manifest, whatever it says."""
    text = jws.sign(manifest, firm.agreements, typ=layout.SIGNATURE_TYPE,
                    kid=firm.agreements_kid, detached=True)  # fmt: skip
    both = {layout.MANIFEST: manifest, layout.SIGNATURE: text.encode()}
    return replace(bundle, files=files | both)


def spelled(text: str, key: SigningKey, name: str, *, more: bytes = b"") -> bytes:
    """Sign any text as a note: also one that `sign_note` would not."""
    body = text.encode()
    line = b64(Firm_key_id(name, key) + key.sign(body))
    return body + f"\n\u2014 {name} {line}\n".encode() + more


def Firm_key_id(name: str, key: SigningKey) -> bytes:  # noqa: N802 -- beside `spelled` only
    return bytes.fromhex(notes.vkey(name, key.public).split("+")[1])


@kind
def spelled_heads(draw: random.Random) -> Iterator[Made]:
    """The true head in another spelling, signed by its firm: one form counts, the rest is none."""
    made = story(1)
    for book in books(made):
        firm = book.firm
        head = notes.parse_checkpoint(firm.head(book.lines))
        name, size, root = firm.origin, str(head.size), b64(head.root)
        bad = (f"0{size}", f"+{size}", f"{size} ", f" {size}", f"{size}\r", f"{size}.0", "1_5", "",
               "\u0661\u0665", f"-{size}", "9" * 20, str(2**63), "0x0f")  # fmt: skip
        texts = [f"{name}\n{one}\n{root}\n" for one in bad]
        texts += [f"{name}\n{size}\n{one}\n" for one in (root[:-1], root + "=", f" {root}", "",
                  b64(head.root[:-1]), b64url(head.root), root.replace("=", "\x00"))]  # fmt: skip
        texts += [f"{name}\n{size}\n", f"{name}\t\n{size}\n{root}\n", f"{name}\n\n{size}\n{root}\n",
                  f"{name}\n{size}\n{root}\n\nmore\n", f"{name}\x7f\n{size}\n{root}\n",
                  f"{name}\x85\n{size}\n{root}\n"]  # fmt: skip
        for text in texts:
            yield own_head(made, book, spelled(text, firm.log, name)), FINDINGS, "checkpoint"
        good = f"{name}\n{size}\n{root}\n"
        for text in (good, good + "an extension\n", good + "\u2028\n"):
            yield own_head(made, book, spelled(text, firm.log, name)), OK, ""
        other = spelled(good, stranger(), "witness.example").rpartition(b"\n\n")[2]
        for more in (other, other * 63):
            yield own_head(made, book, spelled(good, firm.log, name, more=more)), OK, ""
        same = spelled(good, stranger(), name).rpartition(b"\n\n")[2]
        yield own_head(made, book, spelled(good, firm.log, name, more=same)), OK, ""
        signature = firm.log.sign(good.encode())
        for wrong in (malleated(signature), signature[:-1], signature + b"\0", signature[::-1],
                      b"\0" * 64, b"\1" + b"\0" * 63):  # fmt: skip
            line = b64(Firm_key_id(name, firm.log) + wrong)
            note = good.encode() + f"\n\u2014 {name} {line}\n".encode()
            yield own_head(made, book, note), FINDINGS, "checkpoint"
            note = spelled(good, firm.log, name, more=f"\u2014 {name} {line}\n".encode())
            yield own_head(made, book, note), FINDINGS, "checkpoint"


def malleated(signature: bytes) -> bytes:
    """The same signature with S + L instead of S: one that lax verifiers take."""
    number = int.from_bytes(signature[32:], "little") + L
    return signature[:32] + number.to_bytes(32, "little")


def own_head(made: Deal, book: Book, note: bytes) -> Bundle:
    old = layout.read_manifest(made.bundle(book).files[layout.MANIFEST])
    return signed_over(book, made, put(layout.CHECKPOINT, note), old)


@kind
def junk_in_leaves(draw: random.Random) -> Iterator[Made]:
    """Members of leaves exchanged for anything, under a new head."""
    made = story(2)
    for book in books(made):
        for _ in range(50):
            lines = list(book.lines)
            at = draw.randrange(len(lines))
            leaf = json.loads(lines[at])
            lines[at] = written(junked(leaf, draw), draw)
            if b"\n" in lines[at] or lines[at] == book.lines[at]:
                continue
            yield own(made, book, lambda _: None, lines=lines), OK | FINDINGS, ""


JUNK: tuple[Any, ...] = (None, True, False, 0, 1, -1, 1.5, 2.0, 1e21, 1e-7, 2**53, 2**53 - 1, "",
        "x", "\u202e\x1b[2J", "\U0001f600", "sha-256:" + "0" * 64, [], {}, [[]], ["x"], {"a": "b"},
        {"\U0001f600": 1, "\ufb01": 2}, [1, [2, [3, [4, [5, [6]]]]]], [None], {"": None})  # fmt: skip


def junked(value: Any, draw: random.Random) -> Any:
    """Exchange, take away or add one member, somewhere."""
    if isinstance(value, dict) and value and draw.random() < 0.9:
        name = draw.choice(sorted(value))
        sort = draw.randrange(5)
        if sort == 0:
            return {key: item for key, item in value.items() if key != name}
        if sort == 1:
            return value | {draw.choice(["x", "\ud7ff", "\ue000", "\U00010000", "v", "@id"]):
                            draw.choice(JUNK)}  # fmt: skip
        return value | {name: junked(value[name], draw)}
    if isinstance(value, list) and value and draw.random() < 0.8:
        at = draw.randrange(len(value))
        return [*value[:at], junked(value[at], draw), *value[at + 1 :]]
    return draw.choice(JUNK)


def written(value: Any, draw: random.Random) -> bytes:
    """Write JSON: mostly canonical, sometimes in another spelling."""
    sort = draw.randrange(8)
    if sort == 0:
        return json.dumps(value).encode()
    if sort == 1:
        return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"),
                      sort_keys=sort != 2)  # fmt: skip
    return text.encode("utf-8", "surrogatepass")


SPELLINGS: tuple[Callable[[bytes], bytes], ...] = (
    lambda data: b"\xef\xbb\xbf" + data,
    lambda data: b" " + data,
    lambda data: data + b" ",
    lambda data: data.replace(b":", b": ", 1),
    lambda data: data[:-1] + b"," + data[1:],  # every member twice
    lambda data: data[:-1] + b',"x":1}',
    lambda data: data[:-1] + b',"zz":NaN}',
    lambda data: data[:-1] + b',"zz":1e999}',
    lambda data: data[:-1] + b',"zz":' + b"9" * 5000 + b"}",
    lambda data: data[:-1] + b',"zz":-0}',
    lambda data: data[:-1] + b',"zz":1.0}',
    lambda data: data[:-1] + b',"zz":"\\ud800"}',
    lambda data: data[:-1] + b',"zz":"\xff"}',
    lambda data: data[:-1] + b',"zz":' + b"[" * 3000 + b"]" * 3000 + b"}",
    lambda data: data[:-1] + b',"zz":' + b"[" * 100_000,
    lambda data: data[:-1] + b',"zz":"' + b'\\"' * 50_000,
    lambda data: data[:-1] + b',"zz":"\x00"}',
    lambda data: data.replace(b"e", b"\\u0065", 1),
    lambda data: data.replace(b'"', b"'"),
    lambda data: b"[" + data + b"]",
    lambda _: b"",
    lambda _: b"{}",
    lambda _: b"null",
)


@kind
def spelled_files(draw: random.Random) -> Iterator[Made]:
    """JSON files in another spelling, with members twice, too deep, with numbers that are none."""
    made = story(1)
    for book in books(made):
        bundle = made.bundle(book)
        agreement, peer = (paths(bundle, top, ".json")[0] for top in ("agreements/", "peers/"))
        for spell in SPELLINGS:
            for path in (agreement, peer):
                yield own(made, book, put(path, spell(bundle.files[path]))), FINDINGS, ""
            for path in (ENTRIES, OPENED):
                lines = lines_of(bundle.files[path])
                at = draw.randrange(len(lines))
                lines[at] = spell(lines[at])
                yield own(made, book, put(path, text_of(lines))), FINDINGS, ""
            data = spell(bundle.files[layout.MANIFEST])
            files = dict(bundle.files)
            yield under(book.firm, bundle, files, data), FINDINGS, "manifest"


@kind
def junk_in_files(draw: random.Random) -> Iterator[Made]:
    """Members of agreements, openings, peers and keys exchanged for anything; signed anew."""
    made = story(2)
    for book in books(made):
        bundle = made.bundle(book)
        agreement, peer = (paths(bundle, top, ".json")[0] for top in ("agreements/", "peers/"))
        for _ in range(24):
            for path, outcomes in ((agreement, FINDINGS), (peer, FINDINGS)):
                data = written(junked(json.loads(bundle.files[path]), draw), draw)
                if data != bundle.files[path]:
                    yield own(made, book, put(path, data)), outcomes, ""
            data = written(junked(json.loads(bundle.files[layout.PARTIES]), draw), draw)
            yield own(made, book, put(layout.PARTIES, data)), OK | FINDINGS, ""
            weak = own(made, book, put(layout.PARTIES, data), trust=Trust())
            yield weak, FINDINGS | UNCHECKED, ""
            lines = lines_of(bundle.files[OPENED])
            at = draw.randrange(len(lines))
            before = lines[at]
            lines[at] = written(junked(json.loads(before), draw), draw)
            if lines[at] != before:
                yield own(made, book, put(OPENED, text_of(lines))), FINDINGS, "opening"


@kind
def junk_in_manifests(draw: random.Random) -> Iterator[Made]:
    """Members of the manifest exchanged for anything; signed by its firm."""
    made = story(1)
    for book in books(made):
        bundle = made.bundle(book)
        value = json.loads(bundle.files[layout.MANIFEST])
        for _ in range(30):
            data = written(junked(value, draw), draw)
            if data == bundle.files[layout.MANIFEST]:
                continue
            outcomes = OK | FINDINGS | UNCHECKED  # another name of the software is none of ours
            yield under(book.firm, bundle, dict(bundle.files), data), outcomes, ""


SORTS: tuple[Any, ...] = (None, True, 0, -1, 1.5, "", "x", [], {}, ["x"], {"a": "b"}, [{}])


def everywhere(value: Any) -> Iterator[Any]:
    """Put one of each sort of JSON in the place of each member, one at a time."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from (value | {name: other} for other in (*SORTS, *everywhere(item)))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from ([*value[:at], other, *value[at + 1 :]]
                        for other in (*SORTS, *everywhere(item)))  # fmt: skip


@kind
def every_sort_in_files(draw: random.Random) -> Iterator[Made]:
    """Every sort of value in every place of manifest, agreement, peer and keys; signed anew."""
    made = story(1)
    book = made.buyer
    bundle = made.bundle(book)
    agreement, peer = (paths(bundle, top, ".json")[0] for top in ("agreements/", "peers/"))
    for path in (agreement, peer):
        for value in everywhere(json.loads(bundle.files[path])):
            yield own(made, book, put(path, canonical(value))), OK | FINDINGS, ""
    value = json.loads(bundle.files[layout.MANIFEST])
    value["files"] = {path: value["files"][path] for path in ("checkpoint",)}
    for other in everywhere(value):
        yield under(book.firm, bundle, dict(bundle.files), canonical(other)), FINDINGS, ""
    value = json.loads(bundle.files[layout.PARTIES])
    value["parties"] = value["parties"][:1]
    for other in everywhere(value):
        yield own(made, book, put(layout.PARTIES, canonical(other))), OK | FINDINGS, ""


@kind
def every_sort_in_leaves(draw: random.Random) -> Iterator[Made]:
    """Every sort of value in every place of one leaf that has everything; under a new head."""
    made = story(1)
    book = made.seller
    book.write(made.now, kind="ERASED", role="provider", counterparty=BUYER, agreement="urn:a",
               process="p", from_state="A", to_state="B", corr="c", actor="a", sig=("sha-256:0",),
               msg={"direction": "out", "type": "T", "id": "i"}, policy={"rules": ["x"]},
               query={"entries": ["0" * 32], "table": "marks"}, detail={"x": 1})  # fmt: skip
    for value in everywhere(json.loads(book.lines[-1])):
        lines = [*book.lines[:-1], canonical(value)]
        yield own(made, book, lambda _: None, lines=lines), OK | FINDINGS, ""


@kind
def every_sort_in_what_an_aggregator_was_sent(draw: random.Random) -> Iterator[Made]:
    """Leaves of marks and of changes, which their members open, and of whatever else is said there."""
    made = story(1)
    book = made.seller
    book.write(made.now, kind="COHORT", role="aggregator", sig=(f"sha-256:{'0' * 64}",),
               query={"table": "marks"})  # fmt: skip
    leaf = json.loads(book.lines[-1])
    for table in ("marks", "changes", "renewed", *SORTS):
        lines = [*book.lines[:-1], canonical(leaf | {"query": {"table": table}})]
        told = OK if table in ("marks", "changes") else OK | FINDINGS
        yield own(made, book, lambda _: None, lines=lines), told, ""


@kind
def every_sort_in_statements(draw: random.Random) -> Iterator[Made]:
    """Every sort of value in every place of an answer, an outcome, an opening; each with a leaf."""
    made = story(1)
    book = made.seller
    answer = {"agreementId": made.agreement, "provider": SELLER, "consumer": BUYER,
              "questionId": "q", "value": 1}  # fmt: skip
    outcome = {"transcript": "t", "cohort": "c"}
    kept = len(book.lines)
    for typ, payload in (("voile-answer+jws", answer), ("voile-cohort-ended+jws", outcome),
                         ("voile-cohort-table+jws", outcome)):  # fmt: skip
        for value in (payload, *everywhere(payload), *SORTS):
            digest = book.say(book.firm.says(typ, value))
            book.write(made.now, kind="COHORT", sig=(digest,))
            yield made.bundle(book), OK | FINDINGS, ""
            del book.lines[kept:], book.signed[digest]
    lines = lines_of(made.bundle(book).files[OPENED])
    for value in everywhere(json.loads(lines[0])):
        data = text_of([canonical(value), *lines[1:]])
        yield own(made, book, put(OPENED, data)), FINDINGS, "opening"


# --- what leaves count of what was signed ----------------------------------------------------------

VERSION = "sha-256:" + "d" * 64
COUNTED = {  # an answer of version 2 about six cells, one of which HAVING or LIMIT left out
    "agreementId": "urn:agreement:1", "provider": SELLER, "consumer": BUYER, "questionId": "counted",
    "v": 2, "mode": "masked", "product": "deliveries", "dataVersion": {"digest": VERSION, "number": 1},
    "cells": [{"key": ["a"]}, {"key": ["b"], "statuses": {"x": "blocked"}}, {"key": ["c"]}],
    "withheld": [{"key": ["d"], "reason": "blocked"},
                 {"key": ["e"], "reason": "merged", "statuses": {"x": "merged", "y": "minGroupSize"}}],
    "leftOut": 1,
}  # fmt: skip
SAME = {"mode": "masked", "product": "deliveries", "dataVersion": VERSION}
FORMS = (  # of the leaf: that of now, and that of before
    SAME | {"cells": 6, "withheld": {"blocked": 1}},
    SAME | {"released": 3, "withheld": {"blocked": 1, "merged": 1}},
)


def counting(made: Deal, book: Book, signed: bytes, **leaf: Any) -> str:
    """Write a leaf about a statement, which the bundle shows; give its digest."""
    digest = book.say(signed)
    other = SELLER if book.firm.did == BUYER else BUYER
    book.write(made.now, counterparty=other, agreement=made.agreement, sig=(digest,), **leaf)
    return digest


def with_last(book: Book, **change: Any) -> list[bytes]:
    """The leaves of a book, its last one written otherwise."""
    return [*book.lines[:-1], canonical(json.loads(book.lines[-1]) | change)]


@kind
def miscounted_answers(draw: random.Random) -> Iterator[Made]:
    """Each member of each form of leaf beside the signed answer: true, false, left out, or closed."""
    for form in FORMS:
        made = story(1)
        for book in books(made):
            signed = made.seller.firm.says("voile-answer+jws", COUNTED)
            counting(made, book, signed, kind="ANSWER", query=form)
            yield made.bundle(book), OK, ""
            for name, value in form.items():
                others: list[Any] = [0, -1, "x", {}, {"blocked": 2}, {"blocked": 1, "having": 1}]
                wrong = [form | {name: one} for one in others if one != value]
                wrong.append({key: one for key, one in form.items() if key != name})
                wrong += [form | {"cells": 7, "released": 3}, form | {"cells": 6, "released": 4}]
                for query in wrong:
                    lines = with_last(book, query=query)
                    yield (
                        own(made, book, lambda _: None, lines=lines),
                        FINDINGS,
                        "counted-otherwise",
                    )
                    yield own(made, book, lambda _: None, lines=lines, opened="none"), OK, ""


@kind
def miscounted_totals(draw: random.Random) -> Iterator[Made]:
    """Released and withheld cells in leaves of buyer, supplier and operator, beside the signed list."""
    cleared = {"transcript": "t", "columns": ["0110", "0100"]}
    for plain in (False, True):
        made = story(1)
        for book in books(made):
            right = {"released": 2, "withheld": 2 if plain else {"cohort": 2}}
            told = {"kind": "COHORT" if plain else "ANSWER", "query": right}
            signed = made.seller.firm.says("voile-cohort-cleared+jws", cleared)
            digest = counting(made, book, signed, **told)
            given = {"transcript": "t", "cleared": digest}
            signed = made.seller.firm.says("voile-cohort-contribution+jws", given)
            for last in (False, True):
                if last:
                    counting(made, book, signed, **told)
                yield made.bundle(book), OK, ""
                for query in ({"released": 1}, {"released": 3}, {"withheld": 3}, {"withheld": {}},
                              {"withheld": {"cohort": 1}}, {"released": "2"}):  # fmt: skip
                    lines = with_last(book, query=right | query)
                    yield (
                        own(made, book, lambda _: None, lines=lines),
                        FINDINGS,
                        "counted-otherwise",
                    )
                    yield own(made, book, lambda _: None, lines=lines, opened="none"), OK, ""


@kind
def every_sort_in_what_is_counted(draw: random.Random) -> Iterator[Made]:
    """Every sort of value in every place of a signed answer or list of cells, beside its leaf."""
    made = story(1)
    book = made.seller
    cells = {"transcript": "t", "columns": ["01", "11"]}
    kept = len(book.lines)
    for typ, payload, query in (("voile-answer+jws", COUNTED, FORMS[0]),
                                ("voile-answer+jws", COUNTED, FORMS[1]),
                                ("voile-cohort-cleared+jws", cells, {"released": 2})):  # fmt: skip
        for value in everywhere(payload):
            digest = counting(made, book, book.firm.says(typ, value), kind="ANSWER", query=query)
            yield made.bundle(book), OK | FINDINGS, ""
            del book.lines[kept:], book.signed[digest]


@kind
def impossible_paths(draw: random.Random) -> Iterator[Made]:
    """Files that a manifest names and that lead elsewhere, or steer a terminal."""
    made = story(1)
    for book in books(made):
        bundle = made.bundle(book)
        value = json.loads(bundle.files[layout.MANIFEST])
        for path in ("../x", "/etc/passwd", "a/../../b", "a//b", ".hidden", "x\x1b[2J", "a" * 101,
                     "a/b/c/d/e", "x ", "\u202e", "a\\b", "", "a/", "manifest.json", "C:x",
                     "verify.py"):  # fmt: skip
            entry = {"bytes": 0, "sha-256": "0" * 64}
            data = canonical(value | {"files": value["files"] | {path: entry}})
            yield under(book.firm, bundle, dict(bundle.files), data), FINDINGS, ""


# --- a firm with its own keys: dates, spaces, control characters ---------------------------------


@kind
def wrong_dates(draw: random.Random) -> Iterator[Made]:
    """Manifests of long ago or of the future; leaves that are dated back."""
    made = story(2)
    for book in books(made):
        for created in (0, 1, made.now // 1000 - 3600, made.now // 1000 + 10**6, 2**53 - 1):
            yield own(made, book, lambda _: None, created=created), FINDINGS, "manifest-time"
        for _ in range(8):
            lines = list(book.lines)
            at = draw.randrange(1, len(lines))
            leaf = json.loads(lines[at])
            lines[at] = canonical(leaf | {"t": leaf["t"] - 3_600_000})
            yield own(made, book, lambda _: None, lines=lines), FINDINGS, "leaf-backdated"
            lines[at] = canonical(leaf | {"t": leaf["t"] + 10**9})
            yield own(made, book, lambda _: None, lines=lines), FINDINGS, ""


@kind
def wrong_space(draw: random.Random) -> Iterator[Made]:
    """A manifest of another space than its leaves; single leaves of another space."""
    made = story(2)
    for book in books(made):
        old = layout.read_manifest(made.bundle(book).files[layout.MANIFEST])
        for space in ("urn:other", "urn:space ", "urn:Space", "\x1b[2J"):
            bundle = signed_over(book, made, lambda _: None, old, space=space)
            yield bundle, FINDINGS, "leaf-space"
        for at in range(len(book.lines)):
            lines = list(book.lines)
            lines[at] = canonical(json.loads(lines[at]) | {"space": "urn:other"})
            yield own(made, book, lambda _: None, lines=lines), FINDINGS, "leaf-space"


EVIL = "\x1b[2J\x1b]0;x\x07\u202e\u2066\x9b1m\u200b\r\x00"


@kind
def control_characters(draw: random.Random) -> Iterator[Made]:
    """Texts that steer a terminal, where texts may be anything: no finding, and never shown raw."""
    for _ in range(10):
        made = story(1)
        firms = books(made)
        book = firms[draw.randrange(2)]
        book.write(made.now, kind="QUESTION", counterparty=EVIL, agreement=EVIL, actor=EVIL,
                   msg={"direction": EVIL, "type": EVIL, "id": EVIL}, corr=EVIL,
                   query={EVIL: EVIL}, detail={EVIL: [EVIL]})  # fmt: skip
        yield made.bundle(book), OK, ""
        other = Firm(f"did:web:{EVIL}")
        book.see(made.now, other, made.buyer.firm.head([], origin="evil\x9b/log"))
        yield made.bundle(book), UNCHECKED, "key-missing"


# --- a firm with its own keys: agreements and statements -----------------------------------------


def agreed(book: Book, made: Deal, number: int, stages: dict[str, bytes], *, leaf: bool = True,
           final: bool = False, assigner: str = SELLER, **body: Any) -> Callable[[Files], None]:  # fmt: skip
    """Write a further agreement of these stages, with its leaves or without."""
    agreement = {"@id": f"urn:agreement:more{number}", "assigner": assigner,
                 "assignee": BUYER if assigner == SELLER else SELLER, "permission": []} | body  # fmt: skip
    folder = f"agreements/{short_name(agreement_name(agreement, 'urn:p'))}"
    if leaf:
        other = "assignee" if book.firm.did == agreement["assigner"] else "assigner"
        party = {"agreement": agreement["@id"], "counterparty": agreement[other]}
        told = {**party, "kind": "NEGOTIATION"}
        book.write(made.now, to_state="FINALIZED" if final else "AGREED", **told)
        for name, data in stages.items():
            book.write(made.now, kind="AGREEMENT", **party, to_state=name,
                       sig=(digest_bytes(data),), detail={"stage": name})  # fmt: skip
        made.now += 10 * MINUTE
        book.write(made.now, kind="ACCESS", to_state="EXPORTED")

    def change(files: Files) -> None:
        files[f"{folder}/agreement.json"] = write_agreement(
            agreement, consumer_pid="urn:c", provider_pid="urn:p"
        )
        files.update({f"{folder}/{name}.jws": data for name, data in stages.items()})

    return change


@kind
def further_agreements(draw: random.Random) -> Iterator[Made]:
    """None, own, of a random key, of the other's kid, of the future; with leaf or without."""
    for number in range(12):
        for side in range(2):
            made = story(1)
            book = books(made)[side]
            firm = book.firm
            stage = "VERIFIED" if firm.did == BUYER else "AGREED"
            body = {"@id": f"urn:agreement:more{number}", "assigner": SELLER, "assignee": BUYER,
                    "permission": []}  # fmt: skip
            mine = signed(body, firm, stage, made)
            other = Firm(SELLER if firm.did == BUYER else BUYER)
            name = "AGREED" if side == 0 else "VERIFIED"
            imposter = Firm(other.did)
            imposter.agreements = Imposter(other.did).agreements
            theirs = signed(body, imposter, name, made).split(b".")
            theirs[0] = b64url(json.dumps(
                json.loads(unb64url(theirs[0].decode())) | {"kid": other.agreements_kid}
            ).encode()).encode()  # fmt: skip
            middle = stage_payload(
                body, consumer_pid="urn:c", provider_pid="urn:p", stage=name, prev=None
            )
            theirs[2] = b64url(imposter.agreements.sign(theirs[0] + b"." + middle)).encode()
            future = signed(body, firm, stage, replace(made, now=made.now + 10**10))
            ways: list[tuple[dict[str, bytes], dict[str, Any], set[str], str]] = [
                ({}, {}, OK, ""),
                ({}, {"leaf": False}, FINDINGS, "agreement-unlogged"),
                ({}, {"final": True}, FINDINGS, "agreement-one-sided"),
                ({stage: mine}, {}, OK, ""),
                ({stage: mine}, {"leaf": False}, FINDINGS, "stage-unlogged"),
                ({stage: mine}, {"final": True}, FINDINGS, "agreement-one-sided"),
                ({name: b".".join(theirs)}, {}, FINDINGS, "agreement-signature"),
                ({stage: future}, {}, FINDINGS, "agreement-signature"),
                ({name: mine}, {}, FINDINGS, "agreement-signature"),
                ({"REQUESTED": mine}, {}, FINDINGS, "file-extra"),
                ({stage: b"x.y.z"}, {}, FINDINGS, "agreement-signature"),
                ({}, {"assigner": THIRD.did, "assignee": firm.did}, OK, ""),
            ]
            stages, how, outcomes, code = ways[number]
            yield (
                made.bundle(book, change=agreed(book, made, number, stages, **how)),
                outcomes,
                code,
            )


@kind
def agreements_of_others(draw: random.Random) -> Iterator[Made]:
    """An agreement between two others; one of an invented firm; roles swapped."""
    for side in range(2):
        made = story(1)
        book = books(made)[side]
        change = agreed(book, made, 0, {}, assignee=THIRD.did, assigner=HUB.did)
        yield made.bundle(book, change=change), FINDINGS, "agreement-foreign"
        made = story(1)
        book = books(made)[side]
        change = swapped_roles(made, book)
        made.now += 10 * MINUTE
        book.write(made.now, kind="ACCESS", to_state="EXPORTED")
        yield made.bundle(book, change=change), FINDINGS, ""
        for brought, outcome, code in ((True, UNCHECKED, "key-untrusted"),
                                       (False, UNCHECKED, "key-missing")):  # fmt: skip
            made = story(1)
            book = books(made)[side]
            body = {"@id": "urn:agreement:more9", "assigner": THIRD.did, "assignee": book.firm.did,
                    "permission": []}  # fmt: skip
            stages = {"AGREED": signed(body, THIRD, "AGREED", made)}
            change = agreed(book, made, 9, stages, assigner=THIRD.did, assignee=book.firm.did)

            def both(files: Files, change: Any = change, brought: bool = brought) -> None:
                change(files)
                if brought:
                    everybody = Trust((*EVERYBODY.parties, THIRD.party()))
                    files[layout.PARTIES] = write_trust(everybody)

            yield made.bundle(book, change=both), outcome, code


@kind
def stages_left_out(draw: random.Random) -> Iterator[Made]:
    """Any stages of the agreement left out, although a leaf names them."""
    made = story(2)
    for book in books(made):
        for mask in range(1, 8):
            gone = [name for bit, name in enumerate(STAGES) if mask >> bit & 1]

            def change(files: Files, gone: list[str] = gone) -> None:
                for path in [p for p in files if p.rpartition("/")[2][:-4] in gone]:
                    del files[path]

            yield own(made, book, change), FINDINGS, "not-held"


def headers(firm: Firm, typ: str) -> Iterator[dict[str, Any]]:
    """Headers that are not of the form, each signed with the firm's own key."""
    good: dict[str, Any] = {"alg": "EdDSA", "kid": firm.agreements_kid, "typ": typ, "iat": 1}
    yield from (good | {"alg": alg} for alg in ("none", "ES256", "HS256", "", None, 1, "eddsa"))
    yield from (good | {"typ": other} for other in ("JWT", "", None, "voile-other+jws", [typ]))
    yield from (good | {"iat": iat} for iat in (-1, 1.5, "1", True, None, 2**60))
    yield from (good | {"kid": kid} for kid in (None, 1, ["x"], {}))
    yield from (good | {name: 1} for name in ("jwk", "x5c", "jku", "zip", "cty", "x"))
    yield from ({key: value for key, value in good.items() if key != name}
                for name in ("alg", "kid", "typ"))  # fmt: skip
    yield good | {"crit": ["exp"], "exp": 1}
    yield good | {"kid": "x" * 4000}


def compact(header: Any, key: SigningKey, payload: bytes, *, detached: bool) -> bytes:
    """Sign with any header."""
    first = b64url(json.dumps(header).encode()).encode()
    middle = payload if detached else b64url(payload).encode()
    tail = b64url(key.sign(first + b"." + middle)).encode()
    return first + b"." + (b"" if detached else middle) + b"." + tail


def respelled(text: bytes) -> Iterator[bytes]:
    """A good signature in other spellings."""
    first, middle, tail = text.split(b".")
    signature = unb64url(tail.decode())
    wrong = malleated(signature), signature[:-1], signature + b"\0", b"\0" * 64
    yield from (b".".join([first, middle, b64url(one).encode()]) for one in wrong)
    yield from (text + b"=", text + b"\n", b" " + text, text + b".", b".".join([first, tail]), b"",
                first + b"=." + middle + b"." + tail, b".." + tail, text[:-1], text + b"\xff",
                first + b"." + middle + b"A." + tail, text + b"A" * 70_000)  # fmt: skip
    last = tail[:-1] + bytes([tail[-1] + 1])  # trailing bits that decoders drop
    yield b".".join([first, middle, last])


@kind
def spelled_manifest_signatures(draw: random.Random) -> Iterator[Made]:
    """The manifest signed by its firm under headers, and in spellings, that are none of ours."""
    for bundle in HONEST[:1]:
        manifest = layout.read_manifest(bundle.files[layout.MANIFEST])
        firm, data = Firm(manifest.did), bundle.files[layout.MANIFEST]
        for header in headers(firm, layout.SIGNATURE_TYPE):
            for more in ({}, {"b64": False, "crit": ["b64"]}, {"b64": True, "crit": ["b64"]},
                         {"b64": False, "crit": ["b64", "x"]}):  # fmt: skip
                text = compact(header | more, firm.agreements, data, detached=True)
                yield carried(bundle, put(layout.SIGNATURE, text)), FINDINGS, "manifest-signature"
        for text in respelled(bundle.files[layout.SIGNATURE]):
            yield carried(bundle, put(layout.SIGNATURE, text)), FINDINGS, "manifest-signature"


@kind
def spelled_statements(draw: random.Random) -> Iterator[Made]:
    """Statements of a firm under its own key, in forms that are none of ours; each with a leaf."""
    for side in range(2):
        made = story(1)
        book = books(made)[side]
        firm = book.firm
        payload = canonical({"said": "this"})
        good = compact({"alg": "EdDSA", "kid": firm.agreements_kid, "typ": "voile-test+jws"},
                       firm.agreements, payload, detached=False)  # fmt: skip
        every = [compact(header, firm.agreements, payload, detached=False)
                 for header in headers(firm, "voile-test+jws")]  # fmt: skip
        for text in (*every, *respelled(good)):
            ours = text.isascii() and b"voile-other" in unpadded(text)
            size, said = len(book.lines), dict(book.signed)
            book.write(made.now, kind="COHORT", sig=(book.say(text),))
            yield made.bundle(book), OK if ours else FINDINGS, "" if ours else "statement-signature"
            del book.lines[size:]
            book.signed = said


def unpadded(text: bytes) -> bytes:
    try:
        return unb64url(text.split(b".")[0].decode())
    except Exception:  # noqa: BLE001 -- not base64 at all
        return b""


@kind
def statements(draw: random.Random) -> Iterator[Made]:
    """Under a random key with the innocent's kid; of a key that only the bundle brings; unknown."""
    for number in range(8):
        for side in range(2):
            made = story(2)
            book = books(made)[side]
            other = Firm(SELLER if book.firm.did == BUYER else BUYER)
            payload = {"agreementId": made.agreement, "provider": SELLER, "consumer": BUYER,
                       "questionId": "question-0", "value": 1000 + number}  # fmt: skip
            about = canonical({"transcript": f"t{number}", "x": number})
            invented = Imposter("did:web:invented.example", bytes([number]))

            def says(who: Firm, data: bytes, typ: str) -> str:
                return book.say(jws.sign(data, who.agreements, typ=typ,  # noqa: B023
                                         kid=who.agreements_kid).encode())  # fmt: skip

            def brings(files: Files, invented: Firm = invented) -> None:
                everybody = Trust((*EVERYBODY.parties, invented.party()))
                files[layout.PARTIES] = write_trust(everybody)

            answer = canonical(payload)
            first = jws.sign(answer, stranger(), typ="voile-answer+jws", kid=other.agreements_kid)
            digest = book.say(first.encode())
            bundle = made.bundle(book)
            yield bundle, FINDINGS if digest in str(bundle.files) else OK, ""
            book.write(made.now, kind="ANSWER", sig=(digest,))
            yield made.bundle(book), FINDINGS, "statement-signature"
            book.lines.pop()
            digest = says(invented, about, "voile-cohort-contribution+jws")
            book.write(made.now, kind="COHORT", sig=(digest,))
            yield made.bundle(book), UNCHECKED, "key-missing"
            yield made.bundle(book, change=brings), UNCHECKED, "key-untrusted"
            again = says(invented, canonical({"transcript": f"t{number}"}),
                         "voile-cohort-contribution+jws")  # fmt: skip
            book.write(made.now, kind="COHORT", sig=(again,))
            yield made.bundle(book, change=brings), UNCHECKED, "contradiction"
            del book.lines[-2:]
            both = [says(book.firm, canonical({"transcript": "mine", "v": v}), typ) for v, typ in
                    ((1, "voile-cohort-released+jws"), (2, "voile-cohort-ended+jws"))]  # fmt: skip
            book.write(made.now, kind="COHORT", sig=tuple(both))
            yield made.bundle(book), FINDINGS, "contradiction"


@kind
def own_answers(draw: random.Random) -> Iterator[Made]:
    """A seller's own answers: two to one question, of no agreement, of other parties, too many."""
    for number, (change, code) in enumerate(
        [
            ({"value": "another"}, "contradiction"),
            ({"agreementId": "urn:none"}, "answer-without-agreement"),
            ({"agreementId": 5}, "answer-without-agreement"),
            ({"questionId": "q9", "consumer": THIRD.did}, "answer-parties"),
            ({"questionId": "q9", "consumer": None}, "answer-parties"),
            ({"questionId": "q9"}, ""),
        ]
    ):
        made = story(2)
        payload = {"agreementId": made.agreement, "provider": SELLER, "consumer": BUYER,
                   "questionId": "question-0", "value": number} | change  # fmt: skip
        digest = made.seller.say(made.seller.firm.says("voile-answer+jws", payload))
        made.seller.write(made.now, kind="ANSWER", sig=(digest,))
        yield made.bundle(made.seller), FINDINGS if code else OK, code


@kind
def counted_answers(draw: random.Random) -> Iterator[Made]:
    """Whatever stands where an agreement says how many answers it grants: read alike, or refused."""
    for operand in ("1", "0", "5", "01", "1" * 30, "9" * 5000, "+1", "1.0", "\u0661", "", 1, 0, 2.5,
                    True, None, ["1"], {"@value": "1"}):  # fmt: skip
        for left in ("count", "odrl:count", "http://www.w3.org/ns/odrl/2/count", "Count"):
            limit = {"leftOperand": left, "operator": "lteq", "rightOperand": operand}
            permission = draw.choice([[{"constraint": [limit]}], {"constraint": limit},
                                      [{"constraint": [limit, limit]}, "x"]])  # fmt: skip
            made = story(0)
            body = {"@id": made.agreement, "assigner": SELLER, "assignee": BUYER,
                    "permission": permission}  # fmt: skip
            book, firm = made.seller, made.seller.firm
            stages = {}
            prev = None
            for name in STAGES:  # the buyer agreed to that: its key is used as it would itself
                who = Firm(BUYER) if name == "VERIFIED" else firm
                stages[name] = signed(body, who, name, made, prev=prev)
                prev = digest_bytes(stages[name])
            change = instead(made, book, body, stages)
            made.now += 10 * MINUTE
            for question in ("a", "b"):
                payload = {"agreementId": made.agreement, "provider": SELLER, "consumer": BUYER,
                           "questionId": question}  # fmt: skip
                digest = book.say(firm.says("voile-answer+jws", payload))
                book.write(made.now, kind="ANSWER", sig=(digest,))
            # the agreement that it was logged with is in no folder any more
            yield made.bundle(book, change=change), FINDINGS, "not-held"


# --- a firm with its own keys: heads of others, openings, keys -----------------------------------


@kind
def foreign_heads(draw: random.Random) -> Iterator[Made]:
    """Heads in the innocent's name under random keys; of an invented firm; not logged; renamed."""
    for number in range(10):
        for side in range(2):
            made = story(1)
            book = books(made)[side]
            other = Firm(SELLER if book.firm.did == BUYER else BUYER)
            size, root = 3 + number, bytes([number]) * 32
            false = notes.sign_checkpoint(other.origin, size, root, stranger(), other.origin)
            book.see(made.now, other, false)
            yield made.bundle(book), FINDINGS, "peer-checkpoint"
            book.peers[other.did].pop()
            book.lines.pop()
            invented = Imposter("did:web:invented.example", bytes([number]))
            heads = [notes.sign_checkpoint(name, n, root, invented.log, name) for name, n, root in (
                (invented.origin, size, root), (invented.origin, size, b"z" * 32),
                ("other/log", size + 1, root))]  # fmt: skip
            logs = (invented.vkey, notes.vkey("other/log", invented.log.public))
            brought = Trust((*EVERYBODY.parties, Party(invented.did, (), logs)))
            brings = put(layout.PARTIES, write_trust(brought))
            book.see(made.now, invented, heads[0])
            yield made.bundle(book), UNCHECKED, "key-missing"
            yield made.bundle(book, change=brings), UNCHECKED, "key-untrusted"
            book.see(made.now, invented, heads[1])
            yield made.bundle(book), UNCHECKED, "split-view"
            yield made.bundle(book, change=brings), UNCHECKED, "split-view"
            book.see(made.now, invented, heads[2])
            yield made.bundle(book, change=brings), UNCHECKED, "renamed-log"
            folder = f"peers/{short_name(invented.did)}"
            more = notes.sign_checkpoint("x", size, root, invented.log, "x")

            def unlogged(files: Files, folder: str = folder, more: bytes = more) -> None:
                files[f"{folder}/{checkpoint_name(notes.parse_checkpoint(more))}"] = more

            yield made.bundle(book, change=unlogged), FINDINGS, "peer-unlogged"

            def moved(files: Files, folder: str = folder, to: str = other.did) -> None:
                files[f"{folder}/peer.json"] = write_peer(to)

            yield made.bundle(book, change=moved), FINDINGS, "peer-place"


@kind
def openings_left_out(draw: random.Random) -> Iterator[Made]:
    """Details left out, doubled, reordered, changed, of another leaf; said and not there."""
    made = story(3)
    for book in books(made):
        lines = lines_of(made.bundle(book).files[OPENED])
        for at, line in enumerate(lines):
            gone = [*lines[:at], *lines[at + 1 :]]
            value = json.loads(line)
            yield own(made, book, put(OPENED, text_of(gone))), FINDINGS, "opening"
            yield own(made, book, put(OPENED, text_of([*lines, line]))), FINDINGS, "opening"
            for change in ({"detail": {"x": at}}, {"salt": b64url(b"s" * 32)}, {"salt": ""},
                           {"salt": value["salt"] + "="}, {"id": "0" * 32},
                           {"id": json.loads(lines[at - 1])["id"]}):  # fmt: skip
                bent = [*lines[:at], canonical(value | change), *lines[at + 1 :]]
                yield own(made, book, put(OPENED, text_of(bent))), FINDINGS, "opening"
        draw.shuffle(lines)
        yield own(made, book, put(OPENED, text_of(lines))), OK, ""
        yield own(made, book, put(OPENED, text_of(lines)[:-1])), FINDINGS, "opening"
        yield own(made, book, put(OPENED, None)), FINDINGS, "opening"
        old = layout.read_manifest(made.bundle(book).files[layout.MANIFEST])
        bundle = signed_over(book, made, lambda _: None, old, opened="none")
        yield bundle, FINDINGS, "opening"


@kind
def erased_details(draw: random.Random) -> Iterator[Made]:
    """A gap with a leaf that says so, before or after it; and one of something else."""
    made = story(3)
    for book in books(made):
        for name in sorted(book.openings):
            at = next(i for i, line in enumerate(book.lines) if name.encode() in line)
            kept = {n: line for n, line in book.openings.items() if n != name}
            for place, entries, outcomes in ((len(book.lines), [name], OK), (at, [name], FINDINGS),
                    (len(book.lines), [], FINDINGS), (len(book.lines), ["0" * 32], FINDINGS),
                    (len(book.lines), name, FINDINGS)):  # fmt: skip
                there = Book(book.firm, list(book.lines), kept, book.signed, book.peers)
                t = json.loads(book.lines[at])["t"] if place == at else made.now
                there.write(t, kind="ERASED", query={"entries": entries})
                there.lines.insert(place, there.lines.pop())
                yield made.bundle(there), outcomes, "" if outcomes == OK else "opening"


@kind
def weak_keys(draw: random.Random) -> Iterator[Made]:
    """Keys in the bundle that the gate refuses, that are none, or with a private part."""
    made = story(1)
    small = [bytes(32), b"\1" + bytes(31), bytes.fromhex("ec" + "ff" * 30 + "7f"),
             bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
             bytes.fromhex("ed" + "ff" * 30 + "7f"), bytes.fromhex("ff" * 32),
             bytes(31) + b"\x80", bytes.fromhex("02" + "00" * 31)]  # fmt: skip
    jwks: list[Any] = [{"kty": "OKP", "crv": "Ed25519", "x": b64url(raw)} for raw in small]
    good = stranger().public.jwk()
    jwks += [good | change for change in ({"d": "x"}, {"alg": "ES256"}, {"use": "enc"}, {"kty": []},
             {"crv": "X25519"}, {"x": 1}, {"x": good["x"] + "="}, {"x": ""}, {"kty": "EC"})]  # fmt: skip
    p256 = SigningKey.p256(b"p" * 64).public.jwk()
    jwks += [p256 | {"y": p256["x"]}, p256 | {"x": b64url(b"\xff" * 32)}, 5, {}, None]
    fine = [good | {"alg": "EdDSA", "use": "sig", "kid": "x"}, p256]
    for book in books(made):
        for jwk in (*jwks, *fine):
            party = {"did": THIRD.did, "keys": [{"kid": "k", "jwk": jwk}], "logs": []}
            value = json.loads(write_trust(EVERYBODY))
            data = json.dumps(value | {"parties": [*value["parties"], party]}).encode()
            expected = (OK, "") if jwk in fine else (FINDINGS, "keys")
            yield own(made, book, put(layout.PARTIES, data)), *expected
        name = book.firm.origin
        for log in ("", "x", name, f"{name}+00000000+AAAA", f"{book.firm.vkey}=", book.firm.vkey[1:],
                    book.firm.vkey.replace("+", "-", 1), book.firm.vkey.upper(), 5,
                    f"a b{book.firm.vkey}"):  # fmt: skip
            party = {"did": THIRD.did, "keys": [], "logs": [log]}
            value = json.loads(write_trust(EVERYBODY))
            data = json.dumps(value | {"parties": [*value["parties"], party]}).encode()
            yield own(made, book, put(layout.PARTIES, data)), FINDINGS, "keys"


@kind
def registers(draw: random.Random) -> Iterator[Made]:
    """The hub alone is pinned: its register, one of another hub, a false one, one that omits."""
    made = story(2)
    pinned = Trust((), HUB.party())
    of = {firm.did: (firm.agreements.public.thumbprint(), firm.log.public.thumbprint())
          for firm in (Firm(BUYER), Firm(SELLER))}  # fmt: skip

    def register(keys: dict[str, tuple[str, ...]], firm: Firm = HUB, hub: str = HUB.did,
                 key: SigningKey = HUB.agreements) -> bytes:  # fmt: skip
        return sign_register(keys, hub=hub, space="urn:space", key=key,
                             kid=firm.agreements_kid, now=1).encode()  # fmt: skip

    for book in books(made):
        mine = {book.firm.did: of[book.firm.did]}
        ways: list[tuple[bytes, set[str], str]] = [
            (register(of), OK, ""),
            (register(mine), UNCHECKED, "key-untrusted"),
            (register({}), UNCHECKED, "trust-foreign"),
            (register({**of, book.firm.did: ("x",)}), UNCHECKED, "log-untrusted"),
            (register({**of, book.firm.did: of[book.firm.did][:1]}), UNCHECKED, "log-untrusted"),
            (register(of, THIRD, THIRD.did, THIRD.agreements), UNCHECKED, "trust-foreign"),
            (register(of, key=book.firm.agreements), FINDINGS, "keys"),
            (register(of, hub=THIRD.did), FINDINGS, "keys"),
            (b"", UNCHECKED, "trust-foreign"),
            (b"x", FINDINGS, "keys"),
            (register(of)[:-1], FINDINGS, "keys"),
        ]
        for payload in ([], {}, {"hub": HUB.did}, {"hub": HUB.did, "participants": 5},
                        {"hub": HUB.did, "participants": [5]},
                        {"hub": HUB.did, "participants": [{"did": 5, "keys": []}]},
                        {"hub": HUB.did, "participants": [{"did": BUYER}]}):  # fmt: skip
            text = jws.sign(json.dumps(payload).encode(), HUB.agreements, typ="voile-register+jws",
                            kid=HUB.agreements_kid).encode()  # fmt: skip
            ways.append((text, FINDINGS | UNCHECKED, ""))
        for data, outcomes, code in ways:
            yield own(made, book, put(layout.REGISTER, data), trust=pinned), outcomes, code
        yield own(made, book, lambda _: None, trust=pinned), UNCHECKED, "trust-foreign"
        swapped = Trust((*[Party(p.did, (), ()) for p in EVERYBODY.parties],), HUB.party())
        yield own(made, book, put(layout.REGISTER, register(of)), trust=swapped), OK, ""


@kind
def beyond_es256(draw: random.Random) -> Iterator[Made]:
    """A firm that signs with P-256: the second verifier says that it cannot check that."""
    firm = Firm(BUYER)
    firm.agreements = SigningKey.p256(b"p" * 64)
    book = Book(firm)
    book.write(1_795_000_000_000, kind="ACCESS", to_state="EXPORTED")
    digest = book.say(firm.says("voile-test+jws", {"said": "this"}))
    book.write(1_795_000_000_000, kind="COHORT", sig=(digest,))
    yield bundle_of(book, {}, at=1_795_000_100_000, trust=trust_in(firm)), OK, ""
