"""Write the vectors beside this file anew: small sealed files, each with at most one defect.

    python tests/vectors/seal/make.py [FOLDER]

The same bytes each time. ``index.json`` says for each file what a verifier must answer who trusts
the eight words in it.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent))

import crafted as c  # noqa: E402

from packager import container, words  # noqa: E402
from packager.chain import State, Statement  # noqa: E402
from packager.container import Kind, mkv  # noqa: E402
from packager.keys import SecretKey  # noqa: E402
from packager.values import canonical_json  # noqa: E402

DESK, STRANGER = c.Desk(), c.Desk("stranger")
ORDER = 2**252 + 27742317777372353535851937790883648493
FORGED = ("not-genuine", "seal-altered")
ALTERED = ("not-genuine", "altered")
MOVED = ("not-genuine", "moved-from-another-file")
TRAILING = ("not-genuine", "bytes-after-the-seal")
FOREIGN = ("not-genuine", "another-publishers-key")
STOLEN = ("not-genuine", "key-stolen")
GENUINE = ("genuine", "complete")
NO_SEAL = ("cannot-tell", "tail-gone-or-never-sealed")
NO_PIN = ("cannot-tell", "no-trusted-words-open-it")
NEWER = ("cannot-tell", "newer-format")
NO_CONTAINER = ("cannot-tell", "no-container-for-a-seal")
SUFFIX = {Kind.MKV: "mkv", Kind.MP4: "mp4", Kind.MP3: "mp3", Kind.EPUB: "epub"}


@dataclass(frozen=True)
class Vector:
    """One file, what is wrong with it, and what must be said."""

    name: str
    data: bytes
    answer: tuple[str, str]
    defect: str


def vectors() -> Iterator[Vector]:
    """All of them."""
    for kind in Kind:
        yield from of_kind(kind)
    yield from of_pieces()
    yield from of_matroska()
    yield from of_bits()
    yield from of_records()
    yield from of_manifests()
    yield from of_chains()
    yield from of_statements()
    yield Vector("text.txt", b"#EXTM3U\n", NO_CONTAINER, "not a kind of file that carries a seal")


def of_kind(kind: Kind) -> Iterator[Vector]:
    """What can happen to every container."""
    plain = c.plain(kind)
    good = c.sealed(plain, c.craft())
    start = body_start(kind, good)

    def vector(name: str, data: bytes, answer: tuple[str, str], defect: str) -> Vector:
        return Vector(f"{kind}-{name}.{SUFFIX[kind]}", data, answer, defect)

    yield vector("good", good, GENUINE, "none")
    yield vector("never-sealed", plain, NO_SEAL, "there is no seal in it")
    yield vector("altered", flip(good, 150), ALTERED, "one bit of the content is another")
    yield vector("after", good + bytes(5), TRAILING, "five bytes were added at the end")
    yield vector("cut", good[:-1], NO_SEAL, "the last byte is gone")
    yield vector("half", good[: len(good) // 2], NO_SEAL, "the second half is gone")
    yield vector("foreign", c.sealed(plain, c.craft(STRANGER)), NO_PIN, "somebody else sealed it")
    other = c.sealed(c.plain(kind, 400), c.craft())
    body = good[start : len(good) - len(kind.suffix(0))]
    place = body_start(kind, other)
    moved = other[:place] + body + other[place + len(body) :]
    if len(moved) == len(other):
        yield vector("moved", moved, MOVED, "the seal is that of another file")
    if kind in {Kind.MP3, Kind.EPUB}:
        text = good[: start + 1] + b"\n" + good[start + 2 :]
        yield vector("armour", text, NO_SEAL, "a line break stands in the base64")
        yield vector(
            "armour-bits", loosened(kind), NO_SEAL, "unused bits of the base64 are not zeros"
        )
    if kind is Kind.MP3:
        yield vector(
            "footer", flip(good, len(good) - 3), ALTERED, "one bit of the SUFFIX is another"
        )
        yield vector("footer-cut", good[:-32], NO_SEAL, "the SUFFIX is gone")


def loosened(kind: Kind) -> bytes:
    """A seal whose base64 ends in ``==`` and spells its last byte in another way."""
    for count in range(3):
        data = c.sealed(c.plain(kind), replace(c.craft(), padding=bytes(count)))
        at = len(data) - len(kind.suffix(0)) - 3
        if data[at + 1 : at + 3] == b"==":
            return data[:at] + bytes((data[at] + 1,)) + data[at + 1 :]
    raise AssertionError


def of_pieces() -> Iterator[Vector]:
    """Files of three pieces."""
    good = c.sealed(c.plain(Kind.MKV, 33_000), c.craft())
    yield Vector("pieces-good.mkv", good, GENUINE, "none; the seal has a layer")
    yield Vector("pieces-altered.mkv", flip(good, 20_000), ALTERED, "2 of 3 pieces are as sealed")


def of_matroska() -> Iterator[Vector]:
    """What can happen around the element."""
    plain = c.plain(Kind.MKV)
    good = c.sealed(plain, c.craft())
    void = mkv.header(400) + c.noise(400)
    yield Vector("two-seals.mkv", longer(good, void), TRAILING, "a second element follows the seal")
    inner = c.sealed(longer(plain, void), c.craft())
    yield Vector("noise-before.mkv", inner, GENUINE, "none; another Void stands before the seal")
    at = good.index(mkv.SEGMENT) + 4
    outside = good[:at] + plain[at : at + 8] + good[at + 8 :]
    yield Vector("outside.mkv", outside, ALTERED, "the Segment's size leaves the seal out")
    unknown = good[:at] + b"\x01" + b"\xff" * 7 + good[at + 8 :]
    yield Vector("unknown-size.mkv", unknown, ALTERED, "the Segment's size was made unknown")
    renamed = good.replace(
        mkv.header(len(good) - body_start(Kind.MKV, good)), b"\xbf" + b"\x01" * 8
    )
    yield Vector("renamed.mkv", renamed, NO_SEAL, "the header of the Void is another")
    zeros = longer(plain, mkv.header(2000) + bytes(2000))
    yield Vector("zeros.mkv", zeros, NO_PIN, "zeros stand where a seal could be")


def of_bits() -> Iterator[Vector]:
    """One bit of the payload is another."""
    good = c.sealed(c.plain(Kind.MKV), c.craft())
    start = body_start(Kind.MKV, good)
    for place, at in (("salt", 3), ("magic", 35)):
        yield Vector(f"bit-{place}.mkv", flip(good, start + at), NO_PIN, f"a bit of the {place}")
    for place, at in (("length", 53), ("signature", 90), ("manifest", 200)):
        yield Vector(f"bit-{place}.mkv", flip(good, start + at), FORGED, f"a bit of the {place}")
    yield Vector("bit-padding.mkv", flip(good, len(good) - 1), FORGED, "a bit of the padding")


def crafted(name: str, how: c.Craft, answer: tuple[str, str], defect: str) -> Vector:
    """A file whose seal was made so."""
    return Vector(f"{name}.mkv", c.sealed(c.plain(Kind.MKV), how), answer, defect)


def of_records() -> Iterator[Vector]:
    """Defects inside the seal; the salt fits, and all else too."""
    right = c.craft()
    report = report_record({"report.md": "# The bridge\r\n", "report.ru.md": "# Мост\n"})
    told = replace(right, report=report)
    yield crafted("seal-report", told, GENUINE, "none; it holds a report")
    yield crafted("seal-version", replace(right, version=2), NEWER, "version 2")
    nought = replace(right, version=0)
    yield crafted("seal-version-0", nought, FORGED, "version 0, with a salt that fits")
    hidden = replace(right, padding=b"\0\0\1")
    yield crafted("seal-padding", hidden, FORGED, "the padding is not zeros")
    grown = replace(right, plain=lambda plain: plain + b"\0")
    yield crafted("seal-lengths", grown, FORGED, "a byte that no length counts")
    unsafe = replace(right, report=report_record({"../report.md": "x"}))
    yield crafted("seal-report-name", unsafe, FORGED, "a report's name climbs out")
    layered = replace(right, layer=lambda _: bytes(32))
    yield crafted("seal-layer", layered, FORGED, "a layer for one piece")
    malleable = replace(right, signature=plus_order)
    yield crafted("seal-malleable", malleable, FORGED, "S of the signature plus L")
    unsigned = replace(right, signature=lambda _: bytes(64))
    yield crafted("seal-unsigned", unsigned, FORGED, "64 zeros for a signature")
    other = replace(right, layer=lambda layer: flip(layer, 5) if layer else b"")
    broken = c.sealed(c.plain(Kind.MKV, 17_000), other)
    yield Vector("seal-layer-root.mkv", broken, FORGED, "the layer does not fold to the root")


def of_manifests() -> Iterator[Vector]:
    """Manifests that are signed and wrong."""
    right = c.craft()
    zeros = bytes(32).hex()

    def vector(
        name: str, defect: str, answer: tuple[str, str] = FORGED, **changes: object
    ) -> Vector:
        how = replace(right, manifest=lambda fields: {**fields, **changes})
        return crafted(f"manifest-{name}", how, answer, defect)

    yield vector("v2", "a manifest of version 2", NEWER, v=2)
    yield vector("field", "a field too many", extra="")
    yield vector("piece", "the piece is no power of two", piece=20_000)
    yield vector("date", "the date is none", date="tuesday")
    yield vector("path", "the path climbs out", path="../film.mkv")
    yield vector("chain", "the chain is not the hashed one", chain=zeros)
    yield vector("report", "the report is not the hashed one", report=zeros)
    yield vector("suffix", "another SUFFIX is stated", ALTERED, suffix=zeros)
    other = {"length": 1, "root": zeros}
    yield vector("prefix", "another PREFIX is stated", MOVED, prefix=other)
    spaced = replace(right, text=lambda text: text.replace(b",", b", ", 1))
    yield crafted("manifest-spelling", spaced, FORGED, "it is not canonical JSON")
    double = replace(right, text=lambda text: text[:-1] + b',"v":1}')
    yield crafted("manifest-twice", double, FORGED, "a key stands in it twice")
    low = replace(
        right,
        manifest=lambda fields: {**fields, "signer": "01" + "00" * 31},
        signature=lambda _: b"\1" + bytes(63),
    )
    yield crafted("manifest-low-order", low, FORGED, "a signer of low order: all verifies")


def of_chains() -> Iterator[Vector]:
    """Key statements, right and wrong."""
    right = c.craft()
    daily, second = DESK.daily().public, DESK.daily(2).public

    def vector(name: str, how: c.Craft, answer: tuple[str, str], defect: str) -> Vector:
        return Vector(f"chain-{name}.mkv", c.sealed(c.plain(Kind.MKV), how), answer, defect)

    def states(*pairs: tuple[object, State], by: int = 1) -> c.Craft:
        return replace(right, chain=DESK.more(*pairs, by=by).encode())  # type: ignore[arg-type]

    for state in (State.RETIRED, State.LOST):
        yield vector(str(state), states((daily, state)), GENUINE, f"none; the key is {state}")
    yield vector("stolen", states((daily, State.STOLEN)), STOLEN, "the key is called stolen")
    rotated = replace(states((second, State.ACTIVE)), daily=DESK.daily(2))
    yield vector("rotated", rotated, GENUINE, "none; the second daily key signs")
    unsaid = states((second, State.ACTIVE))
    yield vector("unsaid", unsaid, GENUINE, "none; statement 2 says nothing of the first key")
    yield vector("next-root", states((daily, State.ACTIVE), by=2), GENUINE, "none; the second card")
    unnamed = replace(right, daily=DESK.daily(9))
    yield vector("unnamed", unnamed, FOREIGN, "no statement names the key that signed")
    theirs = replace(c.craft(STRANGER), value=DESK.value)
    yield vector("stranger", theirs, FOREIGN, "another publisher's seal under these words")


def of_statements() -> Iterator[Vector]:
    """Second statements that do not follow the first."""
    daily, pointer = DESK.daily().public, c.key("desk pointer").public
    first = DESK.chain.latest
    links = DESK.chain.links

    def second_statement(
        root: SecretKey, by: SecretKey, number: int = 2, previous: bytes | None = None
    ) -> c.Craft:
        statement = Statement(
            number=number,
            previous=sha256(first.encode()).digest() if previous is None else previous,
            root=root.public,
            next_root=bytes(32),
            keys=((daily, State.ACTIVE),),
            pointer=pointer,
        )
        return replace(c.craft(), chain=record((*links, (statement, c.signed(by, statement)))))

    one, three = DESK.root(), DESK.root(3)
    yield crafted(
        "chain-gap", second_statement(one, one, number=3), FORGED, "statement 2 has number 3"
    )
    previous = second_statement(one, one, previous=bytes(32))
    yield crafted(
        "chain-previous", previous, FORGED, "statement 2 names another statement before it"
    )
    yield crafted(
        "chain-usurper", second_statement(three, three), FORGED, "a root nobody committed to"
    )
    yield crafted(
        "chain-unsigned", second_statement(one, three), FORGED, "signed by another paper key"
    )
    newer = second_statement(one, one).chain.replace(b'\\"v\\":1}"}]', b'\\"v\\":2}"}]')
    yield crafted(
        "chain-newer", replace(c.craft(), chain=newer), NEWER, "statement 2 is of version 2"
    )
    cut = replace(c.craft(), chain=b"[]")
    yield crafted("chain-empty", cut, FORGED, "a chain without a statement")


def record(links: tuple[tuple[Statement, bytes], ...]) -> bytes:
    """A chain record whose links were not checked."""
    return canonical_json(
        [
            {"signature": signature.hex(), "statement": statement.encode().decode()}
            for statement, signature in links
        ]
    )


def report_record(texts: dict[str, str]) -> bytes:
    """Part 4 of docs/seal.md, without its rules for names."""
    parts = []
    for name, text in texts.items():
        body = text.encode()
        parts += [len(name).to_bytes(2, "big"), name.encode(), len(body).to_bytes(4, "big"), body]
    return b"".join(parts)


def plus_order(signature: bytes) -> bytes:
    """The same signature in a spelling that lax verifiers take."""
    number = int.from_bytes(signature[32:], "little") + ORDER
    return signature[:32] + number.to_bytes(32, "little")


def body_start(kind: Kind, data: bytes) -> int:
    """Where the payload's text or bytes start."""
    return container.walk(kind, lambda at, n: data[at : at + n], len(data)).slots[-1].start


def longer(data: bytes, more: bytes) -> bytes:
    """A Matroska file with one more child of the Segment."""
    at = data.index(mkv.SEGMENT) + 4
    length = int.from_bytes(data[at + 1 : at + 8], "big") + len(more)
    return data[:at] + mkv.header(length)[1:] + data[at + 8 :] + more


def flip(data: bytes, at: int) -> bytes:
    """One bit another."""
    return data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :]


def main(folder: Path) -> None:
    """Write all files and the index."""
    made = list(vectors())
    rows = []
    for one in made:
        (folder / one.name).write_bytes(one.data)
        verdict, reason = one.answer
        rows.append({"file": one.name, "verdict": verdict, "reason": reason, "defect": one.defect})
    value = DESK.value
    index = {"words": words.spell(value), "digits": words.digits(value), "vectors": rows}
    text = json.dumps(index, indent=1) + "\n"
    (folder / "index.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
