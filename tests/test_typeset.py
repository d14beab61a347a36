"""Pages and posters, drawn by the real libass: nothing clipped, nothing obeyed, nothing missing."""

import re
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import imageio_ffmpeg
import manimgx_fonts
import manimgx_fonts_cjk
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from packager import render, typeset
from packager.disguise.items import Page, Poster
from packager.typeset.rows import broken, plain
from packager.values import Language

LANDSCAPE, PORTRAIT = (640, 360), (360, 640)
OURS = re.compile(r"\{(?:\\(?:an|pos|b|fsp|fn|fs|1c|3c|bo[r]d|p)[^\\{}]*)+\}")
LINK = "https://lantern.example/" + "a-rather-long-path/" * 6 + "?q=" + "0123456789" * 12
FAMILIES = ("NotoSans[wght].ttf", "NotoSansArabic[wght].ttf", "NotoSansMyanmar[wght].ttf")


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with our four fonts and a fontconfig that knows no others."""
    folder = tmp_path_factory.mktemp("studio")
    (folder / "fonts").mkdir()
    (package,) = manimgx_fonts.__path__
    for name in FAMILIES:
        shutil.copy(Path(package) / name, folder / "fonts")
    (package,) = manimgx_fonts_cjk.__path__
    shutil.copy(Path(package) / "NotoSansCJK-VF.otf.ttc", folder / "fonts")
    empty = '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig/>'
    (folder / "fonts.conf").write_text(empty, encoding="ascii")
    return folder


def drawn(studio: Path, script: str, frame: tuple[int, int]) -> tuple[Image.Image, str]:
    """The first picture in grey on black, and what libass said."""
    (studio / "page.ass").write_text(script, encoding="utf-8")
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-loglevel", "verbose"]
    command += ["-f", "lavfi", "-i", f"color=c=black:s={frame[0]}x{frame[1]}:d=0.04"]
    command += ["-vf", "ass=page.ass:shaping=complex:fontsdir=fonts", "-frames:v", "1"]
    command += ["-f", "rawvideo", "-pix_fmt", "gray", "-"]
    environment = {"FONTCONFIG_FILE": str(studio / "fonts.conf"), "HOME": str(studio)}
    done = subprocess.run(command, cwd=studio, env=environment, capture_output=True, check=True)
    said = done.stderr.decode("utf-8", "replace")
    return Image.frombytes("L", frame, done.stdout).point([0] * 48 + [255] * 208), said


def ink(image: Image.Image) -> tuple[int, int, int, int]:
    box = image.getbbox()
    assert box is not None, "nothing was drawn"
    return box


def assert_inside(image: Image.Image) -> None:
    """A clear margin on every side: nothing is clipped."""
    left, top, right, bottom = ink(image)
    assert left >= image.width * 0.07
    assert right <= image.width * 0.93
    assert top >= image.height * 0.05
    assert bottom <= image.height * 0.99


def crowded(language: Language) -> Page:
    """More text than anyone writes, with a link that is too long for a row."""
    notice = render.notice(language)
    return Page(notice.card_title, (*notice.check_lines, f"{notice.links}\n{LINK}"))


@pytest.mark.tool
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("frame", [LANDSCAPE, PORTRAIT])
def test_cards_are_whole_in_every_language(
    studio: Path, language: Language, frame: tuple[int, int]
) -> None:
    notice = render.notice(language)
    card = Page(notice.card_title, notice.card_lines, lead=True)
    image, said = drawn(studio, typeset.pages((card,), frame, Fraction(10), language), frame)
    assert_inside(image)
    assert "fallback with glyph" not in said
    left, _, right, _ = ink(image)
    starts_right = right > image.width * 0.88
    assert starts_right if language.right_to_left else left < image.width * 0.12


@pytest.mark.tool
@pytest.mark.parametrize("language", [Language.EN, Language.FA, Language.ZH, Language.MY])
def test_crowded_pages_are_not_clipped(studio: Path, language: Language) -> None:
    script = typeset.pages((crowded(language),), PORTRAIT, Fraction(5), language)
    image, _ = drawn(studio, script, PORTRAIT)
    assert_inside(image)


@pytest.mark.tool
def test_text_from_outside_moves_nothing(studio: Path) -> None:
    evil = r"{\pos(0,0)}{\fs300}{\an9}X\N\N\hY {\p1}m 0 0 l 900 0 900 900{\p0}"
    page = Page(evil, (evil, evil))
    image, _ = drawn(studio, typeset.pages((page,), LANDSCAPE, Fraction(5), Language.EN), LANDSCAPE)
    assert_inside(image)


@pytest.mark.tool
@pytest.mark.parametrize("language", [Language.RU, Language.AR, Language.ZH])
def test_posters_are_whole(studio: Path, language: Language) -> None:
    for first in range(3):
        poster = Poster("Тень 灯塔 منارة " * 2, "line 2021", bytes([first, 0] * 16), language)
        image, said = drawn(studio, typeset.poster(poster, PORTRAIT), PORTRAIT)
        left, top, right, bottom = ink(image)
        assert left > 10
        assert right < PORTRAIT[0] - 10
        assert top > 10
        assert bottom < PORTRAIT[1] - 10
        assert "fallback with glyph" not in said


@given(st.text(max_size=200), st.sampled_from(Language))
def test_no_text_becomes_a_command(text: str, language: Language) -> None:
    script = typeset.pages((Page(text, (text,)),), LANDSCAPE, Fraction(5), language)
    events = script.split("[Events]\n")[1].splitlines()[1:]
    assert all(
        event.startswith("Dialogue: 0,0:00:00.00,0:00:06.00,Text,,0,0,0,,") for event in events
    )
    for event in events:
        foreign = OURS.sub("", event)
        assert re.search(r"(?<!\\)\{", foreign) is None
        assert re.search(r"\\[^{\u2060]", foreign) is None


@given(st.text(max_size=300), st.floats(6, 40))
def test_breaking_loses_nothing(text: str, room: float) -> None:
    rows = broken(text, room)
    kept = "".join("".join(atom.text for row in rows for atom in row).split())
    assert kept == "".join(text.replace("`", "").split()) or "`" in text
    again = broken(plain(rows), room)
    assert "".join("".join(a.text for row in again for a in row).split()) == kept or "`" in text
    assert all(sum(atom.width for atom in row) <= room or len(row) == 1 for row in rows)


def test_chinese_never_starts_a_row_with_a_full_stop() -> None:
    text = "这是一份独立报道。在您所在的地方，持有或传播它可能会受到惩罚。" * 3
    for room in range(4, 30):
        assert all(row[0].text[0] not in "，。" for row in broken(text, room))


def test_burmese_breaks_between_syllables() -> None:
    text = "သင်နေထိုင်ရာတွင်၎င်းကိုသိမ်းထားခြင်းသို့မဟုတ်ဖြန့်ဝေခြင်း"
    rows = broken(text, 12)
    assert len(rows) > 2
    marks = set(
        "\u1039\u103a\u1037\u1038\u102d\u102e\u102f\u1030\u1031\u1032\u1036\u103b\u103c\u103d\u103e"
    )
    assert all(row[0].text[0] not in marks for row in rows)


def test_links_break_behind_a_slash() -> None:
    rows = broken(LINK, 20)
    assert len(rows) > 3
    assert "".join(atom.text for row in rows for atom in row) == LINK
    assert rows[0][-1].text[-1] in "/-"


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("frame", [LANDSCAPE, PORTRAIT])
def test_long_lists_take_as_many_pages_as_they_need(
    language: Language, frame: tuple[int, int]
) -> None:
    lines = tuple(f"{number} {LINK} " + "слово " * 60 for number in range(12))
    shared = typeset.fit(Page("Heading", lines), frame, language)
    assert len(shared) > 5
    assert all(shared)
    told = "".join(line for page in shared for line in page)
    assert "".join(told.replace("`", "").split()) == "".join("".join(lines).split())


def test_short_lists_take_one_page_as_they_are() -> None:
    page = Page("Heading", ("one", "two\nhttps://lantern.example/"))
    assert typeset.fit(page, LANDSCAPE, Language.EN) == (page.lines,)
    assert typeset.fit(Page("Heading", ()), LANDSCAPE, Language.EN) == ()


def test_pages_follow_each_other_without_a_gap() -> None:
    pages = (Page("a", ("x",)), Page("b", ("y",)), Page("c", ("z",)))
    script = typeset.pages(pages, LANDSCAPE, Fraction(20), Language.EN)
    spans = re.findall(r"Dialogue: 0,([^,]+),([^,]+),", script)
    assert list(dict.fromkeys(spans)) == [
        ("0:00:00.00", "0:00:06.66"),
        ("0:00:06.66", "0:00:13.33"),
        ("0:00:13.33", "0:00:21.00"),
    ]


def test_a_keycap_is_its_digit() -> None:
    poster = Poster("7\ufe0f\u20e3 \U0001f41f", "x", bytes(32), Language.EN)
    shown = OURS.sub("", typeset.poster(poster, PORTRAIT))
    assert "\u20e3" not in shown
    assert "7\ufe0f" in shown
