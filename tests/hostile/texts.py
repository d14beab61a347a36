"""Subtitles, playlists, notes and padding that say more than they should."""

from hostile.build import HTML, NOISE, SRT, VTT, Sample, of
from packager.safety import MAX_TEXT, Rule

TEXTS: dict[str, tuple[bytes, Rule]] = {
    "latin-1": (b"na\xefve", Rule.TEXT),
    "utf-16": ("\ufeffhello".encode("utf-16-le"), Rule.TEXT),
    "a null": (b"a\0b", Rule.TEXT),
    "a terminal's title": (b"\x1b]0;title\x07", Rule.TEXT),
    "a cleared screen": (b"hi\x1b[2Jho", Rule.TEXT),
    "an 8-bit escape": ("a\x9b31m".encode(), Rule.TEXT),
    "a backspace": (b"rm\x08\x08ls", Rule.TEXT),
    "a right-to-left override": ("a\u202eb".encode(), Rule.TEXT),
    "an isolate": ("a\u2066b".encode(), Rule.TEXT),
    "an embedding": ("a\u202ab".encode(), Rule.TEXT),
    "a direction mark": ("a\u200fb".encode(), Rule.TEXT),
    "an arabic letter mark": ("a\u061cb".encode(), Rule.TEXT),
    "a zero-width space": ("a\u200bb".encode(), Rule.TEXT),
    "a word joiner": ("a\u2060b".encode(), Rule.TEXT),
    "a second byte order mark": ("a\ufeffb".encode(), Rule.TEXT),
    "tag characters": ("a\U000e0041b".encode(), Rule.TEXT),
    "a line separator": ("a\u2028b".encode(), Rule.TEXT),
    "noise": (NOISE[2:5000], Rule.TEXT),
    "a script inside": (b"hello <ScRipt>alert(1)</script>", Rule.PROGRAM),
    "a media centre's page": (
        b"\n <movie><title>A</title><thumb>http://127.0.0.1/a.jpg</thumb></movie>",
        Rule.ACTIVE,
    ),
    "system information with an entity": (
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1/"> %b;]><MsInfo/>',
        Rule.ACTIVE,
    ),
    "xml behind words": (b'Read me.\n<?xml version="1.0"?><MsInfo/>', Rule.ACTIVE),
    "an hls playlist": (b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n/etc/hostname\n", Rule.CONTENT),
    "a concat script": (b"ffconcat version 1.0\nfile /etc/hostname\n", Rule.CONTENT),
    "a winamp playlist": (b"[playlist]\nFile1=http://127.0.0.1/\n", Rule.CONTENT),
    "a quicktime reference": (b"[Reference]\r\nRef1=http://127.0.0.1/\r\n", Rule.CONTENT),
    "a session description": (b"v=0\no=- 0 0 IN IP4 127.0.0.1\n", Rule.CONTENT),
    "too much": (b"x" * (MAX_TEXT + 1), Rule.SIZE),
    "nothing": (b"", Rule.CONTENT),
}
_TIME = b"00:00:01,000 --> 00:00:02,000"


def _srt(shown: bytes, time: bytes = _TIME) -> bytes:
    return b"1\n" + time + b"\n" + shown + b"\n"


SUBTITLES: dict[str, tuple[bytes, Rule]] = {
    "no subtitle": (b"hello", Rule.CONTENT),
    "ass drawing": (_srt(rb"{\p1}m 0 0 l 100 0 100 100{\p0}"), Rule.CONTENT),
    "ass override": (_srt(rb"{\an8}up"), Rule.CONTENT),
    "ass font": (_srt(rb"{\fnhttp://127.0.0.1/}x"), Rule.CONTENT),
    "a font tag": (_srt(b"<font color=red>x</font>"), Rule.CONTENT),
    "html": (_srt(b"<img src=x onerror=alert(1)>"), Rule.CONTENT),
    "a link": (_srt(b"<a href=http://127.0.0.1>x</a>"), Rule.CONTENT),
    "a script": (_srt(b"<script>alert(1)</script>"), Rule.CONTENT),
    "underline": (_srt(b"<u>x</u>"), Rule.CONTENT),
    "a tag with attributes": (_srt(b"<b onclick=alert(1)>x</b>"), Rule.CONTENT),
    "coordinates": (_srt(b"x", _TIME + b" X1:1 X2:2 Y1:1 Y2:2"), Rule.CONTENT),
    "a long line": (_srt(b"x" * 5000), Rule.CONTENT),
    "many lines": (_srt(b"x\n" * 50), Rule.CONTENT),
    "end before start": (_srt(b"x", b"00:00:02,000 --> 00:00:01,000"), Rule.CONTENT),
    "out of order": (
        _srt(b"x", b"00:01:00,000 --> 00:01:01,000") + b"\n2\n" + _TIME + b"\ny\n",
        Rule.CONTENT,
    ),
    "another number": (SRT.replace(b"1\n", b"7\n", 1), Rule.HIDDEN),
    "a huge number": (SRT.replace(b"1\n", b"1" * 5000 + b"\n", 1), Rule.CONTENT),
    "spaces that hide": (_srt(b"x" + b" \t" * 500), Rule.HIDDEN),
    "empty lines that hide": (SRT + b"\n" * 500, Rule.HIDDEN),
    "text behind": (SRT + b"\nsomething else\n", Rule.CONTENT),
    "a null": (SRT + b"\0", Rule.TEXT),
    "bidi": (_srt("\u202ex".encode()), Rule.TEXT),
    "an escape": (_srt(b"\x1b[2J"), Rule.TEXT),
    "mixed line ends": (SRT + b"\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nx\r\n", Rule.HIDDEN),
    "an hls playlist": (b"#EXTM3U\n#EXT-X-KEY:URI=file:///etc/hostname\n", Rule.CONTENT),
    "vobsub": (b"# VobSub index file, v7\n", Rule.CONTENT),
    "microdvd": (b"{1}{1}25\n", Rule.CONTENT),
    "too many": (b"".join(b"%d\n%b\nx\n\n" % (n, _TIME) for n in range(1, 22000)), Rule.CONTENT),
}


def _vtt(shown: bytes, time: bytes = b"00:00:01.000 --> 00:00:02.000") -> bytes:
    return b"WEBVTT\n\n" + time + b"\n" + shown + b"\n"


WEB_SUBTITLES: dict[str, tuple[bytes, Rule]] = {
    "srt in it": (b"WEBVTT\n\n" + SRT, Rule.CONTENT),
    "a style": (b"WEBVTT\n\nSTYLE\n::cue{background:url(http://127.0.0.1/)}\n", Rule.CONTENT),
    "a note": (b"WEBVTT\n\nNOTE hidden\n", Rule.CONTENT),
    "a region": (b"WEBVTT\n\nREGION\nid:a\n", Rule.CONTENT),
    "settings": (_vtt(b"x", b"00:00:01.000 --> 00:00:02.000 line:0 align:start"), Rule.CONTENT),
    "a class": (_vtt(b"<c.red>x</c>"), Rule.CONTENT),
    "a voice": (_vtt(b"<v Ivan>x"), Rule.CONTENT),
    "a timestamp": (_vtt(b"<00:00:01.500>x"), Rule.CONTENT),
    "html": (_vtt(b"<img src=x onerror=alert(1)>"), Rule.CONTENT),
    "ass": (_vtt(rb"{\p1}m 0 0"), Rule.CONTENT),
    "a header": (b"WEBVTT - hidden\n\n" + VTT[8:], Rule.CONTENT),
    "a time map": (b"WEBVTT\nX-TIMESTAMP-MAP=LOCAL:0\n\n" + VTT[8:], Rule.CONTENT),
    "a name": (b"WEBVTT\n\nhidden\n" + VTT[8:], Rule.CONTENT),
    "empty lines that hide": (VTT + b"\n" * 100, Rule.HIDDEN),
    "a null": (VTT + b"\0", Rule.TEXT),
    "no cue": (b"WEBVTT\n\n", Rule.CONTENT),
}
PLAYLISTS: dict[str, tuple[bytes, Rule]] = {
    "a web address": (b"#EXTM3U\nhttp://127.0.0.1/song.mp3\n", Rule.REMOTE),
    "a local address": (b"#EXTM3U\nfile:///etc/hostname\n", Rule.REMOTE),
    "a windows share": (b"#EXTM3U\n\\\\10.0.0.1\\share\\song.mp3\n", Rule.REMOTE),
    "a drive": (b"C:\\song.mp3\n", Rule.REMOTE),
    "an absolute name": (b"/etc/song.mp3\n", Rule.REMOTE),
    "a name that climbs": (b"../song.mp3\n", Rule.REMOTE),
    "a hidden climb": (b"a/../../song.mp3\n", Rule.REMOTE),
    "a protocol of ffmpeg": (b"concat:/etc/hostname|x.mp3\n", Rule.REMOTE),
    "subfile": (b"subfile,,start,0,end,9,,:/etc/hostname\n", Rule.REMOTE),
    "data": (b"data:audio/mp3;base64,AAAA\n", Rule.REMOTE),
    "an empty line": (b"#EXTM3U\n\n01.mp3\n", Rule.REMOTE),
    "a missing file": (b"#EXTM3U\nmissing.mp3\n", Rule.CONTENT),
    "a program": (b"setup.exe\n", Rule.CONTENT),
    "itself": (b"list.m3u8\n", Rule.CONTENT),
    "hls": (b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n01.mp3\n", Rule.ACTIVE),
    "an hls key": (b'#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="http://127.0.0.1/"\n', Rule.ACTIVE),
    "an hls map": (b'#EXT-X-MAP:URI="/etc/hostname"\n', Rule.ACTIVE),
    "an option of vlc": (b"#EXTVLCOPT:network-caching=1\n01.mp3\n", Rule.ACTIVE),
    "a note": (b"# hidden words\n01.mp3\n", Rule.ACTIVE),
    "a long line": (b"#EXTINF:1," + b"x" * 5000 + b"\n01.mp3\n", Rule.TEXT),
    "an escape": (b"#EXTINF:1,\x1b[2J\n01.mp3\n", Rule.TEXT),
    "no file": (b"#EXTM3U\n", Rule.CONTENT),
    "a concat script": (b"ffconcat version 1.0\nfile 01.mp3\n", Rule.CONTENT),
    "html": (b"#EXTM3U\n" + HTML, Rule.REMOTE),
}
PADDING: dict[str, tuple[bytes, Rule]] = {
    "5": (b"\0\0x\0\0", Rule.CONTENT),
    "6": (bytes(5), Rule.CONTENT),
    "7": (b"MZ12345", Rule.CONTENT),
    "0": (b"x", Rule.CONTENT),
}


def samples() -> list[Sample]:
    made = []
    for kind, table in (
        ("txt", TEXTS), ("nfo", TEXTS), ("srt", SUBTITLES), ("vtt", WEB_SUBTITLES),
        ("m3u8", PLAYLISTS), ("m3u", PLAYLISTS),
    ):  # fmt: skip
        for what, (data, rule) in table.items():
            name = "list" if kind.startswith("m3u") else "work"
            made.append(of(f"{kind} with {what}", f"{name}.{kind}", data, rule))
    for name, (data, rule) in PADDING.items():
        made.append(of(f"padding {name} that is none", f".pad/{name}", data, rule))
    return made
