"""What a report becomes in a film: every kind of report, and nothing of it left out."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest

from packager import article, render, report
from packager.disguise import filmed
from packager.disguise.base import Options, Story
from packager.disguise.items import Part, PartKind
from packager.errors import InputRefused
from packager.media import AudioFacts, MediaFacts, VideoFacts
from packager.values import Language

SOUND = MediaFacts("mp3", Fraction(60), 1000, None, AudioFacts("mp3", 44100, 2, "stereo"))
FILM = MediaFacts(
    "mov",
    Fraction(90),
    1000,
    VideoFacts("h264", "yuv420p", 640, 360, 0, Fraction(1), Fraction(25), False, False),  # noqa: FBT003
    None,
)
NOTICE = render.notice(Language.EN)


def story(body: str, *media: MediaFacts) -> Story:
    names = "".join(f"  - {number}.bin\n" for number, _ in enumerate(media))
    listed = f"media:\n{names}" if media else ""
    source = f"---\nlanguage: en\ntitle: A bridge\n{listed}---\n{body}"
    parsed = report.parse({"report.md": source})
    read = article.parse("report.md", parsed.main.body)
    return Story(parsed, media, ((Language.EN, read),))


def shown(told: Story, options: Options | None = None) -> list[Part]:
    return list(filmed.story_parts(told, NOTICE, options or Options()))


def length(parts: list[Part]) -> Fraction:
    return sum((part.seconds or Fraction(0) for part in parts), Fraction(0))


BODY = "## One\n\n" + "A sentence about a bridge. " * 40 + "\n\n## Two\n\n![](a.png)\n\nwords."


def test_text_becomes_a_part_for_each_section() -> None:
    parts = shown(story(BODY))
    assert len(parts) == 3
    assert all(part.slides and part.media is None and not part.voice for part in parts)
    assert all(part.voice for part in shown(story(BODY), Options(narrate=True)))
    whole = filmed.parts(story(BODY), NOTICE, Options(cover=True), number=4)
    kinds = [part.kind for part in whole]
    assert kinds == [*PartKind][:2] + [PartKind.REPORT] * 3 + [PartKind.END, PartKind.COVER]
    assert {part.story for part in whole if part.kind is PartKind.REPORT} == {4}
    assert [mark.part for mark in filmed.chapters(whole, NOTICE)] == [0, 3, 4, 6]
    assert all("bridge" not in mark.title for mark in filmed.chapters(whole, NOTICE))


def test_pages_change_at_whole_seconds() -> None:
    """A film's pages are drawn once a second."""
    links = "".join(f"  - label: Link {n}\n    url: https://example.org/{n}\n" for n in range(30))
    parsed = report.parse({"report.md": f"---\nlanguage: en\ntitle: A\nlinks:\n{links}---\n{BODY}"})
    told = Story(parsed, (FILM,), ((Language.EN, article.parse("report.md", "words")),))
    parts = [part for part in filmed.parts(told, NOTICE, Options()) if part.pages]
    assert max(len(part.pages) for part in parts) > 3
    for part in parts:
        assert part.seconds is not None
        assert (part.seconds / len(part.pages)).denominator == 1


def test_films_come_before_the_text() -> None:
    parts = shown(story(BODY, FILM, FILM))
    assert [part.media for part in parts] == [0, 1, None, None, None]


def test_a_note_beside_a_film_is_no_article() -> None:
    assert [part.media for part in shown(story("Filmed in May.", FILM))] == [0]
    assert len(shown(story("![](a.png)", FILM))) == 2


def test_a_recording_is_shared_out_over_the_text() -> None:
    needed = length(shown(story(BODY)))
    sound = replace(SOUND, duration=needed * Fraction(13, 10) + Fraction(1, 100))
    parts = shown(story(BODY, sound))
    assert [part.media for part in parts] == [0, 0, 0]
    assert 0 <= length(parts) - sound.duration < Fraction(1, 25)
    for before, after in pairwise(parts):
        assert before.seconds is not None
        assert after.begin == before.begin + before.seconds
        assert sum(slide.seconds for slide in before.slides) == before.seconds


def test_a_long_recording_goes_on_over_changing_grounds() -> None:
    sound = replace(SOUND, duration=Fraction(3000))
    parts = shown(story(BODY, sound))
    assert length(parts) == 3000
    last = parts[-1]
    assert last.begin + (last.seconds or 0) == 3000
    assert len({slide.ground for slide in last.slides}) > 20
    assert any(slide.picture for slide in last.slides)


def test_a_short_recording_plays_before_the_text() -> None:
    sound = replace(SOUND, duration=Fraction(5))
    parts = shown(story(BODY, sound))
    assert [part.media for part in parts] == [0, None, None, None]


def test_a_podcast_needs_no_text() -> None:
    bare = Story(report.parse({"report.md": "---\nlanguage: en\n---\n"}), (SOUND,), ())
    (part,) = shown(bare)
    assert part.media == 0
    assert part.seconds == 60
    episodes = shown(story("", SOUND, SOUND))
    assert [part.media for part in episodes] == [0, 1]


def test_everything_at_once() -> None:
    parts = shown(story(BODY, SOUND, FILM, SOUND))
    assert [part.media for part in parts] == [1, 0, 2, None, None, None]


@pytest.mark.parametrize(
    ("told", "options"),
    [
        (Story(report.parse({"report.md": "---\nlanguage: en\n---\n"}), (), ()), Options()),
        (story(BODY, replace(FILM, duration=Fraction(0))), Options()),
        (story(BODY), Options(copy=True)),
        (story(BODY, FILM, SOUND), Options(copy=True)),
        (story(BODY, FILM), Options(copy=True, narrate=True)),
    ],
)
def test_refusals_say_what_to_do(told: Story, options: Options) -> None:
    with pytest.raises(InputRefused) as caught:
        filmed.story_parts(told, NOTICE, options)
    assert caught.value.hints
