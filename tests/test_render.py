"""Templates: complete in nine languages, neutral where they must be, closed to injection."""

import io
import re
from dataclasses import fields, replace
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image

from packager import render, report
from packager.disguise import movie
from packager.disguise.base import Notice, Options, Plan, Story
from packager.errors import MachineFailed
from packager.media import MediaFacts, VideoFacts
from packager.review import Exhibit, ReviewSheet, Row, Shot
from packager.values import Language, hidden_characters

BETRAYING = {
    Language.EN: "report news journal truth verify check seal censor sign genuine fake publish",
    Language.RU: "репортаж новост журнал правд провер печат цензур подпис подлин поддел издат тайн",
    Language.UK: "репортаж новин журнал правд перевір печат цензур підпис справжн підроб видав",
    Language.BE: "рэпартаж навін журнал праўд правер пячат цэнзур подпіс сапраўдн падроб выдав",
    Language.ES: "reportaje noticia periodis verdad verific comprob sello censura firma falsific",
    Language.FA: "گزارش خبر روزنامه حقیقت بسنج سانسور امضا جعل ناشر راز",
    Language.AR: "تقرير خبر صحف حقيق تحقق رقاب توقيع مزو ناشر سر",
    Language.ZH: "报道 新闻 记者 真相 核实 审查 签名 伪造 发布者 秘密",
    Language.MY: "သတင်း သတင်းထောက် အမှန်တရား စစ်ဆေး ဆင်ဆာ လက်မှတ် အတု ထုတ်ဝေသူ လျှို့ဝှက်",
}
SOURCE = """---
language: en
title: The pipe & <b>the lake</b>
byline: Ilka Tamsen
outlet: The Ostrel Lantern
published: 2026-05-31
sources: [Sheets of the board]
links: [{label: Method, url: "https://lantern.example/method"}]
tools: [{label: Contact, url: "https://lantern.example/contact"}]
media: [clip.mp4]
---
"""
MAGNET = "magnet:?xt=urn:btih:" + "ab" * 20
MAGNET_NAME = "Quiet.Ferry.2021.720p"
VIDEO = VideoFacts("h264", "yuv420p", 640, 360, 0, Fraction(1), Fraction(25), False, False)  # noqa: FBT003 -- rate and colour
CLIP = MediaFacts("mov", Fraction(9), 1, VIDEO, None)


def plan() -> Plan:
    text = report.parse({"report.md": SOURCE})
    return movie.plan((Story(text, (CLIP,)),), render.notice(Language.EN), Options(), bytes(32))


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (32, 18), "navy").save(out, "JPEG")
    return out.getvalue()


def sheet() -> ReviewSheet:
    shot = Shot("10 %", "report", jpeg())
    message = "shorter than ten minutes & <i>odd</i>"
    return ReviewSheet(
        name=MAGNET_NAME,
        title="<script>alert(1)</script>",
        disguise="movie",
        language=Language.EN,
        publisher="desk",
        words="one two three four five six seven eight",
        infohash="ab" * 20,
        magnet=MAGNET,
        terms=(("Audience", "people who asked"), ("Meant to be read until", "2026-06-30")),
        thumbnails=(shot,) * 4,
        told=(replace(shot, label="card"), shot),
        cover=replace(shot, label="poster"),
        exhibits=(
            Exhibit("film.mp4", "1 h 31 min", (shot,) * 12),
            Exhibit("01 - Song.mp3", "3 min", wave=shot),
            Exhibit("book.epub", "", opening="First & <i>foremost</i>"),
        ),
        files=((f"{MAGNET_NAME}/film.mp4", 734_003_200),),
        findings=(Row("warning", "short-film", "film.mp4", message, 3),),
        remains=("a finding of ours",),
    )


@pytest.mark.parametrize("language", Language)
def test_every_language_says_everything(language: Language) -> None:
    notice = render.notice(language)
    for field in fields(Notice):
        value = getattr(notice, field.name)
        assert value or field.name == "reviewed_by", field.name
        for text in value if isinstance(value, tuple) else (value,):
            assert hidden_characters(text) == [], text
    english = render.notice(Language.EN)
    assert len(notice.card_lines) == len(english.card_lines) == 4
    assert len(notice.check_lines) == len(english.check_lines)
    assert notice.chapter.format(number=3) != notice.chapter
    assert "packager verify" in " ".join(notice.check_lines)
    assert "genuine" in " ".join(notice.check_lines)


def test_no_two_languages_share_a_sentence() -> None:
    fields = "card_title card_lines check_lines pass_on_lines readme_neutral book_title readme_book"
    for field in fields.split():
        said = [getattr(render.notice(language), field) for language in Language]
        lines = [
            line for value in said for line in (value if isinstance(value, tuple) else (value,))
        ]
        own = [line for line in lines if not line.startswith("`")]
        assert len(set(own)) == len(own), field


@pytest.mark.parametrize("language", Language)
def test_what_lies_outside_betrays_nothing(language: Language) -> None:
    notice = render.notice(language)
    texts = (notice.message, notice.chapter, notice.message_book, notice.contents, notice.part)
    said = " ".join((*notice.readme_neutral, *notice.readme_book, *texts)).casefold()
    for word in BETRAYING[language].split():
        assert word not in said, word
    assert "packager" not in said


