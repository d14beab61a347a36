"""Soft subtitles: strict SubRip and WebVTT in, the same cues written anew out.

Players have been taken over by subtitle files, so nothing is passed on that was not understood:
UTF-8, cues in order, no markup but ``<i>`` and ``<b>``, short lines.
"""

import re
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from packager.errors import InputRefused
from packager.values import hidden_characters, printable

MAX_BYTES = 2 * 1024 * 1024
MAX_CUES = 20_000
MAX_LINES = 6
MAX_LINE = 200  # characters
_LINE, _CHINESE_LINE = 42, 20  # characters of the lines that we write, as televisions have them
_HOUR, _MINUTE = 3_600_000, 60_000
_TIME = re.compile(
    r"^(\d{1,2}):([0-5]\d):([0-5]\d)[,.](\d{3}) --> (\d{1,2}):([0-5]\d):([0-5]\d)[,.](\d{3})\s*$"
)
_VTT_TIME = re.compile(
    r"^(?:(\d{2}):)?([0-5]\d):([0-5]\d)\.(\d{3}) --> (?:(\d{2}):)?([0-5]\d):([0-5]\d)\.(\d{3})$"
)
_VTT = "WEBVTT\n\n"
_TAG = re.compile(r"</?[ib]>")


@dataclass(frozen=True, slots=True)
class Cue:
    """Lines shown from ``start`` to ``end``, in milliseconds."""

    start: int
    end: int
    lines: tuple[str, ...]


def parse(name: str, untrusted_text: str) -> tuple[Cue, ...]:
    """Read a SubRip file; errors name the cue's line."""
    text = untrusted_text.removeprefix("\ufeff").replace("\r\n", "\n")
    cues: list[Cue] = []
    number = 1
    for block in re.split(r"\n[ \t]*\n", text):
        count = block.count("\n") + 2
        if block.strip():
            lead = len(block) - len(block.lstrip("\n"))
            cue = _parse_cue(name, number + lead, block.strip("\n").split("\n"))
            if cues and cue.start < cues[-1].start:
                raise _bad(name, number + lead, "it starts before the one above it")
            cues.append(cue)
        number += count
    if len(cues) > MAX_CUES:
        raise InputRefused(f"{name} holds more than {MAX_CUES} subtitles", "make two files of it")
    if not cues:
        raise InputRefused(f"{name} holds no subtitles", "leave it out of `subtitles:`")
    return tuple(cues)


def shift(cues: Iterable[Cue], milliseconds: int) -> tuple[Cue, ...]:
    """The same cues, later."""
    return tuple(
        replace(cue, start=cue.start + milliseconds, end=cue.end + milliseconds) for cue in cues
    )


def serialise(cues: Iterable[Cue]) -> str:
    """SubRip text, numbered from 1."""
    blocks = [
        f"{number}\n{_time(cue.start)} --> {_time(cue.end)}\n" + "\n".join(cue.lines) + "\n"
        for number, cue in enumerate(cues, 1)
    ]
    return "\n".join(blocks)


def shows(untrusted_bytes: bytes) -> bool:
    """Whether the lines of one subtitle inside a film are UTF-8 text that may be shown."""
    try:
        text = untrusted_bytes.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return are_plain(text.replace("\r\n", "\n").rstrip("\n").split("\n"))


def parse_vtt(name: str, untrusted_text: str) -> tuple[Cue, ...]:
    """Read a WebVTT file of cues alone: no styles, regions, notes, identifiers or settings."""
    text = untrusted_text.removeprefix("\ufeff").replace("\r\n", "\n")
    if not text.startswith(_VTT):
        raise _bad(name, 1, "write WEBVTT, an empty line, then the first time")
    cues: list[Cue] = []
    number = 3
    for block in text.removeprefix(_VTT).rstrip("\n").split("\n\n"):
        rows = block.split("\n")
        match = _VTT_TIME.match(rows[0])
        if match is None:
            raise _bad(name, number, "write times as 00:00:01.000 --> 00:00:04.000")
        fields = [int(part or 0) for part in match.groups()]
        start, end = _milliseconds(fields[:4]), _milliseconds(fields[4:])
        if end <= start or (cues and start < cues[-1].start):
            raise _bad(name, number, "it ends before it starts, or starts before the one above it")
        for row in rows[1:]:
            if unseen := hidden_characters(_TAG.sub("", row)):
                raise _invisible(name, number, unseen[0], row)
        if not are_plain(rows[1:]):
            raise _bad(name, number, "only short lines, and only <i> and <b>, may stand in it")
        cues.append(Cue(start, end, tuple(rows[1:])))
        number += len(rows) + 1
    if len(cues) > MAX_CUES:
        raise InputRefused(f"{name} holds more than {MAX_CUES} subtitles", "make two files of it")
    return tuple(cues)


