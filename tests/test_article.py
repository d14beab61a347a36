"""Markdown bodies: every block, every refusal with its line, and nothing hostile takes long."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager import article
from packager.article import (
    Article,
    Block,
    Heading,
    Listing,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Run,
    Table,
    Verbatim,
)
from packager.article.markdown import MAX_BRACKETS
from packager.errors import InputRefused
from packager.source import BareWords, open_source
from packager.values import MAX_TEXT_BYTES, Language, RelativePath

FRONT = "---\ntitle: T\nlanguage: en\n---\n"


def blocks(body: str) -> tuple[Block, ...]:
    return article.parse("report.md", body).blocks


def paragraph(body: str) -> tuple[Run, ...]:
    (only,) = blocks(body)
    assert isinstance(only, Paragraph)
    return only.runs


def refusal(body: str) -> InputRefused:
    with pytest.raises(InputRefused) as caught:
        article.parse("report.md", body, first_line=5)
    return caught.value


def test_headings_and_rules() -> None:
    assert blocks("# One\n\n***\n\nTwo\n---\n") == (
        Heading(1, (Run("One"),)),
        Rule(),
        Heading(2, (Run("Two"),)),
    )


def test_looks_of_letters() -> None:
    assert paragraph("plain **bold *both*** `code` [word](https://a.example/b)") == (
        Run("plain "),
        Run("bold ", bold=True),
        Run("both", bold=True, italic=True),
        Run(" "),
        Run("code", code=True),
        Run(" "),
        Run("word", url="https://a.example/b"),
    )


def test_nested_lists() -> None:
    assert blocks("3. a\n   - b\n   - c\n\n     d\n4. e\n") == (
        Listing(
            ordered=True,
            start=3,
            items=(
                (
                    Paragraph((Run("a"),)),
                    Listing(
                        ordered=False,
                        items=(
                            (Paragraph((Run("b"),)),),
                            (Paragraph((Run("c"),)), Paragraph((Run("d"),))),
                        ),
                    ),
                ),
                (Paragraph((Run("e"),)),),
            ),
        ),
    )


def test_quotes_and_verbatim() -> None:
    assert blocks("> said\n>\n>     run --me\n") == (
        Quote((Paragraph((Run("said"),)), Verbatim("run --me"))),
    )


def test_pictures_with_and_without_a_caption() -> None:
    assert blocks('![](a.png)\n\n![what](b.jpg "Shown")\n\n![what](./d%20e/ж.webp)') == (
        Picture(RelativePath("a.png"), "", "", 1),
        Picture(RelativePath("b.jpg"), "Shown", "what", 3),
        Picture(RelativePath("d e/ж.webp"), "what", "what", 5),
    )


def test_a_picture_inside_a_text_cuts_it_in_two() -> None:
    assert blocks("before\nstill ![c](p.png) after") == (
        Paragraph((Run("before still"),)),
        Picture(RelativePath("p.png"), "c", "c", 2),
        Paragraph((Run("after"),)),
    )


def test_a_picture_that_links_keeps_its_address() -> None:
    picture, address = blocks("[![c](p.png)](https://a.example)")
    assert isinstance(picture, Picture)
    assert address == Paragraph((Run("https://a.example", url="https://a.example"),))


def test_tables_and_pictures_in_their_cells() -> None:
    table, picture = blocks("| a | b |\n|---|--:|\n| c ![x](p.png) | **2** |\n| d |\n")
    assert table == Table(
        ((Run("a"),), (Run("b"),)),
        (((Run("c"),), (Run("2", bold=True),)), ((Run("d"),), ())),
        (False, True),
    )
    assert picture == Picture(RelativePath("p.png"), "x", "x", 3)


def test_footnotes_in_order_of_their_marks() -> None:
    found = article.parse("report.md", "One[^b] two[^a].\n\n[^a]: first\n\n[^b]: second\n")
    assert found.blocks == (
        Paragraph((Run("One"), Run("1", footnote=1), Run(" two"), Run("2", footnote=2), Run("."))),
    )
    assert found.footnotes == ((Paragraph((Run("second"),)),), (Paragraph((Run("first"),)),))


def test_html_is_text() -> None:
    source = '<script src="x">alert(1)</script> & <b>b</b> <!- c ->'
    assert paragraph(source) == (Run(source),)
    assert blocks("<div>\n<p>words</p>\n</div>") == (
        Paragraph((Run("<div> <p>words</p> </div>"),)),
    )


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("one <!-- hid --> two", "two"),
        ("one <!-- hid\nhid --> two", "two"),
        ("<!-- hid --> one", "one"),
        ("one\n<!-- hid -->\n", "one"),
        ("<!-- hid\n\nhid\n\n# hid -->\none", "one"),
        ("[one <!-- hid -->](https://a.example)", "one"),
        ("- one\n\n  <!-- hid\n\n  hid -->\n", "one"),
        ("> <!-- hid\n> hid -->\n> one", "one"),
        ("`<!-- code -->`", "<!-- code -->"),
        ("    <!-- code -->", "<!-- code -->"),
        ("one <!-- without end", "one <!-- without end"),
    ],
)
def test_remarks_are_not_shown(body: str, shown: str) -> None:
    found = repr(blocks(body))
    assert "hid" not in found
    assert shown in found


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("[a](javascript:alert(1))", "a (javascript:alert(1))"),
        ("[a](file:///etc/passwd)", "a (file:///etc/passwd)"),
        ("[a](other.md)", "a (other.md)"),
        ("[a](#part)", "a"),
    ],
)
def test_only_addresses_for_people_become_links(body: str, shown: str) -> None:
    runs = paragraph(body)
    assert article.words(runs) == shown
    assert not any(run.url for run in runs)


def test_lines_are_joined_as_the_script_wants() -> None:
    assert paragraph("one\ntwo  \nthree") == (Run("one two\nthree"),)
    assert paragraph("第一行\n第二行") == (Run("第一行第二行"),)
    assert paragraph("第一行\nword") == (Run("第一行 word"),)


def test_characters_that_steer_are_gone_and_those_that_spell_stay() -> None:
    assert paragraph("a\u202eb\u200bc\u200cd") == (Run("abc\u200cd"),)
    assert paragraph("می\u200cروم 🙂") == (Run("می\u200cروم 🙂"),)


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("a\n\n![x](https://a.example/p.png)", 7, "not in the report's folder"),
        ("![x](data:image/png;base64,AAAA)", 5, "not in the report's folder"),
        ("![x](/etc/p.png)", 5, "not in the report's folder"),
        ("a\nb ![x](../p.png)", 6, "climbs out"),
        ("![x]()", 5, "without a file"),
        ("> " * 40 + "deep", 5, "16 deep"),
        ("- " * 40 + "deep", 5, "16 deep"),
    ],
)
def test_refusals_name_the_line(body: str, line: int, words: str) -> None:
    error = refusal(body)
    assert error.fact.startswith(f"report.md line {line}: ")
    assert words in error.fact
    assert error.hints


def test_a_footnote_that_nothing_leads_to() -> None:
    assert "[^x]" in refusal("words\n\n[^x]: lost\n").fact


def test_too_many_brackets() -> None:
    assert "10000 square brackets" in refusal("[" * 10_001).fact


def test_too_many_pictures() -> None:
    assert "200 pictures" in refusal("![](a.png)\n\n" * 201).fact


def test_plain_words_for_the_voice() -> None:
    body = "# H\n\nA **b**[^1]\nc.\n\n- d\n  - e\n\n> f\n\n![g](p.png)\n\n"
    body += "|h|i|\n|-|-|\n|j|k|\n\n[^1]: n\n"
    found = article.parse("report.md", body)
    assert article.plain(found.blocks) == ("H", "A b c.", "d", "e", "f", "g", "h: j · i: k")
    assert article.plain(found.footnotes[0]) == ("n",)


_MARKS = [
    "*",
    "**",
    "_",
    "# ",
    "> ",
    "- ",
    "1. ",
    "`",
    "|",
    "\n",
    "\n\n",
    "<b>",
    "&",
    "\\",
    "    ",
    "~",
]


@given(st.lists(st.one_of(st.sampled_from(_MARKS), st.integers(100, 999)), max_size=60))
def test_no_word_is_lost(pieces: list[str | int]) -> None:
    source = "".join(piece if isinstance(piece, str) else f"w{piece} " for piece in pieces)
    try:
        found = article.parse("report.md", source)
    except InputRefused:
        return
    assert re.findall(r"w\d{3}", repr(found)) == re.findall(r"w\d{3}", source)


@given(st.text(alphabet="[]()!^*_`<>|:-\n #\\a1&\t\u202e", max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = article.parse("report.md", text)
    except InputRefused:
        return
    assert isinstance(found, Article)
    article.plain(found.blocks)


_PIECES = [
    "[",
    "![",
    "^[",
    "[a][b",
    "[\\]",
    "[a](b",
    "*a **a ",
    "*_",
    "|a",
    "&",
    "`a``",
    "<a:",
    "<!--",
    "<!--\n",
]


@pytest.mark.slow
@pytest.mark.parametrize("piece", _PIECES)
def test_hostile_text_takes_seconds_at_most(piece: str) -> None:
    brackets = piece.count("[")
    most = MAX_BRACKETS // brackets if brackets else MAX_TEXT_BYTES // len(piece)
    started = time.process_time()
    article.parse("report.md", piece * most)
    assert time.process_time() - started < 8


def folder(at: Path, body: str, **files: bytes) -> Path:
    (at / "report.md").write_text(FRONT + body, "utf-8")
    for name, data in files.items():
        (at / f"{name}.png").write_bytes(data)
    return at


def test_a_source_has_its_pictures(tmp_path: Path) -> None:
    at = folder(tmp_path, "![one](a.png)\n\n![two](b.png)\n\n![again](a.png)\n", a=b"1", b=b"2")
    (at / "report.ru.md").write_text("---\nlanguage: ru\n---\n![три](c.png)\n", "utf-8")
    (at / "c.png").write_bytes(b"3")
    found = open_source(at, BareWords(Language.RU))
    assert [name for name, _ in found.pictures] == ["a.png", "b.png", "c.png"]
    assert [language for language, _ in found.articles] == [Language.RU, Language.EN]
    (at / "c.png").write_bytes(b"4")
    assert open_source(at, BareWords(Language.RU)).fingerprint != found.fingerprint


def test_a_missing_picture_names_its_line(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match=r"report\.md line 7: .*a\.png' is not there"):
        open_source(folder(tmp_path, "a\n\n![x](a.png)\n"), BareWords())


def test_a_picture_may_not_be_a_link(tmp_path: Path) -> None:
    at = folder(tmp_path, "![x](b.png)\n", a=b"1")
    (at / "b.png").symlink_to(at / "a.png")
    with pytest.raises(InputRefused, match=r"line 5: .*is a link"):
        open_source(at, BareWords())


def test_a_text_of_200_000_words_gets_the_limit_and_a_hint(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match=f"bytes, the limit is {MAX_TEXT_BYTES}") as caught:
        open_source(folder(tmp_path, "word " * 200_000), BareWords())
    assert "split it" in caught.value.hints[0]
