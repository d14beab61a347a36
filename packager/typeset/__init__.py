"""Set pages and posters for libass: every row is broken, sized and placed by us.

libass never breaks Chinese and breaks Burmese at spaces only, and it sizes fonts by the height of
their line, so each script gets the size that makes its letters look equal. Text from outside
can name no style and no position.
"""

from packager.typeset.cover import BOOK, SQUARE, Layout, layout, poster
from packager.typeset.pages import ACCENT, BACKGROUND, Screen, fit, pages
from packager.typeset.poster import Arrangement, Bill, arrangement
from packager.typeset.screens import article
from packager.typeset.slides import Slide, slides

__all__ = [
    "ACCENT",
    "BACKGROUND",
    "BOOK",
    "SQUARE",
    "Arrangement",
    "Bill",
    "Layout",
    "Screen",
    "Slide",
    "arrangement",
    "article",
    "fit",
    "layout",
    "pages",
    "poster",
    "slides",
]
