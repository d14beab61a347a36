"""Open what the journalist hands over: a report folder, or one media file.

Only the report's texts and the files they name are touched; nothing is followed out of the folder.
"""

import os
import re
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import yaml

from packager import article, files, report, subtitles
from packager.article import Article
from packager.errors import InputRefused
from packager.report import Report, Text
from packager.subtitles import Cue
from packager.values import (
    REPORT_NAME,
    Language,
    RelativePath,
    canonical_json,
    hidden_characters,
)

_CLIPS = frozenset(
    {
        *(".mp4", ".mov", ".m4v", ".mkv", ".webm", ".avi", ".3gp", ".mts", ".m2ts", ".ts"),
        *(".mp3", ".m4a", ".wav", ".flac", ".ogg", ".opus"),
    }
)
_LIKE_A_TEXT = re.compile(r"report(?:[^a-z].*)?\.(?:md|markdown)\Z", re.IGNORECASE)
_MOST_TEXT = 16 * 1024 * 1024  # bytes; what is over the report's own limit gets its own answer
MAX_STORIES = 99  # episodes, tracks or lessons: their numbers have two digits
_SAMPLES = 64
_SAMPLE = 16 * 1024


@dataclass(frozen=True, slots=True)
class BareWords:
    """What may be said of a lone media file."""

    language: Language | None = None
    title: str = ""
    byline: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A report with its files.

    ``articles`` are the bodies of its texts, that of the main one first; ``pictures`` the files
    that they show, each once. ``fingerprint`` is 32 bytes that name this very input.
    """

    report: Report
    media: tuple[Path, ...]
    subtitles: tuple[tuple[Language, tuple[Cue, ...]], ...]
    fingerprint: bytes
    articles: tuple[tuple[Language, Article], ...] = ()
    pictures: tuple[tuple[RelativePath, Path], ...] = ()

    @property
    def texts(self) -> dict[str, str]:
        """The report's texts, exactly as written."""
        return {str(text.file): text.source for text in self.report.texts}


def open_sources(path: Path, words: BareWords) -> tuple[Source, ...]:
    """Read a report folder, a lone media file, or a folder of report folders in their order."""
    folders = report_folders(path)
    if not folders:
        return (open_source(path, words),)
    if len(folders) > MAX_STORIES:
        raise InputRefused(
            f"{files.shown(path)} holds {len(folders)} reports, the limit is {MAX_STORIES}",
            "share them out over two releases",
        )
    return tuple(_one_of_many(folder, words) for folder in folders)


def _one_of_many(folder: Path, words: BareWords) -> Source:
    """A report among others: an error names the folder, for all of them have a report.md."""
    if folder.is_symlink():
        raise InputRefused(f"{files.shown(folder)} is a link", "copy the folder itself there")
    try:
        return open_source(folder, words)
    except InputRefused as error:
        raise InputRefused(f"in {files.shown(folder)}: {error.fact}", *error.hints) from None


def fingerprint(sources: Sequence[Source]) -> bytes:
    """32 bytes that name all that goes into a release."""
    if len(sources) == 1:
        return sources[0].fingerprint
    return sha256(b"".join(source.fingerprint for source in sources)).digest()


def report_folders(path: Path) -> list[Path]:
    """The sub-folders, each a report, where the folder itself is none; else nothing.

    One that holds no report is refused: left out silently, nobody would miss it in time.
    """
    inside = _names(path) if os.path.isdir(path) else []  # noqa: PTH112 -- asks, never raises
    if any(REPORT_NAME.match(name) for name in inside):
        return []
    folders = [path / name for name in inside if (path / name).is_dir() and name[0] != "."]
    empty = [folder for folder in folders if not any(map(REPORT_NAME.match, _names(folder)))]
    if empty and len(empty) < len(folders):
        raise InputRefused(
            f"{files.shown(empty[0])} holds no report.md, and the folders beside it do",
            "name its text report.md, or take the folder out",
        )
    return folders if not empty else []


def _names(folder: Path) -> list[str]:
    """What lies in a folder, sorted."""
    try:
        return sorted(path.name for path in folder.iterdir())
    except OSError as error:
        raise files.reading_failed(folder, error) from None


def open_source(path: Path, words: BareWords) -> Source:
    """Read a report folder or a lone media file."""
    if hidden_characters(path.name):
        raise InputRefused(
            f"the name {files.shown(path)} holds invisible or direction characters",
            "rename it with plain letters",
        )
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise files.reading_failed(path, error) from None
    if stat.S_ISDIR(mode):
        return _open_folder(path, words.language)
    os.close(files.open_plain(path))
    return _open_clip(path, words)


