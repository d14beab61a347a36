"""The looks a report can be given: one interface, one file each, one literal list."""

from packager.disguise import album, audiobook, book, movie
from packager.disguise.base import Disguise

DISGUISES: dict[str, Disguise] = {
    "movie": movie.plan,
    "album": album.plan,
    "audiobook": audiobook.plan,
    "book": book.plan,
}
