"""The looks a report can be given: one interface, one file each, one literal list."""

from packager.disguise import album, audiobook, book, course, movie, series
from packager.disguise.base import Disguise

DISGUISES: dict[str, Disguise] = {
    "movie": movie.plan,
    "series": series.plan,
    "album": album.plan,
    "audiobook": audiobook.plan,
    "book": book.plan,
    "course": course.plan,
}
