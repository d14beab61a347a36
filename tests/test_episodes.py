"""The plans of series and courses, and one of each made by the real command."""

from dataclasses import replace
from fractions import Fraction
from itertools import accumulate
from pathlib import Path

import clips
import pytest
from commands import Command, throwaway
from guessit import guessit

from packager import article, render, report
from packager.disguise import course, naming, series
from packager.disguise.base import Options, Plan, Readme, Story
from packager.disguise.items import BookItem, Container, FilmItem, PartKind
from packager.disguise.portions import pieces, whole
from packager.film import Show
from packager.media import AudioFacts, MediaFacts, VideoFacts
from packager.pack import tracks
from packager.pack.work import Work
from packager.source import BareWords, Source, open_sources
from packager.values import Language

pytestmark = pytest.mark.slow
VARIANT = bytes(range(32))
FILM = MediaFacts(
    "mov",
    Fraction(90),
    1000,
    VideoFacts("h264", "yuv420p", 640, 360, 0, Fraction(1), Fraction(25), False, False),  # noqa: FBT003
    AudioFacts("aac", 44100, 2, "stereo"),
)
LONG = "## {word} one\n\n{text}\n\n## {word} two\n\n{text}\n\n## {word} three\n\n{text}\n"


def story(language: Language, sentences: int, *media: MediaFacts, number: int = 0) -> Story:
    names = "".join(f"  - {at}.mp4\n" for at, _ in enumerate(media))
    listed = f"media:\n{names}" if media else ""
    about = f"title: Zzreportzz bridge {number}\nbyline: Zzreportzz Tamsen\nsources: [sheets]\n"
    body = LONG.format(word="Zzreportzz", text="A sentence about a Zzreportzz pier. " * sentences)
    source = f"---\nlanguage: {language}\n{about}{listed}---\n{body}"
    parsed = report.parse({"report.md": source})
    return Story(parsed, media, ((language, article.parse("report.md", parsed.main.body)),))


def a_series(*stories: Story, options: Options | None = None) -> Plan:
    notice = render.notice(stories[0].report.main.language)
    return series.plan(stories, notice, options or Options(), VARIANT)


def a_course(*stories: Story, options: Options | None = None) -> Plan:
    notice = render.notice(stories[0].report.main.language)
    return course.plan(stories, notice, options or Options(), VARIANT)


def outside(plan: Plan) -> str:
    """All that stands outside the report's own parts."""
    items = [
        replace(item, parts=tuple(p for p in item.parts if p.kind is PartKind.POSTER))
        if isinstance(item, FilmItem)
        else item
        for item in plan.items
    ]
    return repr(replace(plan, items=tuple(items)))


@pytest.mark.parametrize("language", Language)
def test_a_season_has_an_episode_for_each_report(language: Language) -> None:
    plan = a_series(*(story(language, 20, number=number) for number in range(3)))
    assert [film.story for film in plan.films] == [0, 1, 2]
    for number, film in enumerate(plan.films, start=1):
        told = guessit(film.path)
        assert (told["type"], told["season"], told["episode"]) == (
            "episode",
            naming.season(VARIANT),
            number,
        )
        assert told["release_group"] == naming.group(VARIANT)
        kinds = [part.kind for part in film.parts]
        assert kinds[:2] == [PartKind.POSTER, PartKind.CARD]
        assert kinds[-1] is PartKind.END
        shown = [part for part in film.parts if part.kind is PartKind.REPORT]
        assert {part.story for part in shown} == {number - 1}
    assert guessit(plan.name)["season"] == naming.season(VARIANT)
    assert len({film.seed for film in plan.films}) == 3
    assert len({film.poster for film in plan.films}) == 1
    assert dict(plan.nfo_fields)["Episodes"] == "3"
    assert "zzreportzz" not in outside(plan).casefold()


def test_one_report_is_shared_out_over_episodes() -> None:
    plan = a_series(story(Language.EN, 250, FILM, FILM))
    shown = [[p for p in film.parts if p.kind is PartKind.REPORT] for film in plan.films]
    assert [[part.media for part in parts] for parts in shown[:2]] == [[0], [1]]
    texts = shown[2:]
    assert len(texts) >= 2
    assert all(sum((p.seconds or 0) for p in parts) >= series.LEAST for parts in texts)
    assert [film.story for film in plan.films] == [None] * len(plan.films)
    together = [part.slides for parts in texts for part in parts]
    (portion,) = whole(
        (story(Language.EN, 250, FILM, FILM),), render.notice(Language.EN), Options()
    )
    assert together == [part.slides for part in portion.parts if part.slides]


