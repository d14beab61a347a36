"""The audit's parts by themselves: readers of names and torrents, bands, words, the document."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ideal import CLEAN, film

from packager import audit, torrent
from packager.audit import Release, bands, names, words


@given(st.binary(max_size=300))
def test_any_torrent_is_read_without_falling(data: bytes) -> None:
    found = audit.findings(replace(CLEAN["movie"], torrent=data))

    assert {one.check for one in found} <= {"torrent-form", "torrent-files", "torrent-fields"}


def values() -> st.SearchStrategy[torrent.Value]:
    plain = st.integers(-9, 9) | st.binary(max_size=9)
    keys = st.sampled_from([b"files", b"path", b"length", b"name", b"private", b"file tree", b""])
    return st.recursive(
        plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4)
    )


@given(st.dictionaries(st.sampled_from([b"info", b"x"]), values()))
def test_any_fields_of_a_torrent_are_judged(found: dict[bytes, torrent.Value]) -> None:
    for one in audit.findings(replace(CLEAN["movie"], torrent=torrent.encode(found))):
        assert one.check.startswith("torrent-")


@given(st.text(max_size=60))
def test_any_name_is_read_or_not(name: str) -> None:
    found = names.film_name(name)
    if found:
        assert found.lines in range(100, 10_000)
        assert found.group in name
    names.number(name)
    bands_of = audit.findings(Release(name, (film(f"{name}.mp4"),), "movie"))
    assert all(one.check in audit.NAMES for one in bands_of)


@given(st.integers(2, 2160), st.integers(2, 4096))
def test_every_picture_has_a_class_and_a_band(height: int, width: int) -> None:
    assert bands.size_class(width, height) in bands.RATES["movie"]


def test_bands_are_ordered_and_for_every_kind() -> None:
    assert set(bands.LENGTHS) | {"book"} == set(CLEAN)
    rates = [band for table in bands.RATES.values() for band in table.values()]
    for band in (*rates, *bands.KBPS.values(), *bands.LENGTHS.values()):
        assert band.source
        assert band.most is None or band.least < band.most


@given(st.lists(st.integers(0, 1000), min_size=12, max_size=60))
def test_the_longest_dead_zone_is_found(windows: list[int]) -> None:
    at, length = bands.longest_dead(tuple(windows), 50)

    inside = windows[6:-6]
    runs = "".join("." if one < 50 else "#" for one in inside).split("#")
    assert length == max(map(len, runs))
    assert all(one < 50 for one in windows[at : at + length])


CROPPED = [
    (1080, 1920, 1080, True),
    (1080, 1920, 800, True),
    (1080, 1440, 1080, True),
    (720, 1280, 720, True),
    (720, 1280, 536, True),
    (480, 406, 720, True),
    (720, 406, 720, False),
    (480, 854, 480, True),
    (1080, 1280, 720, False),
    (720, 1920, 1080, False),
    (480, 640, 360, False),
    (720, 854, 480, False),
]


@pytest.mark.parametrize(("lines", "width", "height", "fits"), CROPPED)
def test_cropped_pictures_keep_their_class(
    lines: int,
    width: int,
    height: int,
    fits: bool,  # noqa: FBT001
) -> None:
    assert names.size_fits(lines, width, height) is fits


@given(st.text(max_size=80), st.text(max_size=80))
def test_words_are_found_wherever_they_stand(before: str, after: str) -> None:
    there = words.words(f"{before} Ilka Tamsen {after}")

    assert words.holds(there, ["ilka", "tamsen"])
    assert not words.holds(there, [])


DOCUMENT = (Path(__file__).parents[1] / "docs" / "audit.md").read_text(encoding="utf-8")


def test_the_document_has_the_table_of_the_checks() -> None:
    for one in audit.CHECKS:
        fields = (one.group, one.severity, one.looks_for, one.limit, one.source, one.fix)
        row = " | ".join((f"| `{one.name}`", *map(str, fields))) + " |"
        assert row in DOCUMENT, row
    assert DOCUMENT.count("\n| `") == len(audit.CHECKS)
    named = set(re.findall(r"`([a-z-]+)`", DOCUMENT))
    assert set(audit.NAMES) <= named


def test_the_document_has_the_bands() -> None:
    rated = {
        f"{kind} {lines}p": band for kind, of in bands.RATES.items() for lines, band in of.items()
    }
    others = {"album": bands.ALBUM, "book": bands.BOOK}
    every = (*rated.items(), *bands.KBPS.items(), *bands.LENGTHS.items(), *others.items())
    for kind, band in every:
        most = f"{band.most:g}" if band.most else "-"
        ends = f" | {band.least:g} | {most} | {band.source} |"
        row = rf"\| {re.escape(kind)} \| [^|]+{re.escape(ends)}"
        assert re.search(row, DOCUMENT), kind
