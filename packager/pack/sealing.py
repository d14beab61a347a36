"""Put the seal into the film and hash the release, reading every byte once.

The sizes of header and payload are fixed before the read begins, so the PREFIX is final when it is
hashed, and the payload is written behind it in the same pass.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from packager import container, files, hashing, merkle, seal, torrent
from packager.chain import Chain
from packager.container import Kind as Container
from packager.errors import InputRefused
from packager.files import Entry
from packager.hashing import Crew, Leaves, Pieces
from packager.keys import SecretKey
from packager.manifest import Manifest, Sibling
from packager.torrent import FileHashes
from packager.values import Digest, Language, RelativePath

_ENCODER = re.compile(rb"Lav[cf]\d+\.\d+\.\d+")
_OVERLAP = 32  # longer than any encoder's name
_MAX_SIBLING = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Terms:
    """What the seal says besides hashes."""

    disguise: str
    languages: tuple[Language, ...]
    variant: bytes
    date: str
    serial: int
    report: dict[str, str]
    audience: str = "asked"
    decision: bytes = b""
    allowed: tuple[str, ...] = ()
    cover_licence: str = ""
    expires: str = ""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A folder ready to travel: what a torrent of it is made from."""

    files: tuple[FileHashes, ...]
    piece_length: int
    sha1_pieces: bytes
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Signer:
    """With what a release is signed."""

    chain: Chain
    daily: SecretKey


def seal_folder(
    folder: Path,
    film: RelativePath,
    terms: Terms,
    signer: Signer,
    kind: torrent.Kind,
    *,
    blank: bool,
) -> Sealed:
    """Seal ``film``, list the other files in its seal, hash all.

    ``blank`` overwrites with zeros what an encoder left in the sound of a copied stream.
    """
    entries = files.walk(folder)
    others = {e.relative: _Small.read(e) for e in entries if e.relative != film}
    size = next(e.size for e in entries if e.relative == film)
    piece = torrent.piece_length(sum(entry.size for entry in entries))
    with (folder / film).open("r+b", buffering=0) as file, Crew() as crew:
        job = _Job.prepare(file.fileno(), size, crew, blank=blank)
        if job.kind is Container.EPUB:  # a ZIP comment is short, and the book is the text
            terms = replace(terms, report={})
        draft = _draft(film, job.kind, size, piece, terms, signer, others)
        report = seal.encode_report(terms.report)
        count = seal.piece_count(draft.prefix_length, piece)
        payload = seal.payload_size(draft, signer.chain, count, report)
        draft = job.make_room(draft, payload)
        lengths = {path: small.length for path, small in others.items()}
        lengths[film] = draft.prefix_length + job.behind(payload)
        spans = torrent.v1_layout(lengths, kind, piece)
        pieces = Pieces(crew, piece)
        finished: tuple[Manifest, FileHashes] | None = None
        for span in spans or (torrent.Span(film, lengths[film]),):
            if span.path == film:
                finished = job.run(draft, signer, report, payload, pieces)
            else:
                pieces.feed(memoryview(others[span.path].data if span.path else bytes(span.length)))
        if finished is None:
            raise ValueError("the film is not in the torrent's layout")
        manifest, hashes = finished
        small = [one.hashes(path, piece) for path, one in others.items()]
        listed = tuple(sorted((hashes, *small), key=lambda one: one.path))
        return Sealed(listed, piece, pieces.finish() if spans else b"", manifest)


@dataclass(frozen=True, slots=True)
class _Small:
    """A file beside the film: ReadMe, NFO, poster."""

    data: bytes
    leaves: tuple[Digest, ...]

    @property
    def length(self) -> int:
        return len(self.data)

    @classmethod
    def read(cls, entry: Entry) -> "_Small":
        data = files.read_limited(entry.path, _MAX_SIBLING)
        blocks = range(0, len(data), merkle.BLOCK)
        leaves = (sha256(data[at : at + merkle.BLOCK]).digest() for at in blocks)
        return cls(data, tuple(map(Digest, leaves)))

    def hashes(self, path: RelativePath, piece: int) -> FileHashes:
        return _file_hashes(path, self.length, self.leaves, piece)


