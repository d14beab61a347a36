"""Facts of finished files: entropy of what plays, names of encoders, books, places."""

import io
import os
import random
import subprocess
import zipfile
from pathlib import Path

import imageio_ffmpeg
import pytest
from PIL import Image
from sealed import book_bytes, media_bytes

from packager import container, evidence, render, speech
from packager.audit.noise import BLOCK
from packager.container import mkv, mp4
from packager.errors import InputRefused
from packager.evidence import blocks, books, card, hearing, pictures
from packager.evidence.likeness import correlation
from packager.values import Language

NOISE = random.Random(7).randbytes


def boxed(payload: bytes) -> bytes:
    """An MP4 of nothing but its frame, with ``payload`` where picture and sound stand."""
    head = (24).to_bytes(4, "big") + b"ftypisom" + bytes(4) + b"isommp41"
    table = (8 + 300_000).to_bytes(4, "big") + b"free" + bytes(300_000)
    return head + table + (len(payload) + 8).to_bytes(4, "big") + b"mdat" + payload


def clustered(payloads: list[bytes]) -> bytes:
    """A Matroska file of clusters and a large Void."""
    clusters = b"".join(
        bytes.fromhex("1f43b675") + (1 << 56 | len(one)).to_bytes(8, "big") + one
        for one in payloads
    )
    void = mkv.header(100_000) + bytes(100_000)
    body = void + clusters + void
    ebml = bytes.fromhex("1a45dfa3 84 42828174")[:9]
    return ebml + mkv.SEGMENT + (1 << 56 | len(body)).to_bytes(8, "big") + body


def looked(path: Path, data: bytes) -> tuple[int, int, int | None, int | None]:
    path.write_bytes(data)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        found = blocks.noise(descriptor, len(data))
    finally:
        os.close(descriptor)
    assert found
    return found.blocks, found.dull, found.first, found.run


def test_what_plays_is_measured_and_nothing_else(tmp_path: Path) -> None:
    lively = NOISE(10 * BLOCK)

    assert looked(tmp_path / "a", boxed(lively)) == (10, 0, None, None)
    assert looked(tmp_path / "b", clustered([lively[:100_000], lively[100_000:]])) == (
        10,
        0,
        None,
        None,
    )


def test_filler_is_found_where_it_stands(tmp_path: Path) -> None:
    data = boxed(NOISE(70 * BLOCK) + b"filler" * BLOCK + NOISE(BLOCK))
    start = data.index(b"fillerfiller")

    found = looked(tmp_path / "a", data)

    assert found[:2] == (77, 6)
    assert found[2] is not None
    assert start - BLOCK < found[2] < start + BLOCK


def test_a_run_of_one_byte_is_found_even_in_a_lively_block(tmp_path: Path) -> None:
    data = boxed(NOISE(BLOCK) + NOISE(1000) + bytes(5000) + NOISE(BLOCK))

    run = looked(tmp_path / "a", data)[3]

    assert run is not None
    assert data[run : run + 4096] == bytes(4096)
    other = boxed(NOISE(BLOCK) + b"\x55" * 60_000 + NOISE(BLOCK))
    assert looked(tmp_path / "b", other)[3] is not None


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["mkv", "mp4", "m4b"])
def test_real_files_carry_something_everywhere(tmp_path: Path, suffix: str) -> None:
    data = media_bytes(suffix, 8)
    found = looked(tmp_path / "a", data) if len(data) > 2 * BLOCK else (1, 0, None, None)

    assert found[1] == 0


def test_names_of_encoders_are_found_at_both_ends(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"Lavf61.1.100\0" + NOISE(20_000_000) + b"x264 - core 164" + b"Lavf61.1.100")
    with path.open("rb") as file:
        found = blocks.marks(file.fileno(), path.stat().st_size)

    assert found == ("Lavf61.1.100", "x264 - core 164")


def test_a_book_says_what_its_package_says(tmp_path: Path) -> None:
    (tmp_path / "a.epub").write_bytes(book_bytes())

    book = books.read(tmp_path / "a.epub")

    assert (book.title, book.author, book.language) == ("A Walk", "", "en")
    assert "It rained until noon." in book.opening
    assert book.contents == ("A Walk",)
    assert ("dcterms:modified", "2020-01-01T00:00:00Z") in book.metadata
    assert not book.cover


def test_a_book_that_is_none_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
    for data in (b"", b"PK", out.getvalue(), book_bytes()[:-30]):
        (tmp_path / "a.epub").write_bytes(data)
        with pytest.raises(InputRefused):
            books.read(tmp_path / "a.epub")


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_the_size_of_a_picture_is_read(kind: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (321, 123)).save(out, kind)

    assert pictures.size(out.getvalue()) == (321, 123)
    with pytest.raises(InputRefused):
        pictures.size(out.getvalue()[:15])


def test_a_path_means_the_release_around_it(tmp_path: Path) -> None:
    output = tmp_path / "Name"
    (output / "Name").mkdir(parents=True)
    (output / "Name.torrent").write_bytes(b"")
    whole = evidence.Place(output / "Name", output / "Name.torrent")

    assert evidence.place(output) == whole
    assert evidence.place(output / "Name") == whole
    assert evidence.place(output / "Name.torrent") == whole
    (output / "film.mp4").write_bytes(b"")
    assert evidence.place(output / "film.mp4") == evidence.Place(output / "film.mp4", None)
    (tmp_path / "Other.torrent").write_bytes(b"")
    assert evidence.place(tmp_path / "Other.torrent").folder is None


def test_every_language_is_tried_for_the_notice_of_a_book() -> None:
    notices = [render.notice(language) for language in Language]
    burmese = render.notice(Language.MY)

    assert card.said("  \n ".join(burmese.card_lines), notices)
    assert not card.said(burmese.card_title, notices)


def test_kinds_of_containers_are_all_looked_into() -> None:
    assert set(container.Kind) == {"mkv", "mp4", "mp3", "epub"}, "blocks knows where each plays"
    assert mp4.MAGIC


def test_a_page_is_plain_and_a_picture_is_not() -> None:
    page = bytes([20] * 45_000 + [230] * 9_000 + list(range(256)) * 14)

    assert card.is_plain(page)
    assert not card.is_plain(NOISE(57_600))
    assert card.plain([page, NOISE(57_600), page]) == (10, 50)


def test_cards_of_two_languages_are_told_apart() -> None:
    one, two = NOISE(57_600), NOISE(57_600)

    assert card.alike(one, one)
    assert not card.alike(one, two)
    assert correlation(one, bytes(57_600)) == 0


@pytest.mark.slow
@pytest.mark.tool
@pytest.mark.parametrize(("suffix", "coder"), [("mp3", "libmp3lame"), ("m4b", "aac")])
def test_a_notice_is_heard_and_nothing_else(tmp_path: Path, suffix: str, coder: str) -> None:
    notice = render.notice(Language.UK)
    told = (notice.opening("album"), *notice.card_lines, "І далі про озеро.")
    other = (*notice.check_spoken, *notice.pass_on_lines)

    for words, expected in ((told, True), (other, False)):
        said = speech.speak(words, Language.UK, tmp_path, f"said {expected}")
        path = tmp_path / f"track.{suffix}"
        line = (imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-i", said.path)
        louder = ("-af", "volume=-6dB", "-ar", "44100", "-ac", "2", "-c:a", coder, path)
        subprocess.run([*line, *louder], check=True)
        assert hearing.tells(path, (Language.UK,), tmp_path) is expected
