"""What a file gives away, before anything is packed: pure rules over bytes, tags and texts."""

from collections.abc import Callable, Iterable, Iterator

from packager.traces import boxes, chunks, ebml, marks
from packager.traces.finding import MAX_VALUE, ReadAt, Trace, What, trace

__all__ = [
    "MAX_VALUE",
    "REMAINS",
    "ReadAt",
    "Trace",
    "What",
    "of_structure",
    "trace",
    "without_echoes",
]

REMAINS = (
    "faces, and how people walk and stand",
    "voices, and what is heard behind them",
    "the noise of the camera's sensor, which is like a fingerprint",
    "reflections in windows, glasses and eyes",
    "places, signs and screens in the picture; light and shadows tell the hour",
    "watermarks of cameras, phones and programs in the picture or the sound",
    "yellow tracking dots in scans of printed pages",
    "the hum of the mains, which tells when a sound was recorded",
    "the style of the writing",
)
"""What no program can remove; shown at the end of each answer."""

_WALKS: dict[str, Callable[[ReadAt, int], Iterator[Trace]]] = {
    "mov": boxes.boxes,
    "matroska": ebml.elements,
    "avi": chunks.riff,
    "wav": chunks.riff,
    "WEBP": chunks.riff,
    "PNG": chunks.png,
    "JPEG": chunks.jpeg,
    "GIF": chunks.gif,
    "flac": chunks.flac,
    "mp3": chunks.mp3,
    "mpegts": chunks.stream,
    "ogg": chunks.tail_words,
    "TIFF": chunks.tail_words,
    "AVIF": boxes.boxes,
    "HEIF": boxes.boxes,
}


def of_structure(kind: str, read_at: ReadAt, size: int) -> Iterator[Trace]:
    """Parts that the file does not need, and the marks of tools in all its bytes.

    ``kind`` is Pillow's name of a picture or ffmpeg's of a demuxer.
    """
    walk = _WALKS.get(kind)
    if walk:
        yield from walk(read_at, size)
    yield from marks.of_bytes(read_at, size)


def without_echoes(found: Iterable[Trace]) -> Iterator[Trace]:
    """Each trace once; a mark in the bytes only where no parsed trace has said it already."""
    told = tuple(dict.fromkeys(found))
    said = "\n".join(one.value for one in told if one.where not in marks.PLACES)
    for one in told:
        if one.where not in marks.PLACES:
            yield one
        elif one.value.rstrip(" …") not in said:
            said += "\n" + one.value
            yield one
