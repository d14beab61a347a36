"""The audit's rules: what is as it should be passes, and each thing that is not has its name."""

# ruff: noqa: ANN401 -- what a test changes may be any field

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import pytest
from ideal import AAC, BOOK, CLEAN, MIB, NAME, README, SQUARE, VIDEO, film, lively, metainfo

from packager import audit, torrent
from packager.audit import FileFacts, Noise, Release, Severity
from packager.safety import Refusal, Rule
from packager.traits import Chapter


@pytest.mark.parametrize("disguise", CLEAN)
def test_nothing_is_said_of_a_release_as_it_should_be(disguise: str) -> None:
    assert audit.findings(CLEAN[disguise]) == ()


@dataclass(frozen=True)
class Case:
    """One thing wrong in a clean release."""

    check: str
    disguise: str
    spoil: Callable[[Release], Release]
    says: str = ""


def first(**other: Any) -> Callable[[Release], Release]:
    """Change the first file."""
    return lambda release: replace(
        release, files=(replace(release.files[0], **other), *release.files[1:])
    )


def media(**other: Any) -> Callable[[Release], Release]:
    return lambda r: first(media=replace(r.files[0].media, **other))(r)  # type: ignore[type-var]


def video(**other: Any) -> Callable[[Release], Release]:
    return media(video=replace(VIDEO, **other))


def sound(**other: Any) -> Callable[[Release], Release]:
    return media(audio=replace(AAC, **other))


def traits(**other: Any) -> Callable[[Release], Release]:
    return lambda r: first(traits=replace(r.files[0].traits, **other))(r)  # type: ignore[type-var]


def book(**other: Any) -> Callable[[Release], Release]:
    assert BOOK.book
    return first(book=replace(BOOK.book, **other))


def tag(key: str, value: str | None) -> Callable[[Release], Release]:
    def spoil(release: Release) -> Release:
        had = release.files[0].traits
        assert had
        left = [one for one in had.tags if one[0] != key]
        return traits(tags=tuple(left + ([(key, value)] if value is not None else [])))(release)

    return spoil


def stream(**other: Any) -> Callable[[Release], Release]:
    def spoil(release: Release) -> Release:
        had = release.files[0].traits
        assert had
        return traits(streams=(*had.streams, replace(had.streams[0], **other)))(release)

    return spoil


def with_file(file: FileFacts) -> Callable[[Release], Release]:
    return lambda release: again(replace(release, files=(*release.files, file)))


def again(release: Release) -> Release:
    """With the torrent of what is in it now."""
    return replace(release, torrent=metainfo(release))


def without(number: int) -> Callable[[Release], Release]:
    def spoil(release: Release) -> Release:
        left = [file for at, file in enumerate(release.files) if at != number]
        return again(replace(release, files=tuple(left)))

    return spoil


def named(name: str) -> Callable[[Release], Release]:
    return lambda release: again(replace(release, name=name))


def refused(rule: Rule) -> Callable[[Release], Release]:
    refusal = Refusal("x.exe", rule, "'x.exe': it is a Windows program")
    return lambda release: replace(release, refusals=(refusal,))


def outer(key: bytes, value: torrent.Value) -> Callable[[Release], Release]:
    return fields(lambda found, _: found.update({key: value}))


def info(key: bytes, value: torrent.Value) -> Callable[[Release], Release]:
    return fields(lambda _, found: found.update({key: value}))


def fields(change: Callable[[Any, Any], None]) -> Callable[[Release], Release]:
    def spoil(release: Release) -> Release:
        assert release.torrent
        found: Any = torrent.decode(release.torrent, len(release.torrent))
        change(found, found[b"info"])
        return replace(release, torrent=torrent.encode(found))

    return spoil


def padded(_: Any, found: Any) -> None:
    found[b"files"].append({b"attr": b"p", b"length": 7, b"path": [b".pad", b"7"]})


def dead(minutes: int) -> tuple[int, ...]:
    windows = lively(90)
    return (*windows[:60], *([100] * minutes * 6), *windows[60 + minutes * 6 :])


