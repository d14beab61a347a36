"""Ways to change a good input; some put in what must then be refused."""

import base64
import copy
import io
import json
import random
import zipfile
import zlib
from collections.abc import Callable, Sequence

from fuzz_seeds import Seed, of_safety, seeds
from hostile.build import ebml

from packager import torrent
from packager.container import mkv

TOKENS = (
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"<?xml-stylesheet href='a'?>", b"<!-- a -->", b"<script>",
    b"<![CDATA[", b"]]>", b"&lt;", b"&a;", b"&#0;", b"&#x202e;", b"</p>", b"<p>", b"xmlns:a='b'",
    b" onclick='a'", b" href='javascript:a'", b" src='http://a/'", b" style='a:url(b)'", b"\r\n",
    b"\n\n", b"\r", b"\0", b"\x1b[2J", b"\xef\xbb\xbf", "\u202e".encode(), b"{\\p1}", b"<font>",
    b"<i>", b"</b>", b"00:00:09,999 --> 00:00:10,000\n", b" --> ", b"99:59:59", b"WEBVTT\n\n",
    b"#EXTM3U\n", b"#EXT-X-KEY:URI=a\n", b"../", b"http://a/", b"file:///", b"PK\3\4", b"PK\1\2",
    b"PK\5\6", b"%PDF-1.7", b"MZ", b"\xff\xd8\xff", b"\xff\xd9", b"\xff\xfe\0\x10", b"IEND",
    b"\0\0\0\0", b"\xff\xff\xff\xff", b"\0\0\0\1", b"\x80", b"---\n", b"title: &a [*a]\n", b"- ",
    b"i-1e", b"d4:info", b"le", b"e", b"9999999999:", b"[^1]", b"![](a)", b"| a | b |\n|--|\n",
    b"```\n", b"> ", b"ssh-ed25519 ", b" words ",
)  # fmt: skip

_WORDS = (
    "",
    "a" * 5000,
    "../a",
    "\u202e",
    "1/0",
    "-1/1",
    "9" * 30,
    "2026-05-31",
    "\x1b[2J",
    "ab" * 32,
)
JSON_VALUES: tuple[object, ...] = (
    None, True, 0, -1, 1, 2**31, 2**63, 10**40, 1.5, float("nan"), [], [[]], {}, {"": 0}, *_WORDS,
)  # fmt: skip
BENCODE_VALUES: tuple[object, ...] = (
    0,
    -1,
    2**31,
    2**63 - 1,
    [],
    [[]],
    {},
    {b"": 0},
    *(word.encode() for word in _WORDS),
)

Change = Callable[[random.Random, Seed], tuple[bytes, bool]]
"""The changed bytes, and whether something foreign is in them that must be refused."""


def flip(chance: random.Random, seed: Seed) -> tuple[bytes, bool]:
    """Some bits or bytes another, mostly near the start or the end."""
    data = bytearray(seed.data)
    for _ in range(chance.choice((1, 1, 2, 5, 30))):
        at = min(int(chance.expovariate(0.01)), len(data) - 1)
        at = chance.choice((at, len(data) - 1 - at, chance.randrange(len(data))))
        data[at] = chance.choice(
            (0, 255, data[at] ^ 1 << chance.randrange(8), chance.randrange(256))
        )
    return bytes(data), False


def cut(chance: random.Random, seed: Seed) -> tuple[bytes, bool]:
    """A part gone, doubled, or moved."""
    one, two = sorted(chance.randrange(len(seed.data) + 1) for _ in range(2))
    data = seed.data
    part = data[one : min(two, one + 100_000)]
    kept = (data[:one] + data[two:], data[:two] + part * chance.randrange(1, 9) + data[two:])
    return chance.choice((*kept, data[:one], data[one:], part, data[:one] + part[::-1])), False


def token(chance: random.Random, seed: Seed) -> tuple[bytes, bool]:
    """Words that mean something to some parser."""
    data = seed.data
    for _ in range(chance.choice((1, 1, 2, 4, 60))):
        at = chance.choice((chance.randrange(len(data) + 1), 0, len(data)))
        word = chance.choice(TOKENS) * chance.choice((1, 1, 1, 2, 300))
        data = data[:at] + word + data[at + chance.choice((0, len(word))) :]
    return data[:2_000_000], False


