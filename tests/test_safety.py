"""What may travel: real files pass, and each hostile sample has exactly one defect."""

import io
import subprocess
import zipfile
from pathlib import Path

import imageio_ffmpeg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from packager import safety
from packager.safety import Rule

SRT = b"1\n00:00:01,000 --> 00:00:02,000\nHello.\n"
BOM = b"\xef\xbb\xbf"


def rules(path: str, data: bytes, *, tail: bool = True) -> list[Rule]:
    end = data[-safety.TAIL :] if tail else b""
    found = safety.problems(path, len(data), data[: safety.HEAD], end)
    return [refusal.rule for refusal in found]


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, kind)
    return out.getvalue()


def zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, data)
    return out.getvalue()


JPEG, PNG = picture("JPEG"), picture("PNG")
EPUB = zipped("mimetype", b"application/epub+zip")
ZIP = zipped("a.exe", b"MZ")


@pytest.mark.tool
@pytest.mark.parametrize("suffix", ["mp4", "mkv", "m4a", "m4b", "mp3"])
def test_real_media_pass(tmp_path: Path, suffix: str) -> None:
    film = tmp_path / f"The.Long.Way.2021.720p.x264-GRP.{suffix}"
    picture = ["-f", "lavfi", "-i", "color=s=64x36:d=0.2"] if suffix in {"mp4", "mkv"} else []
    muxer = ["-f", "ipod"] if suffix in {"m4a", "m4b"} else []
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", *picture,
        "-f", "lavfi", "-i", "sine=d=0.2", *muxer, str(film),
    ]  # fmt: skip
    subprocess.run(command, check=True, timeout=60)
    assert rules(film.name, film.read_bytes()) == []


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("Poster.jpg", JPEG),
        ("Poster.JPG", JPEG),
        ("Art/poster.png", PNG),
        ("book.epub", EPUB),
        ("Subs/film.en.srt", SRT),
        ("Subs/film.fa.srt", BOM + SRT.replace(b"\n", b"\r\n")),
        ("film.vtt", b"WEBVTT\n\n" + SRT),
        ("ReadMe.txt", "Ελλάς, Україна, می‌روم".encode()),
        ("The.Long.Way.2021.720p.nfo", b"Title: The Long Way\n\tYear: 2021\n"),
        ("book.fb2", b"<?xml version='1.0'?>\n<FictionBook xmlns='x'></FictionBook>"),
        ("frame.mp3", b"\xff\xfb\x90\x64" + bytes(100)),
        ("Mr. Smith.txt", b"x"),
        ("big.txt", b"x" * safety.MAX_TEXT),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_allowed(path: str, data: bytes) -> None:
    assert rules(path, data) == []


