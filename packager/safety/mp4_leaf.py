"""MP4: what stands inside the boxes that hold no boxes of their own, byte for byte.

Sizes and fields as in ISO/IEC 14496-12, -14, -15, and 3GPP TS 26.245 (timed text).
"""

from collections.abc import Callable, Iterator

from packager.container.mp4 import box
from packager.safety import picture
from packager.safety.limits import MAX_CODEC, MAX_PICTURE, MAX_TEXT
from packager.safety.text import is_label

_HANDLERS = frozenset({b"vide", b"soun", b"text", b"sbtl", b"mdir"})
_FIXED = {
    b"mvhd": {100, 112},
    b"tkhd": {84, 96},
    b"mdhd": {24, 36},
    b"vmhd": {12},
    b"smhd": {8},
    b"nmhd": {4},
    b"gmin": {16},
    b"text": {36},
}
_PICTURES, _SOUNDS = (
    b"avc1 avc3 hvc1 hev1 av01 vp09".split(),
    b"mp4a .mp3 ac-3 ec-3 Opus fLaC".split(),
)
_TEXTS = (b"tx3g", b"text")
_FIELDS = dict.fromkeys(_PICTURES, 78) | dict.fromkeys(_SOUNDS, 28) | {b"tx3g": 38}
_SHORT = 256  # bytes: more than any of these takes
_CODEC_BOXES = frozenset(b"fiel pasp colr btrt esds dac3 dec3 dOps dfLa av1C vpcC ftab".split())
_COMPRESSOR = slice(42, 74)  # a name in a picture's sample entry
_LETTERS = frozenset(range(0x20, 0x7F))
_ITSELF = b"\0\0\0\x0curl \0\0\0\1"  # a data reference that means this file
_STYLES = {b"styl", b"encd"}
_MAX_UNIT = 4096  # bytes: x265's notes on itself take a half
_HEVC_SETS = frozenset({32, 33, 34, 39, 40})  # ITU-T H.265, table 7-1


def leaf_problem(kind: bytes, data: bytes) -> str | None:
    """What is wrong with the body of a box."""
    name = kind.decode("latin-1")
    if kind in _FIXED:
        return None if len(data) in _FIXED[kind] else f"a box of another length ({name!r})"
    judge = _LEAVES.get(kind)
    if judge is None or not judge(data):
        return f"a box that players skip, or with more than belongs in it ({name!r})"
    return None


def references_elsewhere(data: bytes) -> bool:
    """Whether a ``dref`` box names another file."""
    entries = data[8:]
    count = len(entries) // len(_ITSELF)
    stated = bytes(4) + count.to_bytes(4, "big")
    return data[:8] != stated or entries != _ITSELF * count


def tags_problem(data: bytes) -> str | None:
    """What is wrong with the tags (``ilst``): short texts, small numbers, covers."""
    for kind, body in _boxes(data):
        name = kind.decode("latin-1")
        if not kind:
            return "tags that cannot be followed"
        for inner, value in _boxes(body):
            named = kind == b"----" and inner in {b"mean", b"name"}
            if named and len(value) <= _SHORT and is_label(value[4:]):
                continue
            if inner != b"data" or len(value) < 8:  # noqa: PLR2004 -- type and place
                return f"a tag that players skip ({name!r})"
            problem = _tag_problem(kind, int.from_bytes(value[:4], "big"), value[8:])
            if problem:
                return f"{problem} ({name!r})"
    return None


def text_problem(data: bytes) -> str | None:
    """What is wrong with a sample of a text track: a length, a text, and how it looks."""
    length = int.from_bytes(data[:2], "big")
    shown, styles = data[2 : 2 + length], data[2 + length :]
    plain = len(data) >= 2 and len(shown) == length and is_label(shown)  # noqa: PLR2004
    if not plain or set(shown) & set(b"<{") or length > MAX_TEXT:
        return "a subtitle or chapter that is more than short lines"
    for kind, body in _boxes(styles):
        if kind not in _STYLES or (kind == b"encd" and len(body) != 4):  # noqa: PLR2004
            return "a subtitle with more than slant and weight"
        if kind == b"styl" and len(body) != 2 + 12 * int.from_bytes(body[:2], "big"):
            return "a subtitle with more than slant and weight"
    return None