def splice(chance: random.Random, seed: Seed) -> tuple[bytes, bool]:
    """A part of another file in it."""
    other = chance.choice(seeds()).data
    start = chance.randrange(len(other))
    part = other[start : start + chance.choice((1, 4, 16, 300, 9000))]
    at = chance.randrange(len(seed.data) + 1)
    return seed.data[:at] + part + seed.data[at + chance.choice((0, len(part))) :], False


def lengths(chance: random.Random, seed: Seed) -> tuple[bytes, bool]:
    """A length that lies."""
    width = chance.choice((1, 2, 4, 8))
    top = (1 << 8 * width) - 1
    value = chance.choice((0, 1, 2, top, top >> 1, len(seed.data), chance.randrange(top + 1))) & top
    field = value.to_bytes(width, chance.choice(("big", "little")))
    at = min(int(chance.expovariate(0.01)), len(seed.data))
    at = chance.choice((at, max(0, len(seed.data) - at), chance.randrange(len(seed.data))))
    return seed.data[:at] + field + seed.data[at + width :], False


def foreign(chance: random.Random, seed: Seed) -> tuple[bytes, bool]:
    """Something that belongs nowhere: before, behind, or anywhere inside."""
    part = b"\xff\0FOREIGN\xfe" + chance.randbytes(chance.choice((70, 400, 5000)))
    end = len(seed.data)
    at = chance.choice((0, end, chance.randrange(end + 1)))
    if seed.name.endswith(".jpg") and seed.data.find(b"\xff\xda") < at < end:
        at = end  # inside the compressed picture nobody can tell
    judged = seed.judge is of_safety
    return seed.data[:at] + part + seed.data[at:], judged


def inner(chance: random.Random, seed: Seed) -> tuple[bytes, bool]:
    """What stands inside an archive, a picture or a book, with all sums right around it."""
    suffix = seed.name.rpartition(".")[2]
    if seed.data.startswith(b"PK\3\4"):
        return _repacked(chance, seed)
    if seed.data.startswith((b"{", b"d4", b"d6", b"d8")):
        return _revalued(chance, seed.data), False
    if seed.data.startswith(b"\x89PNG"):
        return _rechecked(chance, seed.data), False
    if suffix == "fb2":
        at, end = seed.data.index(b"<binary"), seed.data.index(b"</binary>")
        at = seed.data.index(b">", at) + 1
        picture = base64.b64decode(seed.data[at:end])
        changed, bad = foreign(chance, Seed("a.jpg", picture, of_safety))
        return seed.data[:at] + base64.b64encode(changed) + seed.data[end:], bad
    return token(chance, seed)


def _repacked(chance: random.Random, seed: Seed) -> tuple[bytes, bool]:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(seed.data)) as before:
        entries = {name: before.read(name) for name in before.namelist() if name != "mimetype"}
    target = chance.choice(list(entries))
    extra = chance.random() < 0.1
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), b"application/epub+zip")
        for name, whole in entries.items():
            data = whole
            if name == target and data:
                change = chance.choice((flip, token, splice, cut))
                data, _ = change(chance, Seed(name, data, seed.judge))
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
        if extra:
            name = chance.choice(("a.js", "x.xhtml", "META-INF/a.xml", "a.png", "b.exe"))
            archive.writestr(zipfile.ZipInfo(name), chance.randbytes(500))
    return out.getvalue(), extra and seed.judge is of_safety


def _revalued(chance: random.Random, data: bytes) -> bytes:
    """JSON or bencode that is right, with a value or two of another kind in it."""
    is_json = data.startswith(b"{")
    whole = json.loads(data) if is_json else torrent.decode(data, len(data))
    for _ in range(chance.choice((1, 1, 2, 5))):
        _put(chance, whole, JSON_VALUES if is_json else BENCODE_VALUES)
    if not is_json:
        return torrent.encode(whole)
    return json.dumps(whole, sort_keys=True, separators=(",", ":")).encode()


