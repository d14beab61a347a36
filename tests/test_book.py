"""Books as they are bound: what stands where, for all languages, and the same bytes each time."""

import io
import re
import zipfile
from contextlib import suppress
from html import unescape
from itertools import pairwise
from posixpath import dirname, join, normpath

import books
import pytest
import sealed
from hypothesis import given
from hypothesis import strategies as st

from packager import article, render
from packager.article import Heading, Paragraph, Run
from packager.book import letters, sheets, unbind
from packager.book.letters import Piece
from packager.errors import InputRefused
from packager.values import Language

EN, RU, AR, ZH = Language.EN, Language.RU, Language.AR, Language.ZH


def opened(book: bytes) -> dict[str, str]:
    """Every text of the book by its entry."""
    with zipfile.ZipFile(io.BytesIO(book)) as zipped:
        return {
            name: zipped.read(name).decode()
            for name in zipped.namelist()
            if not name.endswith(("jpg", "png"))
        }


def spine(files: dict[str, str]) -> list[str]:
    """The pages in reading order."""
    package = files["OEBPS/content.opf"]
    hrefs = dict(re.findall(r'<item id="([^"]+)" href="([^"]+)"', package))
    return [f"OEBPS/{hrefs[name]}" for name in re.findall(r'<itemref idref="([^"]+)"', package)]


def words(page: str) -> str:
    """What a reader sees."""
    body = page[page.index("<body") :]
    return " ".join(unescape(re.sub(r"<[^>]+>", "", body)).split())


def test_the_same_report_gives_the_same_book() -> None:
    story = books.told(AR, EN)
    other = books.bound(story, seed=bytes(32))

    assert books.bound(story) == books.bound(story)
    assert books.bound_fb2(story) == books.bound_fb2(story)
    assert other != books.bound(story)
    assert set(re.findall(r"urn:uuid:[^<\"]+", str(opened(other)))) == {
        "urn:uuid:" + uuid for uuid in re.findall(r">urn:uuid:(.{36})<", str(opened(other)))
    }


def test_the_archive_has_no_time_and_no_machine() -> None:
    with zipfile.ZipFile(io.BytesIO(books.bound(books.told(EN)))) as zipped:
        entries = zipped.infolist()
    names = [entry.filename for entry in entries]

    assert names == ["mimetype", *sorted(names[1:])]
    assert entries[0].compress_type == zipfile.ZIP_STORED
    assert {(e.date_time, e.create_system, e.extra, e.comment) for e in entries} == {
        ((1980, 1, 1, 0, 0, 0), 3, b"", b"")
    }


@pytest.mark.parametrize("language", Language)
def test_the_first_page_says_what_it_is(language: Language) -> None:
    notice = books.NOTICES[language]
    files = opened(books.bound(books.told(language)))
    cover, first, *_ = spine(files)
    fb2 = books.bound_fb2(books.told(language)).decode()
    begins = unescape(fb2[fb2.index("<body>") :])

    assert cover == "OEBPS/Text/cover.xhtml"
    assert words(files[first]).startswith(f"{notice.book_title} {notice.card_lines[0]}")
    assert all(line in words(files[first]) for line in notice.card_lines)
    place = first.rpartition("/")[2]
    assert f'epub:type="bodymatter" href="{place}"' in files["OEBPS/Text/nav.xhtml"]
    assert re.search(rf'type="text" title="[^"]+" href="Text/{place}"', files["OEBPS/content.opf"])
    places = [begins.index(line) for line in (notice.book_title, *notice.card_lines)]
    assert places == sorted(places)
    assert places[-1] < begins.index(notice.chapter.format(number=1))


@pytest.mark.parametrize("language", Language)
def test_the_last_page_carries_the_message(language: Language) -> None:
    notice = books.NOTICES[language]
    head, said, word = books.WORDS[language]
    files = opened(books.bound(books.told(language)))
    last = words(files[spine(files)[-2]])
    fb2 = unescape(books.bound_fb2(books.told(language)).decode())

    for text in (notice.sources, notice.links, notice.tools, notice.check, notice.pass_on):
        assert text in last
        assert text in fb2
    for text in (said, word, head, "https://lantern.example/check", *notice.pass_on_lines):
        assert text in last
        assert text in fb2
    assert "report." in last


@pytest.mark.parametrize("language", Language)
def test_the_book_says_all_that_the_report_says(language: Language) -> None:
    story = books.told(language)
    files = opened(books.bound(story))
    shown = unaddressed(" ".join(words(files[page]) for page in spine(files)))
    fb2 = books.bound_fb2(story).decode().partition("<binary")[0]
    plain = unaddressed(" ".join(unescape(re.sub(r"<[^>]+>", "", fb2)).split()))
    body = story.articles[language]
    notes = [block for note in body.footnotes for block in note]

    for paragraph in article.plain([*body.blocks, *notes]):
        for cell in unaddressed(paragraph).split(" · "):
            assert cell.rpartition(": ")[2] in shown
            assert cell.rpartition(": ")[2] in plain


