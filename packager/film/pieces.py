"""The files of the work folder that the pieces we draw ourselves are drawn from."""

from pathlib import Path

from packager import ffmpeg
from packager.film.materials import Materials

BACKDROP = "backdrop.png"


def lay_out(materials: Materials, work: Path) -> None:
    """Write the scripts and the poster's ground, and put the fonts beside them."""
    for index, text in enumerate(materials.scripts):
        if text:
            (work / _name(index)).write_text(text, "utf-8", newline="\n")
    (work / BACKDROP).write_bytes(materials.backdrop)
    ffmpeg.fonts(work, "".join(text or "" for text in materials.scripts))


def script(materials: Materials, index: int) -> str | None:
    """The file with the text of a part, if it has one."""
    return _name(index) if materials.scripts[index] else None


def _name(index: int) -> str:
    return f"part{index}.ass"
