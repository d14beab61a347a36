"""Texts and leftovers in Matroska and WebM that libraries do not list (RFC 9559)."""

from collections.abc import Generator, Iterator

from packager.traces.chunks import after, part
from packager.traces.finding import ReadAt, Trace, What, trace
from packager.traces.tags import sort

_MOST = 50_000
_LOOK = 1 << 16
_OPEN = frozenset(
    map(
        bytes.fromhex,
        "18538067 1549a966 1654ae6b ae 1043a770 45b9 b6 80 1254c367 7373 67c8 63c0 1941a469"
        " 61a7".split(),
    )
)
_TEXTS = {
    "7384": "segment's file name",
    "7ba9": "title",
    "4d80": "muxing application",
    "5741": "writing application",
    "3c83ab": "earlier file name",
    "3e83bb": "next file name",
    "536e": "track name",
    "258688": "codec name",
    "85": "chapter name",
    "466e": "attached file's name",
    "467e": "attached file's description",
    "4660": "attached file's kind",
    "4487": "tag value",
}
_BYTES = {"4485": "binary tag", "465c": "attached file", "ec": "void", "bf": "checksum"}
_DATE, _UID = bytes.fromhex("4461"), bytes.fromhex("73a4")


def elements(read_at: ReadAt, size: int) -> Iterator[Trace]:
    """Every text element, attachments, voids that are not zeros, the date, and what follows."""
    end = yield from _inside(read_at, 0, size)
    yield from after(read_at, end, size)


def _inside(read_at: ReadAt, at: int, end: int) -> Generator[Trace, None, int]:
    """Returns where it had to stop."""
    for _ in range(_MOST):
        head = read_at(at, 12)
        if at >= end or not head or not head[0]:
            break
        wide = 9 - head[0].bit_length()
        long = 9 - (head[wide] if wide < len(head) else 0).bit_length()
        if wide > 4 or wide + long > len(head):  # noqa: PLR2004 -- longest id
            break
        identity = head[:wide]
        room = (1 << 7 * long) - 1
        length = int.from_bytes(head[wide : wide + long], "big") & room
        body = at + wide + long
        stop = end if length == room else body + length
        if stop > end:
            break
        if identity in _OPEN:
            yield from _inside(read_at, body, stop)
        else:
            yield from _leaf(identity.hex(), read_at(body, min(stop - body, _LOOK)))
        at = stop
    return at


def _leaf(identity: str, body: bytes) -> Iterator[Trace]:
    if identity in _TEXTS:
        text = body.rstrip(b"\0").decode("utf-8", "replace")
        if text.strip():
            yield trace(sort(_TEXTS[identity]), _TEXTS[identity], text)
    elif identity == _DATE.hex():
        yield trace(What.TIME, "date in the file", f"{int.from_bytes(body, 'big')} ns after 2001")
    elif identity == _UID.hex() and any(body):
        yield trace(What.OTHER, "number of this very file", body.hex())
    elif identity == "ec" and not any(body):
        return
    elif identity in _BYTES and identity != "bf":
        yield from part(_BYTES[identity], body)
