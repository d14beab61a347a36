"""Files that must be accepted: as our program, ffmpeg, mkvmerge and Pillow write them.

Each is made by the real tool, without what people are asked to strip first (dates, encoder names
stay: they harm no reader).
"""

import io
import subprocess
from collections.abc import Iterator
from pathlib import Path

import books
import clips
import sealed
from hostile.build import SRT, VTT, frame, id3, jpeg, picture
from hostile.flat import FB2
from hostile.torrents import GOOD as TORRENT
from PIL import Image
from tools import tool

from packager.values import Language

_BOM = b"\xef\xbb\xbf"
_COVER = ["-map", "0:a", "-map", "1:v", "-c:v", "copy", "-disposition:v", "attached_pic"]
_FILM = "-f lavfi -i testsrc2=s=320x180:d=2 -f lavfi -i sine=d=2".split()
_CODECS = "-c:v libx264 -preset ultrafast -c:a aac".split()
_CHAPTERS = """;FFMETADATA1
title=Ein Weg
artist=A B
[CHAPTER]
TIMEBASE=1/1000
START=0
END=1000
title=Глава 1
[CHAPTER]
TIMEBASE=1/1000
START=1000
END=2000
title=فصل ۲
"""
_LONG_SRT = "".join(
    f"{n}\n00:00:{n:02},000 --> 00:00:{n:02},900\n<i>Строка</i> {n}\nخط\n\n" for n in range(1, 40)
)


def _pillow(kind: str, mode: str = "RGB", **options: int) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((97, 61), 60).convert(mode).save(out, kind, **options)
    return out.getvalue()


def files() -> Iterator[tuple[str, bytes]]:
    """What needs no foreign program: name and content."""
    yield "ReadMe.txt", _BOM + "Ελλάς, Україна, می‌روم 👩‍🌾\r\n".encode()
    yield "The.Long.Way.2021.720p.nfo", b"Title: The Long Way\n\tYear: 2021\n"
    yield "Mr. Smith.txt", b"x"
    yield "largest.txt", b"x" * 1024 * 1024
    yield "Subs/film.en.srt", SRT
    yield "Subs/film.fa.srt", _BOM + SRT.replace(b"\n", b"\r\n")
    yield "Subs/film.ru.srt", _LONG_SRT.encode()
    yield "Subs/film.en.vtt", VTT
    yield "Subs/film.short.vtt", VTT.replace(b"00:00:0", b"00:0")
    yield "book.fb2", FB2
    yield "marks.fb2", FB2.replace("Прогулка".encode(), "به\u200cنام \u200fx\u200e \u00ad".encode())
    yield "windows.fb2", _BOM + FB2.replace(b"\n", b"\r\n")
    yield "book.epub", sealed.book_bytes()
    yield "frames.mp3", (b"\xff\xfb\x90\x64" + bytes(413)) * 9
    yield "01 - One.mp3", sealed.media_bytes("mp3")
    yield "02 - Two.mp3", id3(sealed.media_bytes("mp3"), _tag(), padding=bytes(900))
    yield "album.m3u8", "#EXTM3U\n#EXTINF:8,Ёж - One\n01 - One.mp3\n02 - Two.mp3\n".encode()
    yield "album.m3u", b"01 - One.mp3\r\n02 - Two.mp3\r\n"
    yield "book.m4a", sealed.media_bytes("m4a")
    yield "book.m4b", sealed.media_bytes("m4b")
    yield "film.mp4", sealed.media_bytes("mp4")
    yield "film.mkv", sealed.media_bytes("mkv")
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA"):
        yield f"{mode}.png", _pillow("PNG", mode)
    yield "photo.jpg", _pillow("JPEG", quality=100)
    yield "progressive.jpg", _pillow("JPEG", progressive=True, optimize=True)
    yield "grey.jpg", _pillow("JPEG", "L")
    yield "restart.jpg", _pillow("JPEG", restart_marker_rows=1)
    yield "adobe.jpg", jpeg((0xEE, b"Adobe\0\x64\0\0\0\0\1"))
    yield "film.torrent", TORRENT
    yield ".pad/14656", bytes(14656)