def unaddressed(text: str) -> str:
    """``text`` without addresses, which stand behind the words of their links."""
    return re.sub(r" \(https:[^)]*\)| ?https:[^\s\[]*/(?!\w)\d?", "", text)


def test_nothing_outside_the_pages_tells_of_the_report() -> None:
    story = books.told(*Language)
    files = opened(books.bound(story))
    outside = [files["OEBPS/content.opf"], files["OEBPS/toc.ncx"], files["OEBPS/Text/nav.xhtml"]]
    outside += [*re.findall(r"<title>.*</title>", "".join(files.values())), *files]
    fb2 = books.bound_fb2(story).decode()
    outside += [fb2[: fb2.index("<body>")], *re.findall(r"<title>.*</title>", fb2)]
    told = " ".join(outside)

    for head, said, word in books.WORDS.values():
        assert not any(text in told for text in (head, said, word))
    assert "Tamsen" not in told


def test_every_link_leads_to_something_in_the_book() -> None:
    files = opened(books.bound(books.told(EN, RU), books.told(EN)))
    with zipfile.ZipFile(io.BytesIO(books.bound(books.told(EN, RU), books.told(EN)))) as zipped:
        there = set(zipped.namelist())
    for name, text in files.items():
        for address in re.findall(r'(?:href|src)="([^"]+)"', text):
            path, _, place = unescape(address).partition("#")
            target = normpath(join(dirname(name), path)) if path else name
            assert target in there, (name, address)
            assert not place or f'id="{place}"' in files[target], (name, address)


def test_notes_lead_there_and_back() -> None:
    files = opened(books.bound(books.told(EN)))
    pages = [files[page] for page in spine(files)]
    marks = [re.findall(r'role="doc-noteref" href="([^"]+)"', page) for page in pages]
    notes = [re.findall(r'<aside id="([^"]+)"', page) for page in pages]

    assert [len(found) for found in marks if found] == [1, 3]  # b in its chapter; a in two places
    assert [found for found in notes if found] == [["note1"], ["note2"]]
    assert all(page.count('role="doc-backlink"') == page.count("<aside") for page in pages)
    assert all(
        len(set(ids)) == len(ids) for ids in (re.findall(r' id="([^"]+)"', p) for p in pages)
    )


def test_languages_follow_each_other_and_point_at_each_other() -> None:
    files = opened(books.bound(books.told(AR, EN, ZH)))
    pages = spine(files)
    spoken = [re.findall(r'<html[^>]* lang="(\w+)"', files[page])[0] for page in pages]
    package = files["OEBPS/content.opf"]

    assert [a for a, b in pairwise([*spoken, ""]) if a != b] == ["ar", "en", "zh", "ar", "en", "zh"]
    assert package.count("<dc:language>") == 3
    assert 'page-progression-direction="rtl"' in package
    assert all(books.NOTICES[one].book_title in words(files[pages[1]]) for one in (EN, ZH))
    assert 'dir="rtl"' in files[pages[1]]
    assert 'dir="rtl"' not in re.sub("<p.*", "", files[pages[-2]])
    nav = words(files["OEBPS/Text/nav.xhtml"])
    assert nav.index("العربية") < nav.index("English") < nav.index("中文")


def test_several_reports_are_parts_of_one_book() -> None:
    files = opened(books.bound(books.told(EN, RU), books.told(EN)))
    nav = words(files["OEBPS/Text/nav.xhtml"])

    assert nav.startswith("Contents English Part 1 Chapter 1")
    assert nav.count("Part 2") == 1
    assert "Часть 1" in nav
    assert "Часть 2" not in nav
    orders = re.findall(r'playOrder="(\d+)".*?src="([^"]+)"', files["OEBPS/toc.ncx"], re.DOTALL)
    assert len({href for _, href in orders}) == len({number for number, _ in orders})


@pytest.mark.parametrize("languages", [(EN,), (AR, EN), tuple(Language)])
def test_the_report_comes_out_as_it_was_written(languages: tuple[Language, ...]) -> None:
    story = books.told(*languages)

    found = unbind.unbind(books.bound(story))

    assert found.texts == {text.file: text.source for text in story.report.texts}
    assert found.pictures == {path: image.data for path, image in story.pictures.items()}


