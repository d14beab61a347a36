"""The place of the seal: zeros, or noise that may be a seal. Who has the words can tell which."""

from collections import Counter
from collections.abc import Iterator

from packager import seal
from packager.container import ReadAt
from packager.safety import programs
from packager.safety.finding import Found, Rule, hidden
from packager.safety.limits import MAX_NOISE, is_zeros

_UNEVEN = 500.0  # chi-square of bytes: noise has 255 +- 23, text and programs have thousands


def problems(read_at: ReadAt, at: int, length: int) -> Iterator[Found]:
    """Judge the body of the element where a seal may be."""
    if is_zeros(read_at, at, length):
        return
    if length > MAX_NOISE:
        yield hidden(f"{length} bytes of noise where a seal of at most {MAX_NOISE} could be")
        return
    yield from of_bytes(read_at(at, length))


def of_bytes(body: bytes) -> Iterator[Found]:
    """The same for a body that was decoded."""
    if not any(body):
        return
    if not seal.MIN_PAYLOAD <= len(body) <= MAX_NOISE:
        yield hidden(f"{len(body)} bytes where a seal could be, and seals are not of that size")
    elif _unevenness(body) > _UNEVEN or programs.holds(body):
        yield hidden(f"{len(body)} bytes where a seal could be, and they are no noise")
    else:
        message = f"{len(body)} bytes of noise where a seal can be: nobody here can tell whose"
        yield Found(Rule.NOISE, message)


def _unevenness(body: bytes) -> float:
    """Chi-square of the counts of the 256 bytes."""
    usual = len(body) / 256
    counts = Counter(body)
    return sum((counts.get(byte, 0) - usual) ** 2 for byte in range(256)) / usual