def _tag() -> bytes:
    texts = {b"TIT2": "Two", b"TPE1": "А Б", b"TALB": "C", b"TRCK": "2/9", b"TYER": "2019"}
    frames = [frame(name, b"\1" + text.encode("utf-16")) for name, text in texts.items()]
    frames.append(frame(b"COMM", b"\0eng\0plain words"))
    frames.append(frame(b"CHAP", b"a\0" + bytes(16) + frame(b"TIT2", b"\0One")))
    frames.append(frame(b"CTOC", b"t\0\3\1a\0"))
    frames.append(frame(b"APIC", b"\0image/png\0\3cover\0" + picture("PNG")))
    return b"".join(frames)


def made(folder: Path) -> Iterator[Path]:
    """What ffmpeg and mkvmerge write, in ``folder``."""
    (folder / "chapters.txt").write_text(_CHAPTERS, encoding="utf-8")
    (folder / "subs.srt").write_text(_LONG_SRT, encoding="utf-8")
    (folder / "cover.jpg").write_bytes(picture("JPEG"))
    marks = ["-i", str(folder / "chapters.txt"), "-map_metadata", "{n}", "-map_chapters", "{n}"]
    with_marks = [word.format(n=2) for word in marks]
    both = ["-map", "0", "-map", "1"]
    for name, words in _recipes(folder, with_marks, both).items():
        yield clips.run(words, folder / name)
    mux = [tool("mkvmerge"), "-q", "-o", str(folder / "merged.mkv")]
    whole = [*mux, str(folder / "chapters.mp4"), str(folder / "subs.srt")]
    subprocess.run(whole, check=True, timeout=60, env={"LC_ALL": "C.UTF-8"})
    yield folder / "merged.mkv"
    stories = books.told(*Language)
    (folder / "all.epub").write_bytes(books.bound(stories))
    (folder / "all.fb2").write_bytes(books.bound_fb2(stories))
    yield from (folder / "all.epub", folder / "all.fb2")


def _recipes(folder: Path, marks: list[str], both: list[str]) -> dict[str, list[str]]:
    subs, cover = ["-i", str(folder / "subs.srt")], ["-i", str(folder / "cover.jpg")]
    sound = "-f lavfi -i sine=d=2".split()
    chaptered = [*_FILM, *marks, *both, *_CODECS]
    return {
        "chapters.mp4": [*chaptered, "-movflags", "+faststart"],
        "chapters.mkv": chaptered,
        "texts.mp4": [*_FILM, *subs, *both, "-map", "2", *_CODECS, "-c:s", "mov_text"],
        "texts.mkv": [*_FILM, *subs, *both, "-map", "2", *_CODECS, "-c:s", "srt"],
        "hevc.mp4": [*_FILM, *"-c:v libx265 -preset ultrafast -tag:v hvc1 -x265-params log-level=none -c:a aac".split()],
        "hevc.mkv": [*_FILM, *"-c:v libx265 -preset ultrafast -x265-params log-level=none -c:a libopus".split()],
        "other.mkv": [*_FILM, *"-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libmp3lame".split()],
        "surround.mp4": [*_FILM, *_CODECS, "-ac", "6"],
        "cover.m4b": [*sound, *cover, *_COVER, "-c:a", "aac", "-f", "ipod", "-metadata", "media_type=2", "-metadata", "title=Книга"],
        "cover.mp3": [*sound, *cover, *_COVER, *"-c:a libmp3lame -id3v2_version 3 -metadata title=Песня -metadata comment=x -metadata track=1/9".split()],
        "cover4.mp3": [*sound, *cover, *_COVER, *"-c:a libmp3lame -id3v2_version 4 -metadata title=Песня".split()],
        "subs.vtt": subs,
        "again.srt": subs,
        "still.jpg": ["-f", "lavfi", "-i", "testsrc2=s=64x64:d=1", *"-frames:v 1 -pix_fmt yuvj420p -flags +bitexact -update 1".split()],
        "still.png": ["-f", "lavfi", "-i", "testsrc2=s=64x64:d=1", *"-frames:v 1 -update 1".split()],
    }  # fmt: skip
