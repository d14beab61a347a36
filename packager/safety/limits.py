"""How much room there is for what is not picture or sound."""

from packager.container.layout import ReadAt

MAX_NOISE = 512 * 1024  # in the seal's own place: more than any seal of this program takes
MAX_META = 256 * 1024  # names, chapters, tags and headers of one file together
MAX_TEXT = 8 * 1024  # one of them
MAX_CODEC = 64 * 1024  # what a codec needs before its first frame
MAX_PICTURE = 4 * 1024 * 1024  # a cover
_CHUNK = 256 * 1024
_SPARE_PARTS = 10_000
_SMALL_PART = 16  # bytes of an element on average; sound of few bits comes near it


def most_parts(size: int) -> int:
    """How many elements a file of this size is followed through."""
    return _SPARE_PARTS + size // _SMALL_PART


def is_zeros(read_at: ReadAt, at: int, length: int) -> bool:
    """Whether nothing but zeros stands there; what is not there is none."""
    for start in range(at, at + length, _CHUNK):
        data = read_at(start, min(_CHUNK, at + length - start))
        if data.count(0) != len(data):
            return False
        if not data:
            break
    return True
