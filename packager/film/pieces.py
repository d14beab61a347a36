"""The files of the work folder that the pieces we draw ourselves are drawn from."""

from fractions import Fraction
from pathlib import Path

from packager import ffmpeg
from packager.film.materials import Materials, Show

BACKDROP = "backdrop.png"


def lay_out(materials: Materials, work: Path) -> None:
    """Write scripts, lists of screens and the poster's ground, and put the fonts beside them."""
    for index, text in enumerate(materials.scripts):
        if text:
            (work / _name(index)).write_text(text, "utf-8", newline="\n")
    for index, show in materials.shows.items():
        (work / listing(index)).write_text(_listed(show), "ascii")
    (work / BACKDROP).write_bytes(materials.backdrop)
    ffmpeg.fonts(work, "".join(text or "" for text in materials.scripts))


def script(materials: Materials, index: int) -> str | None:
    """The file with the text of a part, if it has one."""
    return _name(index) if materials.scripts[index] else None


def listing(index: int) -> str:
    """The file that lists the screens of a part."""
    return f"slides{index}.ffconcat"


def _listed(show: Show) -> str:
    lines = ["ffconcat version 1.0"]
    begin = Fraction(0)
    for name, end in zip(show.files, show.ends, strict=True):
        lines += [f"file {name}", f"duration {float(end - begin):.6f}"]
        begin = end
    lines.append(f"file {show.files[-1]}")  # the last one lasts only if it is named again
    return "\n".join(lines) + "\n"


def _name(index: int) -> str:
    return f"part{index}.ass"
