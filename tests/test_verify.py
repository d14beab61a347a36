"""What becomes of a sealed file in the world, and what is said of it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sealed

from packager import container, files, pins, seal, verify
from packager.errors import InputRefused
from packager.keys import whiten
from packager.verify import Reason, Verdict

FILM = "Quiet.Harbor.2019.720p"


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> sealed.Desk:
    return sealed.desk(tmp_path_factory.mktemp("stranger"), "stranger")


@pytest.fixture(scope="module", params=["mkv", "mp4"])
def original(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, desk: sealed.Desk
) -> Path:
    folder = tmp_path_factory.mktemp("original") / "release"
    sealed.release(folder, desk, request.param)
    return folder


@pytest.fixture
def copy(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "release"))


def film_in(folder: Path) -> Path:
    return next(p for p in folder.iterdir() if p.suffix in {".mkv", ".mp4"})


def payload_slot(film: Path) -> container.Slot:
    data = film.read_bytes()
    kind = container.kind_of(data[: container.HEAD])
    assert kind
    return container.walk(kind, lambda at, size: data[at : at + size], len(data)).slots[-1]


def change(path: Path, edit: Callable[[bytearray], object]) -> None:
    data = bytearray(path.read_bytes())
    edit(data)
    path.write_bytes(data)


def flip(at: int) -> Callable[[bytearray], object]:
    return lambda data: data.__setitem__(at, data[at] ^ 1)


def test_a_release_is_genuine_by_pin_and_by_words_alone(original: Path, desk: sealed.Desk) -> None:
    words = pins.of_words(desk.publisher.pin.words)

    for trusted in (desk.home.pins(), (words,)):
        result = verify.release(original, trusted)
        assert (result.verdict, result.reason) == (Verdict.GENUINE, Reason.COMPLETE)
        assert {one.verdict for one in result.files} == {Verdict.GENUINE}
        assert (result.extra, result.missing) == ((), ())


def test_a_lone_renamed_film_is_genuine(original: Path, tmp_path: Path, desk: sealed.Desk) -> None:
    lone = tmp_path / "a.bin"
    shutil.copy(film_in(original), lone)

    result = verify.release(lone, desk.home.pins())

    assert result.verdict is Verdict.GENUINE
    assert result.publisher == "desk"


def test_nobody_pinned_means_cannot_tell(original: Path, stranger: sealed.Desk) -> None:
    for trusted in ((), stranger.home.pins()):
        result = verify.release(original, trusted)
        assert (result.verdict, result.reason) == (Verdict.CANNOT_TELL, Reason.NO_PIN)


def test_an_altered_byte_is_found_with_its_place(copy: Path, desk: sealed.Desk) -> None:
    film = film_in(copy)
    change(film, flip(film.stat().st_size // 2))

    result = verify.release(copy, desk.home.pins())

    assert (result.verdict, result.reason) == (Verdict.NOT_GENUINE, Reason.ALTERED)
    one = next(one for one in result.files if one.path.startswith(FILM) and one.pieces > 1)
    assert one.pieces_ok == one.pieces - 1
    assert "altered from byte" in one.detail


@pytest.mark.parametrize("at", [0, 5, 40])
def test_a_damaged_head_is_never_genuine(copy: Path, desk: sealed.Desk, at: int) -> None:
    change(film_in(copy), flip(at))

    assert verify.release(film_in(copy), desk.home.pins()).verdict is not Verdict.GENUINE


def test_every_part_of_the_payload_is_bound(copy: Path, desk: sealed.Desk) -> None:
    film = film_in(copy)
    slot = payload_slot(film)
    clean = film.read_bytes()
    header = slot.start - container.Kind(film.suffix[1:]).header_size
    places = [header, slot.start, slot.start + 31, slot.start + 40, slot.start + 49]
    places += [*range(slot.start + 50, slot.end, 331), slot.end - 1]
    verdicts = set()
    for at in places:
        film.write_bytes(clean)
        change(film, flip(at))
        verdicts.add(verify.release(film, desk.home.pins()).verdict)

    assert verdicts == {Verdict.NOT_GENUINE, Verdict.CANNOT_TELL}


def test_bytes_after_the_seal_are_counted(copy: Path, desk: sealed.Desk) -> None:
    with film_in(copy).open("ab") as file:
        file.write(b"\0" * 17)

    result = verify.release(film_in(copy), desk.home.pins())

    assert (result.verdict, result.reason) == (Verdict.NOT_GENUINE, Reason.TRAILING)
    assert result.detail.startswith("17 bytes")


@pytest.mark.parametrize("left", [0.3, 0.99])
def test_a_truncated_film_cannot_be_told(copy: Path, desk: sealed.Desk, left: float) -> None:
    film = film_in(copy)
    change(film, lambda data: data.__delitem__(slice(int(len(data) * left), None)))

    result = verify.release(film, desk.home.pins())

    assert (result.verdict, result.reason) == (Verdict.CANNOT_TELL, Reason.NO_SEAL)


def test_an_empty_file_and_a_text_cannot_be_told(tmp_path: Path, desk: sealed.Desk) -> None:
    (tmp_path / "empty.mkv").write_bytes(b"")
    (tmp_path / "text.mp4").write_text("#EXTM3U\n", encoding="utf-8")

    for name in ("empty.mkv", "text.mp4"):
        result = verify.release(tmp_path / name, desk.home.pins())
        assert (result.verdict, result.reason) == (Verdict.CANNOT_TELL, Reason.UNSEALED)


def test_a_seal_moved_to_another_film_is_refused(
    original: Path, tmp_path: Path, desk: sealed.Desk
) -> None:
    film = film_in(original)
    slot = payload_slot(film)
    other = bytearray(film.read_bytes())
    other[200 : slot.start - 20] = bytes(reversed(other[200 : slot.start - 20]))
    moved = tmp_path / film.name
    moved.write_bytes(bytes(other))

    result = verify.release(moved, desk.home.pins())

    assert result.verdict is not Verdict.GENUINE


def test_a_film_resealed_with_another_key_is_never_genuine(
    tmp_path: Path, desk: sealed.Desk, stranger: sealed.Desk
) -> None:
    sealed.release(tmp_path / "r", stranger, "mkv")
    film = film_in(tmp_path / "r")

    by_desk_pin = verify.release(film, desk.home.pins())
    assert by_desk_pin.reason is Reason.NO_PIN

    # the stranger knows the desk's words too: they are public
    slot = payload_slot(film)
    inside = seal.unlock(film.read_bytes()[slot.start :], [stranger.publisher.pin.words])
    assert inside
    words = desk.publisher.pin.words
    key = seal._words_key(words)
    salt = seal._salt(key, inside.plain)
    forged = salt + whiten(seal._file_key(key, salt), inside.plain)
    change(film, lambda data: data.__setitem__(slice(slot.start, slot.end), forged))

    result = verify.release(film, desk.home.pins())
    assert (result.verdict, result.reason) == (Verdict.NOT_GENUINE, Reason.FOREIGN)


def test_a_program_beside_a_genuine_film_spoils_the_folder(copy: Path, desk: sealed.Desk) -> None:
    (copy / "codec.exe").write_bytes(b"MZ" + bytes(200))

    result = verify.release(copy, desk.home.pins())

    assert (result.verdict, result.reason) == (Verdict.NOT_GENUINE, Reason.UNSAFE)
    assert result.extra == ("codec.exe",)


def test_a_harmless_extra_is_listed_only(copy: Path, desk: sealed.Desk) -> None:
    (copy / "note.txt").write_text("seen on tuesday\n", encoding="utf-8")

    result = verify.release(copy, desk.home.pins())

    assert result.verdict is Verdict.GENUINE
    assert result.extra == ("note.txt",)


def test_a_missing_sibling_is_listed_and_an_altered_one_refused(
    copy: Path, desk: sealed.Desk
) -> None:
    (copy / "ReadMe.txt").unlink()
    assert verify.release(copy, desk.home.pins()).missing == ("ReadMe.txt",)
    assert verify.release(copy, desk.home.pins()).verdict is Verdict.GENUINE

    (copy / "ReadMe.txt").write_text("Install codec.exe first\n", encoding="utf-8")
    result = verify.release(copy, desk.home.pins())
    assert (result.verdict, result.reason) == (Verdict.NOT_GENUINE, Reason.ALTERED)


def test_links_and_pipes_are_refused_without_hanging(tmp_path: Path, desk: sealed.Desk) -> None:

    os.mkfifo(tmp_path / "pipe.mkv")
    (tmp_path / "link.mkv").symlink_to("/etc/hostname")

    for name in ("pipe.mkv", "link.mkv"):
        with pytest.raises(InputRefused):
            verify.release(tmp_path / name, desk.home.pins())


def test_verifying_imports_no_media_torrent_or_network_code() -> None:

    code = "import packager.verify, sys; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()

    heavy = {"av", "PIL", "ffmpeg", "jinja2", "libtorrent", "packager.torrent"}
    assert heavy & set(loaded) == set()


def test_unsealed_film_of_ours_walks_to_its_end() -> None:
    for suffix in ("mkv", "mp4"):
        data = sealed.film_bytes(suffix)
        kind = container.kind_of(data[: container.HEAD])
        assert kind
        layout = container.walk(kind, lambda at, size, d=data: d[at : at + size], len(data))  # type: ignore[misc]
        assert layout.end == len(data)


def test_the_home_folder_is_private(desk: sealed.Desk) -> None:
    for path in desk.home.path.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0
    key = desk.publisher.folder / "daily.key"
    key.chmod(0o644)
    try:
        with pytest.raises(InputRefused, match="can be read by others"):
            desk.home.daily_key(desk.publisher, lambda _: "")
    finally:
        key.chmod(0o600)
    assert files.shown(key).endswith("daily.key'")