def test_what_is_left_over_joins_the_piece_before_it() -> None:
    (portion,) = whole((story(Language.EN, 20),), render.notice(Language.EN), Options())
    assert len(pieces(portion, Fraction(10_000))) == 1
    assert len(pieces(portion, Fraction(1))) == len(portion.parts)
    lengths = [sum(p.seconds or 0 for p in portion.parts[:2])]
    two = pieces(portion, Fraction(lengths[0]))
    assert [len(piece.parts) for piece in two] in ([2, 2], [4], [2, len(portion.parts) - 2])


def test_a_cover_film_plays_after_every_episode_and_no_lesson() -> None:
    stories = (story(Language.EN, 20), story(Language.EN, 20))
    options = Options(cover=True)
    for film in a_series(*stories, options=options).films:
        assert film.parts[-1].kind is PartKind.COVER
    for film in a_course(*stories, options=options).films:
        assert film.parts[-1].kind is PartKind.END


@pytest.mark.parametrize("language", Language)
def test_a_course_has_a_part_for_each_report_and_a_manual(language: Language) -> None:
    plan = a_course(*(story(language, 60, number=number) for number in range(2)))
    folders = [film.path.split("/")[0] for film in plan.films]
    assert folders == sorted(folders)
    assert len(set(folders)) == 2
    assert [film.path.split("/")[1][:3] for film in plan.films] == [
        f"{number:03}" for number in range(1, len(plan.films) + 1)
    ]
    (manual,) = (item for item in plan.items if isinstance(item, BookItem))
    assert manual.path == f"{plan.name}.epub"
    assert manual.title in naming.course(language, VARIANT).shown
    assert "zzreportzz" not in outside(plan).casefold()


def test_a_lone_report_has_six_lessons_a_part() -> None:
    body = "".join(
        f"## Part {n}\n\n" + "A sentence about a pier. " * 120 + "\n\n" for n in range(9)
    )
    parsed = report.parse({"report.md": f"---\nlanguage: en\ntitle: A pier\n---\n{body}"})
    told = Story(parsed, (), ((Language.EN, article.parse("report.md", parsed.main.body)),))
    plan = a_course(told, options=Options(readme=Readme.NONE))
    parts = [film.path.split("/")[0] for film in plan.films]
    assert parts[:7] == ["01 - Part 1"] * 6 + ["02 - Part 2"]
    assert plan.readme_file is None


def test_titles_of_ones_own() -> None:
    options = Options(title="My own pier", year=1999, container=Container.MKV)
    plan = a_series(story(Language.EN, 9), options=options)
    assert plan.films[0].path.startswith("My.own.pier.S0")
    assert plan.films[0].path.endswith(".mkv")
    assert plan.year == 1999
    plan = a_course(story(Language.EN, 9), options=options)
    assert plan.name == plan.poster.title == "My own pier"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Command:
    return throwaway(tmp_path_factory.mktemp("home"))


def write(folder: Path, title: str, body: str, more: str = "", language: str = "en") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    head = f"language: {language}\ntitle: {title}\npublished: 2026-05-31\n{more}"
    text = f"---\n{head}---\n{body}\n"
    (folder / "report.md").write_text(text, "utf-8")


@pytest.mark.slow
@pytest.mark.tool
def test_a_course_by_the_real_command(desk: Command, tmp_path: Path) -> None:
    source = tmp_path / "source"
    write(source / "01-pier", "Zz pier", "The pier is closed.")
    write(source / "02-lake", "Zz lake", "آب قهوه‌ای است.", language="fa")
    said = ("--as", "course", "--quality", "480p", "--out", tmp_path / "out", "--json")
    done = desk("pack", source, *said)
    assert done.code == 0, done.err
    release = Path(done.facts["release"])
    lessons = sorted(release.glob("*/*.mp4"))

    assert len(lessons) == 2
    assert len(list(release.glob("*.epub"))) == 1
    assert desk("verify", release, "--json").facts["verdict"] == "genuine"
    for lesson, folder in zip(lessons, ("01-pier", "02-lake"), strict=True):
        lone = desk("unpack", lesson, "--out", tmp_path / folder, "--json")
        assert lone.code == 0, lone.err
        assert (tmp_path / folder / "report.md").read_bytes() == (
            source / folder / "report.md"
        ).read_bytes()
    every = desk("unpack", release, "--out", tmp_path / "all", "--json")
    assert every.code == 0, every.err
    back = {
        path.relative_to(tmp_path / "all").as_posix(): path.read_bytes()
        for path in (tmp_path / "all").rglob("*.md")
    }
    texts = ((f"{folder[:2]}/report.md", source / folder) for folder in ("01-pier", "02-lake"))
    assert back == {name: (folder / "report.md").read_bytes() for name, folder in texts}


