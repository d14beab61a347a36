"""The SHA-256 tree of BEP 52: one tree serves the torrent and the seal.

A file is cut into blocks of 16 KiB; their hashes are the leaves. Missing leaves are 32 zero bytes.
A *layer* holds the nodes that stand over ``blocks`` leaves each, one node for each piece.
"""

from collections.abc import Sequence
from functools import cache
from hashlib import sha256

from packager.values import DIGEST_SIZE, Digest

BLOCK = 16 * 1024
_EMPTY = Digest(bytes(DIGEST_SIZE))


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
    if not nodes:
        return _EMPTY
    level = list(nodes)
    while width > 1:
        if len(level) % 2:
            level.append(_padding(height))
        level = [
            Digest(sha256(level[at] + level[at + 1]).digest()) for at in range(0, len(level), 2)
        ]
        width //= 2
        height += 1
    return level[0]


@cache
def _padding(height: int) -> Digest:
    """The node over nothing but missing leaves."""
    if height == 0:
        return _EMPTY
    below = _padding(height - 1)
    return Digest(sha256(below + below).digest())


def _power_of_two(count: int) -> int:
    return 1 << max(count - 1, 0).bit_length()
