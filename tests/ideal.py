"""Releases as they should be, one of each disguise, in facts alone: for tests of the audit."""

# ruff: noqa: ANN401 -- what a test changes may be any field

from dataclasses import replace
from fractions import Fraction
from typing import Any

from packager import report, torrent
from packager.audit import Book, FileFacts, Noise, Release
from packager.media import AudioFacts, MediaFacts, VideoFacts
from packager.torrent import FileHashes, Kind
from packager.traits import Chapter, Stream, Traits
from packager.values import Digest, Language, RelativePath

MIB = 1024 * 1024
VIDEO = VideoFacts("h264", "yuv420p", 1280, 720, 0, Fraction(1), Fraction(25), False, False, "High")  # noqa: FBT003
AAC = AudioFacts("aac", 48000, 2, "stereo", "LC")
MP3 = AudioFacts("mp3float", 44100, 2, "stereo")
NAME = "The.Quiet.Ferry.2019.720p.WEB-DL.AAC2.0.H.264-MARONET"
REPORT = report.parse(
    {
        "report.md": "---\nlanguage: en\ntitle: What flows into Lake Ostrel\nbyline: Ilka Tamsen\n"
        "outlet: The Lantern\nlinks: [{label: How, url: 'https://lantern.example/method'}]\n"
        "---\nText.\n",
        "report.zh.md": "---\nlanguage: zh\ntitle: 湖里的铬\n---\n正文\n",
    }
)


def lively(minutes: float, rate: float = 1.0) -> tuple[int, ...]:
    """Bytes every ten seconds, as a film of scenes has them; ``rate`` in MB."""
    return tuple(int(rate * MIB * (1 + at % 3)) for at in range(int(minutes * 6)))


def film(path: str = f"{NAME}.mp4", minutes: float = 90, **other: Any) -> FileFacts:
    size = int(minutes * 15 * MIB)
    streams = (
        Stream("video", "h264", "High", 40, False, 1280, 720, (("language", "und"),)),  # noqa: FBT003
        Stream("audio", "aac", "LC", 0, False, 0, 0, (("handler_name", "SoundHandler"),)),  # noqa: FBT003
    )
    facts = FileFacts(
        path,
        size,
        media=MediaFacts("mov", Fraction(minutes * 60), size, VIDEO, AAC),
        traits=Traits((("major_brand", "isom"),), streams, (), lively(minutes)),
        noise=Noise(1000, 3, 5.0),
        told=True,
    )
    return replace(facts, **other)


def song(track: int, minutes: float = 4.0, **other: Any) -> FileFacts:
    titles = ("", "Grey Harbor", "Paper Boats", "Late Snow", "North", "The Lamp", "Ferry", "Home")
    tags = {
        "title": titles[track],
        "artist": "Orrin Vale",
        "album": "Slow Water",
        "album_artist": "Orrin Vale",
        "track": f"{track}/7",
        "date": "2019",
        "genre": "Folk",
    }
    cover = Stream("video", "mjpeg", "", 0, True, 1000, 1000, ())  # noqa: FBT003
    size = int(minutes * 60 * 320_000 / 8)
    facts = FileFacts(
        f"{track:02} - {titles[track]}.mp3",
        size,
        media=MediaFacts("mp3", Fraction(minutes * 60), size, None, MP3),
        traits=Traits(tuple(tags.items()), (cover,), (), (size,)),
        noise=Noise(100, 0, 7.9),
        told=True,
    )
    return replace(facts, **other)


POSTER = FileFacts("poster.jpg", 200_000, picture=(1000, 1500))
SQUARE = FileFacts("cover.jpg", 200_000, picture=(1000, 1000))
README = FileFacts("ReadMe.txt", 400, text="Plays in any player.\r\n")
BOOK = FileFacts(
    "Orrin Vale - Slow Water.epub",
    900_000,
    book=Book(
        title="Slow Water",
        author="Orrin Vale",
        language="en",
        metadata=(("dc:date", "2019"),),
        contents=("Chapter 1",),
        cover=True,
        opening="Told.",
    ),
    told=True,
)
M4B = FileFacts(
    "Slow Water.m4b",
    30_000_000,
    media=MediaFacts("mov", Fraction(3600), 30_000_000, None, AAC),
    traits=Traits(
        (("major_brand", "M4B "), ("media_type", "2"), ("title", "Slow Water")),
        (Stream("video", "mjpeg", "", 0, True, 1000, 1000, ()),),  # noqa: FBT003
        (Chapter(Fraction(0), "Chapter 1"),),
        (28_800_000,),
    ),
    told=True,
)


def episodes(count: int = 3) -> tuple[FileFacts, ...]:
    show = "Grey.Harbor.S01E{:02}.720p.WEB-DL.AAC2.0.H.264-MARONET"
    return tuple(film(f"{show.format(one)}.mp4", 42) for one in range(1, count + 1))


def lessons() -> tuple[FileFacts, ...]:
    return tuple(film(f"01 - Basics/{one:02} - Light {one}.mp4", 8) for one in (1, 2, 3))


def metainfo(release: Release) -> bytes:
    """The torrent of a release, with hashes of nothing."""
    files = [
        FileHashes(RelativePath(one.path), one.size, Digest(bytes(32))) for one in release.files
    ]
    total = sum(one.length for one in files)
    piece = torrent.piece_length(total)
    files.sort(key=lambda one: one.path)
    return torrent.build(release.name, files, piece, bytes(20) * -(-total // piece), Kind.V1)


def whole(name: str, disguise: str, *files: FileFacts) -> Release:
    release = Release(name, files, disguise, language=Language.EN, reviewed=True, report=(REPORT,))
    return replace(release, torrent=metainfo(release))


CLEAN = {
    "movie": whole(NAME, "movie", film(), POSTER, README),
    "series": whole(
        "Grey.Harbor.S01.720p.WEB-DL.AAC2.0.H.264-MARONET", "series", *episodes(), POSTER
    ),
    "course": whole("Light for Beginners", "course", *lessons(), POSTER),
    "album": whole(
        "Orrin Vale - Slow Water (2019) [MP3 320]", "album", *map(song, range(1, 8)), SQUARE
    ),
    "audiobook": whole("Orrin Vale - Slow Water (2019)", "audiobook", M4B, SQUARE),
    "book": whole("Orrin Vale - Slow Water (2019)", "book", BOOK, SQUARE),
}
