"""The plan of a film: golden texts, and what it must never say."""

import os
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from packager import render, report
from packager.disguise import DISGUISES, movie
from packager.disguise.base import Options, Plan, Quality, Readme, Story
from packager.disguise.items import Container, PartKind
from packager.errors import InputRefused
from packager.media import AudioFacts, MediaFacts, VideoFacts
from packager.report import Report
from packager.values import Language

GOLDEN = Path(__file__).parent / "golden" / "movie"
VARIANT = bytes(range(32))
SOUND = AudioFacts("aac", 44100, 1, "mono", "LC")
CLIP = MediaFacts(
    demuxer="mov",
    duration=Fraction(90),
    size=1_000_000,
    video=VideoFacts(
        codec="h264",
        pixel_format="yuv420p",
        width=1920,
        height=1080,
        rotation=0,
        sample_aspect=Fraction(1),
        rate=Fraction(25),
        variable_rate=False,
        hdr=False,
    ),
    audio=SOUND,
)
TEXT = """---
language: {language}
title: Zzreportzz tannery
byline: Zzreportzz Tamsen
outlet: Zzreportzz Lantern
published: 2026-05-31
summary: Zzreportzz {long}
sources: [Zzreportzz sheets, Zzreportzz interview]
links: [{{label: Zzreportzz method, url: "https://zzreportzz.example/{long_url}"}}]
tools: [{{label: Zzreportzz contact, url: "https://zzreportzz.example/contact"}}]
media: [{media}]
---
Body.
"""
CASES = {
    "plain": (Language.EN, 1, Options()),
    "two clips and a cover": (Language.RU, 2, Options(cover=True, quality=Quality.P480)),
    "copied": (Language.ES, 1, Options(copy=True)),
    "own title": (
        Language.FA,
        1,
        Options(title="پل آبی", year=1999, quality=Quality.P1080, readme=Readme.NONE),
    ),
}


def a_report(language: Language, clips: int) -> Report:
    media = ", ".join(f"clip{number}.mp4" for number in range(clips))
    text = TEXT.format(
        language=language, media=media, long="long words " * 80, long_url="path/" * 20
    )
    return report.parse({"report.md": text})


def plan_of(name: str) -> Plan:
    language, clips, options = CASES[name]
    return movie.plan(one(language, (CLIP,) * clips), render.notice(language), options, VARIANT)


def one(language: Language, media: tuple[MediaFacts, ...]) -> tuple[Story, ...]:
    return (Story(a_report(language, len(media)), media),)


def readable(plan: Plan) -> str:
    fields = "disguise language name title year poster_file readme_file nfo_file"
    lines = [f"{field} = {getattr(plan, field)}" for field in fields.split()]
    (film,) = plan.films
    lines += [f"{field} = {getattr(film, field)}" for field in "path container frame copy".split()]
    lines.append(f"poster = {plan.poster.title} | {plan.poster.line} | {plan.poster.seed.hex()}")
    lines += [f"nfo {label}: {value}" for label, value in plan.nfo_fields]
    lines += [f"chapter {chapter.title!r} at part {chapter.part}" for chapter in film.chapters]
    for at, part in enumerate(film.parts):
        lines.append(f"part {at}: {part.kind} seconds={part.seconds} media={part.media}")
        for page in part.pages:
            lines.append(f"  # {page.heading}{' (lead)' if page.lead else ''}")
            lines += [f"  {line!r}" for line in page.lines]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", CASES)
def test_the_plan_is_the_golden_one(name: str) -> None:
    path = GOLDEN / f"{name.replace(' ', '-')}.txt"
    made = readable(plan_of(name))
    if os.environ.get("GOLDEN") == "write":
        path.write_text(made, encoding="utf-8")
    assert made == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CASES)
def test_no_word_of_the_report_outside_its_own_parts(name: str) -> None:
    plan = plan_of(name)
    (film,) = plan.films
    end = [part for part in film.parts if part.kind is PartKind.END]
    bare = replace(film, parts=tuple(p for p in film.parts if p.kind is not PartKind.END))
    kept = replace(plan, items=(bare,))
    assert "zzreportzz" not in repr(kept).casefold()
    assert "Zzreportzz sheets" in repr(end)
    assert all("sheets" not in chapter.title for chapter in film.chapters)


@pytest.mark.parametrize("name", CASES)
def test_the_film_opens_with_poster_and_card(name: str) -> None:
    (plan,) = plan_of(name).films
    kinds = [part.kind for part in plan.parts]
    assert kinds[:3] == [PartKind.POSTER, PartKind.CARD, PartKind.REPORT]
    assert [part.seconds for part in plan.parts[:2]] == [1, 10]
    card = plan.parts[1].pages[0]
    assert card.heading == render.notice(plan.language).card_title
    assert (PartKind.COVER in kinds) == ("cover" in name)
    assert plan.chapters[0].part == 0


def test_the_list_of_looks_is_literal() -> None:
    assert DISGUISES["movie"] is movie.plan


def test_a_report_with_nothing_in_it_is_refused() -> None:
    with pytest.raises(InputRefused, match="nothing to show") as caught:
        movie.plan(one(Language.EN, ()), render.notice(Language.EN), Options(), VARIANT)
    assert caught.value.hints


def test_a_copy_into_mp4_is_refused() -> None:
    options = Options(copy=True, container=Container.MP4)
    with pytest.raises(InputRefused, match="copied picture"):
        movie.plan(one(Language.EN, (CLIP,)), render.notice(Language.EN), options, VARIANT)


def test_the_name_of_a_copy_tells_the_sound_that_is_made() -> None:
    """The camera's sound is encoded anew, whatever it is."""
    film = replace(CLIP, audio=SOUND)
    made = movie.plan(
        one(Language.EN, (film,)), render.notice(Language.EN), Options(copy=True), VARIANT
    )
    assert ".AAC2.0." in made.name
