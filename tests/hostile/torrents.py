"""Torrents that write, reach or offer what they should not."""

from hostile.build import Sample, of
from packager.safety import Rule
from packager.torrent import Value, encode

_PIECE = 64 * 1024


def _torrent(*paths: list[bytes], name: bytes = b"Name", outer: dict[bytes, Value] | None = None,
             info: dict[bytes, Value] | None = None) -> bytes:  # fmt: skip
    files: list[Value] = [{b"length": 5, b"path": list(path)} for path in paths]
    body: dict[bytes, Value] = {
        b"files": files, b"name": name, b"piece length": _PIECE, b"pieces": bytes(20),
    }  # fmt: skip
    return encode({b"info": body | (info or {}), **(outer or {})})


GOOD = _torrent([b"film.mkv"], [b"Subs", b"film.srt"])
TORRENTS: dict[str, tuple[bytes, Rule]] = {
    "a climb": (_torrent([b"..", b"film.mkv"]), Rule.CONTENT),
    "a climb in its name": (_torrent([b"film.mkv"], name=b".."), Rule.CONTENT),
    "a slash in a name": (_torrent([b"../../film.mkv"]), Rule.CONTENT),
    "a backslash in a name": (_torrent([b"..\\film.mkv"]), Rule.CONTENT),
    "an absolute name": (_torrent([b"", b"etc", b"film.mkv"]), Rule.CONTENT),
    "a drive": (_torrent([b"C:", b"film.mkv"]), Rule.CONTENT),
    "an empty path": (_torrent([]), Rule.CONTENT),
    "a program's name": (_torrent([b"film.mkv"], name=b"Film.app"), Rule.DOUBLE_SUFFIX),
    "a part of Windows": (
        _torrent([b"film.mkv"], name=b"Film.{3080F90D-D7AD-11D9-BD95-0000947B0257}"), Rule.CONTENT
    ),
    "a hidden name": (_torrent([b".ssh", b"film.mkv"]), Rule.CONTENT),
    "a device": (_torrent([b"nul.mkv"]), Rule.CONTENT),
    "a reversed name": (_torrent(["film\u202evkm.mp4".encode()]), Rule.CONTENT),
    "an escape": (_torrent([b"\x1b[2J.mkv"]), Rule.CONTENT),
    "a null": (_torrent([b"film\0.mkv"]), Rule.CONTENT),
    "names of two cases": (_torrent([b"film.mkv"], [b"FILM.mkv"]), Rule.CONTENT),
    "a name twice": (_torrent([b"film.mkv"], [b"film.mkv"]), Rule.CONTENT),
    "a file as a folder": (_torrent([b"a"], [b"a", b"film.mkv"]), Rule.CONTENT),
    "a program": (_torrent([b"film.mkv"], [b"codec.exe"]), Rule.TYPE),
    "a shortcut": (_torrent([b"film.mkv.lnk"]), Rule.DOUBLE_SUFFIX),
    "a link": (
        encode({b"info": {b"files": [{b"attr": b"l", b"length": 0, b"path": [b"a"],
                                      b"symlink path": [b"etc", b"passwd"]}],
                          b"name": b"N", b"piece length": _PIECE, b"pieces": b""}}),
        Rule.CONTENT,
    ),
    "an executable bit": (
        encode({b"info": {b"files": [{b"attr": b"x", b"length": 5, b"path": [b"a.mkv"]}],
                          b"name": b"N", b"piece length": _PIECE, b"pieces": bytes(20)}}),
        Rule.CONTENT,
    ),
    "an unknown field": (_torrent([b"film.mkv"], outer={b"zzz": b"x"}), Rule.CONTENT),
    "a comment": (_torrent([b"film.mkv"], outer={b"comment": b"x"}), Rule.CONTENT),
    "nodes": (_torrent([b"film.mkv"], outer={b"nodes": [[b"127.0.0.1", 1]]}), Rule.CONTENT),
    "http seeds": (_torrent([b"film.mkv"], outer={b"httpseeds": [b"http://a/"]}), Rule.CONTENT),
    "a file as a tracker": (_torrent([b"film.mkv"], outer={b"announce": b"file:///etc/x"}), Rule.CONTENT),
    "a file as a seed": (_torrent([b"film.mkv"], outer={b"url-list": b"file:///etc/"}), Rule.CONTENT),
    "a huge file": (_torrent([b"film.mkv"], info={b"files": [{b"length": 2**50, b"path": [b"a.mkv"]}]}), Rule.CONTENT),
    "a negative length": (_torrent([b"film.mkv"], info={b"files": [{b"length": -5, b"path": [b"a.mkv"]}]}), Rule.CONTENT),
    "pieces that do not fit": (_torrent([b"film.mkv"], info={b"pieces": bytes(60)}), Rule.CONTENT),
    "an odd piece length": (_torrent([b"film.mkv"], info={b"piece length": 77}), Rule.CONTENT),
    "something behind": (GOOD + b"x", Rule.CONTENT),
    "keys out of order": (b"d4:name1:a4:infodee", Rule.CONTENT),
    "a deep list": (b"l" * 5000 + b"e" * 5000, Rule.CONTENT),
    "many lists": (b"d4:infol" + b"le" * 400_000 + b"ee", Rule.CONTENT),
    "a long string": (b"d4:info999999999:xe", Rule.CONTENT),
    "a number with zeros": (b"d4:infoi0005ee", Rule.CONTENT),
    "nothing but a program": (_torrent([b"setup.exe"]), Rule.TYPE),
    "an archive": (_torrent([b"film.zip"]), Rule.TYPE),
}  # fmt: skip


def samples() -> list[Sample]:
    return [
        of(f"torrent with {what}", "work.torrent", data, rule)
        for what, (data, rule) in TORRENTS.items()
    ]
