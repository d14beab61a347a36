"""The SHA-256 tree of BEP 52: one tree serves the torrent and the seal.

A file is cut into blocks of 16 KiB; their hashes are the leaves. Missing leaves are 32 zero bytes.
A *layer* holds the nodes that stand over ``blocks`` leaves each, one node for each piece.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from packager.values import DIGEST_SIZE, Digest

BLOCK = 16 * 1024
HEIGHT = 8  # of the subtrees that a file is hashed in: 256 leaves, 4 MiB
_EMPTY = Digest(bytes(DIGEST_SIZE))


@dataclass(frozen=True, slots=True)
class Tree:
    """The tree over a whole file: ``levels[h]`` holds the nodes h levels above the leaves.

    Each is one text of digests; the last node of a level is padded to full width. There are
    ``HEIGHT`` levels above the leaves, whatever the file's size.
    """

    levels: tuple[bytes, ...]

    @property
    def root(self) -> Digest:
        """The root over the whole file; an empty file has 32 zero bytes."""
        count = len(self.levels[0]) // DIGEST_SIZE
        return Digest(self._level((count - 1).bit_length())) if count else _EMPTY

    def layer(self, blocks: int) -> tuple[Digest, ...]:
        """One node for every ``blocks`` leaves (a power of two)."""
        return split(self._level(blocks.bit_length() - 1))

    def _level(self, height: int) -> bytes:
        nodes = self.levels[min(height, HEIGHT)]
        for below in range(HEIGHT, height):
            nodes = _parents(nodes, below)
        return nodes


def levels(leaves: bytes) -> tuple[bytes, ...]:
    """The levels of a ``Tree`` over these leaves, or of one subtree of it."""
    found = [leaves]
    for height in range(HEIGHT):
        found.append(_parents(found[-1], height))
    return tuple(found)


def split(leaves: bytes) -> tuple[Digest, ...]:
    """Digests that stand one after the other in ``leaves``."""
    return tuple(Digest(leaves[at : at + DIGEST_SIZE]) for at in range(0, len(leaves), DIGEST_SIZE))


def root(leaves: Sequence[Digest]) -> Digest:
    """The root over the leaves of a whole file; an empty file has 32 zero bytes."""
    return _reduce(leaves, _power_of_two(len(leaves)), 0)


def layer(leaves: Sequence[Digest], blocks: int) -> tuple[Digest, ...]:
    """One node for every ``blocks`` leaves (a power of two); the last is padded to full width."""
    return tuple(
        _reduce(leaves[at : at + blocks], blocks, 0) for at in range(0, len(leaves), blocks)
    )


def root_of_layer(nodes: Sequence[Digest], blocks: int) -> Digest:
    """The root over a layer made by ``layer`` with the same ``blocks``.

    Equal to ``root`` of the leaves for every file of more than ``blocks`` leaves.
    """
    return _reduce(nodes, _power_of_two(len(nodes)), blocks.bit_length() - 1)


def _reduce(nodes: Sequence[Digest], width: int, height: int) -> Digest:
    """Fold ``nodes`` that stand ``height`` levels above the leaves, padded to ``width``."""
    level = b"".join(nodes)
    while width > 1:
        level = _parents(level, height)
        width //= 2
        height += 1
    return Digest(level) if level else _EMPTY


def _parents(nodes: bytes, height: int) -> bytes:
    """The level above nodes that stand ``height`` levels above the leaves."""
    if len(nodes) % (2 * DIGEST_SIZE):
        nodes += _padding(height)
    pairs = range(0, len(nodes), 2 * DIGEST_SIZE)
    return b"".join([sha256(nodes[at : at + 2 * DIGEST_SIZE]).digest() for at in pairs])


@cache
def _padding(height: int) -> Digest:
    """The node over nothing but missing leaves."""
    if height == 0:
        return _EMPTY
    below = _padding(height - 1)
    return Digest(sha256(below + below).digest())


def _power_of_two(count: int) -> int:
    return 1 << max(count - 1, 0).bit_length()
