"""The review sheet: all that two editors look at, on two printed pages, loading nothing."""

import base64
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from browser import chromium
from PIL import Image

from packager import audit, render
from packager.pack import handover
from packager.review import Exhibit, ReviewSheet, Row, Shot
from packager.values import Language

NAME = "Drawbridges.of.the.Topaz.Violinist.of.Starrinby.2015.480p.WEBRip.AAC2.0.H.264-RUKUTA"
LONG = "so long a message that it takes two rows of a printed page at least, " * 3


def shot(label: str, size: tuple[int, int] = (480, 270)) -> Shot:
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, "JPEG", quality=30)
    return Shot(label, "report", out.getvalue())


FILM = Exhibit(
    f"{NAME}.mp4", "1:31:20, 854x480, 815 MiB", tuple(shot("1:01:01") for _ in range(12))
)
EPISODE = Exhibit(f"{NAME}.mp4", "42:00", FILM.shots[:6])
SONG = Exhibit("01 - A Song.mp3", "3:20, 8 MiB", wave=shot("", (900, 48)))
BOOK = Exhibit(
    "Author - Title.epub", "1 MiB", opening="\n".join(["A line of the first page."] * 14)
)


def full(exhibits: tuple[Exhibit, ...]) -> ReviewSheet:
    """A sheet with as much on it as there can be."""
    films = exhibits[0].shots
    return ReviewSheet(
        name=NAME,
        title="Drawbridges of the Topaz Violinist of Starrinby, and What Came After",
        disguise="series",
        language=Language.FA,
        publisher="sever-desk",
        words="one two three four five six seven eight",
        infohash="ab" * 20,
        magnet="magnet:?xt=urn:btih:"
        + "ab" * 20
        + "&dn="
        + NAME
        + "&tr=http%3A%2F%2Fa.example" * 3,
        terms=tuple((f"Label {number}", NAME) for number in range(8)),
        thumbnails=films[:4],
        told=films[:2],
        cover=shot("poster.jpg", (1000, 1500)),
        exhibits=exhibits,
        unseen=7,
        files=tuple((f"{number:02} - {NAME}.mp4", 1 << number) for number in range(10)),
        unlisted=9,
        findings=tuple(Row("warning", "check", f"{NAME}.mp4", LONG, 3) for _ in range(7)),
    )


FILLED = {
    "film": (FILM,),
    "two films": (EPISODE,) * 2,
    "series": (EPISODE,) * 3,
    "album": (SONG,) * 12,
    "book": (BOOK,),
    "course": (*(EPISODE,) * 3, replace(BOOK, opening="One line of a manual.")),
}


@pytest.mark.slow
@pytest.mark.tool
def test_it_prints_on_two_pages(tmp_path: Path) -> None:
    with chromium() as browser:
        for name, exhibits in FILLED.items():
            (tmp_path / "review.html").write_bytes(render.review(full(exhibits)))
            browser.open(tmp_path / "review.html")
            printed = browser.send("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
            data = base64.b64decode(printed["data"])
            (tmp_path / f"{name}.pdf").write_bytes(data)
            assert len(re.findall(rb"/Type\s*/Page\b", data)) == 2, name


def test_it_holds_what_two_people_decide_by() -> None:
    data = render.review(full((SONG, BOOK))).decode("utf-8")

    for said in (
        "Label 7",
        "and 9 more files",
        "And 7 more",
        "and in 3 more places",
        "Date</span>",
    ):
        assert said in data, said
    assert data.count("Name: ") == 2
    assert "<script" not in data


def test_findings_of_one_check_share_a_row() -> None:
    found = tuple(audit.CHECKS[at].at(path, "odd") for at in (0, 7) for path in ("a", "b", "c"))

    rows = handover.rows(found)

    assert [(row.check, row.path, row.more) for row in rows] == [
        (audit.CHECKS[0].name, "a", 2),
        (audit.CHECKS[7].name, "a", 2),
    ]
