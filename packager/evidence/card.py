"""Look at a film: for our card in its first seconds, and at what galleries show of it.

The card is drawn again in each of our languages and held against stills of the film. A card of
other words than today's templates have is not recognised.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

from packager import film, render, typeset
from packager.disguise.base import Notice
from packager.disguise.items import Page
from packager.evidence.likeness import correlation
from packager.media import MediaFacts
from packager.values import Language

TIMES = tuple(Fraction(second) for second in (5, 3, 8, 12, 17))
GALLERY = (10, 33, 50)  # per cent; at 0 stands the poster
_TOGETHER, _MOSTLY = 5, 0.7
_ALIKE = 0.8  # correlation: the same card has 0.99, that of another language under 0.6


def gallery(path: Path, length: Fraction, work: Path) -> tuple[bytes, ...]:
    """Greys of what galleries show of a film of ``length`` seconds: they take key frames."""
    return film.greys(path, [length * share / 100 for share in GALLERY], work, keys=True)


def shown(path: Path, media: MediaFacts, spoken: Sequence[Language], work: Path) -> bool:
    """Whether a card stands in a film's first seconds; languages ``spoken`` are tried first."""
    if media.video is None:
        return False
    frame = (media.video.width, media.video.height)
    pictures = film.greys(path, [time for time in TIMES if time < media.duration], work)
    languages = dict.fromkeys((*spoken, *Language))
    return any(
        alike(picture, card)
        for card in (_card(language, frame, work) for language in languages)
        for picture in pictures
    )


def plain(pictures: Sequence[bytes]) -> tuple[int, ...]:
    """The places of the gallery, in per cent, whose picture is mostly one grey."""
    return tuple(
        share for share, picture in zip(GALLERY, pictures, strict=False) if is_plain(picture)
    )


def is_plain(picture: bytes) -> bool:
    """Whether greys that lie together fill most of a picture, as the ground of a page does."""
    counts = [picture.count(grey) for grey in range(256)]
    most = max(sum(counts[at : at + _TOGETHER]) for at in range(256))
    return most > _MOSTLY * len(picture)


def alike(one: bytes, two: bytes) -> bool:
    """Whether two grey pictures of one size show the same."""
    return correlation(one, two) > _ALIKE


def _card(language: Language, frame: tuple[int, int], work: Path) -> bytes:
    script = typeset.pages((page(render.notice(language)),), frame, Fraction(10), language)
    return film.grey_page(script, frame, work)


def page(notice: Notice) -> Page:
    """The card as every film has it."""
    return Page(notice.card_title, notice.card_lines, lead=True)


def said(text: str, notices: Iterable[Notice]) -> bool:
    """Whether a text holds every line of the card in one of the languages."""
    there = " ".join(text.split())
    return any(
        all(" ".join(line.split()) in there for line in notice.card_lines) for notice in notices
    )
