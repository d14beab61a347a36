"""What two editors see of a release before it goes out: the content of the review sheet."""

import base64
from dataclasses import dataclass

from packager.values import Language


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture as JPEG or PNG, with what stands under it."""

    label: str  # "10 %", "3:20"
    part: str  # what plays there: "report", "cover"
    picture: bytes

    @property
    def uri(self) -> str:
        """The picture inside an address, so that the sheet is one file."""
        kind = "png" if self.picture.startswith(b"\x89PNG") else "jpeg"
        return f"data:image/{kind};base64,{base64.b64encode(self.picture).decode('ascii')}"


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One file that plays or is read: stills of a film, the waves of a sound, a first page."""

    name: str
    detail: str  # "1 h 31 min, 720p"
    shots: tuple[Shot, ...] = ()
    wave: Shot | None = None
    opening: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """What the audit found, told once for all the files that share it."""

    severity: str  # error, warning, note
    check: str
    path: str
    message: str
    more: int = 0  # further places with the same check


@dataclass(frozen=True, slots=True)
class ReviewSheet:
    """All of it, in the order in which it is looked at."""

    name: str
    title: str
    disguise: str
    language: Language
    publisher: str
    words: str
    infohash: str
    magnet: str
    terms: tuple[tuple[str, str], ...] = ()  # label, value: audience, expiry, names invented
    thumbnails: tuple[Shot, ...] = ()  # at 0, 10, 33 and 50 %: what a gallery shows
    told: tuple[Shot, ...] = ()  # card and end card
    cover: Shot | None = None  # poster.jpg or cover.jpg
    exhibits: tuple[Exhibit, ...] = ()
    unseen: int = 0  # files like the exhibits that are not shown
    files: tuple[tuple[str, int], ...] = ()  # path, bytes
    unlisted: int = 0
    findings: tuple[Row, ...] = ()
    remains: tuple[str, ...] = ()  # what else could not be removed, besides what every film keeps
