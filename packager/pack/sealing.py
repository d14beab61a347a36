"""Put a seal into every film, sound file and book of a folder and hash all of it, reading once.

The sizes of headers and payloads are fixed before the read begins, so each PREFIX is final when it
is hashed. A seal lists the other sealed files by the roots of their PREFIXes, so the payloads are
written when all of these are known; only the few SHA-1 pieces that reach over the edge of a
PREFIX are read again.
"""

import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from packager import files, merkle, seal, torrent
from packager.chain import Chain
from packager.container import Kind as Container
from packager.files import Entry
from packager.hashing import Crew, Leaves
from packager.keys import SecretKey
from packager.manifest import Manifest, Sibling
from packager.pack.body import Body
from packager.pack.stream import Read, Stream
from packager.torrent import FileHashes
from packager.values import Digest, Language, RelativePath

_MAX_SIBLING = 64 * 1024 * 1024
_UNKNOWN = Digest(bytes(32))


@dataclass(frozen=True, slots=True)
class Terms:
    """What the seals of a release say besides hashes."""

    disguise: str
    languages: tuple[Language, ...]
    variant: bytes
    date: str
    serial: int
    audience: str = "asked"
    decision: bytes = b""
    allowed: tuple[str, ...] = ()
    cover_licence: str = ""
    expires: str = ""


