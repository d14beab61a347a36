"""Look for our card in the first pictures of a film: the one proof of disclosure it can give.

The card is drawn again in each of our languages and held against stills of the film. A card of
other words than today's templates have is not recognised.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import sqrt
from operator import mul
from pathlib import Path

from packager import film, render, typeset
from packager.disguise.base import Notice
from packager.disguise.items import Page
from packager.values import Language

TIMES = tuple(Fraction(second) for second in (5, 3, 8, 12, 17))
_ALIKE = 0.8  # correlation: the same card has 0.99, that of another language under 0.6


def shown(
    path: Path, frame: tuple[int, int], length: Fraction, spoken: Sequence[Language], work: Path
) -> bool:
    """Whether one of the cards is seen in the first seconds; languages ``spoken`` come first."""
    times = [time for time in TIMES if time < length]
    if not times:
        return False
    pictures = film.greys(path, times, work)
    languages = dict.fromkeys((*spoken, *Language))
    return any(
        alike(picture, card)
        for card in (_card(language, frame, work) for language in languages)
        for picture in pictures
    )


def alike(one: bytes, two: bytes) -> bool:
    """Whether two grey pictures of one size show the same."""
    return correlation(one, two) > _ALIKE


def correlation(one: bytes, two: bytes) -> float:
    """Pearson's; 0 where a picture is of one grey."""
    count = len(one)
    mean_one, mean_two = sum(one) / count, sum(two) / count
    both = sum(map(mul, one, two)) / count - mean_one * mean_two
    spread_one = sum(map(mul, one, one)) / count - mean_one**2
    spread_two = sum(map(mul, two, two)) / count - mean_two**2
    return both / sqrt(spread_one * spread_two) if spread_one > 0 and spread_two > 0 else 0.0


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
