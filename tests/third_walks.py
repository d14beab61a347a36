"""Where a third verifier looks for seals: the walks of docs/seal.md part 3, in plain Python.

Nothing of ours is imported. Boxes with 64-bit sizes are not read, and a seal behind a damaged part
is found only where Matroska's elements lead there.
"""

import re
from contextlib import suppress
from struct import error as Broken  # noqa: N812
from struct import pack, unpack

Slots = list[tuple[int, int, int]]  # start and length of each body, length of its SUFFIX
OLD = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
NEW = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
RATES = {0: (11025, 12000, 8000), 2: (22050, 24000, 16000), 3: (44100, 48000, 32000)}
big = int.from_bytes


def walk(d: bytes) -> tuple[Slots, bool, bool] | None:
    """The skippable elements, whether the walk is whole, whether they are armoured."""
    slots: Slots = []
    whole = False
    sound = d[:3] == b"ID3" or frame(big(d[:4])) > 0
    film = d[:4] == b"\x1aE\xdf\xa3" or d[4:8] == b"ftyp"
    if not film and not sound and d[30:58] != b"mimetypeapplication/epub+zip":
        return None
    with suppress(IndexError, Broken):
        whole = (elements if film else mp3 if sound else epub)(d, slots)
    return slots, whole, not film


def element(d: bytes, at: int) -> tuple[bytes, int, int]:
    wide = 9 - d[at].bit_length()
    more = 9 - d[at + wide].bit_length()
    if wide > 4 or more > 8 or at + wide + more > len(d):
        raise IndexError
    return d[at : at + wide], big(d[at + wide :][:more]) & (1 << 7 * more) - 1, wide + more


def box(d: bytes, at: int) -> tuple[bytes, int, int]:
    size = big(d[at : at + 4]) or len(d) - at
    if size < 8 or not re.match(rb"[ -~\xa9]{4}", d[at + 4 : at + 8]):
        raise IndexError
    return d[at + 4 : at + 8], size - 8, 8


def elements(d: bytes, slots: Slots) -> bool:
    at, whole, step = 0, True, box
    if d[0] == 26:
        at, step = sum(element(d, 0)[1:]), element
        _, size, head = element(d, at)
        at, whole = at + head, size == 2**56 - 1 or at + head + size == len(d)
    while at < len(d):
        name, size, head = step(d, at)
        slots += [(at + head, size, 0)] * (name in {b"\xec", b"free", b"skip"})
        at += head + size
    return whole and at == len(d)


def frame(h: int) -> int:
    version, bits, rate = h >> 19 & 3, h >> 12 & 15, h >> 10 & 3
    if h >> 21 != 2047 or h >> 17 & 3 != 1 or version == 1 or bits in {0, 15} or rate == 3:
        return 0
    speed = 144000 * NEW[bits - 1] if version == 3 else 72000 * OLD[bits - 1]
    return speed // RATES[version][rate] + (h >> 9 & 1)


def mp3(d: bytes, slots: Slots) -> bool:
    tagged = d[:3] == b"ID3"
    at = tagged * (10 + sum(d[6 + n] << 21 - 7 * n for n in range(4)) + (d[5] & 16) // 16 * 10)
    while size := frame(big(d[at : at + 4])):
        at += size
    room = big(d[at + 32 : at + 36], "little") - 1 & 2**31 - 1
    tag = pack("<8s4I8x2I7s", b"APETAGEX", 2000, room + 47, 1, 5 << 29, room + 1, 0, b"Dummy")
    slots += [(at + 47, room, 32)] * (d[at : at + 47] == tag)
    return at + len(slots) * (79 + room) == len(d)


def epub(d: bytes, slots: Slots) -> bool:
    at = count = 0
    while d[at : at + 4] == b"PK\3\4":
        at += 30 + sum(unpack("<18xI4xHH", d[at : at + 30]))
    first = at
    while d[at : at + 4] == b"PK\1\2":
        at, count = at + 46 + sum(unpack("<28xHHH12x", d[at : at + 46])), count + 1
    end = pack("<4s4H2I", b"PK\5\6", 0, 0, count, count, at - first, first)
    slots += [(at + 22, big(d[at + 20 : at + 22], "little"), 0)] * (d[at : at + 20] == end)
    return slots[0][0] + slots[0][1] == len(d)