@pytest.mark.slow
@pytest.mark.tool
def test_subtitles_go_on_from_episode_to_episode(desk: Command, tmp_path: Path) -> None:
    source = tmp_path / "source"
    more = "media: [one.mp4, two.mp4]\nsubtitles: [said.srt]\nsources: [The sheets]\n"
    write(source, "Zz pier", "Filmed in May.", more)
    for name in ("one", "two"):
        clips.make("plain.mp4", source).rename(source / f"{name}.mp4")
    said = "1\n00:00:00,500 --> 00:00:02,000\nfirst words\n\n"
    said += "2\n00:00:03,500 --> 00:00:05,000\nsecond words\n"
    (source / "said.srt").write_text(said, "utf-8")
    words = ("--as", "series", "--quality", "480p", "--out", tmp_path / "out", "--json")
    done = desk("pack", source, *words)
    assert done.code == 0, done.err
    episodes = sorted(Path(done.facts["release"]).glob("*.mp4"))
    tracks = [
        clips.run(["-i", str(episode), "-map", "0:s:0"], tmp_path / f"{at}.srt").read_text()
        for at, episode in enumerate(episodes)
    ]

    assert ["first words" in track for track in tracks] == [True, False]
    assert ["second words" in track for track in tracks] == [False, True]
    assert "00:00:11,5" in tracks[1], "eleven seconds of poster and card, then half a second"


@pytest.mark.parametrize("divided_alike", [True, False])
def test_a_translation_goes_on_in_the_next_lesson(divided_alike: bool, tmp_path: Path) -> None:  # noqa: FBT001
    body = "".join(f"## Part {n}\n\n" + f"pier{n} words here. " * 200 + "\n\n" for n in range(3))
    write(tmp_path, "A pier", body)
    heading = "## Глава\n\n" if divided_alike else ""
    other = "".join(heading + f"причал{n} стоит. " * 200 + "\n\n" for n in range(3))
    text = f"---\nlanguage: ru\ntitle: Причал\npublished: 2026-05-31\n---\n{other}"
    (tmp_path / "report.ru.md").write_text(text, "utf-8")
    work = work_of(open_sources(tmp_path, BareWords(language=Language.EN)))
    said = [words_of(work, film) for film in work.plan.films]

    assert len(said) >= 2
    for language, word in ((Language.EN, "pier"), (Language.RU, "причал")):
        told = [[f"{word}{n}" in one[language] for n in range(3)] for one in said]
        assert all(any(row) for row in told)
        assert [any(column) for column in zip(*told, strict=True)] == [True] * 3
        if divided_alike or language is Language.EN:
            assert [sum(column) for column in zip(*told, strict=True)] == [1] * 3


def work_of(sources: tuple[Source, ...]) -> Work:
    stories = tuple(Story(one.report, (), one.articles) for one in sources)
    notice = render.notice(Language.EN)
    plan = course.plan(stories, notice, Options(), VARIANT)
    return Work(sources, ((),) * len(sources), None, notice, Options(), plan)


def words_of(work: Work, film: FilmItem) -> dict[Language, str]:
    shows = {
        at: Show((), tuple(accumulate(slide.seconds for slide in part.slides)))
        for at, part in enumerate(film.parts)
        if part.slides
    }
    found = tracks.tracks(work, film, shows)
    return {language: " ".join(" ".join(cue.lines) for cue in cues) for language, cues in found}


def test_only_the_camera_s_picture_is_copied() -> None:
    mono = replace(FILM, audio=AudioFacts("aac", 44100, 1, "mono", "LC"))
    plan = a_series(story(Language.EN, 250, mono), options=Options(copy=True))
    assert [film.copy for film in plan.films] == [True] + [False] * (len(plan.films) - 1)
    assert all("AAC2.0" in film.path for film in plan.films)
    assert {film.path.rsplit(".", 1)[1] for film in plan.films} == {"mkv"}