def test_several_reports_come_out_in_their_folders() -> None:
    found = unbind.unbind(books.bound(books.told(EN, RU), books.told(EN)))

    assert sorted(found.texts) == ["01/report.en.md", "01/report.ru.md", "02/report.en.md"]
    assert sorted(found.pictures) == ["01/map.png", "01/pipe.jpg", "02/map.png", "02/pipe.jpg"]


HOSTILE = (
    "\ufeff---\r\nlanguage: en\r\ntitle: A </title>\r\n---\r\n"
    "</pre><script>alert(1)</script>\r\n\r\n"
    '<h1 class="file">report.zz.md</h1><pre class="written">x</pre> &amp; &#65; ]]>\r\n\r\n'
    '<i class="u">200F</i> \u200f\u202e \u200b\x01 ZWJ \U0001f469\u200d\U0001f52c \ufffe'
)


def test_hostile_text_is_text() -> None:
    story = books.told(texts={"report.md": HOSTILE})
    book = books.bound(story)

    assert unbind.unbind(book).texts == {"report.md": HOSTILE}
    assert "<script" not in str(opened(book))
    assert not re.search("[\x01\u200b\u200f\u202e\ufeff\ufffe]", "".join(opened(book).values()))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_can_be_spelt_and_read_back(text: str) -> None:
    spelt = str(render._exact(text))

    assert unbind._exact(spelt) == text
    assert not re.search("[\x00-\x08\x0b-\x1f\u200f\u202e\ufeff\ufffe\uffff]", spelt)


def test_books_of_others_hold_no_report() -> None:
    assert unbind.unbind(sealed.book_bytes()) == unbind.Unbound({}, {})


GOOD = '<h1 class="file">report.md</h1><pre class="written">x</pre>'


@pytest.mark.parametrize(
    "page",
    [
        '<h1 class="file">evil.exe</h1><pre class="written">x</pre>',
        '<h1 class="file">../report.md</h1><pre class="written">x</pre>',
        '<h1 class="file">report.md</h1><pre class="written"><b>x</b></pre>',
        GOOD + '<figure><img src="gone.jpg"/><figcaption>a.jpg</figcaption></figure>',
        GOOD + '<figure><img src="page.xhtml"/><figcaption>a.exe</figcaption></figure>',
    ],
)
def test_pages_of_another_form_are_refused(page: str) -> None:
    with pytest.raises(InputRefused):
        unbind.unbind(sealed.book_bytes({"more.xhtml": page.encode()}))


ENGLISH = books.bound(books.told(EN))


@given(st.data())
def test_no_damage_surprises(data: st.DataObject) -> None:
    book = bytearray(ENGLISH)
    for _ in range(data.draw(st.integers(1, 6))):
        book[data.draw(st.integers(0, len(book) - 1))] = data.draw(st.integers(0, 255))
    with suppress(InputRefused):
        unbind.unbind(bytes(book[: data.draw(st.integers(0, len(book)))]))


def heading(level: int, text: str) -> Heading:
    return Heading(level, (Run(text),))


LONG, SHORT = Paragraph((Run("word " * 100),)), Paragraph((Run("word"),))


@pytest.mark.parametrize(
    ("blocks", "sizes"),
    [
        ((), [0]),
        ((SHORT, LONG), [2]),
        ((heading(1, "a"), LONG, heading(2, "b"), SHORT, heading(2, "c"), SHORT), [2, 2, 2]),
        ((heading(1, "a"), LONG, heading(1, "b"), SHORT, heading(2, "c"), SHORT), [2, 4]),
        ((heading(1, "a"), heading(2, "b"), LONG, heading(2, "c"), heading(3, "d"), SHORT), [3, 3]),
        ((SHORT, heading(2, "b"), SHORT, heading(2, "c"), LONG, heading(2, "d")), [5, 1]),
        ((LONG, heading(3, "b"), SHORT), [1, 2]),
    ],
)
def test_chapters_begin_at_headings(blocks: tuple[article.Block, ...], sizes: list[int]) -> None:
    assert [len(piece) for piece in sheets._pieces(blocks)] == sizes


def test_an_address_stands_behind_the_words_of_its_link() -> None:
    url = "https://lantern.example/a"
    runs = (
        Run("See "),
        Run("the ", url=url),
        Run("sheets", bold=True, url=url),
        Run("1", footnote=1),
    )

    assert letters.pieces(runs) == (
        Piece("See "),
        Piece("the "),
        Piece("sheets", bold=True),
        Piece(" ("),
        Piece(url, address=True),
        Piece(")"),
        Piece("1", note=1),
    )
    assert letters.pieces((Run(url, url=url),)) == (Piece(url, address=True),)