@dataclass(frozen=True, slots=True)
class _Job:
    """The film while it is being sealed."""

    descriptor: int
    size: int
    crew: Crew
    kind: Container
    blank: bool

    @classmethod
    def prepare(cls, descriptor: int, size: int, crew: Crew, *, blank: bool) -> "_Job":
        kind = container.kind_of(os.pread(descriptor, container.HEAD, 0))
        if kind is None:
            raise InputRefused(
                "no seal can be put into this kind of file", "use mp4, mkv, m4a, mp3 or epub"
            )
        return cls(descriptor, size, crew, kind, blank)

    def make_room(self, draft: Manifest, payload: int) -> Manifest:
        """Write the element's header and patch the size above it: the PREFIX is final then."""
        room = self.kind.room(payload)
        patch = self.kind.patch(self._read_at, self.size, room)
        if patch:
            os.pwrite(self.descriptor, patch[1], patch[0])
        os.pwrite(self.descriptor, self.kind.header(room), self.size)
        return replace(draft, suffix=Digest(sha256(self.kind.suffix(room)).digest()))

    def behind(self, payload: int) -> int:
        """Bytes that stand after the PREFIX."""
        room = self.kind.room(payload)
        return room + len(self.kind.suffix(room))

    def run(
        self, draft: Manifest, signer: Signer, report: bytes, payload_size: int, pieces: Pieces
    ) -> tuple[Manifest, FileHashes]:
        """Hash the PREFIX, write the payload, hash on to the end."""
        leaves = Leaves(self.crew)
        for chunk in self._chunks(draft.prefix_length):
            leaves.feed(chunk)
            pieces.feed(chunk)
        prefix = leaves.so_far()
        blocks = draft.piece // merkle.BLOCK
        layer = merkle.layer(prefix, blocks) if len(prefix) > blocks else ()
        manifest = replace(draft, prefix_root=merkle.root(prefix))
        payload = seal.build(manifest, signer.chain, layer, report, signer.daily, payload_size)
        room = self.kind.room(payload_size)
        rest = self.kind.body(payload) + self.kind.suffix(room)
        os.pwrite(self.descriptor, rest, draft.prefix_length)
        leaves.feed(memoryview(rest))
        pieces.feed(memoryview(rest))
        return manifest, _file_hashes(draft.path, leaves.length, leaves.so_far(), draft.piece)

    def _chunks(self, length: int) -> Iterator[memoryview]:
        if not self.blank:
            os.lseek(self.descriptor, 0, os.SEEK_SET)
            yield from hashing.read_chunks(self.descriptor, length)
            return
        for at in range(0, length, hashing.CHUNK):
            size = min(hashing.CHUNK, length - at)
            buffer = bytearray(min(size + _OVERLAP, length - at))
            os.preadv(self.descriptor, [buffer], at)
            if _ENCODER.search(buffer):
                self._blank(buffer, at, size)
            yield memoryview(buffer)[:size]

    def _blank(self, buffer: bytearray, at: int, size: int) -> None:
        """Names that reach into the next chunk are found there as zeros: it is read after this."""
        for match in _ENCODER.finditer(bytes(buffer)):
            if match.start() < size:
                zeros = bytes(len(match.group()))
                buffer[match.start() : match.end()] = zeros
                os.pwrite(self.descriptor, zeros, at + match.start())

    def _read_at(self, offset: int, length: int) -> bytes:
        return os.pread(self.descriptor, length, offset)


def _draft(
    film: RelativePath,
    kind: Container,
    size: int,
    piece: int,
    terms: Terms,
    signer: Signer,
    others: dict[RelativePath, _Small],
) -> Manifest:
    """The manifest with every length right and the film's root still missing."""
    siblings = tuple(
        Sibling(path, small.length, merkle.root(small.leaves), sealed=False)
        for path, small in sorted(others.items())
    )
    return Manifest(
        path=film,
        container=str(kind),
        prefix_length=size + kind.header_size,
        prefix_root=Digest(bytes(32)),
        piece=piece,
        suffix=Digest(sha256(b"").digest()),
        chain=Digest(sha256(signer.chain.encode()).digest()),
        report=Digest(sha256(seal.encode_report(terms.report)).digest()),
        signer=signer.daily.public,
        siblings=siblings,
        disguise=terms.disguise,
        languages=terms.languages,
        variant=terms.variant,
        date=terms.date,
        serial=terms.serial,
        audience=terms.audience,
        decision=terms.decision,
        allowed=terms.allowed,
        cover_licence=terms.cover_licence,
        expires=terms.expires,
        replaces=(),
        feed="",
    )


def _file_hashes(
    path: RelativePath, length: int, leaves: tuple[Digest, ...], piece: int
) -> FileHashes:
    blocks = piece // merkle.BLOCK
    layer = merkle.layer(leaves, blocks) if len(leaves) > blocks else ()
    return FileHashes(path, length, merkle.root(leaves) if length else None, layer)