@pytest.mark.parametrize(
    ("path", "data", "rule"),
    [
        ("../film.srt", SRT, Rule.NAME),
        ("/film.srt", SRT, Rule.NAME),
        (".hidden.srt", SRT, Rule.NAME),
        ("film\u202etrs.srt", SRT, Rule.NAME),
        ("nul.srt", SRT, Rule.NAME),
        ("a /film.srt", SRT, Rule.NAME),
        ("a/" * 99 + "film.srt", SRT, Rule.NAME),
        ("film.srt.txt", b"x", Rule.DOUBLE_SUFFIX),
        ("photo.jpg.png", PNG, Rule.DOUBLE_SUFFIX),
        ("photo.exe.png", PNG, Rule.DOUBLE_SUFFIX),
        ("photo.exe .png", PNG, Rule.DOUBLE_SUFFIX),
        ("huge.txt", b"x" * (safety.MAX_TEXT + 1), Rule.SIZE),
        ("poster.jpg", b"", Rule.CONTENT),
        ("poster.jpg", PNG, Rule.CONTENT),
        ("poster.png", JPEG, Rule.CONTENT),
        ("film.mkv", b"\x1aE\xdf\xa3\x9fB\x82\x84webm" + bytes(100), Rule.CONTENT),
        ("film.mp4", b"\0\0\0\x14ftypqt  " + bytes(100), Rule.CONTENT),
        ("film.mp4", bytes(100), Rule.CONTENT),
        ("song.mp3", b"OggS" + bytes(100), Rule.CONTENT),
        ("film.srt", b"hello", Rule.CONTENT),
        ("film.vtt", b"hello", Rule.CONTENT),
        ("book.fb2", b"<?xml version='1.0'?><x/>", Rule.CONTENT),
        ("book.fb2", b"<FictionBook><!ENTITY x 'y'></FictionBook>", Rule.CONTENT),
        ("book.fb2", b"<FictionBook><?xml-stylesheet href='x'?></FictionBook>", Rule.CONTENT),
        ("film.mp4", b"MZ" + bytes(100), Rule.PROGRAM),
        ("film.mkv", b"\x7fELF" + bytes(100), Rule.PROGRAM),
        ("song.mp3", b"\xcf\xfa\xed\xfe" + bytes(100), Rule.PROGRAM),
        ("film.mkv", b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(100), Rule.PROGRAM),
        ("film.mkv", b"Rar!\x1a\x07\x00" + bytes(100), Rule.PROGRAM),
        ("film.mkv", b"7z\xbc\xaf\x27\x1c" + bytes(100), Rule.PROGRAM),
        ("film.mkv", ZIP, Rule.PROGRAM),
        ("poster.jpg", b"%PDF-1.7\n", Rule.PROGRAM),
        ("readme.txt", b"#!/bin/sh\nrm -rf ~\n", Rule.PROGRAM),
        ("readme.txt", BOM + b"<!DOCTYPE html><p>", Rule.PROGRAM),
        ("readme.txt", b"\n <HTML>", Rule.PROGRAM),
        ("readme.txt", b"hello <ScRipt>alert(1)</script>", Rule.PROGRAM),
        ("readme.txt", b"[InternetShortcut]\nURL=http://a/", Rule.PROGRAM),
        ("readme.txt", b"[Desktop Entry]\nExec=sh", Rule.PROGRAM),
        ("readme.txt", b"{\\rtf1 x}", Rule.PROGRAM),
        ("film.srt", b"[Script Info]\nTitle: x", Rule.PROGRAM),
        ("readme.txt", b"na\xefve", Rule.TEXT),
        ("readme.txt", b"a\x00b", Rule.TEXT),
        ("readme.txt", b"\x1b]0;title\x07", Rule.TEXT),
        ("readme.txt", "a\x9b31m".encode(), Rule.TEXT),
        ("readme.txt", "a\u202eb".encode(), Rule.TEXT),
        ("readme.txt", "a\u2066b".encode(), Rule.TEXT),
        ("readme.txt", "a\ufeffb".encode(), Rule.TEXT),
        ("film.srt", SRT + b"\x08", Rule.TEXT),
        ("poster.jpg", JPEG + b"x", Rule.TRAILING),
        ("poster.png", PNG + b"x", Rule.TRAILING),
        ("song.mp3", b"ID3\x04\x00" + bytes(100) + ZIP, Rule.TRAILING),
        ("song.mp3", b"ID3\x03\x00" + bytes(100) + ZIP[:-2] + b"\x01\x00x", Rule.TRAILING),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_one_defect(path: str, data: bytes, rule: Rule) -> None:
    assert rules(path, data) == [rule]


@pytest.mark.parametrize(
    "name",
    "codec.exe setup.msi run.sh film.avi book.pdf a.html a.svg a.zip a.lnk a.ass a.url a.webm "
    "a.py noext a.srt~ autorun.inf a.m3u a.torrent".split(),
)
def test_type_not_allowed(name: str) -> None:
    assert rules(name, b"anything") == [Rule.TYPE]


def test_several_rules_at_once() -> None:
    found = rules("film.mp4.exe", b"MZ" + bytes(100))
    assert set(found) == {Rule.TYPE, Rule.DOUBLE_SUFFIX, Rule.PROGRAM}


def test_files_too_large_for_a_usb_stick() -> None:
    head = b"\0\0\0\x14ftypisom"
    assert safety.problems("film.mp4", 2**32 - 1, head, bytes(9)) == ()
    (refusal,) = safety.problems("film.mp4", 2**32, head, bytes(9))
    assert refusal.rule is Rule.SIZE
    assert "FAT32" in refusal.message


def test_a_text_not_seen_whole_is_refused() -> None:
    (refusal,) = safety.problems("a.txt", 100, b"only this", b"")
    assert refusal.message == "'a.txt': only a part of this text was looked at"


def test_an_end_not_given_is_not_judged() -> None:
    data = b"ID3\x04\x00" + bytes(100) + ZIP
    assert safety.problems("song.mp3", len(data), data[:50], b"") == ()


def test_messages_cannot_steer_a_terminal() -> None:
    (name, kind) = safety.problems("\x1b[2J.exe", 5, b"aaaaa", b"")
    assert "\x1b" not in name.message + name.path + kind.message
    assert name.rule is Rule.NAME


def test_folder_rules() -> None:
    assert safety.folder_problems(["a.txt", "Sub/a.txt", "b.txt"]) == ()
    (refusal,) = safety.folder_problems(["Film.srt", "b.txt", "film.SRT"])
    assert (refusal.rule, refusal.path) == (Rule.COLLISION, "film.SRT")
    (refusal,) = safety.folder_problems([f"{n}.txt" for n in range(safety.MAX_FILES + 1)])
    assert refusal.rule is Rule.COUNT


@given(st.binary(max_size=60), st.sampled_from(sorted(safety.ALLOWED)))
def test_any_bytes_get_an_answer(data: bytes, suffix: str) -> None:
    rules(f"film{suffix}", data)


@given(st.text(max_size=30), st.binary(max_size=10))
def test_any_name_gets_an_answer(name: str, data: bytes) -> None:
    rules(name, data)