def _tag_problem(kind: bytes, sort: int, value: bytes) -> str | None:
    if kind == b"covr":
        return picture.problem(value) if len(value) <= MAX_PICTURE else "a cover that is too large"
    if sort == 1:
        return None if len(value) <= MAX_TEXT and is_label(value) else "a tag that is no short text"
    small = sort in {0, 21} and len(value) <= 16  # noqa: PLR2004 -- numbers
    return None if small else "a tag that players skip"


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Type and body of each; an empty type where none can be read."""
    at = 0
    while at < len(data):
        kind, length, head = box(lambda start, size: data[start : start + size], at)
        if not kind or not length or at + length > len(data):
            yield b"", b""
            return
        yield kind, data[at + head : at + length]
        at += length


def _is_brand(data: bytes) -> bool:
    """Two brands and more, of four letters each, with a number behind the first."""
    brands = data[:4] + data[8:]
    return 8 <= len(data) <= _SHORT and not len(data) % 4 and _LETTERS.issuperset(brands)  # noqa: PLR2004


def _is_handler(data: bytes) -> bool:
    fits = 24 <= len(data) <= _SHORT and data[8:12] in _HANDLERS  # noqa: PLR2004
    return fits and is_label(data[24:])


def _are_edits(data: bytes) -> bool:
    row = 20 if data[:1] == b"\1" else 12
    return len(data) == 8 + row * int.from_bytes(data[4:8], "big") <= MAX_CODEC


def _are_groups(data: bytes) -> bool:
    row = 8 + (4 if data[:1] == b"\1" else 0)
    return len(data) == row + 4 + 8 * int.from_bytes(data[row : row + 4], "big")


def _are_chapters(data: bytes) -> bool:
    """Nero's list: version, flags, a count, then a time and a short name each."""
    at = 9 if data[:1] == b"\1" else 5
    for _ in range(data[at - 1] if len(data) >= at else 0):
        length = data[at + 8] if at + 8 < len(data) else 0
        if not is_label(data[at + 9 : at + 9 + length]):
            return False
        at += 9 + length
    return at == len(data)


def _is_name(data: bytes) -> bool:
    return len(data) <= _SHORT and is_label(data)


def _is_description(data: bytes) -> bool:
    """What codecs need (``stsd``)."""
    entries = list(_boxes(data[8:]))
    counted = len(entries) == int.from_bytes(data[4:8], "big") > 0
    return counted and len(data) <= MAX_CODEC and all(_is_entry(*entry) for entry in entries)


def _is_entry(kind: bytes, body: bytes) -> bool:
    if kind == b"text":
        return len(body) <= _SHORT
    fields = _FIELDS.get(kind)
    if fields is None or len(body) < fields:
        return False
    name = body[_COMPRESSOR] if kind in _PICTURES else b""
    length = name[0] if name else 0
    known = is_label(name[1 : 1 + length]) and not any(name[1 + length :])
    return known and all(_is_codec(*inner) for inner in _boxes(body[fields:]))


def _is_codec(kind: bytes, body: bytes) -> bool:
    if kind == b"avcC":
        return is_avc(body)
    if kind == b"hvcC":
        return is_hevc(body)
    return kind in _CODEC_BOXES and len(body) <= _SHORT


def is_avc(body: bytes) -> bool:
    """Whether it is avcC: parameter sets, each with its length (ISO/IEC 14496-15, 5.3.3.1)."""
    at = 5
    for mask, kind in ((0x1F, 7), (0xFF, 8)):
        count = body[at] & mask if at < len(body) else 0
        at += 1
        for _ in range(count):
            length = int.from_bytes(body[at : at + 2], "big")
            if length > _MAX_UNIT or (body[at + 2 : at + 3] and body[at + 2] & 0x1F != kind):
                return False
            at += 2 + length
    return body[:1] == b"\1" and at <= len(body) <= at + 4


def is_hevc(body: bytes) -> bool:
    """Whether it is hvcC: arrays of parameter sets and notes (ISO/IEC 14496-15, 8.3.3.1)."""
    at = 23
    for _ in range(body[22] if len(body) >= at else 0):
        count = int.from_bytes(body[at + 1 : at + 3], "big")
        at += 3
        for _ in range(min(count, 64)):
            length = int.from_bytes(body[at : at + 2], "big")
            if length > _MAX_UNIT or (
                body[at + 2 : at + 3] and body[at + 2] >> 1 not in _HEVC_SETS
            ):
                return False
            at += 2 + length
    return body[:1] == b"\1" and at == len(body)


def _is_small(data: bytes) -> bool:
    return len(data) <= _SHORT


_LEAVES: dict[bytes, Callable[[bytes], bool]] = {
    b"ftyp": _is_brand,
    b"hdlr": _is_handler,
    b"elst": _are_edits,
    b"sbgp": _are_groups,
    b"sgpd": _is_small,
    b"chap": _is_small,
    b"chpl": _are_chapters,
    b"name": _is_name,
    b"stsd": _is_description,
}