def test_the_card_is_read_in_ten_seconds() -> None:
    for language in Language:
        notice = render.notice(language)
        assert len(notice.card_title) <= 60
        assert len(notice.card_lines[0]) <= 60
        assert len(" ".join(notice.card_lines)) <= 360


def test_the_readme_is_for_old_windows_too() -> None:
    data = render.readme(plan(), render.notice(Language.RU), (), full=False)
    text = data.decode("utf-8-sig")
    assert data.startswith(b"\xef\xbb\xbf")
    assert text.count("\n") == text.count("\r\n") > 3
    assert text.startswith(f"{plan().title} ({plan().year})\r\n")


def test_the_full_readme_has_sources_links_and_three_checks() -> None:
    text = report.parse({"report.md": SOURCE})
    data = render.readme(plan(), render.notice(Language.EN), (text,), full=True).decode("utf-8-sig")
    for expected in (
        "This is not the film",
        "The pipe & <b>the lake</b>",
        "https://lantern.example/method",
        "packager verify FILE",
        f'minisign -Vm "{plan().items[0].path}" -H',
        'cmd /c "ssh-keygen -Y verify',
        "sha256sum -c ../signatures/SHA256SUMS",
    ):
        assert expected in data, expected
    assert "`" not in data
    assert "&amp;" not in data


def test_the_nfo_is_narrow_and_true() -> None:
    made = plan()
    facts = {"runtime": "1 min 31 s", "size": "12.1 MiB", "subtitles": "en, ru"}
    text = render.nfo(made, facts).decode("utf-8-sig")
    rows = [row for row in text.split("\r\n") if made.name not in row]  # a name is never broken
    assert max(map(len, rows)) <= 78
    for expected in (made.name, "Runtime ...... 1 min 31 s", "1280 x 720", "en, ru", "H.264 / AVC"):
        assert expected in text, expected


def test_the_message_is_short_and_ends_in_the_link() -> None:
    notice = render.notice(Language.ES)
    made = plan()
    text = render.message(notice, MAGNET, made).decode("utf-8")
    assert text == f"{notice.message}\n\n{made.name}\n\n{MAGNET}\n"


def test_a_book_is_called_a_book() -> None:
    notice, made = render.notice(Language.ES), replace(plan(), disguise="book")
    readme = render.readme(made, notice, (), full=False).decode("utf-8-sig")
    assert notice.message_book in render.message(notice, MAGNET, made).decode("utf-8")
    assert all(line in readme for line in notice.readme_book)
    assert notice.readme_neutral[0] not in readme


class Reader(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href"}]
        assert not any(name.startswith("on") for name, _ in attrs)


def test_the_review_sheet_is_one_file_that_loads_nothing() -> None:
    data = render.review(sheet()).decode("utf-8")
    reader = Reader()
    reader.feed(data)
    assert not {"script", "link", "iframe", "object", "form"} & set(reader.tags)
    assert len(reader.addresses) == 4 + 2 + 1 + 12 + 1
    assert all(address.startswith("data:image/jpeg;base64,") for address in reader.addresses)
    assert "default-src 'none'" in data
    assert "url(" not in data
    assert "&lt;script&gt;" in data
    assert "<i>odd</i>" not in data
    assert "<i>foremost</i>" not in data
    told = (MAGNET, "seven eight", "700 MiB", "a finding of ours", "10 %", "in 3 more places")
    for expected in (*told, "2026-06-30", "people who asked", "1 h 31 min"):
        assert expected in data.replace("&amp;", "&"), expected


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(MachineFailed, match=r"message\.txt\.j2 is broken"):
        render.render("handover/message.txt.j2", name="x")
    with pytest.raises(MachineFailed, match="missing"):
        render.render("release/nothing.txt.j2")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("message:", "massage:"), "lacks a key"),
        (("card_title: ", "card_title: [] #"), "card_title is not a text"),
        (("chapter: ", "chapter: '' #"), "chapter is not a text"),
        (("reviewed_by: ", "- "), "not YAML"),
        (("  - It is an independent report.", "  - 7"), "card_lines holds"),
    ],
)
def test_a_wrong_notice_is_an_error(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: tuple[str, str],
    fault: str,
) -> None:
    good = Path(render._ROOTS[1] / "notice" / "en.yaml").read_text(encoding="utf-8")
    assert good.count(change[0]) == 1
    (tmp_path / "notice").mkdir()
    (tmp_path / "notice" / "en.yaml").write_text(good.replace(*change), encoding="utf-8")
    monkeypatch.setattr(render, "_ROOTS", (tmp_path,))
    with pytest.raises(MachineFailed, match=re.escape(fault)):
        render.notice.__wrapped__(Language.EN)


@pytest.mark.parametrize(
    ("size", "expected"),
    [(0, "0 bytes"), (1023, "1023 bytes"), (1536, "1.5 KiB"), (734_003_200, "700 MiB")],
)
def test_sizes_are_written_for_people(size: int, expected: str) -> None:
    assert render.human_size(size) == expected
