"""Seals made by hand, in memory: right in every part but the one that a test wants wrong."""

import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from packager import chain as chains
from packager import container, merkle, seal, sshsig, verify, words
from packager.chain import Chain, State, Statement
from packager.container import Kind, mkv, mp3
from packager.keys import PublicKey, SecretKey, whiten
from packager.manifest import Manifest
from packager.pins import Pin
from packager.values import Digest, RelativePath, canonical_json
from packager.verify import FileResult
from packager.words import Words

PIECE = 16 * 1024
NAME = {
    Kind.MKV: "film.mkv",
    Kind.MP4: "film.mp4",
    Kind.MP3: "sound.mp3",
    Kind.EPUB: "book.epub",
}


def key(name: str) -> SecretKey:
    return SecretKey(sha256(b"crafted " + name.encode()).digest())


def noise(length: int, name: str = "noise") -> bytes:
    blocks = (sha256(b"%s %d" % (name.encode(), n)).digest() for n in range(-(-length // 32)))
    return b"".join(blocks)[:length]


@dataclass(frozen=True)
class Desk:
    """A publisher by name: paper keys ``NAME root 1`` and ``NAME root 2``, ``NAME daily 1``, ..."""

    name: str = "desk"

    def root(self, number: int = 1) -> SecretKey:
        return key(f"{self.name} root {number}")

    def daily(self, number: int = 1) -> SecretKey:
        return key(f"{self.name} daily {number}")

    @property
    def value(self) -> Words:
        return words.of_root(self.root().public.raw)

    @property
    def chain(self) -> Chain:
        pointer = key(f"{self.name} pointer").public
        return chains.first(self.root(), self.root(2).public, self.daily().public, pointer)

    def more(self, *states: tuple[PublicKey, State], by: int = 1) -> Chain:
        """The chain with one more statement, signed by paper key ``by``."""
        first = self.chain.latest
        statement = replace(
            first,
            number=2,
            previous=sha256(first.encode()).digest(),
            root=self.root(by).public,
            next_root=sha256(self.root(by + 1).public.raw).digest(),
            keys=states,
        )
        return Chain((*self.chain.links, (statement, signed(self.root(by), statement))))


def signed(root: SecretKey, statement: Statement) -> bytes:
    return sshsig.sign(root, sshsig.STATEMENT, statement.encode())


@cache
def plain(kind: Kind, size: int = 300) -> bytes:
    """A small file that walks to its end; nothing plays it."""
    body = noise(size, str(kind))
    if kind is Kind.MKV:
        head = b"\x42\x82\x88matroska"
        cluster = b"\x1f\x43\xb6\x75" + mkv.header(len(body))[1:] + body
        segment = mkv.SEGMENT + mkv.header(len(cluster))[1:] + cluster
        return mkv.MAGIC + bytes((0x80 | len(head),)) + head + segment
    if kind is Kind.MP4:
        mdat = (8 + len(body)).to_bytes(4, "big") + b"mdat" + body
        return b"\0\0\0\x14ftypisom\0\0\0\0mp42" + mdat
    if kind is Kind.MP3:
        frame = b"\xff\xf3\x18\xc4" + noise(32, "frame")
        assert mp3.frame_length(frame[:4]) == len(frame)
        return b"ID3\x03\0\0\0\0\0\x10" + bytes(16) + frame * -(-size // len(frame))
    return book(body)


def book(page: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), b"application/epub+zip")
        archive.writestr(zipfile.ZipInfo("page.xhtml"), page)
    return out.getvalue()


def same(value: bytes) -> bytes:
    return value


@dataclass(frozen=True)
class Craft:
    """What goes into a seal, and the places where a test may reach in."""

    value: Words
    chain: bytes
    daily: SecretKey
    report: bytes = b""
    version: int = 1
    padding: bytes = bytes(7)
    manifest: Callable[[dict[str, object]], object] = lambda fields: fields
    text: Callable[[bytes], bytes] = same  # the manifest's bytes, before they are signed
    signature: Callable[[bytes], bytes] = same
    layer: Callable[[bytes], bytes] = same
    plain: Callable[[bytes], bytes] = same  # before salt and whitening

    def payload(self, stated: Manifest, layer: bytes) -> bytes:
        fields = {**_fields(stated), "chain": sha256(self.chain).hexdigest()}
        text = self.text(canonical_json(self.manifest(fields)))
        signature = self.signature(sshsig.sign(self.daily, sshsig.SEAL, text))
        records = (text, self.chain, self.layer(layer), self.report)
        lengths = [*map(len, records), len(self.padding)]
        data = b"magnitizdat-seal" + self.version.to_bytes(2, "big")
        data += b"".join(length.to_bytes(4, "big") for length in lengths)
        data = self.plain(data + signature + b"".join(records) + self.padding)
        secret = seal._words_key(self.value)
        salt = seal._salt(secret, data)
        return salt + whiten(seal._file_key(secret, salt), data)


def craft(by: Desk | None = None) -> Craft:
    """A seal with nothing wrong."""
    desk = by or Desk()
    return Craft(desk.value, desk.chain.encode(), desk.daily())


def sealed(unsealed: bytes, how: Craft) -> bytes:
    """``unsealed`` with a crafted seal in it."""
    kind = container.kind_of(unsealed[: container.HEAD])
    assert kind
    length = len(unsealed) + kind.header_size
    pieces = -(-length // PIECE)
    draft = _manifest(kind, how, b"", length, ())
    size = len(how.payload(draft, bytes(32 * pieces if pieces > 1 else 0)))
    room = kind.room(size)
    data = bytearray(unsealed)
    if kind is not Kind.MP3:  # ours note no size, and are too small for a real seal
        at, field = kind.patch(lambda at, n: bytes(data[at : at + n]), len(data), room) or (0, b"")
        data[at : at + len(field)] = field
    prefix = bytes(data) + kind.header(room)
    leaves = leaves_of(prefix)
    nodes = merkle.layer(leaves, 1) if len(leaves) > 1 else ()
    stated = _manifest(kind, how, kind.suffix(room), len(prefix), leaves)
    payload = how.payload(stated, b"".join(nodes))
    assert len(payload) == size
    return prefix + kind.body(payload) + kind.suffix(room)


def leaves_of(data: bytes) -> tuple[Digest, ...]:
    blocks = range(0, len(data), merkle.BLOCK)
    return tuple(Digest(sha256(data[at : at + merkle.BLOCK]).digest()) for at in blocks)


def _manifest(
    kind: Kind, how: Craft, suffix: bytes, length: int, leaves: tuple[Digest, ...]
) -> Manifest:
    return Manifest(
        path=RelativePath(NAME[kind]),
        container=str(kind),
        prefix_length=length,
        prefix_root=merkle.root(leaves),
        piece=PIECE,
        suffix=Digest(sha256(suffix).digest()),
        chain=Digest(sha256(how.chain).digest()),
        report=Digest(sha256(how.report).digest()),
        signer=how.daily.public,
        siblings=(),
        disguise="",
        languages=(),
        variant=sha256(b"variant").digest(),
        date="2026-05-31",
        serial=7,
        audience="asked",
        decision=b"",
        allowed=(),
        cover_licence="",
        expires="",
        replaces=(),
        feed="",
    )


def _fields(stated: Manifest) -> dict[str, object]:
    found: dict[str, object] = json.loads(stated.encode())
    return found


DESK = Desk()
PINNED = (Pin("desk", DESK.value, DESK.root().public),)


def good(kind: Kind, size: int = 300) -> bytes:
    """A small file with a seal in which nothing is wrong."""
    return sealed(plain(kind, size), craft())


def slot(kind: Kind, data: bytes) -> container.Slot:
    """Where its seal stands."""
    return container.walk(kind, lambda at, size: data[at : at + size], len(data)).slots[-1]


def judged(folder: Path, data: bytes, trusted: tuple[Pin, ...] = PINNED) -> FileResult:
    """What is said of these bytes as a lone file."""
    path = folder / "file"
    path.write_bytes(data)
    return verify.file(path, "file", trusted)
