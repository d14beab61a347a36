"""Articles on screens: nothing lost, nothing crowded, and as long as people take to read."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packager import article, report, subtitles, typeset
from packager.errors import InputRefused
from packager.typeset.slides import Box, Words, letters, reading
from packager.values import Language

STORIES = Path(__file__).parent / "stories"
FRAME = (1280, 720)


def told(language: str) -> tuple[report.Text, article.Article]:
    source = (STORIES / f"{language}.md").read_text("utf-8")
    text = report.parse({"report.md": source}).main
    return text, article.parse(text.file, text.body, text.body_line)


def screens(body: str, title: str = "T") -> tuple[tuple[typeset.Slide, ...], ...]:
    text = report.parse({"report.md": f"---\ntitle: {title}\nlanguage: en\n---\n{body}"}).main
    return typeset.article(text, article.parse(text.file, text.body), FRAME, "Notes")


def said(sections: tuple[tuple[typeset.Slide, ...], ...]) -> str:
    return " ".join(words for section in sections for slide in section for words in slide.spoken)


@pytest.mark.parametrize("language", list(Language))
def test_every_word_is_shown(language: Language) -> None:
    text, body = told(language)
    sections = typeset.article(text, body, FRAME, "Notes")
    assert len(sections) == 4  # the title, two headings, the notes
    shown = "".join(said(sections).split())
    for words in (*article.plain(body.blocks), text.title, text.byline, text.summary):
        for word in words.replace("·", " ").split():
            assert word in shown
    assert "https://lantern.example/accounts" in shown


@pytest.mark.parametrize("language", list(Language))
def test_every_row_stands_inside_the_frame(language: Language) -> None:
    for section in typeset.article(*told(language), FRAME, "Notes"):
        for slide in section:
            for mark in slide.marks:
                if isinstance(mark, Words):
                    assert 40 < mark.place.y < 700
                    wide = sum(atom.width for atom in mark.row) * mark.ink.em / 1.06
                    assert wide < 1280 * 0.86
                else:
                    assert mark.corner[0] >= 0
                    assert mark.corner[0] + mark.size[0] <= 1281


def test_a_screen_is_never_crowded_and_ends_with_a_sentence() -> None:
    body = "\n\n".join("A sentence of some words about a bridge. " * 40 for _ in range(3))
    sections = screens(body)
    for slide in sections[0][1:]:
        assert len([mark for mark in slide.marks if isinstance(mark, Words)]) <= 9
        assert slide.spoken[-1].endswith(".")
    assert said(sections).count("bridge") == 120


def test_a_sentence_longer_than_a_screen_is_cut() -> None:
    sections = screens("word " * 900)
    assert said(sections).split().count("word") == 900
    assert len(sections[0]) > 5


def test_a_heading_is_never_alone() -> None:
    body = "".join(
        f"para {'words ' * number}.\n\n### Small heading\n\nnext.\n\n" for number in range(40)
    )
    for section in screens("## One\n\n" + body):
        for slide in section:
            assert slide.spoken[-1] != "Small heading"


def test_sections_follow_the_highest_headings() -> None:
    assert len(screens("# T\n\na\n\n## b\n\nc\n\n### d\n\ne\n\n## f\n\ng")) == 3
    assert len(screens("a\n\n# b\n\nc\n\n# d\n\ne")) == 3
    assert len(screens("\n\n".join(f"## {number}\n\nwords" for number in range(200)))) <= 61


def test_wide_tables_become_lists() -> None:
    row = "|" + "|".join(f"a long cell number {number}" for number in range(12)) + "|\n"
    table = row + "|" + "-|" * 12 + "\n" + row
    assert said(screens(table)).count("a long cell") == 24
    grid = screens("|a|b|\n|-|-:|\n|1|2|\n")[0][1]
    assert said(((grid,),)) == "a: 1 · b: 2"
    assert any(isinstance(mark, Box) and mark.size[0] > 30 for mark in grid.marks)


def test_a_long_table_repeats_its_head() -> None:
    table = "|left|right|\n|-|-|\n" + "".join(f"|a{n}|b{n}|\n" for n in range(40))
    slides = screens(table)[0][1:]
    assert len(slides) > 3
    for slide in slides:
        rows = [mark.row[0].text for mark in slide.marks if isinstance(mark, Words)]
        assert rows[0] == "left"


def test_a_picture_has_a_screen_of_its_own() -> None:
    slides = screens("before\n\n![Shown here](a.jpg)\n\n![](b.jpg)\n\nafter")[0]
    pictures = [slide for slide in slides if slide.picture]
    assert [slide.spoken for slide in pictures] == [("Shown here",), ()]
    assert pictures[1].area == (0, 0, *FRAME)
    assert pictures[0].area is not None
    assert pictures[0].area[3] < 640
    assert all(slide.seconds >= 5 for slide in pictures)


def test_the_reading_pace_is_that_of_the_language() -> None:
    minute = {
        Language.EN: 790, Language.ES: 820, Language.RU: 789, Language.AR: 490, Language.ZH: 204,
    }  # fmt: skip
    for language, count in minute.items():
        assert abs(reading(["x" * count], language) - Fraction("61.5")) < 1
    assert reading(["a"], Language.EN) == 4
    assert letters("a, b. 12!") == 4


def test_the_line_at_the_foot_grows_to_the_end() -> None:
    wide = [
        slide.marks[-1].size[0]
        for section in typeset.article(*told("en"), FRAME, "Notes")
        for slide in section
        if isinstance(slide.marks[-1], Box)
    ]
    assert wide == sorted(wide)
    assert round(wide[-1]) == 1280


@settings(max_examples=60)
@given(st.text(alphabet="ab .\n#*>-|1234_[]()`!ж中م\u1000🙂", max_size=300))
def test_any_article_can_be_laid_out(body: str) -> None:
    text = report.parse({"report.md": "---\ntitle: T\nlanguage: my\n---\n"}).main
    try:
        parsed = article.parse("report.md", body)
    except InputRefused:
        return
    slides = [slide for section in typeset.article(text, parsed, FRAME, "N") for slide in section]
    assert all(slide.seconds >= 4 for slide in slides)
    ends = [Fraction(at + 1) for at in range(len(slides))]
    assert typeset.slides(slides, ends, FRAME, text.language).count("Dialogue") >= len(slides)


def test_cues_are_shared_out_over_a_screen() -> None:
    cues = subtitles.spread(["word " * 40, "second"], 1000, 11_000)
    assert cues[0].start == 1000
    assert cues[-1].end == 11_000
    assert cues[-1].lines == ("second",)
    assert all(len(line) <= 42 for cue in cues for line in cue.lines)
    assert subtitles.parse("x", subtitles.serialise(cues)) == cues
    assert subtitles.spread([], 0, 1000) == ()
    chinese = subtitles.spread(["桥" * 100], 0, 10_000)
    assert {len(line) for cue in chinese for line in cue.lines} == {20}
