"""Set pages and posters for libass: every row is broken, sized and placed by us.

libass never breaks Chinese and breaks Burmese at spaces only, and it sizes fonts by the height of
their line, so each script gets the size that makes its letters look equal. Text from outside
can name no style and no position.
"""

from packager.typeset.cover import BOOK, SQUARE, Layout, layout, poster
from packager.typeset.pages import ACCENT, BACKGROUND, Screen, fit, pages
from packager.typeset.poster import Arrangement, Bill, arrangement

__all__ = [
    "ACCENT",
    "BACKGROUND",
    "BOOK",
    "SQUARE",
    "Arrangement",
    "Bill",
    "Layout",
    "Screen",
    "arrangement",
    "fit",
    "layout",
    "pages",
    "poster",
]