def _put(chance: random.Random, whole: object, values: Sequence[object]) -> None:
    """Exchange or take out one value, at any depth."""
    at = whole
    while True:
        keys = list(at) if isinstance(at, dict) else list(range(len(at)))  # type: ignore[arg-type]
        if not keys:
            return
        key = chance.choice(keys)
        inner = at[key]  # type: ignore[index]
        if not isinstance(inner, dict | list) or chance.random() < 0.2:
            break
        at = inner
    if chance.random() < 0.2:
        del at[key]  # type: ignore[attr-defined]
    else:
        at[key] = chance.choice((*values, copy.deepcopy(whole)))  # type: ignore[index]


def _rechecked(chance: random.Random, data: bytes) -> bytes:
    at, parts = 8, [data[:8]]
    target = chance.randrange(3)
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        if not target and body:
            body, _ = flip(chance, Seed("chunk", body, of_safety))
        target -= 1
        check = zlib.crc32(kind + body).to_bytes(4, "big")
        parts.append(len(body).to_bytes(4, "big") + kind + body + check)
        at += 12 + length
    return b"".join(parts)


def nested(chance: random.Random, seed: Seed) -> tuple[bytes, bool]:
    """An element that no player knows, with every size above it right."""
    part = chance.randbytes(chance.choice((17, 300, 4000)))
    judged = seed.judge is of_safety
    suffix = seed.name.rpartition(".")[2]
    if suffix in {"mp4", "m4a", "m4b"}:
        return _in_boxes(chance, seed.data, part), judged
    if suffix == "mkv":
        return _in_elements(chance, seed.data, part), judged
    if suffix == "mp3" and seed.data.startswith(b"ID3"):
        size = sum(
            (byte & 0x7F) << shift
            for byte, shift in zip(seed.data[6:10], (21, 14, 7, 0), strict=True)
        )
        frame = chance.choice((b"PRIV", b"GEOB", b"XXXX", b"WXXX")) + len(part).to_bytes(4, "big")
        size += len(frame) + 2 + len(part)
        field = bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
        return seed.data[:6] + field + frame + b"\0\0" + part + seed.data[10:], judged
    return foreign(chance, seed)


def _in_boxes(chance: random.Random, data: bytes, part: bytes) -> bytes:
    """A box of another type at the end of one of the boxes around the index."""
    trail: list[int] = []
    start, end = 0, len(data)
    for kinds in ({b"moov"}, {b"trak", b"udta"}, {b"mdia"}, {b"minf"}, {b"stbl"}):
        if trail and chance.random() < 0.3:
            break
        at, found = start, []
        while at < end:
            if data[at + 4 : at + 8] in kinds:
                found.append(at)
            at += max(8, int.from_bytes(data[at : at + 4], "big"))
        if not found:
            break
        at = chance.choice(found)
        trail.append(at)
        start, end = at + 8, at + int.from_bytes(data[at : at + 4], "big")
    kind = chance.choice((b"uuid", b"xxxx", b"free", b"skip", b"cmov", b"rmra"))
    whole = (8 + len(part)).to_bytes(4, "big") + kind + part
    out = bytearray(data)
    out[end:end] = whole
    for at in trail:
        grown = int.from_bytes(out[at : at + 4], "big") + len(whole)
        out[at : at + 4] = grown.to_bytes(4, "big")
    return bytes(out)


def _in_elements(chance: random.Random, data: bytes, part: bytes) -> bytes:
    """An unknown element or attachment between two children of the Segment."""
    at, length, head = mkv.segment(lambda start, n: data[start : start + n])
    assert length is not None
    ends = [at + head]
    while ends[-1] < len(data):
        _, size, child = mkv.element(lambda start, n: data[start : start + n], ends[-1])
        ends.append(ends[-1] + child + (size or 0))
    whole = ebml(chance.choice(("1a2b3c4d", "1941a469", "1043a771", "88", "6240")), part)
    place = chance.choice(ends)
    grown = (1 << 56 | (length + len(whole))).to_bytes(8, "big")
    return data[: at + 4] + grown + data[at + 12 : place] + whole + data[place:]


CHANGES: tuple[tuple[Change, int], ...] = (
    (flip, 8), (cut, 3), (token, 8), (splice, 4),
    (lengths, 5), (foreign, 5), (inner, 5), (nested, 4),
)  # fmt: skip
