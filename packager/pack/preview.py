"""What a release will be, told before anything is rendered."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import assert_never

from packager.disguise import telling
from packager.disguise.items import BookItem, FilmItem, Item, PartKind, Segment, SoundItem
from packager.keys import SecretKey
from packager.pack.order import Order
from packager.pack.work import Work, prepare

_FILM_RATE = {480: 900, 720: 1700, 1080: 3400}  # kbit/s of camera pictures as we encode them
_PAGE_RATE = 120  # kbit/s of text on a still ground, with its silence
_DRAFTS = 3  # pictures, parts and the film itself, beside each other
_DECODED = 200_000  # bytes a second of sound that is not encoded yet
_SMALL = {"poster": 250_000, "text": 2_000}  # bytes


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A file of the release; both figures are estimates. A file without a length has 0 s."""

    path: str
    seconds: int
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class Preview:
    """A release that was not made."""

    disguise: str
    name: str
    title: str
    output: Path
    files: tuple[Foreseen, ...]

    @property
    def size(self) -> int:
        """Bytes, about."""
        return sum(one.size for one in self.files)


def preview(order: Order, daily: SecretKey) -> Preview:
    """Plan what ``order`` asks for; nothing is rendered and nothing written."""
    order.check()
    work = prepare(order, daily)
    plan = work.plan
    files = [_item(work, item) for item in plan.items]
    if plan.poster_file:
        files.append(Foreseen(plan.poster_file, 0, _SMALL["poster"]))
    beside = (plan.readme_file, plan.nfo_file, plan.playlist_file)
    files += [Foreseen(path, 0, _SMALL["text"]) for path in beside if path]
    files.sort(key=lambda one: one.path)
    return Preview(order.disguise, plan.name, plan.title, order.out / plan.name, tuple(files))


def room(work: Work) -> int:
    """Bytes that files which are not finished take at most, about; sounds are decoded first."""
    items = [(item, _item(work, item)) for item in work.plan.items]
    heard = sum(made.seconds for item, made in items if isinstance(item, SoundItem))
    return _DRAFTS * sum(made.size for _, made in items) + _DECODED * heard


def _item(work: Work, item: Item) -> Foreseen:
    match item:
        case FilmItem():
            seconds, size = _film(work, item)
        case SoundItem():
            seconds = sum((_segment(work, item, one) for one in item.segments), Fraction(0))
            size = int(seconds * item.kbit * 125)
        case BookItem():
            seconds, size = Fraction(0), _book(work, item)
        case _:
            assert_never(item)
    return Foreseen(item.path, int(seconds), size)


def _film(work: Work, item: FilmItem) -> tuple[Fraction, int]:
    height = min(item.frame)
    rate = next((rate for lines, rate in _FILM_RATE.items() if height <= lines), 6000)
    seconds, size = Fraction(0), 0
    for part in item.parts:
        length, bits = part.seconds or Fraction(1), _PAGE_RATE
        if part.media is not None:
            facts = work.clips[part.story][part.media].facts
            copied = int(facts.size * 8 / 1000 / facts.duration) if facts.duration else rate
            length, bits = facts.duration, copied if item.copy else rate
        elif part.kind is PartKind.COVER and work.cover:
            length, bits = work.cover.facts.duration, rate
        seconds += length
        size += int(length * bits * 125)
    return seconds, size


def _segment(work: Work, item: SoundItem, one: Segment) -> Fraction:
    if one.media is not None:
        return work.recordings[one.story][one.media].facts.duration + one.pause
    language = one.language or item.language
    return Fraction(int(sum(telling.length(text, language) for text in one.spoken))) + one.pause


def _book(work: Work, item: BookItem) -> int:
    stories = work.sources if item.story is None else (work.sources[item.story],)
    pictures = {path for source in stories for _, path in source.pictures}
    texts = sum(len(text.encode()) for source in stories for text in source.texts.values())
    return _SMALL["poster"] + texts + sum(path.stat().st_size for path in pictures)