CASES = [
    Case("unsafe-file", "movie", refused(Rule.PROGRAM), "Windows program"),
    Case("file-name", "movie", refused(Rule.COLLISION)),
    Case("file-name", "movie", lambda r: replace(r, name="aux"), "Windows device"),
    Case("file-size", "movie", refused(Rule.SIZE)),
    Case("missing-disclosure", "movie", first(told=False)),
    Case("missing-disclosure", "album", first(told=False)),
    Case("missing-disclosure", "book", first(told=False)),
    Case("report-words", "movie", with_file(replace(README, path="a.nfo", text="By ilka  TAMSEN"))),
    Case("report-words", "movie", with_file(replace(README, path="a.nfo", text="有湖里的铬吗"))),
    Case("report-words", "movie", with_file(replace(README, path="b.txt", text="lantern.example"))),
    Case("report-words", "movie", traits(chapters=(Chapter(Fraction(0), "The Lantern"),))),
    Case("report-words", "movie", outer(b"comment", b"Ilka Tamsen")),
    Case("title-word", "movie", named(NAME.replace("Quiet", "Ostrel")), "ostrel"),
    Case("author-metadata", "movie", tag("com.apple.quicktime.make", "Apple"), "make"),
    Case("author-metadata", "movie", tag("creation_time", "2024-05-06T07:08:09Z")),
    Case("author-metadata", "movie", tag("title", "My holiday")),
    Case("author-metadata", "movie", stream(kind="data"), "stream of data"),
    Case("author-metadata", "movie", stream(tags=(("handler_name", "DJI.Subtitle"),)), "DJI"),
    Case(
        "author-metadata",
        "book",
        book(metadata=(("dc:date", "2026-05-31"),)),
    ),
    Case(
        "full-readme",
        "movie",
        with_file(
            replace(
                README,
                path="c.txt",
                text="What flows into Lake Ostrel https://lantern.example/method",
            )
        ),
    ),
    Case("encoder-name", "movie", tag("encoder", "Lavf61")),
    Case("encoder-name", "movie", first(marks=("HandBrake",)), "HandBrake"),
    Case(
        "file-times",
        "movie",
        lambda r: replace(
            r, files=tuple(replace(f, time=at * 86400) for at, f in enumerate(r.files))
        ),
        "2 days",
    ),
    Case("torrent-fields", "movie", outer(b"creation date", 1_700_000_000), "creation date"),
    Case("torrent-fields", "movie", outer(b"created by", b"me")),
    Case("torrent-fields", "movie", info(b"source", b"site")),
    Case("name-form", "movie", named("My film"), "Title.2021"),
    Case("name-form", "album", named("Slow Water, Orrin Vale")),
    Case("name-tokens", "movie", video(width=854, height=480), "720p"),
    Case("name-tokens", "movie", media(audio=None), "no sound"),
    Case("name-tokens", "movie", sound(channels=1, layout="mono"), "AAC2.0"),
    Case("name-tokens", "album", traits(windows=(5_000_000,)), "320 kb/s"),
    Case("name-refused", "movie", first(path="sample.mp4")),
    Case("name-refused", "movie", first(path=f"{'0a1b' * 8}.mp4"), "hash"),
    Case("short-film", "movie", media(duration=Fraction(599)), "599"),
    Case("short-film", "series", media(duration=Fraction(200))),
    Case("length-band", "movie", media(duration=Fraction(40 * 60))),
    Case("length-band", "course", media(duration=Fraction(45 * 60))),
    Case("length-band", "audiobook", media(duration=Fraction(15 * 60))),
    Case("rate-band", "movie", first(size=100 * MIB), "1.1 MiB a minute"),
    Case("rate-band", "audiobook", traits(windows=(100_000_000,)), "222 kb/s"),
    Case("size-band", "book", first(size=60_000_000), "60.00 MB"),
    Case("flat-rate", "movie", traits(windows=(MIB,) * 540)),
    Case("dead-zone", "movie", traits(windows=dead(5)), "from second 600"),
    Case("plain-thumbnail", "movie", first(plain=(10, 50)), "at 10 %, 50 %"),
    Case("padding", "movie", first(noise=Noise(1000, 300, 0.3, 4096)), "300 of 1000"),
    Case("padding", "movie", first(noise=Noise(1000, 0, 7.9, None, 77)), "at byte 77"),
    Case("cover-art", "movie", without(1), "no poster"),
    Case(
        "cover-art",
        "album",
        lambda r: again(replace(r, files=(*r.files[:-1], replace(SQUARE, picture=(1000, 1500))))),
        "no square",
    ),
    Case("cover-art", "album", traits(streams=()), "holds no cover"),
    Case("sound-tags", "album", tag("genre", None), "genre"),
    Case("sound-tags", "album", tag("track", "5/7"), "track 5"),
    Case("sound-tags", "album", tag("title", "Another"), "Another"),
    Case("sound-tags", "album", tag("date", "1999"), "1999"),
    Case("audiobook-marks", "audiobook", tag("media_type", None)),
    Case("audiobook-marks", "audiobook", traits(chapters=())),
    Case("audiobook-marks", "audiobook", tag("major_brand", "M4A ")),
    Case("book-data", "book", first(book=replace(BOOK.book, language=""))),  # type: ignore[type-var]
    Case("book-data", "book", first(book=replace(BOOK.book, author="Somebody"))),  # type: ignore[type-var]
    Case("series-gap", "series", without(1), "1 3"),
    Case("series-gap", "album", without(0), "2 3 4 5 6 7"),
    Case("series-uneven", "series", first(size=400 * MIB)),
    Case("series-uneven", "series", video(rate=Fraction(30)), "30/s"),
    Case("old-device-picture", "movie", video(profile="High 10"), "High 10"),
    Case("old-device-picture", "movie", video(pixel_format="yuv420p10le")),
    Case("old-device-picture", "movie", stream(level=51), "5.1"),
    Case("old-device-picture", "movie", video(rotation=90), "90 degrees"),
    Case("old-device-picture", "movie", video(rate=Fraction(60)), "60"),
    Case("old-device-sound", "movie", sound(profile="HE-AAC"), "HE-AAC"),
    Case("old-device-sound", "movie", sound(sample_rate=96000)),
    Case("old-device-container", "movie", lambda r: again(first(path=f"{NAME}.mkv")(r))),
    Case("torrent-form", "movie", info(b"private", 1), "private"),
    Case("torrent-form", "movie", info(b"piece length", 1_000_000), "power of two"),
    Case("torrent-form", "movie", fields(padded), ".pad"),
    Case("torrent-form", "movie", fields(lambda _, f: f[b"files"].reverse()), "not sorted"),
    Case("torrent-form", "movie", lambda r: replace(r, torrent=b"de!"), "cannot be read"),
    Case("torrent-files", "movie", info(b"name", b"Other"), "Other"),
    Case("torrent-files", "movie", first(size=film().size + MIB), "the torrent says"),
    Case("unreviewed-language", "movie", lambda r: replace(r, reviewed=False)),
    Case("cannot-check", "movie", lambda r: replace(r, report=(), no_report="no seal")),
    Case("cannot-check", "movie", first(told=None)),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.disguise} {case.check}")