def _open_folder(folder: Path, language: Language | None) -> Source:
    names = _texts_in(folder)
    texts = {name: files.read_text(folder / name, _MOST_TEXT) for name in names}
    parsed = report.parse(texts, language)
    media = tuple(_inside(folder, name) for name in parsed.media) or _clips(folder)
    tracks = []
    for text in parsed.texts:
        for name in text.subtitles:
            untrusted_text = files.read_text(_inside(folder, name), subtitles.MAX_BYTES)
            tracks.append((text.language, subtitles.parse(name, untrusted_text)))
    bodies = [(text, article.parse(text.file, text.body, text.body_line)) for text in parsed.texts]
    pictures = _pictures(folder, bodies)
    shown = tuple(path for _, path in pictures)
    return Source(
        report=parsed,
        media=media,
        subtitles=tuple(tracks),
        fingerprint=_fingerprint(parsed, media, tuple(tracks), shown),
        articles=tuple(
            (text.language, body)
            for text, body in sorted(bodies, key=lambda pair: pair[0] != parsed.main)
        ),
        pictures=pictures,
    )


def _texts_in(folder: Path) -> list[str]:
    """The names of the report's texts; a translation under another name is not lost silently."""
    names = [name for name in _names(folder) if _LIKE_A_TEXT.match(name)]
    for name in names:
        if not REPORT_NAME.match(name):
            raise InputRefused(
                f"{files.shown(folder / name)} is no name that a text of the report has",
                "call translations report.ru.md, report.zh.md, ..., or take it out of the folder",
            )
    return names


def _pictures(
    folder: Path, bodies: list[tuple[Text, Article]]
) -> tuple[tuple[RelativePath, Path], ...]:
    """The pictures that the texts name, all of them there."""
    found: dict[RelativePath, Path] = {}
    for text, body in bodies:
        for one in article.pictures(body):
            try:
                found[one.path] = found.get(one.path) or _inside(folder, one.path)
            except InputRefused as error:
                where = f"{text.file} line {one.line}"
                raise InputRefused(f"{where}: {error.fact}", *error.hints) from None
    return tuple(found.items())


def _open_clip(path: Path, words: BareWords) -> Source:
    fields = {
        "language": str(words.language or Language.EN),
        "title": words.title,
        "byline": words.byline,
        "summary": words.summary,
    }
    stated = {key: value for key, value in fields.items() if value}
    front = yaml.safe_dump(stated, allow_unicode=True, sort_keys=True, width=10**6)
    parsed = report.parse({"report.md": f"---\n{front}---\n"})
    body = article.parse(parsed.main.file, parsed.main.body)
    return Source(
        report=parsed,
        media=(path,),
        subtitles=(),
        fingerprint=_fingerprint(parsed, (path,), (), ()),
        articles=((parsed.main.language, body),),
    )


def _inside(folder: Path, relative: RelativePath) -> Path:
    """A file that the report names; links on the way are refused, wherever they point."""
    path = folder
    for part in relative.split("/"):
        path = path / part
        try:
            mode = path.lstat().st_mode
        except OSError as error:
            raise files.reading_failed(path, error) from None
        if stat.S_ISLNK(mode):
            raise InputRefused(
                f"{files.shown(path)} is a link", "copy the file itself into the report's folder"
            )
    os.close(files.open_plain(path))
    return path


def _clips(folder: Path) -> tuple[Path, ...]:
    """Films and recordings that lie in the folder, for reports that do not list them."""
    clips = [n for n in _names(folder) if n[0] != "." and Path(n).suffix.lower() in _CLIPS]
    return tuple(_inside(folder, RelativePath(name)) for name in clips)


def _fingerprint(
    parsed: Report,
    media: tuple[Path, ...],
    tracks: tuple[tuple[Language, tuple[Cue, ...]], ...],
    pictures: tuple[Path, ...],
) -> bytes:
    """Name what goes in.

    Files count by length and 64 samples: titles are drawn from this, no trust hangs on it, and a
    large clip is not read twice.
    """
    return sha256(
        canonical_json(
            {
                "language": str(parsed.main.language),
                "media": [_sampled(path) for path in media],
                "pictures": [_sampled(path) for path in pictures],
                "subtitles": [
                    [str(language), subtitles.serialise(cues)] for language, cues in tracks
                ],
                "texts": {str(text.file): text.source for text in parsed.texts},
            }
        )
    ).digest()


def _sampled(path: Path) -> str:
    with files.plain(path) as file:
        digest = sha256(file.size.to_bytes(8, "big"))
        for number in range(_SAMPLES):
            digest.update(file.read_at(file.size * number // _SAMPLES, _SAMPLE))
        return digest.hexdigest()
