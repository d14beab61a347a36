"""The report comes back out of a sealed book, byte for byte, and out of nothing else."""

from pathlib import Path

import books
import pytest
import sealed

from packager import lone, shelf, unpack, verify
from packager.errors import CannotTell, CheckFailed
from packager.values import Language
from packager.verify import Verdict


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> sealed.Desk:
    return sealed.desk(tmp_path_factory.mktemp("home"))


def sealed_book(folder: Path, desk: sealed.Desk, book: bytes) -> Path:
    plain = folder / "plain.epub"
    plain.write_bytes(book)
    lone.seal_file(plain, None, desk.publisher, desk.daily, date="2026-05-31", serial=1)
    return folder / "plain.sealed.epub"


def written(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.mark.slow
def test_every_language_and_picture_comes_back(tmp_path: Path, desk: sealed.Desk) -> None:
    story = books.told(*Language)
    path = sealed_book(tmp_path, desk, books.bound(story))

    unpacked = unpack.unpack(path, desk.home.pins(), tmp_path / "out")

    assert unpacked.result.verdict is Verdict.GENUINE
    assert written(tmp_path / "out") == {
        **{text.file: text.source.encode() for text in story.report.texts},
        **{path: image.data for path, image in story.pictures.items()},
    }
    assert {path.name for path in unpacked.files} == set(written(tmp_path / "out"))


def test_several_reports_come_back_in_folders(tmp_path: Path, desk: sealed.Desk) -> None:
    path = sealed_book(tmp_path, desk, books.bound(books.told(Language.FA), books.told()))

    unpack.unpack(path, desk.home.pins(), tmp_path / "out")

    assert {"01/report.fa.md", "01/map.png", "02/pipe.jpg"} <= set(written(tmp_path / "out"))


def test_nothing_comes_out_of_an_altered_book(tmp_path: Path, desk: sealed.Desk) -> None:
    path = sealed_book(tmp_path, desk, books.bound(books.told(Language.EN)))
    data = bytearray(path.read_bytes())
    data[data.index(b"OEBPS/Text/a01.xhtml") + 60] ^= 1
    path.write_bytes(data)

    with pytest.raises(CheckFailed, match="not genuine"):
        unpack.unpack(path, desk.home.pins(), tmp_path / "out")
    with pytest.raises(CannotTell):
        unpack.unpack(tmp_path / "plain.epub", desk.home.pins(), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_book_exchanged_after_it_was_judged_is_seen(tmp_path: Path, desk: sealed.Desk) -> None:
    path = sealed_book(tmp_path, desk, books.bound(books.told(Language.EN)))
    seal = unpack.genuine(verify.release(path, desk.home.pins())).seal
    path.write_bytes(books.bound(books.told(Language.RU)))

    with pytest.raises(CheckFailed, match="changed"):
        shelf.sealed_bytes(path, seal)


def test_a_folder_is_opened_by_its_book(tmp_path: Path, desk: sealed.Desk) -> None:
    story = books.told(Language.EN)
    (tmp_path / "Author - Title").mkdir()
    path = sealed_book(tmp_path, desk, books.bound(story))
    path.rename(tmp_path / "Author - Title" / "renamed.epub")

    unpack.unpack(tmp_path / "Author - Title", desk.home.pins(), tmp_path / "out")

    assert written(tmp_path / "out")["report.en.md"] == story.report.main.source.encode()