@dataclass(frozen=True, slots=True)
class Unsealed:
    """A file that is to be sealed.

    ``report`` are the texts that travel in its seal, by file name.
    """

    path: RelativePath
    report: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A folder ready to travel: what a torrent of it is made from."""

    files: tuple[FileHashes, ...]
    piece_length: int
    sha1_pieces: bytes
    manifests: tuple[Manifest, ...]  # of the sealed files, in the order they were given

    @property
    def manifest(self) -> Manifest:
        """What the first seal says."""
        return self.manifests[0]


@dataclass(frozen=True, slots=True)
class Signer:
    """With what a release is signed."""

    chain: Chain
    daily: SecretKey


def seal_folder(
    folder: Path, unsealed: Sequence[Unsealed], terms: Terms, signer: Signer, kind: torrent.Kind
) -> Sealed:
    """Seal every file of ``unsealed``, list the other files in each seal, hash all."""
    entries = files.walk(folder)
    chosen = {one.path for one in unsealed}
    small = {e.relative: _Small.read(e) for e in entries if e.relative not in chosen}
    piece = torrent.piece_length(sum(entry.size for entry in entries))
    with ExitStack() as stack, Crew() as crew:
        jobs = [_Job.open(folder, one, signer, piece, stack) for one in unsealed]
        drafts = _drafts(jobs, small, terms)
        lengths = {path: one.length for path, one in small.items()}
        lengths |= {draft.manifest.path: draft.length for draft in drafts}
        stream = Stream(torrent.v1_layout(lengths, kind, piece), piece, crew)
        leaves = [j.hash_prefix(d, stream) for j, d in zip(jobs, drafts, strict=True)]
        roots = {j.path: merkle.root(one.so_far()) for j, one in zip(jobs, leaves, strict=True)}
        made = tuple(
            job.write_seal(draft, roots, one)
            for job, draft, one in zip(jobs, drafts, leaves, strict=True)
        )
        sha1_pieces = stream.finish(_reader(jobs, small))
        hashed = [one.hashes(path, piece) for path, one in small.items()]
        hashed += [
            _file_hashes(job.path, one.length, one.so_far(), piece)
            for job, one in zip(jobs, leaves, strict=True)
        ]
    return Sealed(tuple(sorted(hashed, key=lambda one: one.path)), piece, sha1_pieces, made)


def _reader(jobs: Sequence["_Job"], small: Mapping[RelativePath, "_Small"]) -> Read:
    descriptors = {job.path: job.body.descriptor for job in jobs}

    def read(path: RelativePath, offset: int, length: int) -> bytes:
        if path in small:
            return small[path].data[offset : offset + length]
        return os.pread(descriptors[path], length, offset)

    return read


@dataclass(frozen=True, slots=True)
class _Small:
    """A file that carries no seal: ReadMe, NFO, poster."""

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
class _Draft:
    """A manifest with every length right and the roots of sealed files still missing."""

    manifest: Manifest
    payload: int  # bytes
    length: int  # of the finished file


@dataclass(frozen=True, slots=True)
class _Job:
    """A file while it is being sealed."""

    path: RelativePath
    body: Body
    report: bytes  # the record of its texts
    signer: Signer
    piece: int

    @classmethod
    def open(
        cls, folder: Path, unsealed: Unsealed, signer: Signer, piece: int, stack: ExitStack
    ) -> "_Job":
        body = Body.open(folder / unsealed.path, stack)
        # a ZIP comment is short, and the book is the text
        texts = {} if body.kind is Container.EPUB else dict(unsealed.report)
        return cls(unsealed.path, body, seal.encode_report(texts), signer, piece)

    def draft(self, siblings: tuple[Sibling, ...], terms: Terms) -> _Draft:
        """What the seal will say; its size depends on the lengths in it alone."""
        manifest = self._manifest(siblings, terms)
        count = seal.piece_count(manifest.prefix_length, self.piece)
        payload = seal.payload_size(manifest, self.signer.chain, count, self.report)
        more, suffix = self.body.behind(payload)
        return _Draft(replace(manifest, suffix=suffix), payload, manifest.prefix_length + more)

    def hash_prefix(self, draft: _Draft, stream: Stream) -> Leaves:
        """Make room for the seal, and read the PREFIX once: for its tree and for the torrent."""
        self.body.make_room(draft.payload)
        leaves = Leaves(stream.crew)
        feed = stream.prefix(self.path, self.body.prefix_length)
        at = 0
        for chunk in self.body.prefix():
            leaves.feed(chunk)
            feed(at, chunk)
            at += len(chunk)
        return leaves

    def write_seal(
        self, draft: _Draft, roots: Mapping[RelativePath, Digest], leaves: Leaves
    ) -> Manifest:
        """Sign and write the payload; ``leaves`` are hashed on to the end of the file."""
        prefix = leaves.so_far()
        blocks = self.piece // merkle.BLOCK
        layer = merkle.layer(prefix, blocks) if len(prefix) > blocks else ()
        siblings = tuple(
            replace(one, root=roots[one.path]) if one.sealed else one
            for one in draft.manifest.siblings
        )
        manifest = replace(draft.manifest, prefix_root=roots[self.path], siblings=siblings)
        payload = seal.build(
            manifest, self.signer.chain, layer, self.report, self.signer.daily, draft.payload
        )
        leaves.feed(memoryview(self.body.write(payload)))
        return manifest

    def _manifest(self, siblings: tuple[Sibling, ...], terms: Terms) -> Manifest:
        return Manifest(
            path=self.path,
            container=str(self.body.kind),
            prefix_length=self.body.prefix_length,
            prefix_root=_UNKNOWN,
            piece=self.piece,
            suffix=_UNKNOWN,
            chain=Digest(sha256(self.signer.chain.encode()).digest()),
            report=Digest(sha256(self.report).digest()),
            signer=self.signer.daily.public,
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


def _drafts(
    jobs: Sequence[_Job], small: Mapping[RelativePath, _Small], terms: Terms
) -> list[_Draft]:
    """The draft of each job.

    A seal tells the lengths of the other files, and those depend on their seals: lengths only
    grow from round to round, and soon are spelt the same.
    """
    plain = [
        Sibling(path, one.length, merkle.root(one.leaves), sealed=False)
        for path, one in small.items()
    ]
    lengths = {job.path: job.body.size for job in jobs}
    while True:
        films = [Sibling(path, length, _UNKNOWN, sealed=True) for path, length in lengths.items()]
        listed = sorted((*plain, *films), key=lambda one: one.path)
        drafts = [
            job.draft(tuple(one for one in listed if one.path != job.path), terms) for job in jobs
        ]
        settled = {draft.manifest.path: draft.length for draft in drafts}
        if settled == lengths:
            return drafts
        lengths = settled


def _file_hashes(
    path: RelativePath, length: int, leaves: tuple[Digest, ...], piece: int
) -> FileHashes:
    blocks = piece // merkle.BLOCK
    layer = merkle.layer(leaves, blocks) if len(leaves) > blocks else ()
    return FileHashes(path, length, merkle.root(leaves) if length else None, layer)
