"""Boxes of MP4, MOV, 3GP, HEIC and AVIF that playing does not need (ISO/IEC 14496-12)."""

from collections.abc import Iterator

from packager.traces.chunks import after, part
from packager.traces.finding import ReadAt, Trace, What, trace
from packager.traces.tags import of_xmp

_MOST = 20_000
_LOOK = 1 << 16
_OPEN = frozenset(b"moov trak mdia minf dinf edts moof traf mvex ilst".split())
_NEEDED = frozenset(
    b"ftyp mdat moof mvhd tkhd mdhd vmhd smhd nmhd sthd stbl dref elst iods trex mehd mfhd"
    b" tfhd tfdt trun sidx styp mfra hdlr tref gmhd iloc iinf iprp idat pitm iref grpl"
    b" wide keys".split()
)
_ZEROS = frozenset({b"free", b"skip"})
_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")


def boxes(read_at: ReadAt, size: int) -> Iterator[Trace]:
    """Every box that is neither structure nor stream."""
    yield from _inside(read_at, 0, size, "", size)


def _inside(read_at: ReadAt, at: int, end: int, path: str, size: int) -> Iterator[Trace]:
    for _ in range(_MOST):
        head = read_at(at, 16)
        if at + 8 > end:
            break
        length, kind = int.from_bytes(head[:4], "big"), head[4:8]
        skip = 16 if length == 1 else 8
        length = int.from_bytes(head[8:16], "big") if length == 1 else length or end - at
        if length < skip or at + length > end or not _is_name(kind):
            if not path:
                yield from after(read_at, at, size)
            return
        yield from _box(read_at, at + skip, at + length, (path, kind), size)
        at += length
    if not path:
        yield from after(read_at, at, size)


def _box(
    read_at: ReadAt, body: int, end: int, named: tuple[str, bytes], size: int
) -> Iterator[Trace]:
    path, kind = named
    where = f"{path}/{kind.decode('latin-1')}".lstrip("/")
    if kind in _OPEN:
        yield from _inside(read_at, body, end, where, size)
    elif kind in {b"udta", b"meta"}:
        found = _first_box(read_at, body, end)
        yield from _inside(read_at, found, end, where, size)
    elif kind in _ZEROS:
        rest = read_at(body, min(end - body, _LOOK))
        if any(rest):
            yield from part(f"box {where}", rest)
    elif kind == b"uuid" and read_at(body, 16) == _XMP:
        yield from of_xmp(
            "XMP", read_at(body + 16, min(end - body, 1 << 20)).decode("utf-8", "replace")
        )
    elif kind not in _NEEDED:
        yield from part(f"box {where}", read_at(body, min(end - body, _LOOK)))
    if kind == b"tref":
        yield trace(What.STREAM, f"box {where}", "a stream that belongs to another")


def _first_box(read_at: ReadAt, body: int, end: int) -> int:
    """``meta`` has four bytes of version in ISO files, none in QuickTime's."""
    at = body if _is_name(read_at(body + 4, 4)) and read_at(body + 4, 4) != bytes(4) else body + 4
    return min(at, end)


def _is_name(kind: bytes) -> bool:
    return len(kind) == 4 and all(0x20 <= byte < 0x7F or byte == 0xA9 for byte in kind)  # noqa: PLR2004