def test_each_thing_that_is_wrong_has_its_name(case: Case) -> None:
    found = audit.findings(case.spoil(CLEAN[case.disguise]))

    mine = [one for one in found if one.check == case.check]
    assert mine, found
    assert case.says in mine[0].message
    known = {check.name: check for check in audit.CHECKS}
    for one in found:
        assert (one.group, one.severity) == (known[one.check].group, known[one.check].severity)
        assert one.message.endswith(known[one.check].fix)


FROM_PLANS = {"copied-picture", "thumbnail-shows-report", "no-cover-film"}


def test_every_check_has_a_case() -> None:
    assert {case.check for case in CASES} | FROM_PLANS == set(audit.NAMES)


def test_a_title_in_another_script_contradicts_no_name() -> None:
    burmese = tag("title", "ပြာလဲ့သော နွေဦး")(CLEAN["album"])

    assert audit.findings(burmese) == ()


def test_only_harm_stops_a_release() -> None:
    errors = {check.name for check in audit.CHECKS if check.severity is Severity.ERROR}

    assert errors == {
        "unsafe-file",
        "file-name",
        "file-size",
        "missing-disclosure",
        "report-words",
        "author-metadata",
    }


def test_strict_and_allow_decide_what_stops() -> None:
    spoilt = first(told=False)(replace(CLEAN["movie"], reviewed=False))
    found = audit.findings(spoilt)

    assert [one.check for one in audit.stopping(found, ())] == ["missing-disclosure"]
    assert audit.stopping(found, ["missing-disclosure"]) == ()
    both = ["missing-disclosure", "unreviewed-language"]
    assert [one.check for one in audit.stopping(found, (), strict=True)] == both
    assert audit.stopping(found, both, strict=True) == ()
    note = audit.findings(replace(CLEAN["movie"], report=(), no_report="no seal"))
    assert audit.stopping(note, (), strict=True) == ()


def test_errors_come_first_and_once() -> None:
    found = audit.findings(first(told=False, marks=("HandBrake",))(CLEAN["movie"]))

    assert [one.severity for one in found] == ["error", "warning"]
    assert len(set(found)) == len(found)


def test_one_file_alone_is_not_asked_for_a_folder() -> None:
    alone = Release("", (film(),), "movie")

    assert audit.findings(alone) == ()
