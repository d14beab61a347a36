"""Find out about a finished release what ``audit`` judges: its files, its torrent, its looks.

Every byte of a media file is read once here; what decodes it sits behind walls. A file that
cannot be looked into says why, and the audit goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from packager import files, probe, render, safety, survey
from packager.audit import FileFacts, Release
from packager.audit.facts import BOOKS, FILMS, SOUNDS, TEXTS
from packager.audit.names import number
from packager.audit.torrents import MAX_TORRENT
from packager.errors import InputRefused
from packager.evidence import blocks, books, card, hearing, pictures
from packager.files import Entry
from packager.media import MediaFacts
from packager.program import ProgramFailed
from packager.report import Report
from packager.safety import Refusal
from packager.values import Language, RelativePath, printable

_PICTURES = frozenset({".jpg", ".png"})
_TOLD_NOTHING = "no seal of it was opened: give the publisher's words, --words or --pin"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a release lies; ``folder`` is a lone file where that was named."""

    folder: Path | None
    torrent: Path | None


@dataclass(frozen=True, slots=True)
class Told:
    """What is known without looking: from seals that opened, or from the plan.

    ``seen`` says of each file by path whether its disclosure is in it; others are looked at.
    """

    disguise: str = ""
    languages: tuple[Language, ...] = ()
    reports: tuple[Report, ...] = ()
    no_report: str = _TOLD_NOTHING
    seen: Mapping[str, bool] = field(default_factory=dict)


NOTHING = Told()


def place(path: Path) -> Place:
    """What ``path`` means: ``OUT/NAME``, the travelling folder, the torrent, or one file."""
    if path.suffix == ".torrent" and not path.is_dir():
        folder = path.with_suffix("")
        return Place(folder if folder.is_dir() else None, path)
    if not path.is_dir() or path.is_symlink():
        return Place(path, None)
    whole = path.absolute()
    inner = whole / whole.name
    if inner.is_dir() and (whole / f"{whole.name}.torrent").is_file():
        return Place(inner, whole / f"{whole.name}.torrent")
    beside = whole.with_name(f"{whole.name}.torrent")
    return Place(path, beside if beside.is_file() else None)


def gather(where: Place, told: Told, work: Path, *, timed: bool = True) -> Release:
    """All facts of a release; InputRefused where nothing is there to look at.

    ``work`` is a folder for stills and sounds, which the caller throws away.
    ``timed``: whether the times of files beside a torrent are those with which they will travel.
    """
    torrent = files.read_limited(where.torrent, MAX_TORRENT) if where.torrent else None
    if where.folder is None:
        name = where.torrent.stem if where.torrent else ""
        return Release(name, (), told.disguise, torrent=torrent, no_report=told.no_report)
    refusals = survey.refusals(where.folder)
    entries = _entries(where.folder, refusals)
    look = _Look(told, {refusal.path for refusal in refusals}, work)
    found = tuple(look.at(entry) for entry in entries)
    is_folder = where.folder.is_dir()
    own = told.languages[0] if told.languages else None
    return Release(
        name=printable(where.folder.absolute().name) if is_folder else "",
        files=_with_times(found, entries) if timed and torrent is not None else found,
        disguise=told.disguise or guess(found),
        refusals=refusals,
        torrent=torrent,
        language=own,
        reviewed=bool(render.notice(own).reviewed_by) if own else None,
        report=told.reports,
        no_report="" if told.reports else told.no_report,
    )


def guess(found: Sequence[FileFacts]) -> str:
    """The disguise that the kinds of files suggest; empty where none does."""
    kinds = {file.suffix for file in found}
    films = [file for file in found if file.suffix in FILMS]
    if films:
        several = "series" if len(films) > 1 else "movie"
        return "course" if any("/" in film.path for film in films) else several
    if ".m4b" in kinds:
        return "audiobook"
    if kinds & SOUNDS:
        return "album"
    return "book" if kinds & BOOKS else ""


def _entries(folder: Path, refusals: tuple[Refusal, ...]) -> tuple[Entry, ...]:
    """The files; none where not even their names can be taken, which was refused already."""
    if not folder.is_dir():
        return (Entry(RelativePath(folder.name), folder, folder.lstat().st_size),)
    try:
        return files.walk(folder)
    except InputRefused:
        if refusals:
            return ()
        raise


def _with_times(found: tuple[FileFacts, ...], entries: Sequence[Entry]) -> tuple[FileFacts, ...]:
    times = (int(entry.path.lstat().st_mtime) for entry in entries)
    return tuple(replace(file, time=time) for file, time in zip(found, times, strict=True))


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at every file; those of ``refused`` are not opened by any library."""

    told: Told
    refused: set[str]
    work: Path

    def at(self, entry: Entry) -> FileFacts:
        """The facts of one file."""
        facts = FileFacts(str(entry.relative), entry.size)
        if facts.path in self.refused:
            return replace(facts, problem="it was refused, so nothing of it was opened")
        try:
            return self._inside(facts, entry.path)
        except InputRefused as error:
            return replace(facts, problem=error.fact)
        except ProgramFailed as error:
            if error.returncode < 0:  # somebody ended it, which says nothing about the file
                raise
            return replace(facts, problem="it is damaged: not all that was looked for is there")

    def _inside(self, facts: FileFacts, path: Path) -> FileFacts:
        if facts.suffix in FILMS | SOUNDS:
            return self._media(facts, path)
        if facts.suffix in BOOKS:
            return self._book(facts, path)
        if facts.suffix in _PICTURES:
            data = files.read_limited(path, safety.MAX_PICTURE)
            return replace(facts, picture=pictures.size(data))
        if facts.suffix in TEXTS:
            return replace(facts, text=files.read_text(path, safety.MAX_TEXT))
        return facts

    def _media(self, facts: FileFacts, path: Path) -> FileFacts:
        with probe.looking(path) as looked, files.plain(path) as file:
            noise = blocks.noise(file.descriptor, file.size)
            marks = blocks.marks(file.descriptor, file.size)
            media, traits = looked()
        seen = replace(facts, media=media, traits=traits, noise=noise, marks=marks)
        seen = replace(seen, told=self.told.seen.get(facts.path))
        if facts.suffix in SOUNDS:
            return replace(seen, told=self._heard(seen, path))
        return seen if media.video is None else self._pictures(seen, path, media)

    def _heard(self, facts: FileFacts, path: Path) -> bool | None:
        """Whether a first track tells what it is; the others need not."""
        if facts.told is not None or number(facts.stem) not in {None, 1}:
            return facts.told
        return hearing.tells(path, self.told.languages, self.work)

    def _pictures(self, facts: FileFacts, path: Path, media: MediaFacts) -> FileFacts:
        told = facts.told
        if told is None:
            told = card.shown(path, media, self.told.languages, self.work)
        pictures = card.gallery(path, media.duration, self.work)
        return replace(facts, told=told, plain=card.plain(pictures))

    def _book(self, facts: FileFacts, path: Path) -> FileFacts:
        book = books.read(path)
        told = self.told.seen.get(facts.path)
        if told is None:
            told = card.said(book.opening, map(render.notice, Language))
        return replace(facts, book=book, told=told)
