"""Thousands of releases as a node's store keeps them, made in seconds.

What is in them was judged, and every piece hashed, "when they were added": the store says so, and
the files are those of the torrents, so a node that starts offers them at once.
"""

import time
from collections.abc import Iterator
from hashlib import sha1, sha256
from pathlib import Path

from packager import merkle, torrent
from packager.seed.held import identity_of
from packager.seed.opening import take_prints
from packager.seed.store import Kept, Store
from packager.torrent import FileHashes, Kind
from packager.values import Digest, RelativePath

SIZE = 30_000  # bytes
_PIECE = 64 * 1024


def thousands(folder: Path, count: int, pin: str, url: str, kind: Kind) -> Iterator[Kept]:
    """Releases of the publisher whose words are ``pin``, below ``folder``."""
    for number in range(count):
        content = folder / str(number) / f"Film.{number:04}"
        content.mkdir(parents=True)
        data = number.to_bytes(4, "big") * (SIZE // 4)
        (content / "film.mkv").write_bytes(data)
        file = FileHashes(RelativePath("film.mkv"), SIZE, _root(data) if kind.has_v2 else None)
        pieces = sha1(data, usedforsecurity=False).digest()
        yield kept(content, torrent.build(content.name, [file], _PIECE, pieces, kind, [url]), pin)


def kept(content: Path, made: bytes, pin: str) -> Kept:
    """The row of a release whose files are those of its torrent."""
    read, now = torrent.read(made), int(time.time())
    return Kept(
        identity=identity_of(read),
        name=read.name,
        publisher="desk",
        words=pin,
        folder=content.parent,
        torrent=made,
        prints=take_prints(content),
        allowed=frozenset(),
        size=read.total,
        added=now,
        scrubbed=now,
        title=f"What {content.name} shows",
    )


def keep_all(home: Path, releases: Iterator[Kept]) -> list[Kept]:
    """Put them into the store of a node that does not run."""
    found = list(releases)
    with Store(home) as store:
        for one in found:
            store.keep(one)
    return found


def memory(pid: int) -> int:
    """Bytes that a process holds in memory."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024


def _root(data: bytes) -> Digest:
    blocks = (data[at : at + merkle.BLOCK] for at in range(0, len(data), merkle.BLOCK))
    return merkle.root([Digest(sha256(block).digest()) for block in blocks])
