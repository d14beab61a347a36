"""SRT and WebVTT: only what our own writer writes again, byte for byte."""

from collections.abc import Callable, Iterator

from packager import subtitles
from packager.errors import InputRefused
from packager.safety import text as plain
from packager.safety.finding import Found, Rule, Source, Unsafe
from packager.subtitles import Cue


def srt(source: Source) -> Iterator[Found]:
    """Judge a ``.srt``."""
    yield from _same(source, subtitles.parse, (subtitles.serialise,))


def vtt(source: Source) -> Iterator[Found]:
    """Judge a ``.vtt``."""
    written = (subtitles.serialise_vtt, subtitles.serialise_short_vtt)
    yield from _same(source, subtitles.parse_vtt, written)


def _same(
    source: Source,
    parse: Callable[[str, str], tuple[Cue, ...]],
    writers: tuple[Callable[[tuple[Cue, ...]], str], ...],
) -> Iterator[Found]:
    """Lines may end as Windows ends them, and an empty line may stand at the end."""
    text = plain.decoded(source.whole())
    newline = "\r\n" if "\r\n" in text else "\n"
    try:
        cues = parse("it", text)
    except InputRefused as error:
        raise Unsafe(Rule.CONTENT, f"{error.fact}: {error.hints[0]}") from None
    for write in writers:
        written = write(cues).replace("\n", newline)
        if text in {written, written + newline}:
            return
    yield Found(Rule.HIDDEN, "written anew, these subtitles are others: something else is in it")
