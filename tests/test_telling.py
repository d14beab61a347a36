"""The plans of albums and audiobooks: what is said first and last, cuts, names."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager import article, render, report
from packager.disguise import DISGUISES, telling
from packager.disguise.base import Options, Plan, Readme, Story
from packager.disguise.items import SoundItem
from packager.disguise.telling import Passage
from packager.errors import InputRefused
from packager.media import AudioFacts, MediaFacts, VideoFacts
from packager.values import Language

VARIANT = bytes(range(32))
SOUND = ("album", "audiobook")
TEXT = """---
language: {language}
title: Zzreportzz
byline: Zzreportzz Tamsen
outlet: Zzreportzz Lantern
published: 2026-05-31
summary: Zzreportzz summary
sources: [Zzreportzz sheets]
links: [{{label: Zzreportzz method, url: "https://www.zzreportzz.example/deep/path?q=1"}}]
tools: [{{label: Zzreportzz contact, url: "https://zzreportzz.example/contact"}}]
---
{body}
"""
FILM = VideoFacts("h264", "yuv420p", 640, 360, 0, Fraction(1), Fraction(25), False, False)  # noqa: FBT003


def media(seconds: int, *, heard: bool = True, seen: bool = False) -> MediaFacts:
    audio = AudioFacts("opus", 48000, 2, "stereo") if heard else None
    return MediaFacts("ogg", Fraction(seconds), 1000, FILM if seen else None, audio)


def story(
    body: str = "Zzreportzz body.",
    *others: tuple[Language, str],
    language: Language = Language.EN,
    clips: tuple[MediaFacts, ...] = (),
) -> Story:
    texts = {"report.md": TEXT.format(language=language, body=body)}
    for other, more in others:
        texts[f"report.{other}.md"] = TEXT.format(language=other, body=more)
    parsed = report.parse(texts, language)
    ordered = (parsed.main, *(text for text in parsed.texts if text is not parsed.main))
    articles = tuple((text.language, article.parse(text.file, text.body)) for text in ordered)
    return Story(parsed, clips, articles)


def planned(disguise: str, *stories: Story, options: Options | None = None) -> Plan:
    notice = render.notice(stories[0].report.main.language)
    return DISGUISES[disguise](stories, notice, options or Options(), VARIANT)


def sounds(plan: Plan) -> list[SoundItem]:
    return [item for item in plan.items if isinstance(item, SoundItem)]


def spoken(plan: Plan) -> list[str]:
    return [line for item in sounds(plan) for segment in item.segments for line in segment.spoken]


def long(headings: int, paragraphs: int = 6) -> str:
    sentence = "Zzreportzz words are spoken one after the other here. " * 6
    return "\n\n".join(
        part
        for number in range(headings)
        for part in (f"## Zzreportzz heading {number}", *[sentence] * paragraphs)
    )


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("disguise", SOUND)
def test_the_first_words_say_what_it_is_and_the_last_how_to_go_on(
    disguise: str, language: Language
) -> None:
    notice = render.notice(language)
    plan = planned(disguise, story(language=language))
    words = spoken(plan)
    assert words[0] == notice.opening(disguise) != notice.card_title
    assert tuple(words[1 : 1 + len(notice.card_lines)]) == notice.card_lines
    assert words.index("Zzreportzz body.") > len(notice.card_lines)
    assert tuple(words[-len(notice.pass_on_lines) :]) == notice.pass_on_lines
    last = sounds(plan)[-1].segments[-1].spoken
    assert "Zzreportzz sheets" in last
    assert notice.check_spoken[0] in last
    assert any("zzreportzz.example" in line for line in last)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("disguise", SOUND)
def test_no_word_of_the_report_stands_outside_of_it(disguise: str, language: Language) -> None:
    plan = planned(disguise, story(long(5), language=language))
    named = [plan.name, plan.title, plan.poster.title, plan.poster.line, plan.playlist_file or ""]
    for item in sounds(plan):
        named += [item.path, item.tags.title, item.tags.artist, item.tags.album, item.tags.genre]
        named += [chapter.title for chapter in item.chapters]
    assert not [name for name in named if "zzreportzz" in name.casefold()]
    assert all(named[:4])


def test_an_album_is_numbered_songs_in_a_folder_named_for_them() -> None:
    plan = planned("album", story(long(6)))
    tracks = sounds(plan)
    assert len(tracks) > 3
    assert [item.tags.track for item in tracks] == list(range(1, len(tracks) + 1))
    assert {item.tags.tracks for item in tracks} == {len(tracks)}
    assert len({item.tags.title for item in tracks}) == len(tracks)
    assert all(str(item.path).startswith(f"{item.tags.track:02d} - ") for item in tracks)
    assert {item.channels for item in tracks} == {2}
    assert plan.name.endswith(f"({plan.year}) [MP3 V0]")
    assert plan.poster_file == "cover.jpg"
    assert plan.poster_size == (1000, 1000)
    assert {item.story for item in tracks} == {0}


def test_an_audiobook_is_one_file_of_numbered_chapters() -> None:
    plan = planned("audiobook", story(long(9)))
    (book,) = sounds(plan)
    assert book.path.endswith(".m4b")
    assert plan.name.endswith(f"({plan.year})")
    titles = [chapter.title for chapter in book.chapters]
    assert titles == [f"Chapter {number}" for number in range(1, len(titles) + 1)]
    assert len(titles) > 2
    parts = [chapter.part for chapter in book.chapters]
    assert parts[0] == 0
    assert parts == sorted(set(parts))
    assert parts[-1] < len(book.segments)


@pytest.mark.parametrize("disguise", SOUND)
def test_the_same_report_gives_the_same_plan_and_another_variant_another(disguise: str) -> None:
    one = story(long(3))
    assert planned(disguise, one) == planned(disguise, one)
    other = DISGUISES[disguise]((one,), render.notice(Language.EN), Options(), bytes(32))
    assert other.name != planned(disguise, one).name


@pytest.mark.parametrize("disguise", SOUND)
def test_the_journalists_own_title_and_year_count(disguise: str) -> None:
    options = Options(title="Night: Trains", year=1999, readme=Readme.NONE)
    plan = planned(disguise, story(), options=options)
    assert (plan.title, plan.year, plan.readme_file) == ("Night: Trains", 1999, None)
    assert {item.tags.album for item in sounds(plan)} == {"Night: Trains"}
    assert "Night - Trains" in plan.name


def test_recordings_and_other_languages_are_heard_too() -> None:
    clips = (media(400), media(30, seen=True))
    plan = planned("audiobook", story("Main.", (Language.RU, "Перевод."), clips=clips))
    segments = sounds(plan)[0].segments
    assert [segment.media for segment in segments if segment.media is not None] == [0, 1]
    russian = [s for s in segments if s.language is Language.RU]
    assert len(russian) == 1
    assert "Перевод." in russian[0].spoken
    assert "Main." in segments[0].spoken


@pytest.mark.parametrize(("seconds", "read_out"), [(60, False), (160, True), (900, False)])
def test_a_reading_of_the_text_stands_in_for_the_voice(seconds: int, read_out: bool) -> None:  # noqa: FBT001
    words = spoken(planned("audiobook", story(long(1), clips=(media(seconds),))))
    assert any("one after the other" in line for line in words) is not read_out
    assert "Zzreportzz." in words, "its title is said"


def test_pictures_are_told_by_caption_or_description() -> None:
    body = '![A pipe](pipe.jpg "The pipe at five")\n\n![Only described](map.png)\n'
    words = spoken(planned("audiobook", story(body)))
    assert any("The pipe at five" in line for line in words)
    assert any("Only described" in line for line in words)


def test_each_story_starts_a_track_of_its_own() -> None:
    plan = planned("album", story("One."), story("Two."), story("Three."))
    assert [item.story for item in sounds(plan)] == [0, 1, None], "the last one ends all"
    assert spoken(plan).count(render.notice(Language.EN).album_title) == 1


def test_a_silent_clip_is_refused() -> None:
    with pytest.raises(InputRefused, match="has no sound"):
        planned("album", story(clips=(media(9, heard=False, seen=True),)))


def test_a_report_that_cannot_be_heard_is_refused() -> None:
    parsed = report.parse({"report.md": "---\nlanguage: en\n---\n"})
    empty = Story(parsed, (), ())
    with pytest.raises(InputRefused, match="nothing to listen to"):
        planned("audiobook", empty)


PASSAGES = st.lists(
    st.builds(
        Passage,
        st.just(Language.EN),
        st.just(0),
        st.just("x"),
        st.none(),
        st.floats(0.5, 200),
        st.booleans(),
        st.booleans(),
    ),
    min_size=1,
    max_size=60,
)


@given(PASSAGES)
def test_a_cut_loses_nothing_and_keeps_its_bounds(passages: list[Passage]) -> None:
    pieces = telling.cut(passages, 170, 340)
    assert [one for piece in pieces for one in piece] == passages
    for piece in pieces:
        assert piece
        assert not any(one.apart for one in piece[1:])
        assert telling.seconds(piece[:-1]) <= 340 or len(piece) == 1
    for piece, following in pairwise(pieces):
        assert following[0].apart or telling.seconds(piece) >= 85