def serialise_vtt(cues: Iterable[Cue], *, short: bool = False) -> str:
    """WebVTT text; ``short`` leaves out the hours where there are none, as ffmpeg does."""

    def time(milliseconds: int) -> str:
        text = _time(milliseconds).replace(",", ".")
        return text.removeprefix("00:") if short else text

    blocks = ["\n".join((f"{time(c.start)} --> {time(c.end)}", *c.lines, "")) for c in cues]
    return _VTT + "\n".join(blocks)


def serialise_short_vtt(cues: Iterable[Cue]) -> str:
    """WebVTT as ffmpeg writes it."""
    return serialise_vtt(cues, short=True)


def spread(texts: Iterable[str], begin: int, end: int) -> tuple[Cue, ...]:
    """``texts`` shared out between two moments, as long as each takes to read, two lines a cue."""
    shown = [lines for text in texts for lines in _two_by_two(text)]
    total = sum(len("".join(lines)) for lines in shown)
    cues: list[Cue] = []
    at = 0
    for lines in shown:
        start = begin + (end - begin) * at // total
        at += len("".join(lines))
        stop = begin + (end - begin) * at // total
        if stop > start:
            cues.append(Cue(start, stop, lines))
    return tuple(cues)


def _two_by_two(text: str) -> Iterator[tuple[str, ...]]:
    """Lines of a cue, cut between words where the script has spaces."""
    clean = _without_markup(" ".join(text.split()))
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in clean)
    most = _CHINESE_LINE if wide * 2 > len(clean) else _LINE
    lines = textwrap.wrap(clean, most, break_on_hyphens=False)
    for at in range(0, len(lines), 2):
        yield tuple(lines[at : at + 2])


def plain_lines(text: str) -> tuple[str, ...]:
    """Text of ours as subtitle lines: cut to length, with nothing that could be markup."""
    clean = _without_markup(text)
    return tuple(clean[at : at + MAX_LINE] for at in range(0, len(clean), MAX_LINE))[:MAX_LINES]


def _without_markup(text: str) -> str:
    """Nothing that could be markup, and nothing invisible: the strict reader would refuse it."""
    hidden = set(hidden_characters(text))
    seen = "".join(character for character in text if character not in hidden)
    return seen.replace("<", "(").replace(">", ")").replace("{", "(").replace("}", ")")


def _parse_cue(name: str, line: int, rows: list[str]) -> Cue:
    if rows and rows[0].strip().isdigit():
        rows, line = rows[1:], line + 1
    match = _TIME.match(rows[0].strip()) if rows else None
    if match is None:
        raise _bad(name, line, "write times as 00:00:01,000 --> 00:00:04,000")
    fields = [int(part) for part in match.groups()]
    start, end = _milliseconds(fields[:4]), _milliseconds(fields[4:])
    if end <= start:
        raise _bad(name, line, "it ends before it starts")
    lines = tuple(row.strip() for row in rows[1:] if row.strip())
    if len(lines) > MAX_LINES or any(len(row) > MAX_LINE for row in lines):
        raise _bad(name, line, f"more than {MAX_LINES} lines, or a line over {MAX_LINE} characters")
    for row in lines:
        if unseen := hidden_characters(_TAG.sub("", row)):
            raise _invisible(name, line, unseen[0], row)
        if not is_plain(row):
            raise _bad(name, line, f"only <i> and <b> may stand in it: {printable(row[:60])}")
    return Cue(start, end, lines or ("",))


def is_plain(row: str) -> bool:
    """Whether no markup but ``<i>`` and ``<b>``, and nothing invisible, stands in a line."""
    rest = _TAG.sub("", row)
    return not ("<" in rest or "{" in rest or hidden_characters(rest))


def are_plain(rows: Sequence[str]) -> bool:
    """Whether these lines may be shown at once."""
    fit = len(rows) <= MAX_LINES and all(len(row) <= MAX_LINE for row in rows)
    return fit and all(map(is_plain, rows))


def _milliseconds(fields: list[int]) -> int:
    hours, minutes, seconds, rest = fields
    return hours * _HOUR + minutes * _MINUTE + seconds * 1000 + rest


def _time(milliseconds: int) -> str:
    hours, rest = divmod(milliseconds, _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02},{rest % 1000:03}"


def _invisible(name: str, line: int, sign: str, row: str) -> InputRefused:
    return InputRefused(
        f"{name} line {line}: a subtitle with an invisible sign, U+{ord(sign):04X}",
        f"take it out, it may be a watermark: {printable(row[:60])}",
        "`packager inspect` shows all of them",
    )


def _bad(name: str, line: int, hint: str) -> InputRefused:
    return InputRefused(f"{name} line {line}: a subtitle that cannot be read", hint)
