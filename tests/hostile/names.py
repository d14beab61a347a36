"""Good content under names that lie, steer, or do harm on some system."""

from hostile.build import SRT, Sample, of
from packager.safety import Rule

NAMES: dict[str, Rule] = {
    "../film.srt": Rule.NAME,
    "a/../../film.srt": Rule.NAME,
    "/etc/film.srt": Rule.NAME,
    "C:\\film.srt": Rule.NAME,
    "a\\film.srt": Rule.NAME,
    "film.srt:stream.srt": Rule.NAME,
    ".hidden.srt": Rule.NAME,
    ".git/film.srt": Rule.NAME,
    "-rf.srt": Rule.NAME,
    " film.srt": Rule.NAME,
    "a /film.srt": Rule.NAME,
    "a./film.srt": Rule.NAME,
    "film\u202etrs.srt": Rule.NAME,
    "film\u2067.srt": Rule.NAME,
    "film\u200b.srt": Rule.NAME,
    "film\u200e.srt": Rule.NAME,
    "film\ufeff.srt": Rule.NAME,
    "film\x1b[2J.srt": Rule.NAME,
    "film\x00.srt": Rule.NAME,
    "film\n.srt": Rule.NAME,
    "film\x7f.srt": Rule.NAME,
    "fi\u0301lm.srt": Rule.NAME,
    "nul.srt": Rule.NAME,
    "CON.srt": Rule.NAME,
    "com1.srt": Rule.NAME,
    "lpt9.en.srt": Rule.NAME,
    "aux/film.srt": Rule.NAME,
    "a" * 130 + ".srt": Rule.NAME,
    "a/" * 99 + "film.srt": Rule.NAME,
    "film?.srt": Rule.NAME,
    "film*.srt": Rule.NAME,
    "film|id.srt": Rule.NAME,
    'film".srt': Rule.NAME,
    "film<x>.srt": Rule.NAME,
    "film.mp4.srt": Rule.DOUBLE_SUFFIX,
    "film.exe.srt": Rule.DOUBLE_SUFFIX,
    "film.scr .srt": Rule.DOUBLE_SUFFIX,
    "film.JS.srt": Rule.DOUBLE_SUFFIX,
    "film.lnk.srt": Rule.DOUBLE_SUFFIX,
    "film.txt.srt": Rule.DOUBLE_SUFFIX,
    "film.zip.srt": Rule.DOUBLE_SUFFIX,
    "film.ps1.srt": Rule.DOUBLE_SUFFIX,
    "film.srt.": Rule.NAME,
    "film.srt ": Rule.NAME,
    "film": Rule.TYPE,
    ".srt": Rule.NAME,
}


def samples() -> list[Sample]:
    return [of(f"name {path[:40]!r}", path, SRT, rule) for path, rule in NAMES.items()]
