"""Words that tools, cameras and computers leave anywhere in a file, found by their bytes alone."""

import re
from collections.abc import Iterator

from packager.traces.finding import ReadAt, Trace, What, trace

WINDOW = 4 << 20  # bytes
_OVERLAP = 2048
_MOST = 200  # traces of one file
_TEXT = rb"[\x20-\x7e]"
PLACES = ("bytes", "bytes, two a letter")
_PATTERNS = {
    What.LOCATION: rb"[+-]\d\d\.\d{3,8}[+-]\d{3}\.\d{3,8}(?:[+-][\d.]+)?/?"
    rb"|\bGPS ?\([\d., +-]{6,60}\)",
    What.DEVICE: rb"(?:GoPro|HERO\d+ Black|DJI[ ._]|Apple iPhone|iPhone \d|Canon EOS|NIKON |SONY |"
    rb"samsung |SM-[A-Z]\d{3}|Pixel \d|HUAWEI|Xiaomi|Redmi |OLYMPUS|FUJIFILM|Panasonic|LEICA )"
    rb"[\x20-\x7e]{0,60}"
    rb"|(?i:serial)(?i:[ _-]?(?:number|no|nr))?[ =:\"'>]{1,4}[\w-]{4,40}"
    rb"|CAMSERIAL[\w-]{0,40}|MDPM",
    What.TIME: rb"(?:19|20)\d\d[-:](?:0[1-9]|1[0-2])[-:](?:0[1-9]|[12]\d|3[01])"
    rb"[T ]\d\d:\d\d(?::\d\d)?",
    What.COMPUTER: rb"/(?:home|Users|root|media|mnt)/[\w .@-]{1,60}(?:/[\w .@-]{1,80})*"
    rb"|[A-Z]:\\(?:Users|Documents and Settings|Windows)\\[\w .@\\-]{1,200}|file:///"
    + _TEXT
    + rb"{3,120}",
    What.PERSON: rb"[\w.+-]{3,40}@[\w-]{3,40}\.(?:com|org|net|info|ru|ua|by|ir|cn|mm|de|me|io)\b",
    What.SOFTWARE: rb"Lav[cf]\d\d\.\d[\d.]{1,12}|x26[45] (?:- core|\(build)[\x20-\x7e]{0,600}"
    rb"|HandBrake[\x20-\x7e]{0,40}|Adobe [A-Z][\x20-\x7e]{2,60}|Photoshop|GIMP \d[\d.]*"
    rb"|Lightroom|LAME\d\.\d[\w.]*|libebml v[\d.]+|mkvmerge v[\x20-\x7e]{3,40}|CapCut|InShot"
    rb"|Core Media[\x20-\x7e]{0,40}|libvorbis|reference libFLAC[\x20-\x7e]{0,30}|Audacity",
    What.HIDDEN: rb"<x:xmpmeta|<\?xpacket begin|Exif\0\0(?:MM|II)|8BIM\x04\x04",
}
_ALL = re.compile(b"|".join(b"(?P<%s>%s)" % (w.encode(), p) for w, p in _PATTERNS.items()))
_SAID = {b"Exif": "EXIF of a picture", b"<x:x": "an XMP packet", b"<?xp": "an XMP packet"}
_SAID[b"8BIM"] = "IPTC fields"


def of_bytes(read_at: ReadAt, size: int) -> Iterator[Trace]:
    """Each mark once, whether it is written in one byte or two bytes a letter."""
    seen: set[tuple[What, str]] = set()
    for start in range(0, size, WINDOW):
        data = read_at(start, WINDOW + _OVERLAP)
        for where, part in zip(PLACES, (data, data.replace(b"\0", b"")), strict=True):
            for found in _ALL.finditer(part):
                what = What(str(found.lastgroup))
                value = _SAID.get(found[0][:4], found[0].decode("ascii", "replace"))
                if (what, value) not in seen and len(seen) < _MOST:
                    seen.add((what, value))
                    yield trace(what, where, value)


def words_in(data: bytes, most: int = 6) -> str:
    """The longest runs of letters in bytes, to show what they may be."""
    plain = data[: 1 << 20]
    runs = re.findall(rb"[\x20-\x7e\xc2-\xf4][\x20-\x7e\x80-\xf4]{4,}", plain)
    runs += re.findall(rb"(?:[\x20-\x7e]\0){5,}", plain)
    longest = sorted(dict.fromkeys(runs), key=len, reverse=True)[:most]
    texts = (run.replace(b"\0", b"").decode("utf-8", "replace") for run in longest)
    return " | ".join(text.replace("\ufffd", "?") for text in texts)
