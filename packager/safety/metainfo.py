"""A ``.torrent`` beside releases: read by our strict reader, and of nothing that may not travel.

No release holds one, so this kind is not among those of releases; whoever reads it needs torrents.
"""

from collections.abc import Iterator

from packager import safety, torrent
from packager.errors import InputRefused
from packager.safety import names
from packager.safety.finding import Found, Rule, Source, Unsafe, kind
from packager.torrent.metainfo import MAX_TORRENT


def problems(source: Source) -> Iterator[Found]:
    """Judge a torrent."""
    try:
        read = torrent.read(source.whole())
    except InputRefused as error:
        raise Unsafe(Rule.CONTENT, error.fact) from None
    if found := names.folder_problem(read.name):
        yield found
    for file in read.files:
        for one in names.problems(file.path, safety.ALLOWED):
            yield Found(one.rule, f"it is of a file {str(file.path)!r}: {one.message}")


BESIDE = {".torrent": kind(rb"d", MAX_TORRENT, problems)}
