"""Plain text: UTF-8 that steers neither a terminal nor the reader's eye, and that nothing plays."""

import re
from collections.abc import Iterator

from packager.safety.finding import Found, Rule, Source, Unsafe

BOM = "\ufeff"
STEERING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
"""Controls, direction marks and isolates, characters without width but those that join letters."""
FORCING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e007f]"
)
"""What has no place in a book either; marks and joiners there are the author's spelling."""
_MARKED = re.compile(r"\A\s*<|<\?xml|<!(?:doctype|entity)", re.IGNORECASE)
"""XML: a media centre fetches what an NFO in it names, and msinfo32 what its entities name."""
_PLAYED = ("#EXTM3U", "#EXT-X-", "ffconcat", "[playlist]", "[Reference]", "v=0\r\n", "v=0\n")


def problems(source: Source) -> Iterator[Found]:
    """Judge a ``.txt`` or ``.nfo``."""
    text = decoded(source.whole())
    if "<script" in text.lower():
        yield Found(Rule.PROGRAM, "it holds a script")
    elif _MARKED.search(text):
        yield Found(Rule.ACTIVE, "it is XML, which media centres and Windows take for orders")
    if text.lstrip().startswith(_PLAYED):
        yield Found(Rule.CONTENT, "it is a playlist, which makes players open other things")


def decoded(data: bytes) -> str:
    """The text without its byte order mark; raises Unsafe."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unsafe(Rule.TEXT, f"it is not UTF-8 text (byte {error.start})") from None
    text = text.removeprefix(BOM)
    if steers := STEERING.search(text):
        raise Unsafe(Rule.TEXT, f"it holds the control character U+{ord(steers[0]):04X}")
    return text


def calmed(text: str) -> str:
    """A text of ours without what ``problems`` would refuse in it."""
    return STEERING.sub("", text)


def is_label(data: bytes) -> bool:
    """Whether a tag of a media file is text; zeros may fill it up."""
    try:
        return not STEERING.search(data.rstrip(b"\0").decode("utf-8"))
    except UnicodeDecodeError:
        return False
