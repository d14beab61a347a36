"""What may stand in each container, so that nothing travels inside it unseen.

Every element is known, small, or used by a player; what players skip is zeros, but for the place
of the seal, which may hold noise up to ``MAX_NOISE``. Whether that noise is a seal, only somebody
with the publisher's words can tell. What is inside pictures and sound that play is not judged.
"""

from collections.abc import Callable, Iterator
from itertools import islice

from packager.container import Kind, ReadAt
from packager.container.rules import epub, mkv, mp3, mp4, picture
from packager.container.rules.limits import MAX_NOISE

__all__ = ["MAX_NOISE", "hidden", "hidden_in_picture"]

_MOST = 5  # findings of one file: the first tells enough
_RULES: dict[Kind, Callable[[ReadAt, int], Iterator[str]]] = {
    Kind.MKV: mkv.findings,
    Kind.MP4: mp4.findings,
    Kind.MP3: mp3.findings,
    Kind.EPUB: epub.findings,
}


def hidden(kind: Kind, read_at: ReadAt, size: int) -> tuple[str, ...]:
    """What stands in a file that no player uses, one phrase each; empty where all is used."""
    return tuple(islice(_RULES[kind](read_at, size), _MOST))


def hidden_in_picture(data: bytes) -> str | None:
    """The same for a whole JPEG or PNG."""
    return picture.problem(data)
