"""What ``inspect`` finds in files, and that it says nothing of clean ones."""

from pathlib import Path

import clips
import pytest
from commands import SAMPLE, throwaway
from hypothesis import given
from hypothesis import strategies as st

from packager import inspection, report, traces
from packager.traces import What, marks, tags, writing


@pytest.mark.parametrize(
    ("key", "what"),
    [
        ("GPSLatitude", What.LOCATION),
        ("com.apple.quicktime.location.ISO6709", What.LOCATION),
        ("BodySerialNumber", What.DEVICE),
        ("DateTimeOriginal", What.TIME),
        ("encoder", What.SOFTWARE),
        ("Artist", What.PERSON),
        ("HostComputer", What.COMPUTER),
        ("Zq", What.OTHER),
    ],
)
def test_tags_are_sorted_by_what_they_tell(key: str, what: What) -> None:
    assert [one.what for one in tags.of_tags("here", [(key, "value")])] == [what]


def test_structure_is_no_trace() -> None:
    assert not list(tags.of_tags("here", [("major_brand", "isom"), ("handler_name", "und")]))


def test_signs_that_nobody_sees_are_named_and_counted() -> None:
    text = (
        "---\n# draft of Ivan\nlanguage: en\n---\nA\u200bb \u202eс\u0430t раypal<!-- note -->  \n"
    )
    found = [*writing.of_text(text), *writing.of_markdown(text)]
    values = " ".join(one.value for one in found)
    for part in ("U+200B zero width space, 1 times", "U+202E", "раypal", "draft of Ivan", "note"):
        assert part in values
    assert not list(writing.of_text("Просто текст.\n\n中文　文字。\nPlain text.\n"))


def test_marks_in_addresses_are_named() -> None:
    text = (
        "See [a](https://a.example/?utm_source=x&fbclid=IwAR1&page=2 'a title') and [b].\n\n"
        "<https://youtu.be/abc?si=Zz9>\n\n[b]: https://b.example\n[c]: https://c.example 'x'\n"
    )
    assert writing.followed(text) == ("utm_source=x", "fbclid=IwAR1", "si=Zz9")
    values = [one.value for one in (*writing.of_text(text), *writing.of_markdown(text))]
    assert values == [
        *writing.followed(text),
        "a title",
        "c: https://c.example 'x'",
    ]


def test_letters_that_are_spelt_in_two_ways_are_named() -> None:
    found = {
        one.where: one.value for one in writing.of_text("cafe\u0301 o\ufb00 2\u212a \U0001d41a\n")
    }
    assert found["letters and their marks written apart"] == "1 times"
    assert {"U+FB00", "U+212A", "U+1D41A"} <= set(found["letters that look like others"].split())
    for plain in ("Ёлка й їжак", "میں کتاب\u200cها", "မြန်မာ", "中文，字。", "niño ¿qué?"):
        assert not any("letters" in one.where for one in writing.of_text(plain))


@pytest.mark.parametrize("coding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_marks_are_found_in_any_bytes(coding: str) -> None:
    words = "+55.7558+037.6173/\nC:\\Users\\ivan\\a\n2024-05-06T07:08\nLavf60.3.100"
    data = b"\x01\xff" * 50 + words.encode(coding) + b"\x80" * 50
    found = {one.what for one in marks.of_bytes(lambda at, n: data[at : at + n], len(data))}
    assert found == {What.LOCATION, What.COMPUTER, What.TIME, What.SOFTWARE}


@given(st.binary(max_size=400), st.sampled_from(sorted(traces._WALKS)))
def test_no_bytes_stop_the_walk(data: bytes, kind: str) -> None:
    heads = {"matroska": b"\x1aE\xdf\xa3\x80", "JPEG": b"\xff\xd8\xff\xe1", "GIF": b"GIF89a"}
    whole = heads.get(kind, b"") + data
    for one in traces.of_structure(kind, lambda at, n: whole[at : at + n], len(whole)):
        assert one.value.isprintable()


def test_watermarks_between_letters_are_not_drawn_and_stay_in_the_sealed_text() -> None:
    source = "---\nlanguage: en\ntitle: A\u200b bri\u2063dge\n---\nOne\u200d t\u200ewo\U000e0041.\n"
    text = report.parse({"report.md": source}).main
    assert (text.title, text.body) == ("A bridge", "One two.\n")
    assert text.source == source
    for kept in ("می\u200cخواهم", "မြန်မာ\u200bစာ", "👩\u200d🔬"):
        assert report.seen(kept) == kept


@pytest.mark.slow
def test_a_camera_clip_tells_on_its_owner(tmp_path: Path) -> None:
    found = inspection.inspect(clips.make("plain.mp4", tmp_path))
    values = " ".join(one.value for one in found)
    for planted in (clips.SERIAL, "+55.7558+037.6173", "Ivan Petrov", "Pixel 7 Pro", "Ivan cam"):
        assert planted in values
    assert "x264" in values
    assert {one.path for one in found} == {"plain.mp4"}


@pytest.mark.slow
def test_the_command_goes_through_a_report(tmp_path: Path) -> None:
    command = throwaway(tmp_path / "home")
    done = command("inspect", SAMPLE, "--json")
    assert done.code == 0, done.err
    assert all(set(one) == {"what", "where", "value", "path"} for one in done.facts["findings"])
    assert "sensor" in command("inspect", SAMPLE).out
    assert command("inspect", SAMPLE / "nowhere").code == 2
    (tmp_path / "evil.mp4").write_bytes(b"#EXTM3U\n/etc/hostname\n")
    assert command("inspect", tmp_path / "evil.mp4").code == 4
